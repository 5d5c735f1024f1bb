//! Nominations or scores of a selection from a workbook, from the page and from the command line: all lines or none.

use std::collections::BTreeMap;

use async_trait::async_trait;
use documents::form_rows::Head;
use domain::bulletin::tables::Table;
use domain::entry::units_with_posts;
use domain::month::shorten;
use domain::plan::Plan;
use domain::plan::selection::{Selection, Subject};
use domain::projects::field::unit_name;
use domain::rate::Rate;
use domain::region::{RegionId, fold_name};
use domain::rights::{Action, Object};
use domain::selection::edition::is_final;
use domain::selection::record::{Act, Course, Nomination, Record, State, Step, read_scores, word};

use super::Command;
use super::fund::at_line;
use super::selection::{Found, RecordSelection, append, boxes, faulty, field, find, from_library, right, whole};
use crate::ports::Ledger;
use crate::posted::Posted;
use crate::refusal::Refusal;
use crate::viewer::Viewer;
use crate::who::Who;

/// What a file may hold, as addresses and the command line call it.
pub const FILES: [(&str, Act); 2] = [("nominations", Act::Nominate), ("scores", Act::Score)];

/// The most lines of one file: each is looked at beside all the others.
const MOST: usize = 2000;

/// What a file of this name holds.
pub fn act_of(file: &str) -> Option<Act> {
    FILES.into_iter().find(|(name, _)| *name == file).map(|(_, act)| act)
}

/// Whether somebody may bring such a file: whoever may take its steps by the form, for one unit at least.
pub fn brings(viewer: &Viewer, plan: &Plan, act: Act) -> bool {
    let office = plan.region.id();
    match right(act) {
        Action::Nominate => units_with_posts(plan)
            .iter()
            .any(|(unit, _)| viewer.may(Action::Nominate, Object::unit(office, unit)).is_ok()),
        action => viewer.may(action, Object::office(office)).is_ok(),
    }
}

/// The columns of a file: those that the shown table has.
pub fn heads(act: Act, course: &Course) -> Vec<Head> {
    let first = [
        Head::new(field::NUMBER, &["编号"]),
        Head::new(word::NAME, &["名称", "项目名称", "产品名称"]),
        Head::new(word::FIRM, &["企业名称", "企业", "申报企业"]),
    ];
    let others = match act {
        Act::Score => {
            let criteria = course.terms.criteria.iter();
            criteria.map(|one| Head::new(&format!("{}{}", word::SCORE, one.name), &[&one.name])).collect()
        }
        _ => vec![
            Head::new(word::PROJECT, &["项目库编号"]),
            Head::new(word::CODE, &["统一社会信用代码", "信用代码"]),
            Head::new(field::UNIT, &["推荐单位", "县（市、区）", "县市区"]),
            Head::new(word::AMOUNT, &["总投资"]),
            Head::new(word::WORDS, &["推荐理由", "理由"]),
        ],
    };
    first.into_iter().chain(others).collect()
}

/// The columns without which a line says nothing.
pub fn needed(act: Act) -> &'static [&'static str] {
    match act {
        Act::Score => &[field::NUMBER],
        _ => &[word::FIRM, field::UNIT],
    }
}

/// A blank that [`heads`] read back: for scores with everybody who takes part.
pub fn blank(act: Act, selection: &Selection, course: &Course) -> Table {
    let asked: Vec<&str> = match act {
        Act::Score if selection.subject == Subject::Firm => vec![field::NUMBER, word::FIRM],
        Act::Score => vec![field::NUMBER, word::NAME, word::FIRM],
        _ => [field::UNIT].into_iter().chain(boxes(act, selection).into_iter().map(|(name, ..)| name)).collect(),
    };
    let heads = heads(act, course).into_iter();
    let wanted = heads.filter(|head| asked.contains(&head.name.as_str()) || head.name.starts_with(word::SCORE));
    let called = wanted.filter_map(|head| match head.name.as_str() {
        word::AMOUNT => Some("总投资（万元）".to_owned()),
        _ => head.words.into_iter().next(),
    });
    let header: Vec<String> = called.collect();
    let line = |record: &Record| {
        let nomination = &record.nomination;
        let own = [record.number.to_string(), nomination.name.clone(), nomination.firm.clone()];
        let own = own.into_iter().take(asked.len()).chain(course.terms.criteria.iter().map(|_| String::new()));
        own.collect()
    };
    let rows = if act == Act::Score { course.entrants().map(line).collect() } else { Vec::new() };
    Table { header, rows }
}

