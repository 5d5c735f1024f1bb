//! Bytes → text: UTF-8 with or without BOM, or GB18030, told apart; anything else gets a sentence. Text → XML and HTML.

use domain::Problem;

/// Decodes a text file, or says what kind of file it is instead and what to do.
pub fn decode(bytes: &[u8]) -> Result<String, Problem> {
    let wrong = |message: &str| Err(Problem::new(0, message));
    if bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        return wrong("这是旧版工作簿（xls 或 et）；请在 Excel 或 WPS 中“另存为”xlsx 或 CSV 文件后再用");
    }
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return wrong("这是 UTF-16 文本，请另存为“CSV UTF-8”后再导入");
    }
    if bytes.contains(&0) {
        return wrong("这不是文本文件，请提供 CSV 文件");
    }
    let body = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if let Ok(text) = std::str::from_utf8(body) {
        return Ok(unix_lines(text));
    }
    let (text, malformed) = encoding_rs::GB18030.decode_without_bom_handling(body);
    if malformed {
        return wrong("文件既不是 UTF-8 也不是 GB18030 文本，请另存为“CSV UTF-8”后再导入");
    }
    Ok(unix_lines(&text))
}

/// Windows' line ends as `\n`, so that lines are counted as an editor counts them.
fn unix_lines(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// Text as it stands in XML and HTML, in attributes too.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
