//! One goal of the editor: what it is, its targets by year, what its figure means, who reports it.

use std::collections::BTreeMap;

use domain::money::{Amount, Measure};
use domain::plan::declared::Sort;
use domain::plan::meaning::{Above, Duty, Each, FromList, Made, Meaning, Stock, What};
use domain::plan::{Direction, Goal, Kind, Pace, Plan, Splits, Target, Whole};
use domain::rate::Rate;
use domain::region::fold_name;

use super::lists::{SORTS, rows};
use super::{KINDS, free_id};
use crate::box_reader::Reader;
use crate::posted::Posted;

/// Where the number of a target comes from.
pub const REFERENCES: [(&str, &str); 3] =
    [("number", "文件写了数"), ("compared", "与别的数比较（文件没有数）"), ("watched", "只监测，没有目标")];

/// How the figure comes about.
pub const MADE: [(&str, &str); 4] = [
    ("reported", "直接报送"),
    ("each", "每个单位各有目标，数达到的个数"),
    ("share", "两个目标之比，不用填报"),
    ("average", "另一目标几年的平均增速"),
];

pub const COUNTS: [(&str, &str); 2] = [("flow", "年初以来累计（流量）"), ("stock", "期末总数（存量）")];
pub const PACES: [(&str, &str); 3] =
    [("linear", "按月均分"), ("last_year", "按上年同期进度"), ("curve", "按月份另定（曲线）")];
pub const DIRECTIONS: [(&str, &str); 3] = [("at_least", "以上"), ("at_most", "以内"), ("about", "左右")];
pub const WHATS: [(&str, &str); 2] = [("figure", "报数"), ("text", "报文字（进展、成效、问题、措施）")];

/// The box of a year's target: `t.2022.value`; where a plan has one year, `total_value`.
pub fn target_name(several: bool, year: i32, field: &str) -> String {
    if several { format!("t.{year}.{field}") } else { format!("total_{field}") }
}

/// The box of what is due by the end of a month, in percent of the year: `p.3`.
pub fn pace_name(month: u32) -> String {
    format!("p.{month}")
}

/// The box of a duty: `d.0.by`.
pub fn duty_name(index: usize, field: &str) -> String {
    format!("d.{index}.{field}")
}

/// Whom a target for each may be set for: sorts of units, then what the plan calls its categories.
pub fn each_options(plan: &Plan) -> Vec<(String, String)> {
    let mut options: Vec<(String, String)> =
        SORTS.iter().map(|(word, name)| ((*word).to_owned(), format!("每个{name}"))).collect();
    for category in &plan.categories {
        if !options.iter().any(|(word, _)| *word == category.sort) {
            options.push((category.sort.clone(), format!("每个{}", category_sort(&category.sort))));
        }
    }
    options
}

pub fn category_sort(sort: &str) -> &str {
    if sort == domain::plan::declared::CATEGORY { "类目" } else { sort }
}

/// Whoever may be named to report something: all of a sort, then each unit.
pub fn by_options(plan: &Plan) -> Vec<(String, String)> {
    let has = |sort: Sort| plan.units.iter().any(|unit| unit.sort == sort);
    let sorts = Sort::ALL.into_iter().filter(|sort| has(*sort)).map(|sort| {
        let name = SORTS.iter().find(|(word, _)| *word == sort.word()).map_or("", |(_, name)| *name);
        (format!("sort:{}", sort.word()), format!("全部{name}"))
    });
    sorts.chain(plan.units.iter().map(|unit| (unit.id.clone(), unit.name.clone()))).collect()
}

