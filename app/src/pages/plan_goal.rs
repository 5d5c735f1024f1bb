//! One goal in the plan editor: what it is, its targets, its time, who reports it, its split.

use leptos::prelude::*;
use office::plan_form::{
    COUNTS, DIRECTIONS, KINDS, MADE, PACES, Part, RANKED, REFERENCES, ROWS, SPLIT_KINDS, WHATS, by_options, duty_name,
    each_options, pace_name, row_name, target_name,
};

use super::plan_lists::{rhythm_options, sections};
use super::plan_projects;
use super::plan_sheet::{SPARE, Sheet, borrowed, go, table};
use crate::parts::area;

pub(super) fn goal(sheet: &Sheet<'_>, upload: AnyView) -> AnyView {
    view! {
        {neighbours(sheet)}
        {sheet.hidden("goal")}
        {what(sheet)}
        {targets(sheet)}
        {time(sheet)}
        {duties(sheet)}
        {plan_projects::counted(sheet)}
        {from_list(sheet)}
        {split(sheet, upload)}
    }
    .into_any()
}

/// The goals before and behind it.
fn neighbours(sheet: &Sheet<'_>) -> AnyView {
    let Part::Goal(id) = &sheet.turn.part else { return ().into_any() };
    let goals = &sheet.turn.plan.goals;
    let Some(at) = goals.iter().position(|goal| goal.id == *id) else {
        return view! {
            <p class="neighbours">
                "新的目标排在同一部分最后；次序在“目标”页改。"
                {go("goal:", "加好，再加一个".to_owned(), "second")}
                <button type="submit" name="then" value="leave:goals" class="second">
                    "不加这个目标"
                </button>
            </p>
        }
        .into_any();
    };
    let to = |at: Option<usize>, text: &str| {
        let goal = at.and_then(|at| goals.get(at))?;
        Some(go(&Part::Goal(goal.id.clone()).code(), format!("{text}：{}", goal.name), "second"))
    };
    view! {
        <p class="neighbours">
            <span>{format!("第 {} 个，共 {} 个", at + 1, goals.len())}</span>
            {to(at.checked_sub(1), "上一个")}
            {to(Some(at + 1), "下一个")}
            {go("goal:", "加一个目标".to_owned(), "second")}
        </p>
    }
    .into_any()
}

fn what(sheet: &Sheet<'_>) -> AnyView {
    let kinds: Vec<(&str, &str)> = KINDS.into_iter().map(|(word, kind)| (word, kind.name())).collect();
    let more = ["decimals", "step", "goal_assumed", "parent_plan"];
    let more = more.iter().any(|name| !sheet.text(name).is_empty());
    view! {
        <fieldset>
            <legend>"目标"</legend>
            {sheet.input("goal_name", "指标", "工业技改投资", "")}
            {sheet.choice("kind", "是什么数", &kinds, "")}
            {sheet
                .input(
                    "unit",
                    "单位",
                    "亿元",
                    "金额写亿元、万元或元，比率写 %；只报文字的不填",
                )}
            {sheet
                .proposed(
                    "section",
                    "属于哪一部分",
                    "文件里的标题，页面和通报按它分组",
                    sections(&sheet.turn.plan),
                )}
            {sheet.input("clause", "条款", "一、年度目标", "")}
            {sheet.long("quote", "原文（写有这些数的那句话）", "")}
            <details open=more>
                <summary>"小数位数、代号、上级计划、文件没有写明的"</summary>
                {sheet.input("decimals", "小数位数", "1", "41.6万吨写 1；不填的按单位")}
                {sheet.input("step", "最小间隔", "0.5", "填报的数要是它的整数倍；没有的不填")}
                {sheet
                    .input(
                        "goal_id",
                        "代号",
                        "investment",
                        "英文小写，不填的自动编；有数据后不能改",
                    )}
                {sheet
                    .long(
                        "goal_assumed",
                        "文件没有写明、这里假定的",
                        "一行一句；核对时列给大家看",
                    )}
                {sheet
                    .input(
                        "parent_plan",
                        "落实哪个上级计划",
                        "fujian-2013",
                        "上级计划的英文名；只用于同一年",
                    )}
                {sheet.input("parent_goal", "上级计划里的目标代号", "investment", "")}
                {sheet.input("parent_unit", "本地区在上级分解表里的代码", "350100", "")}
            </details>
        </fieldset>
    }
    .into_any()
}

