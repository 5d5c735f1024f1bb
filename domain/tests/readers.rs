//! What readers of a bulletin are told, with the figures that offices really have: most units missing, ties at the
//! third place, everybody falling, a total that is not the sum, units that come and go.

use domain::bulletin::columns::Columns;
use domain::bulletin::diff::{changes, headline};
use domain::bulletin::narrative::plain;
use domain::bulletin::{Bulletin, Context, compose, tables};
use domain::money::Amount;
use domain::month::Period;
use domain::plan::{Plan, file};
use domain::returns::{Figure, Figures};
use domain::standing::Parts;

/// A plan whose units all have the target 1200元, under a region of this name.
struct Office {
    region: &'static str,
    units: Vec<&'static str>,
    /// More keys of the plan, before its goal.
    keys: &'static str,
    /// More keys of its assessment.
    rules: &'static str,
    unit: &'static str,
    kind: &'static str,
    /// Every unit's base of a month.
    base: i64,
}

impl Office {
    fn of(region: &'static str, units: &[&'static str]) -> Self {
        Self { region, units: units.to_vec(), keys: "", rules: "", unit: "元", kind: "amount", base: 100 }
    }

    fn plan(&self) -> Plan {
        let splits: String =
            self.units.iter().map(|name| format!("[[goal.split]]\nname = '{name}'\nvalue = '1200'\n")).collect();
        let text = format!(
            "format = 1\nid = 'p'\ntitle = '计划'\nregion = {{ name = '{}' }}\nyears = [2021, 2021]\n\
             publish_provisional = true\n{}\n[[goal]]\nid = 'g'\nname = '投资'\nkind = '{}'\nunit = '{}'\n{splits}\
             [[assessment]]\ngoal = 'g'\n{}\n\
             [[assessment.award]]\nwhen = 'completed'\nfrom = 'top'\nplaces = ['0.3', '0.2', '0.1']\nunit = '分'\n\
             [[assessment.award]]\nwhen = 'not_completed'\nfrom = 'bottom'\nplaces = ['-0.3', '-0.2', '-0.1']\n\
             unit = '分'\n",
            self.region, self.keys, self.kind, self.unit, self.rules
        );
        file::parse(&text).unwrap()
    }

    /// Values by month, `None` for 未报.
    fn bulletin(&self, months: &[(u32, &[Option<i64>])]) -> Bulletin {
        self.bulletin_with(months, None)
    }

    fn bulletin_with(&self, months: &[(u32, &[Option<i64>])], total: Option<i64>) -> Bulletin {
        let plan = self.plan();
        let mut figures = Figures::default();
        for (month, values) in months {
            let period = Period { year: 2021, month: *month };
            assert_eq!(values.len(), self.units.len());
            for (name, value) in self.units.iter().zip(*values) {
                let Some(value) = value else { continue };
                let base = Some(Amount(i64::from(*month) * self.base));
                figures.insert("g", period, name, Figure { value: Some(Amount(*value)), base, ..Figure::default() });
            }
        }
        let period = Period { year: 2021, month: months.last().unwrap().0 };
        if let Some(total) = total {
            figures.insert("g", period, self.region, Figure { value: Some(Amount(total)), ..Figure::default() });
        }
        compose(&plan, plan.default_goal(), &figures, period, &Context::default())
    }
}

const EIGHT: [&str; 8] = ["甲县", "乙县", "丙县", "丁县", "戊县", "己县", "庚县", "辛县"];

/// All sentences of a paragraph; the lead has no heading.
fn said(bulletin: &Bulletin, heading: &str) -> String {
    let paragraphs = bulletin.paragraphs.iter().filter(|paragraph| paragraph.heading == heading);
    paragraphs.flat_map(|paragraph| &paragraph.sentences).map(|sentence| plain(sentence)).collect()
}

fn all(bulletin: &Bulletin) -> String {
    let sentences = bulletin.paragraphs.iter().flat_map(|paragraph| &paragraph.sentences);
    sentences.map(|sentence| plain(sentence)).collect()
}

