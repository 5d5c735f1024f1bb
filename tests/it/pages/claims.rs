//! `/claims/{plan}/{year}`: the county states a claim, two of the office decide, the finance post pays; an input that
//! moves later shows a difference and changes nothing that was decided.

use std::collections::{BTreeMap, BTreeSet};

use tests::{Folder, OPEN, PASSWORD, Page, Person, STAFF, Serving, TestApp, on_both_databases, root};

/// 福州's plan with its policies, and everybody at the site.
struct Claims {
    site: Serving,
    cookies: BTreeMap<&'static str, String>,
}

const PAGE: &str = "/claims/fuzhou-2021/2021";

impl Claims {
    fn new(app: TestApp) -> Self {
        let source = std::fs::read_to_string(root().join("assets/plans/fuzhou-2021.plan.toml")).unwrap();
        Self::with(app, &[&source])
    }

    /// One claim that two have decided, of a policy that asks for five days before the public.
    fn decided_before_notice(app: TestApp) -> Self {
        let own = std::fs::read_to_string(root().join("assets/plans/fuzhou-2021.plan.toml")).unwrap();
        let noticed = own.replacen("id = \"equipment\"\n", "id = \"equipment\"\nnotice_days = 5\n", 1);
        let claims = Self::with(app, &[&noticed]);
        claims.enter(&[]).assert_status(303);
        claims.done("shenhe", "decide", &[]);
        claims.done("fabu", "confirm", &[]);
        claims
    }

    fn with(app: TestApp, sources: &[&str]) -> Self {
        let app = app.at(OPEN);
        let folder = Folder::new();
        for source in sources {
            app.jigai(&["import", "plan", &folder.write("p.plan.toml", source)]).assert_done();
        }
        let tokens = app.administrators();
        let finance = [("caizheng", "finance", "市财政局")];
        let people: Vec<(&str, String)> = STAFF
            .into_iter()
            .chain(finance)
            .map(|(login, role, unit)| (login, app.appoint(login, role, unit)))
            .collect();
        let site = app.start(&[]);
        let administrators = ["xitong", "anquan", "shenji"].into_iter().zip(tokens);
        let people = people.into_iter().chain(administrators);
        let cookies = people.map(|(login, token)| (login, site.first_log_in(login, &token))).collect();
        Self { site, cookies }
    }

    fn person(&self, login: &str) -> Person<'_> {
        self.site.as_person(&self.cookies[login])
    }

    /// A claim for equipment as 福清's reporter states it.
    fn enter(&self, changes: &[(&str, &str)]) -> Page {
        let person = self.person("fuqing");
        let page = person.get(&format!("{PAGE}?policy=equipment")).assert_success();
        let own = [("recipient", "甲公司"), ("project", "一期"), ("equipment_it", "1000"), ("in_statistics", "是")];
        let firm = changes.iter().find(|(name, _)| *name == "recipient").map_or("甲公司", |(_, firm)| firm);
        let own = own.into_iter().chain(code_of(firm));
        let own: Vec<(&str, &str)> = own.filter(|(name, _)| !changes.iter().any(|(other, _)| other == name)).collect();
        person.submit(&page, "#enter form", &[&own[..], changes].concat())
    }

    /// The form of a step on a claim's card; the signed form has come on paper, where nothing else is said.
    fn step(&self, login: &str, act: &str, changes: &[(&str, &str)]) -> Page {
        let person = self.person(login);
        let page = person.get(PAGE).assert_success();
        let form = format!("#claim-1 form:has(input[value='{act}'])");
        let paper = (act == "decide" && page.text().contains("纸质申报表已收到")).then_some(("paper_form", "yes"));
        person.submit(&page, &form, &changes.iter().copied().chain(paper).collect::<Vec<_>>())
    }

    #[track_caller]
    fn done(&self, login: &str, act: &str, changes: &[(&str, &str)]) {
        let done = self.step(login, act, changes);
        assert_eq!((done.status, done.header("location")), (303, &*format!("{PAGE}#claim-1")), "{}", done.text());
    }

    /// Attaches the firm's signed form to the first claim.
    fn sign(&self, login: &str) {
        let (action, fields) = self.person(login).get(PAGE).assert_success().form("#claim-1 form.evidence-form");
        let done = self.site.upload_form(&action, &fields, SIGNED, &self.cookies[login]);
        let at = format!("{PAGE}#evidence-claim-2021-1");
        assert_eq!((done.status, done.header("location")), (303, &*at), "{}", done.text());
    }

    fn state(&self, login: &str) -> String {
        self.person(login).get(PAGE).assert_success().all("#claim-1 h4 .lamp").concat()
    }
}

/// Its code, without which nothing is given.
fn code_of(firm: &str) -> Option<(&'static str, &'static str)> {
    match firm {
        "甲公司" | "甲 公司" => Some(CODE),
        "乙公司" => Some(("credit_code", "91350100M000200Y4T")),
        _ => None,
    }
}

const CODE: (&str, &str) = ("credit_code", "91350100M000100Y43");

