//! Everything wrong with a plan file is said in one run, each thing on its line, with what to write instead.

use domain::Problem;
use domain::plan::file;

/// Nearly every line is wrong in its own way.
const WRONG: &str = r#"format = 1
title = "2021年技术改造专项行动方案"
region = { code = "350100", name = "福州市" }
years = [2021, 2021]
regoin = "福州"

[document]
number = "榕政综〔2021〕34号"
dated = 2021-02-30

[calendar]
cadence = "weekly"
deadline = { day = 31, of = "next_month" }

[[goal]]
id = "investment"
name = "工业技改投资"
kind = "amount"
unit = "亿"
targets = [{ year = 2022, value = "1120", growth_pct = 12 }]
pace = { curve = [
  { month = 3, share = "0.45" },
  { month = 6, share = "0.184" },
  { month = 12, share = "0.99" },
] }

  [[goal.split]]
  region = "350102"
  name = "鼓楼区"
  value = 21

  [[goal.split]]
  name = "鼓 楼 区"
  value = "21"

  [[goal.split]]
  name = "台江区"
  target = "none"
  value = "5"

  [[goal.split]]
  name = "高新区"
  within = "闽候县"
  value = "三十四"

  [[goal.split]]
  name = "甲园"
  within = "乙园"

  [[goal.split]]
  name = "乙园"
  within = "甲园"

[[goal]]
id = "key_projects"
name = "重点项目"
kind = "count"
unit = "项"

[[assessment]]
goal = "investement"
reading = "filter_first"
ties = "shared"
compare = "one"
  [[assessment.award]]
  when = "completed"
  from = "top"
  places = ["0.3", "0.2", "O.1"]
  unit = "分"
  [[assessment.award]]
  when = "done"
  from = "bottom"
  places = []
  unit = "万元"
"#;

const EXPECTED: [(usize, &str); 24] = [
    (1, "缺少 id，请补一行 id = \"fuzhou-2021\""),
    (5, "不认识的键 regoin，是否应为 region？"),
    (9, "document.dated 不是存在的日期，请写成 dated = 2021-02-16"),
    (12, "“weekly”，请写 monthly、quarterly、half_yearly、yearly 之一"),
    (13, "day = 31 并非每月都有，请写 1 至 28"),
    (19, "不能写“亿”，请写 亿元、万元 或 元"),
    (20, "请写成 growth_pct = \"12\""),
    (20, "目标年份 2022 不在计划的 2021—2021 年之内"),
    (21, "最后一点应为 { month = 12, share = \"1\" }"),
    (23, "6 月下降了，累计比重不能变小"),
    (30, "请写成 value = \"21\""),
    (32, "鼓 楼 区 在分解表里出现两次（另一处写作鼓楼区），请只留一行"),
    (36, "不能再写 value、growth_pct 或 targets"),
    (43, "within = \"闽候县\" 不是分解表里的任何一行，请写那一行的代码或名称"),
    (44, "“三十四”不是数字，请只写数字"),
    (46, "甲园 的 within 绕成了圈，请让它指向不在它之内的一行"),
    (50, "乙园 的 within 绕成了圈"),
    (61, "“investement”不是已有的目标，请写"),
    (62, "“filter_first”，请写 rank_then_filter、filter_then_rank、mixed 之一"),
    (63, "“shared”，请写 share_place、completion、split_points 之一"),
    (64, "“one”，请写 exact 或 0 至 6 的小数位数"),
    (68, "“O.1”不是数字"),
    (70, "请写 places = [\"0.3\", \"0.2\", \"0.1\"]"),
    (71, "“done”，请写 completed、not_completed、always 之一"),
];

fn problems_of(source: &str) -> Vec<Problem> {
    file::parse(source).err().unwrap_or_default()
}

#[test]
fn all_mistakes_are_said_in_one_run() {
    let found = problems_of(WRONG);
    let missing: Vec<_> = EXPECTED
        .iter()
        .filter(|(line, part)| !found.iter().any(|problem| problem.line == *line && problem.message.contains(part)))
        .collect();
    assert!(missing.is_empty(), "not said: {missing:#?}\nsaid: {found:#?}");
    let unfounded: Vec<_> =
        found.iter().filter(|problem| !EXPECTED.iter().any(|(line, _)| *line == problem.line)).collect();
    assert!(unfounded.is_empty(), "about lines without a mistake: {unfounded:#?}");
    assert!(found.is_sorted_by_key(|problem| problem.line));
}

