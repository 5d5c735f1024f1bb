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

    /// Parts that are not known yet.
    pub fn left_out(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter(|part| !part.counted).map(|part| part.name.as_str())
    }
}
