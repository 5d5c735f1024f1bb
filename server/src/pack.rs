//! The year's pack: everything an assessment rests on in one .zip, and its check on another machine without the
//! database.

use std::collections::BTreeMap;
use std::sync::Arc;

use documents::assessment_workbook::{self, Objection};
use documents::notice::{self, Assessed};
use documents::pack::{self, Files, Pack, SIGNATURE};
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
use crate::signing::{PublicKey, Signature, Signer, Verdict};
use store::{Access, Extract, Links, Location, Record, Store, StoreError, proposed_in};

/// What a pack says of itself. The first format held the whole trail and was not signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
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
    /// Whose signature `SHA256SUMS` has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) public_key: Option<PublicKey>,
    /// Rows of the trail that are hidden and whose links cannot be proved, from and to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) unproved_links: Vec<[i64; 2]>,
}

impl Manifest {
    /// Rows whose links cannot be proved, as a sentence names them: 第 3、5—9 条.
    pub(crate) fn unproved_links(&self) -> Option<String> {
        let range = |[from, to]: &[i64; 2]| if from == to { from.to_string() } else { format!("{from}—{to}") };
        let ranges: Vec<String> = self.unproved_links.iter().map(range).collect();
        (!ranges.is_empty()).then(|| format!("第 {} 条", ranges.join("、")))
    }
}

/// Numbers that rise, those in a row as from and to.
fn ranges(numbers: &[i64]) -> Vec<[i64; 2]> {
    let mut ranges: Vec<[i64; 2]> = Vec::new();
    for &number in numbers {
        match ranges.last_mut() {
            Some([_, to]) if *to + 1 == number => *to = number,
            _ => ranges.push([number, number]),
        }
    }
    ranges
}

const MANIFEST: &str = "manifest.json";
const RESULT: &str = "result.json";
const EVIDENCE: &str = "evidence/";
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
    signer: &Signer,
    (plan, goal, year): (&str, &str, i32),
    told: impl Fn(usize) + Send + Sync,
) -> Result<Made, StoreError> {
    told(0);
    let extract = store.extract(plan).await?;
    let key = signer.public_key().map_err(StoreError::Unusable)?;
    let (manifest, files) = gather(store, printer, &extract, (plan, goal, year), Some(key), &told).await?;
    told(4);
    let signer = signer.clone();
    let sign = move |sums: &[u8]| {
        let signature = signer.sign(sums)?;
        domain::canonical::to_json(&signature).map(String::into_bytes).map_err(|error| error.to_string())
    };
    let written = tokio::task::spawn_blocking(move || pack::write(&files, sign)).await.map_err(unreadable)?;
    let (bytes, digest) = written.map_err(unreadable)?;
    Ok(Made { name: file_name(plan, year), bytes, digest, manifest })
}

/// Everything that a pack holds: of the second format where it is signed with a key.
async fn gather(
    store: &Store,
    printer: &Arc<Printer>,
    extract: &Extract,
    (plan, goal, year): (&str, &str, i32),
    key: Option<PublicKey>,
    told: &(impl Fn(usize) + Send + Sync),
) -> Result<(Manifest, Files), StoreError> {
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
    let links = extract.links().map_err(StoreError::Altered)?;
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
        format: if key.is_some() { 2 } else { 1 },
        plan: plan.id.clone(),
        goal: goal.id.clone(),
        year,
        closed_at: closed.map(|closed| closed.at),
        result_sha256: domain::canonical::sha256(content.as_bytes()),
        audit_seq: links.head.seq,
        audit_hash: links.head.hash,
        demo,
        program: program(),
        faces: printer.own_faces().await?,
        public_key: key,
        unproved_links: ranges(&links.unprovable),
    };
    let head = manifest
        .public_key
        .as_ref()
        .map(|key| format!("；审计链第 {} 条 {}；归档包签名公钥 {key}", manifest.audit_seq, manifest.audit_hash));
    let assessed = Assessed {
        plan,
        assessment,
        standings: &result.standings,
        stated: &year_end.stated,
        alternatives: &nine,
        replaces: result.replaces.as_ref(),
        closed_on: closed.map(|closed| at_shanghai(closed.at).date_naive()),
        demo,
        imprint: format!(
            "{}依据1—12月通报第{}版（SHA-256 {}）；结果 SHA-256 {}{}",
            if demo { "演示数据，非官方统计；" } else { "" },
            result.edition,
            result.edition_sha256,
            manifest.result_sha256,
            head.unwrap_or_default()
        ),
    };
    let mut files = evidence(extract)?;
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
        lines(format!("{EVIDENCE}{table}.jsonl"), records)?;
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
        key = escaped(&manifest.public_key.as_ref().map_or("（没有签名）".to_owned(), PublicKey::to_string)),
        links = escaped(&match manifest.unproved_links() {
            None => "每一环都可以核对".to_owned(),
            Some(rows) => format!("{rows}写于旧格式，不属于本计划，只有哈希，它们自己的环节不能由本包核对"),
        }),
    )
}

