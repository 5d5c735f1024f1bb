//! One support policy, or one clause about several, of the editor: each box is a key of the plan file, and the file's
//! own reader says what is wrong, so that no rule of the file is written twice.

use domain::day::Day;
use domain::entry::{one_line, understand};
use domain::money::{Amount, Measure, fold};
use domain::plan::Plan;
use domain::plan::file;
use domain::plan::policy::{BaseYear, Bound, Combine, Flag, Increment, Order, Per, Policies, Quantity, Recipient};
use domain::plan::writer::policies as writer;
use domain::plan::writer::projects::money;
use domain::rate::Rate;
use toml::Value;

use super::{ROWS, YES, free_id};
use crate::box_reader::Reader;
use crate::posted::Posted;

/// The row of a clause in the list: `g.0.drop` takes it out.
pub fn group_row(index: usize, field: &str) -> String {
    format!("g.{index}.{field}")
}

/// What a page of the editor is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    Policy,
    /// A clause about several policies together.
    Group,
}

/// A box: the key of the file that it stands for, and what it is called.
pub struct Field {
    pub key: &'static str,
    pub label: &'static str,
    pub example: &'static str,
    pub hint: &'static str,
    pub kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Line,
    Long,
    /// A list, one a line.
    Lines,
    /// In 万元 unless the unit is written.
    Money,
    /// In 元 unless the unit is written.
    Yuan,
    /// Amounts in 万元, one a line.
    Sums,
    Percent,
    Whole(i32, i32),
    Day,
    Tick,
    Pick(Words),
    /// A bound in the unit of the number that it is of.
    Bound,
    Years,
}

/// Whose words a choice has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Words {
    Recipient,
    What,
    Quantity,
    Flag,
    Bound,
    Group,
    Parameter,
    Order,
    BaseYear,
    YearsFrom,
    Combine,
    Per,
    Limit,
}

const fn field(key: &'static str, label: &'static str, kind: Kind) -> Field {
    Field { key, label, example: "", hint: "", kind }
}

impl Field {
    const fn like(self, example: &'static str) -> Self {
        Self { example, ..self }
    }

    const fn hint(self, hint: &'static str) -> Self {
        Self { hint, ..self }
    }
}

/// What a page of a policy asks, by what it is about.
pub const POLICY: [(&str, &[Field]); 5] = [
    (
        "哪一项",
        &[
            field("title", "名称", Kind::Line).like("设备投资补助"),
            field("clause", "条款", Kind::Line).like("三、（四）"),
            field("recipient", "给谁", Kind::Pick(Words::Recipient)),
            field("group", "属于哪几项共有的条款", Kind::Pick(Words::Group)).hint("在“扶持政策”页加"),
            field("quote", "原文", Kind::Long).hint("照抄文件"),
            field("paid_by", "谁出资", Kind::Lines).hint("一家出的只写名称；几家分担的一行一家写比例，例如 省 30%"),
            field("responsible", "责任单位", Kind::Lines).hint("一行一个"),
        ],
    ),
    (
        "给多少",
        &[
            field("what", "怎样给", Kind::Pick(Words::What)),
            field("bound", "文件的说法", Kind::Pick(Words::Bound)),
            field("base", "按哪个数", Kind::Pick(Words::Quantity)).hint("按比例、按数量给的"),
            field("base_words", "文件怎样称这个数", Kind::Line).like("年度技改设备投资额"),
            field("share_pct", "比例（%）", Kind::Percent).like("3").hint("按比例、贴息、按增量给的"),
            field("amount", "定额", Kind::Money).like("20万元"),
            field("per_unit", "每单位多少（元）", Kind::Yuan).like("500元").hint("例如每吨标准煤500元"),
            field("above", "高出哪一个公布的利率", Kind::Pick(Words::Parameter)).hint("债券贴息"),
            field("amounts", "可选的几种金额", Kind::Sums).hint("文件写了几种、没有写档次的，一行一种，从小到大"),
            field("depends_on", "凭什么选", Kind::Line).like("投资规模"),
            field("base_year", "增量以哪一年为基数", Kind::Pick(Words::BaseYear)),
            field("years_from", "从哪一年起", Kind::Pick(Words::YearsFrom)),
            field("elsewhere", "按哪个文件执行", Kind::Line).like("泉政办〔2021〕35号"),
        ],
    ),
    (
        "上限和次数",
        &[
            field("cap.project", "每个项目最多", Kind::Money).like("500万元"),
            field("cap.firm", "每家一年最多", Kind::Money).like("500万元"),
            field("cap.firm_all_years", "每家各年合计最多", Kind::Money),
            field("cap.principal", "每家计入的本金最多", Kind::Money).like("2亿元"),
            field("cap.share_pct", "不超过的比例（%）", Kind::Percent).like("30"),
            field("cap.share_of", "占哪个数的比例", Kind::Pick(Words::Quantity)),
            field("years", "给几年", Kind::Whole(1, 30)).like("3").hint("只用于贴息和按增量给的"),
            field("once", "只给一次", Kind::Tick),
        ],
    ),
    (
        "资金、期限和公示",
        &[
            field("budget", "资金总额", Kind::Money).like("1亿元"),
            field("order", "资金不够时谁先", Kind::Pick(Words::Order)).hint("文件没有写的不选"),
            field("valid_from", "自哪一天起", Kind::Day).like("2022-01-21"),
            field("valid_to", "到哪一天止", Kind::Day).like("2025-01-20"),
            field("notice_days", "公示几天", Kind::Whole(1, 60)).like("5").hint("文件没有写的不填，公示时再填"),
        ],
    ),
    ("没有写明的", &[field("assumed", "文件没有写明、这里假定的", Kind::Lines).hint("一行一句；不要代文件定数")]),
];