/// The same figure of every unit, with some in their own way.
fn values<const N: usize>(each: i64, own: [(usize, Option<i64>); N]) -> [Option<i64>; 8] {
    let mut values = [Some(each); 8];
    own.into_iter().for_each(|(at, value)| values[at] = value);
    values
}

mod most_units_missing {
    use super::*;

    fn one_of_eight() -> Bulletin {
        let mut values = [None; 8];
        values[2] = Some(520);
        Office::of("某市", &EIGHT).bulletin(&[(5, &values)])
    }

    #[test]
    fn who_is_missing_comes_first() {
        let lead = said(&one_of_eight(), "");
        let first =
            "8个县中7个未报（甲县、乙县、丁县、戊县、己县、庚县、辛县），以下只反映已报单位的情况，暂不排位和测算。";
        assert!(lead.starts_with(first), "{lead}");
        // The sum of one unit says nothing of the whole's target.
        assert!(lead.ends_with("1—5月，已报单位累计完成投资520元；同比增长4.0%。"), "{lead}");
        assert_eq!(said(&one_of_eight(), "进度"), "丙县达到序时进度。");
        assert_eq!(said(&one_of_eight(), "后期任务"), "");
        // Their names once.
        assert_eq!(all(&one_of_eight()).matches("庚县").count(), 1);
    }

    #[test]
    fn rankings_and_awards_give_way() {
        let bulletin = one_of_eight();
        assert_eq!(bulletin.withheld, "8个县中7个未报，暂不测算");
        assert_eq!(bulletin.headlines.table, bulletin.withheld);
        assert_eq!((bulletin.headlines.growth.as_str(), bulletin.headlines.paths.as_str()), ("", ""));
        assert!(bulletin.award_columns().is_empty() && bulletin.provisional.is_none() && bulletin.steps.is_empty());
        assert!(bulletin.standings.rows.iter().all(|row| row.awards.is_empty()));
        for chart in ["growth", "slope", "paths", "contribution", "quadrant"] {
            assert!(tables::of_chart(&bulletin, chart).is_none(), "{chart}");
        }
        let places = tables::standings(&bulletin).rows.into_iter().map(|cells| cells[0].clone());
        assert!(places.into_iter().all(|place| place == "—"));
        assert!(bulletin.notes[0].starts_with("8个县中7个未报，暂不测算"));
        assert!(!all(&bulletin).contains("考核") && said(&bulletin, "考核").is_empty());
    }

    #[test]
    fn such_a_period_has_no_place_on_the_way_through_the_year() {
        let office = Office::of("某市", &EIGHT);
        let mut april = [None; 8];
        april[0] = Some(410);
        let year = [&april, &values(520, [(0, Some(500))]), &values(620, [(0, Some(700))])];
        let standings = (4..).zip(year).map(|(month, values)| office.bulletin(&[(month, values)]).standings);
        let places = domain::places::Places::of(&standings.collect::<Vec<_>>());
        assert_eq!(places.periods.iter().map(|period| period.month).collect::<Vec<_>>(), [5, 6]);
        assert_eq!(places.course("甲县").unwrap().places, [Some(8), Some(1)]);
    }

    #[test]
    fn the_command_line_still_ranks_who_is_there() {
        let row = one_of_eight().standings.rows[2].clone();
        assert_eq!(row.rank, Some(1));
    }

    #[test]
    fn with_half_of_them_the_ranking_is_told() {
        let mut values = [None; 8];
        values[..4].copy_from_slice(&[Some(520), Some(530), Some(540), Some(550)]);
        let bulletin = Office::of("某市", &EIGHT).bulletin(&[(5, &values)]);
        assert_eq!(bulletin.withheld, "");
        assert!(said(&bulletin, "未报情况").contains("未报送的有4个"), "{}", all(&bulletin));
    }
}

mod movement {
    use super::*;

    #[test]
    fn three_of_eight_in_april_move_nobody_in_may() {
        let mut april = [None; 8];
        april[..3].copy_from_slice(&[Some(410), Some(420), Some(430)]);
        let may = [Some(510), Some(540), Some(530), Some(520), Some(550), Some(560), Some(570), Some(580)];
        let bulletin = Office::of("某市", &EIGHT).bulletin(&[(4, &april), (5, &may)]);
        assert!(EIGHT.iter().all(|name| bulletin.movement(name).is_none()));
        assert_eq!(bulletin.headlines.slope, "");
        assert!(tables::slope(&bulletin).rows.is_empty());
        assert!(bulletin.notes.concat().contains("不比较位次升降"), "{:?}", bulletin.notes);
    }

