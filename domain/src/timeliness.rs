//! 报送质量: how every unit kept the year's deadlines, how often its returns were sent back, and what was corrected later.

use crate::bulletin::tables::Table;
use crate::calendar::Punctuality;
use crate::plan::{Plan, Round};
use crate::rate::Rate;
use crate::shown::Shown;

/// One unit's return of one round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    pub punctuality: Punctuality,
    /// How often the office sent it back; what it took back itself is not counted.
    pub sent_back: usize,
    /// Its figures were changed after they had been approved.
    pub corrected: bool,
}

impl Kept {
    /// `按时，退回2次，已更正`.
    pub fn words(&self) -> String {
        let mut text = self.punctuality.word().to_owned();
        if self.sent_back > 0 {
            text += &format!("，退回{}次", self.sent_back);
        }
        if self.corrected {
            text += "，已更正";
        }
        text
    }
}

/// A round as its column names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    pub round: Round,
    /// `1—6月`, `1—6月季度`.
    pub name: String,
    /// `6`, `6季`: where there is no room.
    pub short: String,
}

impl Column {
    pub fn new(plan: &Plan, round: Round) -> Self {
        let adjective = plan.adjective(&round);
        let name = format!("{}{adjective}", round.period.months());
        let short = format!("{}{}", round.period.month, adjective.chars().next().map(String::from).unwrap_or_default());
        Self { round, name, short }
    }
}

/// A unit through the rounds of [`Timeliness`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitTimeliness {
    pub name: String,
    pub kept: Vec<Kept>,
}

/// The units of a plan × the rounds of a year that have begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timeliness {
    pub year: i32,
    pub columns: Vec<Column>,
    pub lines: Vec<UnitTimeliness>,
}

/// On time among those due; figures that came in by a file are not counted.
pub fn share<'k>(kept: impl IntoIterator<Item = &'k Kept>) -> Option<(usize, usize)> {
    let due = |each: &&Kept| matches!(each.punctuality, Punctuality::OnTime | Punctuality::Late | Punctuality::Missing);
    let due: Vec<&Kept> = kept.into_iter().filter(due).collect();
    let on_time = due.iter().filter(|each| each.punctuality == Punctuality::OnTime).count();
    (!due.is_empty()).then_some((on_time, due.len()))
}

/// `91.7%`; only all on time is 100%.
pub fn share_text(share: Option<(usize, usize)>) -> String {
    let rate = share.and_then(|(on_time, due)| Rate::new(on_time as i128, due as i128));
    rate.shown(|rate| format!("{}%", rate.percent_beside(Rate::ONE, 1)))
}

impl Timeliness {
    pub fn share(&self) -> Option<(usize, usize)> {
        share(self.lines.iter().flat_map(|line| &line.kept))
    }

    /// 及时率98.3%（59/60）；迟报、未报最多的是福清市（1期）.
    pub fn finding(&self) -> String {
        let Some((on_time, due)) = self.share() else {
            return "本年暂无可统计及时率的报送".to_owned();
        };
        let all = format!("及时率{}（{on_time}/{due}）", share_text(Some((on_time, due))));
        let behind = |line: &UnitTimeliness| {
            line.kept.iter().filter(|each| matches!(each.punctuality, Punctuality::Late | Punctuality::Missing)).count()
        };
        let most = self.lines.iter().map(behind).max().unwrap_or(0);
        let names: Vec<&str> =
            self.lines.iter().filter(|line| behind(line) == most).map(|line| line.name.as_str()).collect();
        match (most, names.len()) {
            (0, _) => format!("到期的报送都按时，{all}"),
            (_, 1..=3) => format!("{all}，迟报、未报最多的是{}（{most}期）", names.join("、")),
            (_, count) => format!("{all}，迟报、未报最多的有{count}个单位（各{most}期）"),
        }
    }

