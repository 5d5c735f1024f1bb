//! How a goal's figures are printed: on pages, on paper, in sentences.

use super::{GoalRow, Overview, Quantity, Verdict};
use crate::plan::Direction;
use crate::plan::meaning::AverageBy;
use crate::rate::{Rate, big_percent_beside};
use crate::shown::Shown;
use crate::standing::Lamp;

impl Overview {
    /// The goals by the document's headings, both in its order; goals without a heading stand together where the first
    /// of them does.
    pub fn sections(&self) -> Vec<(Option<&str>, Vec<&GoalRow>)> {
        let mut sections: Vec<(Option<&str>, Vec<&GoalRow>)> = Vec::new();
        for row in &self.goals {
            let heading = row.section.as_deref();
            match sections.iter_mut().find(|(known, _)| *known == heading) {
                Some((_, rows)) => rows.push(row),
                None => sections.push((heading, vec![row])),
            }
        }
        sections
    }

    pub fn goal(&self, id: &str) -> Option<&GoalRow> {
        self.goals.iter().find(|row| row.goal == id)
    }
}

impl GoalRow {
    /// The target of a goal that is a percentage, as a fraction.
    fn aim(&self) -> Option<Rate> {
        match self.target? {
            Quantity::Amount(target) if self.measure.is_ratio() => Rate::of_percent(target, &self.measure),
            _ => None,
        }
    }

    /// For programs: 元 for money, the plain number otherwise, a computed percentage with as many digits as its verdict
    /// takes.
    pub fn exact(&self, quantity: Quantity) -> String {
        match quantity {
            Quantity::Amount(amount) => self.measure.exact(amount),
            Quantity::Percent(share) => beside(share, self.aim()),
            Quantity::Units(units) => units.to_string(),
        }
    }

    /// The unit behind its figures: of a target for each 个 of those it counts.
    pub fn unit(&self) -> &str {
        if self.reach.is_some() { "个" } else { &self.measure.unit }
    }

    fn number(&self, quantity: Quantity) -> String {
        match quantity {
            Quantity::Amount(amount) => self.measure.format(amount),
            other => self.exact(other).replace('-', "−"),
        }
    }

    /// `60项`, `29.3%`, `2/3个`; a dash for nothing.
    pub fn value_text(&self) -> String {
        match self.value {
            None => self.average_text().or_dash(),
            Some(value) => format!("{}{}", self.number(value), self.unit()),
        }
    }

    /// An average that is computed and not stated: `19.8%`.
    fn average_text(&self) -> Option<String> {
        let average = self.average.as_ref()?;
        let judging = match average.judged_by {
            Some(AverageBy::Arithmetic) => &average.arithmetic,
            Some(AverageBy::Amounts) => &average.from_amounts,
            Some(AverageBy::Compound) | None => &average.compound,
        };
        Some(format!("{}%", judging.as_ref()?.replace('-', "−")))
    }

    /// `100项`, `3—5家`, `20%左右`, `1120亿元，增长12%`, `3个（2021—2023年）`; a dash for none.
    pub fn target_text(&self) -> String {
        let growth = self.target_growth.map(|growth| match growth.is_negative() {
            true => format!("增长−{}%", growth.abs().percent_as_written()),
            false => format!("增长{}%", growth.percent_as_written()),
        });
        let Some(target) = self.target else { return growth.or_dash() };
        let up_to = self.up_to.map(|most| format!("—{}", self.measure.plain(most))).unwrap_or_default();
        let number = match target {
            Quantity::Amount(amount) => self.measure.plain(amount).replace('-', "−"),
            other => self.number(other),
        };
        let side = match self.direction {
            Direction::AtLeast => "",
            Direction::AtMost => "以下",
            Direction::About => "左右",
        };
        let span = self.span.filter(|(from, to)| from != to);
        let span = span.map(|(from, to)| format!("（{from}—{to}年）")).unwrap_or_default();
        let text = format!("{number}{up_to}{}{side}{span}", self.unit());
        growth.map_or(text.clone(), |growth| format!("{text}，{growth}"))
    }

    /// With one decimal, and more while the rounded one stands on another side of what decides.
    pub fn completion_text(&self) -> Option<String> {
        self.completion.map(|completion| beside(completion, Some(Rate::ONE)))
    }

    pub fn growth_text(&self) -> Option<String> {
        self.growth.map(|growth| beside(growth, self.target_growth))
    }

    pub fn pace_text(&self) -> Option<String> {
        self.pace.map(|pace| pace.percent(1))
    }

    /// In 个百分点, likewise beside what counts as near.
    pub fn gap_text(&self, near: Rate) -> Option<String> {
        self.gap.map(|gap| crate::standing::gap_text(gap, near).replace('−', "-"))
    }

    /// The lamp beside the verdict; none for what is not judged.
    pub fn lamp(&self) -> Lamp {
        match self.verdict {
            Verdict::Reached | Verdict::OnPace => Lamp::OnPace,
            Verdict::Near | Verdict::ReachedLate => Lamp::Near,
            Verdict::Behind | Verdict::NotReached | Verdict::Missed => Lamp::Behind,
            Verdict::Missing => Lamp::Missing,
            Verdict::NotDue | Verdict::Watched | Verdict::Undecided => Lamp::NotAssessed,
        }
    }

    /// `逾期达到（1—6月）`, `未达到（截至12月25日）`.
    pub fn verdict_text(&self) -> String {
        let judged = !matches!(self.verdict, Verdict::NotDue | Verdict::Missing | Verdict::Watched);
        match (self.reached_in, self.as_of.filter(|_| judged)) {
            (Some(period), _) => format!("{}（{}）", self.verdict.name(), period.months()),
            (None, Some(day)) => format!("{}（截至{}）", self.verdict.name(), day.format("%-m月%-d日")),
            (None, None) => self.verdict.name().to_owned(),
        }
    }
}

fn beside(rate: Rate, threshold: Option<Rate>) -> String {
    match threshold {
        Some(threshold) => big_percent_beside(&rate.to_big(), &threshold.to_big()),
        None => rate.percent(1),
    }
}