    #[test]
    fn who_came_moves_nobody() {
        // 甲县 was missing in April and leads in May: nobody fell for that.
        let april = values(
            0,
            [
                (0, None),
                (1, Some(470)),
                (2, Some(460)),
                (3, Some(450)),
                (4, Some(440)),
                (5, Some(430)),
                (6, Some(420)),
                (7, Some(410)),
            ],
        );
        let may = [590, 570, 580, 550, 540, 530, 520, 510].map(Some);
        let bulletin = Office::of("某市", &EIGHT).bulletin(&[(4, &april), (5, &may)]);
        assert_eq!(bulletin.movement("甲县"), None);
        assert_eq!(bulletin.movement("丙县"), Some(1));
        assert_eq!(bulletin.movement("乙县"), Some(-1));
        assert_eq!(bulletin.movement("辛县"), Some(0));
        assert_eq!(bulletin.headlines.slope, "与1—4月相比，丙县升1位，乙县降1位");
        assert!(bulletin.notes.concat().contains("两期都参加排位的单位之间"), "{:?}", bulletin.notes);
    }
}

mod ties {
    use super::*;

    #[test]
    fn four_names_at_the_third_place_say_so() {
        let tied = [590, 580, 550, 550, 550, 550, 520, 510].map(Some);
        let bulletin = Office::of("某市", &EIGHT).bulletin(&[(5, &tied)]);
        assert_eq!(
            said(&bulletin, "增幅"),
            "增幅居前三位的依次为甲县（增长18.0%）、乙县（增长16.0%）、丙县、丁县、戊县和己县（均增长10.0%，并列第3位）；\
             居后两位的依次为庚县（增长4.0%）、辛县（增长2.0%）。"
        );
    }

    #[test]
    fn the_last_three_by_a_tie_say_so() {
        let tied = [590, 580, 570, 560, 520, 520, 510, 510].map(Some);
        let told = said(&Office::of("某市", &EIGHT).bulletin(&[(5, &tied)]), "增幅");
        assert!(
            told.ends_with(
                "；居后三位的依次为戊县和己县（均增长4.0%，并列倒数第3位）、庚县和辛县（均增长2.0%，并列末位）。"
            ),
            "{told}"
        );
    }

    #[test]
    fn by_completion_too() {
        let mut office = Office::of("某市", &EIGHT);
        office.rules = "rank_by = 'completion'";
        let told = said(&office.bulletin(&[(5, &[590, 580, 570, 570, 540, 530, 520, 510].map(Some))]), "排位");
        assert_eq!(
            told,
            "完成率居前三位的依次为甲县、乙县、丙县和丁县（并列第3位）；居后三位的依次为己县、庚县、辛县。"
        );
    }

    #[test]
    fn two_units_have_no_first_three() {
        let told = said(&Office::of("某市", &["甲县", "乙县"]).bulletin(&[(5, &[Some(590), Some(510)])]), "增幅");
        assert_eq!(told, "增幅由高到低依次为甲县（增长18.0%）、乙县（增长2.0%）。");
    }

    #[test]
    fn who_is_equally_far_behind_or_pulls_as_much_is_named_together() {
        let bulletin = Office::of("某市", &EIGHT).bulletin(&[(5, &values(600, [(1, Some(390)), (2, Some(390))]))]);
        assert!(said(&bulletin, "进度").contains("落后最多的是乙县和丙县（均慢9.2个百分点）。"), "{}", all(&bulletin));
        assert!(bulletin.headlines.table.ends_with("乙县、丙县并列落后最多"), "{}", bulletin.headlines.table);
        assert!(bulletin.headlines.bullet.contains("乙县、丙县并列落后最多"), "{}", bulletin.headlines.bullet);
    }
}

mod falling {
    use super::*;

