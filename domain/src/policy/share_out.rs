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
    if sum <= i128::from(total) {
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

/// Gives by the declared order. Those approved on one day stand beside each other where no moment is known; who is not
/// approved yet comes last.
pub(super) fn by_order(order: Order, total: i64, parts: &[Part<'_>]) -> Vec<i64> {
    if order == Order::ProRata {
        return pro_rata(total, parts);
    }
    let mut days: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (at, part) in parts.iter().enumerate() {
        days.entry(part.day()).or_default().push(at);
    }
    let (mut left, mut given) = (total.max(0), vec![0; parts.len()]);
    for day in days.into_values() {
        let beside: Vec<Part<'_>> = day.iter().map(|at| parts[*at]).collect();
        for (at, amount) in day.iter().zip(pro_rata(left, &beside)) {
            given[*at] = amount;
        }
        left -= day.iter().map(|at| given[*at]).sum::<i64>();
    }
    given
}

/// What somebody who is not approved yet has if he is the next to be approved, where that depends on who is.
pub(super) fn if_next(total: i64, parts: &[Part<'_>], of: &Part<'_>) -> Option<i64> {
    let waiting = parts.iter().filter(|part| part.approved.is_none()).count();
    let before: i64 = parts.iter().filter(|part| part.approved.is_some()).map(|part| part.asks).sum();
    let asked: i64 = parts.iter().map(|part| part.asks).sum();
    let contested = of.approved.is_none() && waiting > 1 && asked > total;
    contested.then(|| (total - before).clamp(0, of.asks))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(id: &str, day: Option<u32>, asks: i64) -> Part<'_> {
        let approved = day.and_then(|day| NaiveDate::from_ymd_opt(2021, 5, day));
        Part { id, approved, approved_at: None, asks }
    }

    #[test]
    fn nothing_is_lost_and_nobody_gets_more_than_he_asked() {
        let parts = [part("c", None, 1), part("a", None, 1), part("b", None, 1)];
        assert_eq!(pro_rata(2, &parts), [1, 0, 1]);
        assert_eq!(pro_rata(5, &parts), [1, 1, 1]);
        assert_eq!(pro_rata(-5, &parts), [0, 0, 0]);
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
    fn whoever_waits_with_others_has_what_is_left_if_he_is_next() {
        let parts = [part("a", None, 50), part("b", None, 60), part("c", Some(2), 60)];
        let next = |total: i64| [0, 1, 2].map(|at| if_next(total, &parts, &parts[at]));
        assert_eq!(next(100), [Some(40), Some(40), None]);
        assert_eq!(next(115), [Some(50), Some(55), None]);
        assert_eq!(next(50), [Some(0), Some(0), None]);
        assert_eq!(next(170), [None; 3]);
        assert_eq!(if_next(100, &parts[1..], &parts[1]), None);
    }
}