/// Whose signature a pack has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Signed {
    /// By nobody: packs of the first format.
    Not,
    /// By the office that was named: what this program cannot make anew is that office's word.
    ByNamed(PublicKey),
    /// By this key, and nobody said whose it is.
    By(PublicKey),
    /// In a suite that this program does not know.
    UnknownSuite(PublicKey),
}

/// The office whose signature is asked for.
#[derive(Debug, Clone)]
pub(crate) enum Named {
    /// By whoever checks.
    Given(PublicKey),
    /// This data folder's own.
    Own(PublicKey),
}

/// What a check of a pack found, as sentences.
pub(crate) struct Checked {
    pub(crate) manifest: Manifest,
    pub(crate) digest: String,
    pub(crate) signed: Signed,
    /// Rows of the trail that show no more than their commitment.
    pub(crate) hidden: usize,
    pub(crate) files: usize,
    pub(crate) returns: usize,
    pub(crate) editions: usize,
    /// What was not compared, and why.
    pub(crate) uncompared: Vec<String>,
    /// Units with points, as recomputed.
    pub(crate) points: BTreeMap<String, String>,
}

impl Checked {
    /// Whether nothing is left to believe: all was compared, or the named office stands for the rest.
    pub(crate) fn is_whole(&self) -> bool {
        self.uncompared.is_empty() || matches!(self.signed, Signed::ByNamed(_))
    }
}

/// Checks a pack: every file against the list, the list against its signature, every row against the chain, the result
/// computed anew from the rows, and all that people read made anew and compared. `workshop` is an empty folder for it.
pub(crate) async fn check(
    bytes: &[u8],
    workshop: &std::path::Path,
    named: Option<&Named>,
) -> Result<Checked, StoreError> {
    let pack = pack::read(bytes).map_err(StoreError::Refused)?;
    let (manifest, extract) = contents(&pack.files).map_err(StoreError::refused)?;
    let signed = signed(&pack, &manifest, named);
    let checked = check_contents(&pack, manifest, &extract, workshop).await;
    // Whatever else is found, a signature that is wrong is said first.
    match (signed, checked) {
        (Ok(signed), checked) => Ok(Checked { signed, ..checked? }),
        (Err(fault), Ok(_)) => Err(StoreError::refused(fault)),
        (Err(fault), Err(StoreError::Refused(faults))) => Err(StoreError::Refused([vec![fault], faults].concat())),
        (Err(fault), Err(StoreError::Altered(what))) => Err(StoreError::Refused(vec![fault, what])),
        (Err(_), Err(other)) => Err(other),
    }
}

/// Whose the signature over the list is; the fault where it is wrong, missing, or not of the office that was named.
fn signed(pack: &Pack, manifest: &Manifest, named: Option<&Named>) -> Result<Signed, String> {
    let Some(key) = &manifest.public_key else {
        return match pack.signature {
            Some(_) => Err(format!("{SIGNATURE} 是多出来的文件，第1版格式的归档包没有签名")),
            None => match named {
                Some(Named::Given(_)) => Err("这个归档包没有签名（第1版格式），不能证明由写明的公钥做成".to_owned()),
                _ => Ok(Signed::Not),
            },
        };
    };
    let bytes = pack.signature.as_ref().ok_or_else(|| format!("{SIGNATURE} 不见了，归档包应有签名"))?;
    let signature: Signature = serde_json::from_slice(bytes).map_err(|_| format!("{SIGNATURE} 读不懂"))?;
    if signature.public_key != *key {
        return Err(format!("{SIGNATURE} 的公钥与 {MANIFEST} 里的不同"));
    }
    let verdict = signature.verdict(&pack.sums);
    match named {
        _ if verdict == Verdict::Fails => Err("签名不对：清单不是用这个公钥签的，或签后被改动过".to_owned()),
        Some(Named::Given(named)) if named != key => Err(format!("签名的公钥是 {key}，不是写明的 {named}")),
        Some(Named::Own(own)) if own != key => Err(format!(
            "签名的公钥是 {key}，不是本数据文件夹的 {own}；如果是别的单位的归档包，请用 --key 写明它的公钥"
        )),
        _ if verdict == Verdict::UnknownSuite => Ok(Signed::UnknownSuite(key.clone())),
        Some(_) => Ok(Signed::ByNamed(key.clone())),
        None => Ok(Signed::By(key.clone())),
    }
}

