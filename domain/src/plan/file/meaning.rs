//! What `[[goal]]` says besides its targets: [`Meaning`], and whether its goals, units and rhythms exist.

use std::collections::BTreeMap;

use super::{TargetReader, is_url_id, number, optional};
use crate::money::{Decimal, Measure};
use crate::month::Period;
use crate::plan::declared::Sort;
use crate::plan::meaning::{Above, Duty, Each, FromList, Stock, What};
use crate::plan::toml_reader::{Fields, Places, Problems, Text};
use crate::plan::*;

const WHATS: [(&str, What); 2] = [("figure", What::Figure), ("text", What::Text)];

/// Reads it; `up_to` are the upper ends of ranges that the targets themselves have.
pub(super) fn read(
    fields: &mut Fields<'_>,
    reader: &TargetReader<'_>,
    up_to: BTreeMap<i32, Amount>,
    problems: &mut Problems,
) -> Meaning {
    let section = optional(fields.text("section", problems));
    let stock = read_stock(fields, reader, problems);
    let due = read_period(fields, "due", problems);
    let made = read_made(fields, reader, problems);
    let compared_with = optional(fields.text("compared_with", problems));
    let watched = fields.choice("target", &[("none", true)], false, problems);
    let rhythm = optional(fields.text("rhythm", problems));
    let watches = optional(fields.text("watches", problems));
    let parent = fields.table("parent", problems).and_then(|parent| read_parent(parent, problems));
    let step = read_step(fields, reader, problems);
    let until = read_period(fields, "until", problems);
    let what = fields.choice("what", &WHATS, What::Figure, problems);
    let duties = read_duties(fields, what, problems);
    let stated_by = optional(fields.text("stated_by", problems));
    let from_projects = super::projects::read_source(fields, reader.kind, problems);
    let from_list = read_list(fields, reader.kind, problems);
    Meaning {
        section,
        stock,
        due,
        up_to,
        made,
        compared_with,
        watched,
        rhythm,
        watches,
        parent,
        // Read before: the measure depends on it.
        decimals: None,
        step,
        until,
        duties,
        stated_by,
        from_projects,
        from_list,
        judged_by: None,
    }
}

/// `from_list = { title = "绿色工厂", levels = ["国家级", "省级"] }`.
fn read_list(fields: &mut Fields<'_>, kind: Kind, problems: &mut Problems) -> Option<FromList> {
    let at = fields.at("from_list");
    let mut block = fields.table("from_list", problems)?;
    let title = optional(block.text("title", problems));
    let levels = block.texts("levels", problems).into_iter().map(|level| level.text).collect();
    block.finish(problems);
    if title.is_none() {
        problems.at(at, "from_list 缺少 title，请写名单的认定名称，例如 { title = \"绿色工厂\" }");
    }
    if kind != Kind::Count {
        problems.at(at, "from_list 数的是个数（kind = \"count\"），与本目标的 kind 不符");
    }
    Some(FromList { title: title?, levels })
}

fn read_stock(fields: &mut Fields<'_>, reader: &TargetReader<'_>, problems: &mut Problems) -> Option<Stock> {
    let at = fields.at("counts");
    let stock = fields.choice("counts", &[("flow", false), ("stock", true)], false, problems);
    if stock && !matches!(reader.kind, Kind::Amount | Kind::Count) {
        problems.at(at, "counts = \"stock\" 只用于金额和数量；比率和增幅本来就是水平，请删去这一行");
    }
    let start_at = fields.at("start");
    let start = reader.written(fields, "start", problems);
    if start.is_some() && !stock {
        problems.at(start_at, "start 是存量的起点，请同时写 counts = \"stock\"");
    }
    stock.then_some(Stock { start })
}

pub(super) fn read_period(fields: &mut Fields<'_>, key: &'static str, problems: &mut Problems) -> Option<Period> {
    let text = fields.text(key, problems)?;
    match Period::parse(&text.text) {
        Ok(period) => Some(period),
        Err(error) => {
            problems.at(text.at, format!("{key}：{error}"));
            None
        }
    }
}