fn targets(sheet: &Sheet<'_>) -> AnyView {
    let turn = sheet.turn;
    let plan = &turn.plan;
    let several = plan.years.0 != plan.years.1;
    let others = others(sheet, "请选择");
    let each = each_options(plan);
    let numbers = match several {
        false => view! {
            {sheet.input(&target_name(false, turn.year, "value"), "总目标", "1120", "")}
            {sheet
                .input(
                    &target_name(false, turn.year, "growth"),
                    "总增幅目标（%）",
                    "12",
                    "只有增幅的，总目标不填",
                )}
            {sheet
                .input(
                    &target_name(false, turn.year, "up_to"),
                    "上限",
                    "5",
                    "3—5家的，总目标写 3，上限写 5",
                )}
        }
        .into_any(),
        true => {
            let rows = (plan.years.0..=plan.years.1).enumerate().map(|(row, year)| {
                let name = |field: &str| target_name(true, year, field);
                view! {
                    <tr>
                        <th scope="row">{format!("{year}年")}</th>
                        {sheet.cell(name("value"), "目标", row, "num-in")}
                        {sheet.cell(name("growth"), "增幅（%）", row, "num-in")}
                        {sheet.cell(name("up_to"), "上限（3—5家的 5）", row, "num-in")}
                    </tr>
                }
                .into_any()
            });
            table(&["年份", "目标", "增幅（%）", "上限（3—5家的 5）"], rows.collect())
        }
    };
    let spans = several || !sheet.text("whole_value").is_empty();
    let whole = spans.then(|| {
        view! {
            {sheet
                .input(
                    "whole_value",
                    "跨年目标",
                    "110",
                    "几年合起来一个数的写在这里；没有的不填",
                )}
            {sheet.input("whole_from", "跨年目标：起始年", &plan.years.0.to_string(), "")}
            {sheet.input("whole_to", "跨年目标：结束年", &plan.years.1.to_string(), "")}
            {sheet.input("whole_up_to", "跨年目标：上限", "", "")}
        }
    });
    view! {
        <fieldset class="targets">
            <legend>"目标数"</legend>
            {sheet.choice("reference", "目标从哪里来", &REFERENCES, "")}
            {sheet.choice("direction", "方向", &DIRECTIONS, "")}
            {sheet.choice("made", "数怎样来", &MADE, "")}
            <div class="if compared">
                {sheet.input("compared_with", "与什么比较", "全市平均水平", "办公室逐期填这个数")}
            </div>
            <div class="if each">
                {sheet.choice_of("each_of", "对谁定目标", &each, "单位和类目在“单位”页列出")}
                {sheet.input("each_value", "每个的目标", "3", "只监测的不填")}
                {sheet.input("each_up_to", "每个的上限", "5", "3—5个的写 5；没有的不填")}
            </div>
            <div class="if share">
                {sheet.choice_of("share_part", "哪个目标（分子）", &others, "")}
                {sheet.choice_of("share_of", "占哪个目标（分母）", &others, "")}
            </div>
            <div class="if average">
                {sheet
                    .choice_of(
                        "average_of",
                        "谁的平均增速",
                        &others,
                        "跨年目标写几年平均增长百分之几",
                    )}
            </div>
            <div class="if based">
                {sheet.input("base_year", "基年", "2020", "2021—2023年平均增长的，基年是 2020")}
            </div>
            <div class="if number">{numbers} {whole}</div>
            <div class="if counted">
                {sheet.choice("counts", "怎样计数", &COUNTS, "“达到30家”一类的，报的是总数")}
                <div class="if stock">{sheet.input("start", "年初已有", "21", "不填的没有序时进度")}</div>
            </div>
        </fieldset>
    }
    .into_any()
}

