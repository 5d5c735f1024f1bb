//! Import circles among the files of a crate: who is above whom must be answerable for any two files.
//!
//! A file imports another where a path of it leads there: `use crate::a::B`, `super::b()`, `child::c()`. A façade
//! imports nothing by `mod child;` and `pub use child::Name`, unless it uses that name itself; who imports the name
//! from the façade imports the child. Modules of tests are left out.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Crates that are looked at, each with the circles it still has, as their files in order: no new one joins the list.
const CRATES: [(&str, &[&[&str]]); 8] = [
    ("domain", &[]),
    (
        "documents",
        &[
            &["office_table/doubts.rs", "office_table/heads.rs", "office_table/lines.rs", "office_table/mod.rs"],
            &["office_table/split/guess.rs", "office_table/split/lines.rs", "office_table/split/mod.rs"],
        ],
    ),
    ("office", &[]),
    ("store", &[]),
    ("app", &[]),
    ("typeset", &[]),
    ("server", &[]),
    ("xtask", &[]),
];

#[test]
fn no_file_imports_itself_through_others() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for (name, accepted) in CRATES {
        let files = sources(&root.join(name).join("src"));
        assert!(files.len() > 1, "{name} has {} files", files.len());
        let found = circles(&files);
        let new: Vec<_> = found.iter().filter(|circle| !accepted.iter().any(|known| circle == known)).collect();
        if !new.is_empty() {
            eprintln!("{name} has import circles:\n{}", explained(&files, &new));
        }
        let gone = accepted.iter().find(|known| !found.iter().any(|circle| circle == *known));
        assert_eq!(gone, None, "{name}: this circle is gone, take it out of the list");
    }
}

/// The files of a crate by their path below `src`.
fn sources(src: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![src.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(src).unwrap().to_string_lossy().replace('\\', "/");
                found.insert(name, std::fs::read_to_string(&path).unwrap());
            }
        }
    }
    found
}

type Modules = BTreeMap<Vec<String>, String>;
type Names = BTreeMap<String, Vec<String>>;
type Exports = BTreeMap<String, Names>;
type Imports = BTreeMap<String, BTreeSet<String>>;

/// Every set of files of which each imports every other, directly or through the others.
fn circles(files: &BTreeMap<String, String>) -> Vec<Vec<String>> {
    let imports = imports(files);
    let reached: Imports = imports.keys().map(|file| (file.clone(), reached(&imports, file))).collect();
    let mut found: BTreeSet<Vec<String>> = BTreeSet::new();
    for (file, far) in &reached {
        if far.contains(file) {
            found.insert(far.iter().filter(|other| reached[*other].contains(file)).cloned().collect());
        }
    }
    found.into_iter().collect()
}

fn reached(imports: &Imports, from: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open = vec![from.to_owned()];
    while let Some(file) = open.pop() {
        for next in &imports[&file] {
            if found.insert(next.clone()) {
                open.push(next.clone());
            }
        }
    }
    found
}

/// Each circle with the imports inside it, one a line.
fn explained(files: &BTreeMap<String, String>, circles: &[&Vec<String>]) -> String {
    let imports = imports(files);
    let mut text = String::new();
    for circle in circles {
        for file in *circle {
            let inside: Vec<&str> =
                imports[file].iter().filter(|other| circle.contains(other)).map(String::as_str).collect();
            text += &format!("  {file} imports {}\n", inside.join(", "));
        }
        text += "\n";
    }
    text
}

fn imports(files: &BTreeMap<String, String>) -> Imports {
    let modules: Modules = files.keys().map(|file| (module(file), file.clone())).collect();
    let read: Vec<(&String, Vec<Found>)> =
        files.iter().map(|(file, source)| (file, read(file, source, &modules))).collect();
    let exports: Exports = read.iter().map(|(file, found)| ((*file).clone(), exported(found))).collect();
    let of = |(file, found): &(&String, Vec<Found>)| {
        let mut targets = BTreeSet::new();
        for path in found.iter().filter(|path| !path.bare) {
            let into_a_child = path.segments.starts_with(&module(file)) && path.segments.len() > 1;
            let facade = path.exported && into_a_child && !found.iter().any(|other| other.is_name(&path.name));
            if !facade {
                targets.extend(targets_of(&path.segments, &modules, &exports));
            }
        }
        targets.remove(*file);
        ((*file).clone(), targets)
    };
    read.iter().map(of).collect()
}

