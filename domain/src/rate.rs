//! Exact fractions: growth, completion, pace.

use std::cmp::Ordering;

use num_bigint::BigInt;
pub use num_rational::BigRational;
use num_rational::Ratio;
use num_traits::Signed;
use serde::{Deserialize, Serialize};

use crate::money::{Amount, Decimal, Measure, NumberError, print_scaled, round_to};

/// An exact fraction in lowest terms; 12% is 3/25.
///
/// Never compared through a rounded form unless a rule says so ([`Rate::rounded`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rate(Ratio<i128>);

impl Rate {
    pub const ZERO: Rate = Rate(Ratio::new_raw(0, 1));
    pub const ONE: Rate = Rate(Ratio::new_raw(1, 1));

    /// `None` when the denominator is zero.
    pub fn new(numerator: i128, denominator: i128) -> Option<Self> {
        (denominator != 0).then(|| Self(Ratio::new(numerator, denominator)))
    }

    /// `part ÷ whole`; `None` when the whole is zero or negative: such a base gives no rate, never infinity.
    pub fn of(part: Amount, whole: Amount) -> Option<Self> {
        (whole.0 > 0).then(|| Self(Ratio::new(i128::from(part.0), i128::from(whole.0))))
    }

    /// A figure that is itself a percentage as a fraction: 50% is 1/2.
    pub fn of_percent(percent: Amount, measure: &Measure) -> Option<Self> {
        Self::new(i128::from(percent.0), 100 * i128::from(measure.per_unit))
    }

    /// The percentage as a figure of a measure of percentages; `None` where it has more digits than the measure keeps.
    pub fn in_measure(self, measure: &Measure) -> Option<Amount> {
        let scaled = self.numerator().checked_mul(100)?.checked_mul(i128::from(measure.per_unit))?;
        let whole = (scaled % self.denominator() == 0).then(|| scaled / self.denominator())?;
        i64::try_from(whole).ok().map(Amount)
    }

    /// Growth `value ÷ base − 1`; `None` for a base of zero, less, or none.
    pub fn growth(value: Amount, base: Amount) -> Option<Self> {
        Self::of(Amount(value.0 - base.0), base)
    }

    /// Parses a percentage as people write it, with or without `%`: `12.5`, `12.5%`.
    pub fn parse_percent(text: &str) -> Result<Self, NumberError> {
        let folded = crate::money::fold(text);
        let decimal = Decimal::parse(folded.strip_suffix('%').unwrap_or(&folded))?;
        if decimal.digits.abs() > 1_000_000 * 10_i128.pow(decimal.scale) || decimal.scale > 8 {
            return Err(NumberError::TooLarge(text.trim().to_owned()));
        }
        Ok(Self(Ratio::new(decimal.digits, 100 * 10_i128.pow(decimal.scale))))
    }

    /// Parses a share as written in a plan file: `0.184`, at most 8 decimals.
    pub fn parse_share(text: &str) -> Result<Self, NumberError> {
        let decimal = Decimal::parse(text)?;
        if decimal.scale > 8 || decimal.digits.abs() > 1_000_000 * 10_i128.pow(decimal.scale) {
            return Err(NumberError::TooLarge(text.trim().to_owned()));
        }
        Ok(Self(Ratio::new(decimal.digits, 10_i128.pow(decimal.scale))))
    }

    pub fn minus(self, other: Rate) -> Rate {
        Rate(self.0 - other.0)
    }

    pub fn plus(self, other: Rate) -> Rate {
        Rate(self.0 + other.0)
    }

    pub fn times(self, numerator: i128, denominator: i128) -> Rate {
        Rate(self.0 * Ratio::new(numerator, denominator))
    }

    /// Of an exact sum in 元, the whole ones.
    pub fn floor(self) -> Amount {
        Amount(i64::try_from(self.numerator().div_euclid(self.denominator())).unwrap_or(Amount::LIMIT))
    }

    pub fn is_negative(self) -> bool {
        self.0 < Ratio::new_raw(0, 1)
    }

    pub fn is_positive(self) -> bool {
        self > Rate::ZERO
    }

    pub fn abs(self) -> Rate {
        if self.is_negative() { Rate(-self.0) } else { self }
    }

    /// As a percentage with `digits` decimals, half away from zero, `-` for minus: `12.0`.
    pub fn percent(self, digits: u32) -> String {
        print_scaled(round_to(*self.0.numer(), *self.0.denom(), digits + 2), digits)
    }

