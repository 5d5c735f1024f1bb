//! The year's pack: everything an assessment rests on in one .zip, and its check on another machine without the
//! database.

use std::collections::BTreeMap;
use std::sync::Arc;

use documents::assessment_workbook::{self, Objection};
use documents::notice::{self, Assessed};
use documents::pack::{self, Files};
use documents::text::escaped;
use domain::assessment::trace::explain;
use domain::assessment::{Basis, alternatives};
use domain::bulletin::words;
use domain::calendar::{at_shanghai, chinese_date};
use domain::month::Period;
use domain::plan::{Goal, Plan};
use domain::standing::{Standings, compute};
use domain::year_end::{YearResult, verified};
use office::facts::{Decision, ObjectionRecord, PlanVersion, YearEnd};
use office::year_end::{last_edition, result};
use serde::{Deserialize, Serialize};

use crate::papers::{PaperKind, Printer};
use store::{Access, Extract, Location, Record, Store, StoreError, proposed_in};

/// What a pack says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Manifest {
    pub(crate) format: u32,
    pub(crate) plan: String,
    pub(crate) goal: String,
    pub(crate) year: i32,
    /// UTC milliseconds of the confirmed closing; absent while the result is provisional.
    pub(crate) closed_at: Option<i64>,
    /// SHA-256 of `result.json`.
    pub(crate) result_sha256: String,
    /// The audit chain's last row when this was made.
    pub(crate) audit_seq: i64,
    pub(crate) audit_hash: String,
    pub(crate) demo: bool,
    pub(crate) program: String,
    /// The office's own faces that the PDF was set in: elsewhere it is set otherwise.
    pub(crate) faces: Vec<String>,
}

const MANIFEST: &str = "manifest.json";
const RESULT: &str = "result.json";
const AUDIT: &str = "evidence/audit.jsonl";

/// A finished pack and how it is called.
pub(crate) struct Made {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
    /// SHA-256 of its list of sums.
    pub(crate) digest: String,
    pub(crate) manifest: Manifest,
}

/// The steps of making a pack, as those who wait are told.
pub(crate) const STEPS: [&str; 5] = ["读取全部记录", "计算结果和各种读法", "编制工作簿", "排版结果通知", "打包"];

fn unreadable(error: impl std::fmt::Display) -> StoreError {
    StoreError::Unreadable(format!("归档包：{error}"))
}

/// This program among all others: the digest is of everything it was made of (`server/build.rs`).
fn program() -> String {
    format!("jigai {} ({})", env!("CARGO_PKG_VERSION"), env!("JIGAI_SOURCES"))
}

pub(crate) fn file_name(plan: &str, year: i32) -> String {
    format!("{plan}-{year}-assessment.zip")
}

/// The result of a year: as it was frozen when it was closed, else as it would be frozen now.
async fn year_result(
    store: &Store,
    version: &PlanVersion,
    goal: &Goal,
    year: i32,
) -> Result<Option<(YearResult, YearEnd)>, StoreError> {
    let plan = &version.plan;
    let mut state = store.read().await?;
    let year_end = state.year_end(&plan.id, &goal.id, year).await?;
    if let Some(closed) = year_end.closed() {
        return Ok(Some(((*closed.result).clone(), year_end)));
    }
    let facts = office::facts::Facts { version: version.clone(), figures: Arc::new(state.figures(&plan.id).await?) };
    let edition = last_edition(&state.editions().await?, &plan.id, year);
    Ok(result(&facts, goal, year, &year_end, edition.as_ref()).map(|result| (result, year_end)))
}

/// Makes the pack; `told` hears of each step as it begins.
pub(crate) async fn make(
    store: &Store,
    printer: &Arc<Printer>,
    (plan, goal, year): (&str, &str, i32),
    told: impl Fn(usize) + Send + Sync,
) -> Result<Made, StoreError> {
    let (manifest, files) = gather(store, printer, (plan, goal, year), &told).await?;
    told(4);
    let (bytes, digest) =
        tokio::task::spawn_blocking(move || pack::write(&files)).await.map_err(unreadable)?.map_err(unreadable)?;
    Ok(Made { name: file_name(plan, year), bytes, digest, manifest })
}

