//! Rosters: how a plan's file names bodies and their members, and who stands in a seat on which day.

mod plan_keys;

use chrono::NaiveDate;
use domain::plan::body::{Answers, Body, Member};
use domain::plan::{Plan, check, file, writer};
use domain::roster::{Act, Seat, Step, all, answering, seats, without_seat};
use proptest::prelude::*;

use plan_keys::check_key;

const PLAN: &str = "format = 1\nid = \"p\"\ntitle = \"计划\"\nregion = { name = \"某市\" }\nyears = [2021, 2021]\n\
                    [[unit]]\nid = \"350181\"\nname = \"福清市\"\n[[unit]]\nid = \"350182\"\nname = \"长乐区\"\n\
                    [[goal]]\nid = \"g\"\nname = \"投资\"\nkind = \"amount\"\nunit = \"万元\"\n\
                    targets = [{ year = 2021, value = \"1\" }]\n";

const GROUP: &str = "[[body]]\nid = \"b\"\ntitle = \"领导小组\"\nclause = \"附件2\"\nquote = \"成立领导小组\"\n\
                     duties = \"协商议事\"\nassumed = [\"一\"]\n\
                     [[body.member]]\nrole = \"组长\"\nname = \"甲\"\ntitle = \"副市长\"\n\
                     [[body.member]]\nrole = \"成员\"\nname = \"乙\"\ntitle = \"副市长\"\nunit = \"福清市\"\n\
                     [[body.member]]\nrole = \"第一责任人\"\ntitle = \"主要领导\"\nunit = \"each\"\n";

