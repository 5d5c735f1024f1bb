//! 评选: keys of `[[selection]]`, who is chosen and why, and what holds whatever is entered in whatever order.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use domain::plan::check::check as findings;
use domain::plan::selection::{Criterion, Terms, TiesAtLast, points};
use domain::plan::{Plan, file, writer};
use domain::rate::Rate;
use domain::selection::ranking::{Entrant, Outcome, Ranking, rank};
use proptest::prelude::*;

const PLAN: &str = "format = 1\nid = \"p\"\ntitle = \"评选\"\nregion = { code = \"350100\", name = \"福州市\" }\n\
                    years = [2021, 2021]\n[[goal]]\nid = \"g\"\nname = \"优秀项目\"\nkind = \"count\"\nunit = \"个\"\n\
                    targets = [{ year = 2021, value = \"3\" }]\n";

fn shipped(name: &str) -> Plan {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../assets/plans/{name}.plan.toml"));
    file::parse(&fs::read_to_string(&path).unwrap()).unwrap()
}

/// 技术水平 of 40 and 经济效益 of 60.
fn terms(places: u32, ties: Option<TiesAtLast>) -> Terms {
    let criteria = Criterion::parse_list("技术水平 40\n经济效益：60分").unwrap();
    Terms { places: Some(places), ties, criteria, ..Terms::default() }
}

fn entrants(scores: &[(&str, &str)]) -> Vec<Entrant> {
    let entrant = |(at, (one, other)): (usize, &(&str, &str))| Entrant {
        number: at as u32 + 1,
        scores: vec![points(one).unwrap(), points(other).unwrap()],
    };
    scores.iter().enumerate().map(entrant).collect()
}

/// Numbers of whoever is chosen, and the places of all in the order of their numbers.
fn result(ranking: &Ranking) -> (BTreeSet<u32>, Vec<usize>) {
    let mut places: Vec<(u32, usize)> = ranking.lines.iter().map(|line| (line.number, line.place)).collect();
    places.sort_unstable();
    let chosen = ranking.chosen().map(|line| line.number).collect();
    (chosen, places.into_iter().map(|(_, place)| place).collect())
}

#[test]
fn the_last_place_is_decided_by_what_was_declared() {
    // 2, 3 and 4 have 80.5 each: two places are left after 1.
    let all = entrants(&[("40", "50"), ("30.5", "50"), ("40", "40.5"), ("30.5", "50"), ("10", "10")]);
    let chosen = |places: u32, ties: Option<TiesAtLast>| result(&rank(&terms(places, ties), &all));
    let numbers = |numbers: &[u32]| numbers.iter().copied().collect::<BTreeSet<u32>>();
    assert_eq!(chosen(4, None), (numbers(&[1, 2, 3, 4]), vec![1, 2, 2, 2, 5]), "nothing to decide");
    assert_eq!(chosen(3, Some(TiesAtLast::SharePlace)).0, numbers(&[1, 2, 3, 4]));
    assert_eq!(chosen(3, Some(TiesAtLast::LeaveOut)).0, numbers(&[1]));
    // 3 has more for 技术水平; 2 and 4 are the same in all of them and share the place behind it.
    assert_eq!(chosen(3, Some(TiesAtLast::Criteria)), (numbers(&[1, 2, 3, 4]), vec![1, 3, 2, 3, 5]));
    assert_eq!(chosen(2, Some(TiesAtLast::Criteria)).0, numbers(&[1, 3]));
    assert_eq!(chosen(9, None).0.len(), 5, "fewer than places");

    let open = rank(&terms(3, None), &all);
    assert_eq!(open.chosen().count(), 1);
    assert!(open.lines.iter().filter(|line| line.outcome == Outcome::Open).count() == 3);
    assert_eq!(open.tie.as_ref().unwrap().sentence(), "第2名有3项并列（第2、3、4号），名额还剩2个");
    assert_eq!(
        open.get(3).unwrap().why,
        [
            "得分：技术水平40（满分40）＋经济效益40.5（满分60），合计80.5。",
            "参评5项，得分比它高的1项，列第2名。",
            "第2名有3项并列（第2、3、4号），名额还剩2个。",
            "评选办法没有写末位并列怎么办，还不能定。",
            "名额3个，末位并列，待定。",
        ]
    );
}

#[test]
fn points_are_exact_decimals() {
    assert_eq!(points("０.1"), Rate::new(1, 10));
    assert_eq!(points("38.2525").map(|points| points.exact()).as_deref(), Some("15301/400"));
    for wrong in ["", "-1", "1.23456", "10000", "四十", "1e2"] {
        assert_eq!(points(wrong), None, "{wrong}");
    }
}

#[test]
fn criteria_are_read_line_by_line() {
    let said = |text: &str| Criterion::parse_list(text).unwrap_err();
    assert_eq!(said("技术水平"), "“技术水平”请写成一项标准和它的满分，例如 技术水平 40");
    assert!(said("技术水平 0").contains("例如"));
    assert_eq!(said("技术水平 40\n技术水平 60"), "标准“技术水平”写了两次，请只留一项");
}