fn read_made(fields: &mut Fields<'_>, reader: &TargetReader<'_>, problems: &mut Problems) -> Made {
    let keys: Vec<&str> = ["each", "share_of", "average_of"].into_iter().filter(|key| fields.has(key)).collect();
    if let [first, second, ..] = keys[..] {
        problems.at(fields.at(second), format!("{first} 与 {second} 只能写一种，请删去其中之一"));
    }
    let each = fields.table("each", problems).and_then(|each| read_each(each, reader, problems));
    let share_at = fields.at("share_of");
    let share = fields.table("share_of", problems).and_then(|share| read_share(share, problems));
    let average_at = fields.at("average_of");
    let average = fields.text("average_of", problems);
    if share.is_some() && reader.kind != Kind::Ratio {
        problems.at(share_at, "share_of 是两个目标之比，kind 请写 ratio，unit 请写 %");
    }
    if average.is_some() && reader.kind != Kind::AverageGrowth {
        problems.at(average_at, "average_of 是几年的平均增速，kind 请写 average_growth");
    }
    match (each, share, average) {
        (Some(each), ..) => Made::Each(each),
        (None, Some((part, of)), _) => Made::ShareOf { part, of },
        (None, None, Some(average)) => Made::AverageOf(average.text),
        (None, None, None) => Made::Reported,
    }
}

fn read_each(mut fields: Fields<'_>, reader: &TargetReader<'_>, problems: &mut Problems) -> Option<Each> {
    let at = fields.offset();
    let of = fields.text("of", problems);
    let value = reader.written(&mut fields, "value", problems);
    let range = reader.range(&mut fields, problems);
    fields.finish(problems);
    if value.is_some() && range.is_some() {
        problems.at(at, "each 的 value 与 range 只能写一种，请删去其中之一");
    }
    let target = value.or(range.map(|(from, _)| from));
    let Some(of) = of else {
        problems.at(at, "each 要写对谁定目标和目标数，例如 each = { of = \"region\", value = \"3\" }");
        return None;
    };
    Some(Each { of: of.text, target, up_to: range.map(|(_, to)| to) })
}

fn read_share(mut fields: Fields<'_>, problems: &mut Problems) -> Option<(String, String)> {
    let at = fields.offset();
    let (part, of) = (fields.text("part", problems), fields.text("of", problems));
    fields.finish(problems);
    let (Some(part), Some(of)) = (part, of) else {
        problems.at(
            at,
            "share_of 要写分子和分母两个目标，例如 share_of = { part = \"investment\", of = \"industrial_investment\" }",
        );
        return None;
    };
    Some((part.text, of.text))
}

fn read_parent(mut fields: Fields<'_>, problems: &mut Problems) -> Option<Above> {
    let at = fields.offset();
    let plan = fields.text("plan", problems);
    let goal = fields.text("goal", problems);
    let unit = fields.text("unit", problems);
    fields.finish(problems);
    let (Some(plan), Some(goal), Some(unit)) = (plan, goal, unit) else {
        problems.at(
            at,
            "parent 要写上级计划、目标和本地区所在的行，例如 parent = { plan = \"fujian-2013\", goal = \"investment\", \
             unit = \"350100\" }",
        );
        return None;
    };
    Some(Above { plan: plan.text, goal: goal.text, unit: fold_name(&unit.text) })
}

fn read_step(fields: &mut Fields<'_>, reader: &TargetReader<'_>, problems: &mut Problems) -> Option<Amount> {
    let at = fields.at("step");
    let step = reader.written(fields, "step", problems);
    if step.is_some_and(|step| step.0 <= 0) && reader.measure.is_some() {
        problems.at(at, "step 是数字的最小间隔，请写正数，例如 step = \"0.5\"");
        return None;
    }
    step
}

