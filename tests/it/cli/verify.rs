//! `jigai verify` names the first thing that was altered; a database that cannot be used says why.

use tests::{Engine, Folder, TestApp, jigai, on_both_databases};

on_both_databases! {
    fn an_altered_figure_is_named(app: TestApp) {
        app.import_fuzhou();
        app.tamper("return_revision", "UPDATE return_revision SET value = value + 1 WHERE region_id = '350121' AND month = 12");
        let ran = app.jigai(&["verify"]);
        assert_eq!(ran.code, 1, "{ran:?}");
        ran.says("核验不通过").says("350121 2021-12 第1次报送被改动过");
    }

    fn a_deleted_figure_is_noticed(app: TestApp) {
        app.import_fuzhou();
        app.tamper("return_revision", "DELETE FROM return_revision WHERE region_id = '350121' AND month = 12");
        app.jigai(&["verify"]).says("应有 28 行，现有 27 行");
    }

    fn an_altered_edition_is_named(app: TestApp) {
        app.import_fuzhou();
        app.publish("2021-05", &[]).assert_done();
        app.tamper("edition", "UPDATE edition SET content = replace(content, '410', '411')");
        app.jigai(&["verify"]).says("通报 fuzhou-2021/2021-05/e1").says("被改动过");
    }

    fn an_altered_audit_row_is_named(app: TestApp) {
        app.import_fuzhou();
        app.tamper("audit", "UPDATE audit SET actor = 'x' WHERE seq = 1");
        app.jigai(&["verify"]).says("审计记录第 1 条");
    }

    fn every_column_is_covered(app: TestApp) {
        app.import_fuzhou();
        app.publish("2021-05", &[]).assert_done();
        app.tamper("edition", "UPDATE edition SET published_by = 'x'");
        app.jigai(&["verify"]).says("通报 fuzhou-2021/2021-05/e1").says("经手人");
        app.tamper_again("UPDATE edition SET published_by = '命令行（tester）', month = 6");
        app.jigai(&["verify"]).says("核验不通过").says("通报 fuzhou-2021/2021-06/e1");
    }

    fn a_plan_version_out_of_place_is_named(app: TestApp) {
        app.import_fuzhou();
        app.tamper("plan_version", "UPDATE plan_version SET version = 9, reason = 'x'");
        app.jigai(&["verify"]).says("核验不通过").says("计划 fuzhou-2021 第 9 版");
    }

    fn a_forged_demo_mark_is_noticed(app: TestApp) {
        app.import_fuzhou();
        app.tamper_again("INSERT INTO mark (name, audit_seq) VALUES ('demo', 1)");
        app.jigai(&["verify"]).says("核验不通过").says("演示数据的标记");
    }

    fn the_tables_refuse_changes(app: TestApp) {
        app.import_fuzhou();
        for table in ["audit", "plan_version", "return_revision"] {
            let said = app.refused_sql(&format!("DELETE FROM {table}"));
            assert!(said.contains("append-only"), "{said}");
        }
        assert!(app.refused_sql("UPDATE return_revision SET value = 0").contains("append-only"));
    }

    // Fault F3: triggers that somebody dropped or switched off were not missed.
    fn what_refuses_changes_is_missed_when_it_is_gone(app: TestApp) {
        app.import_fuzhou();
        app.jigai(&["verify"]).assert_done();
        match app.is_on(Engine::Sqlite) {
            true => app.tamper_again("DROP TRIGGER edition_no_update"),
            false => app.tamper_again("ALTER TABLE edition DISABLE TRIGGER edition_append_only"),
        }
        let (name, what) = if app.is_on(Engine::Sqlite) { ("edition_no_update", "少了") } else { ("edition_append_only", "停用") };
        let ran = app.jigai(&["verify"]);
        assert_eq!(ran.code, 1, "{ran:?}");
        ran.says("核验不通过").says(name).says(what);
        let site = app.serve(&[]);
        site.wait_for(name);
        assert!(site.said().iter().any(|line| line.contains(name) && line.contains("jigai verify")), "{:?}", site.said());
    }

    fn a_trigger_that_refuses_nothing_is_named(app: TestApp) {
        app.import_fuzhou();
        match app.is_on(Engine::Sqlite) {
            true => {
                app.tamper_again("DROP TRIGGER draft_no_delete");
                app.tamper_again("CREATE TRIGGER draft_no_delete BEFORE DELETE ON draft BEGIN SELECT 1; END");
                app.jigai(&["verify"]).says("核验不通过").says("draft_no_delete 被改过");
            }
            false => {
                app.tamper_again("CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'");
                app.jigai(&["verify"]).says("核验不通过").says("refuse_change 被改过");
            }
        }
    }

    fn a_foreign_trigger_is_named(app: TestApp) {
        app.import_fuzhou();
        match app.is_on(Engine::Sqlite) {
            true => app.tamper_again("CREATE TRIGGER sly AFTER INSERT ON draft BEGIN SELECT 1; END"),
            false => app.tamper_again("CREATE TRIGGER sly AFTER INSERT ON draft EXECUTE FUNCTION refuse_change()"),
        }
        app.jigai(&["verify"]).says("核验不通过").says("多了 触发器 sly");
    }

    // Fault F4, attack 6: a database that lost its last rows proves itself all the same.
    // Attack 5: what was proved before is not read again where nobody wants it, and that is said.
    fn from_where_everything_was_proved_before(app: TestApp) {
        app.jigai(&["verify", "--since"]).assert_refused().says("还没有全部核验过");
        app.import_fuzhou();
        app.jigai(&["head"]).assert_done();
        let whole = app.jigai(&["verify"]);
        let proved: i64 = app.query("SELECT MAX(seq) FROM audit")[0].parse().unwrap();
        whole.assert_done().says(&format!("审计记录 {proved} 条"));
        let note = app.folder.path().join("verified.json");
        assert_eq!(std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&note).unwrap().permissions()) & 0o777, 0o600);
        app.publish("2021-12", &[]).assert_done();
        let behind = app.jigai(&["verify", "--since"]);
        behind.assert_done().says(&format!("只核验了第 {proved} 条以后的")).says("通报 1 版").says("报送数据 0 行").says("没有重读");
        // A head of the office does as well; one that somebody else signed, or altered, does not.
        let head = app.folder.write("taken.json", app.jigai(&["head"]).out.clone());
        app.jigai(&["verify", "--since", &head]).assert_done().says("审计记录 0 条");
        let altered = app.folder.write("altered.json", std::fs::read_to_string(&note).unwrap().replacen("\"seq\": ", "\"seq\": 1", 1));
        app.jigai(&["verify", "--since", &altered]).assert_refused().says("签名不对");
        // What is behind the note is told, and so is a chain that is no longer the one it was taken of.
        app.tamper("edition", "UPDATE edition SET content = content || ' '");
        app.jigai(&["verify", "--since"]).says("核验不通过").says("通报 fuzhou-2021/2021-12/e1");
        app.tamper("audit", &format!("UPDATE audit SET hash = '{}' WHERE seq = {proved}", "0".repeat(64)));
        app.jigai(&["verify", "--since"]).says("核验不通过").says("不是上次核验过的那一条");
        std::fs::remove_file(app.folder.path().join("signing.key")).unwrap();
        app.jigai(&["verify", "--since"]).assert_refused().says("不是本数据文件夹的公钥签的");
    }

    fn a_head_that_was_written_down_is_looked_for(app: TestApp) {
        app.import_fuzhou();
        let (seq, hash) = (app.query("SELECT MAX(seq) FROM audit").remove(0), app.head());
        let head = format!("{seq}:{hash}");
        // What was printed is what is asked for.
        app.jigai(&["verify"]).assert_done().says(&format!("--contains {head}"));
        app.jigai(&["verify", "--contains", &head]).assert_done().says("要找的 1 条审计记录都在");
        let other = format!("{}:{hash}", seq.parse::<i64>().unwrap() + 1);
        let ran = app.jigai(&["verify", "--contains", &head, "--contains", &other]);
        assert_eq!(ran.code, 1, "{ran:?}");
        ran.says("核验不通过").says(&hash);
        for wrong in ["7", "7:abc", &format!("x:{hash}"), &format!("0:{hash}")] {
            app.jigai(&["verify", "--contains", wrong]).assert_refused().says("序号:哈希");
        }
    }

    fn demo_figures_never_join_real_ones(app: TestApp) {
        app.import_fuzhou();
        app.jigai(&["serve", "--demo", "--listen", "127.0.0.1:0"]).assert_refused().says("已有真实数据");
    }
}