    #[test]
    fn nobody_leads_where_all_fall() {
        let bulletin =
            Office::of("某市", &["城关区", "七里河区", "西固区"]).bulletin(&[(5, &[Some(425), Some(350), Some(400)])]);
        assert_eq!(
            said(&bulletin, "增幅"),
            "3个区均同比下降，降幅由小到大依次为城关区（15.0%）、西固区（20.0%）、七里河区（30.0%）。"
        );
        assert_eq!(bulletin.headlines.growth, "3个区均同比下降，城关区降幅最小（15.0%），七里河区降幅最大（30.0%）");
        assert_eq!(bulletin.headlines.contribution, "各区均下拉全市增速，七里河区下拉最多，10.0个百分点");
        assert_eq!(said(&bulletin, "拉动"), "");
    }

    #[test]
    fn of_many_the_ends_are_told() {
        let bulletin = Office::of("某市", &EIGHT).bulletin(&[(5, &[450, 440, 430, 420, 410, 400, 390, 390].map(Some))]);
        assert_eq!(
            said(&bulletin, "增幅"),
            "8个县均同比下降，降幅较小的依次为甲县（10.0%）、乙县（12.0%）、丙县（14.0%）；\
             降幅较大的依次为庚县和辛县（均22.0%）、己县（20.0%）、戊县（18.0%）。"
        );
    }
}

mod total_and_parts {
    use super::*;

    fn xi_an(total: &str, parts: [&str; 4]) -> Bulletin {
        let mut office = Office::of("西安市", &["新城区", "碑林区", "莲湖区", "鄠邑区"]);
        office.unit = "亿元";
        let measure = domain::money::Measure::money("亿元").unwrap();
        let yuan = |text: &str| Some(measure.parse(text).unwrap().0);
        office.bulletin_with(&[(5, &parts.map(yuan))], yuan(total))
    }

    #[test]
    fn a_stated_total_that_is_not_the_sum_is_told_with_its_difference() {
        let bulletin = xi_an("2623.18", ["1000.10", "900.25", "500.30", "240.22"]);
        let told = "各区合计2640.87亿元，比全市总数多17.69亿元，以报送的总数为准。";
        assert!(said(&bulletin, "").contains(told), "{}", all(&bulletin));
        assert!(!bulletin.notes.concat().contains("四舍五入"), "{:?}", bulletin.notes);
    }

    #[test]
    fn rounding_is_blamed_where_it_explains() {
        // Fewer than 4 ÷ 2 units of the last digit.
        let bulletin = xi_an("2640.88", ["1000.10", "900.25", "500.30", "240.22"]);
        assert!(!said(&bulletin, "").contains("合计"), "{}", all(&bulletin));
        assert!(bulletin.notes.concat().contains("因四舍五入，分项之和与合计略有出入。"), "{:?}", bulletin.notes);
        // As many is not fewer.
        let bulletin = xi_an("2640.89", ["1000.10", "900.25", "500.30", "240.22"]);
        assert!(said(&bulletin, "").contains("比全市总数少0.02亿元"), "{}", all(&bulletin));
        // What adds up blames nobody.
        let bulletin = xi_an("2640.87", ["1000.10", "900.25", "500.30", "240.22"]);
        assert_eq!(bulletin.standings.parts(), Some(Parts::Alike));
        assert!(!bulletin.notes.concat().contains("四舍五入"), "{:?}", bulletin.notes);
        // A difference below the printed digit is not told.
        let bulletin = xi_an("2640.87001", ["1000.10", "900.25", "500.30", "240.22"]);
        assert_eq!(bulletin.standings.parts(), Some(Parts::Alike));
    }

    #[test]
    fn figures_in_full_that_print_apart_are_rounding() {
        let bulletin = xi_an("0.03", ["0.0075", "0.0075", "0.0075", "0.0075"]);
        assert_eq!(bulletin.standings.parts(), Some(Parts::Rounded));
    }
}

mod words {
    use super::*;

