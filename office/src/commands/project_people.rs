//! People of projects: a successor in an official's place on all of his projects, and whom to telephone, who can be
//! forgotten.

use async_trait::async_trait;
use chrono::NaiveDate;
use domain::calendar::{at_shanghai, chinese_date};
use domain::plan::Plan;
use domain::projects::succeed;
use domain::rights::{Action, Object};
use serde_json::json;

use super::Command;
use super::projects::{field, known_project, past_day, plan_of};
use crate::boxes::{optional, required};
use crate::ports::Ledger;
use crate::posted::Posted;
use crate::projects::{Contact, Person, Writing};
use crate::refusal::Refusal;
use crate::rows::{Cell, Entry as Audited, NewPerson, Personal};
use crate::who::Who;

/// The fields of these forms that those of [`field`] lack.
pub mod own {
    pub const FROM: &str = "from";
    pub const CONTACT: &str = "contact";
    pub const DUTY: &str = "duty";
    pub const NAME: &str = "name";
    pub const PHONE: &str = "phone";
}

/// 接替挂钩领导: every box that names one official names another from a day on.
#[derive(Debug, Clone)]
pub struct SucceedOfficial {
    pub plan: String,
    /// As the boxes write him.
    pub from: String,
    pub to: String,
    pub since: NaiveDate,
    pub reason: String,
}

impl SucceedOfficial {
    pub fn read(plan: &Plan, posted: &Posted, now: i64) -> Result<Self, Refusal> {
        let today = at_shanghai(now).date_naive();
        let from = required(posted, own::FROM, "接替谁");
        let to = required(posted, field::TO, "由谁接替");
        let since = past_day(posted, field::DAY, "接替日期", today);
        let reason = required(posted, field::REASON, "依据（文件或理由）");
        match (from, to, since, reason) {
            (Ok(from), Ok(to), Ok(since), Ok(reason)) => Ok(Self { plan: plan.id.clone(), from, to, since, reason }),
            (from, to, since, reason) => {
                let faults = [from.err(), to.err(), since.err(), reason.err()];
                Err(Refusal::all(faults.into_iter().flatten().collect()))
            }
        }
    }
}

#[async_trait]
impl Command for SucceedOfficial {
    /// How many projects have the new one.
    type Done = usize;

    async fn run(self, who: &Who, ledger: &mut dyn Ledger) -> Result<usize, Refusal> {
        let plan = plan_of(ledger, &self.plan).await?;
        let office = plan.region.id();
        who.may(Action::EnterProjects, Object::office(office))?;
        if domain::projects::people(&self.to).count() != 1 {
            let sentence = "请只写一个人或一个岗位，职务和姓名连着写，例如 副市长陈刚";
            return Err(Refusal::field(field::TO, sentence));
        }
        if self.from == self.to {
            return Err(Refusal::field(field::TO, "接替的人和原来的人相同"));
        }
        let said = ledger.terms(office, None).await?;
        let mut own = said.iter().filter(|term| term.whom == self.from && term.until.is_none() && term.is_said);
        if let Some(term) = own.find(|term| term.from > self.since) {
            let sentence = format!("{}从{}起才挂钩，接替日期不能更早", self.from, chinese_date(term.from));
            return Err(Refusal::field(field::DAY, sentence));
        }
        let known = ledger.projects(office, Some(0)).await?;
        let since = Some(self.since);
        let writing = Writing { office, plan: &plan.id, who, reason: Some(&self.reason), source: "office", since };
        let mut rows = Vec::new();
        for project in known.values() {
            let mut wanted = project.entry.clone();
            for text in [&mut wanted.project.official, &mut wanted.project.unit_official].into_iter().flatten() {
                if let Some(now) = succeed(text, &self.from, &self.to) {
                    *text = now;
                }
            }
            rows.extend(writing.rows(Some(project), &wanted));
        }
        if rows.is_empty() {
            return Err(Refusal::field(own::FROM, format!("没有项目由“{}”挂钩，请刷新页面后再选", self.from)));
        }
        let done = rows.len();
        let detail = json!({
            "from": self.from, "to": self.to, "since": self.since.to_string(), "projects": done,
            "reason": self.reason,
        });
        let object = format!("{}/projects", plan.id);
        ledger.append(who, Audited::new("succeed_official", object, detail).with_rows(rows)).await?;
        Ok(done)
    }
}

/// 联系人: a new one of a project, or other words for a known one. The trail says that, not who he is.
#[derive(Debug, Clone)]
pub struct KeepContact {
    pub plan: String,
    pub project: String,
    /// Its number, of one that is known.
    pub contact: Option<i64>,
    /// The version that the page had seen; 0 of a new one.
    pub seen: i64,
    pub person: Person,
    /// What makes the hash of a telephone number say nothing: random, and deleted with it.
    pub salt: String,
}

fn number(posted: &Posted) -> Result<Option<i64>, Refusal> {
    match posted.text(own::CONTACT) {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| Refusal::whole("没有这位联系人，请从项目页重新打开")),
    }
}

fn seen(posted: &Posted) -> i64 {
    posted.text(field::SEEN).parse().unwrap_or_default()
}

/// A telephone number as people write it, or nothing: `0591-87654321`, `138 0000 1111`, `+86 …`, with an extension.
fn phone(posted: &Posted) -> Result<String, Refusal> {
    let text = optional(posted, own::PHONE, "电话")?.unwrap_or_default();
    let plain = domain::hidden::plain(&text).replace(['—', '–', '‐'], "-");
    let digits = plain.chars().filter(char::is_ascii_digit).count();
    let others = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '-' | '+' | '(' | ')' | '转');
    match plain.is_empty() || ((5..=20).contains(&digits) && plain.chars().all(others)) {
        true => Ok(plain),
        false => Err(Refusal::field(own::PHONE, "电话请写号码，例如 0591-87654321 或 13800001111")),
    }
}

