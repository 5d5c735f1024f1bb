//! 机构名单: somebody takes over a seat of a leading group, a task force or an office, a seat falls vacant, or what was
//! recorded last of it is taken back.

use async_trait::async_trait;
use chrono::NaiveDate;
use domain::calendar::{at_shanghai, chinese_date};
use domain::plan::body::{LONGEST_NAME, LONGEST_TITLE};
use domain::plan::{Plan, body::Body};
use domain::rights::{Action, Object};
use domain::roster::{Act, Holder, Seat, all};
use serde_json::json;

use super::Command;
use super::projects::past_day;
use crate::boxes::{optional, required};
use crate::ports::Ledger;
use crate::posted::Posted;
use crate::refusal::Refusal;
use crate::rows::{Entry, NewRow};
use crate::who::Who;

/// The names of the forms' fields.
pub mod field {
    pub const BODY: &str = "body";
    /// What the seat is known by.
    pub const SEAT: &str = "seat";
    pub const ACT: &str = "act";
    /// How many steps of the seat the page had seen.
    pub const SEEN: &str = "seen";
    pub const NAME: &str = "name";
    pub const TITLE: &str = "title";
    pub const SINCE: &str = "since";
    pub const WORDS: &str = "words";
    /// Ticked: the other seats of whoever was there go the same way.
    pub const ALSO: &str = "also";
}

/// The next step of a seat.
#[derive(Debug, Clone)]
pub struct RecordSeat {
    pub plan: String,
    pub body: String,
    pub seat: String,
    pub seen: i64,
    pub what: Doing,
    /// The document, or the reason.
    pub words: String,
    pub also: bool,
}

/// What is recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Doing {
    Take { name: Option<String>, title: Option<String>, since: NaiveDate },
    Vacate { since: NaiveDate },
    Withdraw,
}

impl Doing {
    fn act(&self) -> Act {
        match self {
            Doing::Take { .. } => Act::Take,
            Doing::Vacate { .. } => Act::Vacate,
            Doing::Withdraw => Act::Withdraw,
        }
    }

    fn since(&self) -> Option<NaiveDate> {
        match self {
            Doing::Take { since, .. } | Doing::Vacate { since } => Some(*since),
            Doing::Withdraw => None,
        }
    }

    fn named(&self) -> (Option<&str>, Option<&str>) {
        match self {
            Doing::Take { name, title, .. } => (name.as_deref(), title.as_deref()),
            _ => (None, None),
        }
    }
}

/// A text that may be missing, in one line of a list.
fn short(posted: &Posted, name: &str, label: &str, most: usize) -> Result<Option<String>, Refusal> {
    let text = optional(posted, name, label)?;
    let text = text.map(|text| domain::entry::one_line(&text));
    match text.as_ref().map(|text| text.chars().count()) {
        Some(count) if count > most => {
            Err(Refusal::field(name, format!("{label}写了 {count} 字，请缩短到 {most} 字以内")))
        }
        _ => Ok(text),
    }
}

impl RecordSeat {
    /// As the forms of `/rosters/{plan}` send it: everything that is wrong with it at once.
    pub fn read(plan: &Plan, posted: &Posted, now: i64) -> Result<Self, Refusal> {
        let today = at_shanghai(now).date_naive();
        let act = Act::parse(posted.text(field::ACT)).ok_or_else(|| Refusal::whole("没有这一步，请刷新页面"))?;
        let words = required(posted, field::WORDS, "依据（文件或理由）");
        let what = match act {
            Act::Take => {
                let name = short(posted, field::NAME, "姓名", LONGEST_NAME);
                let title = short(posted, field::TITLE, "职务", LONGEST_TITLE);
                let since = past_day(posted, field::SINCE, "接任日期", today);
                match (name, title, since) {
                    (Ok(None), Ok(None), since) => {
                        let missing = Refusal::field(field::NAME, "请写接任的人的姓名，或职务");
                        Err(Refusal::all([Some(missing), since.err()].into_iter().flatten().collect()))
                    }
                    (Ok(name), Ok(title), Ok(since)) => Ok(Doing::Take { name, title, since }),
                    (name, title, since) => {
                        let faults = [name.err(), title.err(), since.err()];
                        Err(Refusal::all(faults.into_iter().flatten().collect()))
                    }
                }
            }
            Act::Vacate => past_day(posted, field::SINCE, "空缺日期", today).map(|since| Doing::Vacate { since }),
            Act::Withdraw => Ok(Doing::Withdraw),
        };
        match (what, words) {
            (Ok(what), Ok(words)) => Ok(Self {
                plan: plan.id.clone(),
                body: posted.text(field::BODY).to_owned(),
                seat: posted.text(field::SEAT).to_owned(),
                seen: posted.text(field::SEEN).parse().unwrap_or(-1),
                what,
                words,
                also: !posted.text(field::ALSO).is_empty(),
            }),
            (what, words) => Err(Refusal::all([what.err(), words.err()].into_iter().flatten().collect())),
        }
    }