pub(super) fn put(boxes: &mut Posted, plan: &Plan, goal: &Goal, year: i32) {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let amount = |amount: Option<Amount>| amount.map(|amount| goal.measure.plain(amount)).unwrap_or_default();
    let meaning = &goal.meaning;
    let kind = KINDS.into_iter().find(|(_, kind)| *kind == goal.kind).map_or("", |(word, _)| word);
    let direction = match goal.direction {
        Direction::AtLeast => "at_least",
        Direction::AtMost => "at_most",
        Direction::About => "about",
    };
    let reference = match (&meaning.compared_with, meaning.watched) {
        (Some(_), _) => "compared",
        (None, true) => "watched",
        (None, false) => "number",
    };
    let (mut each_of, mut each_value, mut each_up_to) = <(String, String, String)>::default();
    let (mut share_part, mut share_of, mut average_of) = <(String, String, String)>::default();
    let made = match &meaning.made {
        Made::Reported => "reported",
        Made::Each(each) => {
            each_of.clone_from(&each.of);
            (each_value, each_up_to) = (amount(each.target), amount(each.up_to));
            "each"
        }
        Made::ShareOf { part, of } => {
            (share_part, share_of) = (part.clone(), of.clone());
            "share"
        }
        Made::AverageOf(id) => {
            average_of.clone_from(id);
            "average"
        }
    };
    let pace = match &goal.pace {
        Pace::Linear => "linear",
        Pace::LastYear => "last_year",
        Pace::Curve(_) => "curve",
    };
    let whole = goal.whole;
    let year_text = |year: Option<i32>| year.map(|year| year.to_string()).unwrap_or_default();
    let above = meaning.parent.as_ref();
    let above = |part: fn(&Above) -> &String| above.map(|above| part(above).clone()).unwrap_or_default();
    for (name, value) in [
        ("goal", goal.id.clone()),
        ("goal_id", goal.id.clone()),
        ("goal_name", goal.name.clone()),
        ("kind", kind.to_owned()),
        ("unit", goal.measure.unit.clone()),
        ("direction", direction.to_owned()),
        ("section", text(&meaning.section)),
        ("clause", text(&goal.clause)),
        ("quote", text(&goal.quote)),
        ("goal_assumed", goal.assumed.join("\n")),
        ("lead", goal.lead.join("\n")),
        ("responsible", goal.responsible.join("\n")),
        ("reference", reference.to_owned()),
        ("compared_with", text(&meaning.compared_with)),
        ("made", made.to_owned()),
        ("each_of", each_of),
        ("each_value", each_value),
        ("each_up_to", each_up_to),
        ("share_part", share_part),
        ("share_of", share_of),
        ("average_of", average_of),
        ("base_year", year_text(goal.base_year)),
        ("counts", if meaning.stock.is_some() { "stock" } else { "flow" }.to_owned()),
        ("start", amount(meaning.stock.and_then(|stock| stock.start))),
        ("whole_from", year_text(whole.map(|whole| whole.from))),
        ("whole_to", year_text(whole.map(|whole| whole.to))),
        ("whole_value", amount(whole.map(|whole| whole.value))),
        ("whole_up_to", amount(whole.and_then(|whole| meaning.up_to.get(&whole.to).copied()))),
        ("pace", pace.to_owned()),
        ("due", meaning.due.map(|due| due.to_string()).unwrap_or_default()),
        ("until", meaning.until.map(|until| until.to_string()).unwrap_or_default()),
        ("rhythm", text(&meaning.rhythm)),
        ("watches", text(&meaning.watches)),
        ("decimals", meaning.decimals.map(|decimals| decimals.to_string()).unwrap_or_default()),
        ("step", amount(meaning.step)),
        ("stated_by", text(&meaning.stated_by)),
        ("parent_plan", above(|above| &above.plan)),
        ("parent_goal", above(|above| &above.goal)),
        ("parent_unit", above(|above| &above.unit)),
    ] {
        boxes.set(name, &value);
    }
    super::projects::put_source(boxes, meaning.from_projects.as_ref());
    let list = meaning.from_list.as_ref();
    boxes.set("list_title", list.map_or("", |list| &list.title));
    boxes.set("list_levels", &list.map(|list| list.levels.join("、")).unwrap_or_default());
    let several = plan.years.0 != plan.years.1;
    let years = if several { plan.years.0..=plan.years.1 } else { year..=year };
    for year in years {
        let target = goal.target(year);
        let value = target.and_then(|target| target.value);
        let growth = target.and_then(|target| target.growth);
        let up_to = value.and_then(|_| meaning.up_to.get(&year).copied());
        boxes.set(&target_name(several, year, "value"), &amount(value));
        boxes.set(&target_name(several, year, "growth"), &growth.map(Rate::percent_as_written).unwrap_or_default());
        boxes.set(&target_name(several, year, "up_to"), &amount(up_to));
    }
    let points = match &goal.pace {
        Pace::Curve(points) => points.as_slice(),
        _ => &[],
    };
    for month in 1..=12 {
        let share = points.iter().find(|(at, _)| *at == month).map(|(_, share)| share.percent_as_written());
        boxes.set(&pace_name(month), &share.unwrap_or_default());
    }
    for (index, duty) in meaning.duties.iter().enumerate() {
        boxes.set(&duty_name(index, "by"), &duty.by);
        boxes.set(&duty_name(index, "what"), if duty.what == What::Text { "text" } else { "figure" });
    }
}