    /// As a percentage with as many decimals as it has, at most 8: a target as it was written.
    pub fn percent_as_written(self) -> String {
        let text = self.percent(8);
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    }

    /// As a percentage on a page, with more digits than `digits` while the rounded figure stands on another side of
    /// `threshold` than the exact one.
    pub fn percent_beside(self, threshold: Rate, digits: u32) -> String {
        let digits = (digits..=8).find(|&digits| self.stays_beside(threshold, digits)).unwrap_or(8);
        self.percent_on_page(digits)
    }

    /// [`Rate::percent`] for a page: U+2212 for minus.
    pub fn percent_on_page(self, digits: u32) -> String {
        self.percent(digits).replace('-', "−")
    }

    /// The same with its sign of percent: `−3.5%`.
    pub fn in_percent(self, digits: u32) -> String {
        format!("{}%", self.percent_on_page(digits))
    }

    /// The percentage rounded to `digits` decimals as an exact rate again: for rules that compare printed figures.
    pub fn rounded(self, digits: u32) -> Rate {
        Rate(Ratio::new(self.in_last_places(digits), 100 * 10_i128.pow(digits)))
    }

    /// The percentage rounded to `digits` decimals, counted in its last place: 3.46% to one decimal is 35. Of two that
    /// print alike it is the same number.
    pub fn in_last_places(self, digits: u32) -> i128 {
        round_to(*self.0.numer(), *self.0.denom(), digits + 2)
    }

    /// Whether the percentage rounded to `digits` decimals stands on the same side of `threshold` as the exact one.
    pub fn stays_beside(self, threshold: Rate, digits: u32) -> bool {
        self.cmp_rounded(digits, threshold) == self.cmp(&threshold)
    }

    /// How the percentage rounded to `digits` decimals stands to another rate.
    pub fn cmp_rounded(self, digits: u32, other: Rate) -> Ordering {
        // Compared only, it need not be in lowest terms.
        Rate(Ratio::new_raw(self.in_last_places(digits), 100 * 10_i128.pow(digits))).cmp(&other)
    }

    /// Reads what [`Rate::exact`] writes.
    pub fn parse_exact(text: &str) -> Option<Self> {
        let (numerator, denominator) = text.split_once('/')?;
        Self::new(numerator.parse().ok()?, denominator.parse().ok()?)
    }

    /// `"num/den"` in lowest terms.
    pub fn exact(self) -> String {
        format!("{}/{}", self.0.numer(), self.0.denom())
    }

    /// The same for a page: U+2212 for minus.
    pub fn exact_on_page(self) -> String {
        self.exact().replace('-', "−")
    }

    pub fn numerator(self) -> i128 {
        *self.0.numer()
    }

    pub fn denominator(self) -> i128 {
        *self.0.denom()
    }

    pub fn to_big(self) -> BigRational {
        BigRational::new(BigInt::from(*self.0.numer()), BigInt::from(*self.0.denom()))
    }
}

// By cross-multiplication where the products fit, else in `Ratio`'s own order: it compares by continued fractions, so
// that no product can overflow. Denominators are positive.
impl PartialOrd for Rate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Rate {
    fn cmp(&self, other: &Self) -> Ordering {
        let left = self.0.numer().checked_mul(*other.0.denom());
        let right = other.0.numer().checked_mul(*self.0.denom());
        left.zip(right).map_or_else(|| self.0.cmp(&other.0), |(left, right)| left.cmp(&right))
    }
}

impl Serialize for Rate {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.exact())
    }
}

impl<'de> Deserialize<'de> for Rate {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Rate::parse_exact(&text).ok_or_else(|| serde::de::Error::custom("not a fraction num/den"))
    }
}

/// A sum of fractions with unlike denominators, printed: a decimal when it ends, else `num/den`.
pub fn big_plain(value: &BigRational) -> String {
    let (numerator, denominator) = (value.numer(), value.denom());
    let mut scale = BigInt::from(1);
    for digits in 0..=12_usize {
        let scaled: BigInt = numerator * &scale;
        if (&scaled % denominator) == BigInt::from(0) {
            return decimal_text(&(scaled / denominator), digits);
        }
        scale *= 10;
    }
    format!("{numerator}/{denominator}")
}

/// Rounded half away from zero to `digits` decimals.
pub fn big_round(value: &BigRational, digits: u32) -> String {
    let scale = BigInt::from(10).pow(digits);
    let scaled = value * BigRational::from_integer(scale);
    decimal_text(&scaled.round().to_integer(), digits as usize)
}

