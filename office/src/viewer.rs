//! Who is asking: an account, the post it holds, and what that post may.

use domain::rights::{Action, Object, Reach, Refusal, Role, permitted};

/// A person's account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub id: i64,
    pub login: String,
    pub name: String,
    pub phone: String,
    pub disabled: bool,
    /// Codes of an app are asked for at log-in.
    pub has_totp: bool,
    /// When the password was set, UTC milliseconds; `None` until the first one is.
    pub password_at: Option<i64>,
    /// The last log-in that the database still knows of, UTC milliseconds.
    pub last_log_in: Option<i64>,
}

/// An account that nobody logged in to for so long is one too many (GB/T 22239-2019, 8.1.4.2 c: 多余的、过期的账户), in
/// milliseconds.
const UNUSED_AFTER: i64 = 90 * 24 * 3600 * 1000;

impl Account {
    /// For how many whole days nobody has logged in to it, where that is too long; a password that was set counts.
    pub fn unused_days(&self, now: i64) -> Option<i64> {
        let last = self.last_log_in.max(self.password_at)?;
        let idle = now - last;
        (!self.disabled && idle > UNUSED_AFTER).then_some(idle / (24 * 3600 * 1000))
    }
}

/// 岗位: what rights belong to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    pub id: String,
    pub domain: Reach,
    /// `福清市县级填报员`.
    pub title: String,
}

/// Somebody with a living session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewer {
    pub account: Account,
    /// `None` for an account that holds no post: it may change its password and nothing else.
    pub post: Option<Post>,
    /// Names the session: the hash of its token.
    pub session: String,
    /// The password is too old: it must be changed before anything else.
    pub must_change: bool,
    /// When it will be, UTC milliseconds; `None` where passwords are not changed regularly.
    pub password_ends: Option<i64>,
    /// The post asks for one-time codes that the account does not have: they must be set up before anything else.
    pub must_enrol: bool,
}

/// One living session, for its owner's list.
#[derive(Debug, Clone)]
pub struct SessionSummary {
    pub id: String,
    pub created_at: i64,
    pub seen_at: i64,
    pub address: String,
    pub agent: String,
}

impl Viewer {
    pub fn role(&self) -> Option<Role> {
        self.post.as_ref().map(|post| post.domain.role)
    }

    /// As records name him: the post and the holder's name of the day.
    pub fn actor(&self) -> String {
        match &self.post {
            Some(post) => format!("{} {}", post.title, self.account.name),
            None => self.account.name.clone(),
        }
    }

    /// Asks the one table of rights.
    pub fn may(&self, action: Action, object: Object<'_>) -> Result<(), Refusal> {
        self.post.as_ref().map_or(Err(Refusal::Role), |post| permitted(&post.domain, action, object))
    }

    /// Whether it sees all of them, so that what they come to is the office's.
    pub fn sees_all_projects(&self, office: &str) -> bool {
        self.may(Action::ReadProjects, Object::office(office)).is_ok() && self.role() != Some(Role::Official)
    }

    /// Whether his post sees projects of this office: all of them, his unit's, or those he is paired with.
    pub fn sees_projects(&self, office: &str) -> bool {
        let unit = self.post.as_ref().and_then(|post| post.domain.unit.as_deref());
        let object = unit.map_or(Object::office(office), |unit| Object::unit(office, unit));
        self.may(Action::ReadProjects, object).is_ok()
    }
}
