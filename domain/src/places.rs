//! 位次走势: a unit's place through the year among all others.

use crate::bulletin::tables::Table;
use crate::month::Period;
use crate::region::RegionId;
use crate::shown::Shown;
use crate::standing::Standings;

/// One unit's places, in the order of [`Places::periods`]; `None` where it was not ranked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Course {
    pub region: RegionId,
    pub name: String,
    pub places: Vec<Option<usize>>,
}

/// All units' places through the periods of one year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    pub periods: Vec<Period>,
    /// In the plan's order; only who was ranked at least once.
    pub courses: Vec<Course>,
}

impl Places {
    /// From the standings of one year, in order. A period most units are missing from has no places to compare.
    pub fn of(year: &[Standings]) -> Self {
        let year: Vec<&Standings> = year.iter().filter(|standings| standings.mostly_awaited().is_none()).collect();
        let newest = year.last().map(|standings| standings.rows.as_slice()).unwrap_or_default();
        let course = |region: &RegionId, name: &String| {
            let places = year.iter().map(|standings| standings.row(region).and_then(|row| row.rank)).collect();
            Course { region: region.clone(), name: name.clone(), places }
        };
        let courses = newest.iter().map(|row| course(&row.region, &row.name));
        Self {
            periods: year.iter().map(|standings| standings.period).collect(),
            courses: courses.filter(|course| course.places.iter().any(Option::is_some)).collect(),
        }
    }

    pub fn course(&self, region: &str) -> Option<&Course> {
        self.courses.iter().find(|course| course.region == region)
    }

    /// The last place anybody had.
    pub fn last(&self) -> usize {
        self.courses.iter().flat_map(|course| &course.places).flatten().copied().max().unwrap_or(0)
    }

    /// 福清市由1—2月的第3位升到1—10月的第1位，最好第1位，最低第6位; `None` before it was ranked twice.
    pub fn finding(&self, region: &str) -> Option<String> {
        let course = self.course(region)?;
        let ranked: Vec<(Period, usize)> =
            self.periods.iter().zip(&course.places).filter_map(|(period, place)| Some((*period, (*place)?))).collect();
        let ([(first, from), .., (last, to)], Some(best), Some(worst)) =
            (&ranked[..], ranked.iter().map(|(_, place)| place).min(), ranked.iter().map(|(_, place)| place).max())
        else {
            return None;
        };
        if best == worst {
            return Some(format!("{}各期都居第{best}位", course.name));
        }
        let moved = match from.cmp(to) {
            std::cmp::Ordering::Greater => format!("由{}的第{from}位升到{}的第{to}位", first.months(), last.months()),
            std::cmp::Ordering::Less => format!("由{}的第{from}位降到{}的第{to}位", first.months(), last.months()),
            std::cmp::Ordering::Equal => format!("{}和{}同居第{to}位", first.months(), last.months()),
        };
        Some(format!("{}{moved}，其间最好第{best}位、最低第{worst}位", course.name))
    }

    /// One line per unit, one column per period.
    pub fn table(&self) -> Table {
        let header = std::iter::once("单位".to_owned()).chain(self.periods.iter().map(|period| period.months()));
        let place = |place: &Option<usize>| place.or_dash();
        let rows = self
            .courses
            .iter()
            .map(|course| std::iter::once(course.name.clone()).chain(course.places.iter().map(place)).collect());
        Table { header: header.collect(), rows: rows.collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(places: &[Option<usize>], finding: Option<&str>) {
        let months = [2, 3, 4, 5];
        let periods = months[..places.len()].iter().map(|&month| Period { year: 2021, month }).collect();
        let course = Course { region: "甲县".to_owned(), name: "甲县".to_owned(), places: places.to_vec() };
        assert_eq!(Places { periods, courses: vec![course] }.finding("甲县").as_deref(), finding);
    }

    #[test]
    fn the_finding_follows_the_places() {
        check(&[Some(3), Some(1)], Some("甲县由1—2月的第3位升到1—3月的第1位，其间最好第1位、最低第3位"));
        check(&[Some(3), Some(6), Some(4)], Some("甲县由1—2月的第3位降到1—4月的第4位，其间最好第3位、最低第6位"));
        check(&[Some(3), Some(1), Some(3)], Some("甲县1—2月和1—4月同居第3位，其间最好第1位、最低第3位"));
        check(&[Some(2), Some(2)], Some("甲县各期都居第2位"));
        check(&[None, Some(2), None, Some(1)], Some("甲县由1—3月的第2位升到1—5月的第1位，其间最好第1位、最低第2位"));
        check(&[None, Some(2)], None);
        check(&[], None);
    }
}
