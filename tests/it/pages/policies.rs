//! `/policies/{plan}`: what a plan promises, and the calculator, without log-in and without script.

use tests::{Page, Serving, TestApp, on_both_databases, root};

/// 福州's plan on a site that visitors may read.
fn site(app: TestApp) -> Serving {
    let plan = root().join("assets/plans/fuzhou-2021.plan.toml");
    app.jigai(&["import", "plan", &plan.display().to_string()]).assert_done();
    app.serve(&[])
}

const PAGE: &str = "/policies/fuzhou-2021";

on_both_databases! {
    fn a_visitor_reads_what_a_plan_promises(app: TestApp) {
        let site = site(app);
        let plan = site.get("/plans/fuzhou-2021").assert_success();
        assert!(plan.links().iter().any(|link| link == PAGE), "{:?}", plan.links());
        let page = site.get(PAGE).assert_success();
        page.shows("共14项").shows("技改项目设备和信息化投资补助");
        page.shows("年度技改设备和信息化建设投资额（不含增值税）的3%，单个企业一年最高500万元");
        page.shows("条件：年度技改设备和信息化建设投资额（不含增值税）达到500万元；纳入固投统计");
        page.shows("“对技改项目年度技改设备和信息化建设投资额达 500 万元（含）以上并纳入固投统计的项目");
        page.shows("出资：省30%、市30%、县（市、区）40%");
        page.shows("同一企业一个年度内就高补差。").shows("10万元或20万元（按投资规模，文件没有写档次）");
        page.shows("政策“循环经济发展补助”：文件写10万元或20万元");
        page.lacks("<script");
        // Without terms there is nothing to calculate.
        assert_eq!(page.all("#policy-guarantee a"), Vec::<String>::new());
        assert_eq!(page.all("#policy-equipment a"), ["算一算"]);
    }

    fn a_visitor_calculates_and_learns_why(app: TestApp) {
        let site = site(app);
        let form = site.get(&format!("{PAGE}?policy=equipment")).assert_success();
        form.shows("算一算：技改项目设备和信息化投资补助").lacks("请改好标出的地方").lacks("还缺：");
        let (action, fields) = form.form("#calculator form");
        assert!(action.starts_with(PAGE), "{action}");
        let names: Vec<&str> = fields.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["policy", "ask", "year", "equipment_it", "in_statistics", "elsewhere"]);
        let ask = |typed: &str| site.get(&format!("{PAGE}?policy=equipment&ask=1&{typed}")).assert_success();
        let page = ask("equipment_it=1%2C200%E4%B8%87%E5%85%83&in_statistics=%E6%98%AF");
        page.shows("2021年：36万元").shows("1200万元 × 3%，得36万元").shows("出资：市财政36万元");
        // Any way in which people write it, and what was typed stays.
        let page = ask("equipment_it=1.8%E4%BA%BF&in_statistics=%E6%98%AF&elsewhere=100");
        page.shows("2021年：400万元").shows("减为500万元").shows("补差 500万元 − 100万元");
        let typed = page.form("#calculator form").1;
        assert!(typed.contains(&("equipment_it".to_owned(), "1.8亿".to_owned())), "{typed:?}");
        assert!(typed.contains(&("in_statistics".to_owned(), "是".to_owned())), "{typed:?}");
        ask("equipment_it=499.9999&in_statistics=%E6%98%AF").shows("2021年：不给予").shows("申报4,999,999元，不符合");
        ask("equipment_it=&in_statistics=").shows("还缺：年度技改设备和信息化建设投资额（不含增值税）、纳入固投统计");
    }

    fn what_cannot_be_read_is_said_beside_its_box_and_kept(app: TestApp) {
        let site = site(app);
        let page = site.get(&format!("{PAGE}?policy=equipment&ask=1&year=21&equipment_it=%E4%B8%80%E5%8D%83&in_statistics=maybe&elsewhere=-1"));
        let page = page.assert_success();
        page.shows("请改好标出的地方再算").shows("年度“21”不是年份").shows("“一千”").shows("“maybe”请写 是 或 否");
        page.shows("“-1”不能是负数").lacks("年：不给予");
        let typed = page.form("#calculator form").1;
        for (name, text) in [("year", "21"), ("equipment_it", "一千"), ("in_statistics", "maybe"), ("elsewhere", "-1")] {
            assert!(typed.contains(&(name.to_owned(), text.to_owned())), "{name} {typed:?}");
        }
        site.get(&format!("{PAGE}?policy=none")).assert_error(404).shows("这个计划没有政策“none”");
        site.get("/policies/none").assert_error(404).shows("没有计划“none”");
        // Markup that somebody wrote into the address is text.
        let page = site.get(&format!("{PAGE}?policy=equipment&ask=1&equipment_it=%3Cscript%3Ealert(1)%3C%2Fscript%3E"));
        page.assert_success().lacks("<script");
    }

    fn a_plan_without_policies_says_so(app: TestApp) {
        app.import_fuzhou();
        let site = app.serve(&[]);
        site.get("/policies/fuzhou-2021").assert_error(404).shows("这个计划没有写扶持政策");
        site.get("/plans/fuzhou-2021").assert_success().lacks("扶持政策（");
    }

    fn the_office_writes_policies_in_the_editor(app: TestApp) {
        let plan = root().join("assets/plans/fuzhou-2021.plan.toml");
        app.jigai(&["import", "plan", &plan.display().to_string()]).assert_done();
        let office = app.serve_for_office();
        let cookie = office.cookie.clone().unwrap_or_default();
        let office = office.as_person(&cookie);
        let edit = "/plans/fuzhou-2021/edit?part=policies";
        let page = office.get(edit).assert_success();
        page.shows("按计划文件的写法写").shows("扶持政策（14）");
        let fields = page.form("#plan-form").1;
        let text = fields.iter().find(|(name, _)| name == "policies").unwrap().1.clone();
        assert!(text.contains("cap = { firm = \"500万元\" }"), "{text}");
        // What is wrong is said with its line, and everything typed stays.
        let broken = text.replace("what = \"choice\"", "what = \"gift\"");
        let wrong = office.submit(&page, "#plan-form", &[("policies", broken.as_str()), ("then", "save")]);
        assert_eq!(wrong.status, 422);
        wrong.shows("policy.what 不能写“gift”");
        let kept = wrong.form("#plan-form").1;
        assert!(kept.iter().any(|(name, value)| name == "policies" && value.contains("\"gift\"")), "{kept:?}");
        // 10万元或20万元: the office has decided on a scale.
        let scale = "what = \"share\"\nbase = \"total\"\ntiers = [{ below = \"1000万元\", amount = \"10万元\" }, { from = \"1000万元\", amount = \"20万元\" }]";
        let choice = "what = \"choice\"\namounts = [\"10万元\", \"20万元\"]\n";
        let decided = text.replacen(choice, &format!("{scale}\n"), 2);
        assert!(decided.contains(scale), "{text}");
        // As it is read stands below, before anything is saved.
        page.shows("节能环保产业补助：给企业：10万元或20万元");
        let checked = office.submit(&page, "#plan-form", &[("policies", decided.as_str()), ("then", "check")]);
        checked.shows("节能环保产业补助：给企业：按投资额：不到1000万元 10万元；1000万元以上 20万元");
        let grounds = [("basis", "市工信局局长办公会"), ("reason", "定了投资规模的档次")];
        let fields = [&[("policies", decided.as_str()), ("then", "save")][..], &grounds].concat();
        let done = office.submit(&page, "#plan-form", &fields);
        assert_eq!(done.status, 303, "{}", done.text());
        let page = office.get(&format!("{PAGE}?policy=environment_industry&ask=1&total=1000")).assert_success();
        page.shows("2021年：20万元").lacks("政策“节能环保产业补助”：文件写");
    }

    // One policy on a page of its own, box by box, without a word of the plan file.
    fn a_policy_is_written_box_by_box(app: TestApp) {
        let plan = root().join("assets/plans/fuzhou-2021.plan.toml");
        app.jigai(&["import", "plan", &plan.display().to_string()]).assert_done();
        let office = app.serve_for_office();
        let cookie = office.cookie.clone().unwrap_or_default();
        let office = office.as_person(&cookie);
        let send = |page: &Page, typed: &[(&str, &str)]| office.submit(page, "#plan-form", typed);
        let list = office.get("/plans/fuzhou-2021/edit?part=policies").assert_success();
        list.shows("扶持政策（14项）").shows("加一项政策");
        let one = send(&list, &[("then", "go:policy:equipment")]).assert_success();
        let boxes = one.form("#plan-form").1;
        let has = |name: &str, value: &str| boxes.contains(&(name.to_owned(), value.to_owned()));
        assert!(has("p.what", "share") && has("p.base", "equipment_it") && has("p.cap.firm", "500万元"), "{boxes:?}");
        assert!(!boxes.iter().any(|(name, _)| name == "p.id"), "claims are recorded under its id");
        let wrong = send(&one, &[("p.share_pct", "百分之四"), ("then", "save")]).assert_status(422);
        wrong.shows("比例（%）：“百分之四”不是数字");
        assert!(wrong.html.contains("id=\"wrong-p.share_pct\"") && wrong.html.contains("百分之四"));
        let changed = send(&one, &[("p.share_pct", "4"), ("then", "check")]).assert_success();
        changed.shows("年度技改设备和信息化建设投资额（不含增值税）的4%");
        changed.shows("技改项目设备和信息化投资补助 比例（%）：3 → 4").lacks("share_pct = \"4\"）");
        // Another one, which the document has behind the last: its id is made, and the page stays with it.
        let blank = send(&changed, &[("then", "go:policy:")]).assert_success();
        blank.shows("英文小写，不填的自动编");
        let new = [
            ("p.title", "首台套奖励"),
            ("p.quote", "首次认定的一次性奖励20万元"),
            ("p.paid_by", "市财政"),
            ("p.what", "amount"),
            ("p.amount", "20"),
            ("p.once", "yes"),
            ("p.conditions.0.is", "first"),
            ("p.conditions.0.words", "首次认定"),
        ];
        let unsaid = send(&blank, &[("p.title", "首台套奖励"), ("then", "check")]).assert_success();
        unsaid.shows("还没有填原文").shows("还没有选怎样给");
        let made = send(&blank, &[&new[..], &[("then", "check")]].concat()).assert_success();
        made.shows("首台套奖励：给企业：20万元").shows("首次认定");
        let grounds = [("basis", "市工信局局长办公会"), ("reason", "增加一项")];
        let saved = send(&made, &[&grounds[..], &[("then", "save")]].concat());
        assert_eq!(saved.status, 303, "{}", saved.text());
        office.get(PAGE).assert_success().shows("首台套奖励").shows("20万元");
        // Out of the list it goes again, and a clause about several is a page too.
        let list = office.get("/plans/fuzhou-2021/edit?part=policies").assert_success();
        list.shows("扶持政策（15项）");
        let group = send(&list, &[("o.14.drop", "yes"), ("then", "go:policy_group:city")]).assert_success();
        group.shows("能否同时享受").shows("以税收为限").shows("扶持政策（14）");
        let both = [("p.combine", "both"), ("then", "go:policies")];
        let list = send(&group, &both).assert_success();
        list.shows("可同时享受").shows("扶持政策（14项）");
        assert!(!list.all("#plan-form th").concat().contains("首台套奖励"), "{:?}", list.all("#plan-form th"));
    }
}