/// What a page of a clause about several policies asks.
pub const GROUP: [(&str, &[Field]); 2] = [
    (
        "哪一条",
        &[
            field("title", "名称", Kind::Line).like("市级扶持政策"),
            field("clause", "条款", Kind::Line).like("三、（七）"),
            field("quote", "原文", Kind::Long).hint("照抄文件"),
            field("combine", "能否同时享受", Kind::Pick(Words::Combine)),
            field("per", "在什么范围里比", Kind::Pick(Words::Per)),
            field("assumed", "文件没有写明、这里假定的", Kind::Lines).hint("一行一句"),
        ],
    ),
    (
        "限额、资金和期限",
        &[
            field("limit", "以税收为限", Kind::Pick(Words::Limit)),
            field("limit_taxes", "是哪几种税", Kind::Line).like("增值税、企业所得税"),
            field("budget", "资金总额", Kind::Money).like("1亿元"),
            field("order", "资金或限额不够时谁先", Kind::Pick(Words::Order)).hint("文件没有写的不选"),
            field("valid_from", "自哪一天起", Kind::Day).like("2022-01-21"),
            field("valid_to", "到哪一天止", Kind::Day).like("2025-01-20"),
        ],
    ),
];

/// The rows of a policy's scale.
pub const TIERS: [Field; 6] = [
    field("level", "级别", Kind::Line),
    field("from", "达到（含）", Kind::Bound),
    field("below", "不到", Kind::Bound),
    field("amount", "给多少", Kind::Money),
    field("share_pct", "给百分之几", Kind::Percent),
    field("cap", "这一档最多", Kind::Money),
];

/// The rows of what has to hold.
pub const CONDITIONS: [Field; 7] = [
    field("is", "须是", Kind::Pick(Words::Flag)),
    field("of", "哪个数", Kind::Pick(Words::Quantity)),
    field("least", "达到（含）", Kind::Bound),
    field("over", "超过", Kind::Bound),
    field("completed_in", "完工的年份", Kind::Years),
    field("when", "只对这样的", Kind::Pick(Words::Flag)),
    field("words", "原文的说法", Kind::Line),
];

/// Keys of a policy that have rows, with their boxes.
pub const LISTS: [(&str, &str, &[Field]); 2] = [("conditions", "条件", &CONDITIONS), ("tiers", "分级、分档", &TIERS)];

/// Such a row's box: `p.tiers.0.level`.
pub fn policy_row(list: &str, row: usize, key: &str) -> String {
    policy_box(&format!("{list}.{row}.{key}"))
}

/// The box of a key: `p.cap.firm`.
pub fn policy_box(key: &str) -> String {
    format!("p.{key}")
}