/// Everything that a pack holds.
async fn gather(
    store: &Store,
    printer: &Arc<Printer>,
    (plan, goal, year): (&str, &str, i32),
    told: &(impl Fn(usize) + Send + Sync),
) -> Result<(Manifest, Files), StoreError> {
    told(0);
    let extract = store.extract(plan).await?;
    let mut versions = store.read().await?.plan_versions(plan).await?;
    let gone = || StoreError::refused("没有这个计划，或它没有这个目标的考核");
    let newest = versions.last().ok_or_else(gone)?;
    let of_newest = newest.plan.goal(goal).ok_or_else(gone)?;
    let Some((result, year_end)) = year_result(store, newest, of_newest, year).await? else {
        return Err(StoreError::refused(format!("{year}年1—12月的通报还没有发布，没有可归档的结果；请先发布")));
    };
    // The plan as the result knew it: a later revision is not what was assessed.
    versions.retain(|version| version.version == result.plan_version.version);
    let plan = &versions.first().ok_or_else(gone)?.plan;
    let (goal, assessment) = plan.goal(goal).zip(plan.assessment(goal)).ok_or_else(gone)?;
    let figures = store.read().await?.figures(&plan.id).await?;
    let head = store.read().await?.head().await?;
    let demo = store.read().await?.is_demo().await?;
    told(1);
    let period = Period { year, month: 12 };
    // Pages are answered by the other workers meanwhile.
    let (nine, periods) = tokio::task::block_in_place(|| {
        let counted = verified(goal, &figures, year, &result.verified);
        let months = figures.periods(&goal.id).into_iter().filter(|at| at.year == year);
        let periods: Vec<Standings> =
            months.map(|at| compute(plan, goal, &figures, at, result.standings.rules)).collect();
        (alternatives(plan, goal, &counted, period, result.standings.rules, Basis::Target), periods)
    });
    let content = domain::canonical::to_json(&result).map_err(unreadable)?;
    let closed = year_end.closed();
    let manifest = Manifest {
        format: 1,
        plan: plan.id.clone(),
        goal: goal.id.clone(),
        year,
        closed_at: closed.map(|closed| closed.at),
        result_sha256: domain::canonical::sha256(content.as_bytes()),
        audit_seq: head.seq,
        audit_hash: head.hash,
        demo,
        program: program(),
        faces: printer.own_faces().await?,
    };
    let assessed = Assessed {
        plan,
        assessment,
        standings: &result.standings,
        stated: &year_end.stated,
        alternatives: &nine,
        closed_on: closed.map(|closed| at_shanghai(closed.at).date_naive()),
        demo,
        imprint: format!(
            "{}依据1—12月通报第{}版（SHA-256 {}）；结果 SHA-256 {}",
            if demo { "演示数据，非官方统计；" } else { "" },
            result.edition,
            result.edition_sha256,
            manifest.result_sha256
        ),
    };
    let mut files = evidence(&extract)?;
    files.insert(RESULT.to_owned(), content.into_bytes());
    files.insert(MANIFEST.to_owned(), domain::canonical::to_json(&manifest).map_err(unreadable)?.into_bytes());
    told(2);
    let objections: Vec<Objection> = year_end.objections.iter().map(|objection| in_words(plan, objection)).collect();
    let book = tokio::task::block_in_place(|| assessment_workbook::write(&assessed, &periods, &objections))
        .map_err(unreadable)?;
    files.insert("考核工作簿.xlsx".to_owned(), book);
    files.insert(
        "规则和读法.txt".to_owned(),
        rules(&assessed, &store.read().await?.readings(&plan.id).await?).into_bytes(),
    );
    files.insert("推导过程.txt".to_owned(), traces(&assessed).into_bytes());
    told(3);
    let paper = notice::compose(&assessed);
    let index = index(&assessed, &manifest);
    for (kind, name) in [(PaperKind::Pdf, "结果通知.pdf"), (PaperKind::Docx, "结果通知.docx")] {
        files.insert(name.to_owned(), printer.print(paper.clone(), kind).await?);
    }
    files.insert("index.html".to_owned(), index.into_bytes());
    Ok((manifest, files))
}

