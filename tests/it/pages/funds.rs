//! `/funds/{plan}`: movements of a fund entered by one and confirmed by another, what they come to on any day, and who
//! reads of it.

use tests::{Office, Page, TestApp, on_both_databases};

const PLAN: &str = r#"
format = 1
id = "p"
title = "技改基金"
region = { code = "350100", name = "福州市" }
years = [2021, 2022]
[calendar]
cadence = "monthly"
deadline = { day = 5, of = "next_month" }
[[unit]]
id = "350181"
name = "福清市"
[[goal]]
id = "scale"
name = "基金规模"
kind = "amount"
unit = "亿元"
counts = "stock"
targets = [{ year = 2021, value = "1" }]
[[fund]]
id = "loan"
title = "市级技改基金"
kind = "loan"
quota = "1亿元"
per_firm = "5000万元"
goal = "scale"
publish = true
[[fund]]
id = "guarantee"
title = "担保额度"
kind = "guarantee"
quota = "2亿元"
"#;

/// What a rate may float on.
const LPR: &str = r#"
[[parameter]]
id = "lpr"
name = "LPR（一年期）"
source = "全国银行间同业拆借中心"
values = [{ from = 2020-02-20, pct = "4.05" }, { from = 2020-04-20, pct = "3.85" }]
"#;

const PAGE: &str = "/funds/p";
const PEOPLE: [(&str, &str, &str); 5] = [
    ("shenhe", "city_reviewer", ""),
    ("fabu", "publisher", ""),
    ("caizheng", "finance", "市财政局"),
    ("bao", "county_reporter", "福清市"),
    ("lingdao", "leader", ""),
];

const TERMS: [(&str, &str); 10] = [
    ("contract", "榕技改〔2021〕1号"),
    ("firm", "甲公司"),
    ("credit_code", "91350100M000100Y43"),
    ("unit", "350181"),
    ("bank", "兴业银行"),
    ("rate", "3.65"),
    ("day_count", "actual/365"),
    ("due", "2021-06-30"),
    ("day", "2021-01-04"),
    ("voucher", "凭证1"),
];

/// An entry by somebody's form.
fn enter(office: &Office, login: &str, movement: &str, changes: &[(&str, &str)]) -> Page {
    let person = office.person(login);
    let page = person.get(&format!("{PAGE}?fund=loan&movement={movement}")).assert_success();
    person.submit(&page, "#enter form", changes)
}

fn step(office: &Office, login: &str, entry: u32, act: &str, changes: &[(&str, &str)]) -> Page {
    let person = office.person(login);
    let page = person.get(PAGE).assert_success();
    person.submit(&page, &format!("#fund-loan-{entry} form:has(input[value='{act}'])"), changes)
}

/// Entered by the finance post, confirmed by the reviewer.
#[track_caller]
fn record(office: &Office, entry: u32, movement: &str, changes: &[(&str, &str)]) {
    let entered = enter(office, "caizheng", movement, changes);
    assert_eq!(
        (entered.status, entered.header("location")),
        (303, &*format!("{PAGE}#fund-loan-{entry}")),
        "{}",
        entered.text()
    );
    let confirmed = step(office, "shenhe", entry, "confirm", &[]);
    assert_eq!(confirmed.status, 303, "{}", confirmed.text());
}

