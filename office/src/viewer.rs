//! Who is asking: an account, the post it holds, and what that post may.

use domain::rights::{Action, Object, Reach, Refusal, Role, permitted};

use crate::refusal;

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
}

/// In whose name a command is carried out, and when: the clock is an argument.
#[derive(Debug, Clone)]
pub struct Who {
    /// The account and its post; `None` for the machine's own user, who may everything before there are posts.
    pub viewer: Option<Viewer>,
    /// As records name him.
    pub actor: String,
    /// UTC milliseconds.
    pub at: i64,
    /// The session that must still live when the write happens: its post may have changed hands meanwhile.
    pub session: Option<String>,
}

impl Who {
    /// Somebody in a browser.
    pub fn signed_in(viewer: Viewer, at: i64) -> Self {
        Self { actor: viewer.actor(), session: Some(viewer.session.clone()), at, viewer: Some(viewer) }
    }

    /// The machine's own user: set-up, the demo, the command line before there are posts.
    pub fn machine(actor: impl Into<String>, at: i64) -> Self {
        Self { viewer: None, actor: actor.into(), at, session: None }
    }

    /// The account's number; 0 for the machine's own user.
    pub fn account(&self) -> i64 {
        self.viewer.as_ref().map_or(0, |viewer| viewer.account.id)
    }

    /// Asks the one table of rights.
    pub fn may(&self, action: Action, object: Object<'_>) -> Result<(), refusal::Refusal> {
        match &self.viewer {
            Some(viewer) => viewer.may(action, object).map_err(|refusal| refusal::Refusal::Forbidden(action, refusal)),
            None => Ok(()),
        }
    }
}
