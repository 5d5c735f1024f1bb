//! The demo's posts, each with a made-up holder and a password of its own, printed once.

use domain::rights::Role;

use office::people::NewPost;
use office::refusal::Refusal;
use store::passwords;
use store::{Store, Writer};

/// Unit, its login's stem, and the names of reporter and approver: invented.
const UNITS: [(&str, &str, &str, &str); 13] = [
    ("鼓楼区", "gulou", "陈晓岚", "林国栋"),
    ("台江区", "taijiang", "黄思远", "郑文彬"),
    ("仓山区", "cangshan", "吴静怡", "许建平"),
    ("晋安区", "jinan", "刘雨桐", "王志强"),
    ("马尾区", "mawei", "张海燕", "李明辉"),
    ("长乐区", "changle", "周子涵", "陈永福"),
    ("福清市", "fuqing", "陈芳", "林敏"),
    ("闽侯县", "minhou", "杨帆", "蔡伟民"),
    ("连江县", "lianjiang", "何佳宁", "郭宏"),
    ("闽清县", "minqing", "邱婷", "叶长青"),
    ("罗源县", "luoyuan", "江月", "苏建华"),
    ("永泰县", "yongtai", "柯雪梅", "卢志远"),
    // It states totals of the city.
    ("市工信局", "gongxin", "池美华", "兰建平"),
];

const OFFICE: [(Role, &str, &str); 6] = [
    (Role::CityReviewer, "shenhe", "方明"),
    (Role::Publisher, "fabu", "高洁"),
    (Role::Leader, "lingdao", "郑怀远"),
    (Role::SystemAdmin, "xitong", "丁一"),
    (Role::SecurityAdmin, "anquan", "沈安"),
    (Role::AuditAdmin, "shenji", "严正"),
];

/// Departments that read and sign, and a leader whom the document names beside a unit: login, unit, name.
const BESIDE: [(Role, &str, &str, &str); 4] = [
    (Role::Observer, "xiaoneng", "市效能办", "董效平"),
    (Role::Observer, "tongji", "市统计局", "孟书琴"),
    (Role::Finance, "caizheng", "市财政局", "钱守正"),
    (Role::Official, "guagou", "福清市", "马长河"),
];

/// The other offices: a plan, the stem of its logins, the names of reviewer, publisher and leader, and two of its
/// units with the names of reporter and approver. Invented.
type Other = (&'static str, &'static str, [&'static str; 3], [(&'static str, &'static str, &'static str); 2]);

const OTHERS: [Other; 4] = [
    (
        "fengze-2022",
        "fengze",
        ["苏婉清", "庄志鹏", "谢明远"],
        [("东湖街道", "傅小梅", "洪建国"), ("高新产业园区", "施丽华", "曾庆丰")],
    ),
    (
        "fujian-2013",
        "fujian",
        ["赖文静", "翁立群", "温国华"],
        [("福州市", "丘雅婷", "范建平"), ("鼓楼区", "巫晓东", "罗秀英")],
    ),
    (
        "ningde-2021",
        "ningde",
        ["缪春燕", "阮子健", "薛长明"],
        [("蕉城区", "章慧敏", "余海峰"), ("市税务局", "甘晓琳", "卓志坚")],
    ),
    (
        "longnan-2022",
        "longnan",
        ["钟丽娟", "廖俊杰", "曾宪平"],
        [("市科创中心", "赖雪芬", "叶春生"), ("市工信局", "凌小芳", "刘国富")],
    ),
];

/// The finance department of one of the other offices: plan, login, department, name.
const FINANCE: (&str, &str, &str, &str) = ("longnan-2022", "longnan.cz", "市财政局", "邓慧敏");