const WHATS: [(&str, &str); 8] = [
    ("amount", "给定额（可分级）"),
    ("share", "按比例（可分级、分档）"),
    ("unit", "按数量，每单位多少"),
    ("interest", "贴息"),
    ("increment", "按地方留成的增量给比例"),
    ("choice", "几种金额里选一种"),
    ("open", "文件没有写金额"),
    ("elsewhere", "按别的文件执行"),
];

impl Words {
    /// The choices by word and name; an empty word is none of them.
    pub fn choices(self, plan: &Plan) -> Vec<(String, String)> {
        fn all<T: Copy>(of: &[T], word: fn(T) -> &'static str, name: fn(T) -> &'static str) -> Vec<(String, String)> {
            of.iter().map(|one| (word(*one).to_owned(), name(*one).to_owned())).collect()
        }
        let pairs = |of: &[(&str, &str)]| of.iter().map(|(word, name)| ((*word).into(), (*name).into())).collect();
        let none = |name: &str, more: Vec<(String, String)>| [vec![(String::new(), name.to_owned())], more].concat();
        match self {
            Words::Recipient => all(&Recipient::ALL, Recipient::word, Recipient::name),
            Words::What => none("请选择", pairs(&WHATS)),
            Words::Quantity => none("—", all(&Quantity::ALL, Quantity::word, Quantity::name)),
            Words::Flag => none("—", all(&Flag::ALL, Flag::word, Flag::name)),
            Words::Bound => pairs(&[
                (Bound::Exact.word(), "给予（就是这么多）"),
                (Bound::AtMost.word(), "最多、不超过"),
                (Bound::AtLeast.word(), "至少、不低于"),
            ]),
            Words::Group => {
                let groups = plan.policies.groups.iter();
                none("—", groups.map(|group| (group.id.clone(), group.title.clone())).collect())
            }
            Words::Parameter => {
                let known = plan.policies.parameters.iter();
                none("—", known.map(|parameter| (parameter.id.clone(), parameter.name.clone())).collect())
            }
            Words::Order => none("文件没有写", all(&Order::ALL, Order::word, Order::name)),
            Words::BaseYear => {
                let (from, to) = plan.years;
                let relative = (0..=5).map(BaseYear::Completion).chain([BaseYear::Last]);
                let years = relative.chain((from - 5..=to).map(BaseYear::Year));
                none("—", years.map(|year| (year.word(), year.name())).collect())
            }
            Words::YearsFrom => {
                let first =
                    (0..=5).map(|first| Increment { share: Rate::ONE, base: Increment::USUAL, first: Some(first) });
                none("—", first.filter_map(|of| Some((of.years_from()?, of.from_words()))).collect())
            }
            Words::Combine => none("文件没有写", all(&Combine::ALL, Combine::word, Combine::name)),
            Words::Per => all(&Per::ALL, Per::word, Per::name),
            Words::Limit => none("不以税收为限", pairs(&[("local_tax_share", "不超过企业当年税收的地方财政实得部分")])),
        }
    }
}

impl Sort {
    /// The block of the file.
    fn block(self) -> &'static str {
        match self {
            Sort::Policy => "policy",
            Sort::Group => "policy_group",
        }
    }

    pub fn sections(self) -> &'static [(&'static str, &'static [Field])] {
        match self {
            Sort::Policy => &POLICY,
            Sort::Group => &GROUP,
        }
    }

    fn lists(self) -> &'static [(&'static str, &'static str, &'static [Field])] {
        match self {
            Sort::Policy => &LISTS,
            Sort::Group => &[],
        }
    }

    fn fields(self) -> impl Iterator<Item = &'static Field> {
        self.sections().iter().flat_map(|(_, fields)| fields.iter())
    }

    fn titles(self, plan: &Plan) -> Vec<(String, String)> {
        let policies = &plan.policies;
        match self {
            Sort::Policy => policies.list.iter().map(|policy| (policy.id.clone(), policy.title.clone())).collect(),
            Sort::Group => policies.groups.iter().map(|group| (group.id.clone(), group.title.clone())).collect(),
        }
    }

    /// In one phrase what it says.
    fn gives(self, plan: &Plan, id: &str) -> String {
        match self {
            Sort::Policy => plan.policies.get(id).map(domain::policy::in_words).unwrap_or_default(),
            Sort::Group => {
                let group = plan.policies.groups.iter().find(|group| group.id == id);
                group.map(|group| group.combine.name().to_owned()).unwrap_or_default()
            }
        }
    }

    pub fn is_known(self, plan: &Plan, id: &str) -> bool {
        match self {
            Sort::Policy => plan.policies.get(id).is_some(),
            Sort::Group => plan.policies.groups.iter().any(|group| group.id == id),
        }
    }
}