/// Rows as JSON lines, plans and editions also as the files they are.
fn evidence(extract: &Extract) -> Result<Files, StoreError> {
    let mut files = Files::new();
    let mut lines = |name: String, records: &[Record]| -> Result<(), StoreError> {
        let mut text = String::new();
        for record in records {
            text.push_str(&domain::canonical::to_json(record).map_err(unreadable)?);
            text.push('\n');
        }
        files.insert(name, text.into_bytes());
        Ok(())
    };
    lines(AUDIT.to_owned(), &extract.audit)?;
    for (table, records) in &extract.tables {
        lines(format!("evidence/{table}.jsonl"), records)?;
    }
    let text =
        |record: &Record, name: &str| record.get(name).and_then(|value| value.as_str()).unwrap_or_default().to_owned();
    let number = |record: &Record, name: &str| record.get(name).and_then(serde_json::Value::as_i64).unwrap_or_default();
    for (table, records) in &extract.tables {
        for record in records {
            match table.as_str() {
                "plan_version" => {
                    files.insert(
                        format!("plan/v{}.plan.toml", number(record, "version")),
                        text(record, "source").into_bytes(),
                    );
                }
                "edition" => {
                    let (year, month, edition) =
                        (number(record, "year"), number(record, "month"), number(record, "edition"));
                    files.insert(
                        format!("editions/{year:04}-{month:02}.e{edition}.json"),
                        text(record, "content").into_bytes(),
                    );
                }
                _ => {}
            }
        }
    }
    Ok(files)
}

fn in_words(plan: &Plan, objection: &ObjectionRecord) -> Objection {
    let unit = domain::entry::units(plan)
        .into_iter()
        .find(|(id, _)| *id == objection.unit)
        .map_or(objection.unit.clone(), |(_, name)| name);
    let answer = objection.answer.as_ref();
    Objection {
        cells: [
            format!("第{}号", objection.number),
            unit,
            format!("{}{}", objection.period.label(), objection.about.name()),
            objection.reason.clone(),
            answer.map_or("未答复".to_owned(), |answer| answer.outcome.name().to_owned()),
            answer.map_or(String::new(), |answer| answer.text.clone()),
        ],
    }
}

fn rules(assessed: &Assessed<'_>, choices: &[office::facts::ReadingChoice]) -> String {
    let (plan, rules) = (assessed.plan, assessed.standings.rules);
    let mut lines = vec![format!("依据：{}", plan.basis())];
    lines.extend(assessed.assessment.clause.iter().map(|clause| format!("条款：{clause}")));
    lines.extend(assessed.assessment.quote.iter().map(|quote| format!("原文：{quote}")));
    lines.push(String::new());
    lines.push(format!("现行读法：{}。{}", rules.reading.name(), assessed.assessment.explanation(rules.reading)));
    lines.extend([format!("何为完成：{}", rules.completed_when.name()), format!("并列：{}", rules.ties.name())]);
    lines.extend([format!("取整：{}", rules.compare.name()), String::new(), "书面确定的经过：".to_owned()]);
    for choice in choices.iter().filter(|choice| choice.goal == assessed.assessment.goal) {
        let day = chinese_date(at_shanghai(choice.at).date_naive());
        let step = match choice.step {
            Decision::Chosen => "确定",
            Decision::Proposed => "提出",
            Decision::Confirmed => "确认",
            Decision::Dropped => "取消",
        };
        lines.push(format!(
            "  {day} {}{step}：{}；{}。理由：{}",
            choice.actor,
            choice.rules.reading.name(),
            choice.rules.completed_when.name(),
            choice.reason
        ));
    }
    if !choices.iter().any(|choice| choice.goal == assessed.assessment.goal) {
        lines.push("  没有另行确定，读法来自计划文件。".to_owned());
    }
    lines.extend([String::new(), "各种读法的结果：".to_owned()]);
    for other in assessed.alternatives {
        let given = assessed.standings.rows.iter().filter_map(|row| {
            let points = words::awarded(&other.points, &row.region);
            (points != "—").then(|| format!("{}{points}{}", row.name, assessed.unit()))
        });
        let given: Vec<String> = given.collect();
        let given = if given.is_empty() { "没有加减".to_owned() } else { given.join("、") };
        lines.push(format!("  {}；{}：{given}", other.reading.name(), other.completed_when.name()));
    }
    lines.join("\n") + "\n"
}

fn traces(assessed: &Assessed<'_>) -> String {
    let mut text = String::new();
    for row in &assessed.standings.rows {
        text.push_str(&format!("【{}】结果 {}\n", row.name, assessed.points(row)));
        for (step, line) in explain(assessed.plan, assessed.standings, row).iter().enumerate() {
            text.push_str(&format!("  {}. {line}\n", step + 1));
        }
        text.push('\n');
    }
    text
}

