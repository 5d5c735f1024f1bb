//! What a plan file can say, the editor's pages can say: every plan goes through their boxes into an empty one.

use std::collections::BTreeMap;

use super::*;

const PLANS: [(&str, &str); 9] = [
    ("every-key", include_str!("../../../tests/fixtures/every-key.plan.toml")),
    ("fengze-2022", include_str!("../../../assets/plans/fengze-2022.plan.toml")),
    ("fujian-2013", include_str!("../../../assets/plans/fujian-2013.plan.toml")),
    ("fuzhou-2021", include_str!("../../../assets/plans/fuzhou-2021.plan.toml")),
    ("longnan-2022", include_str!("../../../assets/plans/longnan-2022.plan.toml")),
    ("ningde-2021", include_str!("../../../assets/plans/ningde-2021.plan.toml")),
    ("contract edge", include_str!("../../../tests/fixtures/contract/edge.plan.toml")),
    ("contract fujian-2013", include_str!("../../../tests/fixtures/contract/fujian-2013.plan.toml")),
    ("contract fuzhou-2021", include_str!("../../../tests/fixtures/contract/fuzhou-2021.plan.toml")),
];

fn parsed(name: &str, source: &str) -> Plan {
    file::parse(source).unwrap_or_else(|problems| panic!("{name}: {problems:?}"))
}

/// Sends a page with the boxes that it has for `from`, over what was made so far.
fn send(made: &str, from: &Plan, part: &Part, goal: &str, year: i32) -> Result<String, Vec<Fault>> {
    let mut posted = boxes(from, part, goal, year);
    posted.set(PART, &part.code());
    posted.set(DRAFT, made);
    posted.set("target_year", &year.to_string());
    let edited = read(&posted, None);
    edited.plan.map(|(_, source)| source).ok_or(edited.faults)
}

/// The plan as somebody makes it who goes from page to page: a first goal with the plan, then everything it names, then
/// the goals as they are.
fn made_anew(name: &str, plan: &Plan) -> Plan {
    let mut plain = plan.clone();
    plain.remove_rows();
    let mut first = plain.clone();
    for goal in &mut first.goals {
        goal.meaning = Default::default();
        goal.measure = goal::measure(goal.kind, &goal.measure.unit, None).unwrap();
        (goal.targets, goal.whole, goal.splits, goal.pace) =
            (Vec::new(), None, Vec::new().into(), domain::plan::Pace::Linear);
    }
    first.assessments = Vec::new();
    let mut made = String::new();
    let mut step = |from: &Plan, part: Part, goal: &str, year: i32| {
        made = send(&made, from, &part, goal, year).unwrap_or_else(|faults| panic!("{name}, {part:?}: {faults:#?}"));
    };
    let year = plain.years.0;
    step(&first, Part::Whole, &plain.goals[0].id, year);
    step(&plain, Part::Rhythms, "", year);
    step(&plain, Part::Units, "", year);
    step(&plain, Part::Projects, "", year);
    for goal in &first.goals[1..] {
        let mut alone = first.clone();
        alone.goals = vec![goal.clone()];
        step(&alone, Part::Goal(goal.id.clone()), "", year);
    }
    for goal in &plain.goals {
        for year in plain.years.0..=plain.years.1 {
            let mut without_rules = plain.clone();
            without_rules.assessments.clear();
            step(&without_rules, Part::Goal(goal.id.clone()), "", year);
        }
    }
    for assessment in &plain.assessments {
        step(&plain, Part::Goal(assessment.goal.clone()), "", year);
    }
    step(&plain, Part::Comparisons, "", year);
    // Each policy on a page of its own, once to make it and once over what is there.
    let mut bare = plain.clone();
    (bare.policies.list, bare.policies.groups) = (Vec::new(), Vec::new());
    step(&bare, Part::Policies, "", year);
    for _ in 0..2 {
        for group in &plain.policies.groups {
            step(&plain, Part::Policy(Sort::Group, group.id.clone()), "", year);
        }
        for policy in &plain.policies.list {
            step(&plain, Part::Policy(Sort::Policy, policy.id.clone()), "", year);
        }
    }
    step(&plain, Part::Policies, "", year);
    for task in &plain.tasks {
        step(&plain, Part::Task(task.id.clone()), "", year);
    }
    // New goals stand with their section: the list puts them where the document has them.
    let current = parsed(name, &made);
    let mut list = Posted::default();
    for (index, goal) in current.goals.iter().enumerate() {
        let at = plain.goals.iter().position(|other| other.id == goal.id).unwrap();
        list.set(&goal_row(index, "id"), &goal.id);
        list.set(&goal_row(index, "order"), &(at + 1).to_string());
    }
    list.set(PART, &Part::Goals.code());
    list.set(DRAFT, &made);
    let edited = read(&list, None);
    assert_eq!(edited.faults, [], "{name}");
    edited.plan.unwrap().0
}