/// Takes out the clauses that are ticked; those that policies still stand under stay, and are named.
pub(super) fn drop_groups(reader: &mut Reader<'_>, plan: &mut Plan) {
    let rows = (0..ROWS).take_while(|row| reader.has(&group_row(*row, "id")));
    let gone: Vec<(usize, String)> = rows
        .filter(|row| reader.posted.text(&group_row(*row, "drop")) == YES)
        .map(|row| (row, reader.text(&group_row(row, "id"))))
        .collect();
    for (row, id) in gone {
        let under: Vec<&str> = plan
            .policies
            .list
            .iter()
            .filter(|policy| policy.group.as_ref() == Some(&id))
            .map(|policy| policy.title.as_str())
            .collect();
        if under.is_empty() {
            plan.policies.groups.retain(|group| group.id != id);
        } else {
            let sentence =
                format!("还有{}项政策属于它（{}），请先在各项里改选，再去掉。", under.len(), under.join("、"));
            reader.say(&group_row(row, "drop"), sentence);
        }
    }
}

/// What a revision changes of policies and of clauses about several, box by box in the words of the page.
pub fn changes(before: &Plan, after: &Plan) -> Vec<String> {
    let mut found = Vec::new();
    for sort in [Sort::Group, Sort::Policy] {
        let kind = if sort == Sort::Group { "共有的条款" } else { "政策" };
        for (id, title) in sort.titles(after) {
            if !sort.is_known(before, &id) {
                found.push(format!("增加{kind}“{title}”：{}", sort.gives(after, &id)));
                continue;
            }
            let was = values(before, sort, &id);
            for (at, (label, now)) in values(after, sort, &id).into_iter().enumerate() {
                let was = &was[at].1;
                let said = |text: &str| if text.is_empty() { "没有写".to_owned() } else { text.to_owned() };
                if *was != now {
                    found.push(format!("{title} {label}：{} → {}", said(was), said(&now)));
                }
            }
        }
        let gone = sort.titles(before).into_iter().filter(|(id, _)| !sort.is_known(after, id));
        found.extend(gone.map(|(_, title)| format!("去掉{kind}“{title}”")));
    }
    let order = |plan: &Plan, other: &Plan| {
        let ids = plan.policies.list.iter().map(|policy| policy.id.clone());
        ids.filter(|id| other.policies.get(id).is_some()).collect::<Vec<_>>()
    };
    if order(before, after) != order(after, before) {
        found.push("政策的次序有改动".to_owned());
    }
    found
}

/// What each box says, with its label; of rows all in one.
fn values(plan: &Plan, sort: Sort, id: &str) -> Vec<(&'static str, String)> {
    let mut boxes = Posted::default();
    put(&mut boxes, plan, sort, id);
    let said = |field: &Field, name: &str| {
        let text = boxes.text(name).replace('\n', "；");
        match field.kind {
            Kind::Pick(words) => {
                let named = words.choices(plan).into_iter().find(|(word, _)| !word.is_empty() && *word == text);
                named.map_or(text, |(_, name)| name)
            }
            Kind::Tick if !text.is_empty() => "是".to_owned(),
            _ => text,
        }
    };
    let own = sort.fields().map(|field| (field.label, said(field, &policy_box(field.key))));
    let rows = sort.lists().iter().map(|(list, label, fields)| {
        let count = (0..ROWS).take_while(|row| boxes.get(&policy_row(list, *row, fields[0].key)).is_some());
        let row = |row: usize| {
            let cells = fields.iter().map(|field| (field.label, said(field, &policy_row(list, row, field.key))));
            let cells = cells.filter(|(_, text)| !text.is_empty()).map(|(label, text)| format!("{label} {text}"));
            cells.collect::<Vec<_>>().join("，")
        };
        (*label, count.map(row).collect::<Vec<_>>().join("；"))
    });
    own.chain(rows).collect()
}

