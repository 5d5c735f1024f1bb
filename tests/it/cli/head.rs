//! `jigai head`, and heads on what leaves the machine: asked for again by `jigai verify --contains`.

use tests::{Office, TestApp, jigai, on_both_databases};

/// All that a Word file says.
fn words(file: &[u8]) -> String {
    use std::io::Read;
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(file)).unwrap();
    let mut document = String::new();
    archive.by_name("word/document.xml").unwrap().read_to_string(&mut document).unwrap();
    document.split('<').filter_map(|mark| mark.split_once('>')).map(|(_, text)| text).collect()
}

on_both_databases! {
    // Attack 8: a chain that was cut short or written anew proves itself; heads that are kept elsewhere do not let it.
    fn a_head_leaves_as_a_file_and_is_asked_for_again(app: TestApp) {
        app.jigai(&["migrate"]).assert_done();
        app.jigai(&["head"]).assert_refused().says("还没有审计记录");
        app.import_fuzhou();
        let file = app.folder.path().join("head.json").display().to_string();
        app.jigai(&["head", "--out", &file]).assert_done().says("请交给别人保管").says(&app.head());
        app.jigai(&["head", "--out", &file]).assert_refused().says("已经存在");
        let printed = app.jigai(&["head"]);
        let said = printed.assert_done().json();
        assert_eq!(said["head"]["hash"], app.head());
        assert_eq!(said["head"]["seq"].to_string(), app.query("SELECT MAX(seq) FROM audit")[0]);
        assert!(said["head"]["database"].as_str().is_some_and(|name| name.contains("jigai")), "{said}");
        assert!(said["public_key"].as_str().is_some_and(|key| key.starts_with("ed25519:")), "{said}");
        app.publish("2021-12", &[]).assert_done();
        app.jigai(&["verify", "--contains", &file]).assert_done().says("要找的 1 条审计记录都在");
        // Another database does not have it; what was changed in the file is no head.
        let other = TestApp::new(if app.is_on(tests::Engine::Sqlite) { tests::Engine::Sqlite } else { tests::Engine::Postgres });
        other.import_fuzhou();
        let ran = other.jigai(&["verify", "--contains", &file]);
        assert_eq!(ran.code, 1, "{ran:?}");
        ran.says("核验不通过");
        let text = std::fs::read_to_string(&file).unwrap();
        for (altered, says) in [
            (text.replace("\"seq\": 2", "\"seq\": 3"), "签名不对"),
            (text.replace("jigai-head-1", "jigai-head-9"), "不是本程序认识的链头文件"),
            (text.replace("ed25519:", "sm2:"), "还不认识"),
            ("{}".to_owned(), "不是 jigai head 做的文件"),
        ] {
            let altered = app.folder.write("altered.json", altered);
            app.jigai(&["verify", "--contains", &altered]).assert_refused().says(says);
        }
    }

    fn editions_print_the_trails_head_and_the_key(app: TestApp) {
        app.import_fuzhou();
        app.publish("2021-12", &[]).assert_done();
        let (seq, hash) = (app.query("SELECT audit_seq FROM edition").remove(0), app.head());
        let key = app.jigai(&["head"]).json()["public_key"].as_str().unwrap().to_owned();
        let file = app.folder.path().join("paper.docx");
        app.jigai(&["export", "docx", "--plan", "fuzhou-2021", "--period", "2021-12", "--output", file.to_str().unwrap()]).assert_done();
        let said = words(&std::fs::read(&file).unwrap());
        assert!(said.contains(&format!("审计链第{seq}条　{hash}　签名公钥 {key}")), "{said}");
        app.jigai(&["verify", "--contains", &format!("{seq}:{hash}")]).assert_done();
        // The key that it was published with stays on it, whatever becomes of the file; and it is covered.
        std::fs::remove_file(app.folder.path().join("signing.key")).unwrap();
        std::fs::remove_file(&file).unwrap();
        app.jigai(&["export", "docx", "--plan", "fuzhou-2021", "--period", "2021-12", "--output", file.to_str().unwrap()]).assert_done();
        assert_eq!(words(&std::fs::read(&file).unwrap()), said);
        app.tamper("edition", &format!("UPDATE edition SET public_key = 'ed25519:{}'", "0".repeat(64)));
        app.jigai(&["verify"]).says("核验不通过").says("通报 fuzhou-2021/2021-12/e1");
    }

    fn the_audit_administrator_takes_a_head_along(app: TestApp) {
        let office = Office::new(app);
        let auditor = office.person("shenji");
        let page = auditor.get("/audit").assert_success();
        page.shows("下载链头");
        assert!(page.links().contains(&"/audit/head".to_owned()));
        let file = auditor.get("/audit/head").assert_success();
        assert!(file.header("content-disposition").contains("jigai-head.json"));
        let app = &office.site.app;
        let written = app.folder.write("head.json", &file.bytes);
        app.jigai(&["verify", "--contains", &written]).assert_done();
        for other in ["shenhe", "xitong", "anquan", "fuqing"] {
            assert_eq!(office.person(other).get("/audit/head").status, 403, "{other}");
        }
        let key = serde_json::from_slice::<serde_json::Value>(&file.bytes).unwrap()["public_key"].as_str().unwrap().to_owned();
        office.site.get("/about").assert_success().shows(&key);
        let key = std::fs::metadata(app.folder.path().join("signing.key")).unwrap();
        assert_eq!(std::os::unix::fs::PermissionsExt::mode(&key.permissions()) & 0o777, 0o600);
    }
}

#[test]
fn a_head_of_no_database_makes_none() {
    let folder = tests::Folder::new();
    let missing = folder.path().join("typo").display().to_string();
    assert_eq!(jigai(&["head", "--data", &missing]).code, 1);
    assert!(!folder.path().join("typo").exists());
}