/// What the five documents do not say is a finding, and nothing of it is in their plans.
#[test]
fn what_the_documents_leave_open_is_said() {
    let mut count = 0;
    for name in ["fuzhou-2021", "fengze-2022", "fujian-2013", "ningde-2021", "longnan-2022"] {
        let plan = shipped(name);
        let again = file::parse(&writer::write(&plan)).unwrap();
        assert_eq!(again.selections, plan.selections, "{name}");
        let all = findings(&plan);
        for selection in &plan.selections {
            let found = all
                .iter()
                .find(|finding| finding.code == "selection_open" && finding.numbers["selection"] == selection.id);
            assert!(found.is_some_and(|found| found.message.contains("评分标准和满分")), "{name} {}", selection.id);
            count += 1;
        }
        assert!(all.iter().all(|finding| finding.code != "selection_places_differ"), "{name}");
    }
    assert_eq!(count, 5);
    let said = |lines: &str| {
        let source =
            format!("{PLAN}[[selection]]\nid = \"a\"\ntitle = \"某项\"\nquote = \"某\"\ngoal = \"g\"\n{lines}\n");
        let found = findings(&file::parse(&source).unwrap());
        found
            .into_iter()
            .filter(|finding| finding.code.starts_with("selection_"))
            .map(|finding| finding.message)
            .collect::<Vec<_>>()
    };
    let whole = "places = 3\nnotice_days = 5\nties = \"leave_out\"\ncriteria = [{ name = \"总分\", full = 100 }]";
    assert_eq!(said(whole), Vec::<String>::new());
    let differs = whole.replace("places = 3", "places = 4");
    assert_eq!(said(&differs), ["评选“某项”：名额4个，目标写3个，请核对"]);
}

#[test]
fn wrong_keys_of_selections_are_said_on_their_line() {
    let check = |lines: &str, line: usize, says: &str| {
        let source = format!("{PLAN}[[selection]]\nid = \"a\"\ntitle = \"某项\"\nquote = \"某\"\n{lines}\n");
        let problems = file::parse(&source).unwrap_err();
        let first = PLAN.lines().count() + 4;
        let found = problems.iter().any(|problem| problem.line == first + line && problem.message.contains(says));
        assert!(found, "{lines}: {problems:?}");
    };
    check("places = 0", 1, "selection.places 应为 1 至 9999 的整数");
    check("places = 3\nsubject = \"person\"", 2, "请写 project、firm、product 之一");
    check("ties = \"lottery\"", 1, "请写 share_place、leave_out、criteria 之一");
    check("criteria = [{ name = \"总分\" }]", 1, "每一项要写名称和满分");
    check("criteria = [{ name = \"总分\", full = \"60\" }, { name = \"总分\", full = \"40\" }]", 1, "“总分”写了两次");
    check("goal = \"x\"", 1, "selection.goal “x”不是计划的目标");
    check("place = 3", 1, "是否应为 places？");
}

fn some_entrants() -> impl Strategy<Value = Vec<Entrant>> {
    prop::collection::vec((0_i128..5, 0_i128..5), 0..12).prop_map(|scores| {
        let quarter = |count: i128| Rate::new(count, 4).unwrap();
        let entrant = |(at, (one, other)): (usize, (i128, i128))| Entrant {
            number: at as u32 + 1,
            scores: vec![quarter(one), quarter(other)],
        };
        scores.into_iter().enumerate().map(entrant).collect()
    })
}

const READINGS: [Option<TiesAtLast>; 4] =
    [None, Some(TiesAtLast::SharePlace), Some(TiesAtLast::LeaveOut), Some(TiesAtLast::Criteria)];

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    /// Who was entered first has no advantage, and nobody behind somebody chosen is ahead of him.
    #[test]
    fn the_order_of_entering_decides_nothing(
        (all, shuffled) in some_entrants().prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle())),
        places in 1_u32..8,
        reading in prop::sample::select(&READINGS[..]),
    ) {
        let terms = terms(places, reading);
        let ranking = rank(&terms, &all);
        prop_assert_eq!(&ranking, &rank(&terms, &shuffled));
        let worst = ranking.chosen().map(|line| line.total).min();
        for line in ranking.lines.iter().filter(|line| line.outcome != Outcome::Chosen) {
            prop_assert!(worst.is_none_or(|worst| line.total <= worst), "{:?}", line);
        }
    }

    /// Never more than the places, except where the declared reading says so: and then they share the last place.
    #[test]
    fn never_more_than_the_places(
        all in some_entrants(),
        places in 1_u32..8,
        reading in prop::sample::select(&READINGS[..]),
    ) {
        let ranking = rank(&terms(places, reading), &all);
        let (chosen, places) = (ranking.chosen().count(), places as usize);
        let last = ranking.chosen().map(|line| line.place).max().unwrap_or_default();
        prop_assert!(last <= places);
        match reading {
            None | Some(TiesAtLast::LeaveOut) => prop_assert!(chosen <= places),
            Some(_) => {
                prop_assert!(chosen >= places.min(all.len()));
                let before = ranking.chosen().filter(|line| line.place < last).count();
                prop_assert!(chosen <= places || before < places);
            }
        }
    }
}