/// The boxes of what has this id; none are set for what is to come.
pub(super) fn put(boxes: &mut Posted, plan: &Plan, sort: Sort, id: &str) {
    let policies = &plan.policies;
    let mut one = Policies::default();
    match sort {
        Sort::Policy => one.list.extend(policies.get(id).cloned()),
        Sort::Group => one.groups.extend(policies.groups.iter().find(|group| group.id == id).cloned()),
    }
    let file: toml::Table = writer::text(&one).parse().unwrap_or_default();
    let block = file.get(sort.block()).and_then(Value::as_array).and_then(|blocks| blocks.first()?.as_table());
    block.into_iter().for_each(|block| put_all(boxes, "", block));
}

fn put_all(boxes: &mut Posted, under: &str, table: &toml::Table) {
    for (key, value) in table {
        let key = format!("{under}{key}");
        match value {
            Value::Table(inner) => put_all(boxes, &format!("{key}."), inner),
            Value::Array(items) if items.iter().any(Value::is_table) => {
                let rows = items.iter().filter_map(Value::as_table).enumerate();
                rows.for_each(|(row, inner)| put_row(boxes, &key, row, inner));
            }
            value => boxes.set(&policy_box(&key), &said(value, "\n")),
        }
    }
}

fn put_row(boxes: &mut Posted, list: &str, row: usize, inner: &toml::Table) {
    // Rows are counted by the first box, which may say nothing.
    let fields = LISTS.iter().find(|(key, ..)| *key == list).map_or(&[][..], |(_, _, fields)| fields);
    for field in fields {
        let value = inner.get(field.key).map(|value| said(value, "、")).unwrap_or_default();
        boxes.set(&policy_row(list, row, field.key), &value);
    }
}

fn said(value: &Value, between: &str) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Boolean(true) => YES.to_owned(),
        Value::Array(items) => items.iter().map(|item| said(item, between)).collect::<Vec<_>>().join(between),
        other => other.to_string(),
    }
}

/// The block that the boxes say, and of each line of it the box it came from.
struct Block {
    text: String,
    boxes: Vec<String>,
}

impl Block {
    fn push(&mut self, lines: &str, from: &str) {
        self.text.push_str(lines);
        self.text.push('\n');
        self.boxes.extend(lines.lines().map(|_| from.to_owned()));
    }
}

fn quoted(text: &str) -> String {
    Value::String(text.to_owned()).to_string()
}

/// Reads the page over what has this id; what is to come stands behind the others.
pub(super) fn read(reader: &mut Reader<'_>, plan: &mut Plan, sort: Sort, id: &str) {
    let taken = |id: &str| sort.is_known(plan, id);
    let written = reader.optional(&policy_box("id")).filter(|_| !taken(id));
    let own = match (taken(id), written) {
        (true, _) => id.to_owned(),
        (false, Some(written)) => written,
        (false, None) => free_id(if sort == Sort::Policy { "policy" } else { "group" }, taken),
    };
    let mut block = Block { text: String::new(), boxes: Vec::new() };
    block.push(&format!("[[{}]]", sort.block()), &policy_box("title"));
    block.push(&format!("id = {}", quoted(&own)), &policy_box("id"));
    reader.required(&policy_box("title"), "名称", "设备投资补助");
    if sort == Sort::Policy {
        reader.required(&policy_box("quote"), "原文", "按设备投资额的3%给予补助");
        if reader.text(&policy_box("what")).is_empty() {
            reader.say(&policy_box("what"), "还没有选怎样给。");
        }
    }
    for field in sort.fields() {
        let name = policy_box(field.key);
        if let Some(value) = value(reader, plan, field, &name, None) {
            block.push(&format!("{} = {value}", field.key), &name);
        }
    }
    for (key, _, fields) in sort.lists() {
        list(reader, plan, (key, fields), &mut block);
    }
    if !reader.problems.is_empty() {
        return;
    }
    let mut others = Policies {
        list: plan.policies.list.clone(),
        groups: plan.policies.groups.clone(),
        parameters: plan.policies.parameters.clone(),
        ..Policies::default()
    };
    match sort {
        Sort::Policy => others.list.retain(|policy| policy.id != own || !taken(id)),
        Sort::Group => others.groups.retain(|group| group.id != own || !taken(id)),
    }
    let before = format!("{}\n\n", writer::text(&others));
    match file::policies(&format!("{before}{}", block.text), plan) {
        Ok((mut found, _)) => match sort {
            Sort::Policy => found.list.pop().into_iter().for_each(|read| {
                let at = plan.policies.list.iter().position(|policy| policy.id == id);
                place(&mut plan.policies.list, at, read);
            }),
            Sort::Group => found.groups.pop().into_iter().for_each(|read| {
                let at = plan.policies.groups.iter().position(|group| group.id == id);
                place(&mut plan.policies.groups, at, read);
            }),
        },
        Err(problems) => {
            let lines = before.lines().count();
            for problem in problems {
                let line = problem.line.checked_sub(lines + 1);
                let name = line.and_then(|line| block.boxes.get(line)).cloned();
                let name = box_of(sort, &own, name.unwrap_or_else(|| policy_box("title")), &problem.message);
                let said = in_words(sort, plan, &name, &problem.message);
                let end = if said.ends_with('？') { "" } else { "。" };
                reader.say(&name, format!("{said}{end}"));
            }
        }
    }
}

