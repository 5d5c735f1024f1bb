//! What a command writes: rows of append-only tables, covered by the audit row that is written with them.

use domain::returns::ReturnRow;
use serde_json::Value;

use crate::projects::Person;

/// A value of a column.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    Int(Option<i64>),
    Text(Option<String>),
}

impl From<i64> for Cell {
    fn from(value: i64) -> Self {
        Cell::Int(Some(value))
    }
}

impl From<u32> for Cell {
    fn from(value: u32) -> Self {
        Cell::Int(Some(i64::from(value)))
    }
}

impl From<i32> for Cell {
    fn from(value: i32) -> Self {
        Cell::Int(Some(i64::from(value)))
    }
}

impl From<Option<i64>> for Cell {
    fn from(value: Option<i64>) -> Self {
        Cell::Int(value)
    }
}

impl From<&str> for Cell {
    fn from(value: &str) -> Self {
        Cell::Text(Some(value.to_owned()))
    }
}

impl From<&String> for Cell {
    fn from(value: &String) -> Self {
        Cell::Text(Some(value.clone()))
    }
}

impl From<Option<&str>> for Cell {
    fn from(value: Option<&str>) -> Self {
        Cell::Text(value.map(str::to_owned))
    }
}

/// A row about to be written into a table whose rows carry their own hash; columns by name.
#[derive(Debug, Clone)]
pub struct NewRow {
    pub table: &'static str,
    pub cells: Vec<(&'static str, Cell)>,
}

/// Figures put in force together, under one audit row that holds their digest.
#[derive(Debug, Clone)]
pub struct NewFigures {
    pub plan: String,
    pub rows: Vec<NewRevision>,
    /// Name and SHA-256 of the file they came from.
    pub file: Option<(String, String)>,
    /// When they were reported (UTC milliseconds), and by whom.
    pub at: i64,
    pub by: String,
}

/// A figure about to be put in force.
#[derive(Debug, Clone)]
pub struct NewRevision {
    pub row: ReturnRow,
    pub revision: i64,
    /// Nothing stands any more where something stood.
    pub withdrawn: bool,
    /// When it was reported and by whom, where that is not what all rows have in common.
    pub source: Option<(i64, String)>,
    pub reason: Option<String>,
}

impl NewRevision {
    pub fn new(row: ReturnRow, revision: i64, reason: Option<String>) -> Self {
        Self { row, revision, withdrawn: false, source: None, reason }
    }
}

/// A plan's file about to become a version.
#[derive(Debug, Clone)]
pub struct NewPlanVersion {
    pub plan: String,
    pub version: u32,
    pub source: String,
    pub sha256: String,
    pub file_name: String,
    pub reason: Option<String>,
}

/// An edition about to be frozen.
#[derive(Debug, Clone)]
pub struct NewEditionRow {
    pub public_key: Option<String>,
    pub plan: String,
    pub goal: String,
    pub period: domain::month::Period,
    pub edition: u32,
    /// Canonical JSON.
    pub content: String,
    pub sha256: String,
    pub reason: Option<String>,
}

/// The bytes of a file, stored once under their SHA-256: rows name it, and the chain covers those.
#[derive(Debug, Clone)]
pub struct NewContent {
    pub sha256: String,
    pub bytes: Vec<u8>,
}

/// Personal data that a row of the chain holds only the hash of, with its salt.
#[derive(Debug, Clone)]
pub struct NewPerson {
    pub office: String,
    pub project: String,
    pub contact: i64,
    pub version: i64,
    pub salt: String,
    pub person: Person,
}

/// What is done beside the chain: the only thing of all facts that can be deleted.
#[derive(Debug, Clone)]
pub enum Personal {
    Keep(NewPerson),
    /// Every version of a contact.
    Forget {
        office: String,
        project: String,
        contact: i64,
    },
    /// A name behind [`domain::personal::reference`].
    KeepName {
        salt: String,
        name: String,
    },
    /// By its key.
    ForgetName(String),
    /// A file's content, by its SHA-256.
    Empty(String),
}

/// One entry of the audit trail with everything it covers: written together or not at all.
#[derive(Debug, Clone)]
pub struct Entry {
    pub action: &'static str,
    /// What it is about: a plan, a return, an account.
    pub object: String,
    pub detail: Value,
    pub rows: Vec<NewRow>,
    pub figures: Option<NewFigures>,
    pub plan: Option<NewPlanVersion>,
    pub edition: Option<NewEditionRow>,
    pub content: Option<NewContent>,
    pub personal: Option<Personal>,
}

impl Entry {
    pub fn new(action: &'static str, object: impl Into<String>, detail: Value) -> Self {
        let object = object.into();
        let (rows, figures, plan, edition, content, personal) = (Vec::new(), None, None, None, None, None);
        Self { action, object, detail, rows, figures, plan, edition, content, personal }
    }

    pub fn with(mut self, row: NewRow) -> Self {
        self.rows.push(row);
        self
    }

    pub fn with_rows(mut self, rows: Vec<NewRow>) -> Self {
        self.rows.extend(rows);
        self
    }

    pub fn with_content(mut self, content: NewContent) -> Self {
        self.content = Some(content);
        self
    }

    pub fn with_personal(mut self, personal: Personal) -> Self {
        self.personal = Some(personal);
        self
    }

    pub fn with_figures(mut self, figures: NewFigures) -> Self {
        self.figures = Some(figures);
        self
    }
}