    /// Why the seat cannot go this way.
    fn fault(&self, plan: &Plan, body: &Body, seat: &Seat) -> Option<Refusal> {
        let (last, place) = (seat.last(), format!("{}{}", body.title, seat.role));
        let since = match (&self.what, seat.holders.len()) {
            (Doing::Withdraw, 1) => {
                return Some(Refusal::whole("没有可以撤销的登记，文件写明的成员不能撤销"));
            }
            (Doing::Withdraw, _) => return None,
            (Doing::Take { name, title, since }, _) => {
                if (name, title) == (&last.name, &last.title) {
                    return Some(Refusal::field(field::NAME, format!("{place}现在就是{}，没有要改的", last.text())));
                }
                since
            }
            (Doing::Vacate { since }, _) => {
                if last.is_vacant() {
                    return Some(Refusal::whole(format!("{place}已经空缺，没有要改的")));
                }
                since
            }
        };
        let early = |sentence: String| Some(Refusal::field(field::SINCE, sentence));
        match (last.since, plan.document.dated.filter(|_| last.name.is_some())) {
            (Some(before), _) if *since <= before => early(format!(
                "{place}上一次登记是{}起，这一次要在那以后；上一次登记有误的，请先撤销",
                chinese_date(before)
            )),
            (None, Some(dated)) if *since < dated => {
                early(format!("{}的文件还写着{}，日期不能更早", chinese_date(dated), last.text()))
            }
            _ => None,
        }
    }

    fn row(&self, who: &Who, body: &Body, seat: &Seat) -> NewRow {
        let (name, title) = self.what.named();
        let since = self.what.since().map(|day| day.to_string());
        NewRow {
            table: "body_step",
            cells: vec![
                ("plan_id", (&self.plan).into()),
                ("body", (&body.id).into()),
                ("seat", (&seat.key).into()),
                ("version", (seat.version + 1).into()),
                ("step", self.what.act().id().into()),
                ("name", name.into()),
                ("title", title.into()),
                ("since", since.as_deref().into()),
                ("words", (&self.words).into()),
                ("at", who.at.into()),
                ("actor", (&who.actor).into()),
                ("account_id", who.account().into()),
            ],
        }
    }
}

/// The seats of other bodies, or other roles, in which the same person stands now.
pub fn others<'s, 'p>(known: &'s [(&'p Body, Vec<Seat>)], body: &str, seat: &Seat) -> Vec<(&'p Body, &'s Seat)> {
    let Some(name) = &seat.last().name else { return Vec::new() };
    let each = known.iter().flat_map(|(of, seats)| seats.iter().map(move |other| (*of, other)));
    let same = |(of, other): &(&Body, &Seat)| {
        (of.id != body || other.key != seat.key) && other.last().name.as_ref() == Some(name)
    };
    each.filter(same).collect()
}

#[async_trait]
impl Command for RecordSeat {
    /// How many seats went this way.
    type Done = usize;

    async fn run(self, who: &Who, ledger: &mut dyn Ledger) -> Result<usize, Refusal> {
        let plan = ledger.plan(&self.plan).await?.ok_or_else(|| Refusal::whole("没有这个计划"))?.plan;
        who.may(Action::KeepRosters, Object::office(plan.region.id()))?;
        let known = all(&plan, &ledger.body_steps(&plan.id).await?);
        let own = known.iter().find(|(body, _)| body.id == self.body);
        let found = own.and_then(|(body, seats)| Some((*body, seats.iter().find(|seat| seat.key == self.seat)?)));
        let (body, seat) = found.ok_or_else(|| Refusal::whole("名单里没有这个席位，请刷新页面"))?;
        if seat.version != self.seen {
            let by = seat.last().by.as_ref().map(|(actor, _)| actor.as_str()).unwrap_or("别人");
            let sentence = format!("您打开页面之后{by}登记过这个席位，这一步没有执行；请看过之后再办");
            return Err(Refusal::whole(sentence));
        }
        let mut going = vec![(body, seat)];
        if self.also && self.what != Doing::Withdraw {
            going.extend(others(&known, &body.id, seat));
        }
        if let Some(refusal) = going.iter().find_map(|(body, seat)| self.fault(&plan, body, seat)) {
            return Err(refusal);
        }
        let rows: Vec<NewRow> = going.iter().map(|(body, seat)| self.row(who, body, seat)).collect();
        let (action, done) = match self.what.act() {
            Act::Take => ("succeed_member", rows.len()),
            Act::Vacate => ("vacate_seat", rows.len()),
            Act::Withdraw => ("withdraw_succession", rows.len()),
        };
        let (name, title) = self.what.named();
        let after = Holder { name: name.map(str::to_owned), title: title.map(str::to_owned), ..Holder::default() };
        let detail = json!({
            "role": seat.role, "from": seat.last().text(), "words": self.words, "seats": done,
            "to": (self.what != Doing::Withdraw).then(|| after.text()),
            "since": self.what.since().map(|day| day.to_string()),
        });
        let object = format!("{}/roster/{}", plan.id, body.id);
        ledger.append(who, Entry::new(action, object, detail).with_rows(rows)).await?;
        Ok(done)
    }
}
