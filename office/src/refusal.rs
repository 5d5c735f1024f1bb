//! Why a command was not carried out. One type for every entrance, its sentences worded once.

use domain::calendar::moment;
use domain::returns::{Figure, ReturnRow};
use domain::rights::{self, Action};

use crate::facts::{CellConflict, StepRecord, Unavailable};

/// Why a command was not carried out; nothing was changed.
#[derive(Debug, Clone)]
pub enum Refusal {
    /// This post may not.
    Forbidden(Action, rights::Refusal),
    /// The same person would decide about what he did himself.
    OwnWork,
    /// Other people's versions of the same boxes.
    Conflict(Vec<CellConflict>),
    /// The return has moved on: the step that came in between.
    Moved(Option<Box<StepRecord>>),
    /// What was checked is no longer what the boxes hold.
    Stale,
    /// What is wrong with what was asked: the field and the sentence; an empty field is the request as a whole.
    Invalid(Vec<(String, String)>),
    /// Figures differ from those in force and no reason was given.
    NeedsReason(Vec<Changed>),
    /// The proof of what the command rests on failed: what was altered, in the words of `verify`.
    Altered(String),
    /// The facts could not be reached.
    Unavailable(Unavailable),
}

/// Why a paper is not made: these characters are in no face that is at hand. Without its full stop.
pub fn without_faces(file: &str, characters: &[char]) -> String {
    let named: Vec<String> = characters.iter().map(|c| format!("“{c}”（U+{:04X}）", u32::from(*c))).collect();
    format!(
        "{file}要印{}，可用的字体里都没有，印出来会是空框，所以没有生成；请把含有这些字的本单位字体文件（ttf、otf 或 ttc）放进数据文件夹的 fonts（data/fonts），服务在运行的再重启一次",
        named.join("、")
    )
}

/// A row that differs from the figure in force.
#[derive(Debug, Clone)]
pub struct Changed {
    pub row: ReturnRow,
    /// The revision in force.
    pub revision: i64,
    pub before: Figure,
}

impl From<Unavailable> for Refusal {
    fn from(error: Unavailable) -> Self {
        Refusal::Unavailable(error)
    }
}

impl Refusal {
    /// A rule that the request as a whole breaks; the sentence comes without its full stop.
    pub fn whole(sentence: impl Into<String>) -> Self {
        Refusal::field("", sentence)
    }

    /// What is wrong with one field.
    pub fn field(name: &str, sentence: impl Into<String>) -> Self {
        Refusal::Invalid(vec![(name.to_owned(), sentence.into())])
    }

    /// Everything that is wrong, from several refusals of fields.
    pub fn all(refusals: Vec<Refusal>) -> Self {
        let faults = refusals.into_iter().flat_map(|refusal| match refusal {
            Refusal::Invalid(faults) => faults,
            other => vec![(String::new(), other.sentence())],
        });
        Refusal::Invalid(faults.collect())
    }

    /// What was done since, and the next step, in one sentence for every entrance.
    pub fn sentence(&self) -> String {
        match self {
            Refusal::Forbidden(action, _) => {
                format!(
                    "您的岗位不能{}，没有执行；这件事由{}办理。",
                    action.name(),
                    rights::who_may(*action).join("或")
                )
            }
            Refusal::OwnWork => {
                "这一步要由另一个人来办：自己提出的不能自己确认，自己提交或签核的，要由另一个人来审。".to_owned()
            }
            Refusal::Conflict(conflicts) => format!("有 {} 格刚被别人改过，没有保存。", conflicts.len()),
            Refusal::Moved(Some(step)) => {
                format!(
                    "没有保存：{}已在{}{}，现在是“{}”，不能再改。",
                    step.actor,
                    moment(step.at),
                    step.step.name(),
                    step.state.name()
                )
            }
            Refusal::Moved(None) => "没有保存：这份报送已经通过，不能再改。".to_owned(),
            Refusal::Stale => "核对之后又有改动，请重新核对。".to_owned(),
            Refusal::Invalid(faults) => joined(domain::listed(faults.iter().map(|(_, sentence)| sentence.clone()))),
            Refusal::NeedsReason(_) => "有与已报送不同的数，请写明更正原因。".to_owned(),
            Refusal::Altered(what) => format!("审计核验不通过，没有执行：{what}。请告诉审计管理员。"),
            Refusal::Unavailable(error) => error.sentence(),
        }
    }
}

/// Sentences one after another, each ended once.
fn joined(sentences: Vec<String>) -> String {
    sentences.iter().map(|sentence| format!("{}。", sentence.trim_end_matches('。'))).collect()
}
