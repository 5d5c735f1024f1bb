//! What a selection puts before the public and publishes at its end, frozen; what keeps it from either.

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use super::ranking::{Entrant, Ranked, Ranking, rank};
use super::record::{Course, Record, State, word};
use crate::bulletin::tables::Table;
use crate::calendar::{at_shanghai, chinese_date};
use crate::money::Amount;
use crate::plan::Plan;
use crate::plan::selection::{Selection, Subject, plain};
use crate::projects::field::unit_name;
use crate::public_notice::Issuer;

/// The subject of the final list's address, behind id and year.
pub const FINAL: &str = "final";

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// 公示
    Notice,
    Final,
}

/// What is frozen. Amounts in whole 元, points as decimals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SelectionEdition {
    /// Of this JSON: 1.
    pub format: u32,
    pub plan: String,
    pub plan_title: String,
    pub basis: String,
    pub selection: String,
    pub selection_title: String,
    pub subject: Subject,
    pub year: i32,
    pub stage: Stage,
    /// Of its notices; of the final list that of the notice it rests on.
    pub number: u32,
    pub from: NaiveDate,
    /// The last day on which objections are taken.
    pub to: NaiveDate,
    pub demo: bool,
    /// Editions of before have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<Issuer>,
    /// Who is chosen, by place.
    pub lines: Vec<Line>,
    pub sentences: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub nomination: u32,
    pub place: usize,
    pub name: String,
    pub firm: String,
    pub unit: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Amount>,
    pub score: String,
    /// Why this place.
    pub why: Vec<String>,
}

/// An edition on record, with when it was published (UTC milliseconds); oldest first.
pub type Published = (i64, SelectionEdition);

/// 2013年省级优秀技改项目评选第1次公示.
pub fn title(year: i32, selection: &str, number: Option<u32>) -> String {
    let what = number.map_or_else(|| "结果".to_owned(), |number| format!("第{number}次公示"));
    format!("{year}年{selection}评选{what}")
}

/// Selection, year and number of a notice, as [`SelectionEdition::key`] writes them.
pub fn parse_subject(subject: &str) -> Option<(&str, i32, Option<u32>)> {
    let (rest, number) = subject.rsplit_once('-')?;
    let (selection, year) = rest.rsplit_once('-')?;
    let number = if number == FINAL { None } else { Some(number.parse().ok()?) };
    Some((selection, year.parse().ok()?, number))
}

/// Those whose scores two persons stand for, in their places.
pub fn ranking(course: &Course) -> Ranking {
    let confirmed = course.records.iter().filter(|record| record.state == State::Confirmed);
    let entrants: Vec<Entrant> =
        confirmed.map(|record| Entrant { number: record.number, scores: record.scores.clone() }).collect();
    rank(&course.terms, &entrants)
}

/// Why its result cannot go before the public yet, as sentences without a full stop.
pub fn hindrances(course: &Course, ranking: &Ranking) -> Vec<String> {
    let mut found = Vec::new();
    let open = course.terms.open();
    if !open.is_empty() {
        found.push(format!("还没有定{}，请先登记评选办法", open.join("、")));
    }
    let numbers = |state: State| {
        let numbers = course.records.iter().filter(|record| record.state == state);
        numbers.map(|record| record.number.to_string()).collect::<Vec<_>>()
    };
    for (state, what) in [(State::Waiting, "还没有打分"), (State::Scored, "的得分还没有经第二人确认")]
    {
        let numbers = numbers(state);
        if !numbers.is_empty() {
            found.push(format!("第{}号{what}", numbers.join("、")));
        }
    }
    if let Some(tie) = ranking.tie.as_ref().filter(|_| course.terms.ties.is_none()) {
        found.push(format!("{}，评选办法没有写末位并列怎么办，请登记", tie.sentence()));
    }
    if ranking.chosen().next().is_none() && found.is_empty() {
        found.push("没有入选的，不能公示".to_owned());
    }
    found
}

fn unanswered(course: &Course) -> Option<String> {
    let all = course.records.iter().flat_map(|record| record.objections.iter().map(move |of| (record.number, of)));
    let mut open = all.filter(|(_, objection)| objection.answer.is_none());
    let (number, _) = open.next()?;
    Some(format!("对第{number}号的异议还没有答复"))
}

