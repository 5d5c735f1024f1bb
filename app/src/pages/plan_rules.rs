//! The rules of an assessment in the plan editor: the usual two lists in boxes of their own, everything else in rows.

use domain::assessment::{CompletedWhen, RankBy, Reading, Ties};
use domain::plan::{Against, ComponentFrom};
use leptos::prelude::*;
use office::rules_form::{FROMS, LISTS, METHODS, PARTS, WHENS, list_name, part_name};

use super::plan_sheet::{Sheet, borrowed, table};

/// Empty rows at the end, for more.
const SPARE: usize = 2;

pub(super) fn rules_fields(sheet: &Sheet<'_>) -> AnyView {
    let ranks: Vec<(&str, &str)> = RankBy::WORDS.into_iter().map(|(word, by)| (word, by.name())).collect();
    let also = ranks.iter().copied().filter(|(word, _)| *word != "score");
    let also: Vec<(&str, &str)> = std::iter::once(("", "不另列")).chain(also).collect();
    let completed: Vec<(&str, &str)> =
        CompletedWhen::WORDS.into_iter().map(|(word, when)| (word, when.name())).collect();
    view! {
        <fieldset class="rules">
            <legend>"考核"</legend>
            {sheet.choice("assess", "这项指标", &[("yes", "考核、加减分"), ("no", "不考核")], "")}
            <div class="if assessed">
                {sheet.input("assess_clause", "条款", "四、（三）绩效考核促争先", "")}
                {sheet.choice("rank_by", "按什么排位", &ranks, "")}
                {sheet.choice("rank_also", "另列一列位次", &also, "")}
                {sheet.choice("completed_when", "何为完成", &completed, "")}
                {sheet
                    .choice(
                        "ranks_from",
                        "用谁的数排位",
                        &[("county", "单位报的数"), ("bureau", "统计部门的数")],
                        "",
                    )} {sheet.input("top", "完成目标且居前的，从第一名起", "0.3、0.2、0.1", "")}
                {sheet.tick("top_always", "on", "不看是否完成")}
                {sheet.input("bottom", "未完成目标且居后的，从最后一名起", "-0.3、-0.2、-0.1", "")}
                {sheet.tick("bottom_always", "on", "不看是否完成")}
                {sheet.input("award_unit", "奖惩的单位", "分", "")}
                {sheet.input("objection_days", "异议期（天）", "7", "")} {readings(sheet)} {more(sheet)}
            </div>
        </fieldset>
    }
    .into_any()
}

/// How the text is read, and the days of the year's end.
fn readings(sheet: &Sheet<'_>) -> AnyView {
    let readings: Vec<(&str, &str)> = Reading::WORDS.into_iter().map(|(word, found)| (word, found.name())).collect();
    let ties: Vec<(&str, &str)> = Ties::WORDS.into_iter().map(|(word, ties)| (word, ties.name())).collect();
    let digits = [
        ("exact", "按精确值比较"),
        ("0", "百分数取整后比较"),
        ("1", "保留 1 位小数后比较"),
        ("2", "保留 2 位小数后比较"),
        ("3", "保留 3 位小数后比较"),
        ("4", "保留 4 位小数后比较"),
        ("5", "保留 5 位小数后比较"),
        ("6", "保留 6 位小数后比较"),
    ];
    let said = ["assess_quote", "assess_assumed", "assess_responsible", "self_month", "verification_month"];
    let open = said.iter().any(|name| !sheet.text(name).is_empty());
    view! {
        <details open=open>
            <summary>"原文、读法、自评和核查的日期"</summary>
            {sheet.long("assess_quote", "原文", "")}
            {sheet.long("assess_assumed", "文件没有写明、这里假定的", "一行一句")}
            {sheet.long("assess_responsible", "负责考核的单位", "一行一个")}
            {sheet
                .choice(
                    "reading",
                    "先后的读法",
                    &readings,
                    "文件写明的选在这里；没有写明的，在考核页由办公室书面确定",
                )}
            {sheet.choice("ties", "并列", &ties, "")}
            {sheet.choice("compare", "取整", &digits, "")}
            {sheet.input("self_month", "自评截止：次年几月", "1", "没有的不填")}
            {sheet.input("self_day", "自评截止：几日", "31", "")}
            {sheet.input("verification_month", "核查评估：次年几月", "2", "没有的不填")}
        </details>
    }
    .into_any()
}