/// What becomes of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    New,
    /// Other scores than those that stand.
    Changed,
    /// On record already.
    Same,
    /// Of a nomination without any score: it is left to be scored later.
    Blank,
}

/// A line of the file as it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedLine {
    pub row: usize,
    pub fate: Fate,
    pub number: u32,
    /// Of the step that it makes, or of the one that stands.
    pub version: i64,
    pub unit: RegionId,
    pub nomination: Nomination,
    /// In the order of the criteria; empty for a nomination.
    pub scores: Vec<Rate>,
    /// Those that stand so far.
    pub before: Vec<Rate>,
}

/// What became of the lines of a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImportedSelection {
    pub lines: Vec<ImportedLine>,
}

impl ImportedSelection {
    pub fn count(&self, fate: Fate) -> usize {
        self.lines.iter().filter(|line| line.fate == fate).count()
    }

    /// What is written: new and changed.
    pub fn written(&self) -> usize {
        self.count(Fate::New) + self.count(Fate::Changed)
    }

    /// What a confirmation answers to.
    pub fn digest(&self) -> String {
        domain::canonical::sha256(format!("{:?}", self.lines).as_bytes())
    }
}

/// Nominations or scores from a workbook: all of them or none. What is recorded already is left as it is; scores wait
/// for a second person, as from the form.
#[derive(Debug, Clone)]
pub struct ImportSelection {
    pub plan: String,
    pub selection: String,
    pub year: i32,
    /// [`Act::Nominate`] or [`Act::Score`].
    pub act: Act,
    /// The form's boxes with the line of the file that they stand in: of a nomination its unit by name or id, of scores
    /// the nomination's number, and its name to be compared.
    pub rows: Vec<(usize, Posted)>,
    /// The digest of what somebody saw and confirmed; the command line shows and writes at once.
    pub seen: Option<String>,
    /// Says what would be done, and writes nothing.
    pub dry_run: bool,
}

/// What the lines before say: the line of each nomination that this file makes or scores.
type Taken = BTreeMap<u32, usize>;

impl ImportSelection {
    fn read(&self, plan: &Plan, posted: &Posted) -> Result<RecordSelection, Refusal> {
        let mut posted = posted.clone();
        posted.set(field::ACT, self.act.id());
        RecordSelection::read(plan, (&self.selection, self.year), &posted, String::new())
    }