fn place<T>(list: &mut Vec<T>, at: Option<usize>, item: T) {
    match at {
        Some(at) => list[at] = item,
        None => list.push(item),
    }
}

/// The rows of a list, those that say nothing left out.
fn list(reader: &mut Reader<'_>, plan: &Plan, (key, fields): (&str, &'static [Field]), block: &mut Block) {
    let first = |row: usize| policy_row(key, row, fields[0].key);
    let rows = (0..ROWS).take_while(|row| reader.has(&first(*row))).count();
    let mut lines = Vec::new();
    for row in 0..rows {
        let of = if key == "tiers" { policy_box("base") } else { policy_row(key, row, "of") };
        let of = Quantity::ALL.into_iter().find(|quantity| quantity.word() == reader.text(&of));
        let cells = fields.iter().filter_map(|field| {
            let value = value(reader, plan, field, &policy_row(key, row, field.key), of)?;
            Some(format!("{} = {value}", field.key))
        });
        let cells: Vec<String> = cells.collect();
        if !cells.is_empty() {
            lines.push((format!("  {{ {} }},", cells.join(", ")), first(row)));
        }
    }
    if let Some((_, name)) = lines.first() {
        block.push(&format!("{key} = ["), name);
        lines.iter().for_each(|(line, name)| block.push(line, name));
        block.push("]", &lines[0].1);
    }
}

/// What a box says as the file writes it; nothing where it says nothing, or something wrong, which is told.
fn value(reader: &mut Reader<'_>, plan: &Plan, field: &Field, name: &str, of: Option<Quantity>) -> Option<String> {
    let text = reader.text(name);
    if text.is_empty() {
        return None;
    }
    let label = field.label;
    match field.kind {
        Kind::Line => Some(quoted(&one_line(&text))),
        Kind::Long | Kind::Pick(_) => Some(quoted(&text)),
        Kind::Lines => {
            let lines: Vec<String> =
                text.lines().map(one_line).filter(|line| !line.is_empty()).map(|line| quoted(&line)).collect();
            Some(format!("[{}]", lines.join(", ")))
        }
        Kind::Money => positive(reader, name, label, &Measure::wan_yuan()).map(|amount| quoted(&money(amount))),
        Kind::Yuan => {
            let measure = Measure { unit: "元".to_owned(), per_unit: 1, money: true };
            positive(reader, name, label, &measure).map(|amount| quoted(&money(amount)))
        }
        Kind::Bound => match of {
            Some(of) => {
                let amount = positive(reader, name, label, &of.measure())?;
                Some(quoted(&writer::bound(of, amount)))
            }
            // The file's reader says that the number is missing which it is of.
            None => Some(quoted(&text)),
        },
        Kind::Sums => {
            let sums: Option<Vec<String>> = text
                .lines()
                .filter(|line| !line.trim().is_empty())
                .map(|line| match understand(&Measure::wan_yuan(), line) {
                    Ok(Some(read)) if read.amount.0 > 0 => Some(quoted(&money(read.amount))),
                    Ok(_) => reader.wrong(name, format!("{label}“{line}”要大于0，例如 10万元。")),
                    Err(error) => reader.wrong(name, format!("{label}：{error}。")),
                })
                .collect();
            Some(format!("[{}]", sums?.join(", ")))
        }
        Kind::Percent => {
            let rate = reader.percent(name, label)?;
            match rate.is_positive() && Rate::new(10, 1).is_some_and(|most| rate <= most) {
                true => Some(quoted(&rate.percent_as_written())),
                false => reader.wrong(name, format!("{label}要大于0、不超过1000，例如 3。")),
            }
        }
        Kind::Whole(least, most) => reader.number_or_none(name, label, least..=most).map(|number| number.to_string()),
        Kind::Day => {
            let (from, to) = plan.years;
            // Of a plan of several years nobody can say which is meant.
            if from != to && Day::parse(&text).is_some_and(|day| !day.names_year()) {
                return reader.wrong(name, format!("{label}“{text}”没有写年份，请写成 {to}-12-31。"));
            }
            reader.day(name, label, Day::middle_of(from)).map(|day| day.to_string())
        }
        Kind::Tick => (text == YES).then(|| "true".to_owned()),
        Kind::Years => {
            let folded = fold(&text);
            let parts = folded.split(|c: char| c.is_whitespace() || matches!(c, '、' | ',' | ';' | '和'));
            let year =
                |part: &str| part.trim_end_matches('年').parse().ok().filter(|year| (1900..=2999).contains(year));
            let years: Option<Vec<i32>> = parts.filter(|part| !part.is_empty()).map(year).collect();
            match years.filter(|years| !years.is_empty()) {
                Some(years) => {
                    let years: Vec<String> = years.iter().map(i32::to_string).collect();
                    Some(format!("[{}]", years.join(", ")))
                }
                None => reader.wrong(name, format!("{label}“{text}”不是年份，请写成 2018、2019。")),
            }
        }
    }
}

