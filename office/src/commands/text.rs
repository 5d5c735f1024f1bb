//! 选编文字: sentences of a unit's text into the bulletin of a period, in other words, or out again.

use async_trait::async_trait;
use domain::bulletin::texts::sentences;
use domain::entry::{TEXT_LIMIT, TextBox, Topic, clean};
use domain::plan::Round;
use domain::rights::{Action, Object};
use domain::workflow::Step;
use serde_json::json;

use super::Command;
use crate::facts::{ReportKey, TextPick};
use crate::ports::Ledger;
use crate::posted::Posted;
use crate::refusal::Refusal;
use crate::rows::{Entry, NewRow};
use crate::who::Who;

/// The names of the forms' fields.
pub mod field {
    pub const UNIT: &str = "unit";
    /// A goal's id; empty for the return as a whole.
    pub const GOAL: &str = "goal";
    pub const TOPIC: &str = "topic";
    /// One for each sentence that is picked.
    pub const SENTENCE: &str = "sentence";
    /// Which of the picked passages; empty where one is picked now.
    pub const NUMBER: &str = "number";
    /// Its version that the page had seen.
    pub const SEEN: &str = "seen";
    pub const WORDS: &str = "words";
    /// The button that takes a passage out.
    pub const OUT: &str = "out";
}

/// What is asked of the texts that are picked for a period's bulletin.
#[derive(Debug, Clone)]
pub struct PickText {
    pub plan: String,
    /// Whose texts are read; its period is the bulletin's.
    pub round: Round,
    pub wish: Wish,
}

#[derive(Debug, Clone)]
pub enum Wish {
    /// These sentences of what a unit handed in.
    Pick { unit: String, text: TextBox, sentences: Vec<String> },
    /// A picked passage in these words; none take it out.
    Reword { number: u32, seen: i64, words: String },
}

impl PickText {
    /// As the forms of `/review/{plan}/{period}/texts` send it.
    pub fn read(plan: &str, round: Round, posted: &Posted) -> Result<Self, Refusal> {
        let wish = match posted.text(field::NUMBER).parse() {
            Ok(number) => {
                let out = posted.get(field::OUT).is_some();
                let words = clean(posted.text(field::WORDS)).trim().to_owned();
                if !out && words.is_empty() {
                    let sentence = "文字是空的；不要这一段请用“移出”";
                    return Err(Refusal::field(field::WORDS, sentence));
                }
                let length = words.chars().count();
                if length > TEXT_LIMIT {
                    let sentence = format!("写了 {length} 字，请缩短到 {TEXT_LIMIT} 字以内");
                    return Err(Refusal::field(field::WORDS, sentence));
                }
                let seen = posted.text(field::SEEN).parse().unwrap_or(-1);
                Wish::Reword { number, seen, words: if out { String::new() } else { words } }
            }
            Err(_) => {
                let topic = Topic::ALL.into_iter().find(|topic| topic.id() == posted.text(field::TOPIC));
                let topic = topic.ok_or_else(|| Refusal::whole("没有这一段文字，请刷新页面"))?;
                let goal = Some(posted.text(field::GOAL).to_owned()).filter(|goal| !goal.is_empty());
                let sentences: Vec<String> =
                    posted.all(field::SENTENCE).into_iter().map(|sentence| clean(sentence).trim().to_owned()).collect();
                if sentences.is_empty() {
                    return Err(Refusal::field(field::SENTENCE, "请勾选要选入通报的句子"));
                }
                Wish::Pick { unit: posted.text(field::UNIT).to_owned(), text: TextBox { goal, topic }, sentences }
            }
        };
        Ok(Self { plan: plan.to_owned(), round, wish })
    }
}

/// The next version of a passage: picked now, or one that was.
async fn next(
    wish: Wish,
    picks: &[TextPick],
    key: impl FnOnce(String) -> ReportKey,
    ledger: &mut dyn Ledger,
) -> Result<Option<TextPick>, Refusal> {
    match wish {
        Wish::Reword { number, seen, words } => {
            let known = picks.iter().find(|pick| pick.number == number && pick.stands());
            let known = known.ok_or_else(|| Refusal::whole("这一段已经移出，请刷新页面"))?;
            if known.words == words {
                return Ok(None);
            }
            if known.version != seen {
                let sentence = format!("您打开页面之后，{}刚改过这一段，没有保存；请看过再改", known.actor);
                return Err(Refusal::whole(sentence));
            }
            Ok(Some(TextPick { version: known.version + 1, words, ..known.clone() }))
        }
        Wish::Pick { unit, text, sentences: wanted } => {
            let steps = ledger.steps(&key(unit.clone())).await?;
            let content = steps.into_iter().rev().find(|step| step.step == Step::Submit).and_then(|step| step.content);
            let whole = content.as_ref().map_or("", |content| content.text(&text));
            let known = sentences(whole);
            if !wanted.iter().all(|wanted| known.contains(&wanted.as_str())) {
                let sentence = "这几句不在单位提交的文字里，可能刚刚改过；请刷新页面再选";
                return Err(Refusal::field(field::SENTENCE, sentence));
            }
            // In the unit's order, whatever the form's.
            let source: String =
                known.into_iter().filter(|sentence| wanted.iter().any(|wanted| wanted == sentence)).collect();
            let same = |pick: &&TextPick| {
                pick.stands() && (&pick.unit, &pick.goal, pick.topic) == (&unit, &text.goal, text.topic)
            };
            if picks.iter().filter(same).any(|pick| pick.source == source) {
                return Ok(None);
            }
            let number = picks.iter().map(|pick| pick.number).max().unwrap_or(0) + 1;
            let words = source.clone();
            let (goal, topic) = (text.goal, text.topic);
            Ok(Some(TextPick { number, version: 1, unit, goal, topic, source, words, actor: String::new() }))
        }
    }
}

#[async_trait]
impl Command for PickText {
    type Done = ();

    async fn run(self, who: &Who, ledger: &mut dyn Ledger) -> Result<(), Refusal> {
        let plan = ledger.plan(&self.plan).await?.ok_or_else(|| Refusal::whole("没有这个计划"))?.plan;
        who.may(Action::PickText, Object::office(plan.region.id()))?;
        plan.asks(&self.round).map_err(Refusal::whole)?;
        let period = self.round.period;
        let picks = ledger.text_picks(&plan.id, period).await?;
        let key = |unit: String| ReportKey { plan: plan.id.clone(), round: self.round, unit };
        // The same again changes nothing.
        let Some(pick) = next(self.wish, &picks, key, ledger).await? else { return Ok(()) };
        let row = NewRow {
            table: "text_pick",
            cells: vec![
                ("plan_id", (&plan.id).into()),
                ("year", period.year.into()),
                ("month", period.month.into()),
                ("number", pick.number.into()),
                ("version", pick.version.into()),
                ("unit_id", (&pick.unit).into()),
                ("goal_id", pick.goal.as_deref().unwrap_or_default().into()),
                ("topic", pick.topic.id().into()),
                ("source", (&pick.source).into()),
                ("words", (&pick.words).into()),
                ("at", who.at.into()),
                ("actor", (&who.actor).into()),
                ("account_id", who.account().into()),
            ],
        };
        let action = if pick.stands() { "pick_text" } else { "drop_text" };
        let object = format!("{}/{period}/texts/{}", plan.id, pick.number);
        let detail = json!({ "unit": pick.unit, "words": pick.words });
        ledger.append(who, Entry::new(action, object, detail).with(row)).await?;
        Ok(())
    }
}
