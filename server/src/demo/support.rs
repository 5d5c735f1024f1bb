//! Made-up firms of 福州 and 龙南 with what an office does for them: recognitions, claims from being stated to payment
//! and recovery, movements of funds, a selection with its notices. Every rule of the two plans' policies is
//! met at least once.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{Days, NaiveDate};
use domain::day::Day;
use domain::evidence::Subject;
use domain::fund::{LoanRate, Movement, Stated as Entered, Terms};
use domain::money::Amount;
use domain::month::Period;
use domain::plan::Plan;
use domain::plan::fund::DayCount;
use domain::policy::Fact;
use domain::policy::record::{Act as ClaimAct, records};
use domain::projects::codes;
use domain::public_notice::Issuer;
use domain::rate::Rate;
use domain::recognition::Stated;
use domain::rights::{Reach, Role};
use domain::selection::edition::Stage;
use domain::selection::record::{Act as SelectionAct, Content, word};
use office::commands::claim::{Doing, RecordClaim, is_shown};
use office::commands::claim_notice::{ObjectToClaim, Objecting, PublishClaimNotice};
use office::commands::evidence::{AttachFile, NewFile};
use office::commands::fund::{Doing as FundDoing, RecordFund};
use office::commands::recognitions::KeepRecognitions;
use office::commands::selection::{PublishSelection, RecordSelection, seen};
use office::refusal::Refusal;
use office::viewer::{Account, Post, Viewer};
use office::who::Who;
use store::passwords::random_token;
use store::{Store, Writer};

use super::{Act, What, people, steps, writer};

/// What a firm signed and sealed, here a made-up page.
const SIGNED_FORM: &[u8] = include_bytes!("../../../assets/demo/claim-form.pdf");