/// The small page inside: what this is, what came out, how to check it, without any other program.
fn index(assessed: &Assessed<'_>, manifest: &Manifest) -> String {
    let standings = assessed.standings;
    let title = format!("{}年{}考核归档包", manifest.year, standings.goal_name);
    let state =
        manifest.closed_at.map_or("尚未办结：结果为预计，不作为加减分依据。".to_owned(), |at| {
            format!("考核已于{}办结。", chinese_date(at_shanghai(at).date_naive()))
        });
    let demo = if manifest.demo { "<p class=\"act\">演示数据，非官方统计</p>" } else { "" };
    let rows: String = standings
        .rows
        .iter()
        .map(|row| {
            let percent = |rate: Option<domain::rate::Rate>| {
                rate.map_or("—".to_owned(), |rate| format!("{}%", rate.percent_on_page(1)))
            };
            let completion = row.completion_text().map_or("—".to_owned(), |text| format!("{text}%"));
            let place = row.rank.map_or("—".to_owned(), |rank| rank.to_string());
            let name = if row.within.is_some() { format!("其中：{}", row.name) } else { row.name.clone() };
            let cells = [completion, row.completed_text().to_owned(), percent(row.growth), place, assessed.points(row)];
            format!(
                "<tr><th scope=\"row\">{}</th>{}</tr>",
                escaped(&name),
                cells.map(|cell| format!("<td>{}</td>", escaped(&cell))).concat()
            )
        })
        .collect();
    format!(
        include_str!("pack.html"),
        title = escaped(&title),
        basis = escaped(&format!(
            "依据：{}{}",
            assessed.plan.basis(),
            assessed.assessment.clause.clone().unwrap_or_default()
        )),
        demo = demo,
        state = escaped(&state),
        unit = escaped(&assessed.unit()),
        rows = rows,
        seq = manifest.audit_seq,
        hash = escaped(&manifest.audit_hash),
        result = escaped(&manifest.result_sha256),
        program = escaped(&manifest.program),
    )
}

/// What a check of a pack found, as sentences.
pub(crate) struct Checked {
    pub(crate) manifest: Manifest,
    pub(crate) digest: String,
    pub(crate) files: usize,
    pub(crate) returns: usize,
    pub(crate) editions: usize,
    /// What was not compared, and why.
    pub(crate) uncompared: Vec<String>,
    /// Units with points, as recomputed.
    pub(crate) points: BTreeMap<String, String>,
}

/// Checks a pack: every file against the list, every row against the chain, the result computed anew from the rows, and
/// all that people read made anew and compared. `workshop` is an empty folder for it.
pub(crate) async fn check(bytes: &[u8], workshop: &std::path::Path) -> Result<Checked, StoreError> {
    let (files, digest) = pack::read(bytes).map_err(StoreError::Refused)?;
    let (manifest, extract) = contents(&files).map_err(StoreError::refused)?;
    let all = Store::open(&Location::Folder(workshop.join("all")), Access::Create).await?;
    let checked = against_rows(&all, &extract, &files, &manifest).await;
    all.close().await;
    let (mut faults, uncompared) = checked?;
    let stored = String::from_utf8_lossy(&files[RESULT]).into_owned();
    // A closed result was computed when it was proposed: from what was written before that.
    let before = manifest.closed_at.and_then(|_| proposed_in(&extract, &manifest.result_sha256));
    if manifest.closed_at.is_some() && before.is_none() {
        faults.push(format!("{RESULT} 不是办结时冻结的那一份"));
    }
    let again = Store::open(&Location::Folder(workshop.join("again")), Access::Create).await?;
    let computed = recompute(&again, &extract, before, &manifest).await;
    again.close().await;
    let computed = computed?;
    match &computed {
        Some(result) => faults.extend(differs(&stored, result, manifest.program != program())?),
        None => faults.push("按包里的记录算不出结果：没有1—12月的通报，或没有这个目标的考核".to_owned()),
    }
    let Some(result) = computed.filter(|_| faults.is_empty()) else { return Err(StoreError::Refused(faults)) };
    let count =
        |name: &str| extract.tables.iter().find(|(table, _)| table == name).map_or(0, |(_, records)| records.len());
    let given = result.standings.readings.get(result.standings.rules.reading).iter();
    let name = |region: &str| result.standings.row(region).map_or(region.to_owned(), |row| row.name.clone());
    let points = given.map(|(region, points)| (name(region), words::signed(points))).collect();
    Ok(Checked {
        manifest,
        digest,
        files: files.len(),
        returns: count("return_revision"),
        editions: count("edition"),
        uncompared,
        points,
    })
}