#[test]
fn every_sentence_says_what_to_write() {
    let advises = |problem: &&Problem| ["请", "应", "不能"].iter().any(|word| problem.message.contains(word));
    let found = problems_of(WRONG);
    let silent: Vec<_> = found.iter().filter(|problem| !advises(problem)).collect();
    assert!(silent.is_empty(), "{silent:#?}");
}

const VALID: &str = r#"# 没有错误的计划
format = 1
id = "p"
title = "计划"
region = { name = "某市" }
years = [2021, 2023]
near_pp = "5"
step_pct = "60"
[calendar]
first_month = 2
[[goal]]
id = "g"
name = "投资"
kind = "amount"
unit = "亿元"
targets = [{ year = 2021, value = "10" }]
whole = { from = 2021, to = 2023, value = "50" }
pace = "linear"
  [[goal.split]]
  region = "350102"
  name = "甲县"
  targets = [{ year = 2021, value = "5", growth_pct = "9" }]
  [[goal.split]]
  region = "350103"
  name = "乙县"
  within = "350102"
  ranked = true
[[goal]]
id = "h"
name = "项目"
kind = "count"
unit = "项"
[[assessment]]
goal = "g"
compare = 1
self_assessment_by = { month = 1, day = 31 }
  [[assessment.component]]
  name = "完成"
  cap = "10"
  [[assessment.award]]
  when = "completed"
  from = "top"
  places = ["0.3"]
  unit = "分"
"#;