/// `duties = ["350503", "sort:street"]`, or tables that say what each reports.
fn read_duties(fields: &mut Fields<'_>, what: What, problems: &mut Problems) -> Vec<Duty> {
    let mut probe = Problems::new("");
    let tables = fields.tables("duties", &mut probe);
    if probe.found.is_empty() {
        let mut duties = Vec::new();
        for mut table in tables {
            let at = table.offset();
            let by = table.text("by", problems);
            let what = table.choice("what", &WHATS, what, problems);
            table.finish(problems);
            match by {
                Some(by) => duties.push(Duty { by: folded(&by.text), what }),
                None => problems.at(at, "duties 的每一项要写由谁报，例如 { by = \"sort:street\", what = \"text\" }"),
            }
        }
        return duties;
    }
    fields.texts("duties", problems).into_iter().map(|by| Duty { by: folded(&by.text), what }).collect()
}

/// `sort:…` as it is, an id as ids are compared.
pub(super) fn folded(by: &str) -> String {
    if by.starts_with("sort:") { by.to_owned() } else { fold_name(by) }
}

/// What goals say of each other, of units and of rhythms: everything named has to be there.
pub(super) fn check(plan: &Plan, places: &[Places], problems: &mut Problems) {
    for (goal, places) in plan.goals.iter().zip(places) {
        let mut wrong =
            |keys: &[&str], sentence: String| problems.at(places.of(keys), format!("{}：{sentence}", goal.name));
        check_targets(goal).into_iter().for_each(|sentence| wrong(&["targets", "whole", "range"], sentence));
        let made = ["each", "share_of", "average_of"];
        check_made(plan, goal).into_iter().for_each(|sentence| wrong(&made, sentence));
        check_times(plan, goal).into_iter().for_each(|(key, sentence)| wrong(&[key], sentence));
        check_duties(plan, goal).into_iter().for_each(|(key, sentence)| wrong(&[key], sentence));
        check_level(plan, goal).into_iter().for_each(|sentence| wrong(&["from_projects"], sentence));
    }
}

/// A level that a goal's projects are counted at has to be one of the plan's.
fn check_level(plan: &Plan, goal: &Goal) -> Option<String> {
    let level = goal.meaning.from_projects.as_ref()?.level.as_ref()?;
    let levels: Vec<&str> = plan.projects.levels.iter().map(|level| level.name.as_str()).collect();
    if levels.contains(&level.as_str()) {
        return None;
    }
    let known = match levels.as_slice() {
        [] => "计划还没有 [[project_level]]，请补写它的门槛，或删去 level".to_owned(),
        levels => format!("请写 {} 之一，或补写它的 [[project_level]]", levels.join("、")),
    };
    Some(format!("from_projects 的 level “{level}”没有定义，{known}"))
}

fn check_targets(goal: &Goal) -> Option<String> {
    let meaning = &goal.meaning;
    if !goal.has_figure() {
        let figures = !goal.targets.is_empty()
            || goal.whole.is_some()
            || !goal.splits.is_empty()
            || meaning.made != Made::Reported
            || meaning.stated_by.is_some()
            || meaning.duties.iter().any(|duty| duty.what == What::Figure);
        let sentence =
            "kind = \"text\" 的工作只报文字，不能有目标值、分解和报数的单位；请删去它们，duties 写 what = \"text\"";
        return figures.then(|| sentence.to_owned());
    }
    let has_number = !goal.targets.is_empty() || goal.whole.is_some();
    let without = match &meaning.made {
        _ if meaning.watched => "target = \"none\"（只监测，没有目标）",
        _ if meaning.compared_with.is_some() => "compared_with（与别的数比较）",
        Made::Each(_) => "each（每个单位各有目标）",
        _ => return None,
    };
    has_number.then(|| format!("写了 {without}就不能再写 targets 或 whole，请删去其中之一"))
}

