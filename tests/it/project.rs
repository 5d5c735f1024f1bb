//! What the documents promise of the tree itself.

use std::collections::BTreeSet;
use std::process::Command;

use tests::{Engine, TestApp, jigai, root};

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// A crate: which others of this workspace it may stand on, and what its tree must not hold.
struct Layer {
    name: &'static str,
    features: &'static [&'static str],
    stands_on: &'static [&'static str],
    lacks: &'static [&'static str],
    /// Not among the crates it names itself; others may bring it along, as leptos brings axum to the pages.
    does_not_name: &'static [&'static str],
}

/// From the bottom to the top: domain ← documents ← office ← { store, app } ← server, with typeset beside.
const LAYERS: [Layer; 7] = [
    Layer {
        name: "domain",
        features: &[],
        stands_on: &[],
        lacks: &["tokio", "sqlx", "axum", "leptos", "async", "mio", "rand", "hyper", "http", "clap", "typst"],
        does_not_name: &[],
    },
    Layer {
        name: "documents",
        features: &[],
        stands_on: &["domain"],
        lacks: &["tokio", "sqlx", "axum", "leptos", "async", "mio", "rand", "hyper", "http", "clap", "typst"],
        does_not_name: &[],
    },
    Layer {
        name: "office",
        features: &[],
        stands_on: &["domain", "documents"],
        lacks: &["tokio", "sqlx", "axum", "leptos", "mio", "rand", "hyper", "http", "clap", "typst"],
        does_not_name: &[],
    },
    Layer {
        name: "store",
        features: &[],
        stands_on: &["domain", "documents", "office"],
        lacks: &["axum", "leptos", "hyper", "http", "clap", "typst"],
        does_not_name: &[],
    },
    Layer {
        name: "app",
        features: &["ssr"],
        stands_on: &["domain", "documents", "office"],
        lacks: &["sqlx", "clap", "typst"],
        does_not_name: &["axum", "tokio", "hyper"],
    },
    Layer {
        name: "typeset",
        features: &[],
        stands_on: &["domain", "documents"],
        lacks: &["tokio", "sqlx", "axum", "leptos", "hyper", "http", "clap"],
        does_not_name: &[],
    },
    Layer {
        name: "server",
        features: &[],
        stands_on: &["domain", "documents", "office", "store", "app", "typeset"],
        lacks: &[],
        does_not_name: &[],
    },
];

#[test]
fn dependencies_point_one_way() {
    for layer in LAYERS {
        let tree = tree(&layer, &[]);
        for other in LAYERS.iter().map(|other| other.name).filter(|other| *other != layer.name) {
            let known = tree.contains(other);
            assert!(!known || layer.stands_on.contains(&other), "{} must not know {other}", layer.name);
        }
        for absent in layer.lacks {
            let found: Vec<_> = tree.iter().filter(|name| is_of(name, absent)).collect();
            assert!(found.is_empty(), "{} must not have {found:?} in its tree", layer.name);
        }
        let named = self::tree(&layer, &["--depth", "1"]);
        for absent in layer.does_not_name {
            assert!(!named.contains(*absent), "{} must not depend on {absent}", layer.name);
        }
    }
}

/// A crate or one of its parts: `axum`, `axum-core`, `leptos_router`.
fn is_of(name: &str, family: &str) -> bool {
    name.strip_prefix(family).is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '_']))
}

/// The names of all crates that a crate is built of.
fn tree(layer: &Layer, options: &[&str]) -> BTreeSet<String> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["tree", "-p", layer.name, "-e", "normal", "--prefix", "none"]).args(options).current_dir(root());
    for feature in layer.features {
        cargo.args(["--features", feature]);
    }
    let ran = cargo.output().unwrap();
    let text = String::from_utf8(ran.stdout).unwrap();
    let first = format!("{} ", layer.name);
    assert!(text.starts_with(&first), "{text}{}", String::from_utf8_lossy(&ran.stderr));
    text.lines().filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect()
}

#[test]
fn the_domain_holds_no_io() {
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
        let is_path = quoted.contains('/')
            && !quoted.starts_with('/')
            && quoted.chars().all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c));
        if is_path {
            checked += 1;
            assert!(root().join(quoted).exists(), "ARCHITECTURE.md names {quoted}, which does not exist");
        }
    }
    assert!(checked > 30, "{checked}");
}

