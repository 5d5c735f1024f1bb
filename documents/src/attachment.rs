//! What a file is that somebody attaches, by its bytes and not by its name: one of five kinds that open without running
//! anything, whole, and nothing else besides.
//!
//! Threats: a program under another name, macros, a file that two programs take for two things, archives that unpack
//! without end, files that nobody but their writer can open.

use std::io::{Cursor, Read};

use domain::evidence::FileKind;
use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::events::Event;
use zip::ZipArchive;

/// Readers look so far for the sign of a PDF.
const HEAD: usize = 1024;
/// A part of a document that lists its parts is never so long.
const LONGEST_LIST: u64 = 1024 * 1024;
/// So many parts, and so many bytes of them unpacked, has an office's document at most.
const PARTS: usize = 10_000;
const UNPACKED: u64 = 400 * 1024 * 1024;

const PDF: &[u8] = b"%PDF-";
const ZIP: &[u8] = b"PK\x03\x04";
const CHUNKS: &[u8] = b"\x89PNG\r\n\x1a\n";
const COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// The kind of a file; otherwise what is wrong with it and what to do, without a full stop.
///
/// # Errors
/// The file is empty, of another kind, damaged, encrypted, has macros, or holds another file.
pub fn kind(bytes: &[u8]) -> Result<FileKind, String> {
    if bytes.is_empty() {
        return Err("还没有选择文件，或文件是空的；请选好文件再上传".to_owned());
    }
    let kind = match bytes {
        _ if bytes.starts_with(PDF) => pdf(bytes)?,
        _ if bytes.starts_with(b"\xff\xd8\xff") => jpeg(bytes)?,
        _ if bytes.starts_with(CHUNKS) => png(bytes)?,
        _ if bytes.starts_with(ZIP) => office_document(bytes)?,
        _ if bytes.starts_with(COMPOUND) => return Err(compound(bytes)),
        _ => return Err(another(bytes)),
    };
    // A reader of archives begins at the end of a file, one of PDF looks for its sign near the beginning.
    let is_document = matches!(kind, FileKind::Xlsx | FileKind::Docx);
    let is_archive = !is_document && (has_many_parts(bytes) || ZipArchive::new(Cursor::new(bytes)).is_ok());
    let is_pdf = kind != FileKind::Pdf && holds(&bytes[..bytes.len().min(HEAD)], PDF);
    if is_archive || is_pdf {
        return Err(two_in_one());
    }
    Ok(kind)
}

fn two_in_one() -> String {
    "文件里还夹着别的文件，没有收下；请用打开它的软件另存一份再上传".to_owned()
}

fn damaged(kind: FileKind) -> String {
    format!("这份 {} 不完整，可能没有传完或已损坏；请打开看一下，另存一份再上传", kind.name())
}

