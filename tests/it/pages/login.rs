//! `/login`, `/setup`, `/account`: coming, going, and everybody who should not.

use tests::{OPEN, Office, PASSWORD, Serving, TestApp, form, on_both_databases};

/// Starts with these people only, and with one line in the log for each password that is verified.
fn one_person(app: TestApp) -> (Serving, String) {
    app.jigai(&["migrate"]).assert_done();
    let tokens = app.administrators();
    let site = app.at(OPEN).start(&[]);
    site.first_log_in("xitong", &tokens[0]);
    (site, tokens[1].clone())
}

fn try_log_in(site: &Serving, login: &str, password: &str, cookie: &str) -> tests::Page {
    site.post("/login", &form(&[("login", login), ("password", password)]), &[("cookie", cookie)])
}

on_both_databases! {
    fn the_first_start_prints_a_link_that_works_once(app: TestApp) {
        let site = app.at(OPEN).start(&[]);
        site.wait_for("/setup?token=");
        let link = site.said().into_iter().find(|line| line.contains("/setup?token=")).unwrap();
        let path = format!("/setup{}", link.split("/setup").nth(1).unwrap());
        let page = site.get(&path).assert_success();
        page.shows("三个人、三个账号").shows("密码策略“等保”");
        let person = site.as_person("");
        let people = [("office", "福州市"), ("system_login", "Xitong"), ("system_name", "丁一"), ("security_login", "anquan"), ("security_name", "沈安"), ("audit_login", "anquan"), ("audit_name", "严正")];
        let with = |more: &[(&'static str, &'static str)]| [&people[..], more].concat();
        let all_wrong = [("office", "某市"), ("system_phone", "abc"), ("password", "short"), ("again", "shorter")];
        let refused = person.submit(&page, "main form", &with(&all_wrong));
        assert_eq!(refused.status, 422);
        // Everything that is wrong is said at once.
        refused.shows("三个不同的登录名").shows("“某市”在名录里没有").shows("电话“abc”读不懂").shows("只有5位").shows("两次输入的密码不一样");
        let refused = person.submit(&page, "main form", &with(&[("audit_login", "shenji"), ("password", "short"), ("again", "short")]));
        refused.shows("只有5位");
        // What was typed is kept, secrets are not.
        assert!(refused.html.contains("value=\"丁一\"") && !refused.html.contains("short"), "{}", refused.html);
        let done = person.submit(&page, "main form", &with(&[("audit_login", "shenji"), ("password", PASSWORD), ("again", PASSWORD)]));
        assert_eq!((done.status, done.header("location")), (303, "/login?ready=1"), "{}", done.text());
        site.get(&path).assert_error(410).shows("已用过或已过期");
        let again = person.submit(&page, "main form", &with(&[("audit_login", "other"), ("password", PASSWORD), ("again", PASSWORD)]));
        again.shows("已用过或已过期");
        let cookie = site.log_in("xitong", PASSWORD);
        // The other two get their links on the page of accounts.
        let admin = site.as_person(&cookie);
        let users = admin.get("/").assert_success();
        users.shows("沈安").shows("未设密码");
        let shown = admin.post("/admin/users/change", &[("login", "anquan"), ("do", "link")]).assert_success();
        let token = shown.html.split("/setup?token=").nth(1).unwrap()[..64].to_owned();
        site.first_log_in("anquan", &token);
        site.get(&format!("/setup?token={token}")).assert_error(410);
        // No second link is printed once there are accounts.
        let again = site.stop().start(&[]);
        again.get("/login").assert_success();
        assert!(!again.said().iter().any(|line| line.contains("/setup")), "{:?}", again.said());
    }

    fn a_link_expires(app: TestApp) {
        let site = app.at(OPEN).start(&[]);
        site.wait_for("/setup?token=");
        let link = site.said().into_iter().find(|line| line.contains("/setup?token=")).unwrap();
        let path = format!("/setup{}", link.split("/setup").nth(1).unwrap());
        let later = site.stop().at("2021-07-03T09:30:05+08:00").start(&[]);
        later.get(&path).assert_error(410);
    }

    fn every_failure_reads_the_same_and_verifies_once(app: TestApp) {
        let app = app.logging("jigai::passwords=debug");
        let (site, token) = one_person(app);
        site.first_log_in("anquan", &token);
        let disabled = site.app.jigai_as("system-system-admin", &["user", "disable", "anquan"]);
        disabled.assert_done();
        let count = || site.said().iter().filter(|line| line.contains("one argon2 verification")).count();
        let mut answers = Vec::new();
        for (login, password) in [("nobody", PASSWORD), ("xitong", "wrong"), ("anquan", PASSWORD), ("shenji", PASSWORD), ("", ""), ("坏 名字", "x")] {
            let before = count();
            let answer = try_log_in(&site, login, password, "");
            site.settle(|| count() > before);
            assert_eq!(count() - before, 1, "{login}");
            answers.push((answer.status, answer.html.replace(&format!("value=\"{login}\""), "value=\"\"")));
        }
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
        assert_eq!(answers[0].0, 401);
        let before = count();
        site.log_in("xitong", PASSWORD);
        site.settle(|| count() > before);
        assert_eq!(count() - before, 1);
    }

    fn five_failures_lock_other_browsers_but_not_ones_own(app: TestApp) {
        let (site, _) = one_person(app);
        let own = site.log_in("xitong", PASSWORD);
        let device = own.split("; ").find(|pair| pair.starts_with("jigai-device=")).unwrap().to_owned();
        for _ in 0..5 {
            assert_eq!(try_log_in(&site, "xitong", "wrong", "").status, 401);
        }
        let locked = try_log_in(&site, "xitong", PASSWORD, "");
        assert_eq!(locked.status, 401);
        locked.shows("没有登录成功");
        // Somebody failing elsewhere locks nobody out of his own desk, nor anybody else.
        assert_eq!(try_log_in(&site, "xitong", PASSWORD, &device).status, 303);
        // The counter is in the database, not in the program.
        let site = site.stop().at("2021-07-03T09:05:00+08:00").start(&[]);
        assert_eq!(try_log_in(&site, "xitong", PASSWORD, "").status, 401);
        site.app.jigai_as("system-system-admin", &["user", "unlock", "xitong"]).assert_done();
        assert_eq!(try_log_in(&site, "xitong", PASSWORD, "").status, 303);
        for _ in 0..5 {
            try_log_in(&site, "xitong", "wrong", "");
        }
        assert_eq!(try_log_in(&site, "xitong", PASSWORD, "").status, 401);
        let later = site.stop().at("2021-07-03T09:21:00+08:00").start(&[]);
        assert_eq!(try_log_in(&later, "xitong", PASSWORD, "").status, 303);
    }

    // F11: what was written before the clock was set back neither locks anybody nor keeps five new failures from it.
    fn a_clock_set_back_leaves_the_lock_in_force(app: TestApp) {
        let (site, _) = one_person(app);
        for _ in 0..5 {
            try_log_in(&site, "xitong", "wrong", "");
        }
        assert_eq!(try_log_in(&site, "xitong", PASSWORD, "").status, 401);
        site.app.jigai_as("system-system-admin", &["user", "unlock", "xitong"]).assert_done();
        let site = site.stop().at("2021-06-11T09:00:00+08:00").start(&[]);
        assert_eq!(try_log_in(&site, "xitong", PASSWORD, "").status, 303);
        for _ in 0..5 {
            assert_eq!(try_log_in(&site, "xitong", "wrong", "").status, 401);
        }
        assert_eq!(try_log_in(&site, "xitong", PASSWORD, "").status, 401);
        // Another copy, whose clock is five minutes behind, knows of them, too.
        let behind = site.stop().at("2021-06-11T08:55:00+08:00").start(&[]);
        assert_eq!(try_log_in(&behind, "xitong", PASSWORD, "").status, 401);
    }

    fn a_session_is_new_at_every_log_in_and_only_its_hash_is_kept(app: TestApp) {
        let (site, _) = one_person(app);
        let planted = "jigai=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
        let first = try_log_in(&site, "xitong", PASSWORD, planted);
        let set: Vec<&str> = first.headers.iter().filter(|(name, _)| name == "set-cookie").map(|(_, value)| value.as_str()).collect();
        assert!(set.len() == 2 && set.iter().all(|cookie| cookie.contains("; HttpOnly; SameSite=Lax") && cookie.contains("; Path=/")), "{set:?}");
        let cookie = first.cookies();
        assert!(!cookie.contains("aaaaaaaa"));
        site.get_with("/account", &[("cookie", planted), ("no-redirect", "1")]).assert_status(303);
        // A second log-in in the same browser ends the first.
        let second = try_log_in(&site, "xitong", PASSWORD, &cookie).cookies();
        site.get_with("/account", &[("cookie", &cookie), ("no-redirect", "1")]).assert_status(303);
        site.get_with("/account", &[("cookie", &second)]).assert_success();
        let token = second.split("; ").find_map(|pair| pair.strip_prefix("jigai=")).unwrap();
        let stored = site.app.query("SELECT token_sha256 FROM session").concat() + &site.app.query("SELECT detail FROM audit").concat();
        assert!(!stored.contains(token));
        site.as_person(&second).post("/logout", &[]);
        site.get_with("/account", &[("cookie", &second), ("no-redirect", "1")]).assert_status(303);
    }

    fn behind_https_the_cookie_says_so(app: TestApp) {
        app.jigai(&["migrate"]).assert_done();
        let tokens = app.administrators();
        let site = app.start(&["--behind-https"]);
        site.post("/setup", &form(&[("token", &tokens[0]), ("password", PASSWORD), ("again", PASSWORD)]), &[]);
        let answer = try_log_in(&site, "xitong", PASSWORD, "");
        let cookie = answer.header("set-cookie");
        assert!(cookie.starts_with("__Host-jigai=") && cookie.contains("; Secure"), "{cookie}");
    }

    // Attack 14: a plan needed its reviewer and the reviewer's post its plan, so that no office could come later.
    fn a_new_office_comes_at_any_time(app: TestApp) {
        let office = Office::new(app);
        let security = office.person("anquan");
        security.get("/admin/posts").assert_success().shows("漳州市 350600");
        let add = |fields: &[(&str, &str)]| security.post("/admin/posts/new", fields);
        add(&[("role", "city_reviewer"), ("office", "宜宾市")]).assert_status(422).shows("连行政区划代码一起写").shows("福州市");
        add(&[("role", "city_reviewer"), ("office", "漳州市 350100")]).assert_status(422).shows("350100 是福州市的代码");
        // Left out it is the site's only one.
        add(&[("role", "leader"), ("office", " ")]).assert_success().shows("已建岗位：福州市领导");
        // One of the list that ships is known by its name.
        add(&[("role", "leader"), ("office", "厦门市")]).assert_success();
        add(&[("role", "county_reporter"), ("office", "漳州市 350600"), ("unit", "龙海区")]).assert_status(422).shows("请先设市级审核员");
        add(&[("role", "city_reviewer"), ("office", "漳州市 350600")]).assert_success();
        security.get("/admin/posts").assert_success().shows("350600-city-reviewer");
        let plan = std::fs::read_to_string(tests::contract("fuzhou-2021.plan.toml")).unwrap();
        let plan = plan.replace("fuzhou-2021", "zhangzhou-2021").replace("350100", "350600").replace("福州市", "漳州市");
        let app = &office.site.app;
        app.account("system-system-admin", "zhangzhou");
        app.jigai_as("system-security-admin", &["post", "appoint", "350600-city-reviewer", "zhangzhou"]).assert_done();
        let file = app.folder.write("zhangzhou.toml", plan);
        app.jigai_as("350600-city-reviewer", &["import", "plan", &file]).assert_done();
        for named in ["漳州市", "350600", "350600 漳州市"] {
            add(&[("role", "county_reporter"), ("office", named), ("unit", "福清市")]).assert_success();
        }
        app.jigai(&["verify"]).assert_done();
    }

    // Attack 13: behind a proxy all clients shared one address, and any client could write another's.
    fn the_trail_names_the_client_behind_a_trusted_proxy(app: TestApp) {
        app.jigai(&["migrate"]).assert_done();
        app.administrators();
        let addresses = |site: &Serving| site.app.query("SELECT address FROM login_failure_day ORDER BY last_at DESC LIMIT 1").concat();
        let fail = |site: &Serving| {
            let body = form(&[("login", "xitong"), ("password", "wrong")]);
            site.post("/login", &body, &[("x-forwarded-for", "1.1.1.1, 203.0.113.7")]).assert_status(401);
        };
        let site = app.start(&["--trusted-proxy", "127.0.0.1", "--trusted-proxy", "10.0.0.0/24"]);
        fail(&site);
        assert!(addresses(&site).contains("203.0.113.7"), "{}", addresses(&site));
        let site = site.stop().start(&[]);
        fail(&site);
        assert!(addresses(&site).contains("127.0.0.1"), "{}", addresses(&site));
        site.stop().jigai(&["serve", "--trusted-proxy", "proxy.example"]).assert_refused().says("10.0.0.0/24");
    }

    fn a_site_that_has_names_answers_by_no_other(app: TestApp) {
        app.jigai(&["migrate"]).assert_done();
        app.jigai(&["serve", "--host", "https://jigai.fz.gov.cn/"]).assert_refused().says("不带 https://");
        let site = app.start(&["--host", "jigai.fz.gov.cn"]);
        let ask = |host: &str, path: &str| site.raw(&format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"));
        assert!(ask("jigai.fz.gov.cn", "/login").starts_with("HTTP/1.1 200"));
        let other = ask("evil.example", "/login");
        assert!(other.starts_with("HTTP/1.1 421") && other.contains("--host"), "{other}");
        assert!(ask("127.0.0.1", "/readyz").starts_with("HTTP/1.1 200"));
    }

    // Attack 13: a browser that says neither where a form comes from nor how was turned away at its own site.
    fn a_referer_says_where_a_form_comes_from(app: TestApp) {
        app.jigai(&["migrate"]).assert_done();
        app.administrators();
        let site = app.start(&[]);
        let body = form(&[("login", "xitong"), ("password", "wrong")]);
        let from = |referer: &str| site.post("/login", &body, &[("no-origin", ""), ("referer", referer)]).status;
        assert_eq!(from(&format!("{}/login", site.base)), 401);
        assert_eq!(from("https://evil.example/login"), 403);
        assert_eq!(site.post("/login", &body, &[("no-origin", "")]).status, 403);
    }

    fn a_session_ends_by_idleness_and_by_age(app: TestApp) {
        let (site, _) = one_person(app);
        let cookie = site.log_in("xitong", PASSWORD);
        let get = |site: &Serving| site.get_with("/account", &[("cookie", &cookie), ("no-redirect", "1")]).status;
        let site = site.stop().at("2021-07-03T09:29:30+08:00").start(&[]);
        assert_eq!(get(&site), 200);
        let site = site.stop().at("2021-07-03T09:58:00+08:00").start(&[]);
        assert_eq!(get(&site), 200);
        let site = site.stop().at("2021-07-03T10:28:30+08:00").start(&[]);
        assert_eq!(get(&site), 303);
        site.app.jigai_as("system-security-admin", &["user", "policy", "idle_minutes", "240"]).assert_done();
        let cookie = site.log_in("xitong", PASSWORD);
        let mut site = site;
        for hour in [14, 18, 22] {
            site = site.stop().at(&format!("2021-07-03T{hour}:20:00+08:00")).start(&[]);
            assert_eq!(site.get_with("/account", &[("cookie", &cookie)]).status, 200, "{hour}");
        }
        let site = site.stop().at("2021-07-03T22:30:00+08:00").start(&[]);
        site.get_with("/account", &[("cookie", &cookie), ("no-redirect", "1")]).assert_status(303);
    }

    fn a_password_grows_old_and_old_ones_do_not_come_back(app: TestApp) {
        let (site, _) = one_person(app);
        // It is said two weeks ahead.
        let mut site = site;
        for (day, said) in [("2021-09-16", None), ("2021-09-17", Some("还有14天到期（2021年10月1日）")), ("2021-09-30", Some("还有1天到期"))] {
            site = site.stop().at(&format!("{day}T10:00:00+08:00")).start(&[]);
            let home = site.get_with("/", &[("cookie", &site.log_in("xitong", PASSWORD))]).assert_success();
            match said {
                Some(said) => home.shows(said),
                None => home.lacks("到期"),
            };
        }
        let set = |days: &str| site.app.jigai_as("system-security-admin", &["user", "policy", "password_days", days]);
        set("7").says("30 至 365");
        set("120").assert_done().says("password_days 120");
        site.get_with("/", &[("cookie", &site.log_in("xitong", PASSWORD))]).assert_success().lacks("到期");
        set("90").assert_done();
        let site = site.stop().at("2021-10-02T09:00:00+08:00").start(&[]);
        let cookie = site.log_in("xitong", PASSWORD);
        let person = site.as_person(&cookie);
        site.get_with("/admin/users", &[("cookie", &cookie), ("no-redirect", "1")]).assert_status(303);
        let page = person.get("/account").assert_success();
        page.shows("密码已到更换期限");
        let change = |current: &str, new: &str| person.submit(&page, "form[action='/account/password']", &[("current", current), ("password", new), ("again", new)]);
        let said = change("wrong", "Another-good-1");
        assert_eq!(said.status, 422);
        said.shows("密码不对，没有更改");
        change(PASSWORD, PASSWORD).shows("最近用过");
        change(PASSWORD, "aB1!").shows("请至少用8位");
        change(PASSWORD, "alllowercase").shows("字符种类太少");
        change(PASSWORD, "Xitong123").shows("太常见");
        let done = change(PASSWORD, "Vp7-lantern-ridge");
        assert_eq!(done.status, 303, "{}", done.text());
        // All sessions are over.
        site.get_with("/account", &[("cookie", &cookie), ("no-redirect", "1")]).assert_status(303);
        let cookie = site.log_in("xitong", "Vp7-lantern-ridge");
        site.get_with("/admin/users", &[("cookie", &cookie)]).assert_success();
        site.app.jigai_as("system-security-admin", &["user", "policy", "password_policy", "asvs"]).assert_done();
        site.get_with("/account", &[("cookie", &cookie)]).assert_success().shows("不定期更换");
    }

    fn a_second_factor_is_asked_for_and_used_once(app: TestApp) {
        let (site, _) = one_person(app);
        let cookie = site.log_in("xitong", PASSWORD);
        let person = site.as_person(&cookie);
        let elsewhere = site.log_in("xitong", PASSWORD);
        assert_eq!(person.post("/account/totp", &[("do", "begin")]).status, 303);
        let page = person.get("/account").assert_success();
        let seed = page.all("code.seed").concat();
        assert!(!site.app.query("SELECT sealed FROM totp_pending").concat().contains(&seed));
        // Attack 13: a seed that the page brings along is nobody's.
        let own = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
        assert!(page.html.contains("src=\"data:image/png;base64,"));
        let totp = totp_rs::Builder::new().with_secret(totp_rs::Secret::try_from_base32(&seed).unwrap()).with_account_name("xitong").build().unwrap();
        // The site's clock stands at 9:00 and runs.
        let nine = 1_625_274_000;
        let code = |seconds: u64| totp.generate(nine + seconds).to_string();
        let wrong = person.submit(&page, "form[action='/account/totp']", &[("current", PASSWORD), ("code", "000000"), ("do", "on")]);
        assert_eq!(wrong.status, 422);
        wrong.shows("动态码不对");
        assert!(wrong.html.contains(&seed), "the seed that was scanned stays");
        let theirs = totp_rs::Builder::new().with_secret(totp_rs::Secret::try_from_base32(own).unwrap()).with_account_name("xitong").build().unwrap();
        let planted = [("current", PASSWORD), ("code", &theirs.generate(nine).to_string()), ("do", "on"), ("seed", own)];
        assert_eq!(person.post("/account/totp", &planted).status, 422);
        let on = person.submit(&page, "form[action='/account/totp']", &[("current", PASSWORD), ("code", &code(0)), ("do", "on")]);
        assert_eq!(on.status, 303, "{}", on.text());
        // Whoever was logged in elsewhere is out, and the person is told.
        site.get_with("/account", &[("cookie", &elsewhere), ("no-redirect", "1")]).assert_status(303);
        person.get("/").assert_success().shows("您的两步验证于").shows("由系统管理员 xitong甲开启");
        assert!(!site.app.query("SELECT totp_secret FROM account WHERE login = 'xitong'").concat().contains(&seed));
        let attempt = |code: &str| site.post("/login", &form(&[("login", "xitong"), ("password", PASSWORD), ("code", code)]), &[("cookie", "")]);
        assert_eq!(attempt("").status, 401);
        assert_eq!(attempt(&code(0)).status, 401, "the code that switched it on is used up");
        let next = code(30);
        assert_eq!(attempt(&next).status, 303);
        let replayed = attempt(&next);
        assert_eq!(replayed.status, 401);
        replayed.shows("没有登录成功");
        site.app.jigai_as("system-system-admin", &["user", "forget-totp", "xitong"]).assert_done().says("要由安全管理员确认");
        site.app.jigai(&["user", "requests"]).assert_done().says("1  关闭系统管理员 xitong甲（xitong）的两步验证");
        assert_eq!(attempt("").status, 401);
        site.app.jigai_as("system-security-admin", &["user", "confirm", "1"]).assert_done().says("两步验证已关闭");
        assert_eq!(attempt("").status, 303);
    }

    fn sessions_are_listed_and_ended(app: TestApp) {
        let (site, _) = one_person(app);
        let (here, there) = (site.log_in("xitong", PASSWORD), site.log_in("xitong", PASSWORD));
        let person = site.as_person(&here);
        let page = person.get("/account").assert_success();
        // The set-up's own log-in is the third.
        assert_eq!(page.all("table tbody tr").len(), 3, "{}", page.text());
        page.shows("（当前）");
        person.post("/account/sessions", &[("session", "")]);
        for cookie in [&here, &there] {
            site.get_with("/account", &[("cookie", cookie), ("no-redirect", "1")]).assert_status(303);
        }
        site.app.jigai(&["user", "sessions", "xitong"]).assert_done().says("现在没有登录");
    }

    fn a_lock_cannot_be_outrun(app: TestApp) {
        let (site, _) = one_person(app);
        let answers: Vec<u16> = std::thread::scope(|scope| {
            let tries: Vec<_> = (0..24)
                .map(|count| {
                    let site = &site;
                    // The right one comes last of all that were sent at once.
                    let password = if count == 23 { PASSWORD.to_owned() } else { format!("wrong-{count}") };
                    std::thread::sleep(std::time::Duration::from_millis(5));
                    scope.spawn(move || try_log_in(site, "xitong", &password, "").status)
                })
                .collect();
            tries.into_iter().map(|one| one.join().unwrap()).collect()
        });
        assert_eq!(answers, [401; 24]);
    }

    fn a_link_from_before_opens_no_new_post(app: TestApp) {
        let office = Office::new(app);
        let token = office.site.app.account("system-system-admin", "xinren");
        office.site.first_log_in("xinren", &token);
        let said = office.site.app.jigai_as("system-system-admin", &["user", "link", "xinren"]);
        let kept = said.assert_done().out.split("token=").nth(1).unwrap()[..64].to_owned();
        office.site.app.jigai_as("system-security-admin", &["post", "add", "--role", "security_admin", "--login", "xinren"]).assert_done();
        office.site.get(&format!("/setup?token={kept}")).assert_error(410);
        office.site.app.jigai_as("system-system-admin", &["user", "disable", "xinren"]).assert_done();
        let refused = office.site.app.jigai_as("system-security-admin", &["post", "appoint", "350181-county-reporter", "xinren"]);
        refused.assert_refused().says("已停用");
    }

    fn administrators_watch_each_other(app: TestApp) {
        let office = Office::new(app);
        let system = office.person("xitong");
        for what in ["link", "disable", "end_sessions", "forget_totp"] {
            let refused = system.post("/admin/users/change", &[("login", "anquan"), ("do", what)]);
            assert_eq!(refused.status, 422, "{what}");
            refused.shows("以免一个人拿到两把钥匙");
        }
        let security = office.person("anquan");
        let page = security.get("/admin/posts").assert_success();
        // The button alone changes nobody's post.
        let untouched = security.submit(&page, "form[action='/admin/posts/appoint']", &[]);
        assert_eq!(untouched.status, 422);
        untouched.shows("请选择由谁担任");
        let vacant = security.post("/admin/posts/appoint", &[("post", "system-security-admin"), ("login", "-")]);
        assert_eq!(vacant.status, 422);
        vacant.shows("管理员岗位不能空缺");
        let refused = security.post("/admin/posts/new", &[("role", "leader"), ("office", "福州市"), ("unit", "福清市")]);
        refused.shows("领导不分单位");
        let add = |role: &str, unit: &str| security.post("/admin/posts/new", &[("role", role), ("office", "福州市"), ("unit", unit)]);
        for (role, unit, sentence) in [
            ("observer", "", "阅签部门要写明是哪个部门"),
            ("finance", "  ", "财政部门要写明是哪个部门"),
            ("observer", &"局".repeat(31), "不超过30字"),
            ("official", "某县", "分解表里没有“某县”"),
            ("publisher", "市效能办", "发布人不分单位"),
        ] {
            let refused = add(role, unit);
            assert_eq!(refused.status, 422, "{role}");
            refused.shows(sentence);
        }
        for (role, unit) in [("observer", "市效能办"), ("observer", "福州市统计局"), ("finance", "市财政局"), ("official", "福清市"), ("official", "")] {
            assert_eq!(add(role, unit).status, 200, "{role} {unit}");
        }
        let posts = security.get("/admin/posts").assert_success();
        for title in ["福州市效能办", "福州市统计局", "福州市财政局", "福清市挂钩领导", "福州市挂钩领导"] {
            posts.shows(title);
        }
        for id in ["350100-observer", "350100-observer-2", "350100-finance", "350181-official", "350100-official"] {
            posts.shows(id);
        }
        assert_eq!(security.post("/admin/posts/appoint", &[("post", "350181-county-reporter"), ("login", "-")]).status, 303);
        security.get("/admin/posts").assert_success().shows("（空缺）");
        // Whoever has no account yet gets his first link from the system administrator.
        let shown = system.post("/admin/users/new", &[("login", "xinren"), ("name", "新人"), ("phone", "")]).assert_success();
        shown.shows(&format!("{}/setup?token=", office.site.base));
    }

    // Attack 7: the system administrator alone could take any post that touches figures.
    fn a_log_in_that_touches_figures_takes_two_to_reset(app: TestApp) {
        let office = Office::new(app);
        let system = office.person("xitong");
        let asked = system.post("/admin/users/change", &[("login", "fuqing"), ("do", "link")]).assert_success();
        asked.shows("已提请（编号 1）：给福清市填报员 fuqing甲（fuqing）重设密码").shows("自己不能确认");
        assert!(!asked.html.contains("/setup?token="));
        system.get("/admin/requests").assert_success().shows("等安全管理员确认");
        system.post("/admin/requests", &[("id", "1"), ("do", "confirm")]).assert_status(422).shows("要由安全管理员确认");
        let security = office.person("anquan");
        security.get("/").assert_success().shows("等您确认：给福清市填报员");
        let done = security.post("/admin/requests", &[("id", "1"), ("do", "confirm")]).assert_success();
        let link = done.all("code.secret").concat();
        let token = link.split("token=").nth(1).unwrap();
        // A reader's log-in touches no figure.
        system.post("/admin/users/change", &[("login", "lingdao"), ("do", "link")]).assert_success().shows("/setup?token=");
        let audit = office.person("shenji");
        let page = audit.get("/").assert_success();
        page.shows("fuqing甲（fuqing）的登录方式于").shows("提请").shows("确认");
        let new = "Vp7-lantern-ridge";
        office.site.post("/setup", &form(&[("token", token), ("password", new), ("again", new)]), &[]).assert_status(303);
        let cookie = office.site.log_in("fuqing", new);
        let holder = office.site.as_person(&cookie);
        let page = holder.get("/").assert_success();
        page.shows("您的登录方式于").shows("不是您要求的，请马上告诉审计管理员");
        assert_eq!(holder.submit(&page, "form[action='/account/seen']", &[]).status, 303);
        assert!(!holder.get("/").assert_success().html.contains("您的登录方式于"));
        office.site.app.jigai(&["verify"]).assert_done();
    }

    // GB/T 22239-2019, 8.1.4.1 d): two kinds of proof, where the office asks for them.
    fn a_role_can_require_a_second_factor(app: TestApp) {
        let office = Office::new(app);
        let security = office.person("anquan");
        let page = security.get("/admin/policy").assert_success();
        page.shows("必须用两步验证的岗位");
        let chosen = security.submit(&page, "form[action='/admin/policy']", &[("totp_role", "city_reviewer")]);
        assert_eq!(chosen.status, 303, "{}", chosen.text());
        office.site.app.jigai(&["user", "policy"]).assert_done().says("totp_roles city_reviewer");
        let cookie = office.cookie("shenhe").to_owned();
        for path in ["/", "/plans", "/review/fuzhou-2021/2021-06", "/bulletins"] {
            let answer = office.site.get_with(path, &[("cookie", &cookie), ("no-redirect", "1")]);
            assert_eq!((answer.status, answer.header("location")), (303, "/account"), "{path}");
        }
        let reviewer = office.site.as_person(&cookie);
        reviewer.get("/account").assert_success().shows("您的岗位要求两步验证");
        assert_eq!(reviewer.post("/review/fuzhou-2021/2021-06/approve", &[]).status, 403);
        assert_eq!(reviewer.post("/account/totp", &[("do", "begin")]).status, 303);
        let seed = reviewer.get("/account").assert_success().all("code.seed").concat();
        let totp = totp_rs::Builder::new().with_secret(totp_rs::Secret::try_from_base32(&seed).unwrap()).with_account_name("shenhe").build().unwrap();
        let now = office.site.app.query("SELECT at FROM totp_pending").concat().trim().parse::<u64>().unwrap() / 1000;
        let on = reviewer.post("/account/totp", &[("do", "on"), ("current", PASSWORD), ("code", &totp.generate(now).to_string())]);
        assert_eq!(on.status, 303, "{}", on.text());
        reviewer.get("/plans").assert_success();
        // Others go on as before.
        office.person("fabu").get("/plans").assert_success();
        let wrong = office.site.app.jigai_as("system-security-admin", &["user", "policy", "totp_roles", "chef"]);
        wrong.assert_refused().says("city_reviewer,publisher");
    }

    // Attack 13: HEAD was told 401 where GET was led to the log-in.
    fn head_is_get_without_its_body(app: TestApp) {
        app.jigai(&["migrate"]).assert_done();
        app.administrators();
        let site = app.start(&[]);
        for path in ["/", "/plans", "/admin/users", "/login", "/export/plan/x", "/nowhere", "/account", "/healthz"] {
            let head = |method: &str| {
                let host = site.base.trim_start_matches("http://").to_owned();
                let answer = site.raw(&format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"));
                let (head, body) = answer.split_once("\r\n\r\n").unwrap();
                let location = head.lines().find(|line| line.to_lowercase().starts_with("location:")).map(str::to_owned);
                (head.lines().next().unwrap().to_owned(), location, body.len())
            };
            let (get, asked) = (head("GET"), head("HEAD"));
            assert_eq!((&asked.0, &asked.1, asked.2), (&get.0, &get.1, 0), "{path}");
        }
    }

    fn a_successor_takes_over_the_post(app: TestApp) {
        let office = Office::new(app);
        office.submit_fuqing();
        let before = office.cookie("fuqing").to_owned();
        let token = office.site.app.account("system-system-admin", "xinren");
        let asked = office.site.app.jigai_as("system-security-admin", &["post", "appoint", "350181-county-reporter", "xinren"]);
        asked.assert_done().says("福清市填报员改由 xinren甲（xinren）担任").says("要由系统管理员确认");
        office.site.get_with("/account", &[("cookie", &before), ("no-redirect", "1")]).assert_status(200);
        let system = office.person("xitong");
        let page = system.get("/").assert_success();
        page.shows("等您确认：福清市填报员改由 xinren甲（xinren）担任");
        assert_eq!(system.post("/admin/requests", &[("id", "1"), ("do", "confirm")]).status, 303);
        // Whoever left has no session and no post; what he did keeps his name.
        office.site.get_with("/account", &[("cookie", &before), ("no-redirect", "1")]).assert_status(303);
        let left = office.site.log_in("fuqing", PASSWORD);
        office.site.get_with("/", &[("cookie", &left), ("no-redirect", "1")]).assert_status(303);
        office.site.as_person(&left).get("/account").assert_success().shows("还没有岗位");
        let cookie = office.site.first_log_in("xinren", &token);
        let page = office.site.as_person(&cookie).get("/report/fuzhou-2021/2021-06/350181").assert_success();
        page.shows("福清市填报员 fuqing甲").shows("140.5").shows("撤回修改");
        // Also on the other side of the table nobody judges his own work.
        let alone = ["post", "appoint", "350181-county-approver", "fuqing", "--emergency", "系统管理员出差"];
        office.site.app.jigai_as("system-security-admin", &alone).assert_done().says("现由 fuqing 担任");
        for login in ["xitong", "anquan", "shenji"] {
            office.person(login).get("/").assert_success().shows("一人紧急办理").shows("系统管理员出差");
        }
        let own = office.site.log_in("fuqing", PASSWORD);
        let own = office.site.as_person(&own);
        let page = own.get("/report/fuzhou-2021/2021-06/350181").assert_success();
        page.shows("要由另一个人来审");
        assert!(page.all("form.step button").iter().all(|text| text != "审核并上报"), "{}", page.text());
        let signed = own.post("/report/fuzhou-2021/2021-06/350181/step", &[("step", "sign_off"), ("seen", "1")]);
        signed.assert_error(403).shows("要由另一个人来审");
    }

    fn posts_of_other_sites_and_of_nowhere_are_refused(app: TestApp) {
        let office = Office::new(app);
        let head = office.site.app.head();
        let cookie = office.cookie("fuqing");
        let base = office.site.base.clone();
        let cases: [(&[(&str, &str)], u16); 6] = [
            (&[("no-origin", "1")], 403),
            (&[("origin", "https://example.com")], 403),
            (&[("origin", "null")], 403),
            (&[("sec-fetch-site", "cross-site")], 403),
            (&[("sec-fetch-site", "same-site"), ("origin", "http://127.0.0.1:1")], 403),
            (&[("origin", &base), ("sec-fetch-site", "same-origin")], 303),
        ];
        for (headers, expected) in cases {
            let mut all = vec![("cookie", cookie)];
            all.extend(headers);
            let answer = office.site.post("/report/fuzhou-2021/2021-06/350181/save", "then=save", &all);
            assert_eq!(answer.status, expected, "{headers:?}: {}", answer.text());
        }
        assert_eq!(office.site.app.head(), head);
    }
}