/// Whether an objection was found to be right after a moment.
fn upheld_since(course: &Course, at: i64) -> bool {
    let mut all = course.records.iter().flat_map(|record| &record.objections);
    all.any(|objection| objection.upheld_at().is_some_and(|upheld| upheld > at))
}

/// Whether objections are taken now.
pub fn is_open(published: &[Published], at: i64) -> bool {
    published
        .last()
        .is_some_and(|(_, newest)| newest.stage == Stage::Notice && at_shanghai(at).date_naive() <= newest.to)
}

/// What became of a nomination in what was published last; nothing before, and of what does not take part.
pub fn outcome(published: &[Published], record: &Record) -> Option<String> {
    if matches!(record.state, State::Withdrawn | State::SentBack) {
        return None;
    }
    let (_, edition) = published.last()?;
    let line = edition.lines.iter().find(|line| line.nomination == record.number);
    Some(match (edition.stage, line) {
        (Stage::Final, Some(line)) => format!("入选，第{}名", line.place),
        (Stage::Final, None) => "没有入选".to_owned(),
        (Stage::Notice, Some(line)) => format!("已公示，拟入选，第{}名", line.place),
        (Stage::Notice, None) => "已公示，没有列入".to_owned(),
    })
}

pub fn is_final(published: &[Published]) -> bool {
    published.iter().any(|(_, edition)| edition.stage == Stage::Final)
}

/// What both stages are made from.
#[derive(Clone, Copy)]
pub struct Scene<'s> {
    pub plan: &'s Plan,
    pub selection: &'s Selection,
    pub year: i32,
    pub course: &'s Course,
    pub published: &'s [Published],
    pub today: NaiveDate,
}

impl Scene<'_> {
    fn lines(&self, ranking: &Ranking) -> Vec<Line> {
        let line = |ranked: &Ranked| {
            let record = self.course.get(ranked.number)?;
            Some(Line {
                nomination: record.number,
                place: ranked.place,
                name: record.nomination.name.clone(),
                firm: record.nomination.firm.clone(),
                unit: unit_name(self.plan, &record.unit).to_owned(),
                amount: record.nomination.amount,
                score: plain(ranked.total),
                why: ranked.why.clone(),
            })
        };
        ranking.chosen().filter_map(line).collect()
    }

    fn edition(&self, stage: Stage, lines: Vec<Line>, sentences: Vec<String>) -> SelectionEdition {
        SelectionEdition {
            format: 1,
            plan: self.plan.id.clone(),
            plan_title: self.plan.title.clone(),
            basis: self.plan.basis(),
            selection: self.selection.id.clone(),
            selection_title: self.selection.title.clone(),
            subject: self.selection.subject,
            year: self.year,
            stage,
            number: self.published.len() as u32,
            from: self.today,
            to: self.today,
            demo: false,
            issuer: None,
            lines,
            sentences,
        }
    }

    /// 按《办法》；第30名有3项并列 …: how it was chosen.
    fn method(&self, ranking: &Ranking) -> String {
        let terms = &self.course.terms;
        let document = self.course.method.as_ref().map(|step| step.text(word::DOCUMENT)).unwrap_or_default();
        let document = if document.is_empty() { String::new() } else { format!("依据{document}，") };
        let parts: Vec<String> = terms.criteria.iter().map(|of| format!("{}{}分", of.name, plain(of.full))).collect();
        let tie = ranking.tie.as_ref().zip(terms.ties);
        let tie = tie.map(|(tie, ties)| format!("{}；{}。", tie.sentence(), ties.name())).unwrap_or_default();
        format!("{document}按{}评分，得分经两人核定，从高到低入选。{tie}", parts.join("、"))
    }

    /// The next notice, from today on; `Err` says why there is none, without a full stop.
    pub fn notice(&self) -> Result<SelectionEdition, String> {
        if is_final(self.published) {
            return Err("评选结果已经公布".to_owned());
        }
        let ranking = ranking(self.course);
        let mut hindrances = hindrances(self.course, &ranking);
        hindrances.extend(unanswered(self.course));
        if !hindrances.is_empty() {
            return Err(hindrances.join("；"));
        }
        let lines = self.lines(&ranking);
        if let Some((at, newest)) = self.published.last()
            && newest.lines == lines
            && !upheld_since(self.course, *at)
        {
            return Err(format!("这份名单正在公示或已经公示，到{}为止", chinese_date(newest.to)));
        }
        let days = u64::from(self.course.terms.notice_days.unwrap_or_default());
        let to = self.today.checked_add_days(Days::new(days)).ok_or("公示天数太多")?;
        let count = self.selection.subject.counted(lines.len());
        let sentences = vec![
            format!(
                "“{}”（{}）。经推荐和评分，从{}项推荐中拟定{count}为{}年{}，现予公示，公示期为{}至{}。",
                self.selection.quote,
                self.plan.basis(),
                ranking.lines.len(),
                self.year,
                self.selection.title,
                chinese_date(self.today),
                chinese_date(to)
            ),
            self.method(&ranking),
        ];
        let edition = self.edition(Stage::Notice, lines, sentences);
        Ok(SelectionEdition { number: edition.number + 1, to, ..edition })
    }

    /// The list at the end; `Err` says why it cannot be published yet, without a full stop.
    pub fn final_list(&self) -> Result<SelectionEdition, String> {
        if is_final(self.published) {
            return Err("评选结果已经公布".to_owned());
        }
        let (at, newest) = self.published.last().ok_or("还没有公示，公示期满以后才能公布结果")?;
        if let Some(sentence) = unanswered(self.course) {
            return Err(format!("{sentence}，答复以后才能公布结果"));
        }
        if upheld_since(self.course, *at) {
            return Err("异议成立，请按异议退回或重新打分，再次公示以后才能公布结果".to_owned());
        }
        let ranking = ranking(self.course);
        let lines = self.lines(&ranking);
        if newest.lines != lines || !hindrances(self.course, &ranking).is_empty() {
            return Err("公示以后名单或得分变了，再次公示以后才能公布结果".to_owned());
        }
        if self.today <= newest.to {
            return Err(format!("公示到{}，期满以后才能公布结果", chinese_date(newest.to)));
        }
        let objections = self.course.records.iter().map(|record| record.objections.len()).sum::<usize>();
        let objected = match objections {
            0 => "没有收到异议".to_owned(),
            count => format!("收到异议{count}件，均已答复"),
        };
        let sentences = vec![
            format!(
                "经推荐、评分和公示，确定{}为{}年{}。公示期为{}至{}，{objected}。",
                self.selection.subject.counted(lines.len()),
                self.year,
                self.selection.title,
                chinese_date(newest.from),
                chinese_date(newest.to)
            ),
            self.method(&ranking),
        ];
        let edition = self.edition(Stage::Final, lines, sentences);
        Ok(SelectionEdition { number: newest.number, from: newest.from, to: newest.to, ..edition })
    }
}

