//! The demo's posts, each with a made-up holder and a password of its own, printed once.

use domain::rights::Role;

use office::refusal::Refusal;
use store::passwords;
use store::{NewPost, Store, Writer};

/// Unit, its login's stem, and the names of reporter and approver: invented.
const COUNTIES: [(&str, &str, &str, &str); 12] = [
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
];

const OFFICE: [(Role, &str, &str); 6] = [
    (Role::CityReviewer, "shenhe", "方明"),
    (Role::Publisher, "fabu", "高洁"),
    (Role::Leader, "lingdao", "郑怀远"),
    (Role::SystemAdmin, "xitong", "丁一"),
    (Role::SecurityAdmin, "anquan", "沈安"),
    (Role::AuditAdmin, "shenji", "严正"),
];

/// Accounts, posts and passwords; visitors may read what is published.
pub(super) async fn load(store: &Store, now: i64, say: &dyn Fn(&str)) -> Result<(), Refusal> {
    let writer = Writer { actor: "演示".to_owned(), at: now, session: None };
    let office = ("350100".to_owned(), "福州市".to_owned());
    let units = match store.read().await?.plan("fuzhou-2021").await? {
        Some(version) => domain::entry::units(&version.plan),
        None => return Ok(()),
    };
    say("演示岗位的登录名和密码（只打印这一次）：");
    for (role, login, name) in OFFICE {
        let place = (!role.is_admin()).then(|| office.clone());
        let password = appoint(store, NewPost { role, office: place, unit: None }, login, name, &writer).await?;
        say(&format!("  {}　{login}　{password}", role.name()));
    }
    for (unit, stem, reporter, approver) in COUNTIES {
        let Some(unit) = units.iter().find(|(_, name)| name == unit) else { continue };
        let post = |role| NewPost { role, office: Some(office.clone()), unit: Some(unit.clone()) };
        let reports = appoint(store, post(Role::CountyReporter), stem, reporter, &writer).await?;
        let signs = appoint(store, post(Role::CountyApprover), &format!("{stem}.sh"), approver, &writer).await?;
        say(&format!("  {}　填报 {stem}　{reports}　审核 {stem}.sh　{signs}", unit.1));
    }
    // Last: its presence says that the demo is complete.
    Ok(store.set_setting("public_reading", "open", writer).await?)
}

/// An account on a new post; returns its password.
async fn appoint(store: &Store, post: NewPost, login: &str, name: &str, writer: &Writer) -> Result<String, Refusal> {
    let password = passwords::readable_password();
    let id = store.create_account(login, name, "0591-00000000", writer.clone()).await?;
    store.set_password(id, &passwords::hash(&password).await, None, writer.clone()).await?;
    let made = store.create_post(post, writer.clone()).await?;
    store.appoint(&made.id, Some(id), writer.clone()).await?;
    Ok(password)
}