/// How far a claim gets.
enum Fate {
    Waiting,
    SentBack(&'static str),
    /// One has decided.
    Proposed,
    /// That nothing is given, for this reason.
    Declined(&'static str),
    Decided,
    /// Half of it.
    PartlyPaid,
    Paid,
    /// Paid, then stated anew with this fact: the difference appears.
    Differs(&'static str, &'static str),
    /// The same, decided anew and paid back or paid out.
    Settled(&'static str, &'static str),
}

/// Firm, whether its code is known, its place, policy, facts as `word=text` between blanks, the office's
/// own amount, and how far it gets.
type Made = (&'static str, bool, &'static str, &'static str, &'static str, Option<&'static str>, Fate);

use Fate::{Decided, Declined, Differs, Paid, PartlyPaid, Proposed, SentBack, Settled, Waiting};

const LOWER: Fate = Declined("同一企业已按设备投资补助给予，本项低于它，不再给予");
const DECLINED: Fate = Declined("设备投资额480万元，没有达到文件写的500万元");

/// 2021. Amounts in 万元.
const FUZHOU: &[Made] = &[
    ("榕演示甲机械", true, "福清市", "equipment", "project=一期 equipment_it=1000 in_statistics=是", None, Paid),
    // 就高: the firm's other claim is the lower one.
    ("榕演示甲机械", true, "福清市", "energy_saving", "project=余热利用 saved=400", None, LOWER),
    ("榕演示乙化纤", true, "长乐区", "equipment", "project=智能工厂 equipment_it=20000 in_statistics=是", None, Paid),
    // Two projects of one firm share its cap.
    ("榕演示丙钢铁", true, "罗源县", "equipment", "project=高炉 equipment_it=12000 in_statistics=是", None, Decided),
    ("榕演示丙钢铁", true, "罗源县", "equipment", "project=轧线 equipment_it=8000 in_statistics=是", None, Proposed),
    // Below the threshold, and not in the statistics.
    ("榕演示丁食品", false, "连江县", "equipment", "project=冷链 equipment_it=480 in_statistics=是", None, DECLINED),
    ("榕演示戊家具", false, "闽侯县", "equipment", "project=柔性线 equipment_it=900 in_statistics=否", None, Waiting),
    (
        "榕演示己光电",
        true,
        "马尾区",
        "fund_interest",
        "project=面板 for_upgrading=是 loan=30000 months=12 months_before=0",
        None,
        Proposed,
    ),
    // Four months are left of the two years.
    (
        "榕演示庚水泥",
        true,
        "永泰县",
        "fund_interest",
        "project=窑尾 for_upgrading=是 loan=6000 months=6 months_before=20",
        None,
        Paid,
    ),
    (
        "榕演示辛电机",
        true,
        "晋安区",
        "bond_interest",
        "project=产线 for_upgrading=是 loan=5000 months=12 months_before=0",
        None,
        Decided,
    ),
    ("榕演示壬玻璃", true, "福清市", "energy_saving", "project=熔窑 saved=5000", None, PartlyPaid),
    ("榕演示癸印染", false, "长乐区", "energy_saving", "project=定型机 saved=280", None, Waiting),
    ("榕演示子环保", true, "仓山区", "circular_economy", "project=再生料", Some("20"), Paid),
    ("榕演示丑再生", false, "闽清县", "environment_industry", "project=扩产", None, Waiting),
    // At most 30% of the investment; an industrial project with too little saved; the cap of a project.
    (
        "榕演示寅节能",
        true,
        "台江区",
        "energy_contract",
        "project=锅炉 local=是 own_share=80 industrial=是 saved=600 total=80",
        None,
        Paid,
    ),
    (
        "榕演示卯能源",
        true,
        "台江区",
        "energy_contract",
        "project=空压站 local=是 own_share=75 industrial=是 saved=420 total=300",
        None,
        Waiting,
    ),
    (
        "榕演示辰热力",
        true,
        "鼓楼区",
        "energy_contract",
        "project=热网 local=是 own_share=90 industrial=否 saved=3000 total=2000",
        None,
        Decided,
    ),
    ("榕演示巳造纸", true, "闽清县", "circular_demonstration", "recognised=是 accepted=是", None, Paid),
    (
        "榕演示午建材",
        true,
        "闽侯县",
        "circular_demonstration",
        "recognised=是 accepted=是 before=20 before_by=榕演示〔2020〕3号",
        None,
        Waiting,
    ),
    ("榕演示未电缆", true, "仓山区", "energy_management", "recognised=是 first=是", None, Differs("first", "否")),
    // 就高补差: the difference to what it had elsewhere, or nothing.
    (
        "榕演示申纺织",
        true,
        "长乐区",
        "clean_production",
        "recognised=是 elsewhere=3 elsewhere_by=闽演示〔2021〕5号",
        None,
        Paid,
    ),
    (
        "榕演示酉空调",
        true,
        "晋安区",
        "energy_title",
        "recognised=是 elsewhere=60 elsewhere_by=闽演示〔2021〕6号",
        None,
        Waiting,
    ),
    ("榕演示戌陶瓷", true, "闽清县", "green_manufacturing", "recognised=是 award=300", None, Settled("award", "100")),
    (
        "榕演示亥精工",
        true,
        "福清市",
        "completion",
        "project=二期 completion=2019 retained=300 retained_before=200",
        None,
        Settled("retained", "350"),
    ),
    (
        "榕演示角铝业",
        false,
        "闽侯县",
        "completion",
        "project=铝型材 completion=2017 retained=90 retained_before=50",
        None,
        Waiting,
    ),
    (
        "榕演示亢医药",
        true,
        "福清市",
        "completion",
        "project=制剂 completion=2018 retained=120 retained_before=80",
        None,
        Waiting,
    ),
    ("榕演示氐船舶", true, "马尾区", "guarantee", "project=分段", Some("12"), Decided),
    ("榕演示心锻造", true, "福清市", "energy_management", "recognised=是 first=是", None, Decided),
    ("榕演示尾洁具", true, "闽清县", "green_manufacturing", "recognised=是 award=300", None, Decided),
    (
        "榕演示房橡胶",
        false,
        "永泰县",
        "equipment",
        "project=密炼 in_statistics=是",
        None,
        SentBack("缺设备投资额和发票清单，请补齐"),
    ),
    // 每家 is once, whatever the year.
    (
        "榕演示箕染整",
        true,
        "长乐区",
        "clean_production",
        "recognised=是 before=5 before_by=榕演示〔2019〕2号",
        None,
        Waiting,
    ),
    (
        "榕演示斗压缩机",
        true,
        "晋安区",
        "energy_title",
        "recognised=是 before=50 before_by=榕演示〔2020〕4号",
        None,
        Waiting,
    ),
];

/// 福州 2022: 贴息 goes on for two years, of which one firm's are over.
const NEXT_YEAR: &[Made] = &[
    (
        "榕演示己光电",
        true,
        "马尾区",
        "fund_interest",
        "project=面板 for_upgrading=是 loan=30000 months=12 months_before=12",
        None,
        Waiting,
    ),
    (
        "榕演示庚水泥",
        true,
        "永泰县",
        "fund_interest",
        "project=窑尾 for_upgrading=是 loan=6000 months=6",
        None,
        Waiting,
    ),
];

/// 2022. With the tax figure of each firm, as the finance post states it.
const LONGNAN: &[(Made, Option<&str>)] = &[
    (
        (
            "龙演示甲电路板",
            true,
            UNIT,
            "equipment",
            "project=一期 equipment=1000 above_scale=是 completed=是 in_statistics=是",
            None,
            Paid,
        ),
        Some("100"),
    ),
    // What it had before counts against the firm's 200万元 of all years.
    (
        (
            "龙演示乙稀土",
            true,
            UNIT,
            "equipment",
            "project=萃取 equipment=5000 above_scale=是 completed=是 in_statistics=是 before=50 before_by=龙演示〔2021〕2号",
            None,
            Decided,
        ),
        Some("500"),
    ),
    (
        (
            "龙演示丙电子",
            true,
            UNIT,
            "equipment",
            "project=贴片 equipment=2000 above_scale=是 completed=是 in_statistics=是",
            None,
            Paid,
        ),
        Some("80"),
    ),
    // More together than its taxes, and the document says no order.
    (("龙演示丁装备", true, UNIT, "smart_manufacturing", "recognised=是 award=50", None, Waiting), Some("30")),
    (("龙演示丁装备", true, UNIT, "integration", "level=国家级 recognised=是", None, Waiting), None),
    (("龙演示戊线路", true, UNIT, "integration", "level=省级 recognised=是", None, Paid), Some("10")),
    // No tax figure yet.
    (("龙演示己包装", false, UNIT, "service_manufacturing", "level=市级 recognised=是", None, Waiting), None),
    (("龙演示庚照明", true, UNIT, "cloud", "level=平台系统上云 fee=8", Some("3.5"), Paid), Some("9")),
    (("龙演示辛铜箔", true, UNIT, "cloud", "project=设备 level=制造能力（资源）上云 fee=6", None, Waiting), Some("60")),
    (("龙演示辛铜箔", true, UNIT, "cloud", "project=平台 level=信息基础设施上云 fee=5", None, Waiting), None),
    // The 500万元 are nearly spent: the rest is too little for two, and the document does not say who comes first.
    (
        (
            "龙演示壬标识",
            true,
            UNIT,
            "identification_node",
            "project=往年 total=100 recognised=是 accepted=是 local=是 before=490 before_by=龙演示〔2021〕4号",
            None,
            Waiting,
        ),
        Some("50"),
    ),
    (
        (
            "龙演示癸智造",
            true,
            UNIT,
            "identification_node",
            "project=节点 total=60 recognised=是 accepted=是 local=是",
            None,
            Waiting,
        ),
        Some("20"),
    ),
    (
        (
            "龙演示子模具",
            true,
            UNIT,
            "identification_node",
            "project=节点 total=150 recognised=是 accepted=是 local=是",
            None,
            Waiting,
        ),
        Some("40"),
    ),
    (
        (
            "龙演示丑光学",
            false,
            UNIT,
            "identification_node",
            "project=节点 total=40 recognised=是 accepted=是 local=否",
            None,
            Waiting,
        ),
        Some("15"),
    ),
    (
        (
            "龙演示寅家居",
            false,
            UNIT,
            "equipment",
            "project=木工 equipment=300 above_scale=是 completed=是 in_statistics=是",
            None,
            Waiting,
        ),
        None,
    ),
    (
        (
            "龙演示卯食品",
            true,
            UNIT,
            "service_manufacturing",
            "level=省级 recognised=是",
            None,
            SentBack("缺认定文件，请附上"),
        ),
        Some("8"),
    ),
    // Risen by a level, or the same once more: the office looks.
    (
        (
            "龙演示辰线缆",
            true,
            UNIT,
            "integration",
            "level=省级 recognised=是 before=2 before_by=龙演示〔2020〕5号",
            None,
            Waiting,
        ),
        Some("12"),
    ),
    (
        (
            "龙演示巳家具",
            true,
            UNIT,
            "service_manufacturing",
            "level=省级 recognised=是 before=2 before_by=龙演示〔2020〕6号",
            Some("3"),
            Paid,
        ),
        Some("11"),
    ),
    // The other lines of each scale.
    (("龙演示午模组", true, UNIT, "integration", "level=市级 recognised=是", None, Decided), Some("60")),
    (("龙演示午模组", true, UNIT, "model_projects", "project=扩产示范", Some("20"), Paid), Some("60")),
    (("龙演示未仪表", true, UNIT, "service_manufacturing", "level=国家级 recognised=是", None, Decided), Some("15")),
    (("龙演示申软件", true, UNIT, "cloud", "project=管理 level=业务应用上云 fee=4", Some("2.4"), Decided), Some("7")),
    (("龙演示申软件", true, UNIT, "cloud", "project=联网 level=设备资源上云 fee=3", Some("2.1"), Proposed), Some("7")),
];

/// Who enters the claims of 龙南: its plan has no counties.
const UNIT: &str = "市科创中心";

/// Its code: plainly made up (MADE), with the right check digit.
fn code(at: usize) -> Option<String> {
    let body = format!("91350100MADE{:05}", at + 1);
    "0123456789ABCDEFGHJKLMNPQRTUWXY".chars().find_map(|last| codes::credit_code(&format!("{body}{last}")).ok())
}

fn full_name(firm: &str) -> String {
    format!("（演示）{firm}公司")
}

/// The code of a firm of one of the lists, where it is known.
fn code_of(firm: &str, is_known: bool) -> Option<String> {
    let all = FUZHOU.iter().chain(LONGNAN.iter().map(|(made, _)| made)).map(|made| made.0);
    all.into_iter().position(|known| known == firm).filter(|_| is_known).and_then(code)
}

/// An office's people.
#[derive(Debug, Clone)]
pub(super) struct Desk {
    /// Of its units, by their names.
    reporters: BTreeMap<String, Account>,
    reviewer: Account,
    publisher: Account,
    finance: Account,
}

impl Desk {
    /// `None` where the plan has no such story.
    async fn of(store: &Store, plan: &Plan, by: &Writer) -> Result<Option<Self>, Refusal> {
        let Some(known) = people::desk(&plan.id) else { return Ok(None) };
        let mut reporters = BTreeMap::new();
        for (unit, login, name) in known.reporters {
            reporters.insert(unit.to_owned(), steps::account(store, &login, name, by).await?);
        }
        let [reviewer, publisher, finance] = known.office;
        Ok(Some(Self {
            reporters,
            reviewer: steps::account(store, &reviewer.0, reviewer.1, by).await?,
            publisher: steps::account(store, &publisher.0, publisher.1, by).await?,
            finance: steps::account(store, &finance.0, finance.1, by).await?,
        }))
    }

    /// One of them on his post; a reporter of a unit.
    fn who(&self, plan: &Plan, role: Role, unit: Option<&str>, at: i64) -> Who {
        let units = domain::entry::units_with_posts(plan);
        let place = unit.and_then(|unit| units.iter().find(|(id, _)| id == unit)).map(|(_, name)| name.as_str());
        let account = match role {
            Role::Publisher => &self.publisher,
            Role::Finance => &self.finance,
            _ => place.and_then(|place| self.reporters.get(place)).unwrap_or(&self.reviewer),
        };
        let domain = Reach { role, office: Some(plan.region.id().to_owned()), unit: unit.map(str::to_owned) };
        let title = format!("{}{}", place.unwrap_or(&plan.region.name), role.short_name());
        let viewer = Viewer {
            account: account.clone(),
            post: Some(Post { id: "demo".to_owned(), domain, title }),
            session: String::new(),
            must_change: false,
            password_ends: None,
            must_enrol: false,
        };
        Who { session: None, ..Who::signed_in(viewer, at) }
    }
}

/// One thing that is done, and by whom.
#[derive(Debug, Clone)]
pub(super) enum Deed {
    Claim(Role, RecordClaim),
    /// What is outstanding then, or half of it, of a claim of a year.
    Pay {
        year: i32,
        number: u32,
        half: bool,
    },
    /// By the unit whose the claim is.
    Attach(AttachFile),
    Fund(Role, RecordFund),
    Lists(KeepRecognitions),
    Selection(Role, RecordSelection),
    Publish(PublishSelection),
    /// What is decided by then is put before the public.
    Notice(PublishClaimNotice),
    Object(Role, ObjectToClaim),
}

impl Deed {
    pub(super) async fn carry_out(self, store: &Store, plan: &Plan, desk: &Desk, at: i64) -> Result<(), Refusal> {
        match self {
            Deed::Pay { year, number, half } => {
                let steps = store.read().await?.claim_steps(&plan.id, year).await?;
                let all = records(&plan.policies, year, &steps);
                let record = all.iter().find(|record| record.number == number).ok_or_else(|| unknown("这项申报"))?;
                let amount = Amount(record.outstanding().0 / if half { 2 } else { 1 });
                let today = domain::calendar::at_shanghai(at).date_naive();
                let day = Day::parse(&today.to_string()).ok_or_else(|| unknown("这一天"))?;
                let earlier = record.steps.iter().filter(|step| step.act == ClaimAct::Pay).count();
                let what = Doing::Pay { amount, day, words: format!("演示凭证第{}笔", earlier + 1) };
                let seen = record.steps.len() as i64;
                let command = RecordClaim { plan: plan.id.clone(), year, number: Some(number), seen, what };
                store.carry_out(command, desk.who(plan, Role::Finance, None, at)).await.map(|_| ())
            }
            Deed::Claim(role, mut command) => {
                let known = store.read().await?.claim_steps(&command.plan, command.year).await?;
                let own: Vec<_> = known.iter().filter(|step| Some(step.claim) == command.number).collect();
                // A claim that is stated for the first time gets its number then.
                command.number = command.number.filter(|_| !own.is_empty());
                let unit = match &command.what {
                    Doing::Enter { unit, .. } => Some(unit.clone()),
                    _ => None,
                };
                let who = desk.who(plan, role, unit.as_deref(), at);
                command.seen = own.iter().filter(|step| is_shown(step, &who, plan.region.id())).count() as i64;
                store.carry_out(command, who).await.map(|_| ())
            }
            Deed::Attach(command) => {
                let who = desk.who(plan, Role::CountyReporter, Some(command.unit.as_str()), at);
                store.carry_out(command, who).await.map(|_| ())
            }
            Deed::Fund(role, command) => store.carry_out(command, desk.who(plan, role, None, at)).await.map(|_| ()),
            Deed::Lists(command) => {
                store.carry_out(command, desk.who(plan, Role::CityReviewer, None, at)).await.map(|_| ())
            }
            Deed::Selection(role, mut command) => {
                let mut read = store.read().await?;
                let known = read.selection_steps(&command.plan, &command.selection, command.year).await?;
                drop(read);
                let own = known.iter().filter(|step| command.number.is_none_or(|number| step.number == number));
                let own: Vec<_> = own.cloned().collect();
                command.seen = if command.act == SelectionAct::Nominate { 0 } else { seen(command.act, &own) };
                let unit = (role == Role::CountyReporter).then(|| command.unit.clone());
                let who = desk.who(plan, role, unit.as_deref(), at);
                store.carry_out(command, who).await.map(|_| ())
            }
            Deed::Publish(command) => {
                store.carry_out(command, desk.who(plan, Role::Publisher, None, at)).await.map(|_| ())
            }
            Deed::Notice(command) => {
                store.carry_out(command, desk.who(plan, Role::Publisher, None, at)).await.map(|_| ())
            }
            Deed::Object(role, command) => store.carry_out(command, desk.who(plan, role, None, at)).await,
        }
    }
}

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default()
}

fn unknown(what: &str) -> Refusal {
    Refusal::whole(format!("演示数据写错了：没有{what}"))
}

/// All that is done for the firms of a plan; nothing for plans without such a story.
pub(super) async fn acts<'a>(store: &Store, plan: &'a Plan, start: &Writer) -> Result<Vec<Act<'a>>, Refusal> {
    let Some(desk) = Desk::of(store, plan, start).await? else { return Ok(Vec::new()) };
    let mut deeds = Vec::new();
    match plan.id.as_str() {
        "fuzhou-2021" => {
            let made: Vec<(&Made, Option<&str>)> = FUZHOU.iter().map(|made| (made, None)).collect();
            deeds.extend(claims(plan, 2021, &made)?);
            deeds.extend(notices(plan, 2021));
            let made: Vec<(&Made, Option<&str>)> = NEXT_YEAR.iter().map(|made| (made, None)).collect();
            deeds.extend(claims(plan, 2022, &made)?);
            deeds.extend(funds(plan)?);
        }
        _ => {
            let made: Vec<(&Made, Option<&str>)> = LONGNAN.iter().map(|(made, tax)| (made, *tax)).collect();
            deeds.extend(claims(plan, 2022, &made)?);
            deeds.extend(selection(plan)?);
        }
    }
    deeds.push(lists(plan)?);
    let act = |(at, deed): (i64, Deed)| {
        let day = domain::calendar::at_shanghai(at).date_naive();
        let period = Period { year: chrono::Datelike::year(&day), month: chrono::Datelike::month(&day) };
        Act { at, plan, period, what: What::Support(Box::new((desk.clone(), deed))), reason: None }
    };
    Ok(deeds.into_iter().map(act).collect())
}