    fn title_and_noun(region: &'static str, units: &[&'static str]) -> (String, String) {
        let bulletin = Office::of(region, units).bulletin(&[(5, &vec![Some(600); units.len()])]);
        (bulletin.heading.whole, bulletin.heading.unit_noun)
    }

    #[test]
    fn units_are_called_what_they_are() {
        let check = |region, units: &[&'static str], whole: &str, noun: &str| {
            assert_eq!(title_and_noun(region, units), (whole.to_owned(), noun.to_owned()));
        };
        check("福州市", &["鼓楼区", "福清市", "闽侯县"], "全市", "县（市）区");
        check("鄂尔多斯市", &["东胜区", "达拉特旗"], "全市", "旗（区）");
        check("准格尔旗", &["薛家湾镇", "沙圪堵镇"], "全旗", "镇");
        check("宁波市鄞州区石碶街道", &["东杨村", "星光社区"], "全街道", "村（社区）");
        check("中国", &["北京", "湖南"], "全国", "省（区、市）");
        check("锡林郭勒盟", &["二连浩特市", "阿巴嘎旗"], "全盟", "旗（市）");
        check("某集团", &["甲公司", "乙公司"], "某集团", "企业");
    }

    #[test]
    fn the_plan_may_say_it() {
        let mut office = Office::of("某市", &["城东", "城西"]);
        office.keys = "unit_noun = '片区'";
        let bulletin = office.bulletin(&[(5, &[Some(600), Some(500)])]);
        assert_eq!(bulletin.heading.unit_noun, "片区");
        let plan = office.plan();
        assert_eq!(file::parse(&domain::plan::writer::write(&plan)).unwrap(), plan);
    }

    #[test]
    fn everybody_on_pace_or_behind_is_one_plain_sentence() {
        let told = |each: i64| said(&Office::of("某市", &EIGHT).bulletin(&[(5, &values(each, []))]), "进度");
        assert_eq!(told(520), "8个县全部达到序时进度。");
        assert!(told(400).starts_with("8个县均低于序时进度。"), "{}", told(400));
    }

    #[test]
    fn what_is_below_the_printed_digit_is_level() {
        let mut office = Office::of("某市", &["甲县"]);
        office.base = 10_000;
        // 2.500% and 2.502%.
        let bulletin = office.bulletin(&[(4, &[Some(41_000)]), (5, &[Some(51_251)])]);
        let lead = said(&bulletin, "");
        assert!(lead.contains("增幅基本持平"), "{lead}");
    }

    #[test]
    fn awards_are_given_and_taken_in_words() {
        let bulletin = Office::of("某市", &EIGHT).bulletin(&[(5, &[590, 580, 570, 560, 540, 450, 440, 430].map(Some))]);
        assert_eq!(
            said(&bulletin, "考核"),
            "按本期数据测算，己县扣0.1分、庚县扣0.2分、辛县扣0.3分。\
             若以序时进度衡量，甲县加0.3分、乙县加0.2分、丙县加0.1分、己县扣0.1分、庚县扣0.2分、辛县扣0.3分。"
        );
        let bulletin = Office::of("某市", &EIGHT).bulletin(&[(5, &[590, 580, 550, 550, 550, 550, 520, 510].map(Some))]);
        let by_pace = "若以序时进度衡量，甲县加0.3分、乙县加0.2分、丙县、丁县、戊县和己县各加0.1分。";
        assert!(said(&bulletin, "考核").ends_with(by_pace), "{}", said(&bulletin, "考核"));
    }

    #[test]
    fn who_pulls_is_told_in_one_breath() {
        let bulletin = Office::of("某市", &EIGHT).bulletin(&[(5, &[590, 580, 570, 560, 540, 530, 520, 510].map(Some))]);
        assert_eq!(said(&bulletin, "拉动"), "甲县、乙县、丙县分别拉动全市增长2.3个、2.0个、1.8个百分点。");
    }

    #[test]
    fn a_document_is_cited_once() {
        let plan = Office::of("某市", &["甲县"]).plan();
        assert_eq!(plan.basis(), "《计划》");
        let cited = domain::plan::cited;
        assert_eq!(cited("榕政综〔2021〕34号", "行动方案"), "榕政综〔2021〕34号《行动方案》");
        assert_eq!(cited("关于印发行动方案的通知", "行动方案"), "《关于印发行动方案的通知》");
        assert_eq!(cited("", ""), "");
        assert_eq!(cited("榕政综〔2021〕34号", ""), "榕政综〔2021〕34号");
    }

    #[test]
    fn the_clause_says_whole_only_where_it_does() {
        let explained = |quote: &'static str| {
            let mut office = Office::of("某市", &EIGHT);
            let rules = format!("quote = '{quote}'");
            office.rules = Box::leak(rules.into_boxed_str());
            office.plan().assessments[0].explanation(domain::plan::rules::Reading::Mixed)
        };
        assert!(explained("增幅居前三位的加分；增幅居全市后三位的扣分").ends_with("（只有扣分条款写了“全市”）"));
        assert!(explained("增幅居全省前三位的加分；增幅居全省后三位的扣分").ends_with("中排名次"));
        assert!(explained("增幅居前三位的加分；增幅居后三位的扣分").ends_with("中排名次"));
    }
}

