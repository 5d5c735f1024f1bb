//! Readings chosen by name, and the year's end: self-assessment, verification, objections, the closing by two.

use tests::packs::Pack;
use tests::{Office, TestApp, on_both_databases};

const ASSESS: &str = "/assess/fuzhou-2021";
const READINGS: &str = "/assess/fuzhou-2021/readings";

/// The year as the contract has it, with both counties' people and the office's.
fn whole_year(app: TestApp) -> Office {
    let text = std::fs::read_to_string(tests::contract("fuzhou-2021.returns.csv")).unwrap();
    let lines: Vec<&str> = text.lines().skip(1).collect();
    Office::with_figures(app, &lines)
}

/// The same site at another time, everybody logged in again.
fn at(office: Office, clock: &str) -> Office {
    office.at(clock).logged_in_again()
}

on_both_databases! {
    fn a_reading_is_chosen_by_name_and_shows_what_it_changes(app: TestApp) {
        let office = whole_year(app);
        let reviewer = office.person("shenhe");
        reviewer.get(ASSESS).assert_success().shows("并列和取整").shows("现行读法来自计划文件");
        let page = reviewer.get(READINGS).assert_success();
        page.shows("年度还没有结束").shows("还没有书面确定过读法");
        for (changes, says) in [
            (vec![("reason", "按字面"), ("reading", "mixed")], "请先勾选"),
            (vec![("reason", ""), ("warned", "on")], "请写明理由和依据"),
            (vec![("reason", "按字面"), ("warned", "on"), ("ties", "coin")], "请选定并列怎么办"),
        ] {
            let refused = reviewer.submit(&page, "form.readings-form", &changes);
            assert_eq!(refused.status, 422, "{changes:?}");
            refused.shows(says);
        }
        let fields = [("reading", "mixed"), ("compare", "1"), ("reason", "只有扣分条款写了“全市”，市政府办7月会议明确"), ("warned", "on")];
        let done = reviewer.submit(&page, "form.readings-form", &fields);
        assert_eq!(done.status, 303, "{}", done.text());
        let page = reviewer.get(ASSESS).assert_success();
        page.shows("加分先看完成、扣分先排位 ✓ 现行").shows("shenhe甲于2021年7月3日确定").shows("市政府办7月会议明确").shows("保留 1 位小数后比较 ✓ 现行");
        // Everybody may know how the rule is read; only the office changes it.
        office.person("lingdao").get(READINGS).assert_success().shows("市政府办7月会议明确").lacks("readings-form");
        assert_eq!(office.person("lingdao").post(READINGS, &[("goal", "investment")]).status, 403);
        // A page that is behind decides nothing.
        let behind = reviewer.submit(&reviewer.get(READINGS), "form.readings-form", &[("seen", "0"), ("reason", "x"), ("warned", "on")]);
        assert_eq!(behind.status, 422);
        behind.shows("别人刚定过读法");
        office.site.app.jigai(&["verify"]).assert_done();
    }

    fn a_reading_chosen_after_the_newest_edition_is_not_in_force_outside(app: TestApp) {
        let office = whole_year(app);
        let publish = ["bulletin", "publish", "--plan", "fuzhou-2021", "--period", "2021-05"];
        office.site.app.jigai_as("350100-publisher", &publish).assert_done();
        let reviewer = office.person("shenhe");
        let page = reviewer.get(READINGS).assert_success();
        let fields = [("reading", "mixed"), ("reason", "市政府办会议明确"), ("warned", "on")];
        assert_eq!(reviewer.submit(&page, "form.readings-form", &fields).status, 303);
        reviewer.get(ASSESS).assert_success().shows("加分先看完成、扣分先排位 ✓ 现行").lacks("下一版通报");
        // The edition that everybody reads was published before.
        let outside = office.person("fuqing").get(ASSESS).assert_success();
        outside.shows("先排位、后看完成 ✓ 现行").shows("现行读法来自计划文件").shows("确定的读法从下一版通报起适用").lacks("计划修订改了规则");
    }

    fn after_the_years_end_a_second_person_confirms(app: TestApp) {
        let office = at(whole_year(app), "2022-01-01T00:00:00+08:00");
        let (reviewer, publisher) = (office.person("shenhe"), office.person("fabu"));
        let page = reviewer.get(READINGS).assert_success();
        page.shows("由办公室另一人确认之后才生效");
        let fields = [("reading", "filter_then_rank"), ("reason", "法制处意见")];
        assert_eq!(reviewer.submit(&page, "form.readings-form", &fields).status, 303);
        reviewer.get(ASSESS).assert_success().shows("先排位、后看完成 ✓ 现行");
        let own = reviewer.post(READINGS, &[("goal", "investment"), ("seen", "1"), ("decision", "confirmed")]);
        assert_eq!(own.status, 422);
        own.shows("要由另一个人来办");
        let page = publisher.get(READINGS).assert_success();
        page.shows("法制处意见");
        let done = publisher.submit(&page, "form.step:has(input[value=confirmed])", &[]);
        assert_eq!(done.status, 303, "{}", done.text());
        reviewer.get(ASSESS).assert_success().shows("先看完成、后排位 ✓ 现行").shows("法制处意见");
        office.site.app.jigai(&["verify"]).assert_done();
    }

    fn the_year_ends(app: TestApp) {
        let office = whole_year(app);
        let year_end = format!("{ASSESS}/year-end");
        let unit_at = |region: &str| format!("{ASSESS}/year-end/{region}");
        // Too early for everything.
        office.person("fuqing").get(&unit_at("350181")).assert_success().shows("自评时间：2022年1月1日至2022年1月31日").lacks("提交自评");
        let early = office.person("fuqing").post(&unit_at("350181"), &[("kind", "self"), ("goal", "investment"), ("year", "2021"), ("value", "1")]);
        assert_eq!(early.status, 422);
        early.shows("还没有结束");
        let office = at(office, "2022-01-12T09:00:00+08:00");
        let reporter = office.person("fuqing");
        let page = reporter.get(&unit_at("350181")).assert_success();
        let done = reporter.submit(&page, "form:has(input[value=self])", &[("value", "309.1"), ("base", "272.57"), ("remark", "全年完成，台账齐全")]);
        assert_eq!(done.status, 303, "{}", done.text());
        reporter.get(&unit_at("350181")).assert_success().shows("309.1").shows("台账齐全").shows("还没有经县级审核人签核");
        // The county's approver signs what the reporter stated, once; a later version asks for it again.
        let approver = office.person("fuqing.sh");
        let page = approver.get(&unit_at("350181")).assert_success();
        assert_eq!(reporter.submit(&page, "form:has(input[value=sign])", &[]).status, 403);
        assert_eq!(approver.submit(&page, "form:has(input[value=sign])", &[]).status, 303);
        approver.get(&unit_at("350181")).assert_success().shows("自评（第1次）已由").lacks("签核自评");
        let again = approver.submit(&page, "form:has(input[value=sign])", &[]);
        assert_eq!(again.status, 422);
        again.shows("已经签核过了");
        assert_eq!(approver.post(&unit_at("350121"), &[("kind", "sign"), ("goal", "investment"), ("year", "2021"), ("seen", "1")]).status, 404);
        // Nobody else's, and not the office's column.
        assert_eq!(reporter.get(&unit_at("350121")).status, 404);
        let fields = [("kind", "verified"), ("goal", "investment"), ("year", "2021"), ("value", "400"), ("base", "272.57"), ("seen", "0"), ("remark", "改")];
        assert_eq!(reporter.post(&unit_at("350181"), &fields).status, 403);
        assert_eq!(office.person("minhou").get(&unit_at("350181")).status, 404);
        // What keeps it open is listed.
        let reviewer = office.person("shenhe");
        reviewer.get(&year_end).assert_success().shows("1—12月的通报还没有发布").shows("还没有核验：鼓楼区").shows("未核验").shows("309.1");
        let publish = ["bulletin", "publish", "--plan", "fuzhou-2021", "--period", "2021-12"];
        office.site.app.jigai_as("350100-publisher", &publish).assert_done();
        let bulletin = office.person("lingdao").get("/bulletins/fuzhou-2021/2021-12").assert_success();
        bulletin.shows("预计结果").lacks("考核结果");
        office.person("lingdao").get("/assess/fuzhou-2021?period=2021-12").assert_success().shows("按已报数预计").shows("（预计）");
        // The office verifies every ranked unit; a figure that differs needs a word.
        let units: Vec<String> = reviewer.get(&year_end).links().into_iter().filter(|link| link.starts_with(&format!("{ASSESS}/year-end/"))).collect();
        let office = at(office, "2022-02-10T09:00:00+08:00");
        let reviewer = office.person("shenhe");
        office.person("fuqing").get(&unit_at("350181")).assert_success().lacks("提交自评");
        let page = reviewer.get(&unit_at("350181")).assert_success();
        let silent = reviewer.submit(&page, "form:has(input[value=verified])", &[("value", "300")]);
        assert_eq!(silent.status, 422);
        silent.shows("请写明核验意见");
        let changes = [("value", "307.9"), ("base", "272.57"), ("remark", "核减一个重复项目")];
        assert_eq!(reviewer.submit(&page, "form:has(input[value=verified])", &changes).status, 303);
        // The others are as they were reported; a second press finds them done.
        assert!(units.len() > 10, "{units:?}");
        let page = reviewer.get(&year_end).assert_success();
        page.shows("还没有核验的 10 个单位");
        let all = "form:has(input[name=unit])";
        assert_eq!(reviewer.submit(&page, all, &[]).status, 303);
        let again = reviewer.submit(&page, all, &[]);
        assert_eq!(again.status, 422);
        again.shows("又有数据变动");
        // 福清市 missed its target by the verified figure: the award goes, from this column only.
        let page = reviewer.get(&year_end).assert_success();
        page.shows("可以办结的条件都已具备").shows("核减一个重复项目").shows("没有提交自评的：").lacks("签核的：福清市");
        office.person("fuqing").get(&year_end).assert_success().shows("还没有结果");
        let done = reviewer.submit(&page, "form:has(input[value=proposed])", &[]);
        assert_eq!(done.status, 303, "{}", done.text());
        // The result is shown to all posts, not to visitors; objections can be made.
        office.person("lingdao").get(&year_end).assert_success().shows("正在公示").shows("307.90");
        office.site.get(&year_end).lacks("307.90");
        let objections = format!("{ASSESS}/objections");
        let reporter = office.person("fuqing");
        let page = reporter.get(&objections).assert_success();
        page.shows("2021年1—12月的加减分（2月17日24:00前）");
        let empty = reporter.submit(&page, "form:has(select[name=what])", &[]);
        assert_eq!(empty.status, 422);
        let wrong = reporter.submit(&page, "form:has(select[name=what])", &[("what", "investment/2021-05/figure"), ("reason", "x")]);
        assert_eq!(wrong.status, 422);
        wrong.shows("不在异议期内");
        let done = reporter.submit(&page, "form:has(select[name=what])", &[("what", "investment/2021-12/award"), ("reason", "重复项目已在5月剔除，请复核")]);
        assert_eq!(done.status, 303, "{}", done.text());
        // An open objection blocks the closing, also after the term.
        let office = at(office, "2022-02-18T00:00:00+08:00");
        let (reviewer, publisher) = (office.person("shenhe"), office.person("fabu"));
        let page = publisher.get(&year_end).assert_success();
        page.shows("异议还没有答复：第1号");
        let blocked = publisher.post(&year_end, &[("goal", "investment"), ("year", "2021"), ("seen", "1"), ("based_on", "0"), ("decision", "confirmed")]);
        assert_eq!(blocked.status, 422);
        blocked.shows("还不能办结");
        assert_eq!(office.person("minhou").get(&objections).assert_success().all("article").len(), 0);
        let page = reviewer.get(&objections).assert_success();
        page.shows("重复项目已在5月剔除");
        let unpicked = reviewer.submit(&page, "form:has(textarea[name=answer])", &[("answer", "复核无误")]);
        assert_eq!(unpicked.status, 422);
        unpicked.shows("请先选定异议是否成立").shows("复核无误");
        let done = reviewer.submit(&page, "form:has(textarea[name=answer])", &[("outcome", "rejected"), ("answer", "复核无误，5月剔除的是另一个项目")]);
        assert_eq!(done.status, 303, "{}", done.text());
        office.person("fuqing").get(&objections).assert_success().shows("异议不成立").shows("另一个项目");
        // Not by the one who proposed; then it is final.
        let own = reviewer.get(&year_end).assert_success();
        own.shows("要由另一个人确认").lacks("确认办结");
        let page = publisher.get(&year_end).assert_success();
        let done = publisher.submit(&page, "form:has(input[value=confirmed])", &[]);
        assert_eq!(done.status, 303, "{}", done.text());
        office.person("lingdao").get(&year_end).assert_success().shows("已于2022年2月18日办结").shows("fabu甲");
        // Duties, error 12: it reached nobody's first page.
        for person in ["fuqing", "minhou", "shenhe", "fabu", "lingdao"] {
            office.person(person).get("/").assert_success().shows("福州市2021年度考核结果已于2月18日办结");
        }
        office.person("xitong").get("/").assert_success().lacks("办结");
        // It is a publication: read by visitors who read, signed for by posts, the closing's own bytes.
        let result = "/publications/fuzhou-2021/result/investment/2021-12/e1";
        for person in ["fuqing", "lingdao"] {
            let home = office.person(person).get("/").assert_success();
            home.shows("办结，您还没有签收");
            assert!(home.links().contains(&result.to_owned()), "{person}");
        }
        let page = office.person("lingdao").get(result).assert_success();
        page.shows("2021年工业技改投资考核结果").shows("307.90").shows("由两人办结");
        assert_eq!(office.person("lingdao").submit(&page, ".receipts form", &[]).status, 303);
        office.person("shenhe").get(result).assert_success().shows("已签收 1 个岗位").shows("福清市填报员");
        let json = office.person("fuqing").get("/export/publication/fuzhou-2021.result.investment.2021-12.e1.json").assert_success();
        page.shows(&domain::canonical::sha256(&json.bytes));
        let frozen = office.site.app.query("SELECT content FROM assessment_closure WHERE step = 'confirmed'");
        assert_eq!(frozen, std::slice::from_ref(&json.html));
        for ending in ["pdf", "docx", "csv"] {
            office.person("fuqing").get(&format!("/export/publication/fuzhou-2021.result.investment.2021-12.e1.{ending}")).assert_success();
        }
        let closed = office.person("shenhe").post(&unit_at("350181"), &[("kind", "verified"), ("goal", "investment"), ("year", "2021"), ("value", "310"), ("base", "272.57"), ("seen", "1"), ("remark", "改回")]);
        assert_eq!(closed.status, 422);
        closed.shows("已由").shows("办结，不能再改");
        // No file comes to it any more.
        for page in ["/report/fuzhou-2021/2021-12/350181", &unit_at("350181")] {
            let page = office.person("fuqing").get(page).assert_success();
            page.shows("2021年的考核已经办结，不再附材料");
            assert!(page.all("form.evidence-form").is_empty());
        }
        let fields = [("subject", "self/2021/investment"), ("unit", "350181")];
        let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let file = ("evidence", "迟.pdf", "%PDF-1.7\n%%EOF".as_bytes());
        let late = office.site.upload_form("/evidence/fuzhou-2021", &fields, file, office.cookie("fuqing"));
        late.assert_status(422).shows("不再附材料");
        let reading = office.person("shenhe").post(READINGS, &[("goal", "investment"), ("seen", "0"), ("reading", "mixed"), ("completed_when", "value"), ("ties", "share_place"), ("compare", "exact"), ("reason", "x")]);
        assert_eq!(reading.status, 422);
        reading.shows("已经办结");
        // What is closed is shown as it was frozen, whatever is revised afterwards, and cannot be asked to change.
        let leader = office.person("lingdao");
        for path in ["/assess/fuzhou-2021?period=2021-12", "/assess/fuzhou-2021/350181?period=2021-12"] {
            leader.get(path).assert_success().shows("结果").lacks("预计");
        }
        leader.get("/assess/fuzhou-2021?period=2021-12").shows("考核已经办结").shows("未完成");
        let before = leader.get(&year_end).assert_success().all("table.data td.award");
        let source = std::fs::read_to_string(tests::contract("fuzhou-2021.plan.toml")).unwrap().replace("\"308\"", "\"300\"");
        let file = office.site.app.folder.write("revised.plan.toml", source);
        office.site.app.jigai_as("350100-city-reviewer", &["import", "plan", &file, "--reason", "调减"]).assert_done();
        office.site.app.confirm_plan("350100-publisher", "fuzhou-2021").assert_done();
        assert_eq!(office.person("shenhe").get(&year_end).assert_success().all("table.data td.award"), before);
        let page = office.person("fuqing").get("/report/fuzhou-2021/2021-12/350181").assert_success();
        let asked = office.person("fuqing").submit(&page, "form.ask", &[("c.investment/350181/value", "400"), ("reason", "想改")]);
        assert_eq!(asked.status, 422);
        asked.shows("考核已经办结");
        office.site.app.jigai(&["verify"]).assert_done();
        // The pack of what is closed: as it was frozen, although the plan was revised since.
        let reviewer = office.person("shenhe");
        let asked = reviewer.submit(&reviewer.get(&year_end).assert_success(), "form.pack", &[]);
        assert_eq!((asked.status, asked.header("location")), (303, "/exports"), "{}", asked.text());
        office.site.settle(|| reviewer.get("/exports").text().contains("已完成"));
        let page = reviewer.get("/exports").assert_success();
        page.shows("fuzhou-2021 2021年考核归档包").shows("已完成");
        let link = page.links().into_iter().find(|link| link.starts_with("/exports/")).unwrap();
        let pack = reviewer.get(&link).assert_success();
        assert!(pack.header("content-disposition").contains("fuzhou-2021-2021-assessment.zip"));
        for other in ["fabu", "lingdao", "fuqing"] {
            assert!(matches!(office.person(other).get(&link).status, 403 | 404), "{other}");
        }
        let file = office.site.app.folder.write("pack.zip", &pack.bytes);
        let checked = tests::jigai(&["verify", &file]);
        checked.assert_done().says("考核（已办结）").says("由记录重算的结果与包内相同").says("晋安区 +0.3");
        assert!(office.site.app.query("SELECT action FROM audit WHERE action = 'export_assessment'").len() == 1);
        // On the command line the same result, and every change in it is found.
        let again = office.site.app.folder.path().join("again.zip");
        let made = office.site.app.jigai(&["export", "assessment", "--plan", "fuzhou-2021", "--output", again.to_str().unwrap()]);
        made.assert_done().says("已办结");
        tests::jigai(&["verify", again.to_str().unwrap()]).assert_done().says("考核（已办结）");
        for (part, from, to, says) in [
            ("evidence/year_end_figure.jsonl", "30790000000", "30990000000", "evidence/year_end_figure.jsonl 被改动过"),
            ("result.json", "\"0.3\"", "\"0.2\"", "result.json 被改动过"),
        ] {
            let altered = Pack::read(&pack.bytes).replaced(part, from, to).bytes();
            let file = office.site.app.folder.write("altered.zip", &altered);
            let refused = tests::jigai(&["verify", &file]);
            assert_eq!(refused.code, 1, "{refused:?}");
            refused.says("核验不通过").says(says);
        }
        // Also by somebody who writes the list of sums anew, and signs it with a key of his own.
        for (part, from, to, says) in [
            ("evidence/return_revision.jsonl", "\"note\":\"\"", "\"note\":\"x\"", "哈希对不上"),
            ("evidence/audit.jsonl", "\"previous_hash\":\"0", "\"previous_hash\":\"1", "哈希对不上"),
            ("result.json", "\"awards\":[{", "\"awards\":[],\"was\":[{", "result.json"),
            ("evidence/return_revision.jsonl", "{", "{\"x y\":1,", "有一列的名字不对"),
            ("editions/2021-12.e1.json", "全市", "全省", "editions/2021-12.e1.json 与由记录重做的不同"),
            // What people read, a mark that is gone, an entry that shows its hash only.
            ("推导过程.txt", "永泰县", "永太县", "推导过程.txt 与由记录重做的不同"),
            ("index.html", "已完成", "未完成", "index.html 与由记录重做的不同"),
            ("manifest.json", "\"demo\":false", "\"demo\":true", "manifest.json 与记录不符"),
            ("evidence/audit.jsonl", "\"detail\":", "\"was\":", "读不懂"),
        ] {
            let altered = Pack::read(&pack.bytes).replaced(part, from, to).forged().bytes();
            let file = office.site.app.folder.write("altered.zip", &altered);
            let refused = tests::jigai(&["verify", &file]);
            assert_eq!(refused.code, 1, "{part}: {refused:?}");
            refused.says(says);
        }
        tests::jigai(&["verify", &office.site.app.folder.write("no.zip", b"nothing")]).says("打不开");
        reopened(at(office, "2022-03-01T09:00:00+08:00"), &frozen[0]);
    }
}