fn read(file: &str, source: &str, modules: &Modules) -> Vec<Found> {
    let (tokens, own) = (tokens(source), module(file));
    // Modules under the names that the file gives them: `use crate::a; … a::b::c()`.
    let imported = paths(&tokens, &own, modules, &Names::new()).into_iter();
    let imported = imported.filter(|path| !path.bare && !path.name.is_empty() && modules.contains_key(&path.segments));
    let names = imported.map(|path| (path.name, path.segments)).collect();
    paths(&tokens, &own, modules, &names)
}

/// What other files find here under a name, and where it is from.
fn exported(found: &[Found]) -> Names {
    found.iter().filter(|path| path.exported).map(|path| (path.name.clone(), path.segments.clone())).collect()
}

/// The files a path leads to: through façades, and to everything a façade has where all of it is imported.
fn targets_of(segments: &[String], modules: &Modules, exports: &Exports) -> BTreeSet<String> {
    let mut targets = BTreeSet::new();
    let mut open = vec![segments.to_vec()];
    let mut seen = BTreeSet::new();
    while let Some(path) = open.pop() {
        if !seen.insert(path.clone()) {
            continue;
        }
        let Some(length) = (0..=path.len()).rev().find(|length| modules.contains_key(&path[..*length])) else {
            continue;
        };
        let file = &modules[&path[..length]];
        let names = &exports[file];
        match path.get(length).map(String::as_str) {
            Some("*") => {
                targets.insert(file.clone());
                open.extend(names.values().cloned());
            }
            Some(name) if names.contains_key(name) => {
                open.push(names[name].iter().chain(&path[length + 1..]).cloned().collect());
            }
            _ => _ = targets.insert(file.clone()),
        }
    }
    targets
}

/// `plan/mod.rs` and `plan.rs` are `plan`; `lib.rs` and `main.rs` the root.
fn module(file: &str) -> Vec<String> {
    let path = file.trim_end_matches(".rs");
    let path = path.strip_suffix("/mod").unwrap_or(path);
    if ["lib", "main"].contains(&path) { Vec::new() } else { path.split('/').map(str::to_owned).collect() }
}

/// A path as it stands in a file, from the root of the crate; or a bare name, where `segments` is empty.
struct Found {
    segments: Vec<String>,
    /// The last segment, or what it is called here.
    name: String,
    /// By `pub use`.
    exported: bool,
    bare: bool,
}

impl Found {
    fn is_name(&self, name: &str) -> bool {
        self.bare && self.name == name
    }
}

/// All paths that lead into the crate, and every other name that is used.
fn paths(tokens: &[String], own: &[String], modules: &Modules, names: &Names) -> Vec<Found> {
    let mut found = Vec::new();
    // Modules within the file, each with the depth of braces at which it ends.
    let mut inside: Vec<(String, usize)> = Vec::new();
    let (mut at, mut depth) = (0, 0);
    let word = |at: usize| tokens.get(at).map_or("", String::as_str);
    while at < tokens.len() {
        let here: Vec<String> = own.iter().cloned().chain(inside.iter().map(|(name, _)| name.clone())).collect();
        match word(at) {
            "mod" if word(at + 2) == "{" && word(at + 1) == "tests" => at = after_block(tokens, at + 2),
            "mod" if word(at + 2) == "{" => {
                inside.push((word(at + 1).to_owned(), depth));
                depth += 1;
                at += 3;
            }
            "mod" if word(at + 2) == ";" => at += 3,
            "{" => {
                depth += 1;
                at += 1;
            }
            "}" => {
                depth = depth.saturating_sub(1);
                inside.retain(|(_, until)| *until < depth);
                at += 1;
            }
            "use" => {
                let exported = at > 0 && (word(at - 1) == "pub" || word(at - 1) == ")");
                let end = (at..tokens.len()).find(|&end| word(end) == ";").unwrap_or(tokens.len());
                let mut written = Vec::new();
                tree(&tokens[at + 1..end], &[], &mut written);
                for (path, name) in written {
                    let segments = absolute(&path, &here, modules, names);
                    found.extend(segments.map(|segments| Found { segments, name, exported, bare: false }));
                }
                at = end + 1;
            }
            first if is_word(first) && word(at.wrapping_sub(1)) != "::" => {
                let mut path = vec![first.to_owned()];
                while word(at + 1) == "::" && is_word(word(at + 2)) {
                    path.push(word(at + 2).to_owned());
                    at += 2;
                }
                let name = path[0].clone();
                found.push(Found { segments: vec![], name, exported: false, bare: true });
                if let Some(segments) = absolute(&path, &here, modules, names).filter(|_| path.len() > 1) {
                    found.push(Found { segments, name: String::new(), exported: false, bare: false });
                }
                at += 1;
            }
            _ => at += 1,
        }
    }
    found.retain(|path| path.bare || !path.segments.is_empty());
    found
}

