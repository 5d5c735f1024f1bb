//! The first day: from an empty site to people on their posts, in the browser alone.

use tests::{Engine, OPEN, PASSWORD, Person, Serving, TestApp, on_both_databases};

/// A site that was set up for 福州市; the cookies of the system and the security administrator.
fn set_up(app: TestApp) -> (Serving, String, String) {
    let site = app.at(OPEN).start(&[]);
    site.wait_for("/setup?token=");
    let link = site.said().into_iter().find(|line| line.contains("/setup?token=")).unwrap();
    let page = site.get(&format!("/setup{}", link.split("/setup").nth(1).unwrap())).assert_success();
    let fields = [
        ("office", "福州市"),
        ("system_login", "xitong"),
        ("system_name", "丁一"),
        ("security_login", "anquan"),
        ("security_name", "沈安"),
        ("audit_login", "shenji"),
        ("audit_name", "严正"),
        ("password", PASSWORD),
        ("again", PASSWORD),
    ];
    assert_eq!(site.as_person("").submit(&page, "main form", &fields).status, 303);
    let system = site.log_in("xitong", PASSWORD);
    let made = site.as_person(&system).post("/admin/people", &[("do", "links")]).assert_success();
    let tokens = tokens(&made.html);
    assert_eq!(tokens.len(), 2, "{}", made.text());
    made.shows("安全管理员").shows("三天内有效");
    let security = site.first_log_in("anquan", &tokens[0]);
    (site, system, security)
}

fn tokens(html: &str) -> Vec<String> {
    html.split("/setup?token=").skip(1).map(|rest| rest[..64].to_owned()).collect()
}

/// Uploads a workbook of these lines and confirms what it would make.
fn enrol(site: &Serving, system: &str, lines: &str) -> tests::Page {
    let file = format!("岗位,单位,姓名,登录名,办公电话\n{lines}\n");
    let seen = site.upload("/admin/people/upload", "a.csv", file.as_bytes(), system).assert_success();
    site.as_person(system).submit(&seen, "form.after", &[("do", "enrol")]).assert_success()
}

fn appoint(security: &Person<'_>) {
    let page = security.get("/admin/people").assert_success();
    let done = security.submit(&page, "#waiting form", &[("do", "appoint")]).assert_success();
    done.shows("已按花名册定岗");
}

