//! In whose name a command is carried out.

use domain::rights::{Action, Object};

use crate::refusal::Refusal;
use crate::viewer::Viewer;

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
    pub fn may(&self, action: Action, object: Object<'_>) -> Result<(), Refusal> {
        match &self.viewer {
            Some(viewer) => viewer.may(action, object).map_err(|refusal| Refusal::Forbidden(action, refusal)),
            None => Ok(()),
        }
    }
}