#[test]
fn every_plan_can_be_made_in_the_editor() {
    for (name, source) in PLANS {
        let plan = parsed(name, source);
        let made = made_anew(name, &plan);
        for goal in &plan.goals {
            assert_eq!(made.goal(&goal.id), Some(goal), "{name}: {}", goal.id);
        }
        assert_eq!(made.assessments, plan.assessments, "{name}");
        assert_eq!(made, plan, "{name}");
    }
}

/// Moved in the text of the page, a policy stays where it was put, beside numbers that nobody touched.
#[test]
fn a_policy_moved_in_the_text_stays_there() {
    let plan = parsed("fuzhou-2021", PLANS[3].1);
    let moved = |change: &dyn Fn(&mut Posted)| {
        let mut posted = boxes(&plan, &Part::Policies, "", 2021);
        posted.set(PART, &Part::Policies.code());
        change(&mut posted);
        let made = read(&posted, Some(&plan)).plan.unwrap().0;
        made.policies.list.iter().map(|policy| policy.id.clone()).collect::<Vec<_>>()
    };
    let mut turned = plan.clone();
    turned.policies.list.rotate_right(1);
    let ids: Vec<String> = turned.policies.list.iter().map(|policy| policy.id.clone()).collect();
    let text = boxes(&turned, &Part::Policies, "", 2021).text(POLICIES).to_owned();
    assert_eq!(moved(&|posted| posted.set(POLICIES, &text)), ids);
    // By its number, likewise.
    let last = plan.policies.list.len() - 1;
    assert_eq!(moved(&|posted| posted.set(&goal_row(last, "order"), "1")), ids);
}

