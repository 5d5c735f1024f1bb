//! A year's pack elsewhere: whose it is, what it proves of other offices without saying a word of them, and what a
//! forger gets through.

use sha2::{Digest, Sha256};
use tests::packs::Pack;
use tests::{Engine, Folder, Office, Ran, TestApp, contract, jigai, on_both_databases, root};

/// What stands in nobody's pack but its own: a unit of another office, and its posts.
const OTHER: &str = "edge.plan.toml";

/// Two offices' figures in one database, and an edition of one.
fn two_offices(app: &TestApp) {
    let of_other = |name: &str| contract(name).display().to_string();
    app.jigai(&["import", "plan", &of_other(OTHER)]).assert_done();
    app.jigai(&["import", "returns", "--plan", "edge", &of_other("edge.returns.csv")]).assert_done();
    app.import_fuzhou();
    app.publish("2021-12", &[]).assert_done();
}

fn pack(app: &TestApp) -> Pack {
    let file = app.folder.path().join("pack.zip");
    let _ = std::fs::remove_file(&file);
    let output = file.to_str().unwrap();
    app.jigai(&["export", "assessment", "--plan", "fuzhou-2021", "--output", output]).assert_done();
    Pack::read(&std::fs::read(file).unwrap())
}

/// On a machine without the database.
fn verify(pack: &Pack, key: Option<&str>) -> Ran {
    let folder = Folder::new();
    let file = folder.write("pack.zip", pack.bytes());
    let data = folder.path().join("data").display().to_string();
    match key {
        Some(key) => jigai(&["verify", &file, "--key", key, "--data", &data]),
        None => jigai(&["verify", &file, "--data", &data]),
    }
}

fn public_key(pack: &Pack) -> String {
    let manifest: serde_json::Value = serde_json::from_str(&pack.text("manifest.json")).unwrap();
    manifest["public_key"].as_str().unwrap().to_owned()
}

fn seed(app: &TestApp) -> Vec<u8> {
    std::fs::read(app.folder.path().join("signing.key")).unwrap()
}

/// How a check of what a forger changed ends, and what it says: nothing that reads like success.
#[track_caller]
fn ends(forged: &Pack, key: Option<&str>, code: i32, says: &str) {
    let ran = verify(forged, key);
    assert_eq!(ran.code, code, "{ran:?}");
    ran.says(says);
    assert!(code == 0 || !ran.out.contains("核验通过"), "{ran:?}");
    assert!(!ran.out.contains(['\u{1b}', '\r']) && !ran.err.contains(['\u{1b}', '\r']), "{ran:?}");
}

/// Every link of a pack's trail by `SHA-256` alone, with nothing of the program's: the rows that show nothing, and all.
fn links(pack: &Pack) -> (usize, usize) {
    let sha256 = |text: &str| hex::encode(Sha256::digest(text.as_bytes()));
    let (mut hidden, mut seen, mut previous) = (0, 0, "0".repeat(64));
    for line in pack.text("evidence/audit.jsonl").lines() {
        let row: serde_json::Map<String, serde_json::Value> = serde_json::from_str(line).unwrap();
        seen += 1;
        assert_eq!(row["seq"], seen);
        assert_eq!(row["form"], 2);
        let body = match row.get("body_sha256") {
            Some(body) => {
                hidden += 1;
                let names: Vec<&String> = row.keys().collect();
                assert_eq!(names, ["body_sha256", "form", "hash", "seq"]);
                body.as_str().unwrap().to_owned()
            }
            None => {
                let mut body = row.clone();
                body.retain(|name, _| ["action", "actor", "at", "detail", "object"].contains(&name.as_str()));
                sha256(&serde_json::to_string(&body).unwrap())
            }
        };
        assert_eq!(row["hash"], sha256(&format!("{seen}{previous}{body}")), "{seen}");
        previous = row["hash"].as_str().unwrap().to_owned();
    }
    (hidden, seen as usize)
}