async fn check_contents(
    pack: &Pack,
    manifest: Manifest,
    extract: &Extract,
    workshop: &std::path::Path,
) -> Result<Checked, StoreError> {
    let files = &pack.files;
    let all = Store::open(&Location::Folder(workshop.join("all")), Access::Create).await?;
    let checked = against_rows(&all, extract, files, &manifest).await;
    all.close().await;
    let (mut faults, uncompared, links) = checked?;
    let stored = String::from_utf8_lossy(&files[RESULT]).into_owned();
    // A closed result was computed when it was proposed: from what was written before that.
    let before = manifest.closed_at.and_then(|_| proposed_in(extract, &manifest.result_sha256));
    if manifest.closed_at.is_some() && before.is_none() {
        faults.push(format!("{RESULT} 不是办结时冻结的那一份"));
    }
    let again = Store::open(&Location::Folder(workshop.join("again")), Access::Create).await?;
    let computed = recompute(&again, extract, before, &manifest).await;
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
        digest: pack.digest(),
        signed: Signed::Not,
        hidden: links.hidden,
        files: files.len(),
        returns: count("return_revision"),
        editions: count("edition"),
        uncompared,
        points,
    })
}

/// Proves the rows, makes the pack anew from them, and compares file by file: the faults, what could not be compared,
/// and what the trail proves.
async fn against_rows(
    store: &Store,
    extract: &Extract,
    files: &Files,
    manifest: &Manifest,
) -> Result<(Vec<String>, Vec<String>, Links), StoreError> {
    store.fill(extract, None).await?;
    let links = store.verify_extract(extract, &manifest.plan).await?;
    let printer = Arc::new(Printer::of_check());
    // Rows that are hidden are in no database: the trail is the pack's own, which is proved.
    let again = Extract { audit: extract.audit.clone(), ..store.extract(&manifest.plan).await? };
    let scope = (&*manifest.plan, &*manifest.goal, manifest.year);
    let (of_rows, made) = gather(store, &printer, &again, scope, manifest.public_key.clone(), &|_| {}).await?;
    let expected = Manifest { program: manifest.program.clone(), faces: manifest.faces.clone(), ..of_rows };
    let mut faults = Vec::new();
    if *manifest != expected {
        faults.push(format!("{MANIFEST} 与记录不符：年度、办结、链尾或演示标记被改动过"));
    }
    let mut uncompared = Vec::new();
    let other_program = manifest.program != program();
    for (name, content) in &made {
        match files.get(name) {
            // A table that came later, and nothing of it.
            None if content.is_empty() && name.starts_with(EVIDENCE) => {}
            None => faults.push(format!("缺 {name}")),
            Some(_) if name == MANIFEST => {}
            Some(there) if there == content => {}
            Some(there) if name.starts_with(EVIDENCE) && same_rows(there, content) => {}
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
    Ok((faults, uncompared, links))
}

/// Whether two files hold the same rows: a column that came later is NULL in rows of before.
fn same_rows(there: &[u8], made: &[u8]) -> bool {
    let rows = |bytes: &[u8]| -> Option<Vec<Record>> {
        let row = |line: &str| {
            let row: Record = serde_json::from_str(line).ok()?;
            Some(row.into_iter().filter(|(_, value)| !value.is_null()).collect())
        };
        std::str::from_utf8(bytes).ok()?.lines().map(row).collect()
    };
    rows(there).is_some_and(|there| Some(there) == rows(made))
}

fn contents(files: &Files) -> Result<(Manifest, Extract), String> {
    let file = |name: &str| files.get(name).ok_or_else(|| format!("缺 {name}，不是年终考核的归档包"));
    let manifest: Manifest =
        serde_json::from_slice(file(MANIFEST)?).map_err(|error| format!("{MANIFEST} 读不懂（{error}）"))?;
    match (manifest.format, &manifest.public_key) {
        (1, None) | (2, Some(_)) => {}
        (1 | 2, _) => return Err(format!("{MANIFEST} 的格式和公钥对不上：第1版没有签名，第2版有")),
        (other, _) => {
            return Err(format!("这个归档包的格式是第 {other} 版，本程序只认第 1、2 版；请用更新的 jigai 核验"));
        }
    }
    file(RESULT)?;
    let records = |name: &str| -> Result<Vec<Record>, String> {
        let text = String::from_utf8_lossy(file(name)?).into_owned();
        let line = |(at, line): (usize, &str)| {
            serde_json::from_str(line).map_err(|error| format!("{name} 第{}行读不懂（{error}）", at + 1))
        };
        text.lines().enumerate().map(line).collect()
    };
    // A table that came after the pack has nothing in it; what is missing is missed where the trail is proved.
    let table = |table: &str| {
        let name = format!("{EVIDENCE}{table}.jsonl");
        let rows = if files.contains_key(&name) { records(&name)? } else { Vec::new() };
        Ok((table.to_owned(), rows))
    };
    let tables = store::extracted_tables().map(table).collect::<Result<Vec<_>, String>>()?;
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
