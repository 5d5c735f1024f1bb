//! 机构名单: the seats of a plan's bodies and whoever stood in them on any day. The document names the first; each later
//! one, and each vacancy, is a step on record. A step that was wrong is taken back by another, and both stay.

use chrono::NaiveDate;

use crate::entry::units_with_posts;
use crate::plan::Plan;
use crate::plan::body::{Answers, Body, Member};
use crate::region::RegionId;

/// What happens to a seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Somebody takes it over.
    Take,
    /// Nobody is in it.
    Vacate,
    /// The step before is taken back.
    Withdraw,
}

impl Act {
    pub const ALL: [Act; 3] = [Act::Take, Act::Vacate, Act::Withdraw];

    pub fn id(self) -> &'static str {
        match self {
            Act::Take => "take",
            Act::Vacate => "vacate",
            Act::Withdraw => "withdraw",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|act| act.id() == text)
    }

    pub fn name(self) -> &'static str {
        match self {
            Act::Take => "登记接任",
            Act::Vacate => "登记空缺",
            Act::Withdraw => "撤销最近一次登记",
        }
    }
}

/// One step of a seat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its id in the plan.
    pub body: String,
    /// [`Member::seat`].
    pub seat: String,
    /// From 1 in each seat.
    pub version: i64,
    pub act: Act,
    /// With [`Act::Take`] one of both at least.
    pub name: Option<String>,
    pub title: Option<String>,
    /// Not with [`Act::Withdraw`].
    pub since: Option<NaiveDate>,
    /// The document that says so, or the reason.
    pub words: String,
    /// UTC milliseconds.
    pub at: i64,
    pub actor: String,
}

/// Whoever stands in a seat; nobody, where neither name nor title is known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Holder {
    pub name: Option<String>,
    pub title: Option<String>,
    /// `None`: from the document on.
    pub since: Option<NaiveDate>,
    /// The document that says so, or the reason; empty for the plan's own document.
    pub words: String,
    /// Who wrote it down; nobody, where it is the plan's own document.
    pub by: Option<(String, i64)>,
}

impl Holder {
    pub fn is_vacant(&self) -> bool {
        self.name.is_none() && self.title.is_none()
    }

    /// 林中麟，市政府副市长.
    pub fn text(&self) -> String {
        let parts: Vec<&str> = [&self.name, &self.title].into_iter().flatten().map(String::as_str).collect();
        if parts.is_empty() { "空缺".to_owned() } else { parts.join("，") }
    }
}

/// A seat with all that is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seat {
    /// [`Member::seat`].
    pub key: String,
    pub role: String,
    /// The unit for which its holder answers.
    pub unit: Option<RegionId>,
    /// Oldest first; the first is the document's.
    pub holders: Vec<Holder>,
    /// How many steps it has: what a form had seen.
    pub version: i64,
}

impl Seat {
    fn of(member: &Member, unit: Option<&str>) -> Self {
        let first = Holder { name: member.name.clone(), title: member.title.clone(), ..Holder::default() };
        let (key, role) = (member.seat(unit), member.role.clone());
        Self { key, role, unit: unit.map(str::to_owned), holders: vec![first], version: 0 }
    }

    /// Takes a step in.
    fn take(&mut self, step: &Step) {
        self.version = step.version;
        match step.act {
            // What the document says is not taken back.
            Act::Withdraw if self.holders.len() > 1 => drop(self.holders.pop()),
            Act::Withdraw => {}
            Act::Take | Act::Vacate => self.holders.push(Holder {
                name: step.name.clone(),
                title: step.title.clone(),
                since: step.since,
                words: step.words.clone(),
                by: Some((step.actor.clone(), step.at)),
            }),
        }
    }

    fn place(&self, day: NaiveDate) -> usize {
        self.holders.iter().rposition(|holder| holder.since.is_none_or(|since| since <= day)).unwrap_or(0)
    }

    /// Whoever stood there at the end of a day; before the first change whoever the document names.
    pub fn on(&self, day: NaiveDate) -> &Holder {
        &self.holders[self.place(day)]
    }

    /// Whoever stood there before him, the last one first, each with the day on which the next one came.
    pub fn before(&self, day: NaiveDate) -> impl Iterator<Item = (&Holder, Option<NaiveDate>)> {
        let place = self.place(day);
        (0..place).rev().map(|at| (&self.holders[at], self.holders[at + 1].since))
    }

    /// The newest one.
    pub fn last(&self) -> &Holder {
        self.holders.last().unwrap_or(&self.holders[0])
    }
}

/// The seats of a body in the document's order, one in every unit where it says so, with what was recorded of each.
pub fn seats(plan: &Plan, body: &Body, steps: &[Step]) -> Vec<Seat> {
    let mut seats = Vec::new();
    for member in &body.members {
        match &member.answers {
            None => seats.push(Seat::of(member, None)),
            Some(Answers::For(unit)) => seats.push(Seat::of(member, Some(unit))),
            Some(Answers::Each) => {
                seats.extend(units_with_posts(plan).iter().map(|(unit, _)| Seat::of(member, Some(unit))));
            }
        }
    }
    for step in steps.iter().filter(|step| step.body == body.id) {
        if let Some(seat) = seats.iter_mut().find(|seat| seat.key == step.seat) {
            seat.take(step);
        }
    }
    seats
}

/// Every body with its seats.
pub fn all<'p>(plan: &'p Plan, steps: &[Step]) -> Vec<(&'p Body, Vec<Seat>)> {
    plan.policies.bodies.iter().map(|body| (body, seats(plan, body, steps))).collect()
}

/// What was recorded of seats that the plan no longer has: a later version names somebody else there.
pub fn without_seat<'s>(plan: &Plan, steps: &'s [Step]) -> Vec<&'s Step> {
    let known = all(plan, &[]);
    let has = |step: &&Step| {
        known.iter().any(|(body, seats)| body.id == step.body && seats.iter().any(|seat| seat.key == step.seat))
    };
    steps.iter().filter(|step| !has(step)).collect()
}

/// Who answers for a unit on a day: the body, the seat's role, and whoever stands there.
pub fn answering<'p>(plan: &'p Plan, steps: &[Step], unit: &str, day: NaiveDate) -> Vec<(&'p Body, String, Holder)> {
    let each = all(plan, steps).into_iter().flat_map(|(body, seats)| {
        let own = seats.into_iter().filter(|seat| seat.unit.as_deref() == Some(unit));
        own.map(|seat| (body, seat.role.clone(), seat.on(day).clone())).collect::<Vec<_>>()
    });
    each.collect()
}