/// A share as a percentage with `digits` decimals, half away from zero.
pub fn big_percent(share: &BigRational, digits: u32) -> String {
    big_round(&(share * BigRational::from_integer(BigInt::from(100))), digits)
}

/// [`big_percent`] with more digits than one while the rounded share stands on another side of `threshold` than the
/// exact one.
pub fn big_percent_beside(share: &BigRational, threshold: &BigRational) -> String {
    let side = |digits: u32| {
        let scale = BigRational::from_integer(BigInt::from(10).pow(digits + 2));
        ((share * &scale).round() / scale).cmp(threshold)
    };
    big_percent(share, (1..=18).find(|&digits| side(digits) == share.cmp(threshold)).unwrap_or(18))
}

fn decimal_text(scaled: &BigInt, digits: usize) -> String {
    let sign = if scaled.is_negative() { "-" } else { "" };
    let text = format!("{:0>width$}", scaled.abs().to_string(), width = digits + 1);
    let (whole, fraction) = text.split_at(text.len() - digits);
    if digits == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
}

/// In JSON a big fraction is `"num/den"`; for use with `#[serde(with)]`.
pub mod optional_big {
    use num_rational::BigRational;
    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(value: &Option<BigRational>, serializer: S) -> Result<S::Ok, S::Error> {
        match value {
            Some(value) => super::big::serialize(value, serializer),
            None => serializer.serialize_none(),
        }
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<BigRational>, D::Error> {
        let text: Option<String> = Option::deserialize(deserializer)?;
        text.map(|text| text.parse().map_err(serde::de::Error::custom)).transpose()
    }
}

/// The same for a fraction that is always there.
pub mod big {
    use num_rational::BigRational;
    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(value: &BigRational, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&format!("{}/{}", value.numer(), value.denom()))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BigRational, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn percentages_round_half_away_from_zero() {
        let check = |text: &str, digits: u32, printed: &str| {
            assert_eq!(Rate::parse_percent(text).unwrap().percent(digits), printed, "{text}");
        };
        check("12", 1, "12.0");
        check("12.25", 1, "12.3");
        check("-12.25", 1, "-12.3");
        check("-0.04", 1, "0.0");
        check("１２．５％", 1, "12.5");
        assert_eq!(Rate::parse_percent("12").unwrap().exact(), "3/25");
    }

    #[test]
    fn a_base_of_zero_or_less_gives_no_growth() {
        assert_eq!(Rate::growth(Amount(5), Amount(0)), None);
        assert_eq!(Rate::growth(Amount(5), Amount(-5)), None);
        assert_eq!(Rate::growth(Amount(4), Amount(5)).unwrap().exact(), "-1/5");
    }

    proptest! {
        /// Also where the products do not fit.
        #[test]
        fn the_order_is_that_of_the_exact_fractions(
            numbers in (any::<i128>(), 1..=i128::MAX, any::<i128>(), 1..=i128::MAX),
            shift in (0..127_u32, 0..127_u32),
        ) {
            let rate = |numerator: i128, denominator: i128, shift: u32| Rate::new(numerator >> shift, (denominator >> shift).max(1));
            let (one, other) = (rate(numbers.0, numbers.1, shift.0).unwrap(), rate(numbers.2, numbers.3, shift.1).unwrap());
            prop_assert_eq!(one.cmp(&other), one.to_big().cmp(&other.to_big()));
            prop_assert_eq!(one.cmp(&one), Ordering::Equal);
        }

        #[test]
        fn a_rounded_rate_is_compared_as_the_rate_it_rounds_to(
            (numerator, denominator) in (-1_000_000_i128..1_000_000, 1..1_000_000_i128),
            side in -200..200_i128,
            digits in 0..8_u32,
        ) {
            let (rate, side) = (Rate::new(numerator, denominator).unwrap(), Rate::new(side, 100).unwrap());
            prop_assert_eq!(rate.cmp_rounded(digits, side), rate.rounded(digits).cmp(&side));
            let same = rate.rounded(digits) == side.rounded(digits);
            prop_assert_eq!(rate.in_last_places(digits) == side.in_last_places(digits), same);
        }
    }

    #[test]
    fn unending_decimals_are_printed_as_fractions() {
        let third = BigRational::new(1.into(), 30.into());
        assert_eq!(big_plain(&third), "1/30");
        assert_eq!(big_plain(&BigRational::new((-1).into(), 4.into())), "-0.25");
        assert_eq!(big_plain(&BigRational::new(2.into(), 10.into())), "0.2");
        assert_eq!(big_round(&BigRational::new(99913.into(), 100.into()), 2), "999.13");
    }
}