/// Fault F3: pages read by indexes, `verify` read tables.
#[test]
fn an_index_that_disagrees_with_its_table_is_noticed() {
    let app = TestApp::new(Engine::Sqlite);
    app.import_fuzhou();
    // As a damaged page could: the index of one table is searched where that of another lies.
    let page = |name: &str| app.query(&format!("SELECT rootpage FROM sqlite_master WHERE name = '{name}'")).remove(0);
    let other = page("session_by_account");
    app.tamper_with_schema(&format!("UPDATE sqlite_master SET rootpage = {other} WHERE name = 'audit_by_action'"));
    let ran = app.jigai(&["verify"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    ran.says("核验不通过").says("有损坏");
}

/// Fault F3 on PostgreSQL, where an extension of its own looks.
#[test]
fn indexes_of_postgresql_are_checked_where_they_can_be() {
    let app = TestApp::new(Engine::Postgres);
    app.import_fuzhou();
    app.jigai(&["verify"]).assert_done().says("索引没有检查").says("CREATE EXTENSION amcheck");
    app.tamper_again("CREATE EXTENSION amcheck");
    let ran = app.jigai(&["verify"]);
    assert!(!ran.assert_done().out.contains("索引没有检查"), "{ran:?}");
}

#[test]
fn sqlite_refuses_to_replace_a_row() {
    let app = TestApp::new(Engine::Sqlite);
    app.import_fuzhou();
    let said = app.refused_sql("INSERT OR REPLACE INTO return_revision SELECT plan_id, goal_id, region_id, year, month, revision, state, value + 1, base, growth, note, file_name, file_sha256, file_line, reason, recorded_at, recorded_by, row_sha256, audit_seq FROM return_revision WHERE month = 5");
    assert!(said.contains("append-only"), "{said}");
}

#[test]
fn reading_commands_create_nothing() {
    let folder = Folder::new();
    let missing = folder.path().join("typo");
    for command in [&["verify"][..], &["bulletin", "list"], &["export", "csv", "--plan", "x", "--period", "2021-05"]] {
        let mut arguments = command.to_vec();
        arguments.extend(["--data", missing.to_str().unwrap()]);
        let ran = jigai(&arguments);
        assert_eq!(ran.code, 1, "{ran:?}");
        ran.says("不存在，请核对 --data");
    }
    assert!(!missing.exists());
}

#[test]
fn another_programs_database_is_left_alone() {
    let folder = Folder::new();
    let file = folder.write("jigai.db", "");
    tests::execute_sql(&format!("sqlite:{file}"), "CREATE TABLE bookmarks (url TEXT)");
    migrate(&folder).says("别的程序的数据（bookmarks）");
}

#[test]
fn after_a_command_everything_is_in_the_one_file() {
    let app = TestApp::new(Engine::Sqlite);
    app.import_fuzhou();
    let copy = Folder::new();
    std::fs::copy(app.folder.path().join("jigai.db"), copy.path().join("jigai.db")).unwrap();
    jigai(&["verify", "--data", copy.path().to_str().unwrap()]).assert_done().says("报送数据 28 行");
}

fn migrate(folder: &Folder) -> tests::Ran {
    jigai(&["migrate", "--data", folder.path().to_str().unwrap()])
}

#[test]
fn a_file_that_is_no_database_is_left_alone() {
    let folder = Folder::new();
    folder.write("jigai.db", "这不是数据库，只是一个文本文件。");
    let ran = migrate(&folder);
    assert_eq!(ran.code, 1);
    ran.says("不是 jigai 的数据库文件").says("原文件没有改动");
    assert_eq!(std::fs::read_to_string(folder.path().join("jigai.db")).unwrap(), "这不是数据库，只是一个文本文件。");
}

#[test]
fn a_read_only_file_is_said() {
    let folder = Folder::new();
    migrate(&folder).assert_done();
    let file = folder.path().join("jigai.db");
    let mut permissions = std::fs::metadata(&file).unwrap().permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(&file, permissions).unwrap();
    migrate(&folder).says("只读");
}

#[test]
fn a_broken_database_is_said() {
    let folder = Folder::new();
    let mut bytes = b"SQLite format 3\0".to_vec();
    bytes.extend([0x5A; 5000]);
    folder.write("jigai.db", bytes);
    let ran = migrate(&folder);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(!ran.err.contains("panicked"), "{ran:?}");
}

#[test]
fn a_database_of_a_newer_version_is_left_alone() {
    let app = TestApp::new(Engine::Sqlite);
    app.import_fuzhou();
    let url = format!("sqlite:{}", app.folder.path().join("jigai.db").display());
    let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (9999, 'later', 1, x'00', 0)";
    tests::execute_sql(&url, newer);
    let ran = app.jigai(&["verify"]);
    assert_eq!(ran.code, 1);
    ran.says("更新的 jigai").says("请升级");
}

#[test]
fn a_wrong_database_url_is_said() {
    jigai(&["migrate", "--database-url", "mysql://x"]).says("postgres://");
    jigai(&["migrate", "--database-url", "postgres://nobody@127.0.0.1:1/none"]).says("连不上 PostgreSQL");
}