on_both_databases! {
    // Attack 4: a pack held the whole trail, with everybody's log-ins and addresses, and other offices' revisions.
    fn no_other_office_is_in_a_pack_and_every_link_is_proved(app: TestApp) {
        two_offices(&app);
        let office = Office::new(app);
        assert_ne!(office.site.post("/login", &tests::form(&[("login", "minhou"), ("password", "wrong")]), &[("cookie", "")]).status, 303);
        let made = pack(&office.site.app);
        let words = made.words();
        for absent in ["edge", "甲县", "127.0.0.1", "address", "account/", "post/", "minhou", "xitong", "log_in"] {
            assert!(!words.contains(absent), "{absent}");
        }
        let (hidden, all) = links(&made);
        let of_plan = office.site.app.query("SELECT COUNT(*) FROM audit WHERE object = 'fuzhou-2021' OR object LIKE 'fuzhou-2021/%'");
        assert_eq!((all - hidden).to_string(), of_plan[0]);
        let ran = verify(&made, Some(&public_key(&made)));
        ran.assert_done().says("核验通过").says(&format!("审计链有 {hidden} 条不属于本计划，只列哈希，每一环都核对过"));
        // A commitment that was changed, and one in the place of a row.
        let body = made.text("evidence/audit.jsonl").lines().next().unwrap()[16..80].to_owned();
        ends(&made.clone().replaced("evidence/audit.jsonl", &body, &"0".repeat(64)).forged(), None, 1, "审计记录第 1 条被改动过");
        ends(&made.clone().replaced("evidence/audit.jsonl", "\"body_sha256\"", "\"was\"").forged(), None, 1, "读不懂");
    }

    fn a_pack_is_its_offices_by_its_signature(app: TestApp) {
        two_offices(&app);
        let made = pack(&app);
        let key = public_key(&made);
        app.jigai(&["verify", &app.folder.path().join("pack.zip").display().to_string()]).assert_done().says("正是要核对的公钥");
        verify(&made, None).assert_done().says("核验通过").says("是不是该单位的公钥没有核对");
        verify(&made, Some(&key.to_uppercase())).assert_done().says("正是要核对的公钥");
        let other = format!("ed25519:{}", "0".repeat(64));
        let ran = verify(&made, Some(&other));
        assert_eq!(ran.code, 1, "{ran:?}");
        ran.says("核验不通过").says("不是写明的");
        for wrong in ["", "ed25519", "ed25519:12", &key[..70]] {
            verify(&made, Some(wrong)).assert_refused().says("64 位十六进制数");
        }
        // The signature of another list, none, one that cannot be read, and a suite that comes later.
        ends(&made.clone().replaced("推导过程.txt", "永泰县", "永太县").listed(), None, 1, "签名不对");
        ends(&made.clone().without("SHA256SUMS.sig"), Some(&key), 1, "SHA256SUMS.sig 不见了");
        ends(&made.clone().put("SHA256SUMS.sig", "{}"), None, 1, "SHA256SUMS.sig 读不懂");
        let later = made.clone().replaced("manifest.json", "\"program\":\"jigai ", "\"program\":\"jigai 9 ");
        let later = later.replaced("manifest.json", "ed25519:", "sm2:").listed().replaced("SHA256SUMS.sig", "ed25519:", "sm2:");
        ends(&later, None, 3, "本程序还不认识 sm2:");
        ends(&later, Some(&key), 1, "不是写明的");
        // What is another's is not this office's, here where its key lies.
        let forged = app.folder.write("forged.zip", made.clone().forged().bytes());
        let ran = app.jigai(&["verify", &forged]);
        assert_eq!(ran.code, 1, "{ran:?}");
        ran.says("不是本数据文件夹的").says("--key");
    }

    // Attack 3: another program's name, faces or escapes switched checks off, and the pack passed.
    fn what_was_not_compared_is_not_passed(app: TestApp) {
        two_offices(&app);
        let made = pack(&app);
        let key = public_key(&made);
        let program = |to: &str| made.clone().replaced("manifest.json", "\"program\":\"jigai ", to);
        let faces = |of: Pack| of.replaced("manifest.json", "\"faces\":[]", "\"faces\":[\"x\"]");
        let pdf = b"%PDF-1.7 forged".to_vec();
        let older = program("\"program\":\"jigai 0.1.1 ");
        // The papers of another program are nobody's word, unless the office's.
        for forged in [
            older.clone().put("结果通知.pdf", pdf.clone()),
            older.clone().put("推导过程.txt", "【永泰县】结果 +9").replaced("index.html", "已完成", "完成了"),
            faces(older.clone()).put("结果通知.pdf", pdf.clone()),
            program("\"program\":\"\\u001b[2K\\u001b[1A\\r核验通过 jigai ").put("结果通知.pdf", pdf.clone()),
        ] {
            ends(&forged.clone().forged(), None, 3, "没有比较");
            ends(&forged.signed(&seed(&app)), Some(&key), 0, "由签名担保");
        }
        // Faces switch nothing off but the PDF, and that not quietly.
        let faced = faces(made.clone()).put("结果通知.pdf", pdf.clone());
        ends(&faced.clone().signed(&seed(&app)), None, 3, "PDF 用了本单位字体");
        ends(&faced.clone().forged(), None, 1, "index.html 与由记录重做的不同");
        ends(&faced.clone().forged(), Some(&key), 1, "不是写明的");
        ends(&faced.listed(), None, 1, "签名不对");
        // Rows and result are proved whoever signs.
        for (forged, says) in [
            (faces(made.clone()).put("结果通知.docx", "PK"), "结果通知.docx 与由记录重做的不同"),
            (made.clone().put("结果通知.pdf", pdf), "结果通知.pdf 与由记录重做的不同"),
            (older.clone().replaced("result.json", "\"0.3\"", "\"0.2\""), "result.json"),
            (older.clone().replaced("editions/2021-12.e1.json", "全市", "全省"), "editions/2021-12.e1.json"),
            (older.clone().replaced("manifest.json", "\"year\":2021", "\"year\":2021,\"more\":1"), "manifest.json 读不懂"),
            (older.replaced("manifest.json", "\"demo\":false", "\"demo\":true"), "manifest.json 与记录不符"),
            (made.clone().replaced("manifest.json", "\"format\":2", "\"format\":1"), "对不上"),
            (made.clone().replaced("manifest.json", "\"format\":2", "\"format\":3"), "只认第 1、2 版"),
        ] {
            ends(&forged.signed(&seed(&app)), Some(&key), 1, says);
        }
    }

    // Rows of before keep the form they were written in; what is hidden of them is said by its number.
    fn rows_of_the_older_form_are_proved_in_it(app: TestApp) {
        app.restore_released("schema-7");
        app.jigai(&["migrate"]).assert_done();
        app.jigai(&["verify"]).assert_done();
        let old: i64 = app.query("SELECT MAX(seq) FROM audit WHERE form = 1")[0].parse().unwrap();
        app.jigai_as("system-security-admin", &["user", "policy", "idle_minutes", "45"]).assert_done();
        assert_eq!(app.query(&format!("SELECT COUNT(*) FROM audit WHERE form = 1 AND seq <= {old}")), [old.to_string()]);
        assert_eq!(app.query(&format!("SELECT COUNT(*) FROM audit WHERE form = 2 AND seq > {old}")), ["2"], "the seals, and the policy");
        app.jigai(&["verify"]).assert_done();
        let made = pack(&app);
        let ran = verify(&made, Some(&public_key(&made)));
        ran.assert_done().says("考核（已办结）").says("写于旧格式").says("其余每一环都核对过").says("第 1—");
        assert!(!made.words().contains("log_in") && made.text("index.html").contains("写于旧格式"));
        ends(&made.clone().replaced("manifest.json", "\"unproved_links\":[[1,", "\"unproved_links\":[[2,").forged(), None, 1, "manifest.json 与记录不符");
        // Into the other engine and back to a pack: the form goes along.
        let backup = app.folder.path().join("b.db").display().to_string();
        app.jigai(&["backup", &backup]).assert_done();
        let other = TestApp::new(if app.is_on(Engine::Sqlite) { Engine::Postgres } else { Engine::Sqlite });
        other.jigai(&["restore", &backup]).assert_done();
        other.jigai(&["verify"]).assert_done().says(&app.head());
        assert_eq!(other.query("SELECT form FROM audit ORDER BY seq"), app.query("SELECT form FROM audit ORDER BY seq"));
        // A row that says it was written in another form is told, also one that would fit behind newer ones.
        let unlocked = |sql: &str| { app.tamper("audit", sql); app.jigai(&["verify"]) };
        let ran = unlocked(&format!("UPDATE audit SET form = 2 WHERE seq = {old}"));
        assert_eq!(ran.code, 1, "{ran:?}");
        ran.says("核验不通过").says(&format!("审计记录第 {old} 条"));
    }
}

