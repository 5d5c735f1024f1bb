//! `jigai list|fund|selection`: whole files or nothing, the same twice is nothing, and what is shown is what is read.

use tests::{Ran, TestApp, on_both_databases};

const PLAN: &str = r#"
format = 1
id = "p"
title = "技改行动"
region = { code = "350100", name = "福州市" }
years = [2021, 2021]
[calendar]
cadence = "monthly"
deadline = { day = 5, of = "next_month" }
[[unit]]
id = "350181"
name = "福清市"
[[unit]]
id = "350112"
name = "长乐区"
[[goal]]
id = "best"
name = "优秀技改项目"
kind = "count"
unit = "个"
targets = [{ year = 2021, value = "2" }]
[[fund]]
id = "loan"
title = "技改基金"
kind = "loan"
quota = "1亿元"
[[selection]]
id = "excellent"
title = "优秀技改项目"
quote = "评选2个优秀技改项目"
places = 2
quota = 2
notice_days = 5
criteria = [{ name = "技术水平", full = "40" }, { name = "经济效益", full = "60" }]
"#;

const LIST: &str = "企业名称,统一社会信用代码,所在县区\n甲公司,91350100M000100Y43,福清市\n乙公司,,长乐区\n";
const USUAL: [&str; 8] =
    ["--title", "绿色工厂", "--level", "省级", "--document", "闽工信〔2020〕1号", "--day", "2020-12-01"];

const MOVES: &str = "\
登记,合同编号,日期,金额（元）,凭证号,企业名称,统一社会信用代码,县（市、区）,经办银行,年利率（%）,计息,到期日
签约,榕〔2021〕1号,2021-01-04,40000000,凭证1,甲公司,91350100M000100Y43,福清市,兴业银行,3.65,实际天数/365,2022-06-30
投放,榕〔2021〕1号,2021-01-10,2000万元,凭证2,,,,,,,
";

const NOMINATIONS: &str = "\
序号,项目名称,企业名称,统一社会信用代码,推荐单位,总投资（万元）,推荐理由
1,一期改造,甲公司,91350100M000100Y43,福清市,1200,设备水平高
2,二线,乙公司,,长乐区,,投产见效快
";
const SCORES: &str = "编号,名称,技术水平,经济效益\n1,一期改造,36,50.5\n2,二线,30,55\n";

struct Ledgers(TestApp);

impl Ledgers {
    fn new(app: TestApp) -> Self {
        Self::of(app, PLAN)
    }

    fn of(app: TestApp, plan: &str) -> Self {
        let app = app.at("2021-07-01T10:00:00+08:00");
        app.jigai(&["import", "plan", &app.folder.write("p.plan.toml", plan)]).assert_done();
        Self(app)
    }

    /// A command about a file.
    fn import(&self, command: &str, file: &str, options: &[&str]) -> Ran {
        let path = self.0.folder.write("in.csv", file);
        self.0.jigai(&[&[command, "import", "--plan", "p", &path], options].concat())
    }

    fn rows(&self) -> String {
        self.0.jigai(&["verify"]).assert_done().out.clone()
    }
}

