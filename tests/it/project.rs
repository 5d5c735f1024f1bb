//! What the documents promise of the tree itself.

use std::collections::BTreeSet;
use std::process::Command;

use tests::{jigai, root};

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn the_domain_holds_no_io() {
    let tree = Command::new(env!("CARGO"))
        .args(["tree", "-p", "domain", "-e", "normal", "--prefix", "none"])
        .current_dir(root())
        .output()
        .unwrap();
    let tree = String::from_utf8(tree.stdout).unwrap();
    assert!(tree.starts_with("domain "), "{tree}");
    for absent in ["tokio", "sqlx", "axum", "leptos", "async", "mio", "rand"] {
        assert!(
            !tree.lines().any(|line| line.split(' ').next().unwrap_or("").split('-').next() == Some(absent)),
            "{absent} is in the domain's tree:\n{tree}"
        );
    }
    for entry in walk("domain/src") {
        let source = read(&entry);
        for absent in ["f64", "f32", "std::fs", "std::net", "Utc::now", "SystemTime"] {
            assert!(!source.contains(absent), "{entry} mentions {absent}");
        }
    }
}

fn walk(folder: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(root().join(folder)).unwrap().flatten() {
        let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() { found.extend(walk(&path)) } else { found.push(path) }
    }
    found
}

#[test]
fn every_path_in_the_architecture_exists() {
    let text = read("ARCHITECTURE.md");
    let mut checked = 0;
    for quoted in text.split('`').skip(1).step_by(2) {
        let is_path =
            quoted.contains('/') && !quoted.starts_with('/') && quoted.chars().all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c));
        if is_path {
            checked += 1;
            assert!(root().join(quoted).exists(), "ARCHITECTURE.md names {quoted}, which does not exist");
        }
    }
    assert!(checked > 30, "{checked}");
}

#[test]
fn every_route_and_command_is_documented() {
    let docs = ["README.md", "docs/operating.md", "docs/rules.md", "docs/exports.md", "docs/security.md"].map(read).concat();
    let routes = read("app/src/routes.rs");
    for route in routes.split("path!(\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        let documented: Vec<String> =
            route.split('/').map(|part| part.strip_prefix(':').map_or(part.to_owned(), |name| format!("{{{name}}}"))).collect();
        let documented = format!("`{}`", documented.join("/"));
        assert!(docs.contains(&documented), "{documented} is not in docs/");
    }
    for route in
        read("server/src/routes.rs").split(".route(\"").skip(1).map(|rest| rest.split('"').next().unwrap().replace("{*", "{").to_owned())
    {
        assert!(docs.contains(&format!("`{route}`")), "`{route}` is not in docs/");
    }
    for command in commands(&[]) {
        assert!(docs.contains(&format!("jigai {command}")), "`jigai {command}` is not in docs/");
    }
}

/// Every command and subcommand, from the program's own help.
fn commands(path: &[&str]) -> BTreeSet<String> {
    let mut arguments = path.to_vec();
    arguments.push("--help");
    let help = jigai(&arguments).assert_done().out.clone();
    let Some((_, listed)) = help.split_once("命令:\n") else { return BTreeSet::from([path.join(" ")]) };
    let names = listed.lines().take_while(|line| !line.trim().is_empty()).filter_map(|line| line.split_whitespace().next());
    let mut found = BTreeSet::new();
    for name in names.filter(|name| *name != "help") {
        let inner: Vec<&str> = path.iter().copied().chain([name]).collect();
        found.extend(commands(&inner));
    }
    found
}

#[test]
fn sqlite_is_new_enough_and_single() {
    let lock = read("Cargo.lock");
    let versions: Vec<&str> =
        lock.split("name = \"libsqlite3-sys\"\nversion = \"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert_eq!(versions.len(), 1, "{versions:?}");
    let numbers: Vec<u32> = versions[0].split('.').map(|part| part.parse().unwrap()).collect();
    // 0.37.0 bundles SQLite 3.51.3; older ones can corrupt a WAL database.
    assert!(numbers >= vec![0, 37, 0], "{versions:?}");
    assert_eq!(lock.matches("name = \"sqlx\"\n").count(), 1);
}

#[test]
fn no_crate_enables_hydrate() {
    for manifest in [
        "Cargo.toml",
        "app/Cargo.toml",
        "server/Cargo.toml",
        "documents/Cargo.toml",
        "domain/Cargo.toml",
        "tests/Cargo.toml",
        "xtask/Cargo.toml",
    ] {
        let text = read(manifest);
        let lines = text.lines().filter(|line| line.contains("hydrate") && !line.trim_start().starts_with('#'));
        let allowed = "hydrate = [\"leptos/hydrate\", \"dep:js-sys\", \"dep:wasm-bindgen-futures\", \"dep:web-sys\"]";
        assert!(lines.into_iter().all(|line| manifest == "app/Cargo.toml" && line.trim() == allowed), "{manifest} enables hydrate");
    }
    assert!(!read("app/Cargo.toml").contains("default = [\"hydrate"));
}

#[test]
fn the_two_schemas_have_the_same_columns() {
    let columns = |path: &str| -> Vec<String> {
        let lines = read(path);
        let table_lines = lines.lines().filter(|line| line.starts_with("CREATE TABLE") || line.starts_with("  "));
        table_lines
            .filter_map(|line| {
                line.split_whitespace()
                    .next()
                    .filter(|word| *word != "RAISE")
                    .map(|word| if word == "CREATE" { line.to_owned() } else { word.to_owned() })
            })
            .collect()
    };
    let (sqlite, postgres) = (columns("migrations/sqlite/0001_facts.sql"), columns("migrations/postgres/0001_facts.sql"));
    let sqlite: Vec<String> = sqlite.into_iter().filter(|word| word != "RAISE").collect();
    let postgres: Vec<String> = postgres.into_iter().filter(|word| word != "RAISE").collect();
    assert_eq!(sqlite, postgres);
}

#[test]
fn merged_migrations_are_frozen() {
    use sha2::{Digest, Sha256};
    // A changed migration stops every installed database: add a new one instead, and its line here.
    let frozen = read("migrations/frozen.txt");
    let mut paths: Vec<String> = walk("migrations").into_iter().filter(|path| path.ends_with(".sql")).collect();
    paths.sort();
    for path in paths {
        let line = format!("{} {path}", hex::encode(Sha256::digest(read(&path).as_bytes())));
        assert!(frozen.lines().any(|known| known == line), "migrations/frozen.txt lacks: {line}");
    }
}

#[test]
fn the_stylesheet_stays_small_and_local() {
    let css = read("assets/app.css");
    assert!(css.len() < 100_000, "{}", css.len());
    for absent in ["http:", "https:", "@import", "@font-face"] {
        assert!(!css.contains(absent), "{absent}");
    }
}