fn check_made(plan: &Plan, goal: &Goal) -> Option<String> {
    let known = |id: &str| plan.goal(id).filter(|other| other.id != goal.id);
    let unknown = |key: &str, id: &str| {
        let others = plan.goals.iter().filter(|other| other.id != goal.id);
        let ids: Vec<&str> = others.map(|other| other.id.as_str()).collect();
        format!("{key} “{}”不是本计划别的目标，请写 {} 之一", crate::month::shorten(id), ids.join("、"))
    };
    match &goal.meaning.made {
        Made::Reported => None,
        Made::Each(each) if each.target.is_some() == goal.meaning.watched => Some(match goal.meaning.watched {
            true => "只监测的目标（target = \"none\"）没有目标数，each 只写 of，请删去 value 或 range".to_owned(),
            false => "each 要写对谁定目标和目标数，例如 each = { of = \"region\", value = \"3\" }；只监测、没有目标的，请同时写 target = \"none\"".to_owned(),
        }),
        Made::Each(each) => plan.each_of(&each.of).is_empty().then(|| {
            let sorts: Vec<&str> = Sort::ALL.iter().map(|sort| sort.word()).collect();
            format!(
                "each.of = \"{}\" 没有对应的单位，请写 {} 之一并用 [[unit]] 列出，或写 [[category]] 的类别",
                crate::month::shorten(&each.of),
                sorts.join("、")
            )
        }),
        Made::ShareOf { part, of } => match (known(part), known(of)) {
            (None, _) => Some(unknown("share_of.part", part)),
            (_, None) => Some(unknown("share_of.of", of)),
            (Some(part), Some(of)) => {
                let same = part.measure.money == of.measure.money && (part.measure.money || part.measure == of.measure);
                let made = |goal: &Goal| goal.meaning.made != Made::Reported || !goal.kind.adds_up();
                if !same {
                    let units = (&part.measure.unit, &of.measure.unit);
                    Some(format!("share_of 的两个目标单位不同（{}、{}），不能相除", units.0, units.1))
                } else if made(part) || made(of) {
                    Some("share_of 的两个目标都要是直接报送的金额或数量".to_owned())
                } else {
                    None
                }
            }
        },
        Made::AverageOf(id) => match known(id) {
            None => Some(unknown("average_of", id)),
            Some(other) if other.meaning.made != Made::Reported => Some("average_of 的目标要是直接报送的".to_owned()),
            Some(_) => None,
        },
    }
}

/// The key that is wrong, and why.
fn check_times(plan: &Plan, goal: &Goal) -> Option<(&'static str, String)> {
    if let Some(id) = goal.meaning.rhythm.as_deref().filter(|id| plan.rhythm(id).is_none()) {
        let ids: Vec<&str> = plan.rhythms.iter().map(|rhythm| rhythm.id.as_str()).collect();
        let sentence = match ids.is_empty() {
            true => format!("rhythm = \"{id}\" 没有定义，请补写 [[rhythm]]，或删去这一行（按 [calendar] 报送）"),
            false => format!("rhythm = \"{id}\" 没有定义，请写 {} 之一", ids.join("、")),
        };
        return Some(("rhythm", sentence));
    }
    let watched = plan.calendar_of(goal).is_some_and(|calendar| calendar.cadence.is_watched());
    if watched && !goal.meaning.watched {
        let sentence = "按周、按旬的数只作监测，不计入目标；请同时写 target = \"none\"，目标另写一个按月或按季的";
        return Some(("rhythm", sentence.to_owned()));
    }
    if let Some(id) = goal.meaning.watches.as_deref() {
        let beside = plan.goal(id).filter(|other| other.id != goal.id && other.measure == goal.measure);
        if !watched || beside.is_none() {
            let sentence = "watches 只写在按周、按旬监测的目标里，指本计划另一个同类型、同单位的目标；请改正或删去";
            return Some(("watches", format!("watches = \"{id}\"：{sentence}")));
        }
    }
    for (key, period) in [("due", goal.meaning.due), ("until", goal.meaning.until)] {
        let Some(period) = period else { continue };
        if let Err(sentence) = crate::calendar::allowed(plan.calendar_of(goal), plan.years, period) {
            return Some((key, format!("{key}：{sentence}")));
        }
    }
    None
}

