//! Codes that can be checked without asking anybody: of firms and of projects.

/// The characters of GB 32100-2015, in the order of their values.
const CREDIT: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";

/// A 统一社会信用代码 as it is kept: capitals, without blanks.
///
/// # Errors
/// As a sentence where it has another length, another character or another check digit (GB 32100-2015, 4.6).
///
/// ```
/// use domain::projects::codes::credit_code;
///
/// assert_eq!(credit_code("91350100M000100Y43").as_deref(), Ok("91350100M000100Y43"));
/// assert!(credit_code("91350100M000100Y44").is_err_and(|why| why.contains("校验码")));
/// ```
pub fn credit_code(written: &str) -> Result<String, String> {
    let code: String = crate::money::fold(written).chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    let code = code.to_ascii_uppercase();
    let length = code.chars().count();
    if length != 18 {
        return Err(format!("统一社会信用代码应为18位，这里是{length}位，请照营业执照填写"));
    }
    let value = |c: char| CREDIT.chars().position(|known| known == c);
    if let Some(other) = code.chars().find(|c| value(*c).is_none()) {
        return Err(format!("统一社会信用代码里不会有“{other}”（不用 I、O、S、V、Z），请照营业执照填写"));
    }
    let values: Vec<usize> = code.chars().filter_map(value).collect();
    let weights = std::iter::successors(Some(1_usize), |weight| Some(weight * 3 % 31));
    let sum: usize = values.iter().take(17).zip(weights).map(|(value, weight)| value * weight).sum();
    match values.last() == Some(&((31 - sum % 31) % 31)) {
        true => Ok(code),
        false => Err(format!("统一社会信用代码 {code} 的校验码（最后一位）对不上，请核对有没有抄错一位")),
    }
}

/// A 项目代码 of GB/T 40058-2021 as it is kept, `2108-350181-04-02-123458`; the older form, whose year has four digits
/// and whose first part is that year, likewise.
///
/// # Errors
/// As a sentence: what of its parts is none, and for codes given since the standard is in force (August 2021) that the
/// check digit (4.7) is another. It is that of ISO 7064, MOD 11,10 (GB/T 17710-2008), over the nineteen digits before it:
/// so found from published codes, the clause itself not being at hand; codes of before have one of their own.
pub fn project_code(written: &str) -> Result<String, String> {
    let code: String = crate::money::fold(written).chars().filter(|c| !c.is_whitespace()).collect();
    let digits: String = code.chars().filter(|c| !matches!(c, '-' | '—' | '–' | '－')).collect();
    let example = "例如 2108-350181-04-02-123458";
    if digits.len() != 20 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        let found = digits.chars().count();
        return Err(format!("项目代码应为20位数字，{example}；这里是{found}位，请照备案证填写"));
    }
    let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
    let (time, region) = (part(0, 4), part(4, 10));
    let month: u32 = part(2, 4).parse().unwrap_or_default();
    // Until 2020 the first part was the year itself.
    let is_year = matches!(time, "2015" | "2016" | "2017" | "2018" | "2019" | "2020");
    if !is_year && !(1..=12).contains(&month) {
        return Err(format!("项目代码的前四位 {time} 应为年份和月份，{example}，请照备案证填写"));
    }
    let province: u32 = region.get(..2).unwrap_or_default().parse().unwrap_or_default();
    if !(11..=65).contains(&province) && province != 0 {
        return Err(format!("项目代码第二段 {region} 应为行政区划代码，{example}，请照备案证填写"));
    }
    let code = format!("{time}-{region}-{}-{}-{}", part(10, 12), part(12, 14), part(14, 20));
    let is_in_force = !is_year && time >= "2108";
    if is_in_force && check_digit(&digits[..19]) != digits.bytes().last() {
        return Err(format!("项目代码 {code} 的校验码（最后一位）对不上，请核对有没有抄错一位"));
    }
    Ok(code)
}

/// ISO 7064, MOD 11,10: the digit that follows these.
fn check_digit(digits: &str) -> Option<u8> {
    let mut product = 10;
    for digit in digits.bytes() {
        let sum = (product + u32::from(digit - b'0')) % 10;
        product = (if sum == 0 { 10 } else { sum }) * 2 % 11;
    }
    u8::try_from((11 - product) % 10).ok().map(|digit| digit + b'0')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Codes that approval authorities gave, from tenders published in six provinces.
    #[test]
    fn published_codes_hold_and_one_wrong_digit_does_not() {
        let published = [
            "2211-441900-04-02-310151",
            "2411-130202-89-01-637015",
            "2502-140109-89-01-287745",
            "2509-140602-89-05-864976",
            "2509-320193-89-01-544060",
            "2602-411102-04-04-398932",
            "2603-141124-89-05-346948",
        ];
        for code in published {
            assert_eq!(project_code(code).as_deref(), Ok(code));
            // Of the parts that nothing else bounds, every digit that is read wrongly is found.
            for at in [0, 1, 12, 14, 18, 19, 20, 21, 22, 23] {
                for other in '0'..='9' {
                    let mut wrong: Vec<char> = code.chars().collect();
                    if wrong[at] != '-' && wrong[at] != other {
                        wrong[at] = other;
                        let wrong: String = wrong.into_iter().collect();
                        let is_found = project_code(&wrong).is_err() || &wrong[..4] < "2108";
                        assert!(is_found, "{wrong}");
                    }
                }
            }
        }
        let told = project_code("2603-141124-89-05-346949").unwrap_err();
        assert!(told.contains("校验码"), "{told}");
        // Given before the standard was in force.
        for code in ["2020-330327-48-01-167360", "2020-451421-88-03-016343", "2104-350181-04-02-123456"] {
            assert_eq!(project_code(code).as_deref(), Ok(code));
        }
        assert_eq!(project_code("2602 411102 04 04 398932").as_deref(), Ok("2602-411102-04-04-398932"));
    }
}
