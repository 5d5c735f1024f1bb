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

/// A 项目代码 of GB/T 40058-2021 as it is kept, `2106-350181-04-02-123456`; the older form, whose year has four digits
/// and whose first part is that year, likewise.
///
/// # Errors
/// As a sentence: what of its parts is none. The digit by which the platform checks its own number is not recomputed:
/// the text of its clause 4.7 was not at hand.
pub fn project_code(written: &str) -> Result<String, String> {
    let code: String = crate::money::fold(written).chars().filter(|c| !c.is_whitespace()).collect();
    let digits: String = code.chars().filter(|c| !matches!(c, '-' | '—' | '–' | '－')).collect();
    let example = "例如 2106-350181-04-02-123456";
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
    Ok(format!("{time}-{region}-{}-{}-{}", part(10, 12), part(12, 14), part(14, 20)))
}
