//! What stands in a cell: a figure as printed, or the mark that says why there is none.

use std::fmt::Display;

use crate::money::{Amount, Measure};

/// 不适用: nothing can stand here.
pub const DASH: &str = "—";
/// 无目标, as the documents write it.
pub const NO_TARGET: &str = "/";
/// 未报: something should stand here.
pub const UNREPORTED: &str = "未报";

/// An `Option` as a cell shows it.
///
/// ```
/// use domain::shown::{Shown, UNREPORTED};
///
/// assert_eq!(Some(3).or_dash(), "3");
/// assert_eq!(None::<usize>.or_dash(), "—");
/// assert_eq!(None::<usize>.or_mark(UNREPORTED), "未报");
/// let growth = domain::rate::Rate::new(-1, 8);
/// assert_eq!(growth.shown(|rate| rate.in_percent(1)), "−12.5%");
/// ```
pub trait Shown<T>: Sized {
    /// As `print` says, or `mark`.
    fn shown_or(self, mark: &str, print: impl FnOnce(T) -> String) -> String;

    /// As `print` says, or [`DASH`].
    fn shown(self, print: impl FnOnce(T) -> String) -> String {
        self.shown_or(DASH, print)
    }

    /// As it is, or `mark`.
    fn or_mark(self, mark: &str) -> String
    where
        T: Display,
    {
        self.shown_or(mark, |value| value.to_string())
    }

    /// As it is, or [`DASH`].
    fn or_dash(self) -> String
    where
        T: Display,
    {
        self.or_mark(DASH)
    }
}

impl<T> Shown<T> for Option<T> {
    fn shown_or(self, mark: &str, print: impl FnOnce(T) -> String) -> String {
        self.map_or_else(|| mark.to_owned(), print)
    }
}

impl Measure {
    /// With the usual decimals of its unit, or [`DASH`]: `1121.00`.
    pub fn shown(&self, amount: Option<Amount>) -> String {
        amount.shown(|amount| self.format(amount))
    }

    /// The same with another mark.
    pub fn shown_or(&self, mark: &str, amount: Option<Amount>) -> String {
        amount.shown_or(mark, |amount| self.format(amount))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_holds_a_figure_or_a_mark() {
        let yi = Measure::money("亿元").unwrap();
        assert_eq!(yi.shown(Some(Amount(112_100_000_000))), "1121.00");
        assert_eq!(yi.shown(Some(Amount(0))), "0.00");
        assert_eq!(yi.shown(None), "—");
        assert_eq!(yi.shown_or(NO_TARGET, None), "/");
        assert_eq!(Some("升2位".to_owned()).or_dash(), "升2位");
        assert_eq!(None::<String>.or_dash(), "—");
        assert_eq!(None.shown_or(UNREPORTED, |amount| yi.plain(amount)), "未报");
    }
}