/// The id of a unit that may state claims.
fn unit_of(plan: &Plan, name: &str) -> Result<String, Refusal> {
    let units = domain::entry::units(plan);
    units.into_iter().find(|(_, known)| known == name).map(|(id, _)| id).ok_or_else(|| unknown(name))
}

fn issuer() -> Issuer {
    Issuer { name: "（演示）市工业和信息化局".to_owned(), contact: "演示电话00000000".to_owned() }
}

/// What was decided is before the public for five days before it is paid, again where it was decided anew; somebody
/// objects and is answered.
fn notices(plan: &Plan, year: i32) -> Vec<(i64, Deed)> {
    let notice = |on: NaiveDate| {
        let named = Some((5, (1..100).collect()));
        let command =
            PublishClaimNotice { plan: plan.id.clone(), year, issuer: issuer(), named, listed: None, public_key: None };
        (writer(on, 9).at, Deed::Notice(command))
    };
    let object = |on: NaiveDate, role: Role, what: Objecting| {
        let command = ObjectToClaim { plan: plan.id.clone(), year, claim: 1, what, salt: random_token() };
        (writer(on, 10).at, Deed::Object(role, command))
    };
    let said =
        Objecting::Object { by: "演示单位".to_owned(), words: "请核对设备发票（演示）".to_owned() };
    let answer = Objecting::Answer {
        number: 1, upheld: false, words: "已核对发票和付款凭证，属实（演示）".to_owned()
    };
    vec![
        notice(day(year, 9, 22)),
        object(day(year, 9, 24), Role::CityReviewer, said),
        object(day(year, 9, 26), Role::Publisher, answer),
        notice(day(year, 11, 19)),
    ]
}