#[test]
fn every_route_and_command_is_documented() {
    let docs =
        ["README.md", "docs/operating.md", "docs/rules.md", "docs/exports.md", "docs/security.md"].map(read).concat();
    let routes = routes();
    let known = ("POST".to_owned(), "/review/{plan}/{period}/undo".to_owned());
    assert!(routes.len() > 80 && routes.contains(&known), "{routes:?}");
    // A page and its own form are one address; what only takes a form is named with its method, or as one of them.
    let names = |(method, path): &(String, String)| [format!("`{path}`"), format!("`{method} {path}`")];
    let is_told = |route: &&(String, String)| names(route).iter().any(|name| docs.contains(name));
    let missing: Vec<_> = routes.iter().filter(|route| !is_told(route)).collect();
    assert!(missing.is_empty(), "not in docs/: {missing:#?}");
    for command in commands(&[]) {
        assert!(docs.contains(&format!("jigai {command}")), "`jigai {command}` is not in docs/");
    }
}

/// Every method and address the program answers to, from its own table: it does not start with one that is not in it.
fn routes() -> BTreeSet<(String, String)> {
    let table = jigai(&["permissions", "--format", "json"]).json();
    let routes = table["routes"].as_array().unwrap().iter();
    let text = |route: &serde_json::Value, name: &str| route[name].as_str().unwrap().replace("{*", "{");
    routes.map(|route| (text(route, "method"), text(route, "path"))).collect()
}

/// Every command and subcommand, from the program's own help.
fn commands(path: &[&str]) -> BTreeSet<String> {
    let mut arguments = path.to_vec();
    arguments.push("--help");
    let help = jigai(&arguments).assert_done().out.clone();
    let Some((_, listed)) = help.split_once("命令:\n") else { return BTreeSet::from([path.join(" ")]) };
    let names =
        listed.lines().take_while(|line| !line.trim().is_empty()).filter_map(|line| line.split_whitespace().next());
    let mut found = BTreeSet::new();
    for name in names.filter(|name| *name != "help") {
        let inner: Vec<&str> = path.iter().copied().chain([name]).collect();
        found.extend(commands(&inner));
    }
    found
}

/// How many duties each of the five documents has.
const DUTIES: [(char, u32); 5] = [('F', 43), ('Z', 40), ('J', 56), ('N', 50), ('L', 31)];

#[test]
fn every_duty_is_told_and_what_it_names_exists() {
    let text = read("docs/duties.md");
    let (routes, commands, keys) = (routes(), commands(&[]), read("docs/rules.md"));
    let pages: BTreeSet<&str> = routes.iter().map(|(_, path)| path.as_str()).collect();
    let mut told = Vec::new();
    let mut states = std::collections::BTreeMap::from([("works", 0), ("partly", 0), ("missing", 0)]);
    for line in text.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| #")) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let &[numbers, duty, clause, state, places, shown, lacks] = cells.as_slice() else { panic!("{line}") };
        let duties = duties(numbers);
        *states.get_mut(state).unwrap_or_else(|| panic!("{line}: {state} is no state")) += duties.len();
        told.extend(duties);
        assert!(!duty.is_empty() && !clause.is_empty(), "{line}");
        assert_eq!(lacks.is_empty(), state == "works", "{line}: only what does not work says what lacks");
        let named: Vec<&str> = quoted(places).collect();
        for name in &named {
            let exists = match name.strip_prefix("jigai ") {
                Some(command) => commands.contains(command),
                None if name.starts_with('/') => pages.contains(name),
                None => keys.contains(name),
            };
            assert!(exists, "{line}: there is no {name}");
        }
        let tests: Vec<&str> = quoted(shown).collect();
        assert!(tests.iter().all(|test| is_test(test)), "{line}: no such test");
        let reached = named.iter().any(|name| name.starts_with('/') || name.starts_with("jigai "));
        assert!(state != "works" || reached && !tests.is_empty(), "{line}: works where, and what shows it?");
    }
    let all: Vec<_> =
        DUTIES.iter().flat_map(|&(letter, last)| (1..=last).map(move |number| (letter, number))).collect();
    assert_eq!(told, all, "a duty is lacking, there twice or out of order");
    let [works, partly, missing] = ["works", "partly", "missing"].map(|state| states[state]);
    let counted = format!("{} duties:\n{works} works, {partly} partly, {missing} missing.", all.len());
    assert!(text.contains(&counted), "docs/duties.md should count: {counted}");
}

