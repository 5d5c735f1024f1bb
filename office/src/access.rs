//! Changes of who gets in that take two administrators, and what people are told about them.
//!
//! The basis is GB/T 22239-2019, 8.1.4.2 d) and e): the least rights for each administrator, so that none of them can
//! alone act as somebody whose figures count. The system administrator keeps accounts, the security administrator
//! posts; a new way into an account whose post touches figures, or a new holder of such a post, needs both.

use domain::rights::Role;
use serde::{Deserialize, Serialize};

use crate::people::{Line, Person};

/// Somebody who got an account or a new link: what is handed to him.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enrolled {
    pub person: Person,
    /// Of the post, or a dash.
    pub title: String,
    /// Of the one-time link; shown once.
    pub token: String,
}

/// 花名册 whose posts wait for the security administrator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingRoster {
    pub id: i64,
    /// Who made the accounts and asks for the posts.
    pub by_account: i64,
    pub actor: String,
    /// UTC milliseconds.
    pub at: i64,
    pub lines: Vec<Line>,
}

/// How long a request waits for the second person, milliseconds.
pub const REQUEST_LIFE: i64 = 3 * 24 * 3600 * 1000;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// A one-time link that sets a new password.
    Link,
    /// One-time codes are no longer asked for.
    ForgetTotp,
    /// A new holder of the post.
    Appoint,
}

impl What {
    pub const ALL: [What; 3] = [What::Link, What::ForgetTotp, What::Appoint];

    /// As stored.
    pub fn id(self) -> &'static str {
        match self {
            What::Link => "link",
            What::ForgetTotp => "forget_totp",
            What::Appoint => "appoint",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|what| what.id() == text)
    }

    pub fn name(self) -> &'static str {
        match self {
            What::Link => "重设密码",
            What::ForgetTotp => "关闭两步验证",
            What::Appoint => "换人任职",
        }
    }

    /// Who confirms: the administrator whose own work it is not.
    pub fn confirmed_by(self) -> Role {
        match self {
            What::Link | What::ForgetTotp => Role::SecurityAdmin,
            What::Appoint => Role::SystemAdmin,
        }
    }
}

/// A change that waits for the second person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessRequest {
    pub id: i64,
    pub what: What,
    /// Whose log-in it is, or who is to hold the post.
    pub account: i64,
    pub login: String,
    pub name: String,
    pub post: String,
    pub post_title: String,
    /// Who asked; `None` for the machine's own user.
    pub by: Option<i64>,
    pub actor: String,
    pub at: i64,
    pub expires_at: i64,
}

impl AccessRequest {
    pub fn sentence(&self) -> String {
        let (name, login, post) = (&self.name, &self.login, &self.post_title);
        match self.what {
            What::Link => format!("给{post} {name}（{login}）重设密码"),
            What::ForgetTotp => format!("关闭{post} {name}（{login}）的两步验证"),
            What::Appoint => format!("{post}改由 {name}（{login}）担任"),
        }
    }

    /// What whoever asked is told.
    pub fn waiting(&self) -> String {
        format!(
            "已提请（编号 {}）：{}。这个岗位碰得到数字，要由{}确认，提请的人自己不能确认；{}前有效",
            self.id,
            self.sentence(),
            self.what.confirmed_by().name(),
            domain::calendar::moment(self.expires_at)
        )
    }
}

/// What became of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Changed {
    /// Done; with the one-time link where there is one.
    Done(Option<String>),
    /// It waits for the second person.
    Asked(AccessRequest),
}

/// What the trail keeps of a change that was made, beside who made it and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    pub what: What,
    /// Whose log-in it is, as `林敏（linmin）`.
    pub person: String,
    pub account: i64,
    pub post: String,
    /// Who held the post before.
    #[serde(default)]
    pub before: Option<i64>,
    /// Who asked; nobody where one person alone did it in an emergency.
    #[serde(default)]
    pub asked_by: Option<String>,
    /// Why one person alone did it.
    #[serde(default)]
    pub reason: Option<String>,
}

/// Something about log-ins that a person has not been told yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Its row of the trail.
    pub seq: i64,
    pub sentence: String,
}

impl Notice {
    /// Of a change that took two people, or one in an emergency; `own` for whom it concerns himself.
    pub fn of_change(seq: i64, at: i64, actor: &str, made: &Made, own: bool) -> Self {
        let at = domain::calendar::moment(at);
        let whose = if own { "您的登录方式".to_owned() } else { format!("{}的登录方式", made.person) };
        let what = made.what.name();
        let what = match &made.what {
            What::Appoint => format!("{}于{at}{what}：由 {} 担任", made.post, made.person),
            _ => format!("{whose}于{at}被重置（{what}）"),
        };
        let how = match (&made.asked_by, &made.reason) {
            (_, Some(reason)) => format!("由{actor}一人紧急办理，没有第二人确认，理由：{reason}"),
            (Some(asked), None) => format!("由{asked}提请、{actor}确认"),
            (None, None) => format!("由{actor}办理"),
        };
        let then = if own { "。不是您要求的，请马上告诉审计管理员" } else { "" };
        Self { seq, sentence: format!("{what}，{how}{then}。").replace("。。", "。") }
    }

    /// Of one's own one-time codes.
    pub fn of_codes(seq: i64, at: i64, actor: &str, on: bool) -> Self {
        let (at, done) = (domain::calendar::moment(at), if on { "开启" } else { "关闭" });
        let sentence = format!(
            "您的两步验证于{at}由{actor}{done}，别处的登录都已退出。不是您做的，请马上改密码并告诉审计管理员。"
        );
        Self { seq, sentence }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_told_who_did_what() {
        let made = Made {
            what: What::Link,
            person: "陈芳（fuqing）".to_owned(),
            account: 4,
            post: "福清市填报员".to_owned(),
            before: None,
            asked_by: Some("系统管理员 丁一".to_owned()),
            reason: None,
        };
        let own = Notice::of_change(7, 1_625_300_000_000, "安全管理员 沈安", &made, true).sentence;
        assert!(
            own.starts_with("您的登录方式于2021年7月3日 16:13被重置")
                && own.contains("由系统管理员 丁一提请、安全管理员 沈安确认"),
            "{own}"
        );
        let alone = Made { asked_by: None, reason: Some("手机丢失".to_owned()), what: What::Appoint, ..made };
        let told = Notice::of_change(7, 0, "命令行（root）", &alone, false).sentence;
        assert!(
            told.contains("福清市填报员于") && told.contains("一人紧急办理") && told.contains("手机丢失"),
            "{told}"
        );
    }
}