/// Claims by their steps: stated in summer, decided in autumn, paid in winter.
fn claims(plan: &Plan, year: i32, made: &[(&Made, Option<&str>)]) -> Result<Vec<(i64, Deed)>, Refusal> {
    let mut found = Vec::new();
    for ((made, tax), number) in made.iter().zip(1_u32..) {
        let (firm, is_known, unit, policy, facts, own, fate) = made;
        let unit = unit_of(plan, unit)?;
        let stated = facts.split(' ').filter_map(|fact| fact.split_once('='));
        let stated = stated.map(|(word, text)| (word.to_owned(), text.to_owned()));
        let is_of_taxes = |word: &str| Fact::parse(word).is_some_and(Fact::is_of_taxes);
        let (mut taxes, mut content): (BTreeMap<String, String>, BTreeMap<String, String>) =
            stated.partition(|(word, _)| is_of_taxes(word));
        taxes.extend(tax.map(|tax| (Fact::LocalTax.word().to_owned(), tax.to_owned())));
        content.insert("recipient".to_owned(), full_name(firm));
        content.insert("policy".to_owned(), (*policy).to_owned());
        content.extend(code_of(firm, *is_known).map(|code| ("credit_code".to_owned(), code)));
        let words = "演示，非真实申报".to_owned();
        // So many seconds later each that they stand in the order of their numbers.
        let at = |day: NaiveDate| writer(day, 10).at + i64::from(number) * 1000;
        let step = |day: NaiveDate, role: Role, what: Doing| {
            let command = RecordClaim { plan: plan.id.clone(), year, number: Some(number), seen: 0, what };
            (at(day), Deed::Claim(role, command))
        };
        let enter =
            |content: BTreeMap<String, String>| Doing::Enter { unit: unit.clone(), content, words: words.clone() };
        found.push(step(day(year, 8, 20), Role::CountyReporter, enter(content.clone())));
        // Of those that wait it is still awaited.
        if !matches!(fate, Waiting | SentBack(_)) {
            let file = NewFile::read("（演示）申报表.pdf", SIGNED_FORM.to_vec()).map_err(Refusal::whole)?;
            let attach = AttachFile {
                plan: plan.id.clone(),
                subject: Subject::Claim { year, number },
                unit: unit.clone(),
                stamped: false,
                file,
                holidays: Arc::default(),
            };
            found.push((at(day(year, 8, 21)), Deed::Attach(attach)));
        }
        if !taxes.is_empty() {
            found.push(step(day(year, 9, 1), Role::Finance, Doing::Tax { content: taxes.clone() }));
        }
        let reason = if let Declined(reason) = fate { (*reason).to_owned() } else { String::new() };
        let decide = || Doing::Decide {
            amount: own.map(str::to_owned),
            words: reason.clone(),
            paper: false,
            proof: true,
            returned: String::new(),
        };
        if let SentBack(reason) = fate {
            found.push(step(day(year, 9, 6), Role::CityReviewer, Doing::SendBack { reason: (*reason).to_owned() }));
        }
        if matches!(fate, Waiting | SentBack(_)) {
            continue;
        }
        // What another claim of the firm moves is decided after it.
        let after = if matches!(fate, Proposed | Declined(_)) { 6 } else { 0 };
        found.push(step(day(year, 9, 10 + after), Role::CityReviewer, decide()));
        if matches!(fate, Proposed) {
            continue;
        }
        found.push(step(day(year, 9, 14 + after), Role::Publisher, Doing::Confirm));
        if matches!(fate, Decided | Declined(_)) {
            continue;
        }
        let half = matches!(fate, PartlyPaid);
        found.push((at(day(year, 10, 20)), Deed::Pay { year, number, half }));
        let (Differs(word, text) | Settled(word, text)) = fate else { continue };
        let corrected = if is_of_taxes(word) { &mut taxes } else { &mut content };
        corrected.insert((*word).to_owned(), (*text).to_owned());
        found.push(match is_of_taxes(word) {
            true => step(day(year, 11, 8), Role::Finance, Doing::Tax { content: taxes }),
            false => step(day(year, 11, 8), Role::CountyReporter, enter(content)),
        });
        if matches!(fate, Settled(..)) {
            found.push(step(day(year, 11, 15), Role::Publisher, decide()));
            found.push(step(day(year, 11, 18), Role::CityReviewer, Doing::Confirm));
            found.push((at(day(year, 12, 10)), Deed::Pay { year, number, half: false }));
        }
    }
    Ok(found)
}