/// Reads what a goal is, over `old`; its split is read apart.
pub(super) fn read(reader: &mut Reader<'_>, plan: &Plan, old: &Goal, year: i32) -> Goal {
    let mut goal = old.clone();
    goal.name = reader.required("goal_name", "指标名称", "工业技改投资");
    goal.id = id(reader, plan, old);
    goal.kind = kind(reader.posted).unwrap_or(old.kind);
    if reader.has("decimals") {
        goal.meaning.decimals = reader.number_or_none("decimals", "小数位数", 0..=5).map(|decimals| decimals as u32);
    }
    measured(reader, &mut goal);
    goal.direction = match reader.posted.text("direction") {
        "at_most" => Direction::AtMost,
        "about" => Direction::About,
        _ => Direction::AtLeast,
    };
    reader.keep("clause", &mut goal.clause);
    reader.keep("quote", &mut goal.quote);
    reader.keep("section", &mut goal.meaning.section);
    reader.keep_lines("goal_assumed", &mut goal.assumed);
    reader.keep_lines("lead", &mut goal.lead);
    reader.keep_lines("responsible", &mut goal.responsible);
    targets(reader, plan, &mut goal, year);
    meaning(reader, &mut goal);
    if reader.has("base_year") {
        goal.base_year = reader.number_or_none("base_year", "基年", 1900..=2999);
    }
    if reader.has("pace") {
        goal.pace = pace(reader, &goal.pace);
    }
    duties(reader, &mut goal.meaning);
    if reader.has("project_count") {
        goal.meaning.from_projects = super::projects::read_source(reader, goal.kind);
    }
    if reader.has("list_title") {
        goal.meaning.from_list = from_list(reader, goal.kind);
    }
    goal
}

/// Which list of recognised firms it is counted from.
fn from_list(reader: &mut Reader<'_>, kind: Kind) -> Option<FromList> {
    let title = reader.optional("list_title");
    let levels = reader.optional("list_levels").unwrap_or_default();
    let levels: Vec<String> =
        levels.split(['、', '，', ',', ' ']).filter(|level| !level.is_empty()).map(str::to_owned).collect();
    if title.is_none() && !levels.is_empty() {
        reader.say("list_title", "写了级别，还没有写名单的认定名称；不从名单数的，两项都清空。");
    }
    if title.is_some() && kind != Kind::Count {
        reader.say("list_title", "从认定名单数的是个数，“是什么数”请选数量。");
    }
    Some(FromList { title: title?, levels })
}

fn id(reader: &mut Reader<'_>, plan: &Plan, old: &Goal) -> String {
    let taken = |id: &str| plan.goals.iter().any(|other| other.id == id && other.id != old.id);
    let kept = Some(old.id.clone()).filter(|id| !id.is_empty());
    let id = reader.optional("goal_id").or(kept).unwrap_or_else(|| free_id("goal", taken));
    if taken(&id) {
        reader.say("goal_id", format!("代号“{id}”已经是别的目标，请换一个，或不填。"));
    }
    id
}

pub(super) fn kind(posted: &Posted) -> Option<Kind> {
    KINDS.into_iter().find(|(word, _)| *word == posted.text("kind")).map(|(_, kind)| kind)
}