/// Whether an archive lists more parts than any document has: its reader takes memory for each of them at once.
fn has_many_parts(bytes: &[u8]) -> bool {
    bytes.windows(4).filter(|window| *window == b"PK\x01\x02").count() > PARTS
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// Without what may stand behind an end: line ends, blanks, zeros.
fn trimmed(mut bytes: &[u8]) -> &[u8] {
    while let [rest @ .., b'\r' | b'\n' | b' ' | b'\t' | 0] = bytes {
        bytes = rest;
    }
    bytes
}

/// ISO 32000-1, 7.5.5: a file ends with `%%EOF`; an encrypted one names its dictionary `/Encrypt` in a trailer, which
/// is never packed.
fn pdf(bytes: &[u8]) -> Result<FileKind, String> {
    const END: &[u8] = b"%%EOF";
    let body = trimmed(bytes);
    if !body.ends_with(END) {
        return Err(if holds(bytes, END) { two_in_one() } else { damaged(FileKind::Pdf) });
    }
    let is_encrypted = bytes
        .windows(9)
        .any(|window| window.starts_with(b"/Encrypt") && matches!(window[8], b' ' | b'\r' | b'\n' | b'\t' | b'<'));
    if is_encrypted {
        return Err("这份 PDF 加了密码或权限限制，别人打不开；请去掉密码，另存一份再上传".to_owned());
    }
    Ok(FileKind::Pdf)
}

/// ITU-T T.81, B.1.1.3: from SOI to EOI.
fn jpeg(bytes: &[u8]) -> Result<FileKind, String> {
    const END: &[u8] = b"\xff\xd9";
    match trimmed(bytes) {
        body if body.ends_with(END) => Ok(FileKind::Jpeg),
        body if holds(body, END) => {
            Err("图片后面还附着别的内容（例如动态照片），没有收下；请在手机或看图软件里另存为普通图片再上传".to_owned())
        }
        _ => Err(damaged(FileKind::Jpeg)),
    }
}

/// PNG (third edition), 5.3: chunks of length, type, data and checksum, the last of them `IEND`.
fn png(bytes: &[u8]) -> Result<FileKind, String> {
    let mut rest = &bytes[CHUNKS.len()..];
    loop {
        let [a, b, c, d, kind @ ..] = rest else { return Err(damaged(FileKind::Png)) };
        let length = u32::from_be_bytes([*a, *b, *c, *d]) as usize;
        let is_last = kind.starts_with(b"IEND");
        rest = kind.get(4 + length + 4..).ok_or_else(|| damaged(FileKind::Png))?;
        if is_last {
            return if trimmed(rest).is_empty() { Ok(FileKind::Png) } else { Err(two_in_one()) };
        }
    }
}

/// ECMA-376 part 2, 10.1.2: an archive whose `[Content_Types].xml` says what its parts are.
fn office_document(bytes: &[u8]) -> Result<FileKind, String> {
    let broken = |_| "这份文件打不开，可能没有传完或已损坏；请打开看一下，另存一份再上传".to_owned();
    if has_many_parts(bytes) {
        return Err(format!("文件里有 {PARTS} 个以上的部件，不像是普通的文档，没有收下"));
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    if archive.offset() > 0 || !archive.comment().is_empty() {
        return Err(two_in_one());
    }
    let (mut unpacked, mut has_macros) = (0_u64, false);
    for index in 0..archive.len() {
        let part = archive.by_index_raw(index).map_err(broken)?;
        if part.encrypted() {
            return Err("这个文件加了密码，别人打不开；请去掉密码，另存一份再上传".to_owned());
        }
        let name = part.enclosed_name().ok_or_else(two_in_one)?.to_string_lossy().to_lowercase();
        has_macros |= name.ends_with("vbaproject.bin") || name.contains("macrosheets/");
        unpacked = unpacked.saturating_add(part.size());
    }
    if unpacked > UNPACKED {
        return Err("文件解开后异常地大，没有收下；请确认选对了文件，或另存一份再上传".to_owned());
    }
    let mut list = String::new();
    let found = archive.by_name("[Content_Types].xml").ok();
    let read = found.and_then(|part| part.take(LONGEST_LIST).read_to_string(&mut list).ok());
    let types = read.and_then(|_| content_types(&list)).unwrap_or_default();
    if has_macros || types.iter().any(|kind| kind.contains("macroenabled") || kind.contains("vbaproject")) {
        return Err("文件里有宏，没有收下；请另存为不带宏的 xlsx 或 docx，或导出为 PDF 再上传".to_owned());
    }
    let is = |main: &str| types.iter().any(|kind| kind == &format!("{OFFICE}{main}.main+xml"));
    match (is("spreadsheetml.sheet"), is("wordprocessingml.document")) {
        (true, false) => Ok(FileKind::Xlsx),
        (false, true) => Ok(FileKind::Docx),
        _ => Err("这是压缩包，不是 xlsx 或 docx；请解压后逐份上传，其他文档请导出为 PDF".to_owned()),
    }
}

const OFFICE: &str = "application/vnd.openxmlformats-officedocument.";

/// Every type that a list of parts names, in small letters: types are compared so (RFC 2045, 5.1).
fn content_types(list: &str) -> Option<Vec<String>> {
    let mut reader = Reader::from_str(list);
    let mut types = Vec::new();
    loop {
        match reader.read_event().ok()? {
            Event::Start(element) | Event::Empty(element) => {
                for attribute in element.attributes() {
                    let attribute = attribute.ok()?;
                    if attribute.key.local_name().as_ref() == "ContentType" {
                        let value = attribute.normalized_value(XmlVersion::Implicit1_0).ok()?;
                        types.push(value.to_lowercase());
                    }
                }
            }
            // What a type stands for could be hidden behind names of its own.
            Event::DocType(_) => return None,
            Event::Eof => return Some(types),
            _ => {}
        }
    }
}

/// Old documents, and new ones with a password, are compound files (MS-CFB; MS-OFFCRYPTO, 2.3).
fn compound(bytes: &[u8]) -> String {
    let is_locked = cfb::CompoundFile::open(Cursor::new(bytes)).is_ok_and(|file| file.is_stream("EncryptedPackage"));
    match is_locked {
        true => "这个文件加了密码，别人打不开；请去掉密码，另存一份再上传".to_owned(),
        false => "这是旧版的 Word、Excel 或 WPS 文件；请另存为 docx 或 xlsx，或导出为 PDF 再上传".to_owned(),
    }
}

fn another(bytes: &[u8]) -> String {
    let (what, way) = match infer::get(bytes).map(|found| found.extension()) {
        Some("exe" | "dll" | "elf" | "msi" | "mach" | "class" | "dex" | "sh" | "wasm") => ("是程序", ""),
        Some("zip" | "rar" | "7z" | "gz" | "tar" | "xz" | "bz2") => ("是压缩包", "；请解压后逐份上传"),
        Some("heif" | "avif") => ("是手机的 HEIC 照片", "；请转成 JPG 再上传"),
        Some("gif" | "webp" | "bmp" | "tif" | "psd" | "jxr" | "jp2") => {
            ("是别的格式的图片", "；请另存为 JPG 或 PNG 再上传")
        }
        Some("mp4" | "m4v" | "mov" | "avi" | "mkv" | "webm" | "mp3" | "m4a" | "wav") => ("是音像文件", ""),
        Some("html") => ("是网页", "；请打印成 PDF 再上传"),
        _ => ("", "；请另存为其中一种再上传"),
    };
    let what = if what.is_empty() { String::new() } else { format!("{what}，") };
    format!("文件按内容看{what}不是 PDF、JPG、PNG、XLSX、DOCX 中的一种（改文件名没有用），没有收下{way}")
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    const SHEET: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml";
    const TEXT: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";
    const WITH_MACROS: &str = "application/vnd.ms-excel.sheet.macroEnabled.main+xml";

    fn archive(parts: &[(&str, &str)]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in parts {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(text.as_bytes()).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn document(main: &str, beside: &[(&str, &str)]) -> Vec<u8> {
        let list = format!("<Types><Override PartName=\"/main.xml\" ContentType=\"{main}\"/></Types>");
        archive(&[&[("[Content_Types].xml", list.as_str()), ("main.xml", "<a/>")], beside].concat())
    }

    fn picture() -> Vec<u8> {
        let mut png = CHUNKS.to_vec();
        for (kind, data) in [(b"IHDR", &[0; 13][..]), (b"IDAT", &[1, 2, 3]), (b"IEND", &[])] {
            png.extend((data.len() as u32).to_be_bytes());
            png.extend(kind);
            png.extend(data);
            png.extend([0; 4]);
        }
        png
    }

    const PAPER: &[u8] = b"%PDF-1.7\n1 0 obj <</Type/Catalog>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n";
    const PHOTO: &[u8] = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00 some light \xff\xd9";

    #[test]
    fn each_kind_is_known_by_its_bytes() {
        for (bytes, found) in [
            (PAPER.to_vec(), FileKind::Pdf),
            (PHOTO.to_vec(), FileKind::Jpeg),
            (picture(), FileKind::Png),
            (document(SHEET, &[]), FileKind::Xlsx),
            (document(TEXT, &[("word/media/a.png", "x")]), FileKind::Docx),
        ] {
            assert_eq!(kind(&bytes), Ok(found));
        }
    }

    #[test]
    fn whatever_else_it_is_the_sentence_says_so() {
        let joined = |parts: &[&[u8]]| parts.concat();
        let list = format!("<!DOCTYPE a [<!ENTITY m 'x'>]><Types><Override ContentType=\"{SHEET}\"/></Types>");
        let hidden = "application/vnd.ms-excel.sheet.macro&#69;nabled.main+xml";
        let mut locked = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
        locked.create_stream("EncryptedPackage").unwrap();
        let locked = locked.into_inner().into_inner();
        let old = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap().into_inner().into_inner();
        let cut = document(SHEET, &[]);
        for (bytes, says) in [
            (Vec::new(), "文件是空的"),
            (b"MZ\x90\x00\x03 This program cannot be run in DOS mode".to_vec(), "是程序"),
            (b"#!/bin/sh\nrm -rf /".to_vec(), "是程序"),
            (b"GIF89a...".to_vec(), "另存为 JPG 或 PNG"),
            (b"<!DOCTYPE html><script>alert(1)</script>".to_vec(), "是网页"),
            ("本期累计,12".as_bytes().to_vec(), "不是 PDF、JPG、PNG、XLSX、DOCX"),
            (archive(&[("a.pdf", "x")]), "这是压缩包"),
            (document(WITH_MACROS, &[]), "有宏"),
            (document(hidden, &[]), "有宏"),
            (document(SHEET, &[("xl/vbaProject.bin", "x")]), "有宏"),
            (document(SHEET, &[("xl/macrosheets/sheet1.xml", "x")]), "有宏"),
            (archive(&[("[Content_Types].xml", list.as_str())]), "这是压缩包"),
            (document(SHEET, &[("../../evil", "x")]), "夹着别的文件"),
            (joined(&[b"PK\x03\x04 nonsense"]), "打不开"),
            (cut[..cut.len() - 30].to_vec(), "打不开"),
            (locked, "加了密码"),
            (old, "旧版"),
            (PAPER.strip_suffix(b"%%EOF\n").unwrap().to_vec(), "不完整"),
            (joined(&[b"%PDF-1.7\ntrailer <</Encrypt 5 0 R>>\n%%EOF"]), "加了密码"),
            (joined(&[PAPER, &document(SHEET, &[])]), "夹着别的文件"),
            (joined(&[&PHOTO[..4], b"%PDF-1.4", &PHOTO[4..]]), "夹着别的文件"),
            (joined(&[PHOTO, b"ftypmp42 moving picture"]), "动态照片"),
            (PHOTO[..12].to_vec(), "不完整"),
            (joined(&[&picture(), b"MZ\x90"]), "夹着别的文件"),
            (joined(&[b"PK\x03\x04", &b"PK\x01\x02 a part of many".repeat(PARTS + 1)]), "10000 个以上的部件"),
            (joined(&[&PHOTO[..4], &b"PK\x01\x02".repeat(PARTS + 1), &PHOTO[4..]]), "夹着别的文件"),
            (picture()[..30].to_vec(), "不完整"),
        ] {
            let sentence = kind(&bytes).unwrap_err();
            assert!(sentence.contains(says), "{says}: {sentence}");
            assert!(!sentence.ends_with('。'), "{sentence}");
        }
        // An archive whose end stands in a comment of the picture's own.
        let inside = joined(&[&PHOTO[..4], &archive(&[("a", "x")]), &PHOTO[PHOTO.len() - 2..]]);
        assert!(kind(&inside).unwrap_err().contains("夹着别的文件"));
    }
}