/// A movement of a ledger: fund, contract, firm (for the first of a contract, with its county, rate and last day), day
/// and whole 万元.
type Move = (
    &'static str,
    Movement,
    &'static str,
    Option<(&'static str, &'static str, &'static str, NaiveDate)>,
    NaiveDate,
    i64,
);

/// A loan half paid back, one that is overdue, one at the most that a firm may have; guarantees released and called.
fn moves() -> Vec<Move> {
    use Movement::{Commit, Pay, Release, Repay};
    let terms = |firm, unit, rate, due| Some((firm, unit, rate, due));
    let (fund, guarantee) = ("upgrading_fund", "guarantee");
    let first = terms("榕演示甲机械", "福清市", "3.85", day(2023, 3, 9));
    let late = terms("榕演示庚水泥", "永泰县", "4.05", day(2021, 11, 30));
    let most = terms("榕演示己光电", "马尾区", "3.85", day(2023, 4, 11));
    let ship = terms("榕演示氐船舶", "马尾区", "", day(2022, 5, 31));
    let small = terms("榕演示亥精工", "福清市", "", day(2022, 6, 30));
    vec![
        (fund, Commit, "榕演示借〔2021〕1号", first, day(2021, 3, 10), 8_000),
        (fund, Pay, "榕演示借〔2021〕1号", None, day(2021, 3, 20), 5_000),
        (fund, Commit, "榕演示借〔2021〕2号", most, day(2021, 4, 1), 20_000),
        (fund, Pay, "榕演示借〔2021〕2号", None, day(2021, 4, 12), 20_000),
        (fund, Commit, "榕演示借〔2021〕3号", late, day(2021, 5, 6), 6_000),
        (fund, Pay, "榕演示借〔2021〕3号", None, day(2021, 5, 12), 6_000),
        (fund, Repay, "榕演示借〔2021〕1号", None, day(2021, 9, 20), 2_000),
        (fund, Release, "榕演示借〔2021〕1号", None, day(2021, 9, 21), 1_000),
        (guarantee, Commit, "榕演示保〔2021〕1号", ship, day(2021, 6, 1), 3_000),
        (guarantee, Commit, "榕演示保〔2021〕2号", small, day(2021, 7, 1), 1_000),
        (guarantee, Release, "榕演示保〔2021〕2号", None, day(2021, 11, 2), 600),
        (guarantee, Pay, "榕演示保〔2021〕1号", None, day(2021, 11, 15), 300),
        (guarantee, Repay, "榕演示保〔2021〕1号", None, day(2021, 12, 20), 100),
    ]
}

/// Entered by the finance post on its day, confirmed by the reviewer an hour later; the last one waits.
fn funds(plan: &Plan) -> Result<Vec<(i64, Deed)>, Refusal> {
    let moves = moves();
    let mut numbers: BTreeMap<&str, u32> = BTreeMap::new();
    let mut found = Vec::new();
    for (at, (fund, movement, contract, terms, on, amount)) in moves.iter().enumerate() {
        let number = numbers.entry(fund).or_default();
        *number += 1;
        let terms = terms.map(|(firm, unit, rate, due)| -> Result<Terms, Refusal> {
            let rate = (!rate.is_empty()).then(|| Rate::parse_percent(rate).map_err(|_| unknown(rate))).transpose()?;
            Ok(Terms {
                firm: full_name(firm),
                credit_code: code_of(firm, true),
                unit: unit_of(plan, unit)?,
                bank: "演示银行".to_owned(),
                day_count: rate.map(|_| DayCount::By360),
                rate: rate.map(LoanRate::Fixed),
                // 罚息 as 银发〔2003〕251号 has it at the most.
                penalty: rate.and_then(|_| Rate::new(1, 2)),
                due: Some(due),
            })
        });
        let stated = Entered {
            movement: *movement,
            contract: (*contract).to_owned(),
            day: *on,
            amount: Amount(amount * 10_000),
            voucher: format!("演示凭证{}", at + 1),
            terms: terms.transpose()?,
        };
        let command = |number: Option<u32>, what: FundDoing| RecordFund {
            plan: plan.id.clone(),
            fund: (*fund).to_owned(),
            seen: i64::from(number.is_some()),
            number,
            what,
        };
        let enter = command(None, FundDoing::Enter(Box::new(stated), String::new()));
        found.push((writer(*on, 15).at, Deed::Fund(Role::Finance, enter)));
        if at + 1 < moves.len() {
            let confirm = command(Some(*number), FundDoing::Confirm);
            found.push((writer(*on, 16).at, Deed::Fund(Role::CityReviewer, confirm)));
        }
    }
    Ok(found)
}

/// What firms are recognised as: firm, county, list, level, and when it was withdrawn.
type Listed = (&'static str, &'static str, &'static str, &'static str, Option<NaiveDate>);

/// The office's lists at the beginning of its story: one import of all their lines.
fn lists(plan: &Plan) -> Result<(i64, Deed), Refusal> {
    let green: [Listed; 6] = [
        ("榕演示戌陶瓷", "闽清县", "绿色工厂", "国家级", None),
        ("榕演示子环保", "仓山区", "绿色工厂", "省级", None),
        ("榕演示癸印染", "长乐区", "绿色工厂", "省级", Some(day(2021, 2, 1))),
        ("榕演示甲机械", "福清市", "专精特新中小企业", "省级", None),
        ("榕演示辛电机", "晋安区", "企业技术中心", "省级", None),
        ("榕演示巳造纸", "闽清县", "循环经济示范企业", "省级", None),
    ];
    let digital: [Listed; 4] = [
        ("龙演示丁装备", UNIT, "智能制造示范企业", "市级", None),
        ("龙演示丁装备", UNIT, "两化融合示范企业", "国家级", None),
        ("龙演示戊线路", UNIT, "两化融合示范企业", "省级", None),
        ("龙演示己包装", UNIT, "服务型制造示范企业", "市级", None),
    ];
    let is_fuzhou = plan.id == "fuzhou-2021";
    let (listed, on) = if is_fuzhou { (&green[..], day(2021, 3, 1)) } else { (&digital[..], day(2022, 7, 15)) };
    let lines = listed.iter().map(|(firm, unit, title, level, withdrawn)| {
        let stated = Stated {
            firm: full_name(firm),
            owner: None,
            credit_code: code_of(firm, true),
            unit: unit_of(plan, unit)?,
            title: (*title).to_owned(),
            level: (*level).to_owned(),
            batch: String::new(),
            document: "演示文件，非真实认定".to_owned(),
            day: on - Days::new(60),
            withdrawn: *withdrawn,
            paired: None,
        };
        Ok((None, stated))
    });
    let lines = lines.collect::<Result<Vec<_>, Refusal>>()?;
    let (plan, file) = (plan.id.clone(), "演示-认定名单.csv".to_owned());
    Ok((writer(on, 9).at, Deed::Lists(KeepRecognitions { plan, lines, seen: 0, reason: None, file })))
}

/// A nomination: project, firm, its place, whole 万元, and the scores of the three criteria; none: withdrawn.
type Nominated = (&'static str, &'static str, &'static str, &'static str, Option<[&'static str; 3]>);

const NOMINATED: [Nominated; 5] = [
    ("高密度电路板扩产", "龙演示甲电路板", UNIT, "12000", Some(["36", "25", "26"])),
    ("稀土萃取智能化", "龙演示乙稀土", UNIT, "8000", Some(["33", "27", "28"])),
    ("贴片线换新", "龙演示丙电子", UNIT, "3000", Some(["30", "20", "22"])),
    ("智造示范车间", "龙演示丁装备", "市工信局", "5600", Some(["38", "28", "25"])),
    ("铜箔表面处理", "龙演示辛铜箔", "市工信局", "4200", None),
];

const CRITERIA: [&str; 3] = ["技术水平", "投入产出", "绿色安全"];

/// 龙南's 示范项目 of 2022, from its 评选办法 to the final list.
fn selection(plan: &Plan) -> Result<Vec<(i64, Deed)>, Refusal> {
    const ID: &str = "model_projects";
    let units = domain::entry::units_with_posts(plan);
    let step = |act: SelectionAct, number: Option<u32>, unit: &str, content: &[(&str, &str)]| RecordSelection {
        plan: plan.id.clone(),
        selection: ID.to_owned(),
        year: 2022,
        number,
        seen: 0,
        act,
        unit: unit.to_owned(),
        content: content.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect::<Content>(),
        salt: random_token(),
    };
    let office = |role: Role, step: RecordSelection| Deed::Selection(role, step);
    let criteria = format!("{} 40\n{} 30\n{} 30", CRITERIA[0], CRITERIA[1], CRITERIA[2]);
    let method = [
        (word::DOCUMENT, "（演示）示范项目评选办法"),
        (word::PLACES, "3"),
        (word::CRITERIA, criteria.as_str()),
        (word::NOTICE_DAYS, "5"),
        (word::QUOTA, "3"),
        (word::TIES, "criteria"),
    ];
    let method = step(SelectionAct::Method, None, "", &method);
    let mut found = vec![(writer(day(2022, 10, 10), 9).at, office(Role::CityReviewer, method))];
    for ((name, firm, unit, amount, scores), number) in NOMINATED.iter().zip(1_u32..) {
        let later = i64::from(number) * 1000;
        let unit = units.iter().find(|(_, known)| known == unit).map(|(id, _)| id).ok_or_else(|| unknown(unit))?;
        let (firm_name, code) = (full_name(firm), code_of(firm, true).unwrap_or_default());
        let words = "演示，非真实推荐";
        let name = format!("（演示）{name}");
        let content = [
            (word::NAME, name.as_str()),
            (word::FIRM, &firm_name),
            (word::CODE, &code),
            (word::AMOUNT, amount),
            (word::WORDS, words),
        ];
        let nominate = step(SelectionAct::Nominate, None, unit, &content);
        found.push((writer(day(2022, 10, 17), 9).at + later, office(Role::CountyReporter, nominate)));
        let Some(scores) = scores else {
            let withdraw = step(SelectionAct::Withdraw, Some(number), unit, &[(word::WORDS, "项目延期（演示）")]);
            found.push((writer(day(2022, 10, 24), 9).at, office(Role::CountyReporter, withdraw)));
            continue;
        };
        let names = CRITERIA.map(|criterion| format!("{}{criterion}", word::SCORE));
        let scores: Vec<(&str, &str)> = names.iter().map(String::as_str).zip(*scores).collect();
        let score = step(SelectionAct::Score, Some(number), unit, &scores);
        found.push((writer(day(2022, 10, 31), 9).at + later, office(Role::CityReviewer, score)));
    }
    let publish = |stage: Stage| {
        let (plan, selection) = (plan.id.clone(), ID.to_owned());
        let (issuer, listed, public_key) = (issuer(), None, None);
        Deed::Publish(PublishSelection { plan, selection, year: 2022, stage, issuer, listed, public_key })
    };
    let objection = [(word::BY, "演示单位"), (word::WORDS, "请核对设备投资额（演示）")];
    let answer = [(word::OBJECTION, "1"), (word::WORDS, "已核对发票，属实（演示）")];
    found.extend([
        (writer(day(2022, 11, 2), 9).at, office(Role::Publisher, step(SelectionAct::Confirm, None, "", &[]))),
        (writer(day(2022, 11, 3), 9).at, publish(Stage::Notice)),
        (
            writer(day(2022, 11, 4), 9).at,
            office(Role::CityReviewer, step(SelectionAct::Object, Some(2), "", &objection)),
        ),
        (writer(day(2022, 11, 7), 9).at, office(Role::Publisher, step(SelectionAct::Answer, Some(2), "", &answer))),
        (writer(day(2022, 11, 14), 9).at, publish(Stage::Final)),
    ]);
    Ok(found)
}