fn positive(reader: &mut Reader<'_>, name: &str, label: &str, measure: &Measure) -> Option<Amount> {
    let amount = reader.amount(name, label, measure)?;
    match amount.0 > 0 {
        true => Some(amount),
        false => reader.wrong(name, format!("{label}要大于0，例如 {}{}。", 500, measure.unit)),
    }
}

/// The box that a sentence is about: that of its line, or within a row and on the page the first that it names.
fn box_of(sort: Sort, id: &str, name: String, message: &str) -> String {
    let names = |key: &str| keys(message).any(|word| word == key);
    for (list, _, fields) in sort.lists() {
        if let Some(row) = name.strip_prefix(&policy_box(&format!("{list}."))) {
            let row = row.split('.').next().and_then(|row| row.parse().ok()).unwrap_or_default();
            let field = fields.iter().find(|field| names(field.key)).unwrap_or(&fields[0]);
            return policy_row(list, row, field.key);
        }
    }
    // Which of two policies has the name stands at the id's line.
    if name == policy_box("id") && message.contains("出现两次") && !message.contains(&format!("“{id}”")) {
        return policy_box("title");
    }
    // What stands at the head of the block says which key is missing.
    if name != policy_box("title") {
        return name;
    }
    if let Some((list, _, fields)) = sort.lists().iter().find(|(list, ..)| message.starts_with(*list)) {
        return policy_row(list, 0, fields[0].key);
    }
    let own = keys(message).find_map(|word| sort.fields().find(|field| field.key == word && word != "what"));
    own.map_or(name, |field| policy_box(field.key))
}

/// The keys that a sentence of the file's reader names, without the block before them.
fn keys(message: &str) -> impl Iterator<Item = &str> {
    let is_key = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '.');
    message.split(move |c| !is_key(c)).filter(|word| !word.is_empty()).map(bare)
}

fn bare(word: &str) -> &str {
    let blocks = ["policy_group.", "policy.", "conditions.", "tiers.", "cap."];
    blocks.into_iter().find_map(|block| word.strip_prefix(block)).unwrap_or(word)
}