/// What fewer documents say: open where the plan says some of it.
fn more(sheet: &Sheet<'_>) -> AnyView {
    let rules = ["a.", "s.", "grades", "gate"];
    let said = |boxes: &office::posted::Posted| {
        boxes.fields().any(|(name, value)| {
            let chosen =
                [".when", ".from", ".method", ".against", ".period", ".goal"].iter().any(|end| name.ends_with(end));
            !chosen && !value.is_empty() && rules.iter().any(|prefix| name.starts_with(prefix))
        })
    };
    let open = said(&sheet.turn.known) || said(&sheet.turn.posted);
    view! {
        <details open=open>
            <summary>"其他奖惩、得分、等次和一票否决"</summary>
            <h3>"其他奖惩"</h3>
            <p class="subtitle">
                "分值以外的写奖金（万元）或事物（红牌、通报批评）；“每个都给”只写一个数。分组的，写“各组分别”或组名。"
            </p>
            {list_rows(sheet)}
            {sheet
                .input(
                    "gate",
                    "一票否决（指标名，或核验时填写的事）",
                    "单位能耗、安全事故",
                    "",
                )}
            <h3>"得分的组成（按得分排位的填）"</h3>
            <p class="subtitle">
                "平时只算各单位都已有数的部分，满分随之注明；年终缺哪一部分，点名说明。"
            </p>
            {part_rows(sheet)}
            {sheet.input("grades", "等次（多少分起，由高到低）", "90 优秀、80 良好", "")}
        </details>
    }
    .into_any()
}

fn options<'a>(words: impl IntoIterator<Item = (&'a str, &'a str)>) -> Vec<(String, String)> {
    words.into_iter().map(|(word, text)| (word.to_owned(), text.to_owned())).collect()
}

fn list_rows(sheet: &Sheet<'_>) -> AnyView {
    let whens = options(WHENS.iter().map(|(word, _, text)| (*word, *text)));
    let froms = options(FROMS.iter().map(|(word, _, text)| (*word, *text)));
    let (whens, froms) = (borrowed(&whens), borrowed(&froms));
    let rows = (0..sheet.rows(|row| list_name(row, "places"), LISTS, SPARE)).map(|row| {
        let cell = |field: &str, label, class| sheet.cell(list_name(row, field), label, row, class);
        view! {
            <tr>
                {sheet.pick(list_name(row, "when"), "给谁", row, &whens)}
                {sheet.pick(list_name(row, "from"), "怎么数", row, &froms)}
                {cell("places", "各给多少", "name-in")} {cell("unit", "分、万元或事物", "code-in")}
                {cell("word", "事物的量词", "num-in")} {cell("group", "组", "code-in")}
                {cell("gate", "一票否决", "name-in")}
            </tr>
        }
        .into_any()
    });
    table(&["给谁", "怎么数", "各给多少", "分、万元或事物", "事物的量词", "组", "一票否决"], rows.collect())
}

fn part_rows(sheet: &Sheet<'_>) -> AnyView {
    let froms = options(ComponentFrom::WORDS.iter().map(|(word, from)| (*word, from.name())));
    let goals = std::iter::once(("", "本指标"));
    let others = sheet.turn.plan.goals.iter().map(|goal| (goal.id.as_str(), goal.name.as_str()));
    let goals = options(goals.chain(others));
    let periods = options([("", "年初至今"), ("quarter_alone", "单季度")]);
    let against =
        std::iter::once(("", "—")).chain(Against::WORDS.iter().map(|(word, against)| (*word, against.name())));
    let against = options(against);
    let methods = options(METHODS.iter().map(|(word, text, _)| (*word, *text)));
    let rows = (0..sheet.rows(|row| part_name(row, "name"), PARTS, SPARE)).map(|row| {
        let cell = |field: &str, label, class| sheet.cell(part_name(row, field), label, row, class);
        let pick = |field: &str, label, options: &[(String, String)]| {
            sheet.pick(part_name(row, field), label, row, &borrowed(options))
        };
        view! {
            <tr>
                {cell("name", "名称", "name-in")} {pick("from", "算什么", &froms)} {pick("goal", "指标", &goals)}
                {pick("period", "时间", &periods)} {pick("against", "对照", &against)}
                {cell("weight", "满分", "num-in")} {pick("method", "计分", &methods)}
                {cell("points", "分值", "name-in")} {cell("threshold", "起算线", "num-in")}
                {cell("cap", "封顶", "num-in")} {cell("floor", "保底", "num-in")}
            </tr>
        }
        .into_any()
    });
    let rows = rows.collect();
    let heads = ["名称", "算什么", "指标", "时间", "对照", "满分", "计分", "分值", "起算线", "封顶", "保底"];
    let examples = METHODS.iter().filter(|(.., example)| !example.is_empty());
    let examples = examples.map(|(_, name, example)| format!("{name}：{example}")).collect::<Vec<_>>().join("；");
    view! {
        {table(&heads, rows)}
        <p class="subtitle">{format!("分值的写法——{examples}。")}</p>
    }
    .into_any()
}