    /// A line of scores, with the step that it makes.
    fn scored(
        &self,
        found: &Found,
        (row, posted): &(usize, Posted),
        taken: &Taken,
        who: &Who,
    ) -> Result<(ImportedLine, Option<Step>), Refusal> {
        let text = posted.text(field::NUMBER);
        if text.is_empty() {
            return Err(Refusal::field(field::NUMBER, "请写推荐的编号"));
        }
        let number = domain::money::fold(text).trim().parse::<u32>().ok();
        let record = number
            .and_then(|number| found.course.get(number))
            .ok_or_else(|| Refusal::field(field::NUMBER, format!("没有第{}号推荐，请核对编号", shorten(text))))?;
        let number = record.number;
        if let Some(other) = taken.get(&number) {
            return Err(Refusal::field(field::NUMBER, format!("第{number}号在第{other}行已经写了，请只留一行")));
        }
        let known = [(word::NAME, &record.nomination.name), (word::FIRM, &record.nomination.firm)];
        for (name, known) in known {
            let written = posted.text(name);
            if !written.is_empty() && fold_name(written) != fold_name(known) {
                let sentence = format!("第{number}号是“{known}”，文件里写的是“{}”，请核对编号", shorten(written));
                return Err(Refusal::field(name, sentence));
            }
        }
        let mut line = ImportedLine {
            row: *row,
            fate: Fate::Blank,
            number,
            version: record.steps.len() as i64,
            unit: record.unit.clone(),
            nomination: record.nomination.clone(),
            scores: Vec::new(),
            before: record.scores.clone(),
        };
        if !posted.fields().any(|(name, text)| name.starts_with(word::SCORE) && !text.trim().is_empty()) {
            return Ok((line, None));
        }
        let mut posted = posted.clone();
        posted.set(field::NUMBER, &number.to_string());
        let content = self.read(&found.plan, &posted)?.content;
        line.scores = read_scores(&content, &found.course.terms.criteria).map_err(faulty)?;
        let stands = matches!(record.state, State::Scored | State::Confirmed);
        line.fate = match stands {
            true if line.scores == record.scores => return Ok((ImportedLine { fate: Fate::Same, ..line }, None)),
            true => Fate::Changed,
            false => Fate::New,
        };
        found.stepped(record, Act::Score, &content, who)?;
        line.version += 1;
        let step = self.step(&line, content, who);
        Ok((line, Some(step)))
    }

    /// A line that nominates, with the step that it makes.
    fn nominated(
        &self,
        found: &Found,
        (row, posted): &(usize, Posted),
        taken: &Taken,
        library: &crate::projects::Projects,
        who: &Who,
    ) -> Result<(ImportedLine, Option<Step>), Refusal> {
        if !posted.text(field::NUMBER).is_empty() {
            return Err(Refusal::field(field::NUMBER, "新推荐的没有编号，请把编号空着；改已有的请在页面上办"));
        }
        let mut read = self.read(&found.plan, posted)?;
        let unit = nominator(found, &read.unit, who).map_err(|refusal| {
            // What else is wrong with the line is said with it; the library's own projects are looked up by unit.
            let known = read.content.contains_key(word::PROJECT);
            let others = Nomination::read(&read.content, found.selection.subject).err().filter(|_| !known);
            Refusal::all([refusal].into_iter().chain(others.map(faulty)).collect())
        })?;
        if read.content.contains_key(word::PROJECT) {
            from_library(&mut read.content, library, &unit, &found.plan)?;
        }
        let nomination = Nomination::read(&read.content, found.selection.subject);
        let takes_part = |record: &&Record| !matches!(record.state, State::Withdrawn | State::SentBack);
        let mut known = found.course.records.iter().filter(takes_part);
        let same = known.clone().find(|record| {
            let last = record.steps.iter().rfind(|step| step.act == Act::Nominate);
            record.unit == unit && last.is_some_and(|last| last.content == read.content)
        });
        let again = same.or_else(|| {
            let nomination = nomination.as_ref().ok()?;
            known.find(|record| taken.contains_key(&record.number) && record.nomination.repeats(nomination))
        });
        if let Some(other) = again.and_then(|record| taken.get(&record.number)) {
            return Err(Refusal::whole(format!("与第{other}行推荐的是同一个，请只留一行")));
        }
        let line = |fate: Fate, number: u32, version: usize, nomination: Nomination| ImportedLine {
            row: *row,
            fate,
            number,
            version: version as i64,
            unit: unit.clone(),
            nomination,
            scores: Vec::new(),
            before: Vec::new(),
        };
        if let Some(record) = same {
            return Ok((line(Fate::Same, record.number, record.steps.len(), record.nomination.clone()), None));
        }
        found.nominated(None, &unit, &read.content, who)?;
        let next = found.course.records.iter().map(|record| record.number).max().unwrap_or_default() + 1;
        let line = line(Fate::New, next, 1, nomination.map_err(faulty)?);
        let step = self.step(&line, read.content, who);
        Ok((line, Some(step)))
    }