on_both_databases! {
    fn a_loan_is_entered_by_one_and_confirmed_by_another(app: TestApp) {
        let office = Office::of(app.at("2021-07-03T10:00:00+08:00"), PLAN, "福州市", &PEOPLE);
        // Everything that is wrong at once, and what was typed is kept.
        let wrong = [("credit_code", "91350100M000100Y44"), ("day_count", ""), ("rate", ""), ("amount", "三千"), ("due", "2020-12-31")];
        let wrong = enter(&office, "caizheng", "commit", &[&TERMS[..], &wrong].concat()).assert_status(422);
        wrong.shows("校验码").shows("360天还是365天").shows("请照合同写年利率").shows("“三千”").shows("到期日要在签约日期以后");
        let typed = wrong.form("#enter form").1;
        assert!(typed.contains(&("amount".to_owned(), "三千".to_owned())), "{typed:?}");
        // Nobody confirms himself, and what waits counts for nothing yet.
        let undated = enter(&office, "caizheng", "commit", &[&TERMS[..], &[("amount", "4000"), ("due", "")]].concat());
        undated.assert_status(422).shows("到期日请写成日期").lacks("要在签约日期以后");
        // A firm lies in no department; amounts as people write them.
        let page = office.person("caizheng").get(&format!("{PAGE}?fund=loan&movement=commit")).assert_success();
        assert_eq!(page.all("#enter select[name='unit'] option").iter().filter(|unit| unit.contains('局')).count(), 0);
        let commit = [&TERMS[..], &[("amount", "0.4亿")]].concat();
        enter(&office, "caizheng", "commit", &commit).assert_status(303);
        let own = office.person("caizheng").get(PAGE).assert_success();
        own.shows("待第二人确认").shows("签约0元");
        assert!(own.all("#fund-loan-1 form:has(input[value='confirm'])").is_empty());
        let forced = [("fund", "loan"), ("number", "1"), ("act", "confirm"), ("seen", "1")];
        office.person("caizheng").post(PAGE, &forced).assert_status(422).shows("自己");
        office.person("shenhe").get("/").assert_success().shows("资金台账：待您确认1笔");
        office.person("caizheng").get("/").assert_success().lacks("待您确认");
        step(&office, "shenhe", 1, "confirm", &[]).assert_status(303);
        office.person("shenhe").post(PAGE, &forced).assert_status(422).shows("您打开页面之后");
        // Movements, each of its contract; 2000万元 × 3.65% × 28 ÷ 365 = 56000元.
        let of = |day, amount| [("contract", "榕技改〔2021〕1号"), ("day", day), ("amount", amount), ("voucher", "凭证2")];
        enter(&office, "caizheng", "pay", &of("2021-02-01", "4001")).assert_status(422)
            .shows("投放4001万元，超过签约的4000万元");
        enter(&office, "caizheng", "pay", &of("2021-01-03", "10")).assert_status(422).shows("早于");
        record(&office, 2, "pay", &of("2021-02-01", "2000"));
        enter(&office, "caizheng", "repay", &of("2021-03-01", "2001")).assert_status(422).shows("还款2001万元，超过投放的2000万元");
        record(&office, 3, "repay", &of("2021-03-01", "500万元"));
        let march = office.person("shenhe").get(&format!("{PAGE}?on=2021-03-01")).assert_success();
        march.shows("投放2000万元，还款500万元，余额1500万元，累计利息56000.00元");
        // 1500万元 × 3.65% = 1500元 a day: 123 days to 2 July, overdue since 30 June.
        let now = office.person("caizheng").get(&format!("{PAGE}?on=7月2日")).assert_success();
        now.shows("累计利息240500.00元").shows("逾期1笔、1500万元").shows("2天").shows("还回的能再用则占用3500万元");
        // Finance does not see what was reported and not published.
        now.lacks("与目标“基金规模”对照");
        let office_now = office.person("shenhe").get(&format!("{PAGE}?on=7月2日")).assert_success();
        office_now.shows("与目标“基金规模”对照：台账3500万元；没有报送数");
        // More than the quota with what waits, too.
        let other = [("contract", "2号"), ("amount", "6001"), ("due", "2022-06-30")];
        let more = |amount| [&TERMS[..], &other, &[("amount", amount)]].concat();
        enter(&office, "shenhe", "commit", &more("6001")).assert_status(422).shows("占用10001万元，超过总额度1亿元");
        enter(&office, "shenhe", "commit", &more("6000")).assert_status(303);
        let third = [&TERMS[..], &[("contract", "3号"), ("amount", "501"), ("due", "2022-06-30")]].concat();
        enter(&office, "shenhe", "commit", &third).assert_status(422).shows("超过总额度1亿元");
        // Sent back, corrected and struck, each with its reason.
        step(&office, "fabu", 4, "send_back", &[]).assert_status(422).shows("退回的理由");
        step(&office, "fabu", 4, "send_back", &[("words", "合同未盖章")]).assert_status(303);
        let person = office.person("caizheng");
        let page = person.get(&format!("{PAGE}?fund=loan&edit=3")).assert_success();
        person.submit(&page, "#enter form", &[("amount", "600")]).assert_status(422).shows("请写明理由");
        person.submit(&page, "#enter form", &[("amount", "600"), ("words", "凭证抄错")]).assert_status(303);
        office.person("shenhe").get(PAGE).assert_success().shows("还款500万元").shows("凭证抄错");
        step(&office, "fabu", 3, "confirm", &[]).assert_status(303);
        office.person("shenhe").get(PAGE).assert_success().shows("还款600万元，余额1400万元");
        // A payment on which another rests is not struck.
        step(&office, "caizheng", 2, "strike", &[("words", "误记")]).assert_status(422).shows("超过投放的0元");
        step(&office, "caizheng", 3, "strike", &[("words", "误记")]).assert_status(303);
        step(&office, "shenhe", 3, "confirm", &[]).assert_status(303);
        office.person("shenhe").get(PAGE).assert_success().shows("还款0元，余额2000万元").shows("已注销");
        // Proved, append-only.
        office.site.app.jigai(&["verify"]).assert_done();
        assert!(office.site.app.refused_sql("UPDATE fund_step SET amount = 1").contains("append-only"));
        office.site.app.tamper("fund_step", "UPDATE fund_step SET amount = 1 WHERE entry = 2 AND version = 1");
        let altered = office.site.app.jigai(&["verify"]);
        assert_eq!(altered.code, 1, "{altered:?}");
        altered.says("fund_step");
    }

    fn a_rate_floats_and_what_is_overdue_costs_more(app: TestApp) {
        let plan = format!("{PLAN}{LPR}");
        let office = Office::of(app.at("2021-07-03T10:00:00+08:00"), &plan, "福州市", &PEOPLE);
        // Every box that is wrong, each with its sentence, and what was typed is kept.
        let wrong = [("amount", "4000"), ("spread", "八十五"), ("penalty", "150"), ("due", "2021-06-30")];
        let wrong = enter(&office, "caizheng", "commit", &[&TERMS[..], &wrong].concat()).assert_status(422);
        wrong.shows("固定利率和浮动利率只能写一种").shows("写了加减基点或重定价，请选浮动基准：“LPR（一年期）”");
        wrong.shows("加减基点“八十五”不是数").shows("请照合同选择哪天重定价：随公布日即调、每年1月1日、每年对应日");
        wrong.shows("逾期加收要在0到100之间");
        let typed = wrong.form("#enter form").1;
        for (name, text) in [("spread", "八十五"), ("penalty", "150"), ("rate", "3.65")] {
            assert!(typed.contains(&(name.to_owned(), text.to_owned())), "{name}: {typed:?}");
        }
        let floats = [("rate", ""), ("base", "lpr"), ("spread", "85"), ("reset", "new_year"), ("penalty", "50")];
        let commit = |changes: &[(&'static str, &'static str)]| {
            [&TERMS[..], &floats, &[("amount", "4000"), ("day", "2020-03-02")], changes].concat()
        };
        let early = enter(&office, "caizheng", "commit", &commit(&[("day", "2020-02-19")])).assert_status(422);
        early.shows("计划里LPR（一年期）从2020年2月20日起才有数值");
        enter(&office, "caizheng", "commit", &commit(&[("spread", "-406")])).assert_status(422).shows("以后低于0");
        record(&office, 1, "commit", &commit(&[]));
        let paid = [("contract", "榕技改〔2021〕1号"), ("day", "2020-03-02"), ("amount", "2000"), ("voucher", "凭证2")];
        record(&office, 2, "pay", &paid);
        // 2000万元: 305 days at 4.05 + 0.85, 180 at 3.85 + 0.85 from 1 January, two overdue at 4.7 × 1.5.
        let person = office.person("shenhe");
        let page = person.get(&format!("{PAGE}?on=2021-07-02")).assert_success();
        page.shows("LPR（一年期）+85基点，每年1月1日重定价，现为4.7%（2020年4月20日公布的3.85%，+85基点；");
        page.shows("计划里的数值到2020年4月20日公布的为止），逾期加收50%");
        page.shows("累计利息1290191.78元（其中逾期加收2575.34元）").shows("逾期1笔、2000万元");
        page.shows("利息1290191.78元怎样算出");
        page.shows("2020年3月2日至2020年12月31日 305 2000万元 4.9% 2020年2月20日公布的4.05%，+85基点 818904.11 0.00");
        page.shows("2021年1月1日至2021年6月29日 180 2000万元 4.7% 2020年4月20日公布的3.85%，+85基点 463561.64 0.00");
        page.shows("2021年6月30日至2021年7月1日 2 2000万元 7.05%").shows("，逾期加收2.35% 7726.03 2575.34");
        let firm = page.links().into_iter().find(|link| link.starts_with("/firms/")).unwrap();
        person.get(&firm).assert_success().shows("LPR（一年期）+85基点").shows("逾期加收");
        // Files say the same; what was there keeps its columns.
        let file = |ending: &str| person.get(&format!("/export/funds/p.{ending}?on=2021-07-02")).html.clone();
        let csv = file("csv");
        let line = "2020-03-02,2021-06-30,,实际天数/365,40000000,0,20000000,0,20000000,1290191.78,20000000,2,\
                    LPR（一年期）,85,每年1月1日,50,4.7,2575.34";
        assert!(csv.contains(line), "{csv}");
        let json: serde_json::Value = serde_json::from_str(&file("json")).unwrap();
        let contract = &json["funds"][0]["contracts"][0];
        let floating = serde_json::json!({ "parameter": "lpr", "spread": "17/2000", "reset": "new_year" });
        assert_eq!((&contract["rate"], &contract["floating"]), (&serde_json::Value::Null, &floating));
        assert_eq!((&contract["penalty"], &contract["pieces"][2]["rate"]), (&"1/2".into(), &"141/2000".into()));
        // Stated anew the form has all of it.
        let edited = office.person("caizheng").get(&format!("{PAGE}?fund=loan&edit=1")).assert_success();
        let form = edited.form("#enter form").1;
        for (name, text) in floats {
            assert!(form.contains(&(name.to_owned(), text.to_owned())), "{name}: {form:?}");
        }
        office.site.app.jigai(&["verify"]).assert_done();
    }

    fn a_plan_without_a_parameter_has_fixed_rates_alone(app: TestApp) {
        let office = Office::of(app.at("2021-07-03T10:00:00+08:00"), PLAN, "福州市", &PEOPLE);
        let form = office.person("caizheng").get(&format!("{PAGE}?fund=loan&movement=commit")).assert_success();
        form.shows("逾期加收").lacks("浮动基准").lacks("重定价");
        let terms = [&TERMS[..], &[("amount", "4000"), ("rate", "")]].concat();
        enter(&office, "caizheng", "commit", &terms).assert_status(422).shows("请照合同写年利率").lacks("浮动");
    }

    fn many_entries_are_confirmed_at_once(app: TestApp) {
        let office = Office::of(app.at("2021-07-03T10:00:00+08:00"), PLAN, "福州市", &PEOPLE);
        let commit = [&TERMS[..], &[("amount", "4000")]].concat();
        enter(&office, "caizheng", "commit", &commit).assert_status(303);
        let of = |voucher, amount| {
            [("contract", "榕技改〔2021〕1号"), ("day", "2021-02-01"), ("amount", amount), ("voucher", voucher)]
        };
        enter(&office, "caizheng", "pay", &of("凭证2", "1000")).assert_status(303);
        enter(&office, "caizheng", "pay", &of("凭证3", "500")).assert_status(303);
        // An own entry is none of those.
        enter(&office, "shenhe", "pay", &of("凭证4", "700")).assert_status(303);
        let person = office.person("shenhe");
        let page = person.get(PAGE).assert_success();
        page.shows("有3笔等您确认");
        assert!(office.person("fabu").get(PAGE).assert_success().text().contains("有4笔等您确认"));
        let (_, fields) = page.form(".confirm-all form");
        let ticked: Vec<&str> =
            fields.iter().filter(|(name, _)| name == "entry").map(|(_, value)| value.as_str()).collect();
        assert_eq!(ticked, ["1:1", "2:1", "3:1"]);
        let post = |entries: &[&str]| {
            let fields = [("fund", "loan"), ("act", "confirm_all")];
            let entries = entries.iter().map(|entry| ("entry", *entry));
            person.post(PAGE, &fields.into_iter().chain(entries).collect::<Vec<_>>())
        };
        // Nothing is half confirmed: not with one's own, not with what moved, not without its contract.
        post(&["1:1", "4:1"]).assert_status(422).shows("自己");
        post(&["1:1", "2:0"]).assert_status(422).shows("您打开页面之后第2号福州市财政局").shows("一笔也没有确认");
        post(&["2:1", "3:1"]).assert_status(422);
        post(&[]).assert_status(422).shows("请至少选一笔");
        post(&["9:1"]).assert_status(422).shows("没有这一笔");
        office.person("fabu").get(PAGE).assert_success().shows("有4笔等您确认");
        let kept = post(&["2:1"]).assert_status(422).form(".confirm-all form").1;
        assert_eq!(kept.iter().filter(|(name, _)| name == "entry").count(), 1, "{kept:?}");
        let done = person.submit(&page, ".confirm-all form", &[]);
        assert_eq!((done.status, done.header("location")), (303, &*format!("{PAGE}#fund-loan")), "{}", done.text());
        person.get(PAGE).assert_success().shows("签约4000万元，投放1500万元").lacks("笔等您确认");
        post(&["1:1"]).assert_status(422).shows("您打开页面之后第1号");
        office.site.app.jigai(&["verify"]).assert_done();
    }

    fn a_ledger_comes_from_a_workbook(app: TestApp) {
        let office = Office::of(app.at("2021-07-03T10:00:00+08:00"), PLAN, "福州市", &PEOPLE);
        let file = "登记,合同编号,日期,金额（元）,凭证号,企业名称,统一社会信用代码,县（市、区）,经办银行,年利率（%）,计息,到期日\n\
            签约,1号,2021-01-04,40000000,凭证1,甲公司,91350100M000100Y43,福清市,兴业银行,3.65,实际天数/365,2022-06-30\n\
            投放,1号,2021-01-10,2000万元,凭证2,,,,,,,\n";
        let at = format!("{PAGE}/import");
        let person = office.person("shenhe");
        person.get(PAGE).assert_success().shows("从工作簿导入往来");
        office.person("bao").get(&at).assert_error(403);
        let upload = |file: &str| office.upload(&format!("{at}/upload"), file, &[("fund", "loan")]);
        // What is wrong stands with its line, and nothing can be confirmed.
        let wrong = upload(&file.replace("Y43", "Y44").replace("2021-01-10", "某日"));
        wrong.shows("第2行：").shows("校验码").shows("第3行：投放日期请写成日期").lacks("确认登记 ");
        upload(&file.replace("2000万元", "5000万元")).shows("超过签约的4000万元").lacks("确认登记 ");
        upload("登记,日期\n签约,2021-01-04\n").assert_status(422).shows("没有表头");
        upload("").assert_status(422).shows("还没有选择文件");
        let preview = upload(file).assert_success();
        preview.shows("将登记 2 笔，已有 0 笔").shows("投放2000万元，2021年1月10日，凭证2").shows("新登记");
        person.get(PAGE).assert_success().lacks("凭证2");
        let done = person.submit(&preview, "#import-form", &[]);
        assert_eq!((done.status, done.header("location")), (303, &*format!("{at}?done=2-0")), "{}", done.text());
        person.get(&format!("{at}?done=2-0")).assert_success().shows("已登记 2 笔，待另一个人确认");
        // What moved meanwhile is looked at again.
        person.submit(&preview, "#import-form", &[]).assert_status(422).shows("台账变过，没有登记");
        upload(file).assert_success().shows("将登记 0 笔，已有 2 笔").shows("已有，不再登记").lacks("确认登记 ");
        let page = office.person("caizheng").get(PAGE).assert_success();
        office.person("caizheng").submit(&page, ".confirm-all form", &[]).assert_status(303);
        person.get(PAGE).assert_success().shows("签约4000万元，投放2000万元");
        office.site.app.jigai(&["verify"]).assert_done();
    }

    fn who_reads_a_ledger(app: TestApp) {
        let office = Office::of(app.at("2021-07-03T10:00:00+08:00"), PLAN, "福州市", &PEOPLE);
        record(&office, 1, "commit", &[&TERMS[..], &[("amount", "4000")]].concat());
        let files = ["csv", "json", "xlsx"].map(|ending| format!("/export/funds/p.{ending}?on=2021-07-03"));
        for login in ["shenhe", "fabu", "caizheng"] {
            office.person(login).get(PAGE).assert_success().shows("甲公司").shows("出具保函");
            for file in &files {
                office.person(login).get(file).assert_status(200);
            }
        }
        // Others read the sums of what the plan publishes.
        for login in ["bao", "lingdao"] {
            office.person(login).get(PAGE).assert_success().shows("签约4000万元").lacks("甲公司").lacks("兴业银行").lacks("出具保函");
            office.person(login).get(&files[0]).assert_status(404);
        }
        for login in ["bao", "lingdao"] {
            let forced = [("fund", "loan"), ("number", ""), ("act", "enter"), ("seen", "0"), ("movement", "pay")];
            let refused = office.person(login).post(PAGE, &forced);
            assert!(matches!(refused.status, 403 | 422), "{}", refused.status);
        }
        // The publisher confirms and enters nothing.
        let page = office.person("fabu").get(&format!("{PAGE}?fund=loan&movement=pay")).assert_success();
        assert!(page.all("#enter form").is_empty());
        let csv = office.person("shenhe").get(&files[0]).html;
        assert!(csv.contains("甲公司,91350100M000100Y43,福清市,兴业银行,2021-01-04,2021-06-30,3.65,实际天数/365,40000000,0,0,0,0,0.00"), "{csv}");
        let json = office.person("shenhe").get(&files[1]).html;
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(json["funds"][0]["contracts"][0]["rate"], "73/2000");
        assert_eq!(json["funds"][0]["in_use_if_revolving"], "40000000");
        office.person("shenhe").get(&format!("{PAGE}?on=nie")).assert_error(400).shows("不是日期");
        office.person("shenhe").get("/funds/none").assert_error(404);
        // What is open in the document is said.
        office.person("shenhe").get(PAGE).assert_success().shows("风险共担各方的比例文件没有写");
    }

    fn a_plan_without_published_funds_shows_nothing_to_others(app: TestApp) {
        let plan = PLAN.replace("publish = true\n", "");
        let office = Office::of(app.at("2021-07-03T10:00:00+08:00"), &plan, "福州市", &PEOPLE);
        office.person("bao").get(PAGE).assert_error(404);
        office.person("bao").get("/plans/p").assert_success().lacks("资金台账");
        office.person("caizheng").get("/plans/p").assert_success().shows("资金台账");
    }

    fn a_province_appropriates_to_its_cities(app: TestApp) {
        let source = std::fs::read_to_string(tests::root().join("assets/plans/fujian-2013.plan.toml")).unwrap();
        let people = [("shenhe", "city_reviewer", ""), ("caizheng", "finance", "省财政厅")];
        let office = Office::of(app.at("2013-07-03T10:00:00+08:00"), &source, "福建省", &people);
        let page = "/funds/fujian-2013";
        let person = office.person("caizheng");
        let done = |fund: &str, movement: &str, changes: &[(&str, &str)]| {
            let form = person.get(&format!("{page}?fund={fund}&movement={movement}")).assert_success();
            let entered = person.submit(&form, "#enter form", changes);
            assert_eq!(entered.status, 303, "{}", entered.text());
            let at = entered.header("location").rsplit('#').next().unwrap_or_default().to_owned();
            let shown = office.person("shenhe").get(page).assert_success();
            office.person("shenhe").submit(&shown, &format!("#{at} form:has(input[value='confirm'])"), &[]).assert_status(303);
        };
        // To a city as a whole: no firm, no bank, no rate.
        let paper = |day, amount| [("contract", "榕财企〔2013〕8号"), ("day", day), ("amount", amount), ("voucher", "同文")];
        done("cities", "commit", &[&paper("2013-03-20", "5000")[..], &[("unit", "350100")]].concat());
        done("cities", "pay", &paper("2013-06-03", "1200.5"));
        let read = office.person("shenhe").get(page).assert_success();
        read.shows("安排5000万元，拨付1200.5万元，收回0元，余额1200.5万元").shows("福州市 5000万元 0元 1200.5万元 0元 1200.5万元");
        // The province's own is held to its 3亿元.
        let form = person.get(&format!("{page}?fund=province&movement=commit")).assert_success();
        let more = [("contract", "1号"), ("day", "2013-02-01"), ("amount", "3.1亿元"), ("voucher", "1"), ("unit", "350200")];
        person.submit(&form, "#enter form", &more).assert_status(422).shows("占用31000万元，超过总额度3亿元");
        office.site.app.jigai(&["verify"]).assert_done();
    }
}