/// What stands in the valid plan, what somebody writes instead, and what is said about it.
const MISTAKES: [(&str, &str, &str); 56] = [
    ("format = 1", "format = 2", "只认识 format = 1"),
    ("format = 1", "format = \"1\"", "整数，不加引号"),
    ("id = \"p\"", "id = \"P 1\"", "只能用小写字母"),
    ("id = \"p\"", "id = \"p", "TOML"),
    ("title = \"计划\"", "title = \"\"", "是空的"),
    ("region = { name = \"某市\" }", "region = \"某市\"", "应为一个表"),
    ("region = { name = \"某市\" }", "region = { code = \"1\" }", "缺少 region.name"),
    ("years = [2021, 2023]", "years = [2023, 2021]", "起始年不晚于结束年"),
    ("years = [2021, 2023]", "years = 2021", "方括号里的整数"),
    ("near_pp = \"5\"", "near_pp = \"-5\"", "0 或正数"),
    ("step_pct = \"60\"", "step_pct = \"0\"", "请写大于0的数"),
    ("first_month = 2", "first_month = 13", "1 至 12 的整数"),
    ("[calendar]", "[calender]", "是否应为 calendar？"),
    ("kind = \"amount\"", "kind = \"money\"", "请写 amount、count"),
    ("unit = \"亿元\"", "unit = \"亿\"", "请写 亿元、万元 或 元"),
    ("targets = [{ year = 2021, value = \"10\" }]", "targets = [{ year = 2021 }]", "既没有 value 也没有 growth_pct"),
    ("targets = [{ year = 2021, value = \"10\" }]", "targets = [{ value = \"10\" }]", "要写年份"),
    ("targets = [{ year = 2021, value = \"10\" }]", "targets = [{ year = 2021, value = \"-10\" }]", "不能是负数"),
    ("value = \"10\" }]", "value = \"10\" }, { year = 2021, value = \"11\" }]", "出现两次"),
    ("whole = { from = 2021, to = 2023", "whole = { from = 2023, to = 2021", "起止年份"),
    ("to = 2023, value = \"50\" }", "to = 2023, value = \"-50\" }", "负数"),
    ("pace = \"linear\"", "pace = \"straight\"", "请写 linear、last_year"),
    ("growth_pct = \"9\"", "growth_pct = \"九\"", "不是数字"),
    ("within = \"350102\"", "within = \"350104\"", "不是分解表里的任何一行"),
    ("ranked = true", "ranked = \"yes\"", "true 或 false"),
    ("[[goal]]\nid = \"h\"", "[[goal]]\nid = \"g\"", "出现两次"),
    ("goal = \"g\"", "goal = \"k\"", "不是已有的目标，请写 g、h 之一"),
    ("compare = 1", "compare = 9", "0 至 6 的小数位数"),
    ("compare = 1", "compare = 1.5", "0 至 6 的小数位数"),
    ("month = 1, day = 31", "month = 2, day = 29", "不是每年都有的日期"),
    ("month = 1, day = 31", "month = 1", "day"),
    ("month = 1, day = 31", "month = 1, dya = 31", "dya"),
    ("cap = \"10\"", "cap = 10", "请写成 cap = \"10\""),
    ("places = [\"0.3\"]", "places = [0.3]", "请写成 \"0.3\""),
    ("from = \"top\"", "form = \"top\"", "是否应为 from？"),
    ("when = \"completed\"", "when = \"completed\"\n  when = \"always\"", "TOML"),
    (
        "[[assessment.component]]\n  name = \"完成\"\n  cap = \"10\"",
        "[[assessment.component]]\n  name = \"完成\"\n  weight = \"10\"\n  per_point = \"1\"\n  best_share = true",
        "计分办法只能写一种",
    ),
    ("cap = \"10\"", "above = { per_point = \"1\", per_amount = \"1\" }", "之一，例如 above = { per_point = \"0.5\" }"),
    (
        "cap = \"10\"",
        "above = { bands = [{ to = \"5\", per_point = \"1\" }, { to = \"3\", per_point = \"2\" }] }",
        "逐段增大",
    ),
    ("cap = \"10\"", "above = { bands = [{ to = \"5\" }] }", "每一段要写 per_point"),
    (
        "[[assessment.component]]\n  name = \"完成\"\n  cap = \"10\"",
        "[[assessment.component]]\n  name = \"完成\"\n  above = { per_amount = \"1\" }",
        "请写 from = \"value\"",
    ),
    (
        "[[assessment.component]]\n  name = \"完成\"\n  cap = \"10\"",
        "[[assessment.component]]\n  name = \"完成\"\n  from = \"value\"\n  per_point = \"1\"",
        "请改写 per_amount",
    ),
    (
        "[[assessment.component]]\n  name = \"完成\"\n  cap = \"10\"",
        "[[assessment.component]]\n  name = \"完成\"\n  from = \"entered\"\n  against = \"mean\"",
        "不能再写 goal、period 或 against",
    ),
    (
        "[[assessment.component]]\n  name = \"完成\"\n  cap = \"10\"",
        "[[assessment.component]]\n  name = \"完成\"\n  from = \"entered\"\n  best_share = true",
        "只能写 weight、threshold、cap 和 floor",
    ),
    (
        "[[assessment.component]]\n  name = \"完成\"\n  cap = \"10\"",
        "[[assessment.component]]\n  name = \"完成\"\n  against = \"mean\"\n  by_target = [{ from = \"1\", per_point = \"1\" }]",
        "不能再写 against",
    ),
    (
        "cap = \"10\"",
        "by_target = [{ from = \"8\", per_point = \"1\" }, { from = \"8\", per_point = \"2\" }]",
        "逐项增大",
    ),
    ("cap = \"10\"", "scale = { min_max = [\"100\", \"60\"] }", "例如 scale = { min_max = [\"60\", \"100\"] }"),
    ("cap = \"10\"", "goal = \"k\"", "不是已有的目标，请写 g、h 之一"),
    ("cap = \"10\"", "period = \"quarter\"", "请写 quarter_alone"),
    ("cap = \"10\"", "places = [\"60\", \"五十七\"]", "places："),
    ("compare = 1", "rank_also = \"score\"", "请写 growth、completion 或 value"),
    ("compare = 1", "grades = [{ from = \"90\", name = \"优秀\" }]", "同时写 rank_by = \"score\""),
    ("compare = 1", "gate = { goal = \"k\" }", "不是已有的目标，请写 g、h 之一"),
    ("compare = 1", "gate = { goal = \"h\", entered = \"事故\" }", "gate 写一个目标"),
    ("from = \"top\"", "from = \"top\"\n  group = \"一类\"", "还没有写 group"),
    ("[[assessment.award]]\n", "[[assessment.award]]\n  all = \"1\"\n", "不能再写 from 和 places"),
];