on_both_databases! {
    fn a_workbook_brings_people_posts_and_links(app: TestApp) {
        let (site, system, security) = set_up(app);
        let (one, two) = (site.as_person(&system), site.as_person(&security));
        one.get("/").assert_success().shows("开始使用").shows("福州市（350100）").shows("还没有：市级审核员、发布人");
        let blank = one.get("/admin/people/blank.xlsx").assert_success();
        assert!(blank.bytes.starts_with(b"PK"), "{}", blank.bytes.len());
        let unfilled = site.upload("/admin/people/upload", "a.xlsx", &blank.bytes, &system);
        assert_eq!(unfilled.status, 422);
        unfilled.shows("没有写了姓名的行");
        // One wrong cell: nothing is made, and it is named.
        let wrong = "岗位,单位,姓名,登录名,办公电话\n市级审核员,,林敏,shenhe,0591-85212345\n发布人,,陈芳,fabu,abc\n";
        let wrong = site.upload("/admin/people/upload", "a.csv", wrong.as_bytes(), &system);
        assert_eq!(wrong.status, 422);
        wrong.shows("E3").shows("电话“abc”读不懂").shows("没有建任何账号");
        assert_eq!(site.app.query("SELECT COUNT(*) FROM account"), ["3"]);
        let made = enrol(&site, &system, "市级审核员,,林敏,shenhe,0591-85212345\n发布人,,陈芳,fabu,");
        made.shows("2 人的一次性链接").shows("岗位已报给安全管理员");
        let first = tokens(&made.html);
        // The system administrator makes accounts and no post; the security administrator no account.
        assert_eq!(site.app.query("SELECT COUNT(*) FROM post"), ["3"]);
        one.post("/admin/people", &[("do", "appoint"), ("id", "1")]).assert_error(403);
        two.post("/admin/people", &[("do", "enrol"), ("sheets", "[]")]).assert_error(403);
        two.get("/").assert_success().shows("报来 2 人的岗位");
        appoint(&two);
        let reviewer = site.first_log_in("shenhe", &first[0]);
        let reviewer = site.as_person(&reviewer);
        reviewer.get("/").assert_success().shows("福州市审核员待办").shows("新建计划");
        // The plan's region stands there already; a code left out is told at its box.
        let new = reviewer.get("/plans/new").assert_success();
        assert!(new.html.contains("value=\"福州市\"") && new.html.contains("value=\"350100\""), "{}", new.html);
        let plan = tests::contract("fuzhou-2021.plan.toml");
        site.app.jigai_as("350100-city-reviewer", &["import", "plan", plan.to_str().unwrap()]).assert_done();
        // Units are chosen, several at once, and a deputy stands beside a post.
        let posts = two.get("/admin/posts").assert_success();
        posts.shows("福清市（都缺）");
        let done = two.post(
            "/admin/posts/new",
            &[("role", "county_approver"), ("office", "福州市"), ("unit", "350181"), ("unit", "350121")],
        );
        done.assert_success().shows("已建岗位：福清市审核人、闽侯县审核人");
        let made = enrol(
            &site,
            &system,
            "县级填报员,福清市,王强,tb350181,\n填报员B角,福清市,李兰,lilan,\n县级审核人,福清市,赵刚,sh350181,\n领导,,周正,lingdao,",
        );
        appoint(&two);
        let held = site.app.query("SELECT title FROM post WHERE unit = '350181' ORDER BY title");
        assert_eq!(held, ["福清市填报员", "福清市填报员（B角）", "福清市审核人"]);
        let deputy = site.first_log_in("lilan", &tokens(&made.html)[1]);
        site.as_person(&deputy).get("/").assert_success().shows("福清市填报员（B角）待办").shows("去填报");
        // What was over before the unit had its post is taken over by file, marked so; what is open is the unit's own.
        let taken = |period: &str| {
            let file = format!("region,period,value,base,growth_pct,note\n福清市,{period},110.5,100.25,,\n");
            let page = site.upload("/import/fuzhou-2021/upload", "以前.csv", file.as_bytes(), &reviewer.cookie);
            reviewer.submit(&page.assert_success(), "form.import-form", &[("then", "confirm")])
        };
        assert_eq!(taken("2021-05").header("location"), "/import/fuzhou-2021?done=1-0-0");
        let by = site.app.query("SELECT recorded_by FROM return_revision WHERE region_id = '350181'");
        assert_eq!(by, ["福州市审核员 林敏（承接报送开始前的数）"]);
        taken("2021-06").assert_error(422).shows("由福清市填报员在网页上填报");
        // A post by mistake is retired with its reason, asks for nobody and can come back.
        two.get("/").assert_success().shows("闽侯县审核人");
        two.post("/admin/posts/change", &[("post", "350121-county-approver"), ("do", "retire"), ("reason", "")])
            .assert_error(422).shows("请写停用岗位的原因");
        two.post("/admin/posts/change", &[("post", "350121-county-approver"), ("do", "retire"), ("reason", "建错了")])
            .assert_success().shows("岗位已停用").shows("已停用的岗位 1 个");
        assert!(!two.get("/").text().contains("没有人任职的岗位"));
        two.post("/admin/posts/appoint", &[("post", "350121-county-approver"), ("login", "fabu")]).assert_error(422);
        two.post("/admin/posts/change", &[("post", "350121-county-approver"), ("do", "restore")]).assert_success();
        // Who leaves a retired post is nobody any more.
        two.post("/admin/posts/change", &[("post", "350181-county-reporter"), ("do", "retire"), ("reason", "单位撤并")])
            .assert_success();
        assert_eq!(site.as_person(&deputy).get("/account").status, 200);
        assert!(!site.as_person(&deputy).get("/").text().contains("去填报"));
        // Name and telephone are changed, and checked.
        let edit = |name: &str, phone: &str| {
            one.post("/admin/users/change", &[("login", "fabu"), ("do", "edit"), ("name", name), ("phone", phone)])
        };
        edit("", "abc").assert_error(422).shows("请写姓名").shows("电话“abc”读不懂");
        edit("陈芳芳", "0591-85212346 转 12").assert_success().shows("（fabu）的姓名、电话已更改");
        one.get("/admin/users?find=芳芳").assert_success().shows("找到 1 个").shows("0591-85212346 转 12");
        site.app.jigai(&["verify"]).assert_done();
    }
}

#[test]
fn a_workbook_whose_people_changed_meanwhile_makes_no_post() {
    let (site, system, security) = set_up(TestApp::new(Engine::Sqlite));
    enrol(&site, &system, "市级审核员,,林敏,shenhe,\n发布人,,陈芳,fabu,");
    let one = site.as_person(&system);
    one.post("/admin/users/change", &[("login", "fabu"), ("do", "disable")])
        .assert_success()
        .shows("已停用 陈芳（fabu）");
    let two = site.as_person(&security);
    let page = two.get("/admin/people").assert_success();
    let refused = two.submit(&page, "#waiting form", &[("do", "appoint")]);
    refused.assert_error(422).shows("第 3 行 陈芳：这个账号已停用");
    assert_eq!(site.app.query("SELECT COUNT(*) FROM post"), ["3"]);
    // Sent back, the accounts stay and another workbook may come.
    two.submit(&page, "#waiting form", &[("do", "drop")]).assert_success().shows("已退回");
    let again = "岗位,单位,姓名,登录名,办公电话\n市级审核员,,林敏,shenhe,\n";
    let again = site.upload("/admin/people/upload", "a.csv", again.as_bytes(), &system).assert_success();
    again.shows("已有账号，只报岗位");
}
