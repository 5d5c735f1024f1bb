//! Why a cell is no figure: a sentence about that cell, and what to write there.

use super::as_typed::{compact, quoted, says_growth};
use crate::money::NumberError;

/// The sentence for a cell in which an amount is looked for.
pub(super) fn not_an_amount(text: &str, error: &NumberError) -> String {
    let cell = quoted(text);
    match error {
        NumberError::NotANumber(_) => {}
        NumberError::Grouping(_) => {
            return format!("{cell}的千位分隔符位置不对；请核对是不是漏了数字，或去掉逗号重写");
        }
        NumberError::TooPrecise { smallest, digits, .. } => {
            return format!("{cell}的小数太多，最小到 1 {smallest}，请至多写 {digits} 位小数");
        }
        NumberError::NotWhole(_) => return format!("{cell}有小数，请写整数"),
        NumberError::TooLarge(_) => return format!("{cell}过大，请核对单位"),
        NumberError::TooManyDecimals(_) => return format!("{cell}的小数太多，请至多写 12 位小数"),
    }
    let folded = compact(text);
    match () {
        () if folded.contains("持平") => format!("{cell}只说与上年一样，没有写数；请写出数来"),
        () if folded.contains(['▲', '△']) => {
            format!("{cell}的三角有的表示增加、有的表示减少；请写成数，减少写负号")
        }
        () if says_growth(&folded) => format!("{cell}是增减，不是累计数；请写累计数，增幅另列一列"),
        () if folded.contains('%') => format!("{cell}是百分数，这一格要的是数；请核对列"),
        () => format!("{cell}{}", reason(&folded)),
    }
}

/// What is the matter with a cell in which any number is looked for; follows the quoted cell.
pub(super) fn reason(folded: &str) -> String {
    let has = |words: &[&str]| words.iter().any(|word| folded.contains(word));
    let digits = folded.chars().filter(char::is_ascii_digit).count();
    let numerals = |c: char| "零〇一二两三四五六七八九十百千万亿点元壹贰叁肆伍陆柒捌玖拾佰仟萬億圆整".contains(c);
    let between = |mark: char| {
        let mut parts = folded.split(mark);
        let digit = |part: Option<&str>| part.is_some_and(|part| part.starts_with(|c: char| c.is_ascii_digit()));
        digit(parts.next()) && digit(parts.next())
    };
    let say = |sentence: &str| sentence.to_owned();
    match () {
        () if folded.starts_with('#') => say("是公式算不出来的结果；请在表里改好公式再用"),
        () if folded.starts_with('=') => say("是公式，不是数；请写算出来的数"),
        () if has(&["未报", "未填", "暂无", "待报", "待定", "未统计", "不详", "保密", "缺", "N/A", "n/a"])
            || folded == "无" =>
        {
            say("没有写数；没有数请留空或写 /")
        }
        () if has(&["约", "左右", "余", "近", "超", "以上", "以下", "不足", ">", "<", "≥", "≤"]) => {
            say("不是准数；请写准确的数")
        }
        () if digits == 0 && folded.chars().all(numerals) => say("是用汉字写的数；请用阿拉伯数字写"),
        () if has(&["年", "月", "日"])
            || folded.split('-').filter(|part| part.len() == 2 || part.len() == 4).count() == 3 =>
        {
            say("像是日期，不是数；请核对这一格的格式")
        }
        () if ['-', '~', '至', '到', '/'].into_iter().any(between) => say("像是一个范围或两个数；请只写一个数"),
        () if digits > 0 && has(&["O", "o"]) => say("里有字母 O，是不是数字 0？请改正"),
        () if digits > 0 && has(&["l", "I"]) => say("里有字母 l，是不是数字 1？请改正"),
        () if digits > 0 && has(&["e", "E"]) => say("是科学记数法，位数可能已经丢了；请写完整的数"),
        () if folded.matches('.').count() > 1 => say("有几个小数点；请核对"),
        () if digits > 0 && has(&["千", "百", "十", "美元", "吨", "个", "项", "户", "家", "人", "元"]) => {
            say("带了别的单位；请换算成这一格的单位，只写数，例如 1.5千万元写成 1500万元")
        }
        () => say("不是数字；请核对这一格，没有数请留空或写 /"),
    }
}