    /// In words, one line per unit, one column per round.
    pub fn table(&self) -> Table {
        // Two columns: a spreadsheet would take 1/5 for a day in January.
        let row = |name: String, cells: Vec<String>, share: Option<(usize, usize)>| {
            let (on_time, due) = share.unwrap_or_default();
            std::iter::once(name)
                .chain(cells)
                .chain([share_text(share), on_time.to_string(), due.to_string()])
                .collect()
        };
        let mut rows: Vec<Vec<String>> = self
            .lines
            .iter()
            .map(|line| row(line.name.clone(), line.kept.iter().map(Kept::words).collect(), share(&line.kept)))
            .collect();
        let of_round = |index: usize| share(self.lines.iter().filter_map(|line| line.kept.get(index)));
        let by_round = (0..self.columns.len()).map(|index| share_text(of_round(index))).collect();
        rows.push(row("全部".to_owned(), by_round, self.share()));
        let header = std::iter::once("单位".to_owned()).chain(self.columns.iter().map(|column| column.name.clone()));
        Table { header: header.chain(["及时率", "按时", "到期"].map(str::to_owned)).collect(), rows }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::month::Period;

    const ON_TIME: Kept = Kept { punctuality: Punctuality::OnTime, sent_back: 0, corrected: false };
    const SENT_BACK: Kept = Kept { sent_back: 2, corrected: true, ..ON_TIME };
    const LATE: Kept = Kept { punctuality: Punctuality::Late, ..ON_TIME };
    const MISSING: Kept = Kept { punctuality: Punctuality::Missing, ..ON_TIME };
    const NOT_DUE: Kept = Kept { punctuality: Punctuality::NotDue, ..ON_TIME };
    const IMPORTED: Kept = Kept { punctuality: Punctuality::Imported, ..ON_TIME };

    fn found(lines: &[(&str, [Kept; 2])]) -> Timeliness {
        let column = |month: u32| {
            let (name, short) = (format!("1—{month}月"), month.to_string());
            Column { round: Period { year: 2021, month }.into(), name, short }
        };
        let columns = [2, 3].map(column).to_vec();
        let lines =
            lines.iter().map(|(name, kept)| UnitTimeliness { name: (*name).to_owned(), kept: kept.to_vec() }).collect();
        Timeliness { year: 2021, columns, lines }
    }

    fn check(lines: &[(&str, [Kept; 2])], finding: &str) {
        assert_eq!(found(lines).finding(), finding);
    }

    #[test]
    fn the_finding_is_true_of_the_returns() {
        check(
            &[("甲县", [ON_TIME, SENT_BACK]), ("乙县", [IMPORTED, NOT_DUE])],
            "到期的报送都按时，及时率100.0%（2/2）",
        );
        check(
            &[("甲县", [ON_TIME, LATE]), ("乙县", [MISSING, LATE])],
            "及时率25.0%（1/4），迟报、未报最多的是乙县（2期）",
        );
        check(&[("甲县", [IMPORTED, NOT_DUE])], "本年暂无可统计及时率的报送");
        let all =
            [("甲", [LATE, ON_TIME]), ("乙", [LATE, ON_TIME]), ("丙", [LATE, ON_TIME]), ("丁", [ON_TIME, MISSING])];
        check(&all, "及时率50.0%（4/8），迟报、未报最多的有4个单位（各1期）");
    }

    #[test]
    fn nearly_all_is_not_all() {
        assert_eq!(share_text(Some((9_999, 10_000))), "99.99%");
        assert_eq!(share_text(None), "—");
    }

    #[test]
    fn the_table_tells_what_the_picture_has_no_room_for() {
        let rows = found(&[("甲县", [SENT_BACK, LATE]), ("乙县", [IMPORTED, NOT_DUE])]).table().rows;
        assert_eq!(rows[0], ["甲县", "按时，退回2次，已更正", "迟报", "50.0%", "1", "2"]);
        assert_eq!(rows[1], ["乙县", "文件导入", "未到期", "—", "0", "0"]);
        assert_eq!(rows[2], ["全部", "100.0%", "0.0%", "50.0%", "1", "2"]);
    }
}