/// Packs that were made before they were signed are read as they were: the papers of another program are not compared.
#[test]
fn packs_of_the_first_format_are_read() {
    let file = root().join("tests/fixtures/packs/format-1.zip");
    let made = Pack::read(&std::fs::read(file).unwrap());
    let ran = verify(&made, None);
    assert_eq!(ran.code, 3, "{ran:?}");
    ran.says("只核验了一部分").says("没有签名（第1版格式的归档包）").says("晋安区 +0.3").says("报送数据 28 行");
    for (forged, says) in [
        (made.clone().replaced("evidence/audit.jsonl", "edge", "edgy"), "哈希对不上"),
        (made.clone().replaced("evidence/audit.jsonl", "\"seq\":1", "\"seq\":1,\"form\":2"), "哈希对不上"),
        (made.clone().replaced("result.json", "\"0.3\"", "\"0.2\""), "result.json"),
        (made.clone().put("evidence/more.jsonl", ""), "不是归档包里应有的文件"),
        (made.clone().put("evidence/reading_choice.jsonl", "{}"), "核验不通过"),
        (made.clone().without("evidence/return_revision.jsonl"), "核验不通过"),
    ] {
        ends(&forged.listed(), None, 1, says);
    }
    ends(&made.clone().put("SHA256SUMS.sig", "{}"), None, 1, "SHA256SUMS.sig");
    ends(&made, Some(&format!("ed25519:{}", "0".repeat(64))), 1, "没有签名");
}