/// What is wrong with a policy is said at its box, in the words of the page.
#[test]
fn a_policys_faults_are_said_in_the_words_of_the_form() {
    let plan = parsed("fuzhou-2021", PLANS[3].1);
    let own = |changes: &[(&str, &str)]| {
        let mut posted = Posted::default();
        let usual =
            [("title", "新政策"), ("quote", "原文"), ("what", "share"), ("base", "equipment"), ("share_pct", "3")];
        usual.iter().chain(changes).for_each(|(key, value)| posted.set(&policy_box(key), value));
        posted.set(PART, "policy:");
        read(&posted, Some(&plan))
    };
    let check = |changes: &[(&str, &str)], field: &str, sentence: &str| {
        let edited = own(changes);
        let said = edited.faults.iter().map(|fault| (fault.field.clone(), fault.sentence.clone())).collect::<Vec<_>>();
        assert_eq!(said, [(policy_box(field), sentence.to_owned())], "{changes:?}");
    };
    let good = own(&[("cap.firm", "500"), ("tiers.0.level", ""), ("conditions.0.is", "in_statistics")]);
    assert_eq!(good.faults, []);
    let made = good.plan.unwrap().0;
    let policy = made.policies.list.last().unwrap();
    assert_eq!((&*policy.id, policy.caps.firm.map(|cap| cap.0)), ("policy", Some(5_000_000)));
    assert_eq!(domain::policy::conditions_in_words(policy).len(), 1);
    check(&[("title", "")], "title", "还没有填名称，例如 设备投资补助。");
    check(&[("what", "")], "what", "还没有选怎样给。");
    check(&[("cap.firm", "0")], "cap.firm", "每家一年最多要大于0，例如 500万元。");
    check(
        &[("share_pct", "")],
        "share_pct",
        "“怎样给”选“按比例（可分级、分档）”，要写“比例（%）”或“分级、分档”，例如“比例（%）”填 3。",
    );
    check(&[("base", "saved")], "base", "“按哪个数”选“年节能量”不是金额，不能按比例给钱。");
    check(
        &[("what", "interest"), ("share_pct", "2")],
        "base",
        "“按哪个数”与“怎样给”选“贴息”不合，请清空，或改“怎样给”。",
    );
    let beside = [("tiers.0.level", "国家级"), ("tiers.0.share_pct", "5")];
    check(&beside, "share_pct", "“比例（%）”和“分级、分档”不能都写，请只留一个。");
    let mut per_ton = own(&[("what", "unit"), ("base", "saved"), ("share_pct", ""), ("per_unit", "500")]);
    let made = per_ton.plan.take().unwrap().0;
    let said = domain::policy::in_words(made.policies.list.last().unwrap());
    assert!(said.contains("每吨标准煤500元"), "{said}");
    let changed = policy_changes(&plan, &made);
    assert_eq!(changed, [format!("增加政策“新政策”：{said}")]);
    let dated = own(&[("valid_to", "12月31日")]).plan.unwrap().0;
    let valid = dated.policies.list.last().unwrap().valid;
    assert_eq!(valid.to.map(|day| day.to_string()).as_deref(), Some("2021-12-31"));
    check(&[("title", "企业发债融资贴息")], "title", "“政策”“企业发债融资贴息”出现两次，请改成不同的名字。");
    check(&[("share_pct", "0")], "share_pct", "比例（%）要大于0、不超过1000，例如 3。");
    check(&[("years", "3")], "years", "“给几年”只用于贴息和按增量给的，请清空；只给一次的勾选“只给一次”。");
    check(&[("order", "approval")], "order", "写了“资金不够时谁先”（先后），要同时写“资金总额”，没有总额就不分先后。");
    check(&[("paid_by", "省 30%\n市 30%")], "paid_by", "“谁出资”各付的比例合计 60%，应为 100%。");
    check(&[("cap.share_pct", "30")], "cap.share_pct", "“不超过的比例（%）”和“占哪个数的比例”要一起填。");
    let turned = [("valid_from", "2022-02-01"), ("valid_to", "2021-02-01")];
    check(&turned, "valid_from", "“自哪一天起”不能晚于“到哪一天止”。");
    check(&[("id", "equipment")], "id", "“政策”“equipment”出现两次，请改成不同的名字。");
    check(&[("id", "设备")], "id", "“代号”“设备”只能用小写字母、数字、连字符和下划线，例如 equip_1。");
    check(
        &[("share_pct", ""), ("tiers.0.level", "国家级")],
        "tiers.0.level",
        "“分级、分档”的这一项要写“给百分之几”或“给多少”之一，例如“级别”填 省级、“给多少”填 10万元。",
    );
    let twice =
        [("tiers.0.level", "省级"), ("tiers.0.share_pct", "3"), ("tiers.1.level", "省"), ("tiers.1.share_pct", "2")];
    let twice = [&[("share_pct", "")][..], &twice].concat();
    check(&twice, "tiers.0.level", "“分级、分档”的级别“省”出现两次，请只留一项。");
    check(
        &[("conditions.0.is", "first"), ("conditions.0.of", "total"), ("conditions.0.least", "100")],
        "conditions.0.is",
        "一行写一个条件：选“须是”，或选一个数并填“达到（含）”或“超过”，或填“完工的年份”，例如 2018、2019。",
    );
    let last_year = [("conditions.0.is", ""), ("conditions.0.completed_in", "2018、去年")];
    check(&last_year, "conditions.0.completed_in", "完工的年份“2018、去年”不是年份，请写成 2018、2019。");
    // Whatever does not go together, no key of the file is said.
    for what in ["amount", "share", "unit", "interest", "increment", "choice", "open", "elsewhere"] {
        for more in [&[][..], &[("base", "")], &[("base", ""), ("share_pct", "")], &[("amounts", "20\n10")]] {
            let edited = own(&[&[("what", what)][..], more].concat());
            for fault in edited.faults {
                let is_key = |c: char| c.is_ascii_lowercase() || c == '_';
                assert!(!fault.sentence.contains(is_key), "{what} {more:?}: {}", fault.sentence);
            }
        }
    }
}

