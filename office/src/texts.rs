//! The units' texts of a period: what they handed in, and what the office picked of it for the bulletin.

use domain::bulletin::texts::Picked;
use domain::entry::{TextBox, Topic};
use domain::plan::Plan;

use crate::facts::TextPick;

/// What one unit wrote in one box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandedIn {
    pub unit: String,
    pub unit_name: String,
    pub text: TextBox,
    pub words: String,
}

impl HandedIn {
    /// As a bulletin carries it.
    pub fn as_picked(&self, plan: &Plan) -> Picked {
        let names = (self.unit.as_str(), self.unit_name.as_str());
        picked(plan, names, (self.text.goal.as_deref(), self.text.topic), self.words.clone(), false)
    }
}

fn picked(
    plan: &Plan,
    (unit, name): (&str, &str),
    (goal, topic): (Option<&str>, Topic),
    words: String,
    edited: bool,
) -> Picked {
    let of = goal.and_then(|goal| plan.goal(goal));
    Picked {
        unit: unit.to_owned(),
        unit_name: name.to_owned(),
        goal: goal.map(str::to_owned),
        goal_name: of.map(|goal| goal.name.clone()),
        section: of.and_then(|goal| goal.meaning.section.clone()),
        topic: topic.name().to_owned(),
        words,
        edited,
    }
}

/// What stands in the bulletin, in the order of the plan's goals, of the kinds of text and of the units.
pub fn in_bulletin(plan: &Plan, picks: &[TextPick]) -> Vec<Picked> {
    let units = domain::entry::units_with_posts(plan);
    let mut standing: Vec<&TextPick> = picks.iter().filter(|pick| pick.stands()).collect();
    standing.sort_by_key(|pick| {
        let goal = pick.goal.as_ref().map(|goal| plan.goals.iter().position(|known| known.id == *goal));
        (goal, pick.topic, units.iter().position(|(id, _)| *id == pick.unit), pick.number)
    });
    let made = standing.into_iter().map(|pick| {
        let name = units.iter().find(|(id, _)| *id == pick.unit).map_or(&pick.unit, |(_, name)| name);
        let edited = pick.is_edited();
        picked(plan, (&pick.unit, name), (pick.goal.as_deref(), pick.topic), pick.words.clone(), edited)
    });
    made.collect()
}
