//! `/rosters/{plan}`: the members whom a document names, who takes over their seats, and who stood there on any day.

use tests::{Office, Page, TestApp, on_both_databases};

const PLAN: &str = r#"
format = 1
id = "p"
title = "技改行动"
region = { code = "350100", name = "福州市" }
years = [2021, 2021]
[document]
number = "榕政综〔2021〕34号"
dated = 2021-02-09
[calendar]
cadence = "monthly"
deadline = { day = 5, of = "next_month" }
[[unit]]
id = "350102"
name = "鼓楼区"
[[goal]]
id = "investment"
name = "技改投资"
kind = "amount"
unit = "亿元"
targets = [{ year = 2021, value = "300" }]
  [[goal.split]]
  region = "350181"
  name = "福清市"
  targets = [{ year = 2021, value = "300" }]
[[body]]
id = "group"
title = "技改工作领导小组"
clause = "附件2"
quote = "成立技改工作领导小组"
duties = "定期协商议事"
[[body.member]]
role = "组长"
name = "林甲"
title = "市政府副市长"
[[body.member]]
role = "副组长"
name = "王乙"
title = "市工信局局长"
[[body.member]]
role = "成员"
name = "李丙"
title = "福清市政府副市长"
unit = "350181"
[[body]]
id = "office"
title = "领导小组办公室"
[[body.member]]
role = "办公室主任"
name = "王乙"
title = "市工信局局长"
[[body]]
id = "answering"
title = "各单位责任人"
member = [{ role = "第一责任人", title = "主要领导", unit = "each" }]
[[body]]
id = "force"
title = "招商工作专班"
"#;

const PAGE: &str = "/rosters/p";
const PEOPLE: [(&str, &str, &str); 4] = [
    ("shenhe", "city_reviewer", ""),
    ("fabu", "publisher", ""),
    ("bao", "county_reporter", "福清市"),
    ("lingdao", "leader", ""),
];

const HEAD: &str = "组长 林甲 市政府副市长";
const DEPUTY: &str = "副组长 王乙 市工信局局长";
const CHIEF: &str = "办公室主任 王乙 市工信局局长";

fn office(app: TestApp) -> Office {
    Office::of(app.at("2021-11-03T10:00:00+08:00"), PLAN, "福州市", &PEOPLE)
}

fn at(body: &str, seat: &str) -> String {
    format!("{PAGE}?body={body}&seat={}", seat.replace(' ', "%20"))
}

/// The form of one step, sent as its page offers it.
fn step(office: &Office, (body, seat): (&str, &str), act: &str, changes: &[(&str, &str)]) -> Page {
    let person = office.person("shenhe");
    let page = person.get(&at(body, seat)).assert_success();
    person.submit(&page, &format!("#change form:has(input[value='{act}'])"), changes)
}

/// What a seat's row says.
fn row(page: &Page, body: &str, nth: usize) -> String {
    page.all(&format!("#body-{body} tbody tr"))[nth].clone()
}

