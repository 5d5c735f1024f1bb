//! What units wrote and the office picked for a bulletin: each passage with its source, marked where it was edited.

use serde::{Deserialize, Serialize};

use super::tables::Table;
use crate::region::RegionId;
use crate::shown::{DASH, Shown};

/// A passage of a unit's text in a bulletin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picked {
    pub unit: RegionId,
    pub unit_name: String,
    /// The goal it was written of; `None` where it was of the return as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub goal: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub goal_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub section: Option<String>,
    /// 进展, 成效经验, 存在问题, 下步措施.
    pub topic: String,
    pub words: String,
    /// Not in the unit's own words any more.
    #[serde(default, skip_serializing_if = "is_own")]
    pub edited: bool,
}

fn is_own(edited: &bool) -> bool {
    !*edited
}

impl Picked {
    /// 东湖街道，企业上云存在问题，经编辑.
    pub fn source(&self) -> String {
        let edited = if self.edited { "，经编辑" } else { "" };
        format!("{}，{}{}{edited}", self.unit_name, self.goal_name.as_deref().unwrap_or_default(), self.topic)
    }
}

/// The sentences of a text, each with the mark that ends it.
///
/// ```
/// use domain::bulletin::texts::sentences;
///
/// assert_eq!(sentences("已立项。缺少资金；\n下月开工"), ["已立项。", "缺少资金；", "下月开工"]);
/// ```
pub fn sentences(text: &str) -> Vec<&str> {
    let parts = text.split_inclusive(['。', '！', '？', '；', '\n']);
    parts.map(str::trim).filter(|sentence| !sentence.is_empty()).collect()
}

/// The columns of the table of texts.
pub const COLUMNS: [&str; 6] = ["板块", "目标", "类别", "单位", "文字", "备注"];

/// Picked texts under [`COLUMNS`].
pub fn table(texts: &[Picked]) -> Table {
    let line = |text: &Picked| {
        vec![
            text.section.clone().or_dash(),
            text.goal_name.clone().or_dash(),
            text.topic.clone(),
            text.unit_name.clone(),
            text.words.clone(),
            if text.edited { "经编辑".to_owned() } else { DASH.to_owned() },
        ]
    };
    Table { header: COLUMNS.map(str::to_owned).to_vec(), rows: texts.iter().map(line).collect() }
}