fn check_duties(plan: &Plan, goal: &Goal) -> Vec<(&'static str, String)> {
    let mut wrong = Vec::new();
    let mut figures: Vec<&str> = Vec::new();
    for duty in &goal.meaning.duties {
        let units: Vec<&str> = plan.units_named(&duty.by).map(|unit| unit.id.as_str()).collect();
        if units.is_empty() {
            let by = crate::month::shorten(&duty.by);
            wrong.push(("duties", format!("duties 里的 {by} 没有对应的 [[unit]]，请补写单位或改正")));
        }
        for unit in units.into_iter().filter(|_| duty.what == What::Figure) {
            if figures.contains(&unit) {
                wrong.push(("duties", format!("{unit} 的数在 duties 里写了两次，一行数只能由一个单位报")));
            }
            figures.push(unit);
        }
    }
    if let Some(unit) = goal.meaning.stated_by.as_deref().filter(|unit| plan.unit(&fold_name(unit)).is_none()) {
        let unit = crate::month::shorten(unit);
        wrong.push(("stated_by", format!("stated_by “{unit}”没有对应的 [[unit]]，请补写单位或改正")));
    }
    wrong
}

impl TargetReader<'_> {
    /// A number of any key in the goal's unit.
    pub(super) fn written(
        &self,
        fields: &mut Fields<'_>,
        key: &'static str,
        problems: &mut Problems,
    ) -> Option<Amount> {
        match self.measure {
            Some(measure) => number(fields, key, problems, |text| measure.parse(text)),
            None => number(fields, key, problems, |text| Decimal::parse(text).map(|_| Amount(0))),
        }
    }

    /// `range = ["3", "5"]`: the target, and what is above it without praise.
    pub(super) fn range(&self, fields: &mut Fields<'_>, problems: &mut Problems) -> Option<(Amount, Amount)> {
        let at = fields.at("range");
        let texts = fields.texts("range", problems);
        if texts.is_empty() && !fields.has("range") {
            return None;
        }
        let parse = |text: &Text, problems: &mut Problems| {
            let read = match self.measure {
                Some(measure) => measure.parse(&text.text),
                None => Measure::ratio("").parse(&text.text),
            };
            read.map_err(|error| problems.at(text.at, format!("range：{error}"))).ok()
        };
        let [from, to] = &texts[..] else {
            problems.at(at, "range 要写下限和上限两个数，例如 range = [\"3\", \"5\"]");
            return None;
        };
        let (from, to) = (parse(from, problems)?, parse(to, problems)?);
        if from >= to {
            problems.at(at, "range 的上限要大于下限，例如 range = [\"3\", \"5\"]");
            return None;
        }
        Some((from, to))
    }
}

/// A goal's targets with what ranges say above them; `range` beside the goal itself is for its year, or for the plan's
/// whole span.
pub(super) fn read_targets(
    fields: &mut Fields<'_>,
    reader: &TargetReader<'_>,
    problems: &mut Problems,
) -> (Vec<Target>, Option<Whole>, BTreeMap<i32, Amount>) {
    let mut up_to = BTreeMap::new();
    let mut found = reader.targets(fields, &mut up_to, problems);
    let mut whole = reader.whole(fields, &mut up_to, problems);
    let at = fields.at("range");
    let Some((from, to)) = reader.range(fields, problems) else { return (found, whole, up_to) };
    if !found.is_empty() || whole.is_some() {
        problems.at(at, "range 与 targets、whole 只能写一种；各年不同的请写在 targets 的各项里");
    } else if let Some((first, last)) = reader.years {
        if first == last {
            found.push(Target { year: first, value: Some(from), growth: None });
        } else {
            whole = Some(Whole { from: first, to: last, value: from });
        }
        up_to.extend((first..=last).map(|year| (year, to)));
    }
    (found, whole, up_to)
}

/// Whether a text can be the id of a rhythm, a task or a goal.
pub(super) fn check_id(what: &str, id: Option<&Text>, problems: &mut Problems) {
    if let Some(id) = id
        && !is_url_id(&id.text)
    {
        let shown = crate::month::shorten(&id.text);
        problems.at(id.at, format!("{what}.id “{shown}”只能用小写字母、数字、连字符和下划线"));
    }
}
