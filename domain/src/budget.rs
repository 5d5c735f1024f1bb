//! How long a reader of files may go on: as long as somebody waits for what it reads.

use std::fmt;

use crate::Problem;

/// Asked by readers between two lines. Whoever calls them knows the clock, and whether somebody still waits.
#[derive(Clone, Copy)]
pub struct Budget<'a>(&'a (dyn Fn() -> bool + Sync));

impl<'a> Budget<'a> {
    /// For files of whoever started the program: he stops it himself.
    pub const ENDLESS: Budget<'static> = Budget(&|| true);

    /// As long as `goes_on` says so.
    pub fn new(goes_on: &'a (dyn Fn() -> bool + Sync)) -> Self {
        Self(goes_on)
    }

    /// # Errors
    /// Nobody waits any more, or the time is over: what has been read so far is of no use.
    pub fn check(self) -> Result<(), Ended> {
        if (self.0)() { Ok(()) } else { Err(Ended) }
    }
}

impl fmt::Debug for Budget<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Budget")
    }
}

/// A file was not read to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended;

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("文件太大，在规定的时间里没有读完；请只留要用的一张表和要用的行、列，再试一次")
    }
}

impl std::error::Error for Ended {}

impl From<Ended> for Problem {
    fn from(ended: Ended) -> Self {
        Problem::new(0, ended.to_string())
    }
}

impl From<Ended> for String {
    fn from(ended: Ended) -> Self {
        ended.to_string()
    }
}