/// What such a goal is counted in; money has its own units.
pub(super) fn measure(kind: Kind, unit: &str, decimals: Option<u32>) -> Option<Measure> {
    match kind {
        Kind::Amount => Measure::money(unit),
        Kind::Count => Some(Measure { per_unit: 10_i64.pow(decimals.unwrap_or_default()), ..Measure::count(unit) }),
        Kind::Completion if unit != "%" => None,
        Kind::Text => Some(Measure::count("")),
        _ => Some(Measure::ratio(unit)),
    }
}

/// Gives the goal its measure; what the page does not show is counted in it anew.
fn measured(reader: &mut Reader<'_>, goal: &mut Goal) {
    let unit = match goal.kind {
        Kind::Text => String::new(),
        _ => reader.required("unit", "单位", "亿元"),
    };
    let Some(now) = measure(goal.kind, &unit, goal.meaning.decimals) else {
        let sentence = match goal.kind {
            Kind::Completion => format!("完成率的单位不能写“{unit}”，请写 %。"),
            _ => format!("金额的单位不能写“{unit}”，请写 亿元、万元 或 元。"),
        };
        return reader.say("unit", sentence);
    };
    let was = std::mem::replace(&mut goal.measure, now);
    let now = goal.measure.clone();
    if (was.money, was.per_unit) == (now.money, now.per_unit) || (was.money && now.money) {
        return;
    }
    let mut lost = false;
    let mut anew = |amount: &mut Amount| match now.parse(&was.plain(*amount)) {
        Ok(found) => *amount = found,
        Err(_) => lost = true,
    };
    let splits = goal.splits.iter_mut();
    let (of_splits, wholes): (Vec<_>, Vec<_>) = splits.map(|split| (&mut split.targets, &mut split.whole)).unzip();
    let all = of_splits.into_iter().chain([&mut goal.targets]).flatten();
    all.filter_map(|target| target.value.as_mut()).for_each(&mut anew);
    let wholes = wholes.into_iter().chain([&mut goal.whole]).flatten();
    wholes.for_each(|whole| anew(&mut whole.value));
    goal.meaning.up_to.values_mut().for_each(&mut anew);
    goal.meaning.step.iter_mut().for_each(&mut anew);
    goal.meaning.stock.iter_mut().filter_map(|stock| stock.start.as_mut()).for_each(&mut anew);
    if let Made::Each(each) = &mut goal.meaning.made {
        each.target.iter_mut().chain(&mut each.up_to).for_each(&mut anew);
    }
    if lost {
        let sentence = format!("已有的目标有小数，不能按{}计，请先改目标，或写小数位数。", goal.measure.unit);
        reader.say("unit", sentence);
    }
}

/// The target of its year in the place of the one before; an empty one goes.
pub(super) fn put_target(targets: &mut Vec<Target>, target: Target) {
    targets.retain(|known| known.year != target.year);
    if target.value.is_some() || target.growth.is_some() {
        targets.push(target);
        targets.sort_by_key(|target| target.year);
    }
}