/// The paths of `a::{b, c::{d as e}}`, each with the name it gets.
fn tree(tokens: &[String], before: &[String], found: &mut Vec<(Vec<String>, String)>) {
    let mut path = before.to_vec();
    let mut name = None;
    let mut at = 0;
    while at < tokens.len() {
        match tokens[at].as_str() {
            "{" => {
                let end = after_block(tokens, at);
                tree(&tokens[at + 1..end - 1], &path, found);
                (at, name) = (end, Some(String::new()));
                continue;
            }
            "," => {
                push(&path, name.take(), before.len(), found);
                path = before.to_vec();
            }
            "as" => {
                name = tokens.get(at + 1).cloned();
                at += 1;
            }
            "::" => {}
            word => path.push(word.to_owned()),
        }
        at += 1;
    }
    push(&path, name, before.len(), found);
}

fn push(path: &[String], name: Option<String>, before: usize, found: &mut Vec<(Vec<String>, String)>) {
    let whole_group = name.as_deref() == Some("");
    if path.len() > before && !whole_group {
        let own = path.iter().rev().find(|word| *word != "self").cloned().unwrap_or_default();
        found.push((path.to_vec(), name.unwrap_or(own)));
    }
}

/// From the root of the crate; `None` for a path into another crate, or for a name that is no module here.
fn absolute(path: &[String], here: &[String], modules: &Modules, names: &Names) -> Option<Vec<String>> {
    let mut base = here.to_vec();
    let mut rest = path;
    match path.first()?.as_str() {
        "crate" => (base, rest) = (Vec::new(), &path[1..]),
        "self" => rest = &path[1..],
        "super" => {
            while rest.first().is_some_and(|word| word == "super") {
                base.pop();
                rest = &rest[1..];
            }
        }
        child => {
            let own: Vec<String> = here.iter().cloned().chain([child.to_owned()]).collect();
            match names.get(child) {
                Some(module) => (base, rest) = (module.clone(), &path[1..]),
                None => _ = modules.get(&own)?,
            }
        }
    }
    base.extend(rest.iter().filter(|word| *word != "self").cloned());
    Some(base)
}

/// The place behind the block that opens at `open`.
fn after_block(tokens: &[String], open: usize) -> usize {
    let mut depth = 0;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        match token.as_str() {
            "{" => depth += 1,
            "}" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at + 1;
        }
    }
    tokens.len()
}