on_both_databases! {
    fn the_documents_members_stand_with_their_titles(app: TestApp) {
        let source = std::fs::read_to_string(tests::root().join("assets/plans/fuzhou-2021.plan.toml")).unwrap();
        let office = Office::of(app.at("2021-11-03T10:00:00+08:00"), &source, "福州市", &[("shenhe", "city_reviewer", "")]);
        let person = office.person("shenhe");
        person.get("/plans/fuzhou-2021").assert_success().shows("机构名单（2个）");
        let page = person.get("/rosters/fuzhou-2021").assert_success();
        assert_eq!(page.all("#body-leading_group tbody tr").len(), 22);
        page.shows("成立市推动企业技术改造工作领导小组（附件 2）").shows("市地方金融监管局副局长").shows("高理銮");
        page.shows("办公室副主任").shows("名单中没有台江区的成员");
        // By the command line, and in the files.
        let text = office.site.app.jigai(&["roster", "show", "--plan", "fuzhou-2021", "--format", "csv"]);
        text.assert_done().says("福州市推动企业技术改造工作领导小组,组长,林中麟,市政府副市长、市财政局局长,,,");
        let json = office.site.app.jigai(&["roster", "show", "--plan", "fuzhou-2021", "--format", "json"]).json();
        assert_eq!(json["bodies"][0]["seats"].as_array().map(Vec::len), Some(22));
        assert_eq!(json["bodies"][0]["seats"][15]["unit_name"], "福清市");
        let csv = person.get("/export/rosters/fuzhou-2021.csv").assert_success().html;
        assert!(csv.contains("成员,林武,高新区管委会副主任,高新区"), "{csv}");
        person.get("/export/rosters/fuzhou-2021.xlsx").assert_success();
        let file = person.get("/export/rosters/fuzhou-2021.json").html;
        assert_eq!(serde_json::from_str::<serde_json::Value>(&file).unwrap(), json);
    }

    fn two_successors_and_who_was_there_before(app: TestApp) {
        let office = office(app);
        // Everything that is wrong at once, and what was typed is kept.
        let wrong = [("name", ""), ("title", ""), ("since", "某日"), ("words", "")];
        let refused = step(&office, ("group", HEAD), "take", &wrong).assert_status(422);
        refused.shows("请写接任的人的姓名").shows("接任日期请写成日期").shows("请写明依据");
        let typed = refused.form("#change form:has(input[value='take'])").1;
        assert!(typed.contains(&("since".to_owned(), "某日".to_owned())), "{typed:?}");
        let long = "长".repeat(41);
        let to = |name, since, words| [("name", name), ("title", "市政府副市长"), ("since", since), ("words", words)];
        step(&office, ("group", HEAD), "take", &to("陈丁", "2021-01-01", "分工通知")).assert_status(422).shows("2021年2月9日的文件还写着林甲");
        step(&office, ("group", HEAD), "take", &to("陈丁", "2021-12-01", "分工通知")).assert_status(422).shows("不能在今天");
        step(&office, ("group", HEAD), "take", &to("林甲", "2021-06-01", "分工通知")).assert_status(422).shows("没有要改的");
        step(&office, ("group", HEAD), "take", &to(&long, "2021-06-01", "分工")).assert_status(422).shows("缩短到 40 字");
        let done = step(&office, ("group", HEAD), "take", &to("陈丁", "2021-06-01", "榕政办〔2021〕50号"));
        assert_eq!((done.status, done.header("location")), (303, &*format!("{PAGE}#body-group")), "{}", done.text());
        // One who saw the page before does not overwrite it.
        let stale = [("body", "group"), ("seat", HEAD), ("act", "take"), ("seen", "0"), ("name", "赵戊"), ("since", "2021-07-01"), ("words", "通知")];
        office.person("shenhe").post(PAGE, &stale).assert_status(422).shows("您打开页面之后").shows("这一步没有执行");
        step(&office, ("group", HEAD), "take", &to("赵戊", "2021-06-01", "通知")).assert_status(422).shows("要在那以后");
        step(&office, ("group", HEAD), "take", &to("赵戊", "2021-09-01", "榕政办〔2021〕80号")).assert_status(303);
        // Who stood there on any day.
        let now = office.person("lingdao").get(PAGE).assert_success();
        let head = row(&now, "group", 0);
        for says in ["赵戊", "2021年9月1日", "榕政办〔2021〕80号", "陈丁，市政府副市长，至2021年9月1日", "林甲，市政府副市长，至2021年6月1日"] {
            assert!(head.contains(says), "{says} in {head}");
        }
        let on = |day: &str| row(&office.person("bao").get(&format!("{PAGE}?on={day}")).assert_success(), "group", 0);
        assert!(on("2021-05-31").contains("林甲") && !on("2021-05-31").contains("陈丁"));
        assert!(on("2021-06-01").contains("陈丁") && on("2021年8月31日").contains("陈丁"));
        office.person("bao").get(&format!("{PAGE}?on=nie")).assert_error(400).shows("不是日期");
        // One person in two seats: both go at once, in one row of the trail.
        let both = [("name", "吴己"), ("title", "市工信局局长"), ("since", "2021-08-01"), ("words", "任免通知")];
        let form = office.person("shenhe").get(&at("office", CHIEF)).assert_success();
        form.shows("王乙的其他席位也一样：技改工作领导小组副组长");
        step(&office, ("office", CHIEF), "take", &both).assert_status(303);
        let page = office.person("bao").get(PAGE).assert_success();
        assert!(row(&page, "office", 0).contains("吴己") && row(&page, "group", 1).contains("吴己"));
        // Vacant, and what was wrong taken back.
        step(&office, ("group", DEPUTY), "vacate", &[("since", "2021-10-01"), ("words", "")]).assert_status(422).shows("请写明依据");
        let page = office.person("shenhe").get(&at("group", DEPUTY)).assert_success();
        let mut fields = page.form("#change form:has(input[value='vacate'])").1;
        fields.retain(|(name, _)| name != "also" && name != "since" && name != "words");
        let more = [("since".to_owned(), "2021-10-01".to_owned()), ("words".to_owned(), "调离".to_owned())];
        let fields: Vec<(String, String)> = fields.into_iter().chain(more).collect();
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        office.person("shenhe").post(PAGE, &fields).assert_status(303);
        let page = office.person("bao").get(PAGE).assert_success();
        assert!(row(&page, "group", 1).contains("（空缺）") && row(&page, "office", 0).contains("吴己"));
        step(&office, ("group", DEPUTY), "withdraw", &[("words", "记错")]).assert_status(303);
        assert!(row(&office.person("bao").get(PAGE).assert_success(), "group", 1).contains("吴己"));
        // Proved, append-only, in the files and on the command line.
        office.site.app.jigai(&["verify"]).assert_done();
        assert!(office.site.app.refused_sql("UPDATE body_step SET name = '某'").contains("append-only"));
        let changes = office.site.app.jigai(&["roster", "show", "--plan", "p", "--changes", "--format", "csv"]);
        changes.assert_done().says("技改工作领导小组,组长,,陈丁,市政府副市长,2021-06-01,2021-09-01,榕政办〔2021〕50号");
        office.site.app.jigai(&["roster", "show", "--plan", "p", "--on", "2021-07-01"]).assert_done().says("陈丁");
        let csv = office.person("bao").get("/export/rosters/p.csv?on=2021-07-01").html;
        assert!(csv.contains("技改工作领导小组,组长,陈丁,市政府副市长,,2021-06-01,榕政办〔2021〕50号"), "{csv}");
        office.site.app.tamper("body_step", "UPDATE body_step SET name = '某' WHERE version = 1 AND body = 'office'");
        let altered = office.site.app.jigai(&["verify"]);
        assert_eq!(altered.code, 1, "{altered:?}");
        altered.says("body_step");
    }

    fn only_the_office_says_who_takes_over(app: TestApp) {
        let office = office(app);
        for login in ["fabu", "bao", "lingdao"] {
            let page = office.person(login).get(&at("group", HEAD)).assert_success();
            page.shows("林甲");
            assert!(page.all("#change, #body-group a").is_empty());
            let forced = [("body", "group"), ("seat", HEAD), ("act", "take"), ("seen", "0"), ("name", "某"), ("since", "2021-06-01"), ("words", "通知")];
            office.person(login).post(PAGE, &forced).assert_status(403);
        }
        let none = [("body", "group"), ("seat", "组长 某"), ("act", "take"), ("seen", "0"), ("name", "某"), ("since", "2021-06-01"), ("words", "通知")];
        office.person("shenhe").post(PAGE, &none).assert_status(422).shows("名单里没有这个席位");
        office.person("shenhe").get("/rosters/none").assert_error(404);
    }

    fn who_answers_for_a_unit_stands_on_its_page(app: TestApp) {
        let office = office(app);
        let page = office.person("bao").get("/units/p/350181").assert_success();
        page.shows("谁负责").shows("李丙").shows("福清市政府副市长").shows("第一责任人");
        // A unit without a row of the goal has no other page.
        office.person("bao").get("/units/p/350102").assert_success().shows("第一责任人").shows("主要领导");
        let seat = "第一责任人 主要领导 350102";
        let named = [("name", "周庚"), ("title", "区委书记"), ("since", "2021-03-01"), ("words", "各单位报来")];
        step(&office, ("answering", seat), "take", &named).assert_status(303);
        office.person("bao").get("/units/p/350102").assert_success().shows("周庚").shows("区委书记");
        office.person("bao").get("/units/p/350181").assert_success().lacks("周庚");
    }

    fn members_that_the_document_leaves_open_come_with_a_revision(app: TestApp) {
        let office = office(app);
        office.person("bao").get(PAGE).assert_success().shows("招商工作专班").shows("成员文件没有写");
        let named = [("name", "陈丁"), ("title", "市政府副市长"), ("since", "2021-06-01"), ("words", "通知")];
        step(&office, ("group", HEAD), "take", &named).assert_status(303);
        // One more member, and another way of writing one of whom something is on record.
        let more = PLAN.replace("title = \"招商工作专班\"\n", "title = \"招商工作专班\"\nmember = [{ role = \"组长\", name = \"郑辛\", title = \"市商务局局长\" }]\n");
        let more = more.replace("name = \"林甲\"\ntitle = \"市政府副市长\"", "name = \"林甲\"\ntitle = \"市政府副市长、市财政局局长\"");
        let path = office.site.app.folder.write("q.plan.toml", &more);
        let import = ["import", "plan", &path, "--reason", "专班成员另行发文"];
        office.site.app.jigai_as("350100-city-reviewer", &import).assert_done();
        let page = office.person("shenhe").get(PAGE).assert_success();
        page.shows("郑辛").lacks("成员文件没有写");
        page.shows("现行计划里没有的席位").shows("陈丁");
        assert!(row(&page, "group", 0).contains("市财政局局长"));
        office.person("bao").get(PAGE).assert_success().lacks("现行计划里没有的席位");
    }
}
