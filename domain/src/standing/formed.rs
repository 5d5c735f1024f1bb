//! How a score was formed at a period, as data.

use serde::{Deserialize, Serialize};

use crate::rate::Rate;
use crate::region::RegionId;

/// How a score was formed at a period: its parts, and those that nobody can be given yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Formed {
    pub parts: Vec<FormedPart>,
    /// Units that lack a part that others have, with the names of what they lack.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lacking: Vec<(RegionId, Vec<String>)>,
}

/// One component as it counts at a period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormedPart {
    pub name: String,
    /// What it is worth where it is reached.
    pub full: Rate,
    /// Whether it is in the score at this period.
    pub counted: bool,
}

impl Formed {
    /// What can be had at this period: 满分70.
    pub fn full(&self) -> Rate {
        self.parts.iter().filter(|part| part.counted).fold(Rate::ZERO, |sum, part| sum.plus(part.full))
    }

    /// 鼓楼区、仓山区缺措施落实; units that lack the same are named together. `None` where nobody lacks anything.
    pub fn lacking_in_words(&self, name: impl Fn(&str) -> String) -> Option<String> {
        let mut groups: Vec<(String, Vec<String>)> = Vec::new();
        for (region, parts) in &self.lacking {
            let parts = parts.join("、");
            match groups.iter_mut().find(|(same, _)| *same == parts) {
                Some((_, names)) => names.push(name(region)),
                None => groups.push((parts, vec![name(region)])),
            }
        }
        let said = groups.into_iter().map(|(parts, names)| format!("{}缺{parts}", names.join("、")));
        Some(said.collect::<Vec<_>>().join("；")).filter(|said| !said.is_empty())
    }

    /// Parts that are not known yet.
    pub fn left_out(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter(|part| !part.counted).map(|part| part.name.as_str())
    }
}
