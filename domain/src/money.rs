//! Exact quantities and the one parser for numbers that people write.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::ToPrimitive;
use serde::{Deserialize, Serialize};

/// A quantity of a goal: whole 元 for an amount, whole pieces for a count, millionths of the unit otherwise.
///
/// The [`Measure`] of the goal says which; two amounts of one goal are always in the same smallest unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Amount(pub i64);

impl Amount {
    /// No figure in this field is larger: 1000 万亿元. Keeps every product of two amounts inside `i128`.
    pub const LIMIT: i64 = 1_000_000_000_000_000;
}

// In JSON an amount is a string: readers in other languages keep every digit.
impl Serialize for Amount {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.to_string())
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map(Amount).map_err(serde::de::Error::custom)
    }
}

/// A decimal number as written: `digits × 10^-scale`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decimal {
    pub digits: i128,
    pub scale: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    #[error("“{0}”不是数字，请只写数字、小数点和负号，例如 1234.50")]
    NotANumber(String),
    #[error("“{0}”的千位分隔符位置不对，请写成 1,234.50 或 1234.50")]
    Grouping(String),
    #[error("“{text}”的小数太多，最小到 1 {smallest}，请至多写 {digits} 位小数")]
    TooPrecise { text: String, smallest: &'static str, digits: u32 },
    #[error("“{0}”有小数，请写整数")]
    NotWhole(String),
    #[error("“{0}”过大，请核对单位")]
    TooLarge(String),
    #[error("“{0}”的小数太多，请至多写 12 位小数")]
    TooManyDecimals(String),
}

/// Full-width digits and punctuation as ASCII, the Unicode minus as `-`, outer blanks removed.
pub fn fold(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
            '\u{3000}' | '\u{A0}' => ' ',
            '−' => '-',
            _ => c,
        })
        .collect::<String>()
        .trim()
        .to_owned()
}

/// True for the marks that stand for “no figure”: blank, `/`, `—`.
pub fn is_blank(text: &str) -> bool {
    matches!(fold(text).as_str(), "" | "/" | "—" | "——" | "-" | "--")
}

/// Marks that nobody sees, as copied text has them.
pub fn is_unseen(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

impl Decimal {
    /// Accepts full-width digits, a leading sign and correct thousands separators; at most 18 digits
    /// before and 12 after the point.
    pub fn parse(text: &str) -> Result<Self, NumberError> {
        let folded = fold(text);
        let not_a_number = || NumberError::NotANumber(text.trim().to_owned());
        let (negative, unsigned) = match folded.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, folded.strip_prefix('+').unwrap_or(&folded)),
        };
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        if (whole.is_empty() && fraction.is_empty()) || unsigned.ends_with('.') {
            return Err(not_a_number());
        }
        if !whole.chars().all(|c| c.is_ascii_digit() || c == ',') || !fraction.chars().all(|c| c.is_ascii_digit()) {
            return Err(not_a_number());
        }
        let groups: Vec<&str> = whole.split(',').collect();
        let well_grouped = groups.len() == 1
            || ((1..=3).contains(&groups[0].len()) && groups[1..].iter().all(|group| group.len() == 3));
        if !well_grouped {
            return Err(NumberError::Grouping(text.trim().to_owned()));
        }
        let fraction = fraction.trim_end_matches('0');
        let whole = groups.concat();
        if whole.trim_start_matches('0').len() > 18 {
            return Err(NumberError::TooLarge(text.trim().to_owned()));
        }
        if fraction.len() > 12 {
            return Err(NumberError::TooManyDecimals(text.trim().to_owned()));
        }
        let digits: i128 = format!("0{whole}{fraction}").parse().map_err(|_| not_a_number())?;
        Ok(Self { digits: if negative { -digits } else { digits }, scale: fraction.len() as u32 })
    }
}

/// How the figures of one goal are counted and printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measure {
    /// As printed: 亿元, 万元, 元, 项, 家, %, 吨标准煤/万元 …
    pub unit: String,
    /// Smallest units in one printed unit: 100 000 000 for 亿元, 1 for 项, 1 000 000 for ratios.
    pub per_unit: i64,
    /// Whether the smallest unit is 元.
    pub money: bool,
}

impl Measure {
    /// The measure of an amount of money; `None` when the unit is not one of money.
    pub fn money(unit: &str) -> Option<Self> {
        let per_unit = match unit {
            "亿元" => return Some(Self::yi_yuan()),
            "万元" => return Some(Self::wan_yuan()),
            "元" => 1,
            _ => return None,
        };
        Some(Self { unit: unit.to_owned(), per_unit, money: true })
    }

    pub fn yi_yuan() -> Self {
        Self { unit: "亿元".to_owned(), per_unit: 100_000_000, money: true }
    }

    pub fn wan_yuan() -> Self {
        Self { unit: "万元".to_owned(), per_unit: 10_000, money: true }
    }

    pub fn count(unit: &str) -> Self {
        Self { unit: unit.to_owned(), per_unit: 1, money: false }
    }

    pub fn ratio(unit: &str) -> Self {
        Self { unit: unit.to_owned(), per_unit: 1_000_000, money: false }
    }