/// Whole phrases of the file's reader that the form says otherwise; longer ones first.
const PHRASES: [(&str, &str); 12] = [
    (
        "conditions 的每一项写一个条件：{ is = \"in_statistics\" }、{ of = \"saved\", least = \"300\" } 或 \
         { completed_in = [2018, 2019] }",
        "一行写一个条件：选“须是”，或选一个数并填“达到（含）”或“超过”，或填“完工的年份”，例如 2018、2019",
    ),
    (
        "cap 的 share_pct 与 share_of 要一起写，例如 { share_pct = \"30\", share_of = \"total\" }",
        "“不超过的比例（%）”和“占哪个数的比例”要一起填",
    ),
    (
        "不合；按数额分档给钱的写 what = \"share\"，在 tiers 里写 from 和 amount",
        "不合；按数额分档给钱的，“怎样给”选“按比例（可分级、分档）”，在分级、分档里填“达到（含）”和“给多少”",
    ),
    (
        "只用于贴息（interest）和增量奖励（increment），请删去；只给一次的写 once = true",
        "只用于贴息和按增量给的，请清空；只给一次的勾选“只给一次”",
    ),
    ("下划线，例如 equipment", "下划线，例如 equip_1"),
    ("policy_group 写了", "写了"),
    ("policy 写了", "写了"),
    ("policy_group 的 valid", "valid"),
    ("policy 的 valid", "valid"),
    ("请删去或改写 what", "请清空，或改“怎样给”"),
    (" “", "“"),
    ("，加引号", ""),
];

/// A sentence of the file's reader in the words of the page: keys by their labels, words by their names.
fn in_words(sort: Sort, plan: &Plan, name: &str, message: &str) -> String {
    let message = PHRASES.iter().fold(message.to_owned(), |said, (from, to)| said.replace(from, to));
    let fields: Vec<&Field> =
        sort.fields().chain(sort.lists().iter().flat_map(|(_, _, fields)| fields.iter())).collect();
    let label = |word: &str| {
        let bare = self::bare(word);
        let named = [("policy", "政策"), ("policy_group", "共有的条款"), ("id", "代号"), ("cap", "上限")];
        let listed = sort.lists().iter().map(|(key, label, _)| (*key, *label));
        let own = fields.iter().map(|field| (field.key, field.label));
        // A row's amount is another box than the policy's.
        let is_row = |list: &str| name.starts_with(&policy_box(&format!("{list}.")));
        let row = sort.lists().iter().filter(|(list, ..)| is_row(list)).flat_map(|(_, _, fields)| fields.iter());
        let row = row.map(|field| (field.key, field.label)).find(|(key, _)| *key == bare).map(|(_, label)| label);
        row.or_else(|| named.into_iter().chain(listed).chain(own).find(|(key, _)| *key == bare).map(|(_, label)| label))
    };
    let called = |word: &str| {
        let picks = fields.iter().filter_map(|field| match field.kind {
            Kind::Pick(words) => Some(words.choices(plan)),
            _ => None,
        });
        picks.flatten().find(|(known, _)| !known.is_empty() && known == word).map(|(_, name)| name)
    };
    let mut said = String::new();
    let mut rest = message.as_str();
    while let Some(c) = rest.chars().next() {
        // What somebody wrote stands between these marks.
        if let Some((own, behind)) = rest.strip_prefix('“').and_then(|rest| rest.split_once('”')) {
            said.push_str(&format!("“{own}”"));
            rest = behind;
            continue;
        }
        let end = rest.find(|c: char| !(c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '.' | '-')));
        let word = &rest[..end.unwrap_or(rest.len())];
        let after = &rest[word.len()..];
        if !word.starts_with(|c: char| c.is_ascii_lowercase()) {
            // Brackets of the file's tables say nothing to who fills in a form.
            if !matches!(c, '{' | '}' | '[' | ']' | '"') {
                said.push(c);
            }
            rest = &rest[c.len_utf8()..];
            continue;
        }
        match (label(word), called(word)) {
            (Some(label), _) => match after.strip_prefix(" = ") {
                Some(value) => {
                    let (value, behind) = match value.strip_prefix('"').and_then(|value| value.split_once('"')) {
                        Some(quoted) => quoted,
                        None => value.split_at(value.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(value.len())),
                    };
                    match called(value) {
                        Some(value) => said.push_str(&format!("“{label}”选“{value}”")),
                        None => said.push_str(&format!("“{label}”填 {value}")),
                    }
                    rest = behind;
                    continue;
                }
                None => said.push_str(&format!("“{label}”")),
            },
            (None, Some(name)) => said.push_str(&name),
            (None, None) => said.push_str(word),
        }
        rest = after;
    }
    let closed = said.replace("  ", " ").replace(" “", "“").replace("” ", "”").replace("”要写", "”，要写");
    closed.replace(",“", "、“").replace(", ", "、").trim().to_owned()
}