/// A closed year is opened again by two persons with a reason; what was closed stays, and the new closing names it.
fn reopened(office: Office, closed: &str) {
    let year_end = format!("{ASSESS}/year-end");
    let (reviewer, publisher, leader) = (office.person("shenhe"), office.person("fabu"), office.person("lingdao"));
    let page = reviewer.get(&year_end).assert_success();
    let propose = "form:has(input[name=reopen][value=proposed])";
    let silent = reviewer.submit(&page, propose, &[("reason", "")]);
    assert_eq!(silent.status, 422);
    silent.shows("重开的原因和依据");
    let why = "福清市补交核减项目的验收材料，榕工信会纪〔2022〕2号";
    assert_eq!(reviewer.submit(&page, propose, &[("reason", why)]).status, 303);
    assert_eq!(reviewer.submit(&page, propose, &[("reason", why)]).status, 422);
    // One person opens nothing, and nobody outside the office hears of it.
    reviewer.get(&year_end).assert_success().shows("要由另一个人确认").shows("已于2022年2月18日办结");
    leader.get(&year_end).assert_success().lacks(why);
    let own =
        reviewer.post(&year_end, &[("goal", "investment"), ("year", "2021"), ("seen", "1"), ("reopen", "confirmed")]);
    assert_eq!(own.status, 422);
    own.shows("要由另一个人来办");
    assert_eq!(
        leader
            .post(&year_end, &[("goal", "investment"), ("year", "2021"), ("seen", "1"), ("reopen", "confirmed")])
            .status,
        403
    );
    let page = publisher.get(&year_end).assert_success();
    assert_eq!(publisher.submit(&page, "form:has(input[name=reopen][value=confirmed])", &[]).status, 303);
    leader.get(&year_end).assert_success().shows("已由两人决定重开核定").shows(why).shows("307.90");
    // The figure is verified anew, the result proposed, and changed once more before it is confirmed.
    let unit = format!("{ASSESS}/year-end/350181");
    let verify = |value: &str, remark: &str| {
        let page = reviewer.get(&unit).assert_success();
        let changes = [("value", value), ("base", "272.57"), ("remark", remark)];
        assert_eq!(reviewer.submit(&page, "form:has(input[value=verified])", &changes).status, 303);
    };
    verify("308.5", "补交验收材料，恢复该项目");
    let page = reviewer.get(&year_end).assert_success();
    page.shows("已重开").shows("可以办结的条件都已具备");
    assert_eq!(reviewer.submit(&page, "form:has(input[value=proposed])", &[]).status, 303);
    verify("308.6", "复核");
    let office = at(office, "2022-03-12T09:00:00+08:00");
    let (reviewer, publisher) = (office.person("shenhe"), office.person("fabu"));
    let page = publisher.get(&year_end).assert_success();
    page.shows("提出办结之后结果变了，不能确认")
        .shows("福清市：核验的全年数（亿元）由308.50变为308.60")
        .lacks("可以办结的条件都已具备");
    assert!(page.all("form:has(input[name=decision][value=confirmed])").is_empty());
    assert_eq!(publisher.submit(&page, "form:has(input[name=decision][value=dropped])", &[]).status, 303);
    let page = reviewer.get(&year_end).assert_success();
    assert_eq!(reviewer.submit(&page, "form:has(input[name=decision][value=proposed])", &[]).status, 303);
    let office = at(office, "2022-03-25T09:00:00+08:00");
    let (publisher, leader) = (office.person("fabu"), office.person("lingdao"));
    let page = publisher.get(&year_end).assert_success();
    let done = publisher.submit(&page, "form:has(input[name=decision][value=confirmed])", &[]);
    assert_eq!(done.status, 303, "{}", done.text());
    let page = leader.get(&year_end).assert_success();
    page.shows("已于2022年3月25日办结").shows("308.60");
    // Two editions: the first by its bytes, the second names it.
    let first = "/export/publication/fuzhou-2021.result.investment.2021-12.e1.json";
    assert_eq!(leader.get(first).assert_success().html, closed);
    let second = leader.get(&first.replace("e1", "e2")).assert_success();
    assert!(second.html.contains(&domain::canonical::sha256(closed.as_bytes())) && second.html.contains(why));
    let result = "/publications/fuzhou-2021/result/investment/2021-12";
    leader
        .get(&format!("{result}/e2"))
        .assert_success()
        .shows("308.60")
        .shows("本结果替代2022年2月18日办结的结果")
        .shows(why);
    leader.get(&format!("{result}/e1")).assert_success().shows("307.90");
    for ending in ["pdf", "docx"] {
        leader.get(&first.replace("e1.json", &format!("e2.{ending}"))).assert_success();
    }
    office.site.app.jigai(&["verify"]).assert_done();
    let pack = office.site.app.folder.path().join("reopened.zip");
    let export = ["export", "assessment", "--plan", "fuzhou-2021", "--output", pack.to_str().unwrap()];
    office.site.app.jigai(&export).assert_done().says("已办结");
    tests::jigai(&["verify", pack.to_str().unwrap()]).assert_done().says("由记录重算的结果与包内相同");
}