    /// A level, a rate or a growth, which may be negative: nothing that is counted.
    pub fn is_ratio(&self) -> bool {
        !self.money && self.per_unit == 1_000_000
    }

    /// A difference of two figures is one of 个百分点.
    pub fn is_percentage(&self) -> bool {
        self.is_ratio() && self.unit == "%"
    }

    /// Parses a figure written in this measure's unit.
    pub fn parse(&self, text: &str) -> Result<Amount, NumberError> {
        let decimal = Decimal::parse(text)?;
        let text = || text.trim().to_owned();
        let scale = 10_i128.pow(decimal.scale);
        let scaled = decimal.digits * i128::from(self.per_unit);
        if scaled % scale != 0 {
            if self.per_unit == 1 {
                return Err(NumberError::NotWhole(text()));
            }
            let smallest = if self.money { "元" } else { "个最小单位" };
            return Err(NumberError::TooPrecise { text: text(), smallest, digits: self.per_unit.ilog10() });
        }
        match i64::try_from(scaled / scale) {
            Ok(value) if value.abs() <= Amount::LIMIT => Ok(Amount(value)),
            _ => Err(NumberError::TooLarge(text())),
        }
    }

    /// Decimals printed on pages: 2 for 亿元, 0 for 万元, 元 and counts, as many as needed for ratios.
    pub fn decimals(&self) -> Option<u32> {
        match (self.money, self.per_unit) {
            (true, 100_000_000) => Some(2),
            (true, _) | (false, 1) => Some(0),
            _ => None,
        }
    }

    /// As printed on pages, without the unit; minus is U+2212. 亿元 without, 万元 and 元 with thousands commas.
    pub fn format(&self, amount: Amount) -> String {
        match self.decimals() {
            Some(digits) => self.format_to(amount, digits),
            None => self.plain(amount).replace('-', "−"),
        }
    }

    /// The same with so many decimals.
    pub fn format_to(&self, amount: Amount, digits: u32) -> String {
        let plain = round_decimal(i128::from(amount.0), i128::from(self.per_unit), digits);
        let grouped = if self.money && self.per_unit < 100_000_000 { group_thousands(&plain) } else { plain };
        grouped.replace('-', "−")
    }

    /// The decimals of a column of these amounts: the usual ones, or the most that any of them has; `None` for none.
    pub fn digits_for(&self, amounts: &[Amount]) -> Option<u32> {
        let has =
            |amount: &Amount| self.plain(*amount).split_once('.').map_or(0, |(_, decimals)| decimals.len() as u32);
        self.decimals().filter(|_| !amounts.is_empty()).or_else(|| amounts.iter().map(has).max())
    }

    /// The least printed figure that is not below the amount: what is needed, rounded up.
    pub fn round_up(&self, amount: Amount) -> Amount {
        let step = match self.decimals() {
            Some(digits) => (self.per_unit / 10_i64.pow(digits)).max(1),
            None => 1,
        };
        Amount((amount.0 + step - 1).div_euclid(step) * step)
    }

    /// The same, but never zero for what is not zero: then all digits are printed.
    pub fn format_visible(&self, amount: Amount) -> String {
        let printed = self.format(amount);
        let hidden = amount.0 != 0 && printed.chars().all(|c| matches!(c, '0' | '.'));
        if hidden { self.plain(amount).replace('-', "−") } else { printed }
    }

    /// The same with the unit behind it.
    pub fn with_unit(&self, amount: Amount) -> String {
        format!("{}{}", self.format(amount), self.unit)
    }

    /// The same, but never zero for what is not zero.
    pub fn visible_with_unit(&self, amount: Amount) -> String {
        format!("{}{}", self.format_visible(amount), self.unit)
    }

    /// A difference of two figures with its unit: of percentages 个百分点.
    pub fn difference(&self, amount: Amount) -> String {
        match self.is_percentage() {
            true => format!("{}个百分点", self.format(amount)),
            false => self.visible_with_unit(amount),
        }
    }

    /// The exact figure in the unit, without trailing zeros: `193.5`, `0.508`.
    pub fn plain(&self, amount: Amount) -> String {
        let digits = self.per_unit.ilog10();
        let text = round_decimal(i128::from(amount.0), i128::from(self.per_unit), digits);
        match text.contains('.') {
            true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
            false => text,
        }
    }

    /// The exact figure as pages print it: with its usual decimals, and more where it has more: `280.90`, `0.508`.
    pub fn in_full(&self, amount: Amount) -> String {
        let printed = self.format(amount);
        let step = self.decimals().map_or(1, |digits| (self.per_unit / 10_i64.pow(digits)).max(1));
        if amount.0 % step == 0 { printed } else { self.plain(amount).replace('-', "−") }
    }

    /// The exact figure for a page: 元 with thousands commas, the plain number otherwise; minus is U+2212.
    pub fn exact_on_page(&self, amount: Amount) -> String {
        let plain = self.exact(amount);
        let grouped = if self.money { group_thousands(&plain) } else { plain };
        grouped.replace('-', "−")
    }