mod precision {
    use super::*;

    #[test]
    fn a_column_has_one_precision_and_it_tells_places_apart() {
        let near_tie = [59_000, 58_010, 58_004, 56_000, 54_000, 53_000, 52_000, 51_000].map(Some);
        let mut office = Office::of("某市", &EIGHT);
        office.base = 10_000;
        let bulletin = office.bulletin(&[(5, &near_tie)]);
        let columns = Columns::of(&bulletin);
        let growths: Vec<String> = bulletin.standings.rows.iter().filter_map(|row| columns.growth(row)).collect();
        assert_eq!(growths[..4], ["18.00", "16.02", "16.01", "12.00"]);
    }

    #[test]
    fn completion_tells_apart_what_it_ranks() {
        let mut office = Office::of("某市", &["甲县", "乙县", "丙县"]);
        office.unit = "亿元";
        office.rules = "rank_by = 'completion'";
        let yi = |text: &str| Some(domain::money::Measure::money("亿元").unwrap().parse(text).unwrap().0);
        let bulletin = office.bulletin(&[(5, &[yi("500"), yi("499.9"), yi("400")])]);
        let columns = Columns::of(&bulletin);
        let completions: Vec<String> =
            bulletin.standings.rows.iter().filter_map(|row| columns.completion(row)).collect();
        assert_eq!(completions, ["41.67", "41.66", "33.33"]);
    }

    #[test]
    fn ratios_have_as_many_decimals_as_the_finest() {
        let mut office = Office::of("某市", &["甲县", "乙县"]);
        office.kind = "ratio";
        office.unit = "吨标准煤/万元";
        let bulletin = office.bulletin(&[(5, &[Some(450_000), Some(508_000)])]);
        let columns = Columns::of(&bulletin);
        let values: Vec<String> =
            bulletin.standings.rows.iter().filter_map(|row| row.value.map(|value| columns.value(value))).collect();
        assert_eq!(values, ["0.450", "0.508"]);
    }

    #[test]
    fn a_unit_stands_once_above_a_table() {
        let line = domain::bulletin::words::units_line;
        assert_eq!(line("%", true), "单位：%、个百分点");
        assert_eq!(line("亿元", true), "单位：亿元、%、个百分点");
        assert_eq!(line("%", false), "单位：%");
    }
}

mod corrected {
    use super::*;

    fn told(before: [i64; 8], after: [i64; 8]) -> String {
        let office = Office::of("某市", &EIGHT);
        let of = |values: [i64; 8]| office.bulletin(&[(5, &values.map(Some))]).standings;
        headline(&changes(&of(before), &of(after)))
    }

    #[test]
    fn one_line_says_what_moved() {
        let before = [590, 580, 570, 560, 540, 530, 520, 510];
        assert_eq!(told(before, [590, 580, 505, 560, 540, 530, 520, 510]), "更正15处，主要是丙县位次由3降为8");
        assert_eq!(told(before, before), "数据没有改动，只改文字");
        assert_eq!(
            told(before, [590, 580, 571, 560, 540, 530, 520, 510]),
            "更正5处，主要是全市累计完成由4,400元改为4,401元"
        );
    }
}