/// Proves the rows, makes the pack anew from them, and compares file by file: the faults, and what could not be
/// compared.
async fn against_rows(
    store: &Store,
    extract: &Extract,
    files: &Files,
    manifest: &Manifest,
) -> Result<(Vec<String>, Vec<String>), StoreError> {
    store.fill(extract, None).await?;
    store.verify_extract(extract, &manifest.plan).await?;
    let printer = Arc::new(Printer::of_check());
    let (of_rows, made) = gather(store, &printer, (&manifest.plan, &manifest.goal, manifest.year), &|_| {}).await?;
    let expected = Manifest { program: manifest.program.clone(), faces: manifest.faces.clone(), ..of_rows };
    let mut faults = Vec::new();
    if *manifest != expected {
        faults.push(format!("{MANIFEST} 与记录不符：年度、办结、链尾或演示标记被改动过"));
    }
    let mut uncompared = Vec::new();
    let other_program = manifest.program != program();
    for (name, content) in &made {
        match files.get(name) {
            None => faults.push(format!("缺 {name}")),
            Some(_) if name == MANIFEST => {}
            Some(there) if there == content => {}
            // Compared in `check`.
            Some(_) if other_program && name == RESULT => {}
            // Another program may word and lay out otherwise; rows and result are compared in any case.
            Some(_) if other_program && !name.contains('/') => uncompared.push(name.clone()),
            Some(_) if !manifest.faces.is_empty() && name.ends_with(".pdf") => uncompared.push(name.clone()),
            Some(_) => faults.push(format!("{name} 与由记录重做的不同")),
        }
    }
    faults.extend(
        files.keys().filter(|name| !made.contains_key(*name)).map(|name| format!("{name} 不是归档包里应有的文件")),
    );
    Ok((faults, uncompared))
}

fn contents(files: &Files) -> Result<(Manifest, Extract), String> {
    let file = |name: &str| files.get(name).ok_or_else(|| format!("缺 {name}，不是年终考核的归档包"));
    let manifest: Manifest =
        serde_json::from_slice(file(MANIFEST)?).map_err(|error| format!("{MANIFEST} 读不懂（{error}）"))?;
    if manifest.format != 1 {
        return Err(format!("这个归档包的格式是第 {} 版，本程序只认第 1 版；请用更新的 jigai 核验", manifest.format));
    }
    file(RESULT)?;
    let records = |name: &str| -> Result<Vec<Record>, String> {
        let text = String::from_utf8_lossy(file(name)?).into_owned();
        let line = |(at, line): (usize, &str)| {
            serde_json::from_str(line).map_err(|error| format!("{name} 第{}行读不懂（{error}）", at + 1))
        };
        text.lines().enumerate().map(line).collect()
    };
    let tables =
        store::extracted_tables().map(|table| Ok((table.to_string(), records(&format!("evidence/{table}.jsonl"))?)));
    let tables = tables.collect::<Result<Vec<_>, String>>()?;
    Ok((manifest, Extract { tables, audit: records(AUDIT)? }))
}

async fn recompute(
    store: &Store,
    extract: &Extract,
    before: Option<i64>,
    manifest: &Manifest,
) -> Result<Option<YearResult>, StoreError> {
    store.fill(extract, before).await?;
    let Some(version) = store.read().await?.plan(&manifest.plan).await? else { return Ok(None) };
    let Some(goal) = version.plan.goal(&manifest.goal).cloned() else { return Ok(None) };
    Ok(year_result(store, &version, &goal, manifest.year).await?.map(|(result, _)| result))
}

/// The first unit whose recomputed result is another one. Another program may word its traces and findings otherwise.
fn differs(stored: &str, computed: &YearResult, other_program: bool) -> Result<Option<String>, StoreError> {
    let again = domain::canonical::to_json(computed).map_err(unreadable)?;
    if again == stored {
        return Ok(None);
    }
    let Ok(stored) = serde_json::from_str::<YearResult>(stored) else { return Ok(Some(format!("{RESULT} 读不懂"))) };
    if other_program && stored.agrees(computed) {
        return Ok(None);
    }
    let other = computed.standings.rows.iter().find(|row| stored.standings.row(&row.region) != Some(row));
    Ok(Some(match other {
        Some(row) => {
            let [now, then] =
                [&computed.standings, &stored.standings].map(|standings| standings.points_of(&row.region));
            format!("{}：按包里的记录重算为 {now}，{RESULT} 里是 {then}，或其依据的数不同", row.name)
        }
        None => format!("按包里的记录重算的结果与 {RESULT} 不同"),
    }))
}
