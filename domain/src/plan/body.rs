//! Leading groups, task forces and offices that a document sets up, and who answers for units: `[[body]]`.

use crate::region::RegionId;

/// The longest role, name, title and duties, in characters.
pub const LONGEST_ROLE: usize = 20;
pub const LONGEST_NAME: usize = 40;
pub const LONGEST_TITLE: usize = 100;
pub const LONGEST_DUTIES: usize = 500;

/// The word of a member for every unit of the plan.
pub const EACH: &str = "each";

/// The units for which a member answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answers {
    For(RegionId),
    /// One such member in every unit.
    Each,
}

impl Answers {
    /// As the plan's file writes it.
    pub fn word(&self) -> &str {
        match self {
            Answers::For(unit) => unit,
            Answers::Each => EACH,
        }
    }
}

/// A member as the document names him: by name and title, or by title alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// 组长, 副组长, 成员, 办公室主任, 第一责任人 …
    pub role: String,
    pub name: Option<String>,
    /// 职务.
    pub title: Option<String>,
    pub answers: Option<Answers>,
}

impl Member {
    /// What his seat is known by in one unit, or where it belongs to none: what the document says of it. It stays the
    /// seat's own whoever takes it over, and wherever in the list it stands.
    pub fn seat(&self, unit: Option<&str>) -> String {
        let parts = [Some(self.role.as_str()), self.name.as_deref(), self.title.as_deref(), unit];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}

/// A leading group, a task force, an office, or those who answer for units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    pub id: String,
    pub title: String,
    pub clause: Option<String>,
    pub quote: Option<String>,
    /// What it is for, in the office's words.
    pub duties: Option<String>,
    /// In the document's order; empty where it names none.
    pub members: Vec<Member>,
    pub assumed: Vec<String>,
}