/// Sends a block to a page of 丰泽's plan.
fn pasted(part: Part, name: &str, block: &str) -> Edited {
    let plan = parsed("fengze-2022", PLANS[1].1);
    let mut posted = boxes(&plan, &part, "", 2022);
    posted.set(PART, &part.code());
    posted.set(name, block);
    read(&posted, Some(&plan))
}

#[test]
fn goals_are_pasted_as_a_block() {
    let block = "\t指标名称\t目标值\t计量单位\t牵头单位\t责任单位\n1\t智能化诊断企业\t每年30\t家\t区工信局\t各街道办事处、科技局\n\
                 2\t数字化投资\t不低于50亿元\t\t区工信局\t\n3\t单位能耗下降\t3.5%以上\t\t区发改局\t\n4\t示范车间\t3—5\t个\t\t";
    let edited = pasted(Part::Goals, GOALS, block);
    assert_eq!(edited.faults, []);
    let plan = edited.plan.unwrap().0;
    let made = &plan.goals[plan.goals.len() - 4..];
    let said: Vec<String> = made
        .iter()
        .map(|goal| {
            let value = goal.target(2022).and_then(|target| target.value).or(goal.whole.map(|whole| whole.value));
            let value = value.map(|value| goal.measure.with_unit(value)).unwrap_or_default();
            format!("{} {:?} {value} {}", goal.name, goal.kind, goal.lead.join("、"))
        })
        .collect();
    assert_eq!(
        said,
        [
            "智能化诊断企业 Count 30家 区工信局",
            "数字化投资 Amount 50.00亿元 区工信局",
            "单位能耗下降 Ratio 3.5% 区发改局",
            "示范车间 Count 3个 "
        ]
    );
    assert_eq!(made[0].targets.len(), 4, "每年 is the target of each year");
    assert_eq!(made[0].responsible, ["各街道办事处", "科技局"]);
    assert_eq!(made[1].whole.map(|whole| (whole.from, whole.to)), Some((2021, 2024)));
    assert_eq!(made[3].meaning.up_to.len(), 4);
}

#[test]
fn a_pasted_goal_that_cannot_be_read_is_named() {
    let block = "上云企业\t若干\n上云企业\t20\n云平台\t1个\n云平台\t2个\n车间\t5—3个";
    let edited = pasted(Part::Goals, GOALS, block);
    let said: Vec<&str> = edited.faults.iter().map(|fault| fault.sentence.as_str()).collect();
    assert_eq!(
        said,
        [
            "粘贴的目标第 1 行的“上云企业”没有目标数，请写成 12项、1120亿元 或 25%。",
            "粘贴的目标第 2 行的“上云企业”没有计量单位，请在目标数后面写上，例如 12项。",
            "粘贴的目标第 4 行的“云平台”已经有了，请去掉这一行，或改名称。",
            "粘贴的目标第 5 行的“车间”目标“5—3个”的上限不大于下限，请核对。"
        ]
    );
}