const SIGNED: (&str, &str, &[u8]) =
    ("evidence", "申报表（盖章）.pdf", b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n");

/// Who puts something before the public, as its form asks.
const ISSUER: [(&str, &str); 3] =
    [("issuer", "福州市工业和信息化局"), ("contact", "0591-12345678"), ("password", PASSWORD)];
const PAID: [(&str, &str); 2] = paid_by("榕财企〔2021〕3号");

const fn paid_by(voucher: &str) -> [(&str, &str); 2] {
    [("day", "2021-07-03"), ("words", voucher)]
}

on_both_databases! {
    fn a_claim_is_decided_by_two_and_paid(app: TestApp) {
        let claims = Claims::new(app);
        claims.person("fuqing").get("/policies/fuzhou-2021").assert_success().shows("2021年申报和兑付");
        let entered = claims.enter(&[]);
        assert_eq!((entered.status, entered.header("location")), (303, &*format!("{PAGE}#claim-1")), "{}", entered.text());
        assert_eq!(claims.state("fuqing"), "待决定");
        // Whoever is not concerned sees nothing of it.
        claims.person("minhou").get(PAGE).assert_success().lacks("甲公司");
        claims.person("lingdao").get(PAGE).assert_error(403);
        let office = claims.person("shenhe").get(PAGE).assert_success();
        office.shows("按现在的数据：30万元").shows("1000万元 × 3%，得30万元");
        // Nothing is paid before two have decided, and nobody confirms himself.
        assert_eq!(claims.person("caizheng").get(PAGE).assert_success().all("#claim-1 form"), Vec::<String>::new());
        claims.done("shenhe", "decide", &[("words", "材料齐全")]);
        assert_eq!(claims.state("shenhe"), "待第二人确认");
        let own = claims.person("shenhe").get(PAGE).assert_success();
        assert_eq!(own.all("#claim-1 form:has(input[value='confirm'])"), Vec::<String>::new());
        let forced = [("number", "1"), ("act", "confirm"), ("seen", "2")];
        claims.person("shenhe").post(PAGE, &forced).assert_status(422).shows("自己");
        claims.done("fabu", "confirm", &[]);
        assert_eq!(claims.state("fuqing"), "已决定，待兑付");
        let more = claims.step("caizheng", "pay", &[&PAID[..], &[("amount", "31")]].concat()).assert_status(422);
        more.shows("还要兑付30万元，请写不超过它的金额");
        claims.done("caizheng", "pay", &[&PAID[..], &[("amount", "20")]].concat());
        // Who bears it stands beside it, and in the files of whoever sees all claims.
        let export = |ending: &str| format!("/export/claims/fuzhou-2021.2021.{ending}");
        let file = |login: &str, ending: &str| claims.person(login).get(&export(ending));
        let shown = claims.person("caizheng").get(PAGE).assert_success();
        assert_eq!(shown.all("[aria-label='各方出资'] tbody tr"), ["市财政30万元20万元10万元"]);
        file("caizheng", "csv").assert_success().shows("1,福清市,甲公司,91350100M000100Y43,一期")
            .shows(",已决定，待兑付,30万元,300000,200000,100000");
        let json = file("shenhe", "json").assert_success().html;
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(json["claims"][0]["outstanding"], "100000");
        let borne = serde_json::json!([{ "payer": "市财政", "decided": "300000", "paid": "200000" }]);
        assert_eq!((&json["borne"][0]["payers"], &json["claims"][0]["borne"]), (&borne, &borne));
        assert!(file("fabu", "xlsx").assert_success().bytes.starts_with(b"PK"));
        file("fuqing", "csv").assert_error(404);
        file("lingdao", "csv").assert_error(404);
        claims.person("fuqing").get(PAGE).assert_success().lacks("/export/claims");
        claims.done("caizheng", "pay", &paid_by("榕财企〔2021〕4号"));
        assert_eq!(claims.state("fuqing"), "已兑付");
        claims.person("fuqing").get(PAGE).assert_success().shows("决定：30万元；已兑付30万元。").shows("榕财企〔2021〕3号");
        // Whose it is, for what and by which policy is settled with the decision, by whatever way the form is sent.
        let person = claims.person("fuqing");
        let page = person.get(&format!("{PAGE}?edit=1")).assert_success();
        for moved in [vec![("recipient", "乙公司"), ("credit_code", "")], vec![("project", "二期")]] {
            let refused = person.submit(&page, "#enter form", &moved).assert_status(422);
            refused.shows("第1号已经为甲公司作出决定，申报单位、项目和政策不能再改");
        }
        // The county's figure moves: what was decided stays, and the difference appears.
        let again = person.submit(&page, "#enter form", &[("equipment_it", "1500")]);
        assert_eq!(again.status, 303, "{}", again.text());
        claims.person("shenhe").get(PAGE).assert_success()
            .shows("决定时30万元，已兑付30万元，现在算得45万元，应补发15万元").shows("已决定30万元，已兑付30万元");
        claims.done("fabu", "decide", &[]);
        claims.done("shenhe", "confirm", &[]);
        claims.done("caizheng", "pay", &paid_by("榕财企〔2021〕5号"));
        claims.person("shenhe").get(PAGE).assert_success().shows("已决定45万元，已兑付45万元").lacks("应补发");
        // And down again: what was paid too much comes back.
        let page = person.get(&format!("{PAGE}?edit=1")).assert_success();
        person.submit(&page, "#enter form", &[("equipment_it", "1200")]).assert_status(303);
        claims.done("shenhe", "decide", &[]);
        claims.done("fabu", "confirm", &[]);
        claims.person("caizheng").get(PAGE).assert_success().shows("多付9万元，应追回");
        claims.done("caizheng", "pay", &paid_by("榕财企〔2021〕6号"));
        claims.person("caizheng").get(PAGE).assert_success().shows("已决定36万元，已兑付36万元");
        // Proved, append-only, and told in the journal.
        claims.site.app.jigai(&["verify"]).assert_done();
        assert!(claims.site.app.refused_sql("UPDATE claim_step SET amount = 1").contains("append-only"));
        claims.site.app.tamper("claim_step", "UPDATE claim_step SET amount = 999999 WHERE step = 'pay' AND version = 4");
        let altered = claims.site.app.jigai(&["verify"]);
        assert_eq!(altered.code, 1, "{altered:?}");
        altered.says("claim_step");
    }

    fn a_budget_is_supposed_and_nothing_changes(app: TestApp) {
        let claims = Claims::new(app);
        claims.enter(&[]).assert_status(303);
        claims.enter(&[("recipient", "乙公司"), ("equipment_it", "2000")]).assert_status(303);
        let page = format!("{PAGE}/budget");
        let office = claims.person("shenhe");
        office.get(PAGE).assert_success().shows("预算测算");
        let empty = office.get(&page).assert_success();
        assert_eq!(empty.all("#result"), Vec::<String>::new());
        // 30 + 60 against 60: nobody is approved yet, so both share.
        let found = office.get(&format!("{page}?budget=60&of=&changed=&share=&cap=")).assert_success();
        found.shows("“当年全部奖补”预算60万元").shows("按批准先后：申报共需90万元，可得60万元，不足30万元。")
            .shows("两种先后算得一样");
        let rows = found.all("#result tbody tr");
        assert!(rows[0].contains("甲公司") && rows[0].contains("20万元") && rows[0].contains("10万元"), "{rows:?}");
        // Who is approved comes first by approval.
        claims.done("shenhe", "decide", &[("words", "材料齐全")]);
        claims.done("fabu", "confirm", &[]);
        let found = office.get(&format!("{page}?budget=60&changed=equipment&share=4")).assert_success();
        found.shows("的比例由3%改为4%").lacks("两种先后算得一样");
        let rows = found.all("#result tbody tr");
        assert!(rows[0].contains("30万元40万元40万元—20万元20万元"), "{rows:?}");
        assert!(rows[1].contains("60万元80万元20万元60万元40万元40万元"), "{rows:?}");
        claims.person("caizheng").get(&format!("{page}?budget=0.5亿元")).assert_success().shows("够用，还剩4910万元");
        // What is wrong is said at its box, and all that was typed stays.
        let wrong = office.get(&format!("{page}?budget=abc&share=3")).assert_success();
        wrong.shows("有几处没有看懂").shows("“abc”").shows("请同时选改哪一项政策");
        let typed = wrong.form("#suppose").1;
        assert!(typed.contains(&("budget".to_owned(), "abc".to_owned())), "{typed:?}");
        // A county sees its own claims alone, and nothing was written.
        claims.person("fuqing").get(&page).assert_error(403);
        claims.person("fuqing").get(PAGE).assert_success().lacks("预算测算");
        office.get(PAGE).assert_success().shows("共2项：已决定30万元，已兑付0元。");
        claims.site.app.jigai(&["verify"]).assert_done();
    }

    fn a_policy_ends_on_its_day(app: TestApp) {
        let own = std::fs::read_to_string(root().join("assets/plans/fuzhou-2021.plan.toml")).unwrap();
        let days = "id = \"equipment\"\nvalid_from = 2021-03-01\nvalid_to = 2021-09-30\n";
        let ending = own.replacen("id = \"equipment\"\n", days, 1);
        let claims = Claims::with(app, &[&ending]);
        let reader = claims.person("fuqing");
        reader.get("/policies/fuzhou-2021?policy=equipment").assert_success()
            .shows("有效期：2021年3月1日至2021年9月30日。");
        reader.get(&format!("{PAGE}?policy=equipment")).assert_success().shows("有效期：2021年3月1日至2021年9月30日。");
        let late = claims.enter(&[("date", "2021-10-01")]).assert_status(422);
        late.shows("有效期2021年3月1日至2021年9月30日，认定（发生）日期2021年10月1日，不在有效期内，不能申报");
        assert!(late.form("#enter form").1.contains(&("date".to_owned(), "2021-10-01".to_owned())));
        claims.enter(&[("date", "2021-09-30")]).assert_status(303);
        claims.person("shenhe").get(PAGE).assert_success().shows("在有效期内").shows("按现在的数据：30万元");
    }

    fn what_is_wrong_with_a_claim_is_said_and_kept(app: TestApp) {
        let claims = Claims::new(app);
        let wrong = claims.enter(&[("recipient", ""), ("equipment_it", "一千"), ("in_statistics", "也许")]).assert_status(422);
        wrong.shows("“一千”").shows("请写 是 或 否").shows("申报单位");
        let typed = wrong.form("#enter form").1;
        assert!(typed.contains(&("equipment_it".to_owned(), "一千".to_owned())), "{typed:?}");
        claims.enter(&[]).assert_status(303);
        claims.enter(&[("recipient", "甲 公司")]).assert_status(422).shows("第1号已经为甲 公司申报了同一项目的同一政策");
        claims.enter(&[("project", "二期")]).assert_status(303);
        // Sent back with a reason, stated anew, and no decision meanwhile.
        claims.step("shenhe", "send_back", &[]).assert_status(422).shows("退回的理由");
        claims.done("shenhe", "send_back", &[("words", "缺固投统计证明")]);
        claims.person("fuqing").get(PAGE).assert_success().shows("缺固投统计证明");
        let forced = [("number", "1"), ("act", "decide"), ("seen", "2")];
        claims.person("shenhe").post(PAGE, &forced).assert_status(422).shows("这项申报已经退回");
        let stale = [("number", "1"), ("act", "decide"), ("seen", "1")];
        claims.person("shenhe").post(PAGE, &stale).assert_status(422).shows("您打开页面之后");
        // Another unit's claim is nobody else's to state.
        let page = claims.person("minhou").get(&format!("{PAGE}?policy=equipment")).assert_success();
        let foreign = [("unit", "350181"), ("recipient", "乙公司"), ("equipment_it", "1000"), ("in_statistics", "是")];
        let refused = claims.person("minhou").submit(&page, "#enter form", &foreign);
        assert!(matches!(refused.status, 403 | 404), "{} {}", refused.status, refused.text());
        claims.person("shenhe").get("/claims/fuzhou-2021/1999").assert_error(400).shows("不是计划的年份");
        claims.person("shenhe").get("/claims/fuzhou-2021/none").assert_error(400);
    }

    fn a_firms_taxes_are_the_finance_posts_and_the_offices(app: TestApp) {
        let source = std::fs::read_to_string(root().join("assets/plans/fuzhou-2021.plan.toml")).unwrap();
        let combine = "combine = \"highest_with_top_up\"\n";
        let limited = source.replace(combine, &format!("{combine}limit = \"local_tax_share\"\n"));
        let claims = Claims::with(app, &[&limited]);
        claims.enter(&[]).assert_status(303);
        let open = claims.step("shenhe", "decide", &[]).assert_status(422);
        open.shows("现在还不能决定（还缺：当年税收地方实得）");
        claims.done("caizheng", "tax", &[("local_tax", "8.25")]);
        // The county is not shown that it was entered, and states its claim anew all the same.
        // The figure is its firm's.
        claims.done("shenhe", "send_back", &[("words", "缺认定文件")]);
        let again = |firm: &str| {
            let person = claims.person("fuqing");
            let page = person.get(&format!("{PAGE}?edit=1")).assert_success();
            let named: Vec<_> = [("recipient", firm)].into_iter().chain(code_of(firm)).collect();
            person.submit(&page, "#enter form", &named).assert_status(303);
        };
        again("甲公司");
        claims.person("shenhe").get(PAGE).assert_success().shows("当年税收地方实得8.25万元");
        again("乙公司");
        claims.step("shenhe", "decide", &[]).assert_status(422).shows("还缺：当年税收地方实得");
        again("甲公司");
        claims.done("caizheng", "tax", &[("local_tax", "8.25")]);
        let office = claims.person("shenhe").get(PAGE).assert_success();
        office.shows("按现在的数据：8.25万元").shows("当年税收地方实得8.25万元");
        claims.done("shenhe", "decide", &[]);
        claims.done("fabu", "confirm", &[]);
        // The county reads what was decided, not the firm's taxes nor the sentence that holds them.
        let county = claims.person("fuqing").get(PAGE).assert_success();
        county.shows("决定：8.25万元").lacks("当年税收地方实得").lacks("为限");
    }

    fn a_name_under_two_codes_and_a_policy_with_claims(app: TestApp) {
        let claims = Claims::new(app);
        claims.enter(&[("credit_code", "")]).assert_status(303);
        let uncoded = claims.person("shenhe").get(PAGE).assert_success();
        uncoded.shows("还没有写统一社会信用代码，申报的县（市、区）补上以后才能决定给予");
        claims.step("shenhe", "decide", &[]).assert_status(422).shows("这项申报没有写统一社会信用代码");
        let person = claims.person("fuqing");
        let page = person.get(&format!("{PAGE}?edit=1")).assert_success();
        person.submit(&page, "#enter form", &[CODE]).assert_status(303);
        claims.enter(&[("project", "二期"), ("credit_code", "91350100M000200Y4T")]).assert_status(303);
        let office = claims.person("shenhe");
        let shown = office.get(PAGE).assert_success();
        shown.shows("同名的企业写了另一个统一社会信用代码：第1号（91350100M000100Y43）");
        // Its policy stays while there are claims of it; another may go.
        let editor = office.get("/plans/fuzhou-2021/edit?part=policies").assert_success();
        let text = editor.form("#plan-form").1.into_iter().find(|(name, _)| name == "policies").unwrap().1;
        let without = |id: &str| {
            let block = text.split("[[policy]]").find(|block| block.contains(&format!("\nid = \"{id}\"\n"))).unwrap();
            // What follows within the block is the next kind's.
            let rest = block.find("[[").map_or("", |at| &block[at..]);
            text.replace(&format!("[[policy]]{block}"), rest)
        };
        let save = |policies: &str| {
            let fields = [("policies", policies), ("then", "save"), ("basis", "会议"), ("reason", "不再受理")];
            office.submit(&editor, "#plan-form", &fields)
        };
        let refused = save(&without("equipment")).assert_status(422);
        refused.shows("（equipment）已有申报，修订不能去掉它或改它的代号；不再受理的请写截止日");
        assert_eq!(save(&without("energy_saving")).status, 303);
    }

    // No plan writes the days of 设备补助 here: the office may put it before the public all the same.
    fn the_office_may_name_the_days_itself(app: TestApp) {
        let claims = Claims::new(app);
        claims.enter(&[]).assert_status(303);
        claims.done("shenhe", "decide", &[]);
        claims.done("fabu", "confirm", &[]);
        let page = claims.person("fabu").get(PAGE).assert_success();
        page.lacks("将公示").shows("计划没有写公示天数，不公示也可以兑付；要公示的请勾选").shows("第1号　甲公司");
        let with = |days: &'static str| [&ISSUER[..], &[("days", days), ("pick.1", "yes")]].concat();
        let publish = |days: &'static str| claims.person("fabu").submit(&page, "#notice", &with(days));
        publish("").assert_status(422).shows("勾选了要公示的申报，请填公示天数");
        let none = [&ISSUER[..], &[("days", "5")]].concat();
        claims.person("fabu").submit(&page, "#notice", &none).assert_status(422).shows("没有勾选申报");
        let refused = publish("一周").assert_status(422);
        let (_, kept) = refused.shows("公示天数“一周”请写成 1 至 60 的整数").form("#notice");
        assert!(kept.contains(&("days".to_owned(), "一周".to_owned())), "{kept:?}");
        publish("61").assert_status(422).shows("请写成 1 至 60 的整数");
        // All that is wrong with the form is said at once, and costs no attempt of the password.
        let wrong = [("issuer", ""), ("contact", ""), ("days", "一周"), ("pick.1", "yes"), ("password", "不对")];
        for _ in 0..6 {
            let refused = claims.person("fabu").submit(&page, "#notice", &wrong).assert_status(422);
            refused.shows("请写明公示单位").shows("公示天数“一周”").lacks("密码不对");
        }
        // Nothing typed is no attempt either.
        for _ in 0..6 {
            let again = [ISSUER[0], ISSUER[1], ("days", "5"), ("pick.1", "yes"), ("password", "")];
            let refused = claims.person("fabu").submit(&page, "#notice", &again).assert_status(422);
            refused.shows("请再输入一次现在的密码，没有发布");
        }
        let done = publish("５天");
        let notice = "/publications/fuzhou-2021/claims/2021-1/2021-07/e1";
        assert_eq!((done.status, done.header("location")), (303, notice), "{}", done.text());
        claims.person("lingdao").get(notice).assert_success().shows("公示期为2021年7月3日至2021年7月8日");
        // What stands before the public is paid after it.
        let unpaid = claims.person("caizheng").get(PAGE).assert_success();
        unpaid.shows("公示到2021年7月8日，期满以后才能兑付");
        assert!(unpaid.all("#claim-1 form:has(input[value='pay'])").is_empty());
        // Decided anew, it is told again, as long as before.
        let person = claims.person("fuqing");
        let page = person.get(&format!("{PAGE}?edit=1")).assert_success();
        person.submit(&page, "#enter form", &[("equipment_it", "800")]).assert_status(303);
        claims.done("shenhe", "decide", &[]);
        claims.done("fabu", "confirm", &[]);
        let page = claims.person("fabu").get(PAGE).assert_success();
        page.shows("将公示1项，到2021年7月8日为止");
        // However few days are named for others.
        let shorter = [&ISSUER[..], &[("days", "3"), ("pick.2", "yes")]].concat();
        claims.enter(&[("project", "二期"), ("equipment_it", "600")]).assert_status(303);
        for (login, act) in [("shenhe", "decide"), ("fabu", "confirm")] {
            let page = claims.person(login).get(PAGE).assert_success();
            let form = format!("#claim-2 form:has(input[value='{act}'])");
            let words: &[(&str, &str)] = if act == "decide" { &[("paper_form", "yes")] } else { &[] };
            claims.person(login).submit(&page, &form, words).assert_status(303);
        }
        // A visitor had the first notice's page: what corrects it stands there at once.
        let open = ["user", "policy", "public_reading", "open"];
        claims.site.app.jigai_as("system-security-admin", &open).assert_done();
        let visitor = claims.site.get(notice).assert_success();
        visitor.lacks("已更正");
        let page = claims.person("fabu").get(PAGE).assert_success();
        let done = claims.person("fabu").submit(&page, "#notice", &shorter).assert_status(303);
        let second = claims.person("lingdao").get(done.header("location")).assert_success();
        second.shows("公示期为2021年7月3日至2021年7月8日");
        claims.site.get(notice).assert_success().shows("0001号已更正：30万元改为24万元");
    }

    // 政策叠加: of another office's claims only what it put before the public is compared.
    fn the_same_firm_in_another_offices_notice_is_named(app: TestApp) {
        let own = std::fs::read_to_string(root().join("assets/plans/fuzhou-2021.plan.toml")).unwrap();
        let theirs = own.replacen("id = \"fuzhou-2021\"", "id = \"xiamen-2021\"", 1).replace("福州市", "厦门市");
        let theirs = theirs.replacen("350100", "350200", 1);
        let theirs = theirs.replacen("id = \"equipment\"\n", "id = \"equipment\"\nnotice_days = 5\n", 1);
        let mut claims = Claims::with(app, &[&own, &theirs]);
        claims.enter(&[]).assert_status(303);
        let site = &claims.site;
        let app = &site.app;
        let people = [("xm", "county_reporter", "福清市"), ("xm.sh", "city_reviewer", ""), ("xm.fb", "publisher", "")];
        for (login, role, unit) in people {
            let token = app.appoint_at("厦门市", login, role, unit);
            claims.cookies.insert(login, site.first_log_in(login, &token));
        }
        const THEIRS: &str = "/claims/xiamen-2021/2021";
        let page = claims.person("xm").get(&format!("{THEIRS}?policy=equipment")).assert_success();
        let stated = [("recipient", "甲公司"), CODE, ("project", "一期"), ("equipment_it", "2000")];
        let stated = [&stated[..], &[("in_statistics", "是")]].concat();
        claims.person("xm").submit(&page, "#enter form", &stated).assert_status(303);
        let step = |login: &str, act: &str, paper: &[(&str, &str)]| {
            let page = claims.person(login).get(THEIRS).assert_success();
            let form = format!("#claim-1 form:has(input[value='{act}'])");
            claims.person(login).submit(&page, &form, paper).assert_status(303);
        };
        step("xm.sh", "decide", &[("paper_form", "yes")]);
        step("xm.fb", "confirm", &[]);
        // What they have decided is theirs until the public knows it.
        claims.person("shenhe").get(PAGE).assert_success().lacks("其他地方的公示").lacks("60万元");
        let page = claims.person("xm.fb").get(THEIRS).assert_success();
        claims.person("xm.fb").submit(&page, "#notice", &ISSUER).assert_status(303);
        let shown = claims.person("shenhe").get(PAGE).assert_success();
        shown.shows("其他地方的公示里有同名的企业，请核对是不是同一件事、能不能同时享受");
        shown.shows("2021年奖补资金第1次公示").shows("（一期），60万元");
        claims.person("fuqing").get(PAGE).assert_success().lacks("其他地方的公示");
        claims.person("xm.sh").get(THEIRS).assert_success().lacks("其他地方的公示");
    }

    fn what_the_treasury_kept_is_the_finance_posts_too(app: TestApp) {
        let claims = Claims::new(app);
        let person = claims.person("fuqing");
        let page = person.get(&format!("{PAGE}?policy=completion")).assert_success();
        page.lacks("当年地方留成").lacks("name=\"retained\"");
        // What a county sends of it all the same is nobody's statement.
        let own = [("recipient", "甲公司"), CODE, ("project", "二期"), ("completion", "2019"), ("retained", "900")];
        person.submit(&page, "#enter form", &own).assert_status(303);
        let open = claims.step("shenhe", "decide", &[]).assert_status(422);
        open.shows("还缺：当年地方留成、基年地方留成");
        claims.step("caizheng", "tax", &[("retained", "300")]).assert_status(422).shows("基年地方留成没有填，请填写");
        claims.done("caizheng", "tax", &[("retained", "300"), ("retained_before", "200")]);
        claims.person("shenhe").get(PAGE).assert_success().shows("按现在的数据：40万元")
            .shows("填税收数：当年地方留成300万元，基年地方留成200万元");
        claims.person("fuqing").get(PAGE).assert_success().lacks("基年").lacks("填税收数").lacks("300");
        // A second project of the same firm and year has them from the first: they are the firm's.
        let page = person.get(&format!("{PAGE}?policy=completion")).assert_success();
        let other = [("recipient", "甲公司"), CODE, ("project", "三期"), ("completion", "2019")];
        person.submit(&page, "#enter form", &other).assert_status(303);
        let known = claims.person("shenhe").get(PAGE).assert_success().all("#claim-2").concat();
        assert!(known.contains("地方留成增量是企业全部的，一年只计一次") && !known.contains("还缺"), "{known}");
        claims.done("caizheng", "tax", &[("retained", "310"), ("retained_before", "200")]);
        let second = claims.person("shenhe").get(PAGE).assert_success();
        assert!(second.all("#claim-2").concat().contains("填税收数：当年地方留成310万元，基年地方留成200万元"));
        second.lacks("写了几个数");
        claims.step("caizheng", "tax", &[("retained", "/"), ("retained_before", "200")]).assert_status(422)
            .shows("当年地方留成没有写数；没有的请写 0");
        claims.done("caizheng", "tax", &[("retained", "300"), ("retained_before", "200")]);
        // Stated anew by the county, the figures stay.
        let page = person.get(&format!("{PAGE}?edit=1")).assert_success();
        person.submit(&page, "#enter form", &[("words", "补了证明")]).assert_status(303);
        claims.done("shenhe", "decide", &[]);
        claims.done("fabu", "confirm", &[]);
        claims.person("fuqing").get(PAGE).assert_success().shows("决定：40万元").lacks("基年").lacks("填税收数");
        // A policy that asks for no taxes gets none.
        claims.enter(&[]).assert_status(303);
        let forced = [("number", "3"), ("act", "tax"), ("seen", "1"), ("local_tax", "5")];
        claims.person("caizheng").post(PAGE, &forced).assert_status(422).shows("这项政策不看企业的税收");
    }

    fn nothing_goes_out_for_what_would_come_back(app: TestApp) {
        let claims = Claims::new(app);
        claims.enter(&[]).assert_status(303);
        claims.done("shenhe", "decide", &[]);
        claims.done("fabu", "confirm", &[]);
        let early = [("day", "2021-07-02"), ("words", "榕财企〔2021〕3号"), ("amount", "20")];
        claims.step("caizheng", "pay", &early).assert_status(422).shows("日期不能在作出决定（2021年7月3日）以前");
        let none = [&PAID[..], &[("amount", "-10")]].concat();
        claims.step("caizheng", "pay", &none).assert_status(422).shows("兑付金额请写大于0的数");
        claims.done("caizheng", "pay", &[&PAID[..], &[("amount", "20")]].concat());
        let person = claims.person("fuqing");
        let page = person.get(&format!("{PAGE}?edit=1")).assert_success();
        person.submit(&page, "#enter form", &[("equipment_it", "600")]).assert_status(303);
        let office = claims.person("caizheng").get(PAGE).assert_success();
        office.shows("决定时30万元，已兑付20万元，现在算得18万元，应追回2万元");
        assert!(office.all("#claim-1 form:has(input[value='pay'])").is_empty());
        let forced = |seen: &'static str| {
            [&[("number", "1"), ("act", "pay"), ("seen", seen), ("amount", "10")][..], &PAID].concat()
        };
        let more = claims.person("caizheng").post(PAGE, &forced("5")).assert_status(422);
        more.shows("在决定以后重新填报过，请办公室先重新决定");
        claims.done("shenhe", "decide", &[]);
        let waits = claims.person("caizheng").post(PAGE, &forced("6")).assert_status(422);
        waits.shows("正在等第二人确认新的决定");
        claims.done("fabu", "confirm", &[]);
        claims.done("caizheng", "pay", &PAID);
        claims.person("fuqing").get(PAGE).assert_success().shows("登记追回：2万元").shows("决定：18万元；已兑付18万元。");
    }

    // The county reads why; finance has nothing to pay; the firm may be stated anew.
    fn what_is_declined_says_why(app: TestApp) {
        let claims = Claims::new(app);
        claims.enter(&[("equipment_it", "480")]).assert_status(303);
        let decide = "#claim-1 form:has(input[value='decide'])";
        let page = claims.person("shenhe").get(PAGE).assert_success();
        let bare = claims.person("shenhe").submit(&page, decide, &[("words", "")]).assert_status(422);
        bare.shows("还没有附企业盖章的申报表：请申报的县（市、区）先附上；")
            .shows("先附上；纸质的已经收到的，请勾选“纸质申报表已收到”")
            .shows("决定不给予的，请写理由");
        claims.sign("fuqing");
        claims.person("shenhe").get(PAGE).assert_success().lacks("纸质申报表已收到");
        claims.step("shenhe", "decide", &[("words", "")]).assert_status(422).shows("决定不给予的，请写理由");
        // As it was computed, for the office to put in its own words.
        let office = claims.person("shenhe").get(PAGE).assert_success();
        assert!(office.html.contains("value=\"年度技改设备和信息化建设投资额（不含增值税）达到500万元，申报480万元，不符合。\""));
        claims.done("shenhe", "decide", &[]);
        claims.done("fabu", "confirm", &[]);
        assert_eq!(claims.state("fuqing"), "已决定，不给予");
        let county = claims.person("fuqing").get(PAGE).assert_success();
        county.shows("提出决定：0元，").shows("申报480万元，不符合");
        let finance = claims.person("caizheng").get(PAGE).assert_success();
        assert!(finance.all("#claim-1 form:has(input[value='pay'])").is_empty());
        // With more to show it waits again.
        let person = claims.person("fuqing");
        let page = person.get(&format!("{PAGE}?edit=1")).assert_success();
        person.submit(&page, "#enter form", &[("equipment_it", "600")]).assert_status(303);
        assert_eq!(claims.state("fuqing"), "待决定");
        claims.done("shenhe", "decide", &[]);
        claims.done("fabu", "confirm", &[]);
        assert_eq!(claims.state("fuqing"), "已决定，待兑付");
    }

    fn what_moved_meanwhile_is_not_confirmed(app: TestApp) {
        let claims = Claims::new(app);
        // One firm has at most 500万元 a year: 450万元 and 300万元, whichever two decide first.
        claims.enter(&[("equipment_it", "15000")]).assert_status(303);
        claims.enter(&[("project", "二期"), ("equipment_it", "10000")]).assert_status(303);
        claims.done("shenhe", "decide", &[]);
        let fabu = claims.person("fabu");
        fabu.get("/").assert_success().shows("待决定1项").shows("待您确认决定1项");
        let second = |login: &str, act: &str| {
            let page = claims.person(login).get(PAGE).assert_success();
            let words: &[(&str, &str)] = if act == "decide" { &[("paper_form", "yes")] } else { &[] };
            let form = format!("#claim-2 form:has(input[value='{act}'])");
            claims.person(login).submit(&page, &form, words).assert_status(303);
        };
        second("fabu", "decide");
        second("shenhe", "confirm");
        let page = fabu.get(PAGE).assert_success();
        let card = page.all("#claim-1 .notice").concat();
        let said = "提出决定以后有关数据变了，现在算得：200万元；请退回，由申报的县（市、区）重新填报";
        assert!(card.contains(said), "{card}");
        assert_eq!(page.all("#claim-1 form:has(input[value='confirm'])"), Vec::<String>::new());
        fabu.get("/").assert_success().lacks("待您确认决定").shows("数据变了，待退回重新决定1项");
        let forced = [("number", "1"), ("act", "confirm"), ("seen", "2")];
        fabu.post(PAGE, &forced).assert_status(422).shows("现在算得：200万元；请退回，由申报的县（市、区）重新填报");
        claims.done("fabu", "send_back", &[("words", "按限额重算")]);
        fabu.get("/").assert_success().lacks("数据变了");
    }

    fn a_second_claim_makes_up_to_the_highest(app: TestApp) {
        let claims = Claims::new(app);
        // Decided and paid 30万元; then another policy comes to 50万元: 20万元 more, and nothing comes back.
        claims.enter(&[]).assert_status(303);
        claims.done("shenhe", "decide", &[]);
        claims.done("fabu", "confirm", &[]);
        claims.done("caizheng", "pay", &PAID);
        let county = claims.person("fuqing");
        let page = county.get(&format!("{PAGE}?policy=energy_title")).assert_success();
        county.submit(&page, "#enter form", &[("recipient", "甲公司"), CODE, ("recognised", "是")]).assert_status(303);
        let office = claims.person("shenhe").get(PAGE).assert_success();
        office.shows("按现在的数据：20万元").shows("补差 50万元 − 30万元").lacks("应追回").lacks("现在算得");
        assert_eq!(office.all("#claim-2 summary").concat().matches("提出决定：20万元").count(), 1);
    }

    fn the_button_says_what_is_recorded(app: TestApp) {
        let claims = Claims::new(app);
        // Two of one firm share its 500万元 as long as both wait; whichever is decided first has its own.
        claims.enter(&[("equipment_it", "12000")]).assert_status(303);
        claims.enter(&[("project", "二期"), ("equipment_it", "12000")]).assert_status(303);
        let office = claims.person("shenhe").get(PAGE).assert_success();
        office.shows("按现在的数据：250万元").shows("这家企业还有别的申报待决定，先决定本项的，本项为360万元");
        assert!(office.all("#claim-1 summary").concat().contains("提出决定：360万元"), "{}", office.text());
        claims.done("shenhe", "decide", &[]);
        claims.person("fabu").get(PAGE).assert_success().shows("提出决定：360万元");
        claims.done("fabu", "confirm", &[]);
        let office = claims.person("shenhe").get(PAGE).assert_success();
        assert!(office.all("#claim-2 summary").concat().contains("提出决定：140万元"), "{}", office.text());
        // What a corrected input moves of what is decided is somebody's to do.
        let county = claims.person("fuqing");
        let page = county.get(&format!("{PAGE}?edit=1")).assert_success();
        county.submit(&page, "#enter form", &[("equipment_it", "10000")]).assert_status(303);
        claims.done("shenhe", "decide", &[]);
        claims.done("fabu", "confirm", &[]);
        claims.person("shenhe").get("/").assert_success().lacks("决定后数据变了");
    }

    fn nothing_is_paid_beside_what_has_to_come_back(app: TestApp) {
        let claims = Claims::new(app);
        // Refused first, the second has the firm's 500万元 but 20; stated anew the first comes after it.
        claims.enter(&[("equipment_it", "480")]).assert_status(303);
        claims.done("shenhe", "decide", &[("words", "没有达到500万元")]);
        claims.done("fabu", "confirm", &[]);
        claims.enter(&[("project", "二期"), ("equipment_it", "16000")]).assert_status(303);
        let second = |login: &str, act: &str, typed: &[(&str, &str)]| {
            let page = claims.person(login).get(PAGE).assert_success();
            claims.person(login).submit(&page, &format!("#claim-2 form:has(input[value='{act}'])"), typed)
        };
        second("shenhe", "decide", &[("paper_form", "yes")]).assert_status(303);
        second("fabu", "confirm", &[]).assert_status(303);
        second("caizheng", "pay", &PAID).assert_status(303);
        let county = claims.person("fuqing");
        let anew = |number: u32, base: &str| {
            let page = county.get(&format!("{PAGE}?edit={number}")).assert_success();
            county.submit(&page, "#enter form", &[("equipment_it", base)]).assert_status(303);
        };
        anew(1, "15000");
        let office = claims.person("shenhe").get(PAGE).assert_success();
        assert!(office.all("#claim-1").concat().contains("按现在的数据：20万元"), "{}", office.text());
        assert!(office.all("#claim-2").concat().contains("按现在的数据：480万元"), "{}", office.text());
        claims.done("shenhe", "decide", &[]);
        claims.done("fabu", "confirm", &[]);
        // A slip in what is paid frees nothing before two have decided it so, and then it comes back first.
        anew(2, "1000");
        let office = claims.person("shenhe").get(PAGE).assert_success();
        assert!(office.all("#claim-1").concat().contains("按现在的数据：20万元"), "{}", office.text());
        second("shenhe", "decide", &[("paper_form", "yes")]).assert_status(303);
        second("fabu", "confirm", &[]).assert_status(303);
        let finance = claims.person("caizheng").get(PAGE).assert_success();
        finance.shows("这家企业第2号应追回450万元，追回以后才能兑付");
        assert!(finance.all("#claim-1 form:has(input[value='pay'])").is_empty());
        let forced = [&[("number", "1"), ("act", "pay"), ("seen", "6"), ("amount", "20")][..], &PAID].concat();
        claims.person("caizheng").post(PAGE, &forced).assert_status(422).shows("第2号应追回450万元");
        // It may come back in parts, with whichever minus.
        let back = |amount: &str| {
            let voucher = format!("榕财缴〔2021〕{}号", amount.trim_matches(['-', '－', '（', '）']));
            second("caizheng", "pay", &[("day", "2021-07-03"), ("words", &voucher), ("amount", amount)])
        };
        back("退一百").assert_status(422).shows("请写数，例如 12，追回的写 -12");
        back("-500").assert_status(422).shows("多付了450万元，追回的请不要超过它");
        back("－100").assert_status(303);
        claims.person("caizheng").get(PAGE).assert_success().shows("已决定，待追回").shows("多付350万元，应追回");
        back("（350）").assert_status(303);
        claims.done("caizheng", "pay", &PAID);
    }

    // Of another county's claim neither number nor firm is told; the office sends back the one that is wrong.
    fn another_countys_claim_is_not_told(app: TestApp) {
        let claims = Claims::new(app);
        claims.enter(&[("recipient", "错抄公司"), CODE]).assert_status(303);
        let person = claims.person("minhou");
        let page = person.get(&format!("{PAGE}?policy=equipment")).assert_success();
        let own = [("recipient", "甲公司"), CODE, ("equipment_it", "1000"), ("in_statistics", "是")];
        let refused = person.submit(&page, "#enter form", &own).assert_status(422);
        refused.shows("在别的县（市、区）的申报里写的是另一个名称").shows("请与办公室联系");
        refused.lacks("错抄公司").lacks("第1号");
        claims.done("shenhe", "send_back", &[("words", "代码是别家的")]);
        person.submit(&page, "#enter form", &own).assert_status(303);
        let page = claims.person("fuqing").get(&format!("{PAGE}?policy=equipment")).assert_success();
        let same = claims.person("fuqing").submit(&page, "#enter form", &own).assert_status(422);
        same.shows("别的县（市、区）已经为甲公司申报了同一项目的同一政策").lacks("第2号");
    }

    // What two decided stands until two decide otherwise: sent back, it is stated anew, and not beside itself.
    fn what_was_paid_is_not_claimed_once_more(app: TestApp) {
        let claims = Claims::new(app);
        claims.enter(&[("project", "MES一期")]).assert_status(303);
        claims.done("shenhe", "decide", &[]);
        claims.done("fabu", "confirm", &[]);
        claims.done("caizheng", "pay", &PAID);
        claims.done("shenhe", "send_back", &[("words", "发票重新核对")]);
        let again = claims.enter(&[("project", "mes 一期")]).assert_status(422);
        again.shows("第1号已经为甲公司申报了同一项目的同一政策");
        let person = claims.person("fuqing");
        let page = person.get(&format!("{PAGE}?edit=1")).assert_success();
        person.submit(&page, "#enter form", &[]).assert_status(303);
        claims.person("shenhe").get(PAGE).assert_success().shows("企业盖章的申报表是纸质的，决定时已经收到");
    }

    // A revision takes out neither the unit of a claim nor the year in which one is on record.
    fn a_revision_leaves_claims_to_be_paid(app: TestApp) {
        let claims = Claims::new(app);
        let person = claims.person("fuqing");
        let at = "/claims/fuzhou-2021/2018";
        let page = person.get(&format!("{at}?policy=completion")).assert_success();
        let own = [("recipient", "甲公司"), CODE, ("project", "二期"), ("completion", "2018")];
        person.submit(&page, "#enter form", &own).assert_status(303);
        let office = claims.person("shenhe");
        let editor = office.get("/plans/fuzhou-2021/edit?part=policies").assert_success();
        let text = editor.form("#plan-form").1.into_iter().find(|(name, _)| name == "policies").unwrap().1;
        let shorter = text.replace("completed_in = [2018, 2019]", "completed_in = [2019]");
        assert_ne!(shorter, text);
        let fields = [("policies", &*shorter), ("then", "save"), ("basis", "会议"), ("reason", "只办2019年的")];
        assert_eq!(office.submit(&editor, "#plan-form", &fields).status, 303);
        let page = claims.person("fabu").get("/plans/fuzhou-2021").assert_success();
        let confirm = "form:has(button[value='confirm'])";
        if !page.all(confirm).is_empty() {
            claims.person("fabu").submit(&page, confirm, &[]).assert_status(303);
        }
        let page = office.get(at).assert_success();
        page.shows("甲公司");
        let form = "#claim-1 form:has(input[value='send_back'])";
        office.submit(&page, form, &[("words", "不再受理")]).assert_status(303);
        office.get("/claims/fuzhou-2021/2017").assert_error(400);
    }

    fn what_another_year_decided_counts(app: TestApp) {
        let claims = Claims::new(app);
        let person = claims.person("fuqing");
        let enter = |year: &str, months: &str| {
            let page = person.get(&format!("/claims/fuzhou-2021/{year}?policy=fund_interest")).assert_success();
            let own = [("recipient", "甲公司"), CODE, ("project", "一期"), ("loan", "6000"), ("months", months)];
            let own = [&own[..], &[("for_upgrading", "是")]].concat();
            person.submit(&page, "#enter form", &own).assert_status(303);
        };
        enter("2021", "12");
        claims.done("shenhe", "decide", &[]);
        claims.done("fabu", "confirm", &[]);
        enter("2022", "12");
        enter("2023", "12");
        let shown = |year: &str| claims.person("shenhe").get(&format!("/claims/fuzhou-2021/{year}")).assert_success();
        shown("2022").shows("按现在的数据：120万元");
        // Two years of interest, of which one is decided: a third year has nothing once the second is decided.
        let second = "/claims/fuzhou-2021/2022";
        for (login, act) in [("shenhe", "decide"), ("fabu", "confirm")] {
            let page = claims.person(login).get(second).assert_success();
            let form = format!("#claim-1 form:has(input[value='{act}'])");
            let words: &[(&str, &str)] = if act == "decide" { &[("paper_form", "yes")] } else { &[] };
            claims.person(login).submit(&page, &form, words).assert_status(303);
        }
        shown("2023").shows("按现在的数据：不给予").shows("期限2年，以前年度已计息24个月，期限已满");
        shown("2021").shows("按现在的数据：120万元").lacks("有关数据后来变了");
        // What lies outside the plan's year and no term of a policy reaches is refused with its years.
        person.get("/claims/fuzhou-2021/2024").assert_error(400).shows("请写 2018 至 2023");
        let page = person.get("/claims/fuzhou-2021/2022").assert_success();
        page.lacks("value=\"equipment\"");
        let forced = [("act", "enter"), ("seen", "0"), ("unit", "350181"), ("policy", "equipment")];
        let own = [("recipient", "乙公司"), ("equipment_it", "1000"), ("in_statistics", "是")];
        let forced = [&forced[..], &own].concat();
        person.post("/claims/fuzhou-2021/2022", &forced).assert_status(422).shows("只在2021年申报，2022年不在其内");
    }

    fn a_claim_names_its_papers_and_its_firm(app: TestApp) {
        let claims = Claims::new(app);
        let person = claims.person("fuqing");
        let page = person.get(&format!("{PAGE}?policy=energy_management")).assert_success();
        let own = [("recipient", "甲公司"), ("recognised", "是"), ("first", "是"), ("credit_code", "91350100M000100Y43")];
        let with = |more: &[(&'static str, &'static str)]| [&own[..], more].concat();
        let bare = person.submit(&page, "#enter form", &with(&[("elsewhere", "3")])).assert_status(422);
        bare.shows("写了当年已获其他奖补，请写明依据的文件和是哪一年度的");
        let undated = [("elsewhere", "3"), ("elsewhere_by", "省里的文件")];
        let undated = person.submit(&page, "#enter form", &with(&undated)).assert_status(422);
        undated.shows("写了当年已获其他奖补，请写明依据的文件和是哪一年度的");
        let proved = with(&[("elsewhere", "3"), ("elsewhere_by", "闽财企〔2021〕5号")]);
        person.submit(&page, "#enter form", &proved).assert_status(303);
        let office = claims.person("shenhe").get(PAGE).assert_success();
        office.shows("当年已获其他奖补3万元（闽财企〔2021〕5号），补差 5万元 − 3万元").shows("按现在的数据：2万元");
        // What is stated anew and refused comes back as it was typed.
        let again = person.get(&format!("{PAGE}?edit=1")).assert_success();
        let wrong = [("elsewhere", "4"), ("elsewhere_by", "口头"), ("words", "补正")];
        let (_, kept) = person.submit(&again, "#enter form", &wrong).assert_status(422).form("#enter form");
        for typed in wrong {
            assert!(kept.contains(&(typed.0.to_owned(), typed.1.to_owned())), "{typed:?} of {kept:?}");
        }
        // Its papers are compared by whoever decides, and the decision says so.
        let unseen = claims.step("shenhe", "decide", &[]).assert_status(422);
        let said = "这项申报写了当年已获其他奖补3万元（闽财企〔2021〕5号），请核对凭证以后勾选“已核对已获奖补的凭证”";
        unseen.shows(said);
        claims.done("shenhe", "decide", &[("proof_seen", "yes")]);
        claims.person("shenhe").get(PAGE).assert_success().shows("按计划第1版，纸质申报表已收到；已核对已获奖补的凭证");
        claims.done("shenhe", "send_back", &[("words", "再核")]);
        let office = person.get(&format!("{PAGE}?edit=1")).assert_success();
        person.submit(&office, "#enter form", &[]).assert_status(303);
        let office = claims.person("shenhe").get(PAGE).assert_success();
        // No such list is kept; one that is and has another firm alone says so.
        office.lacks("认定名单");
        let listed = [("firm", "乙公司"), ("unit", "福清市"), ("title", "能源管理体系认证企业"), ("level", "国家级")];
        let listed = [&listed[..], &[("document", "国认〔2021〕1号"), ("day", "2021-03-01")]].concat();
        let reviewer = claims.person("shenhe");
        let page = reviewer.get("/lists/fuzhou-2021").assert_success();
        reviewer.submit(&page, "#enter form", &listed).assert_status(303);
        reviewer.get(PAGE).assert_success().shows("认定名单里没有这家企业的这项认定，请核对");
        let page = person.get(&format!("{PAGE}?policy=equipment")).assert_success();
        let renamed = [("recipient", "甲集团"), ("credit_code", "91350100M000100Y43"), ("in_statistics", "是")];
        let renamed = [&renamed[..], &[("equipment_it", "1000")]].concat();
        let refused = person.submit(&page, "#enter form", &renamed).assert_status(422);
        refused.shows("在第1号里写的是“甲公司”，请照营业执照核对名称和代码");
    }

    fn another_offices_claims_are_refused(app: TestApp) {
        let own = std::fs::read_to_string(root().join("assets/plans/fuzhou-2021.plan.toml")).unwrap();
        let theirs = own.replacen("id = \"fuzhou-2021\"", "id = \"xiamen-2021\"", 1).replace("福州市", "厦门市");
        let claims = Claims::with(app, &[&own, &theirs.replacen("350100", "350200", 1)]);
        for login in ["shenhe", "fabu", "caizheng", "fuqing"] {
            let refused = claims.person(login).get("/claims/xiamen-2021/2021").assert_error(404);
            refused.shows("奖补申报只有本计划的办公室、财政部门和申报所在的县（市、区）能看");
            claims.person(login).get("/policies/xiamen-2021").assert_success().lacks("年申报和兑付");
        }
        let claim = [("act", "enter"), ("seen", "0"), ("unit", "350181"), ("policy", "guarantee")];
        let claim = [&claim[..], &[("recipient", "甲公司")]].concat();
        let refused = claims.person("fuqing").post("/claims/xiamen-2021/2021", &claim);
        refused.assert_status(404).shows("没有这项申报，或它不属于您的单位");
    }

    fn whose_turn_it_is_stands_on_the_first_page(app: TestApp) {
        let claims = Claims::new(app);
        claims.enter(&[]).assert_status(303);
        claims.person("shenhe").get("/").assert_success().shows("2021年奖补申报：待决定1项");
        claims.person("caizheng").get("/").assert_success().lacks("奖补申报");
        claims.done("shenhe", "send_back", &[("words", "缺盖章的申报表")]);
        claims.person("fuqing").get("/").assert_success().shows("奖补申报：被退回，待重新填报1项");
        claims.person("minhou").get("/").assert_success().lacks("奖补申报");
        let person = claims.person("fuqing");
        // The signed form: the county attaches it; whoever decides and pays fetches it, and nobody else.
        let page = person.get(PAGE).assert_success();
        page.shows("还没有附企业盖章的申报表");
        claims.sign("fuqing");
        let (action, fields) = page.form("#claim-1 form.evidence-form");
        let forged = claims.site.upload_form(&action, &fields, SIGNED, &claims.cookies["minhou"]);
        assert!(matches!(forged.status, 403 | 404), "{}", forged.text());
        for login in ["fuqing", "shenhe", "fabu", "caizheng"] {
            claims.person(login).get(PAGE).assert_success().shows("申报表（盖章）.pdf").lacks("还没有附企业盖章的申报表");
            claims.person(login).get("/evidence/fuzhou-2021/1").assert_status(200);
        }
        claims.person("minhou").get(PAGE).assert_success().lacks("申报表（盖章）");
        claims.person("minhou").get("/evidence/fuzhou-2021/1").assert_status(404);
        claims.person("lingdao").get("/evidence/fuzhou-2021/1").assert_status(403);
        let page = person.get(&format!("{PAGE}?edit=1")).assert_success();
        person.submit(&page, "#enter form", &[]).assert_status(303);
        claims.done("shenhe", "decide", &[]);
        claims.person("shenhe").get("/").assert_success().lacks("奖补申报");
        claims.person("fabu").get("/").assert_success().shows("待您确认决定1项");
        claims.done("fabu", "confirm", &[]);
        claims.person("caizheng").get("/").assert_success().shows("奖补申报：待兑付1项");
        claims.done("caizheng", "pay", &PAID);
        claims.person("caizheng").get("/").assert_success().lacks("奖补申报");
    }

    fn the_same_firm_under_another_document_is_named(app: TestApp) {
        let own = std::fs::read_to_string(root().join("assets/plans/fuzhou-2021.plan.toml")).unwrap();
        let other = own.replacen("id = \"fuzhou-2021\"", "id = \"other-2021\"", 1);
        let claims = Claims::with(app, &[&own, &other]);
        claims.enter(&[("credit_code", "")]).assert_status(303);
        let person = claims.person("fuqing");
        let page = person.get("/claims/other-2021/2021?policy=equipment").assert_success();
        let own = [("recipient", "甲 公司"), ("project", "一 期"), ("equipment_it", "900"), ("in_statistics", "是")];
        person.submit(&page, "#enter form", &own).assert_status(303);
        claims.person("shenhe").get(PAGE).assert_success().shows("也有申报，请核对是不是同一件事")
            .shows("同一项目：2021年第1号");
        claims.person("shenhe").get("/claims/other-2021/2021").assert_success().shows("同一项目：2021年第1号");
        // A code is checked, and the firm known by it under another name.
        let page = person.get("/claims/other-2021/2021?policy=energy_saving").assert_success();
        let coded = |code, name| [("recipient", name), ("credit_code", code), ("project", "节能")];
        let wrong = person.submit(&page, "#enter form", &coded("91350100M000100Y44", "甲集团")).assert_status(422);
        wrong.shows("统一社会信用代码 91350100M000100Y44 的校验码（最后一位）对不上");
        person.submit(&page, "#enter form", &coded("91350100M000100Y43", "甲集团")).assert_status(303);
        claims.enter(&[("recipient", "甲公司（改名前）"), ("credit_code", "91350100M000100Y43")]).assert_status(303);
        let named = claims.person("shenhe").get(PAGE).assert_success();
        assert!(named.all("#claim-2 .notice").concat().contains("2021年第2号"), "{}", named.text());
        // What other documents give is the office's to compare.
        claims.person("fuqing").get(PAGE).assert_success().lacks("也有申报，请核对");
    }

    fn an_upheld_objection_is_decided_and_published_anew(app: TestApp) {
        let claims = Claims::decided_before_notice(app);
        let page = claims.person("fabu").get(PAGE).assert_success();
        claims.person("fabu").submit(&page, "#notice", &ISSUER).assert_status(303);
        let page = claims.person("shenhe").get(PAGE).assert_success();
        let objecting = [("by", "某公司"), ("words", "有200万元设备是旧的")];
        claims.person("shenhe").submit(&page, "#claim-1 form:has(input[name='by'])", &objecting).assert_status(303);
        claims.person("shenhe").get("/").assert_success().lacks("待答复异议");
        claims.person("fabu").get("/").assert_success().shows("待答复异议1项");
        let page = claims.person("fabu").get(PAGE).assert_success();
        let upheld = [("upheld", "yes"), ("words", "查验属实，应扣除200万元")];
        let answering = "#claim-1 form:has(input[value='answer'])";
        claims.person("shenhe").submit(&page, answering, &upheld).assert_status(422).shows("登记异议的人不能自己答复");
        claims.person("fabu").submit(&page, answering, &upheld).assert_status(303);
        // Upheld, the first notice pays nothing, not even after its days are over.
        let shown = claims.person("shenhe").get(PAGE).assert_success();
        shown.shows("异议成立：查验属实，应扣除200万元");
        claims.person("shenhe").get("/").assert_success().shows("异议成立，待重新决定1项").lacks("待答复异议");
        // The county reads what was objected and answered, not by whom; another county nothing.
        let county = claims.person("fuqing").get(PAGE).assert_success();
        county.shows("收到异议：有200万元设备是旧的").shows("异议成立：查验属实，应扣除200万元").lacks("某公司");
        claims.person("minhou").get(PAGE).assert_success().lacks("有200万元设备是旧的");
        let site = claims.site.stop().at("2021-07-09T09:00:00+08:00").start(&[]);
        let people = ["fuqing", "shenhe", "fabu", "caizheng", "lingdao"].map(|login| (login, site.log_in(login, PASSWORD)));
        let claims = Claims { site, cookies: BTreeMap::from(people) };
        let pay = |seen: &'static str, amount: &'static str| {
            [&[("number", "1"), ("act", "pay"), ("seen", seen), ("amount", amount)][..], &PAID].concat()
        };
        claims.person("caizheng").post(PAGE, &pay("3", "30")).assert_status(422).shows("异议成立");
        claims.person("fabu").get(PAGE).assert_success().lacks("将公示");
        // Stated anew, decided anew by two, and before the public a second time.
        let person = claims.person("fuqing");
        let page = person.get(&format!("{PAGE}?edit=1")).assert_success();
        person.submit(&page, "#enter form", &[("equipment_it", "800")]).assert_status(303);
        claims.done("fabu", "decide", &[]);
        claims.done("shenhe", "confirm", &[]);
        claims.person("caizheng").post(PAGE, &pay("6", "24")).assert_status(422).shows("公示");
        let page = claims.person("fabu").get(PAGE).assert_success();
        page.shows("将公示1项").shows("24万元");
        let done = claims.person("fabu").submit(&page, "#notice", &ISSUER).assert_status(303);
        let second = done.header("location").to_owned();
        assert_eq!(second, "/publications/fuzhou-2021/claims/2021-2/2021-07/e1");
        claims.person("lingdao").get(&second).assert_success().shows("2021年奖补资金第2次公示").shows("240000");
        // The first stays as it was read.
        let first = "/publications/fuzhou-2021/claims/2021-1/2021-07/e1";
        claims.person("lingdao").get(first).assert_success().shows("300000").lacks("240000")
            .shows("0001号已更正：30万元改为24万元，见").shows("2021年奖补资金第2次公示");
        claims.person("lingdao").get(&second).assert_success()
            .shows("0001号原在2021年奖补资金第1次公示中为30万元，现更正为24万元。").lacks("已更正");
        claims.person("caizheng").post(PAGE, &pay("6", "24")).assert_status(422);
        let site = claims.site.stop().at("2021-07-20T09:00:00+08:00").start(&[]);
        let cookies = BTreeMap::from([("caizheng", site.log_in("caizheng", PASSWORD))]);
        let claims = Claims { site, cookies };
        claims.done("caizheng", "pay", &PAID);
        claims.person("caizheng").get(PAGE).assert_success().shows("决定：24万元；已兑付24万元。");
        // A firm that gives it up: sent back, decided by two, told to the public again, and paid back.
        let people = ["fuqing", "shenhe", "fabu", "lingdao"].map(|login| (login, claims.site.log_in(login, PASSWORD)));
        let claims = Claims { cookies: claims.cookies.into_iter().chain(people).collect(), ..claims };
        claims.done("shenhe", "send_back", &[("words", "企业放弃")]);
        let home = claims.person("fabu").get("/").assert_success();
        home.shows("决定后退回，待重新填报或决定不给予1项");
        claims.person("shenhe").get(PAGE).assert_success()
            .shows("决定24万元以后退回了，已兑付24万元：重新填报的再重新决定，不再申报的请决定不给予，应追回24万元。");
        claims.done("shenhe", "decide", &[]);
        claims.done("fabu", "confirm", &[]);
        assert_eq!(claims.state("fuqing"), "已决定，待追回");
        let page = claims.person("fabu").get(PAGE).assert_success();
        let done = claims.person("fabu").submit(&page, "#notice", &ISSUER).assert_status(303);
        claims.person("lingdao").get(done.header("location")).assert_success()
            .shows("奖补资金原公示内容的更正予以公示").shows("第2次公示中为24万元，现更正为不给予。");
        claims.person("lingdao").get(&second).assert_success().shows("0001号已更正：24万元改为不给予，见");
        let back = [("amount", "-24"), ("day", "2021-07-20"), ("words", "榕财缴〔2021〕9号")];
        claims.done("caizheng", "pay", &back);
        assert_eq!(claims.state("fuqing"), "已决定，不给予");
        let after = claims.person("shenhe").get(PAGE).assert_success();
        assert!(after.all("#claim-1 form:has(input[value='decide'])").is_empty());
        claims.site.app.jigai(&["verify"]).assert_done();
    }

    // What two decided is for its project; one that was not written may be written later.
    fn a_decided_claim_may_name_its_project(app: TestApp) {
        let claims = Claims::new(app);
        claims.enter(&[("project", "")]).assert_status(303);
        claims.done("shenhe", "decide", &[]);
        claims.done("fabu", "confirm", &[]);
        let person = claims.person("fuqing");
        let named = |name: &str| {
            let page = person.get(&format!("{PAGE}?edit=1")).assert_success();
            person.submit(&page, "#enter form", &[("project", name)])
        };
        named("一期").assert_status(303);
        assert_eq!(claims.state("shenhe"), "待决定");
        claims.done("shenhe", "decide", &[]);
        claims.done("fabu", "confirm", &[]);
        named("二期").assert_status(422).shows("申报单位、项目和政策不能再改");
        // A paper pays it once, however its brackets are written.
        claims.done("caizheng", "pay", &[&PAID[..], &[("amount", "20")]].concat());
        let again = [("day", "2021-07-03"), ("words", "榕财企[2021]3号"), ("amount", "10")];
        claims.step("caizheng", "pay", &again).assert_status(422).shows("这个文号已在2021年7月3日登记过本项20万元");
    }

    fn an_upheld_objection_may_leave_the_amount(app: TestApp) {
        let claims = Claims::decided_before_notice(app);
        let submit = |login: &str, form: &str, typed: &[(&str, &str)]| {
            let page = claims.person(login).get(PAGE).assert_success();
            claims.person(login).submit(&page, form, typed).assert_status(303);
        };
        submit("fabu", "#notice", &ISSUER);
        submit("shenhe", "#claim-1 form:has(input[name='by'])", &[("by", "某公司"), ("words", "项目名称写错了")]);
        let upheld = [("upheld", "yes"), ("words", "名称确有笔误")];
        submit("fabu", "#claim-1 form:has(input[value='answer'])", &upheld);
        // The same amount is decided anew by two, and before the public a second time.
        claims.person("fabu").get(PAGE).assert_success().lacks("将公示").shows("异议成立");
        claims.done("shenhe", "decide", &[("words", "名称按营业执照")]);
        claims.done("fabu", "confirm", &[]);
        claims.person("fabu").get(PAGE).assert_success().shows("将公示1项");
        submit("fabu", "#notice", &ISSUER);
        let site = claims.site.stop().at("2021-07-09T09:00:00+08:00").start(&[]);
        let cookies = BTreeMap::from([("caizheng", site.log_in("caizheng", PASSWORD))]);
        let claims = Claims { site, cookies };
        claims.done("caizheng", "pay", &[("day", "2021-07-09"), ("words", "榕财企〔2021〕3号")]);
    }

    fn what_is_only_at_most_something_is_not_paid_as_decided(app: TestApp) {
        let source = std::fs::read_to_string(root().join("assets/plans/fuzhou-2021.plan.toml")).unwrap();
        let room = source.replacen("id = \"equipment\"\n", "id = \"equipment\"\nbound = \"at_most\"\n", 1);
        let claims = Claims::with(app, &[&room]);
        claims.enter(&[]).assert_status(303);
        claims.done("shenhe", "decide", &[("amount", "25")]);
        claims.done("fabu", "confirm", &[]);
        let person = claims.person("fuqing");
        let page = person.get(&format!("{PAGE}?edit=1")).assert_success();
        person.submit(&page, "#enter form", &[("equipment_it", "500")]).assert_status(303);
        claims.person("shenhe").get(PAGE).assert_success().shows("按现在的数据：最多15万元");
        let forced = [&[("number", "1"), ("act", "pay"), ("seen", "4"), ("amount", "25")][..], &PAID].concat();
        claims.person("caizheng").post(PAGE, &forced).assert_status(422).shows("请办公室先重新决定");
        assert!(claims.person("caizheng").get(PAGE).all("#claim-1 form:has(input[value='pay'])").is_empty());
        claims.done("shenhe", "decide", &[("amount", "15")]);
        claims.done("fabu", "confirm", &[]);
        claims.done("caizheng", "pay", &PAID);
        claims.person("fuqing").get(PAGE).assert_success().shows("决定：15万元；已兑付15万元。");
    }

    fn a_renamed_firm_renames_its_claims_one_by_one(app: TestApp) {
        let claims = Claims::new(app);
        let code = ("credit_code", "91350100M000100Y43");
        claims.enter(&[code]).assert_status(303);
        claims.enter(&[code, ("project", "二期")]).assert_status(303);
        claims.enter(&[code, ("project", "三期"), ("recipient", "甲集团")]).assert_status(422).shows("写的是“甲公司”");
        let person = claims.person("fuqing");
        for number in [1, 2] {
            let page = person.get(&format!("{PAGE}?edit={number}")).assert_success();
            person.submit(&page, "#enter form", &[("recipient", "甲集团")]).assert_status(303);
        }
        claims.enter(&[code, ("project", "三期"), ("recipient", "甲集团")]).assert_status(303);
    }

    fn nothing_is_paid_before_the_public_saw_it(app: TestApp) {
        let claims = Claims::decided_before_notice(app);
        let unpaid = claims.person("caizheng").get(PAGE).assert_success();
        unpaid.shows("这项决定还没有公示");
        assert!(unpaid.all("#claim-1 form:has(input[value='pay'])").is_empty());
        let forced = [&[("number", "1"), ("act", "pay"), ("seen", "3"), ("amount", "30")][..], &PAID].concat();
        claims.person("caizheng").post(PAGE, &forced).assert_status(422).shows("这项决定还没有公示");
        // Put before the public by the publisher: a frozen edition that anybody reads.
        claims.person("shenhe").get(PAGE).assert_success().lacks("将公示");
        let page = claims.person("fabu").get(PAGE).assert_success();
        page.shows("将公示1项，到2021年7月8日为止");
        let mistyped = [&ISSUER[..2], &[("password", "x")]].concat();
        claims.person("fabu").submit(&page, "#notice", &mistyped).assert_status(422).shows("密码不对");
        let unsigned = [("password", PASSWORD), ("issuer", "市工信局")];
        let unsigned = claims.person("fabu").submit(&page, "#notice", &unsigned).assert_status(422);
        let (_, kept) = unsigned.shows("请写明受理异议的联系方式").form("#notice");
        assert!(kept.contains(&("issuer".to_owned(), "市工信局".to_owned())), "{kept:?}");
        // What came since the page was opened is looked at first.
        let old = [&ISSUER[..], &[("listed", "x")]].concat();
        claims.person("fabu").submit(&page, "#notice", &old).assert_status(422).shows("您打开页面之后要公示的又有变动");
        let done = claims.person("fabu").submit(&page, "#notice", &ISSUER);
        let notice = "/publications/fuzhou-2021/claims/2021-1/2021-07/e1";
        assert_eq!((done.status, done.header("location")), (303, notice), "{}", done.text());
        claims.person("fabu").submit(&page, "#notice", &ISSUER).assert_status(422).shows("没有要公示的决定");
        let read = claims.person("lingdao").get(notice).assert_success();
        read.shows("2021年奖补资金第1次公示").shows("甲公司").shows("300000").lacks("税收");
        read.shows("受理单位：福州市工业和信息化局；联系方式：0591-12345678。");
        read.shows("福州市工业和信息化局　2021年7月3日");
        for ending in ["csv", "json", "docx", "pdf"] {
            let file = format!("/export/publication/fuzhou-2021.claims.2021-1.2021-07.e1.{ending}");
            let file = claims.person("lingdao").get(&file).assert_status(200);
            assert!(matches!(ending, "docx" | "pdf") || file.html.contains("甲公司"), "{}", file.html);
        }
        // What is objected within the days is answered before anything is paid.
        let page = claims.person("shenhe").get(PAGE).assert_success();
        let objecting = "#claim-1 form:has(input[name='by'])";
        let unsaid = claims.person("shenhe").submit(&page, objecting, &[("by", "某公司"), ("words", "")]);
        let (_, kept) = unsaid.assert_status(422).form(objecting);
        assert!(kept.contains(&("by".to_owned(), "某公司".to_owned())), "{kept:?}");
        // What is kept for good does not say who he is.
        let named = claims.person("shenhe").submit(&page, objecting, &[("by", "某公司"), ("words", "某 公司说是旧的")]);
        named.assert_status(422).shows("这里写的一直保留，请不要写提出人的名称");
        claims.person("shenhe").submit(&page, objecting, &[("by", "某公司"), ("words", "设备是旧的")]).assert_status(303);
        claims.person("fuqing").get(PAGE).assert_success().lacks("某公司");
        let site = claims.site.stop().at("2021-07-09T09:00:00+08:00").start(&[]);
        let again = ["shenhe", "fabu", "caizheng"].map(|login| (login, site.log_in(login, PASSWORD)));
        let claims = Claims { site, cookies: BTreeMap::from(again) };
        claims.person("caizheng").post(PAGE, &forced).assert_status(422).shows("有异议还没有答复");
        let late = [("act", "object"), ("claim", "1"), ("by", "又一家"), ("words", "迟了")];
        let address = format!("{PAGE}/objection");
        claims.person("shenhe").post(&address, &late).assert_status(422).shows("不在公示期内");
        let page = claims.person("fabu").get(PAGE).assert_success();
        let answering = "#claim-1 form:has(input[value='answer'])";
        let unsaid = claims.person("fabu").submit(&page, answering, &[("upheld", "yes"), ("words", "")]);
        let (_, kept) = unsaid.assert_status(422).form(answering);
        assert!(kept.contains(&("upheld".to_owned(), "yes".to_owned())), "{kept:?}");
        let named = claims.person("fabu").submit(&page, answering, &[("words", "已答复某公司")]).assert_status(422);
        named.shows("请不要写提出人的名称");
        claims.person("fabu").submit(&page, answering, &[("words", "经查验发票，设备为新购")]).assert_status(303);
        claims.person("shenhe").submit(&page, answering, &[("words", "再答")]).assert_status(422).shows("已经答复过");
        claims.done("caizheng", "pay", &PAID);
        // Who objected is forgotten when the papers' time is over; what was objected stays.
        let page = claims.person("shenhe").get(PAGE).assert_success();
        page.shows("某公司的异议");
        let forgetting = "#claim-1 form:has(input[value='forget'])";
        let unsaid = claims.person("shenhe").submit(&page, forgetting, &[("reason", " ")]);
        unsaid.assert_status(422).shows("删除的理由");
        claims.person("shenhe").submit(&page, forgetting, &[("reason", "保存期满")]).assert_status(303);
        let old = page;
        let page = claims.person("fabu").get(PAGE).assert_success();
        page.lacks("某公司").shows("收到异议（姓名已按规定删除）");
        let again = claims.person("shenhe").submit(&old, forgetting, &[("reason", "再删")]);
        again.assert_status(422).shows("已经删除");
        claims.site.app.jigai(&["verify"]).assert_done().says("按规定删除的个人信息 1 人");
    }
}