/// Logins and names of those who do something for an office's firms.
pub(super) struct DeskLogins {
    /// With the names of their units.
    pub(super) reporters: Vec<(&'static str, String, &'static str)>,
    /// Reviewer, publisher, finance.
    pub(super) office: [(String, &'static str); 3],
}

/// Those of 福州 and 龙南, whose firms have a story.
pub(super) fn desk(plan: &str) -> Option<DeskLogins> {
    if plan == "fuzhou-2021" {
        let reporters = UNITS.iter().map(|(unit, stem, reporter, _)| (*unit, (*stem).to_owned(), *reporter));
        let office = |of: Role| OFFICE.iter().find(|(role, ..)| *role == of).map(|(_, login, name)| (*login, *name));
        let finance =
            BESIDE.iter().find(|(role, ..)| *role == Role::Finance).map(|(_, login, _, name)| (*login, *name));
        let [reviewer, publisher] = [Role::CityReviewer, Role::Publisher].map(office);
        let office = [reviewer?, publisher?, finance?].map(|(login, name)| (login.to_owned(), name));
        return Some(DeskLogins { reporters: reporters.collect(), office });
    }
    let (_, stem, [reviewer, publisher, _], people) =
        OTHERS.iter().find(|(id, ..)| *id == plan && plan == FINANCE.0)?;
    let reporters = people.iter().zip(1..).map(|((unit, reporter, _), at)| (*unit, format!("{stem}.{at}"), *reporter));
    let office =
        [(format!("{stem}.sh"), *reviewer), (format!("{stem}.fb"), *publisher), (FINANCE.1.to_owned(), FINANCE.3)];
    Some(DeskLogins { reporters: reporters.collect(), office })
}

/// A few posts of the other offices, so that their pages are seen as their people see them.
async fn load_others(store: &Store, writer: &Writer, say: &dyn Fn(&str)) -> Result<(), Refusal> {
    for (id, stem, [reviewer, publisher, leader], people) in OTHERS {
        let Some(version) = store.read().await?.plan(id).await? else { continue };
        let region = &version.plan.region;
        let office = (region.id().to_owned(), region.name.clone());
        let mut told = Vec::new();
        let posts =
            [(Role::CityReviewer, "sh", reviewer), (Role::Publisher, "fb", publisher), (Role::Leader, "ld", leader)];
        for (role, end, name) in posts {
            let login = format!("{stem}.{end}");
            let post = NewPost { role, office: Some(office.clone()), unit: None };
            let password = appoint(store, post, &login, name, writer).await?;
            told.push(format!("{} {login}　{password}", role.short_name()));
        }
        if id == FINANCE.0 {
            let (_, login, department, name) = FINANCE;
            let unit = Some((domain::region::fold_name(department), department.to_owned()));
            let post = NewPost { role: Role::Finance, office: Some(office.clone()), unit };
            let password = appoint(store, post, login, name, writer).await?;
            told.push(format!("{}（{department}） {login}　{password}", Role::Finance.short_name()));
        }
        say(&format!("  {}　{}", region.name, told.join("　")));
        let units = domain::entry::units_with_posts(&version.plan);
        for ((name, reporter, approver), place) in people.into_iter().zip(1..) {
            let Some(unit) = units.iter().find(|(_, known)| known == name) else { continue };
            let post = |role| NewPost { role, office: Some(office.clone()), unit: Some(unit.clone()) };
            let (login, signer) = (format!("{stem}.{place}"), format!("{stem}.{place}.sh"));
            let reports = appoint(store, post(Role::CountyReporter), &login, reporter, writer).await?;
            let signs = appoint(store, post(Role::CountyApprover), &signer, approver, writer).await?;
            say(&format!("    {}　填报 {login}　{reports}　审核 {signer}　{signs}", unit.1));
        }
    }
    Ok(())
}

/// The logins and names of whoever reports and of whoever confirms at one of the other offices.
pub(super) fn logins(plan: &str) -> Option<[(String, &'static str); 2]> {
    let (_, stem, [reviewer, ..], [(_, reporter, _), _]) = OTHERS.iter().find(|(id, ..)| *id == plan)?;
    Some([(format!("{stem}.1"), reporter), (format!("{stem}.sh"), reviewer)])
}

/// Accounts, posts and passwords; visitors may read what is published.
pub(super) async fn load(store: &Store, now: i64, say: &dyn Fn(&str)) -> Result<(), Refusal> {
    let writer = Writer { actor: "演示".to_owned(), at: now, session: None };
    let office = ("350100".to_owned(), "福州市".to_owned());
    let units = match store.read().await?.plan("fuzhou-2021").await? {
        Some(version) => domain::entry::units_with_posts(&version.plan),
        None => return Ok(()),
    };
    say("演示岗位的登录名和密码（只打印这一次）：");
    for (role, login, name) in OFFICE {
        let place = (!role.is_admin()).then(|| office.clone());
        let password = appoint(store, NewPost { role, office: place, unit: None }, login, name, &writer).await?;
        say(&format!("  {}　{login}　{password}", role.name()));
    }
    for (role, login, name, holder) in BESIDE {
        let unit = if role.is_department() {
            Some((domain::region::fold_name(name), name.to_owned()))
        } else {
            units.iter().find(|(_, known)| known == name).cloned()
        };
        let new = NewPost { role, office: Some(office.clone()), unit };
        let password = appoint(store, new, login, holder, &writer).await?;
        say(&format!("  {}（{name}）　{login}　{password}", role.name()));
    }
    for (unit, stem, reporter, approver) in UNITS {
        let Some(unit) = units.iter().find(|(_, name)| name == unit) else { continue };
        let post = |role| NewPost { role, office: Some(office.clone()), unit: Some(unit.clone()) };
        let reports = appoint(store, post(Role::CountyReporter), stem, reporter, &writer).await?;
        let signs = appoint(store, post(Role::CountyApprover), &format!("{stem}.sh"), approver, &writer).await?;
        say(&format!("  {}　填报 {stem}　{reports}　审核 {stem}.sh　{signs}", unit.1));
    }
    load_others(store, &writer, say).await?;
    // Last: its presence says that the demo is complete.
    Ok(store.set_setting("public_reading", "open", writer).await?)
}

/// An account on a new post; returns its password.
async fn appoint(store: &Store, post: NewPost, login: &str, name: &str, writer: &Writer) -> Result<String, Refusal> {
    let password = passwords::readable_password();
    let id = super::steps::account(store, login, name, writer).await?.id;
    store.set_password(id, &passwords::hash(&password).await, None, writer.clone()).await?;
    let made = store.create_post(post, writer.clone()).await?;
    store.appoint(&made.id, Some(id), writer.clone()).await?;
    Ok(password)
}
