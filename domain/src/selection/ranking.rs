//! Who is chosen: places by exact scores, and what was declared for those that share the last place.

use crate::plan::selection::{Criterion, Terms, TiesAtLast, plain};
use crate::rate::Rate;

/// Who takes part, with the score of each criterion in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entrant {
    pub number: u32,
    pub scores: Vec<Rate>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Chosen,
    NotChosen,
    /// It shares the last place, and nobody declared what follows.
    Open,
}

impl Outcome {
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Chosen => "入选",
            Outcome::NotChosen => "未入选",
            Outcome::Open => "末位并列，待定",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ranked {
    pub number: u32,
    pub total: Rate,
    /// 1, 1, 3.
    pub place: usize,
    pub outcome: Outcome,
    /// From its scores to its outcome, as sentences.
    pub why: Vec<String>,
}

/// More of the same score than places are left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tie {
    pub place: usize,
    pub numbers: Vec<u32>,
    /// Places that are left for them.
    pub left: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ranking {
    /// By place, on a place by number.
    pub lines: Vec<Ranked>,
    pub tie: Option<Tie>,
}

impl Ranking {
    pub fn get(&self, number: u32) -> Option<&Ranked> {
        self.lines.iter().find(|line| line.number == number)
    }

    pub fn chosen(&self) -> impl Iterator<Item = &Ranked> {
        self.lines.iter().filter(|line| line.outcome == Outcome::Chosen)
    }
}

impl Tie {
    /// 第30名有3项并列（第5、8、9号），名额还剩1个.
    pub fn sentence(&self) -> String {
        let numbers: Vec<String> = self.numbers.iter().map(u32::to_string).collect();
        let count = self.numbers.len();
        format!("第{}名有{count}项并列（第{}号），名额还剩{}个", self.place, numbers.join("、"), self.left)
    }
}

/// Whoever was entered first has no advantage: the order of `entrants` does not matter.
pub fn rank(terms: &Terms, entrants: &[Entrant]) -> Ranking {
    let places = terms.places.map_or(0, |places| places as usize);
    let total = |entrant: &Entrant| entrant.scores.iter().fold(Rate::ZERO, |sum, score| sum.plus(*score));
    let mut order: Vec<(Rate, &Entrant)> = entrants.iter().map(|entrant| (total(entrant), entrant)).collect();
    order.sort_by(|(one, a), (other, b)| other.cmp(one).then(a.number.cmp(&b.number)));
    let (mut lines, mut tie): (Vec<Ranked>, Option<Tie>) = (Vec::new(), None);
    for group in order.chunk_by(|one, other| one.0 == other.0) {
        let before = lines.len();
        let left = places.saturating_sub(before);
        let fits = group.len() <= left;
        let crosses = !fits && left > 0;
        let found = Tie { place: before + 1, numbers: group.iter().map(|(_, entrant)| entrant.number).collect(), left };
        let mut own: Vec<Ranked> = group
            .iter()
            .map(|(total, entrant)| {
                let ahead = group.iter().filter(|(_, other)| other.scores > entrant.scores).count();
                let compared = crosses && terms.ties == Some(TiesAtLast::Criteria);
                let ahead = if compared { ahead } else { 0 };
                let outcome = match terms.ties {
                    _ if fits => Outcome::Chosen,
                    _ if !crosses => Outcome::NotChosen,
                    None => Outcome::Open,
                    Some(TiesAtLast::SharePlace) => Outcome::Chosen,
                    Some(TiesAtLast::LeaveOut) => Outcome::NotChosen,
                    Some(TiesAtLast::Criteria) if ahead < left => Outcome::Chosen,
                    Some(TiesAtLast::Criteria) => Outcome::NotChosen,
                };
                let place = before + ahead + 1;
                let tie = crosses.then_some(&found);
                let why = why(terms, entrant, (*total, before, entrants.len()), tie, (place, outcome));
                Ranked { number: entrant.number, total: *total, place, outcome, why }
            })
            .collect();
        own.sort_by_key(|line| (line.place, line.number));
        lines.append(&mut own);
        if crosses {
            tie = Some(found);
        }
    }
    Ranking { lines, tie }
}

fn why(
    terms: &Terms,
    entrant: &Entrant,
    (total, ahead, all): (Rate, usize, usize),
    tie: Option<&Tie>,
    (place, outcome): (usize, Outcome),
) -> Vec<String> {
    let part = |(criterion, score): (&Criterion, &Rate)| {
        format!("{}{}（满分{}）", criterion.name, plain(*score), plain(criterion.full))
    };
    let parts: Vec<String> = terms.criteria.iter().zip(&entrant.scores).map(part).collect();
    let mut why = vec![
        format!("得分：{}，合计{}。", parts.join("＋"), plain(total)),
        format!("参评{all}项，得分比它高的{ahead}项，列第{}名。", ahead + 1),
    ];
    if let Some(tie) = tie {
        why.push(format!("{}。", tie.sentence()));
        why.push(match terms.ties {
            None => "评选办法没有写末位并列怎么办，还不能定。".to_owned(),
            Some(TiesAtLast::Criteria) => {
                format!("办法写明：{}。逐项比较以后列第{place}名。", TiesAtLast::Criteria.name())
            }
            Some(ties) => format!("办法写明：{}。", ties.name()),
        });
    }
    let places = terms.places.unwrap_or_default();
    why.push(format!("名额{places}个，{}。", outcome.name()));
    why
}