/// A firm's tax figures stand on the pages and in the files of two posts: everything that anybody of the office is
/// shown a way to is asked for by everybody else.
#[test]
fn a_firms_taxes_stand_nowhere_else() {
    let source = std::fs::read_to_string(root().join("assets/plans/fuzhou-2021.plan.toml")).unwrap();
    let combine = "combine = \"highest_with_top_up\"\n";
    let limited = source.replace(combine, &format!("{combine}limit = \"local_tax_share\"\n"));
    let claims = Claims::with(TestApp::new(tests::Engine::Sqlite), &[&limited]);
    let completion = [("recipient", "甲公司"), CODE, ("project", "二期"), ("completion", "2019")];
    let page = claims.person("fuqing").get(&format!("{PAGE}?policy=completion")).assert_success();
    claims.person("fuqing").submit(&page, "#enter form", &completion).assert_status(303);
    let taxes = [("local_tax", "913.57"), ("retained", "4812.34"), ("retained_before", "4711.22")];
    claims.done("caizheng", "tax", &taxes);
    claims.done("shenhe", "decide", &[("words", "材料齐全")]);
    claims.done("fabu", "confirm", &[]);
    let page = claims.person("fabu").get(PAGE).assert_success();
    claims
        .person("fabu")
        .submit(&page, "#notice", &[&ISSUER[..], &[("days", "5"), ("pick.1", "yes")]].concat())
        .assert_status(303);
    // In 万元 and in 元, with marks between thousands or without.
    const FIGURES: [&str; 6] = ["913.57", "9135700", "4812.34", "48123400", "4711.22", "47112200"];
    let holds = |page: &Page| {
        let text = words_of(&claims.site.app, page).replace(',', "");
        FIGURES.iter().any(|figure| text.contains(figure))
    };
    let mut addresses = BTreeSet::new();
    let mut with_taxes = BTreeSet::new();
    let waiting: Vec<String> = ["/", "/plans", "/search?q=甲公司", PAGE].map(str::to_owned).to_vec();
    for login in ["shenhe", "caizheng", "fabu"] {
        let mut seen = BTreeSet::new();
        let mut open = waiting.clone();
        while let Some(path) = open.pop().filter(|_| seen.len() < 400) {
            if !seen.insert(path.clone()) {
                continue;
            }
            let page = claims.person(login).get(&path);
            if page.status == 200 && holds(&page) {
                with_taxes.insert(path.clone());
            }
            let next = page.links().into_iter().map(|link| link.split('#').next().unwrap_or_default().to_owned());
            open.extend(next.filter(|link| link.starts_with('/') && !link.starts_with("//")));
        }
        addresses.extend(seen);
    }
    assert!(with_taxes.contains(PAGE) && with_taxes.len() > 1, "{with_taxes:?}");
    assert!(addresses.iter().any(|address| address.ends_with(".pdf")) && addresses.len() > 60, "{addresses:?}");
    for login in ["", "fuqing", "fuqing.sh", "minhou", "lingdao", "xitong", "anquan", "shenji"] {
        for address in &addresses {
            let page = match login {
                "" => claims.site.get(address),
                login => claims.person(login).get(address),
            };
            assert!(page.status != 200 || !holds(&page), "{login} is shown a firm's taxes at {address}");
        }
    }
}

/// All that a file or page says, compressed parts and papers too.
fn words_of(app: &TestApp, page: &Page) -> String {
    if page.bytes.starts_with(b"PK") {
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&page.bytes)).unwrap();
        let mut said = String::new();
        for index in 0..archive.len() {
            let mut bytes = Vec::new();
            std::io::Read::read_to_end(&mut archive.by_index(index).unwrap(), &mut bytes).unwrap();
            said.push_str(&String::from_utf8_lossy(&bytes));
        }
        return said;
    }
    if page.bytes.starts_with(b"%PDF") {
        let path = app.folder.write("taxes.pdf", &page.bytes);
        let read = std::process::Command::new("pdftotext").args(["-enc", "UTF-8", &path, "-"]).output();
        return String::from_utf8_lossy(&read.expect("pdftotext of poppler-utils").stdout).into_owned();
    }
    page.html.clone()
}
