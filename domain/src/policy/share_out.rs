//! Too little for all: who gets what of it.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::plan::policy::Order;

/// Somebody who asks: his rank among equals is his id.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part<'a> {
    pub(super) id: &'a str,
    pub(super) approved: Option<NaiveDate>,
    /// UTC milliseconds, where known: who comes first on one day.
    pub(super) approved_at: Option<i64>,
    pub(super) asks: i64,
    /// What two have decided that it gets: it keeps that whatever the others ask.
    pub(super) given: Option<i64>,
}

/// When somebody was approved: those of one day stand beside each other, who is not approved yet comes last.
pub(super) type Day = (bool, Option<NaiveDate>, Option<i64>);

impl Part<'_> {
    pub(super) fn day(&self) -> Day {
        (self.approved.is_none(), self.approved, self.approved_at)
    }
}

/// Gives `total` to the parts in proportion to what each asks, whole and none more than it asked; everything where
/// there is enough. Each place is the difference of two floors, so that nothing is lost; ids decide where the odd 元
/// falls, never the order of the list.
pub(super) fn pro_rata(total: i64, parts: &[Part<'_>]) -> Vec<i64> {
    let sum: i128 = parts.iter().map(|part| i128::from(part.asks)).sum();
    if sum <= i128::from(total.max(0)) {
        return parts.iter().map(|part| part.asks).collect();
    }
    let total = i128::from(total.max(0));
    let mut order: Vec<usize> = (0..parts.len()).collect();
    order.sort_by_key(|at| parts[*at].id);
    let (mut given, mut asked, mut before) = (vec![0; parts.len()], 0_i128, 0_i128);
    for at in order {
        asked += i128::from(parts[at].asks);
        let upto = asked * total / sum;
        given[at] = (upto - before) as i64;
        before = upto;
    }
    given
}

/// Gives by the declared order; what two have decided stays, as far as there is enough.
pub(super) fn by_order(order: Order, total: i64, parts: &[Part<'_>]) -> Vec<i64> {
    match order {
        Order::Approval => by_approval(parts, |_| Room { decided: total, new: total }),
        Order::ProRata => beside_decided(total, parts),
    }
}

/// How much there is for all parts together.
#[derive(Debug, Clone, Copy)]
pub(super) struct Room {
    /// For what is decided: what was decided before it is taken off.
    pub(super) decided: i64,
    /// For what is new: all that is decided anywhere is taken off.
    pub(super) new: i64,
}

/// What is decided first, in its order; then what is new, those approved on one day beside each other where no moment
/// is known, and last who is not approved yet.
pub(super) fn by_approval(parts: &[Part<'_>], room: impl Fn(usize) -> Room) -> Vec<i64> {
    let mut days: BTreeMap<Day, Vec<usize>> = BTreeMap::new();
    for (at, part) in parts.iter().enumerate() {
        days.entry(part.day()).or_default().push(at);
    }
    let (mut held, mut taken) = (vec![0; parts.len()], 0);
    for at in days.values().flatten().copied() {
        held[at] = parts[at].given.unwrap_or_default().min(room(at).decided - taken).max(0);
        taken += held[at];
    }
    let mut given: Vec<i64> = parts.iter().zip(&held).map(|(part, held)| part.asks.min(*held)).collect();
    for day in days.into_values() {
        let more = |at: &usize| Part { asks: parts[*at].asks - given[*at], ..parts[*at] };
        let more: Vec<Part<'_>> = day.iter().map(more).collect();
        let left = (day.iter().map(|at| room(*at).new).min().unwrap_or_default() - taken).max(0);
        for (at, amount) in day.iter().zip(pro_rata(left, &more)) {
            given[*at] += amount;
            taken += amount;
        }
    }
    given
}

/// In proportion, beside what is decided: where the limit fell below that, it falls in proportion itself; where it
/// rose, who waits comes before who was decided with less.
fn beside_decided(total: i64, parts: &[Part<'_>]) -> Vec<i64> {
    let of = |chosen: &dyn Fn(&Part<'_>) -> bool| -> Vec<usize> {
        (0..parts.len()).filter(|at| chosen(&parts[*at])).collect()
    };
    let share = |total: i64, of: &[usize]| -> BTreeMap<usize, i64> {
        let own: Vec<Part<'_>> = of.iter().map(|at| parts[*at]).collect();
        of.iter().copied().zip(pro_rata(total, &own)).collect()
    };
    let (decided, waiting) = (of(&|part| part.given.is_some()), of(&|part| part.given.is_none()));
    let sum: i64 = parts.iter().filter_map(|part| part.given).sum();
    let (of_all, of_decided) = (pro_rata(total, parts), share(total, &decided));
    let mut given = vec![0; parts.len()];
    let mut left = (total - sum).max(0);
    for at in &decided {
        let stays = parts[*at].given.unwrap_or_default();
        let held = if sum <= total { stays } else { stays.min(of_decided[at]) };
        given[*at] = held.min(parts[*at].asks);
    }
    for (at, amount) in share(left, &waiting) {
        given[at] = amount;
        left -= amount;
    }
    for at in decided {
        let more = (of_all[at] - parts[at].given.unwrap_or_default()).clamp(0, left);
        given[at] += more;
        left -= more;
    }
    given
}

/// What all take together where nothing is short: what is decided is taken until two decide otherwise.
pub(super) fn wanted(parts: &[Part<'_>]) -> i64 {
    parts.iter().map(|part| part.asks.max(part.given.unwrap_or_default())).sum()
}

/// What somebody who is not approved yet has if he is the next to be approved, where that depends on who is.
pub(super) fn if_next(total: i64, parts: &[Part<'_>], of: usize) -> Option<i64> {
    let waiting = parts.iter().filter(|part| part.approved.is_none()).count();
    let asked = wanted(parts);
    let contested = parts[of].approved.is_none() && waiting > 1 && asked > total;
    let mut approved = parts.to_vec();
    approved[of].approved = Some(NaiveDate::MAX);
    contested.then(|| by_order(Order::Approval, total, &approved)[of])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(id: &str, day: Option<u32>, asks: i64) -> Part<'_> {
        let approved = day.and_then(|day| NaiveDate::from_ymd_opt(2021, 5, day));
        Part { id, approved, approved_at: None, asks, given: None }
    }

    #[test]
    fn nothing_is_lost_and_nobody_gets_more_than_he_asked() {
        let parts = [part("c", None, 1), part("a", None, 1), part("b", None, 1)];
        assert_eq!(pro_rata(2, &parts), [1, 0, 1]);
        assert_eq!(pro_rata(5, &parts), [1, 1, 1]);
        assert_eq!(pro_rata(-5, &parts), [0, 0, 0]);
        assert_eq!(pro_rata(-5, &[part("a", None, 0)]), [0]);
    }

    #[test]
    fn the_first_approved_comes_first_and_one_day_shares() {
        let parts = [part("a", None, 50), part("b", Some(3), 60), part("c", Some(2), 60), part("d", Some(3), 20)];
        assert_eq!(by_order(Order::Approval, 100, &parts), [0, 30, 60, 10]);
        assert_eq!(by_order(Order::Approval, 150, &parts), [10, 60, 60, 20]);
        let mut later = parts;
        later[3].approved_at = Some(2);
        later[1].approved_at = Some(1);
        assert_eq!(by_order(Order::Approval, 100, &later), [0, 40, 60, 0]);
    }

    #[test]
    fn what_is_decided_stays_and_what_is_new_comes_after_it() {
        let given = |part: Part<'static>, given: i64| Part { given: Some(given), ..part };
        let parts = [given(part("a", Some(2), 80), 50), given(part("b", Some(3), 30), 30), part("c", None, 40)];
        // The first asks for more than it has: that comes after the second, but before whoever waits.
        assert_eq!(by_order(Order::Approval, 100, &parts), [70, 30, 0]);
        assert_eq!(by_order(Order::Approval, 120, &parts), [80, 30, 10]);
        // Where there is not enough any more, who was decided last has less.
        assert_eq!(by_order(Order::Approval, 60, &parts), [50, 10, 0]);
        assert_eq!(by_order(Order::ProRata, 90, &parts), [50, 30, 10]);
        assert_eq!(by_order(Order::ProRata, 66, &parts), [48, 18, 0]);
        assert_eq!([120, 150].map(|total| by_order(Order::ProRata, total, &parts)), [[50, 30, 40], [80, 30, 40]]);
        // What it asks for no more is free once two decide so, not before.
        let less = [given(part("a", Some(2), 20), 50), part("c", None, 80)];
        assert_eq!([Order::Approval, Order::ProRata].map(|order| by_order(order, 90, &less)), [[20, 40]; 2]);
    }

    #[test]
    fn whoever_waits_with_others_has_what_is_left_if_he_is_next() {
        let parts = [part("a", None, 50), part("b", None, 60), part("c", Some(2), 60)];
        let next = |total: i64| [0, 1, 2].map(|at| if_next(total, &parts, at));
        assert_eq!(next(100), [Some(40), Some(40), None]);
        assert_eq!(next(115), [Some(50), Some(55), None]);
        assert_eq!(next(50), [Some(0), Some(0), None]);
        assert_eq!(next(170), [None; 3]);
        assert_eq!(if_next(100, &parts[1..], 1), None);
    }
}