impl KeepContact {
    pub fn read(plan: &Plan, project: &str, posted: &Posted, salt: String) -> Result<Self, Refusal> {
        let duty = optional(posted, own::DUTY, "身份");
        let name = required(posted, own::NAME, "姓名");
        match (number(posted), duty, name, phone(posted)) {
            (Ok(contact), Ok(duty), Ok(name), Ok(phone)) => Ok(Self {
                plan: plan.id.clone(),
                project: project.to_owned(),
                contact,
                seen: seen(posted),
                person: Person { duty: duty.unwrap_or_default(), name, phone },
                salt,
            }),
            (number, duty, name, phone) => {
                let faults = [number.err(), duty.err(), name.err(), phone.err()];
                Err(Refusal::all(faults.into_iter().flatten().collect()))
            }
        }
    }
}

/// The contact that is meant, as it stands.
fn meant(all: Vec<Contact>, number: i64, seen: i64) -> Result<Contact, Refusal> {
    let found = all.into_iter().find(|contact| contact.number == number);
    match found {
        None => Err(Refusal::whole("没有这位联系人")),
        Some(contact) if contact.person.is_none() => Err(Refusal::whole("这位联系人的信息已经删除")),
        Some(contact) if contact.version != seen => {
            Err(Refusal::whole("您打开页面之后，这位联系人有了新的记录，没有保存；请看过之后再办"))
        }
        Some(contact) => Ok(contact),
    }
}

#[async_trait]
impl Command for KeepContact {
    type Done = ();

    async fn run(self, who: &Who, ledger: &mut dyn Ledger) -> Result<(), Refusal> {
        let plan = plan_of(ledger, &self.plan).await?;
        let office = plan.region.id();
        let known = known_project(ledger, office, &self.project).await?;
        who.may(Action::KeepProject, Object::unit(office, &known.entry.project.unit))?;
        let all = ledger.contacts(office, Some(&self.project)).await?;
        let (contact, version) = match self.contact {
            None => (all.iter().map(|contact| contact.number).max().unwrap_or_default() + 1, 1),
            Some(number) => {
                let contact = meant(all, number, self.seen)?;
                if contact.person.as_ref() == Some(&self.person) {
                    return Ok(());
                }
                (number, contact.version + 1)
            }
        };
        let writing = Writing { office, plan: &plan.id, who, reason: None, source: "", since: None };
        let row = writing.row(
            "project_contact",
            vec![
                ("project_id", (&self.project).into()),
                ("contact", contact.into()),
                ("version", version.into()),
                ("person_sha256", (&self.person.sha256(&self.salt)).into()),
                ("reason", Cell::Text(None)),
            ],
        );
        let person = NewPerson {
            office: office.to_owned(),
            project: self.project.clone(),
            contact,
            version,
            salt: self.salt,
            person: self.person,
        };
        let object = format!("{}/projects/{}/contact/{contact}", plan.id, self.project);
        let entry = Audited::new("keep_contact", object, json!({})).with(row).with_personal(Personal::Keep(person));
        ledger.append(who, entry).await?;
        Ok(())
    }
}

/// Deletes what is known of a contact, in every version; that it was there and why it went stays.
#[derive(Debug, Clone)]
pub struct ForgetContact {
    pub plan: String,
    pub project: String,
    pub contact: i64,
    pub seen: i64,
    pub reason: String,
}

impl ForgetContact {
    pub fn read(plan: &Plan, project: &str, posted: &Posted) -> Result<Self, Refusal> {
        let reason = required(posted, field::REASON, "删除的理由");
        let contact = number(posted)
            .and_then(|number| number.ok_or_else(|| Refusal::whole("没有这位联系人，请从项目页重新打开")));
        match (reason, contact) {
            (Ok(reason), Ok(contact)) => {
                Ok(Self { plan: plan.id.clone(), project: project.to_owned(), contact, seen: seen(posted), reason })
            }
            (reason, contact) => Err(Refusal::all([reason.err(), contact.err()].into_iter().flatten().collect())),
        }
    }
}

#[async_trait]
impl Command for ForgetContact {
    type Done = ();

    async fn run(self, who: &Who, ledger: &mut dyn Ledger) -> Result<(), Refusal> {
        let plan = plan_of(ledger, &self.plan).await?;
        let office = plan.region.id();
        let known = known_project(ledger, office, &self.project).await?;
        who.may(Action::KeepProject, Object::unit(office, &known.entry.project.unit))?;
        let contact = meant(ledger.contacts(office, Some(&self.project)).await?, self.contact, self.seen)?;
        let writing = Writing { office, plan: &plan.id, who, reason: None, source: "", since: None };
        let row = writing.row(
            "project_contact",
            vec![
                ("project_id", (&self.project).into()),
                ("contact", self.contact.into()),
                ("version", (contact.version + 1).into()),
                ("person_sha256", Cell::Text(None)),
                ("reason", (&self.reason).into()),
            ],
        );
        let object = format!("{}/projects/{}/contact/{}", plan.id, self.project, self.contact);
        let forget =
            Personal::Forget { office: office.to_owned(), project: self.project.clone(), contact: self.contact };
        let entry = Audited::new("forget_contact", object, json!({ "reason": self.reason })).with(row);
        ledger.append(who, entry.with_personal(forget)).await?;
        Ok(())
    }
}