    /// For programs: 元 for money, the plain number otherwise.
    pub fn exact(&self, amount: Amount) -> String {
        if self.money { amount.0.to_string() } else { self.plain(amount) }
    }
}

impl std::iter::Sum for Amount {
    fn sum<I: Iterator<Item = Amount>>(iter: I) -> Amount {
        Amount(iter.map(|amount| amount.0).sum())
    }
}

/// `numerator / denominator` with `digits` decimals, half away from zero; a rounded zero has no sign.
///
/// `denominator` must be positive.
pub fn round_decimal(numerator: i128, denominator: i128, digits: u32) -> String {
    print_scaled(round_to(numerator, denominator, digits), digits)
}

/// `rounded × 10^-digits` as a decimal text.
pub fn print_scaled(rounded: i128, digits: u32) -> String {
    let sign = if rounded < 0 { "-" } else { "" };
    let scale = 10_u128.pow(digits);
    let (whole, fraction) = (rounded.unsigned_abs() / scale, rounded.unsigned_abs() % scale);
    if digits == 0 {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{fraction:0width$}", width = digits as usize)
    }
}

/// `numerator / denominator × 10^digits`, rounded half away from zero.
pub fn round_to(numerator: i128, denominator: i128, digits: u32) -> i128 {
    let Some(scaled) = numerator.checked_mul(10_i128.pow(digits)).filter(|_| denominator < i128::MAX / 2) else {
        return round_big(numerator, denominator, digits);
    };
    let (quotient, remainder) = (scaled / denominator, scaled % denominator);
    let up = remainder.abs() * 2 >= denominator;
    if up { quotient + scaled.signum() } else { quotient }
}

/// The same where the product does not fit: the fraction of two long fractions.
fn round_big(numerator: i128, denominator: i128, digits: u32) -> i128 {
    let scaled = BigRational::new(BigInt::from(numerator) * BigInt::from(10).pow(digits), BigInt::from(denominator));
    scaled.round().to_integer().to_i128().unwrap_or(if numerator < 0 { i128::MIN } else { i128::MAX })
}

fn group_thousands(plain: &str) -> String {
    let (sign, digits) = plain.strip_prefix('-').map_or(("", plain), |rest| ("-", rest));
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(w, f)| (w, Some(f)));
    let mut grouped = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    match fraction {
        Some(fraction) => format!("{sign}{grouped}.{fraction}"),
        None => format!("{sign}{grouped}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(unit: &str, text: &str, expected: Result<i64, &str>) {
        let measure = Measure::money(unit).unwrap();
        match (measure.parse(text), expected) {
            (Ok(amount), Ok(yuan)) => assert_eq!(amount.0, yuan, "{text} {unit}"),
            (Err(error), Err(part)) => assert!(error.to_string().contains(part), "{text}: {error}"),
            (result, _) => panic!("{text} {unit}: {result:?}, expected {expected:?}"),
        }
    }

    #[test]
    fn numbers_as_people_write_them() {
        check("亿元", "1120", Ok(112_000_000_000));
        check("亿元", "193.5", Ok(19_350_000_000));
        check("亿元", "1,234.50", Ok(123_450_000_000));
        check("万元", "８０００１．５", Ok(800_015_000));
        check("亿元", " −0.35 ", Ok(-35_000_000));
        check("亿元", "0.00000001", Ok(1));
        check("亿元", "0.000000001", Err("至多写 8 位小数"));
        check("亿元", "12,34.5", Err("千位分隔符"));
        check("亿元", "12.3亿", Err("不是数字"));
        check("亿元", "一百", Err("不是数字"));
        check("亿元", "1e5", Err("不是数字"));
        check("亿元", ".", Err("不是数字"));
        check("亿元", "99999999999", Err("过大"));
    }

    #[test]
    fn printed_half_up_without_a_negative_zero() {
        let yi = Measure::money("亿元").unwrap();
        assert_eq!(yi.format(Amount(500_000)), "0.01");
        assert_eq!(yi.format(Amount(-500_000)), "−0.01");
        assert_eq!(yi.format(Amount(-499_999)), "0.00");
        assert_eq!(yi.format(Amount(112_100_000_000)), "1121.00");
        let wan = Measure::money("万元").unwrap();
        assert_eq!(wan.format(Amount(12_345_678_000)), "1,234,568");
        assert_eq!(Measure::ratio("吨标准煤/万元").format(Amount(508_000)), "0.508");
    }

    proptest! {
        #[test]
        fn what_is_printed_exactly_reads_back(yuan in -Amount::LIMIT..=Amount::LIMIT) {
            for unit in ["亿元", "万元", "元"] {
                let measure = Measure::money(unit).unwrap();
                prop_assert_eq!(measure.parse(&measure.plain(Amount(yuan))).unwrap(), Amount(yuan));
            }
        }

        #[test]
        fn no_text_makes_the_parser_panic(text in "\\PC{0,40}") {
            let _ = Decimal::parse(&text);
            let _ = Measure::money("亿元").unwrap().parse(&text);
        }
    }
}