/// F1–2 as (F, 1) and (F, 2).
fn duties(numbers: &str) -> Vec<(char, u32)> {
    let letter = numbers.chars().next().unwrap();
    let (first, last) = numbers[1..].split_once('–').unwrap_or((&numbers[1..], &numbers[1..]));
    let [first, last] = [first, last].map(|number| number.parse::<u32>().unwrap_or_else(|_| panic!("{numbers}")));
    (first..=last).map(|number| (letter, number)).collect()
}

fn quoted(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}

/// A test of its own, or one that runs on both databases, named as file::function.
fn is_test(name: &str) -> bool {
    let Some((file, function)) = name.split_once("::") else { return false };
    let folders = ["tests/it/", "domain/tests/", "documents/tests/", "store/src/commands/"];
    if !folders.iter().any(|folder| file.starts_with(folder)) || !root().join(file).exists() {
        return false;
    }
    let source = read(file);
    let head = format!("fn {function}(");
    let Some((before, after)) = source.split_once(&head) else { return false };
    let own = before.trim_end().ends_with("#[test]");
    let of_an_app = after.split_once(") {").is_some_and(|(of, _)| of.starts_with("app: ") && !of.contains([',', ')']));
    own || (of_an_app && before.contains("on_both_databases! {"))
}

#[test]
fn sqlite_is_new_enough_and_single() {
    let lock = read("Cargo.lock");
    let versions: Vec<&str> = lock
        .split("name = \"libsqlite3-sys\"\nversion = \"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
        .collect();
    assert_eq!(versions.len(), 1, "{versions:?}");
    let numbers: Vec<u32> = versions[0].split('.').map(|part| part.parse().unwrap()).collect();
    // 0.37.0 bundles SQLite 3.51.3; older ones can corrupt a WAL database.
    assert!(numbers >= vec![0, 37, 0], "{versions:?}");
    assert_eq!(lock.matches("name = \"sqlx\"\n").count(), 1);
}

#[test]
fn no_crate_enables_hydrate() {
    for name in LAYERS.iter().map(|layer| layer.name).chain(["", "tests", "xtask"]) {
        let manifest = format!("{name}/Cargo.toml");
        let manifest = manifest.trim_start_matches('/');
        let text = read(manifest);
        let lines = text.lines().filter(|line| line.contains("hydrate") && !line.trim_start().starts_with('#'));
        // The feature itself, and the bundle that needs it.
        let allowed = [
            "hydrate = [\"leptos/hydrate\", \"dep:js-sys\", \"dep:wasm-bindgen-futures\", \"dep:web-sys\"]",
            "required-features = [\"hydrate\"]",
        ];
        assert!(
            lines.into_iter().all(|line| manifest == "app/Cargo.toml" && allowed.contains(&line.trim())),
            "{manifest} enables hydrate"
        );
    }
    assert!(!read("app/Cargo.toml").contains("default = [\"hydrate"));
}

#[test]
fn the_two_schemas_are_the_same() {
    let [sqlite, postgres] = [Engine::Sqlite, Engine::Postgres].map(|engine| {
        let app = TestApp::new(engine);
        app.jigai(&["migrate"]).assert_done();
        let asked = match engine {
            Engine::Sqlite => SQLITE_SCHEMA,
            Engine::Postgres => POSTGRES_SCHEMA,
        };
        // What stands in the program's own tables; that of the tool that migrates is its own business.
        let lines = asked.iter().flat_map(|sql| app.query(sql));
        lines.filter(|line| !line.contains("_sqlx_")).collect::<BTreeSet<String>>()
    });
    let only = |one: &BTreeSet<String>, other: &BTreeSet<String>| one.difference(other).cloned().collect::<Vec<_>>();
    let (sqlite_only, postgres_only) = (only(&sqlite, &postgres), only(&postgres, &sqlite));
    let same = sqlite_only.is_empty() && postgres_only.is_empty();
    assert!(same, "only in SQLite: {sqlite_only:#?}\nonly in PostgreSQL: {postgres_only:#?}");
    let some = ["post column 1 id text required", "draft key 5 unit_id", "holding.account_id → account.id"];
    for line in some {
        assert!(sqlite.contains(line), "{line} is not among {sqlite:#?}");
    }
    assert!(sqlite.iter().any(|line| line == "audit append-only") && sqlite.len() > 250, "{sqlite:#?}");
}

/// One line for each column, part of a primary key, reference, and table that refuses changes.
const SQLITE_SCHEMA: [&str; 4] = [
    "SELECT t.name || ' column ' || (c.cid + 1) || ' ' || c.name || ' ' || lower(c.type) || ' ' ||
       CASE WHEN c.\"notnull\" = 1 OR c.pk > 0 THEN 'required' ELSE 'open' END
     FROM sqlite_master t JOIN pragma_table_info(t.name) c WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%'",
    "SELECT t.name || ' key ' || c.pk || ' ' || c.name
     FROM sqlite_master t JOIN pragma_table_info(t.name) c WHERE t.type = 'table' AND c.pk > 0",
    "SELECT t.name || '.' || f.\"from\" || ' → ' || f.\"table\" || '.' || f.\"to\"
     FROM sqlite_master t JOIN pragma_foreign_key_list(t.name) f WHERE t.type = 'table'",
    "SELECT tbl_name || ' append-only' FROM sqlite_master
     WHERE type = 'trigger' GROUP BY tbl_name HAVING count(*) = 3",
];

const POSTGRES_SCHEMA: [&str; 4] = [
    "SELECT table_name || ' column ' || row_number() OVER (PARTITION BY table_name ORDER BY ordinal_position) || ' ' ||
       column_name || ' ' || CASE data_type WHEN 'bigint' THEN 'integer' WHEN 'bytea' THEN 'blob' ELSE data_type END ||
       ' ' || CASE is_nullable WHEN 'NO' THEN 'required' ELSE 'open' END
     FROM information_schema.columns WHERE table_schema = 'public'",
    "SELECT k.table_name || ' key ' || k.ordinal_position || ' ' || k.column_name
     FROM information_schema.key_column_usage k
       JOIN information_schema.table_constraints c USING (constraint_name, table_name)
     WHERE c.constraint_type = 'PRIMARY KEY' AND k.table_schema = 'public'",
    "SELECT c.conrelid::regclass || '.' || own.attname || ' → ' || c.confrelid::regclass || '.' || other.attname
     FROM pg_constraint c, unnest(c.conkey, c.confkey) AS pair (own, other), pg_attribute own, pg_attribute other
     WHERE c.contype = 'f' AND own.attrelid = c.conrelid AND own.attnum = pair.own
       AND other.attrelid = c.confrelid AND other.attnum = pair.other",
    "SELECT DISTINCT event_object_table || ' append-only' FROM information_schema.triggers
     WHERE trigger_name = event_object_table || '_append_only'",
];

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

/// A reader of the journal sees words, never an identifier: each action a migration names has its own.
#[test]
fn every_action_of_the_journal_has_a_name() {
    let page = read("app/src/pages/admin.rs");
    let named =
        |action: &str| domain::workflow::Step::parse(action).is_some() || page.contains(&format!("\"{action}\" => \""));
    let mut seen = 0;
    for path in walk("migrations/sqlite").into_iter().filter(|path| path.ends_with(".sql")) {
        let text = read(&path);
        for (_, after) in
            text.match_indices("INTO audit_action (name) VALUES").map(|(at, head)| text.split_at(at + head.len()))
        {
            let list = after.split(';').next().unwrap_or_default();
            for action in list.split('\'').skip(1).step_by(2) {
                assert!(named(action), "{path}: /audit has no name for {action}");
                seen += 1;
            }
        }
    }
    assert!(seen >= 40, "only {seen} actions were found");
}

#[test]
fn the_stylesheet_stays_small_and_local() {
    let css = read("assets/app.css");
    assert!(css.len() < 100_000, "{}", css.len());
    for absent in ["http:", "https:", "@import", "@font-face"] {
        assert!(!css.contains(absent), "{absent}");
    }
}