fn targets(reader: &mut Reader<'_>, plan: &Plan, goal: &mut Goal, year: i32) {
    let measure = goal.measure.clone();
    let mut named: Vec<(i32, String, bool)> = vec![(year, "总目标".to_owned(), false)];
    named.extend((plan.years.0..=plan.years.1).map(|year| (year, format!("{year}年的目标"), true)));
    for (year, label, several) in named {
        let name = |field: &str| target_name(several, year, field);
        if !reader.has(&name("value")) {
            continue;
        }
        let value = reader.amount(&name("value"), &label, &measure);
        let growth = reader.percent(&name("growth"), &format!("{label}（增幅）"));
        put_target(&mut goal.targets, Target { year, value, growth });
        if reader.has(&name("up_to")) {
            goal.meaning.up_to.remove(&year);
            let most = reader.amount(&name("up_to"), &format!("{label}（上限）"), &measure);
            if let Some(most) = checked(reader, &name("up_to"), &label, value, most) {
                goal.meaning.up_to.insert(year, most);
            }
        }
    }
    if !reader.has("whole_value") {
        return;
    }
    if let Some(before) = goal.whole.take() {
        let named: Vec<i32> = goal.targets.iter().map(|target| target.year).collect();
        let spanned = |year: &i32| (before.from..=before.to).contains(year) && !named.contains(year);
        goal.meaning.up_to.retain(|year, _| !spanned(year));
    }
    let value = reader.amount("whole_value", "跨年目标", &measure);
    let most = reader.amount("whole_up_to", "跨年目标（上限）", &measure);
    let Some(value) = value else {
        for (name, label) in [("whole_from", "起始年"), ("whole_to", "结束年"), ("whole_up_to", "上限")] {
            if !reader.text(name).is_empty() {
                reader.say("whole_value", format!("跨年目标写了{label}，没有写数；请补上，或清空。"));
                break;
            }
        }
        return;
    };
    let from = reader.number("whole_from", "跨年目标的起始年", 1900..=2999, Some(plan.years.0));
    let to = reader.number("whole_to", "跨年目标的结束年", 1900..=2999, Some(plan.years.1));
    if from > to {
        return reader.say("whole_to", "跨年目标的结束年不能早于起始年。");
    }
    goal.whole = Some(Whole { from, to, value });
    if let Some(most) = checked(reader, "whole_up_to", "跨年目标", Some(value), most) {
        goal.meaning.up_to.extend((from..=to).map(|year| (year, most)));
    }
}

/// The upper end of 3—5家: above the number of the target.
fn checked(
    reader: &mut Reader<'_>,
    field: &str,
    label: &str,
    value: Option<Amount>,
    most: Option<Amount>,
) -> Option<Amount> {
    let most = most?;
    match value {
        Some(value) if value < most => Some(most),
        Some(_) => reader.wrong(field, format!("{label}：上限要大于目标，3—5家的目标写 3，上限写 5。")),
        None => reader.wrong(field, format!("{label}写了上限，没有写目标；3—5家的目标写 3，上限写 5。")),
    }
}

fn meaning(reader: &mut Reader<'_>, goal: &mut Goal) {
    let measure = goal.measure.clone();
    let meaning = &mut goal.meaning;
    if reader.has("reference") {
        let word = reader.posted.text("reference").to_owned();
        meaning.watched = word == "watched";
        meaning.compared_with = match word.as_str() {
            "compared" => Some(reader.required("compared_with", "与什么比较", "全市平均水平")),
            _ => None,
        };
    }
    if reader.has("made") {
        meaning.made = made(reader, &measure, meaning.watched);
    }
    // What has no number of its own has no targets: their boxes are not shown.
    if meaning.watched || meaning.compared_with.is_some() || matches!(meaning.made, Made::Each(_)) {
        goal.targets.clear();
        goal.whole = None;
        meaning.up_to.clear();
    }
    if reader.has("counts") {
        let stock = reader.posted.text("counts") == "stock";
        // Only what is counted adds up or stands at a level; of anything else the box is not shown.
        let counted = matches!(goal.kind, Kind::Amount | Kind::Count);
        meaning.stock = (stock && counted).then(|| Stock { start: reader.amount("start", "年初已有", &measure) });
    }
    if reader.has("due") {
        meaning.due = reader.month("due", "完成期限");
    }
    if reader.has("until") {
        meaning.until = reader.month("until", "止于");
    }
    reader.keep("rhythm", &mut meaning.rhythm);
    reader.keep("watches", &mut meaning.watches);
    if reader.has("step") {
        meaning.step = reader.amount("step", "最小间隔", &measure);
        if meaning.step.is_some_and(|step| step.0 <= 0) {
            reader.say("step", "最小间隔请写正数，例如 0.5；没有的不填。");
        }
    }
    if reader.has("stated_by") {
        meaning.stated_by = reader.optional("stated_by");
    }
    if reader.has("parent_plan") {
        meaning.parent = above(reader);
    }
}