fn is_word(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Words, `::` and single signs; comments, texts and characters are left out.
fn tokens(source: &str) -> Vec<String> {
    let chars: Vec<char> = source.chars().collect();
    let mut found = Vec::new();
    let mut at = 0;
    let is = |at: usize, text: &str| text.chars().enumerate().all(|(offset, c)| chars.get(at + offset) == Some(&c));
    while at < chars.len() {
        let c = chars[at];
        if is(at, "//") {
            at += chars[at..].iter().take_while(|c| **c != '\n').count();
        } else if is(at, "/*") {
            at = (at + 2..chars.len()).find(|&end| is(end, "*/")).map_or(chars.len(), |end| end + 2);
        } else if let Some(hashes) = raw_text(&chars, at) {
            let close = format!("\"{}", "#".repeat(hashes));
            at = (at + hashes + 2..chars.len())
                .find(|&end| is(end, &close))
                .map_or(chars.len(), |end| end + close.len());
        } else if c == '"' {
            at = end_of_text(&chars, at + 1, '"');
        } else if c == '\'' && (chars.get(at + 1) == Some(&'\\') || chars.get(at + 2) == Some(&'\'')) {
            at = end_of_text(&chars, at + 1, '\'');
        } else if c.is_alphanumeric() || c == '_' {
            let word: String = chars[at..].iter().take_while(|c| c.is_alphanumeric() || **c == '_').collect();
            at += word.chars().count();
            found.push(word);
        } else if is(at, "::") {
            found.push("::".to_owned());
            at += 2;
        } else {
            if !c.is_whitespace() {
                found.push(c.to_string());
            }
            at += 1;
        }
    }
    found
}

/// `r"`, `r#"`: how many hashes.
fn raw_text(chars: &[char], at: usize) -> Option<usize> {
    let begins = chars[at] == 'r' && (at == 0 || !(chars[at - 1].is_alphanumeric() || chars[at - 1] == '_'));
    let hashes = chars[at + 1..].iter().take_while(|c| **c == '#').count();
    (begins && chars.get(at + 1 + hashes) == Some(&'"')).then_some(hashes)
}

fn end_of_text(chars: &[char], from: usize, close: char) -> usize {
    let mut at = from;
    while at < chars.len() && chars[at] != close {
        at += if chars[at] == '\\' { 2 } else { 1 };
    }
    at + 1
}

/// The test is worth something only if it finds circles, however they are written.
#[test]
fn a_circle_is_found_however_it_is_written() {
    let found = |files: &[(&str, &str)]| {
        circles(&files.iter().map(|(name, source)| ((*name).to_owned(), (*source).to_owned())).collect())
    };
    let none: Vec<Vec<String>> = Vec::new();
    let lib = ("lib.rs", "pub mod a;\npub mod b;");
    let two = vec![vec!["a.rs".to_owned(), "b.rs".to_owned()]];
    for importing in [
        "use crate::b::Two;",
        "use super::b::Two;",
        "use crate::{b::{self, Two}};",
        "fn f() -> crate::b::Two { crate::b::two() }",
        "use crate::b as c;",
        "mod inner { use super::super::b::Two; }",
    ] {
        assert_eq!(found(&[lib, ("a.rs", importing), ("b.rs", "use crate::a::One;")]), two, "{importing}");
    }
    for harmless in [
        "// use crate::b::Two;",
        "const TEXT: &str = \"crate::b::Two\"; const RAW: &str = r#\"use crate::b::\"Two\";\"#; const C: char = '\"';",
        "use other::b::Two;",
        "#[cfg(test)]\nmod tests { use crate::b::Two; }",
        "mod inner { use super::One; }",
    ] {
        assert_eq!(found(&[lib, ("a.rs", harmless), ("b.rs", "use crate::a::One;")]), none, "{harmless}");
    }
    let child = ("a/child.rs", "use super::Other;");
    assert_eq!(
        found(&[("lib.rs", "mod a;"), ("a/mod.rs", "mod child;\npub use child::One;\npub struct Other;"), child]),
        none
    );
    let through = [
        ("lib.rs", "mod a; mod b;"),
        ("a/mod.rs", "mod child;\npub use child::One;"),
        ("a/child.rs", "use crate::b::Two;"),
    ];
    let through = [through[0], through[1], through[2], ("b.rs", "use crate::a::One;")];
    assert_eq!(found(&through), [["a/child.rs", "b.rs"]]);
    let all = [through[0], through[1], through[2], ("b.rs", "use crate::a::*;")];
    assert_eq!(found(&all), [["a/child.rs", "b.rs"]]);
    let used = "mod child;\npub use child::One;\npub struct Other(One);";
    assert_eq!(found(&[("lib.rs", "mod a;"), ("a/mod.rs", used), child]).len(), 1);
    let by_name = [("lib.rs", "mod a; mod b;"), ("a/mod.rs", "pub mod child;"), ("a/child.rs", "use crate::b::Two;")];
    let by_name = [by_name[0], by_name[1], by_name[2], ("b.rs", "use crate::a;\nfn f() { a::child::one() }")];
    assert_eq!(found(&by_name), [["a/child.rs", "b.rs"]]);
    let called = "mod child;\npub struct Other;\nfn f() { child::one() }";
    assert_eq!(found(&[("lib.rs", "mod a;"), ("a/mod.rs", called), child]).len(), 1);
}
