//! 证明材料: files that show what somebody reported; what they belong to, what they may be, what is said of them.
//!
//! Nothing here opens a file: what it is by its bytes is found out by the crate `documents`.

use crate::hidden::is_hidden;
use crate::plan::Round;

/// The largest file, bytes.
pub const LARGEST: usize = 20 * 1024 * 1024;
/// So many files belong to one return, request, objection or task.
pub const MOST: usize = 20;
/// So many in all, with those that were withdrawn: what was stored is never taken out again.
pub const MOST_STORED: usize = 60;

/// What a file belongs to, within a plan and a unit.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Subject {
    /// The return of a round.
    Return(Round),
    /// The request to correct it.
    Correction(Round),
    /// 年终自评 of a goal.
    SelfAssessment { goal: String, year: i32 },
    /// 异议, by its number within the year.
    Objection { year: i32, number: u32 },
    /// The unit's part in a dated task.
    Task(String),
    /// 奖补申报, by its number within the year: the firm's signed form.
    Claim { year: i32, number: u32 },
}

impl Subject {
    /// As stored, and as forms name it.
    pub fn id(&self) -> String {
        match self {
            Subject::Return(round) => format!("return/{round}"),
            Subject::Correction(round) => format!("correction/{round}"),
            Subject::SelfAssessment { goal, year } => format!("self/{year}/{goal}"),
            Subject::Objection { year, number } => format!("objection/{year}/{number}"),
            Subject::Task(task) => format!("task/{task}"),
            Subject::Claim { year, number } => format!("claim/{year}/{number}"),
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        let (kind, rest) = text.split_once('/')?;
        match kind {
            "return" => Some(Subject::Return(Round::parse(rest).ok()?)),
            "correction" => Some(Subject::Correction(Round::parse(rest).ok()?)),
            "self" => {
                let (year, goal) = rest.split_once('/')?;
                Some(Subject::SelfAssessment { goal: goal.to_owned(), year: year.parse().ok()? })
            }
            "objection" => {
                let (year, number) = rest.split_once('/')?;
                Some(Subject::Objection { year: year.parse().ok()?, number: number.parse().ok()? })
            }
            "task" => Some(Subject::Task(rest.to_owned())),
            "claim" => {
                let (year, number) = rest.split_once('/')?;
                Some(Subject::Claim { year: year.parse().ok()?, number: number.parse().ok()? })
            }
            _ => None,
        }
    }

    /// What is done when its files go out of the unit's hands: `提交`.
    pub fn handing_in(&self) -> &'static str {
        match self {
            Subject::Return(_) => "提交",
            Subject::Correction(_) => "申请更正",
            Subject::SelfAssessment { .. } => "自评",
            Subject::Objection { .. } => "提出异议",
            Subject::Task(_) => "报告完成",
            Subject::Claim { .. } => "申报",
        }
    }
}

/// What becomes of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileStep {
    /// It waits until what it belongs to is handed in; until then it is the unit's own.
    Attach,
    /// It goes to what was handed in already, at once.
    Add,
    /// It was handed in with what it belongs to.
    HandIn,
    /// It was taken back before that.
    Withdraw,
}

impl FileStep {
    pub const ALL: [FileStep; 4] = [FileStep::Attach, FileStep::Add, FileStep::HandIn, FileStep::Withdraw];

    /// As stored.
    pub fn id(self) -> &'static str {
        match self {
            FileStep::Attach => "attach",
            FileStep::Add => "add",
            FileStep::HandIn => "hand_in",
            FileStep::Withdraw => "withdraw",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.id() == text)
    }
}

/// What files may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    Pdf,
    Jpeg,
    Png,
    Xlsx,
    Docx,
}

impl FileKind {
    pub const ALL: [FileKind; 5] = [FileKind::Pdf, FileKind::Jpeg, FileKind::Png, FileKind::Xlsx, FileKind::Docx];

    /// As stored, and the usual ending of its names.
    pub fn id(self) -> &'static str {
        match self {
            FileKind::Pdf => "pdf",
            FileKind::Jpeg => "jpg",
            FileKind::Png => "png",
            FileKind::Xlsx => "xlsx",
            FileKind::Docx => "docx",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.id() == text)
    }

    pub fn name(self) -> String {
        self.id().to_uppercase()
    }

    pub fn mime(self) -> &'static str {
        match self {
            FileKind::Pdf => "application/pdf",
            FileKind::Jpeg => "image/jpeg",
            FileKind::Png => "image/png",
            FileKind::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            FileKind::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        }
    }

    /// Whether paper with a seal on it may become one: a workbook shows no seal.
    pub fn is_scan(self) -> bool {
        matches!(self, FileKind::Pdf | FileKind::Jpeg | FileKind::Png)
    }

    fn is_ending(self, ending: &str) -> bool {
        ending == self.id() || (self == FileKind::Jpeg && ending == "jpeg")
    }
}

