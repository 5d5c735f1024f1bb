//! 留言: office and unit talk about a return without sending it back; what was seen is marked so.

use async_trait::async_trait;
use domain::entry::TEXT_LIMIT;
use domain::rights::{self, Action, Object};
use serde_json::json;

use super::Command;
use super::steps::{cells, object};
use crate::facts::{ReportKey, unanswered};
use crate::ports::Ledger;
use crate::posted::Posted;
use crate::refusal::Refusal;
use crate::reports;
use crate::rows::{Entry, NewRow};
use crate::who::Who;

/// The names of the form's fields.
pub mod field {
    pub const WORDS: &str = "words";
    pub const ACT: &str = "act";
}

/// The other side's words were seen, and there is nothing to answer.
pub const SEEN: &str = "seen";

/// Words about a return, or that the other side's were seen.
#[derive(Debug, Clone)]
pub struct WriteMessage {
    pub report: ReportKey,
    /// `None`: seen.
    pub words: Option<String>,
}

impl WriteMessage {
    pub fn read(report: ReportKey, posted: &Posted) -> Self {
        let words = domain::entry::clean(posted.text(field::WORDS)).trim().to_owned();
        Self { report, words: (posted.text(field::ACT) != SEEN).then_some(words) }
    }
}

#[async_trait]
impl Command for WriteMessage {
    type Done = ();

    async fn run(self, who: &Who, ledger: &mut dyn Ledger) -> Result<(), Refusal> {
        let key = &self.report;
        let none = || Refusal::Forbidden(Action::Message, rights::Refusal::Scope);
        let report = reports::report(ledger, key, who.at).await?.ok_or_else(none)?;
        who.may(Action::Message, Object::of_unit(report.office(), &key.unit, report.state()))?;
        let by_office = who.viewer.as_ref().and_then(|viewer| viewer.role()).is_some_and(rights::Role::is_office);
        let said = ledger.messages(&key.plan, Some(key)).await?;
        let seen = self.words.is_none();
        let words = self.words.unwrap_or_default();
        let (words, action) = match words.as_str() {
            "" if seen && unanswered(&said, !by_office).next().is_some() => (String::new(), "see_message"),
            "" if seen => return Err(Refusal::whole("已经办过了：没有还没看的留言")),
            "" => return Err(Refusal::field(field::WORDS, "请写留言的内容")),
            _ if words.chars().count() > TEXT_LIMIT => {
                return Err(Refusal::field(field::WORDS, format!("留言超过 {TEXT_LIMIT} 字，请缩短")));
            }
            _ => (words, "write_message"),
        };
        let version = said.last().map_or(0, |last| last.version) + 1;
        let row = NewRow {
            table: "return_message",
            cells: cells(
                key,
                [
                    ("version", version.into()),
                    ("side", if by_office { "office" } else { "unit" }.into()),
                    ("words", (&words).into()),
                    ("at", who.at.into()),
                    ("actor", (&who.actor).into()),
                    ("account_id", who.account().into()),
                ],
            ),
        };
        ledger.append(who, Entry::new(action, object(key), json!({ "version": version })).with(row)).await?;
        Ok(())
    }
}