/// The other goals of the plan, behind an empty choice.
fn others(sheet: &Sheet<'_>, none: &str) -> Vec<(String, String)> {
    let turn = sheet.turn;
    let others = turn.plan.goals.iter().filter(|other| other.id != turn.goal);
    let others = others.map(|other| (other.id.clone(), other.name.clone()));
    std::iter::once((String::new(), none.to_owned())).chain(others).collect()
}

fn time(sheet: &Sheet<'_>) -> AnyView {
    let months = (1..=12).map(|month| {
        let label = format!("{month}月底（%）");
        sheet.input(&pace_name(month), &label, "", "")
    });
    view! {
        <fieldset class="time">
            <legend>"时间和进度"</legend>
            {sheet.choice_of("rhythm", "报送周期", &rhythm_options(&sheet.turn.plan), "")}
            <div class="if watched">
                {sheet
                    .choice_of(
                        "watches",
                        "监测哪个目标",
                        &others(sheet, "—"),
                        "每周、每旬的数画在它的各期之间",
                    )}
            </div>
            {sheet
                .input(
                    "due",
                    "完成期限",
                    "2013-03",
                    "年底之前要完成的写月份；过期没有完成会一直列着",
                )}
            {sheet
                .input(
                    "until",
                    "止于",
                    "2022-06",
                    "不再报送的写最后一期；有数据的目标不能去掉，只能止于",
                )}
            {sheet.choice("pace", "序时进度", &PACES, "")}
            <div class="if curve">
                {months.collect_view()}
                <p class="subtitle">
                    "各月底应累计完成全年的百分之几；不填的月份按前后两点的直线，12月底写 100。"
                </p>
            </div>
        </fieldset>
    }
    .into_any()
}

fn duties(sheet: &Sheet<'_>) -> AnyView {
    let plan = &sheet.turn.plan;
    let who = [vec![(String::new(), "—".to_owned())], by_options(plan)].concat();
    let who = borrowed(&who);
    let rows = (0..sheet.rows(|row| duty_name(row, "by"), ROWS, SPARE)).map(|row| {
        view! {
            <tr>
                {sheet.pick(duty_name(row, "by"), "由谁报", row, &who)}
                {sheet.pick(duty_name(row, "what"), "报什么", row, &WHATS)}
            </tr>
        }
        .into_any()
    });
    let rows = rows.collect();
    let stated: Vec<(String, String)> = plan.units.iter().map(|unit| (unit.id.clone(), unit.name.clone())).collect();
    let stated = [vec![(String::new(), "办公室".to_owned())], stated].concat();
    let none = plan.units.is_empty().then(|| {
        view! {
            <p class="subtitle">
                "分解表里的单位各报自己的数。街道、园区、部门也要报送的，先在“单位”页列出，再回来选。"
            </p>
        }
    });
    let table = (!plan.units.is_empty()).then(|| table(&["由谁报", "报什么"], rows));
    view! {
        <fieldset>
            <legend>"由谁报"</legend>
            {sheet.long("lead", "牵头单位（文件的原话）", "一行一个")}
            {sheet.long("responsible", "责任单位（文件的原话）", "一行一个")}
            {sheet.choice_of("stated_by", "总数由谁填", &stated, "")}
            {none}
            {table}
        </fieldset>
    }
    .into_any()
}