/// The longest name without its ending, bytes: common file systems end at 255.
const LONGEST_NAME: usize = 180;

/// A file's name as its owner's system spells it, fit to be shown and to be saved anywhere: without folders, without
/// characters that no reader sees or that systems act on, with the ending of what the file is.
pub fn clean_name(name: &str, kind: FileKind) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let seen: String = last
        .chars()
        .filter(|c| !is_hidden(*c) && !matches!(c, '\n' | '\r' | '\t'))
        .map(|c| if matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*') { '_' } else { c })
        .collect();
    let around = |c: char| c == '.' || c.is_whitespace();
    let seen = seen.trim_matches(around);
    let (stem, ending) = match seen.rsplit_once('.') {
        Some((stem, ending)) if kind.is_ending(&ending.to_lowercase()) => (stem.trim_end_matches(around), ending),
        _ => (seen, kind.id()),
    };
    let end = (0..=LONGEST_NAME.min(stem.len())).rev().find(|end| stem.is_char_boundary(*end)).unwrap_or(0);
    let stem = if stem.is_empty() { "未命名" } else { stem[..end].trim_end_matches(around) };
    format!("{stem}.{ending}")
}

/// `18 KB`, `1.2 MB`.
pub fn size_text(bytes: i64) -> String {
    const MB: i64 = 1024 * 1024;
    if bytes < MB {
        return format!("{} KB", (bytes + 1023) / 1024);
    }
    let tenths = (bytes * 10 + MB / 2) / MB;
    format!("{}.{} MB", tenths / 10, tenths % 10)
}

/// What is taken, for the forms.
pub fn what_is_taken() -> String {
    let kinds: Vec<String> = FileKind::ALL.into_iter().map(FileKind::name).collect();
    format!("可附 {}，每份不超过 {} MB，最多 {MOST} 份", kinds.join("、"), LARGEST / 1024 / 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_fit_to_be_saved() {
        for (given, kind, name) in [
            ("6月报表（盖章）.pdf", FileKind::Pdf, "6月报表（盖章）.pdf"),
            ("C:\\用户\\陈芳\\现场照片.JPEG", FileKind::Jpeg, "现场照片.JPEG"),
            ("../../etc/passwd", FileKind::Docx, "passwd.docx"),
            // Reads as `报表exe.pdf` where marks turn the direction.
            ("报表\u{202e}fdp.exe", FileKind::Pdf, "报表fdp.exe.pdf"),
            ("a\0b\r\nSet-Cookie: x.png", FileKind::Png, "abSet-Cookie_ x.png"),
            ("清单\".xlsx", FileKind::Xlsx, "清单_.xlsx"),
            ("图.png", FileKind::Jpeg, "图.png.jpg"),
            (" .. ", FileKind::Pdf, "未命名.pdf"),
            (".pdf", FileKind::Pdf, "pdf.pdf"),
            ("", FileKind::Pdf, "未命名.pdf"),
        ] {
            assert_eq!(clean_name(given, kind), name, "{given:?}");
        }
        let long = clean_name(&format!("{}.pdf", "报".repeat(400)), FileKind::Pdf);
        assert_eq!(long, format!("{}.pdf", "报".repeat(60)));
    }

    #[test]
    fn subjects_are_stored_and_read_back() {
        for text in [
            "return/2021-06",
            "correction/2021-06.quarter",
            "self/2021/investment",
            "objection/2021/3",
            "task/energy-audit",
            "claim/2021/3",
        ] {
            assert_eq!(Subject::parse(text).map(|subject| subject.id()).as_deref(), Some(text));
        }
        for text in [
            "",
            "return",
            "return/6月",
            "objection/2021",
            "objection/2021/x",
            "claim/2021",
            "self/investment",
            "plan/x",
        ] {
            assert_eq!(Subject::parse(text), None, "{text}");
        }
    }

    #[test]
    fn sizes_are_rounded_for_the_eye_alone() {
        for (bytes, text) in [(1, "1 KB"), (1024, "1 KB"), (1025, "2 KB"), (1_258_291, "1.2 MB"), (20 << 20, "20.0 MB")]
        {
            assert_eq!(size_text(bytes), text);
        }
    }
}