impl SelectionEdition {
    /// With who puts it before the public, who says at the end only that it was he.
    pub fn by(mut self, issuer: Issuer, on: NaiveDate) -> Self {
        self.sentences.extend((self.stage == Stage::Notice).then(|| issuer.how_to_object()));
        self.sentences.push(issuer.signed(on));
        self.issuer = Some(issuer);
        self
    }

    /// Its place in addresses: `excellent_projects-2013-1`, `…-final`.
    pub fn key(&self) -> String {
        let number = if self.stage == Stage::Notice { self.number.to_string() } else { FINAL.to_owned() };
        format!("{}-{}-{number}", self.selection, self.year)
    }

    pub fn title(&self) -> String {
        let number = (self.stage == Stage::Notice).then_some(self.number);
        title(self.year, &self.selection_title, number)
    }

    pub fn table(&self) -> Table {
        let has_amount = self.lines.iter().any(|line| line.amount.is_some());
        let is_firm = self.subject == Subject::Firm;
        let mut header = vec!["名次".to_owned(), format!("{}名称", self.subject.name())];
        header.extend((!is_firm).then(|| "企业名称".to_owned()));
        header.push("推荐单位".to_owned());
        header.extend(has_amount.then(|| "总投资（元）".to_owned()));
        header.push("得分".to_owned());
        let rows = self.lines.iter().map(|line| {
            let mut cells = vec![line.place.to_string(), line.name.clone()];
            cells.extend((!is_firm).then(|| line.firm.clone()));
            cells.push(line.unit.clone());
            cells.extend(has_amount.then(|| line.amount.map(|amount| amount.0.to_string()).unwrap_or_default()));
            cells.push(line.score.clone());
            cells
        });
        Table { rows: rows.collect(), header }
    }
}