fn split(sheet: &Sheet<'_>, upload: AnyView) -> AnyView {
    let turn = sheet.turn;
    let plan = &turn.plan;
    let several = plan.years.0 != plan.years.1;
    // Another year is another page: the boxes of one year never become another's.
    let years = several.then(|| {
        let years = (plan.years.0..=plan.years.1).map(|year| {
            view! {
                <button
                    type="submit"
                    name="then"
                    value=format!("year:{year}")
                    aria-current=(year == turn.year).then_some("page")
                >
                    {format!("{year}年")}
                </button>
            }
        });
        view! {
            <nav class="editor-pages" aria-label="分解表的年份">
                {years.collect_view()}
            </nav>
        }
    });
    let count = sheet.rows(|row| row_name(row, "name"), ROWS, SPARE);
    let has_split = (0..count).any(|row| !sheet.text(&row_name(row, "name")).is_empty());
    let open = has_split || matches!(turn.part, Part::Whole) || !sheet.text("block").is_empty();
    let rows = (0..count).map(|row| {
        let name = |field: &str| row_name(row, field);
        view! {
            <tr>
                {sheet.cell(name("name"), "单位", row, "name-in")}
                {sheet.cell(name("value"), "目标", row, "num-in")}
                {sheet.cell(name("growth"), "增幅（%）", row, "num-in")}
                {sheet.cell(name("within"), "属于（其中）", row, "name-in")}
                {sheet.cell(name("code"), "代码", row, "code-in")} {sheet.cell(name("group"), "组", row, "name-in")}
                {sheet.pick(name("kind"), "类别", row, &SPLIT_KINDS)}
                <td class="empty">{sheet.hidden(&name("was"))}</td>
            </tr>
        }
        .into_any()
    });
    let rows = rows.collect();
    let wholes = several || (0..count).any(|row| !sheet.text(&row_name(row, "whole_value")).is_empty());
    let rare: Vec<AnyView> = (0..count)
        .filter(|row| sheet.has(&row_name(*row, "was")) && !sheet.text(&row_name(*row, "was")).is_empty())
        .map(|row| {
            let name = |field: &str| row_name(row, field);
            let whole = wholes.then(|| {
                view! {
                    {sheet.cell(name("whole_value"), "跨年目标", row, "num-in")}
                    {sheet.cell(name("whole_from"), "起始年", row, "num-in")}
                    {sheet.cell(name("whole_to"), "结束年", row, "num-in")}
                }
            });
            view! {
                <tr>
                    <th scope="row">{sheet.text(&name("name"))}</th>
                    {sheet.cell(name("former"), "曾用名、旧代码", row, "name-in")}
                    {sheet.pick(name("ranked"), "是否排位", row, &RANKED)}
                    {sheet.cell(name("until"), "止于", row, "code-in")}
                    {whole}
                </tr>
            }
            .into_any()
        })
        .collect();
    let mut heads = vec!["单位", "曾用名、旧代码", "是否排位", "止于"];
    heads.extend(wholes.then_some(["跨年目标", "起始年", "结束年"]).into_iter().flatten());
    let rare = (!rare.is_empty()).then(|| {
        let summary = if wholes {
            "曾用名、是否排位、止于、跨年目标"
        } else {
            "曾用名、是否排位、止于"
        };
        view! {
            <details>
                <summary>{summary}</summary>
                {table(&heads, rare)}
            </details>
        }
    });
    view! {
        <details class="section" open=open>
            <summary>"分解到县（市）区等单位"</summary>
            <fieldset>
                <legend>"分解"</legend>
                <input type="hidden" name="target_year" value=turn.year.to_string() />
                {years}
                <p class="subtitle">
                    "没有目标的单位，目标写 /；“其中”的行，写明属于哪个单位。行不够的，先按核对，会再多出几行。"
                </p>
                {table(
                    &[
                        "单位",
                        "目标",
                        "增幅（%）",
                        "属于（其中）",
                        "代码",
                        "组（分组考核的填）",
                        "类别",
                    ],
                    rows,
                )}
                {rare}
                <label for="block">
                    "或者把文件附件里的分解表（可以是左右两个表并排）从 Word、Excel、WPS 复制，粘贴在这里，代替上面的表"
                </label>
                <textarea
                    id="block"
                    name="block"
                    rows="4"
                    class="code"
                    spellcheck="false"
                    inner_html=area(&sheet.text("block"))
                />
                {upload}
            </fieldset>
        </details>
    }
    .into_any()
}

/// Which list of recognised firms it is counted from.
fn from_list(sheet: &Sheet<'_>) -> AnyView {
    view! {
        <details class="section" open=!sheet.text("list_title").is_empty()>
            <summary>"从认定名单数"</summary>
            <fieldset>
                <legend>"从认定名单数"</legend>
                {sheet.input("list_title", "认定名称", "绿色工厂", "与名单里写的一致；不从名单数的不填")}
                {sheet.input("list_levels", "算哪些级别", "国家级、省级", "都算的不填")}
            </fieldset>
        </details>
    }
    .into_any()
}