fn plan(more: &str) -> Plan {
    file::parse(&format!("{PLAN}{more}")).unwrap_or_else(|problems| panic!("{problems:?}"))
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn step(seat: &str, version: i64, act: Act, name: Option<&str>, since: &str) -> Step {
    Step {
        body: "b".to_owned(),
        seat: seat.to_owned(),
        version,
        act,
        name: name.map(str::to_owned),
        title: name.map(|_| "局长".to_owned()),
        since: (act != Act::Withdraw).then(|| day(since)),
        words: "某文".to_owned(),
        at: version,
        actor: "审核员".to_owned(),
    }
}

fn texts(seats: &[Seat], on: &str) -> Vec<String> {
    seats.iter().map(|seat| format!("{} {}", seat.role, seat.on(day(on)).text())).collect()
}

#[test]
fn who_stood_in_a_seat_on_any_day() {
    let plan = plan(GROUP);
    let body = plan.policies.body("b").unwrap();
    let first = "组长 甲 副市长";
    let mut steps =
        vec![step(first, 1, Act::Take, Some("丙"), "2021-06-01"), step(first, 2, Act::Vacate, None, "2021-09-01")];
    let known = seats(&plan, body, &steps);
    let keys: Vec<&str> = known.iter().map(|seat| seat.key.as_str()).collect();
    let each = ["第一责任人 主要领导 350181", "第一责任人 主要领导 350182"];
    assert_eq!(keys, [first, "成员 乙 副市长 350181", each[0], each[1]]);
    assert_eq!(texts(&known, "2021-05-31")[0], "组长 甲，副市长");
    assert_eq!(texts(&known, "2021-06-01")[0], "组长 丙，局长");
    assert_eq!(texts(&known, "2021-09-01")[0], "组长 空缺");
    let before: Vec<(String, Option<NaiveDate>)> =
        known[0].before(day("2021-12-31")).map(|(holder, until)| (holder.text(), until)).collect();
    let until = |text: &str| Some(day(text));
    assert_eq!(before, [("丙，局长".into(), until("2021-09-01")), ("甲，副市长".into(), until("2021-06-01"))]);
    // What was wrong is taken back; what the document says never is.
    steps.extend((3..=5).map(|version| step(first, version, Act::Withdraw, None, "2021-09-01")));
    let known = seats(&plan, body, &steps);
    assert_eq!((texts(&known, "2021-12-31")[0].as_str(), known[0].version), ("组长 甲，副市长", 5));
    // Who answers for a unit: by name, and by title until somebody is named.
    let named = [step(each[0], 1, Act::Take, Some("丁"), "2021-03-01")];
    let said = |unit: &str| -> Vec<String> {
        let found = answering(&plan, &named, unit, day("2021-03-01"));
        found.into_iter().map(|(_, role, holder)| format!("{role} {}", holder.text())).collect()
    };
    assert_eq!(said("350181"), ["成员 乙，副市长", "第一责任人 丁，局长"]);
    assert_eq!(said("350182"), ["第一责任人 主要领导"]);
    // A seat that a later version of the plan calls otherwise keeps what was recorded.
    let gone = [step("组长 甲 市长", 1, Act::Take, Some("丙"), "2021-06-01")];
    assert_eq!(without_seat(&plan, &gone).len(), 1);
    assert!(all(&plan, &gone).iter().all(|(_, seats)| seats.iter().all(|seat| seat.version == 0)));
    assert_eq!(without_seat(&plan, &named), Vec::<&Step>::new());
}

#[test]
fn what_a_document_leaves_open_is_found() {
    let codes = |more: &str| {
        let plan = plan(more);
        let found = check::check(&plan).into_iter().filter(|finding| finding.numbers.contains_key("body"));
        found.map(|finding| finding.code).collect::<Vec<_>>()
    };
    assert_eq!(codes("[[body]]\nid = \"b\"\ntitle = \"专班\"\n"), ["body_members_open"]);
    assert_eq!(codes(GROUP), ["assumed"]);
    let untitled = "[[body]]\nid = \"b\"\ntitle = \"专班\"\nmember = [{ role = \"组长\", name = \"甲\" }]\n";
    assert_eq!(codes(untitled), ["body_title_open"]);
}

#[test]
fn what_is_wrong_in_the_file_is_said_on_its_line() {
    let body = "[[body]]\nid = \"b\"\ntitle = \"专班\"\n";
    let check = |lines: &str, line: usize, says: &str| {
        check_key(PLAN, &format!("{body}[[body.member]]\nrole = \"组长\"\n{lines}\n"), line, says);
    };
    check("", 4, "body.member 要写姓名或职务");
    check("name = \" \"\ntitle = \"局长\"", 6, "body.member.name 是空的");
    check("name = \"甲\"\nunit = \"闽清县\"", 7, "计划里没有单位“闽清县”，请写计划里的单位");
    check("name = \"甲\"\nunit = \"福清\"", 7, "是不是“福清市”？");
    check("name = \"甲\"\nphone = \"1\"", 7, "不认识的键 body.member.phone");
    check(&format!("name = \"甲\"\ntitle = \"{}\"", "长".repeat(101)), 7, "写了 101 字，请缩短到 100 字以内");
    check("name = \"甲\"\n[[body.member]]\nrole = \"组长\"\nname = \"甲\"", 7, "body.member “组长 甲”写了两次");
    check_key(PLAN, &format!("{body}member = [{{ name = \"甲\" }}]\n"), 4, "缺少 body.member.role");
    check_key(PLAN, &format!("{body}{body}"), 5, "body “b”出现两次");
    let same = "[[body]]\nid = \"c\"\ntitle = \"专 班\"\n";
    check_key(PLAN, &format!("{body}{same}"), 5, "出现两次");
    check_key(PLAN, "[[body]]\nid = \"B\"\ntitle = \"专班\"\n", 2, "body.id “B”只能用小写字母");
    check_key(PLAN, "[[body]]\nid = \"b\"\n", 1, "缺少 body.title");
    check_key(PLAN, &format!("{body}leader = \"甲\"\n"), 4, "不认识的键 body.leader");
}

fn member() -> impl Strategy<Value = Member> {
    let text = || proptest::option::of("[甲-龟\"\\\\]{1,8}");
    let answers = proptest::sample::select(vec![None, Some(Answers::Each), Some(Answers::For("350181".to_owned()))]);
    ("[甲-龟]{1,6}", text(), "[甲-龟a-z\"\\\\]{1,20}", answers).prop_map(|(role, name, title, answers)| Member {
        role,
        name,
        title: Some(title),
        answers,
    })
}

proptest! {
    #[test]
    fn bodies_are_written_as_they_are_read(
        members in proptest::collection::vec(member(), 0..6),
        texts in proptest::collection::vec(proptest::option::of("[甲-龟“”\"\\\\]{1,30}"), 3),
    ) {
        let mut wanted = plan(GROUP);
        let mut seen = std::collections::BTreeSet::new();
        let mut new = |member: &Member| {
            seen.insert(domain::region::fold_name(&member.seat(member.answers.as_ref().map(Answers::word))))
        };
        wanted.policies.bodies.push(Body {
            id: "more".to_owned(),
            title: "更多".to_owned(),
            clause: texts[0].clone(),
            quote: texts[1].clone(),
            duties: texts[2].clone(),
            members: members.into_iter().filter(|member| new(member)).collect(),
            assumed: Vec::new(),
        });
        let failed = |problems: Vec<domain::Problem>| TestCaseError::fail(format!("{problems:?}"));
        let read = file::parse(&writer::write(&wanted)).map_err(failed)?;
        prop_assert_eq!(&read.policies, &wanted.policies);
        // As the editor's box holds them, too.
        let (policies, _) = file::policies(&writer::policies::text(&wanted.policies), &wanted).unwrap();
        prop_assert_eq!(policies, wanted.policies);
    }
}