#[test]
fn one_mistake_is_said_on_its_line_and_nowhere_else() {
    assert_eq!(file::parse(VALID).err(), None);
    let mut wrong = Vec::new();
    for (valid, mistake, part) in MISTAKES {
        let at = VALID.find(valid).unwrap_or_else(|| panic!("{valid} is not in the valid plan"));
        // A mistake over several lines is named on one of them.
        let first = VALID[..at].matches('\n').count() + 1;
        let lines = first..=first + mistake.matches('\n').count();
        let found = problems_of(&VALID.replacen(valid, mistake, 1));
        let said = found.iter().any(|problem| problem.message.contains(part));
        if !said || !found.iter().all(|problem| lines.contains(&problem.line)) {
            wrong.push(format!(
                "line {first}, {mistake}: expected “{part}” there and nothing elsewhere, found {found:#?}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), MISTAKES.len(), wrong.join("\n"));
}

#[test]
fn what_the_editor_writes_reads_back_as_the_same_plan() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/plans");
    let contract = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/contract");
    let mut count = 0;
    for file in [folder, contract].iter().flat_map(|folder| std::fs::read_dir(folder).unwrap()) {
        let path = file.unwrap().path();
        if !path.to_string_lossy().ends_with(".plan.toml") {
            continue;
        }
        let plan = domain::plan::file::parse(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let written = domain::plan::writer::write(&plan);
        assert_eq!(domain::plan::file::parse(&written).as_ref(), Ok(&plan), "{}\n{written}", path.display());
        count += 1;
    }
    assert!(count >= 8, "{count}");
}

/// A plan whose every row stands within the one before, with its own former name.
fn chain(rows: usize, value: &str) -> String {
    let row = |index: usize| {
        let within = index.checked_sub(1).map(|before| format!("within = \"单位{before}\"\n")).unwrap_or_default();
        format!("[[goal.split]]\nname = \"单位{index}\"\nvalue = {value}\nformer = [\"旧{index}\"]\n{within}")
    };
    let head = "format = 1\nid = \"x\"\ntitle = \"x\"\nregion = { code = \"350100\", name = \"福州市\" }\n\
                years = [2021, 2021]\n[[goal]]\nid = \"i\"\nname = \"投资\"\nkind = \"amount\"\nunit = \"亿元\"\n\
                targets = [{ year = 2021, value = \"1120\" }]\n";
    format!("{head}{}", (0..rows).map(row).collect::<String>())
}

/// The shortest of three times, in microseconds: what else the machine does takes nothing away.
fn micros(source: &str) -> u128 {
    let once = || {
        let begun = std::time::Instant::now();
        let _ = file::parse(source);
        begun.elapsed().as_micros()
    };
    (0..3).map(|_| once()).min().unwrap()
}

// Attack 13: 10 000 rows took 1.3 s, and ten times as many a hundred times as long.
#[test]
fn eight_times_as_many_rows_take_about_eight_times_as_long() {
    assert_eq!(file::parse(&chain(1_000, "\"1\"")).unwrap().goals[0].splits[999].within.as_deref(), Some("单位998"));
    for (kind, value) in [("right", "\"1\""), ("wrong", "1")] {
        let (few, many) = (micros(&chain(2_500, value)), micros(&chain(20_000, value)));
        assert!(
            many < few * 24,
            "{kind}: {few} µs and {many} µs; work that grows by the square takes 64 times as long"
        );
    }
}

// Attack 13: one misplaced column made 190 050 lines.
#[test]
fn of_many_problems_the_first_are_listed() {
    let problems = file::parse(&chain(1_000, "1")).unwrap_err();
    assert_eq!(problems.len(), 1_000);
    let listed = domain::listed(problems.iter().map(|problem| problem.message.clone()));
    assert_eq!(listed.len(), domain::LISTED + 1);
    assert!(listed.last().unwrap().contains("另有 800 处没有列出"), "{:?}", listed.last());
    assert_eq!(domain::listed(["一".to_owned()]), ["一"]);
}

#[test]
fn rows_within_each_other_are_told_and_only_they() {
    let looped = chain(5, "\"1\"").replace("name = \"单位0\"\n", "name = \"单位0\"\nwithin = \"单位2\"\n");
    let told: Vec<String> = file::parse(&looped).unwrap_err().into_iter().map(|problem| problem.message).collect();
    // Rows 3 and 4 lead into the circle and never out of it.
    assert_eq!(told.len(), 5, "{told:?}");
    assert!(told.iter().all(|sentence| sentence.contains("绕成了圈")), "{told:?}");
    file::parse(&chain(5, "\"1\"")).unwrap();
}