fn above(reader: &mut Reader<'_>) -> Option<Above> {
    let names = ["parent_plan", "parent_goal", "parent_unit"];
    if names.iter().all(|name| reader.text(name).is_empty()) {
        return None;
    }
    let labels = ["上级计划的英文名", "上级计划里的目标代号", "本地区在上级分解表里的代码"];
    let examples = ["fujian-2013", "investment", "350100"];
    let mut texts = names.iter().zip(labels).zip(examples);
    let mut next = || texts.next().map(|((name, label), example)| reader.required(name, label, example));
    let (plan, goal, unit) = (next()?, next()?, next()?);
    Some(Above { plan, goal, unit: fold_name(&unit) })
}

fn made(reader: &mut Reader<'_>, measure: &Measure, watched: bool) -> Made {
    match reader.posted.text("made") {
        "each" => {
            let of = reader.required("each_of", "对谁定目标", "每个县（市）区");
            if watched {
                return Made::Each(Each { of, target: None, up_to: None });
            }
            let target = reader.amount("each_value", "每个的目标", measure);
            if target.is_none() && reader.text("each_value").is_empty() {
                reader.say("each_value", "还没有填每个的目标，例如 3。");
            }
            let most = reader.amount("each_up_to", "每个的上限", measure);
            let up_to = checked(reader, "each_up_to", "每个的目标", target, most);
            Made::Each(Each { of, target: target.or(Some(Amount::default())), up_to })
        }
        "share" => Made::ShareOf {
            part: reader.required("share_part", "哪个目标（分子）", "技改投资"),
            of: reader.required("share_of", "占哪个目标（分母）", "工业投资"),
        },
        "average" => Made::AverageOf(reader.required("average_of", "谁的平均增速", "技改投资")),
        _ => Made::Reported,
    }
}

fn pace(reader: &mut Reader<'_>, old: &Pace) -> Pace {
    match reader.posted.text("pace") {
        "last_year" => Pace::LastYear,
        "curve" if !reader.has(&pace_name(12)) => old.clone(),
        "curve" => {
            let mut points: Vec<(u32, Rate)> = Vec::new();
            for month in 1..=12 {
                let name = pace_name(month);
                let Some(share) = reader.percent(&name, &format!("{month}月底的进度")) else { continue };
                if share.is_negative() || points.last().is_some_and(|(_, before)| share < *before) {
                    reader.say(&name, format!("{month}月底的进度比前面的小，累计比重不能变小。"));
                }
                points.push((month, share));
            }
            if points.last() != Some(&(12, Rate::ONE)) && reader.problems.iter().all(|wrong| !is_pace(&wrong.field)) {
                reader.say(&pace_name(12), "12月底的进度请写 100。");
            }
            Pace::Curve(points)
        }
        _ => Pace::Linear,
    }
}

fn is_pace(field: &str) -> bool {
    field.starts_with("p.")
}

fn duties(reader: &mut Reader<'_>, meaning: &mut Meaning) {
    if !reader.has(&duty_name(0, "by")) {
        return;
    }
    let mut duties: Vec<Duty> = Vec::new();
    for row in 0..rows(reader, |row| duty_name(row, "by")) {
        let Some(by) = reader.optional(&duty_name(row, "by")) else { continue };
        let by = if by.starts_with("sort:") { by } else { fold_name(&by) };
        let what = if reader.posted.text(&duty_name(row, "what")) == "text" { What::Text } else { What::Figure };
        let duty = Duty { by, what };
        if duties.contains(&duty) {
            reader.say(&duty_name(row, "by"), format!("报送任务第 {} 行重复，请清空这一行。", row + 1));
        }
        duties.push(duty);
    }
    meaning.duties = duties;
}

/// A goal to begin with.
pub(super) fn empty() -> Goal {
    Goal {
        id: String::new(),
        name: String::new(),
        kind: Kind::Amount,
        measure: Measure::count(""),
        direction: Direction::AtLeast,
        targets: Vec::new(),
        whole: None,
        base_year: None,
        clause: None,
        quote: None,
        assumed: Vec::new(),
        pace: Pace::Linear,
        lead: Vec::new(),
        responsible: Vec::new(),
        meaning: Meaning { up_to: BTreeMap::new(), ..Meaning::default() },
        splits: Splits::default(),
    }
}