#[test]
fn tasks_are_pasted_as_a_block() {
    let block = "工作任务\t完成时限\t责任单位\n完成企业摸底\t2022年3月底前\t各街道办事处\n出台实施方案\t2022年4月15日前\t区工信科技局\n开展巡查\t2022年6月1日至6月30日\t";
    let edited = pasted(Part::Tasks, TASKS, block);
    let plan = match edited.plan {
        Some((plan, _)) => plan,
        None => panic!("{:?}", edited.faults),
    };
    let made = &plan.tasks[plan.tasks.len() - 3..];
    let said: Vec<String> =
        made.iter().map(|task| format!("{} {:?} {}", task.title, task.due, task.by.join("、"))).collect();
    assert_eq!(said[0], "完成企业摸底 Month(Period { year: 2022, month: 3 }) sort:street");
    assert!(said[1].starts_with("出台实施方案 Day(2022-04-15)"), "{said:?}");
    assert!(said[2].starts_with("开展巡查 Window(2022-06-01, 2022-06-30)"), "{said:?}");
    let both = pasted(
        Part::Tasks,
        TASKS,
        "工作任务\t完成时限\t牵头单位\t责任单位\n联审\t2022年3月底前\t区工信科技局\t各街道办事处",
    );
    assert_eq!(both.faults, []);
    let made = both.plan.unwrap().0.tasks.pop().unwrap();
    assert_eq!(made.by, [made.by[0].as_str(), "sort:street"], "the office and the streets, each by its own name");
    let refused = pasted(Part::Tasks, TASKS, "摸底\t尽快\n方案\t2022年3月31日\t财神办");
    let said: Vec<&str> = refused.faults.iter().map(|fault| fault.sentence.as_str()).collect();
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said[0].contains("“摸底”没有完成时限"), "{said:?}");
    assert!(said[1].contains("由“财神办”完成，但单位表里没有它"), "{said:?}");
}

/// Each page, sent as it was opened, changes nothing.
#[test]
fn a_page_that_is_sent_unchanged_changes_nothing() {
    for (name, source) in PLANS {
        let plan = parsed(name, source);
        let mut parts = vec![
            Part::Whole,
            Part::Plan,
            Part::Rhythms,
            Part::Units,
            Part::Goals,
            Part::Tasks,
            Part::Projects,
            Part::Comparisons,
            Part::Policies,
        ];
        parts.extend(plan.goals.iter().map(|goal| Part::Goal(goal.id.clone())));
        parts.extend(plan.tasks.iter().map(|task| Part::Task(task.id.clone())));
        for part in parts {
            let goal = plan.default_goal().id.clone();
            let mut posted = boxes(&plan, &part, &goal, plan.years.1);
            posted.set(PART, &part.code());
            posted.set("target_year", &plan.years.1.to_string());
            let edited = read(&posted, Some(&plan));
            assert_eq!(edited.faults, [], "{name}, {part:?}");
            assert_eq!(edited.plan.unwrap().0, plan, "{name}, {part:?}");
        }
    }
}

/// A key that is new in the reader of plan files is given to `every-key.plan.toml`, and with it to the editor:
/// [`every_plan_can_be_made_in_the_editor`] fails until some page has a box for it.
#[test]
fn every_key_of_a_plan_file_goes_through_the_editor() {
    let mut keys: BTreeMap<String, bool> = BTreeMap::new();
    for (_, source) in PLANS {
        for (key, has) in file::keys(source) {
            *keys.entry(key).or_default() |= has;
        }
    }
    // The reader asks for these to say that they stand elsewhere.
    let refused = ["goal.split.targets.range", "goal.split.whole.range"];
    keys.retain(|key, _| !refused.contains(&key.as_str()));
    let missing: Vec<&String> = keys.iter().filter(|(_, has)| !**has).map(|(key, _)| key).collect();
    assert!(missing.is_empty(), "no plan of the test has {missing:?}: add them to every-key.plan.toml");
    assert!(keys.len() > 140, "{}", keys.len());
}