on_both_databases! {
    fn a_list_is_imported_and_shown(app: TestApp) {
        let ledgers = Ledgers::new(app);
        let before = ledgers.rows();
        let dry = [&USUAL[..], &["--dry-run"]].concat();
        ledgers.import("list", LIST, &dry).assert_done().says("将新增 2 条，改动 0 条，未变 0 条（没有写入）");
        let wrong = LIST.replace("100Y43", "100Y44");
        ledgers.import("list", &wrong, &USUAL).assert_refused().says("in.csv:B2: ").says("校验码").says("整份没有导入");
        assert_eq!(ledgers.rows(), before, "nothing is half saved");
        ledgers.import("list", LIST, &USUAL).assert_done().says("已导入：新增 2 条，改动 0 条，未变 0 条");
        ledgers.import("list", LIST, &USUAL).assert_done().says("已导入：新增 0 条，改动 0 条，未变 2 条");
        let moved = LIST.replace("乙公司,,长乐区", "乙公司,,福清市");
        ledgers.import("list", &moved, &USUAL).assert_refused().says("县（市、区） 长乐区 → 福清市").says("请写明理由");
        let reasoned = [&USUAL[..], &["--reason", "迁址"]].concat();
        ledgers.import("list", &moved, &reasoned).assert_done().says("改动 1 条，未变 1 条");
        let shown = ledgers.0.jigai(&["list", "show", "--plan", "p", "--format", "csv"]);
        shown.assert_done().says("甲公司,,91350100M000100Y43,福清市,绿色工厂,省级").says("乙公司,,,福清市,绿色工厂");
        // What is shown can be read again.
        ledgers.import("list", &shown.out, &[]).assert_done().says("新增 0 条，改动 0 条，未变 2 条");
        let json = ledgers.0.jigai(&["list", "show", "--plan", "p", "--level", "国家级", "--format", "json"]).json();
        assert_eq!(json["recognitions"], serde_json::json!([]));
        ledgers.0.jigai(&["list", "show", "--plan", "q"]).assert_refused().says("数据库里没有这个计划，现有 p");
    }

    fn floating_rates_come_from_a_file_and_go_back_into_one(app: TestApp) {
        let lpr = "[[parameter]]\nid = \"lpr\"\nname = \"LPR（一年期）\"\n\
                   values = [{ from = 2019-11-20, pct = \"4.15\" }, { from = 2020-04-20, pct = \"3.85\" }]\n";
        let ledgers = Ledgers::of(app, &format!("{PLAN}{lpr}"));
        let fund = ["--fund", "loan"];
        let mut lines = MOVES.lines();
        let (head, pay) = (lines.next().unwrap(), lines.nth(1).unwrap());
        let file = |priced: &str| {
            format!(
                "{head},浮动基准,加减基点,重定价,逾期加收（%）\n签约,榕〔2021〕1号,2021-01-04,40000000,凭证1,甲公司,\
                 91350100M000100Y43,福清市,兴业银行,{priced}\n{pay},,,,\n"
            )
        };
        let wrong = ledgers.import("fund", &file(",实际天数/365,2021-05-31,SHIBOR,,每月,101"), &fund);
        wrong.assert_refused().says("第2行：浮动基准“SHIBOR”计划里没有，现有：“LPR（一年期）”");
        wrong.says("第2行：请照合同写加减多少基点").says("第2行：请照合同选择哪天重定价").says("第2行：逾期加收要在");
        let good = file(",实际天数/365,2021-05-31,LPR（一年期）,-20,每年对应日,50");
        ledgers.import("fund", &good, &fund).assert_done().says("登记 2 笔");
        ledgers.import("fund", &good, &fund).assert_done().says("登记 0 笔，待另一个人确认；已有 2 笔");
        // What is shown can be read again, and is there already.
        let shown = ledgers.0.jigai(&["fund", "show", "--plan", "p", "--entries", "--format", "csv"]);
        shown.assert_done().says("福清市,兴业银行,,实际天数/365,2021-05-31,LPR（一年期）,-20,每年对应日,50");
        ledgers.import("fund", &shown.out, &fund).assert_done().says("登记 0 笔，待另一个人确认；已有 2 笔");
        let other = shown.out.replace("技改基金,", "别的基金,");
        ledgers.import("fund", &other, &fund).assert_refused().says("第2行：这一行是“别的基金”的");
        let struck = shown.out.replace("待第二人确认", "已注销");
        ledgers.import("fund", &struck, &fund).assert_refused().says("导入等于重新登记");
        ledgers.rows();
    }

    fn movements_are_imported_whole_and_once(app: TestApp) {
        let ledgers = Ledgers::new(app);
        let before = ledgers.rows();
        let fund = ["--fund", "loan"];
        let dry = ["--fund", "loan", "--dry-run"];
        ledgers.import("fund", MOVES, &dry).assert_done().says("将登记 2 笔，已有 0 笔（没有写入）");
        let wrong = MOVES.replace("投放,", "放款,").replace("100Y43", "100Y44").replace("2022-06-30", "2020-06-30");
        let wrong = ledgers.import("fund", &wrong, &fund);
        wrong.assert_refused().says("第2行：").says("校验码").says("第2行：到期日要在签约日期以后");
        wrong.says("第3行：登记“放款”不对，请写 签约、投放、还款、取消未投放 之一").says("共 3 处不对，整份没有导入");
        let over = MOVES.replace("2000万元", "5000万元");
        ledgers.import("fund", &over, &fund).assert_refused().says("整份没有导入");
        let twice = format!("{MOVES}{}\n", MOVES.lines().last().unwrap());
        ledgers.import("fund", &twice, &fund).assert_refused().says("第4行：与第3行完全一样");
        ledgers.import("fund", &MOVES.replace("登记,", "登计,"), &fund).assert_refused().says("没有表头");
        ledgers.import("fund", MOVES, &["--fund", "x"]).assert_refused().says("计划里没有这个台账，现有 loan");
        assert_eq!(ledgers.rows(), before, "nothing is half saved");
        ledgers.import("fund", MOVES, &fund).assert_done().says("登记 2 笔，待另一个人确认；已有 0 笔");
        ledgers.import("fund", MOVES, &fund).assert_done().says("登记 0 笔，待另一个人确认；已有 2 笔");
        let more = format!("{MOVES}还款,榕〔2021〕1号,2021-03-01,500,凭证3,,,,,,,\n").replace("金额（元）", "金额（万元）");
        let more = more.replace("40000000", "4000");
        ledgers.import("fund", &more, &fund).assert_done().says("登记 1 笔，待另一个人确认；已有 2 笔");
        let entries = ledgers.0.jigai(&["fund", "show", "--plan", "p", "--entries", "--format", "csv"]);
        entries.assert_done().says("技改基金,3,还款,榕〔2021〕1号,2021-03-01,5000000,凭证3,待第二人确认");
        // Nothing counts before somebody else confirms it.
        let json = ledgers.0.jigai(&["fund", "show", "--plan", "p", "--on", "2021-06-30", "--format", "json"]).json();
        assert_eq!((&json["day"], &json["funds"][0]["sums"]["paid"]), (&"2021-06-30".into(), &"0".into()));
        ledgers.0.jigai(&["fund", "show", "--plan", "p", "--on", "昨天吧"]).assert_refused().says("不是日期");
    }

    fn nominations_and_scores_are_imported_whole_and_once(app: TestApp) {
        let ledgers = Ledgers::new(app);
        let which = |what: &'static str| ["--selection", "excellent", "--what", what];
        let before = ledgers.rows();
        ledgers.import("selection", SCORES, &which("scores")).assert_refused().says("没有第1号推荐");
        let wrong = NOMINATIONS.replace("长乐区", "长东区").replace("设备水平高", "");
        let wrong = ledgers.import("selection", &wrong, &which("nominations"));
        wrong.assert_refused().says("第2行：请写明推荐理由").says("第3行：计划里没有推荐单位“长东区”").says("整份没有导入");
        let many = format!("{NOMINATIONS}3,三线,丙公司,,福清市,,好\n4,四线,丁公司,,福清市,,好\n");
        ledgers.import("selection", &many, &which("nominations")).assert_refused().says("第5行：每个单位最多推荐2个");
        assert_eq!(ledgers.rows(), before, "nothing is half saved");
        let dry = [&which("nominations")[..], &["--dry-run"]].concat();
        ledgers.import("selection", NOMINATIONS, &dry).assert_done().says("将登记推荐 2 项，已有 0 项（没有写入）");
        assert_eq!(ledgers.rows(), before);
        ledgers.import("selection", NOMINATIONS, &which("nominations")).assert_done().says("登记推荐 2 项，已有 0 项");
        ledgers.import("selection", NOMINATIONS, &which("nominations")).assert_done().says("登记推荐 0 项，已有 2 项");
        let high = SCORES.replace("36", "46");
        ledgers.import("selection", &high, &which("scores")).assert_refused().says("第2行：“技术水平”满分40，写的46超过了");
        let lacks = "编号,技术水平\n1,36\n";
        ledgers.import("selection", lacks, &which("scores")).assert_refused().says("第2行：请写“经济效益”的得分");
        let swapped = SCORES.replace("1,一期改造", "1,二线");
        let swapped = ledgers.import("selection", &swapped, &which("scores"));
        swapped.assert_refused().says("第2行：第1号是“一期改造”，文件里写的是“二线”，请核对编号");
        let twice = ledgers.import("selection", &format!("{SCORES}1,,30,30\n"), &which("scores"));
        twice.assert_refused().says("第4行：第1号在第2行已经写了，请只留一行");
        let blank = ledgers.import("selection", "编号,技术水平,经济效益\n2,,\n", &which("scores"));
        blank.assert_done().says("登记得分 0 项，已有 0 项；没有写得分的 1 项没有登记");
        ledgers.import("selection", SCORES, &which("scores")).assert_done().says("登记得分 2 项，已有 0 项");
        ledgers.import("selection", SCORES, &which("scores")).assert_done().says("登记得分 0 项，已有 2 项");
        let json = ledgers.0.jigai(&["selection", "show", "--plan", "p", "--selection", "excellent", "--format", "json"]).json();
        let first = &json["nominations"][0];
        assert_eq!((&first["name"], &first["amount"], &first["state"]), (&"一期改造".into(), &"12000000".into(), &"得分待确认".into()));
        // What one person entered has no place yet.
        assert_eq!((&first["scores"][1]["score"], &first["place"]), (&"50.5".into(), &serde_json::Value::Null));
        let shown = ledgers.0.jigai(&["selection", "show", "--plan", "p", "--selection", "excellent"]);
        shown.assert_done().says("二线").says("得分待确认");
        ledgers.0.jigai(&["selection", "show", "--plan", "p", "--selection", "x"]).assert_refused().says("现有 excellent");
    }

    fn who_writes_is_asked_where_there_are_posts(app: TestApp) {
        let ledgers = Ledgers::new(app);
        ledgers.0.administrators();
        ledgers.0.appoint("bao", "county_reporter", "福清市");
        ledgers.0.appoint("caizheng", "finance", "市财政局");
        ledgers.import("list", LIST, &USUAL).assert_refused().says("--as");
        let posts = ledgers.0.jigai(&["post", "list"]).assert_done().out.clone();
        let post = |title: &str| posts.lines().find(|line| line.contains(title)).unwrap().split_whitespace().next().unwrap();
        let reporter = post("福清市填报员").to_owned();
        ledgers.import("fund", MOVES, &["--fund", "loan", "--as", &reporter]).assert_refused().says("不能登记资金台账");
        let finance = post("市财政局").to_owned();
        ledgers.import("fund", MOVES, &["--fund", "loan", "--as", &finance]).assert_done().says("登记 2 笔");
        // A county nominates its own and nobody else's.
        let nominate = ["--selection", "excellent", "--what", "nominations", "--as", &reporter];
        ledgers.import("selection", NOMINATIONS, &nominate).assert_refused().says("不能推荐参加评选");
        let own: String = NOMINATIONS.lines().take(2).map(|line| format!("{line}\n")).collect();
        ledgers.import("selection", &own, &nominate).assert_done().says("登记推荐 1 项");
    }
}