    fn step(&self, line: &ImportedLine, content: domain::selection::record::Content, who: &Who) -> Step {
        Step {
            number: line.number,
            version: line.version,
            unit: line.unit.clone(),
            act: self.act,
            content,
            at: who.at,
            actor: who.actor.clone(),
            account: who.account(),
            name: None,
        }
    }
}

/// The unit that a line names, if whoever brings the file may nominate for it.
fn nominator(found: &Found, named: &str, who: &Who) -> Result<RegionId, Refusal> {
    let written = fold_name(named);
    let units = units_with_posts(&found.plan);
    let is_it = |(id, name): &&(String, String)| *id == named || fold_name(name) == written;
    let unit = units.iter().find(is_it).map(|(id, _)| id.clone()).ok_or_else(|| {
        let shown = shorten(named);
        Refusal::field(field::UNIT, format!("计划里没有推荐单位“{shown}”，请照计划里的名称写"))
    })?;
    if who.may(Action::Nominate, Object::unit(found.plan.region.id(), &unit)).is_err() {
        let name = unit_name(&found.plan, &unit);
        let sentence = format!("推荐单位是{name}，不是您的单位，您的岗位不能推荐参加评选");
        return Err(Refusal::field(field::UNIT, sentence));
    }
    Ok(unit)
}

/// A nomination of this file, as those after it are looked at beside it: quotas, and who is nominated twice.
fn nominated(line: &ImportedLine, step: &Step) -> Record {
    Record {
        number: line.number,
        unit: line.unit.clone(),
        nomination: line.nomination.clone(),
        state: State::Waiting,
        scores: Vec::new(),
        scored_by: None,
        objections: Vec::new(),
        steps: vec![step.clone()],
    }
}

#[async_trait]
impl Command for ImportSelection {
    type Done = ImportedSelection;

    async fn run(self, who: &Who, ledger: &mut dyn Ledger) -> Result<ImportedSelection, Refusal> {
        let mut found = find(ledger, &self.plan, &self.selection, self.year).await?;
        let office = found.plan.region.id().to_owned();
        if self.act == Act::Score {
            who.may(right(Act::Score), Object::office(&office))?;
            if found.course.terms.criteria.is_empty() {
                return whole("还没有评分标准，请先登记评选办法");
            }
        }
        if is_final(&found.published) {
            return whole("评选结果已经公布，不再改动");
        }
        if self.rows.len() > MOST {
            return whole(format!("文件里有{}行，一次最多读{MOST}行，请分成几份", self.rows.len()));
        }
        let library = ledger.projects(&office, Some(self.year)).await?;
        let (mut done, mut faults) = (ImportedSelection::default(), Vec::new());
        let (mut steps, mut taken) = (Vec::<Step>::new(), Taken::new());
        for of_file in &self.rows {
            let read = match self.act {
                Act::Score => self.scored(&found, of_file, &taken, who),
                _ => self.nominated(&found, of_file, &taken, &library, who),
            };
            match read {
                Err(refusal) => faults.push(at_line(of_file.0, refusal)),
                Ok((line, step)) => {
                    taken.insert(line.number, line.row);
                    if self.act == Act::Nominate {
                        found.course.records.extend(step.as_ref().map(|step| nominated(&line, step)));
                    }
                    steps.extend(step);
                    done.lines.push(line);
                }
            }
        }
        if !faults.is_empty() {
            return Err(Refusal::all(faults));
        }
        if self.seen.as_ref().is_some_and(|seen| *seen != done.digest()) {
            return Err(Refusal::Stale);
        }
        if !self.dry_run {
            append((&self.plan, &self.selection, self.year), (&steps, None), who, ledger).await?;
        }
        Ok(done)
    }
}
