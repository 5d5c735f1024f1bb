//! One table of the program's addresses, a line each: method, path, who may come, how its answer may be kept, whether
//! its page carries script, how much a request may bring, and on which page a form stands. What is not in it does not
//! exist: the program does not start with a route, a server function or a page that has no line here.
//!
//! Who may come is the first gate. What a post may do to which unit in which state is the second: `domain::rights`,
//! asked inside the transaction of each command and by the backend of each page.

use std::time::Duration;

use axum::http::Method;
use domain::evidence::LARGEST;
use domain::rights::Role;

/// Who may come to an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    Anyone,
    /// Somebody with a post; also visitors, where the office has opened what is published.
    Reader,
    /// Somebody with an account.
    SignedIn,
    Roles(&'static [Role]),
}

use Access::{Anyone, Reader, Roles, SignedIn};
use Role::{
    AuditAdmin, CityReviewer, CountyApprover, CountyReporter, Finance, Leader, Observer, Official, Publisher,
    SecurityAdmin, SystemAdmin,
};

/// How the answer to a visitor may be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keep {
    /// By browsers, which ask each time whether it still holds: it shows only what is published, or no figure at all.
    Public,
    /// By this program until the facts change, by nobody else.
    Here,
    /// Made anew for each reader.
    Personal,
    /// Not a page: it says itself.
    OwnHeaders,
}

const MB: usize = 1024 * 1024;

/// How much a request may bring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Brings {
    Form,
    /// A form with hundreds of boxes, or one that a session did not outlive, encoded once more.
    LongForm,
    /// A file, from somebody who says that he is logged in.
    File,
    /// A file that is kept: scans are larger than tables.
    Evidence,
}

impl Brings {
    /// Bytes.
    pub(crate) fn limit(self) -> usize {
        match self {
            Brings::Form => 256 * 1024,
            Brings::LongForm => MB,
            Brings::File => 8 * MB,
            // With what stands around the file in its form.
            Brings::Evidence => LARGEST + 64 * 1024,
        }
    }

    /// From its first byte to its answer.
    pub(crate) fn longest(self) -> Duration {
        match self {
            // A large scan over a line of 1 Mbit/s.
            Brings::Evidence => Duration::from_secs(180),
            _ => Duration::from_secs(30),
        }
    }
}

/// An address.
#[derive(Debug)]
pub(crate) struct Site {
    pub(crate) method: Method,
    /// As the router spells it.
    pub(crate) path: &'static str,
    pub(crate) access: Access,
    pub(crate) keep: Keep,
    /// Its page holds an island, so that it carries script.
    pub(crate) island: bool,
    pub(crate) brings: Brings,
    /// The page on which a form stands that is posted here: a page that answered a POST cannot be asked for again.
    page: Option<&'static str>,
    /// Screens on a wall ask for it by themselves: it keeps no session alive, and their key opens it.
    pub(crate) by_itself: bool,
    /// A form that goes on after a log-in when the session ended meanwhile.
    pub(crate) resumed: bool,
    /// It may show figures of others that are not published: who of an office looks at it is noted.
    pub(crate) noted: bool,
}

const fn site(method: Method, path: &'static str, access: Access) -> Site {
    Site {
        method,
        path,
        access,
        keep: Keep::Here,
        island: false,
        brings: Brings::Form,
        page: None,
        by_itself: false,
        resumed: false,
        noted: false,
    }
}

impl Site {
    const fn public(mut self) -> Self {
        self.keep = Keep::Public;
        self
    }

    const fn personal(mut self) -> Self {
        self.keep = Keep::Personal;
        self
    }

    const fn own_headers(mut self) -> Self {
        self.keep = Keep::OwnHeaders;
        self
    }

    const fn island(mut self) -> Self {
        self.island = true;
        self
    }

    const fn long(mut self) -> Self {
        self.brings = Brings::LongForm;
        self
    }

    const fn takes_files(mut self) -> Self {
        self.brings = Brings::File;
        self
    }

    const fn takes_evidence(mut self) -> Self {
        self.brings = Brings::Evidence;
        self
    }

    const fn stands_on(mut self, page: &'static str) -> Self {
        self.page = Some(page);
        self
    }

    const fn by_itself(mut self) -> Self {
        self.by_itself = true;
        self
    }

    const fn noted(mut self) -> Self {
        self.noted = true;
        self
    }

    const fn resumed(mut self) -> Self {
        self.resumed = true;
        self
    }
}

const GET: Method = Method::GET;
const POST: Method = Method::POST;

/// Posts that see returns on their way.
const RETURNS: Access = Roles(&[CountyReporter, CountyApprover, CityReviewer, Publisher]);
/// Posts that see figures nobody has approved.
const WATCHERS: Access = Roles(&[CountyReporter, CountyApprover, CityReviewer, Publisher, Leader]);
/// Posts that sign for what is published: [`Role::signs`].
const SIGNERS: &[Role] = &[Leader, CountyReporter, CountyApprover, Observer, Finance];
/// Posts that see projects, each its own.
const LIBRARY: Access = Roles(&[CountyReporter, CountyApprover, CityReviewer, Publisher, Leader, Official, Observer]);
/// Those that see evidence or the forms of claims, each its own.
const EVIDENCE: Access = Roles(&[CountyReporter, CountyApprover, CityReviewer, Publisher, Finance]);
/// Those that see something of firms: recognitions, projects, claims, funds or nominations.
const FIRMS: Access =
    Roles(&[CountyReporter, CountyApprover, CityReviewer, Publisher, Leader, Official, Observer, Finance]);
const OFFICE: Access = Roles(&[CityReviewer, Publisher]);

/// The table.
#[rustfmt::skip]
pub(crate) static SITES: &[Site] = &[
    site(GET, "/healthz", Anyone).own_headers(),
    site(GET, "/readyz", Anyone).own_headers(),
    site(GET, "/assets/{*file}", Anyone).own_headers(),
    site(GET, "/pkg/{*file}", Anyone).own_headers(),
    site(GET, "/help", Anyone).public(),
    site(GET, "/search", Reader),
    site(GET, "/about", Anyone).public(),
    site(POST, "/look", Anyone).stands_on("/"),
    site(GET, "/login", Anyone).personal(),
    site(POST, "/login", Anyone).long(),
    site(GET, "/setup", Anyone).personal(),
    site(POST, "/setup", Anyone),
    site(POST, "/logout", Anyone).stands_on("/login"),
    site(GET, "/", Reader).public(),
    site(GET, "/bulletins", Reader).public(),
    site(GET, "/bulletins/{plan}/{period}", Reader).public(),
    site(GET, "/bulletins/{plan}/{period}/print", Reader).public(),
    site(GET, "/bulletins/{plan}/{period}/{edition}", Reader).public(),
    site(GET, "/bulletins/{plan}/{period}/{edition}/print", Reader).public(),
    site(GET, "/bulletins/{plan}/{period}/{edition}/paper", OFFICE).public(),
    site(POST, "/bulletins/{plan}/{period}/{edition}/paper", OFFICE),
    site(POST, "/bulletins/{plan}/{period}/{edition}/receipt", Roles(SIGNERS)).stands_on("/bulletins/{plan}/{period}/{edition}"),
    site(GET, "/publications/{plan}/{kind}/{subject}/{period}", Reader).public(),
    site(GET, "/publications/{plan}/{kind}/{subject}/{period}/{edition}", Reader).public(),
    site(POST, "/publications/{plan}/{kind}/{subject}/{period}/{edition}/receipt", Roles(SIGNERS)).stands_on("/publications/{plan}/{kind}/{subject}/{period}/{edition}"),
    site(GET, "/board", Reader).public().island().by_itself(),
    site(GET, "/board/{key}", Anyone).public(),
    site(GET, "/outbox/{key}/{file}", Anyone).own_headers(),
    site(POST, "/api/board", Reader).own_headers().by_itself(),
    site(GET, "/progress/{plan}/{period}", Reader).noted(),
    site(POST, "/progress/{plan}/{period}", OFFICE),
    site(GET, "/tasks/{plan}", Reader).noted(),
    site(POST, "/tasks/{plan}", Roles(&[CountyReporter, CityReviewer, Publisher])),
    site(GET, "/policies/{plan}", Reader).personal(),
    site(GET, "/claims/{plan}/{year}", Roles(&[CountyReporter, CountyApprover, CityReviewer, Publisher, Finance])).noted(),
    site(GET, "/claims/{plan}/{year}/budget", Roles(&[CityReviewer, Publisher, Finance])),
    site(POST, "/claims/{plan}/{year}", Roles(&[CountyReporter, CityReviewer, Publisher, Finance])),
    site(POST, "/claims/{plan}/{year}/notice", Roles(&[Publisher])).stands_on("/claims/{plan}/{year}"),
    site(POST, "/claims/{plan}/{year}/objection", OFFICE).stands_on("/claims/{plan}/{year}"),
    site(GET, "/selections/{plan}", Reader).personal(),
    site(GET, "/selections/{plan}/{selection}/{year}", Reader).personal(),
    site(POST, "/selections/{plan}/{selection}/{year}", Roles(&[CountyReporter, CityReviewer, Publisher])),
    site(POST, "/selections/{plan}/{selection}/{year}/publish", Roles(&[Publisher])).stands_on("/selections/{plan}/{selection}/{year}"),
    site(GET, "/selections/{plan}/{selection}/{year}/import", Roles(&[CountyReporter, CityReviewer, Publisher])),
    site(POST, "/selections/{plan}/{selection}/{year}/import", Roles(&[CountyReporter, CityReviewer, Publisher])).takes_files(),
    site(POST, "/selections/{plan}/{selection}/{year}/import/upload", Roles(&[CountyReporter, CityReviewer, Publisher])).takes_files().stands_on("/selections/{plan}/{selection}/{year}/import"),
    site(GET, "/funds/{plan}", Reader).noted(),
    site(POST, "/funds/{plan}", Roles(&[CityReviewer, Publisher, Finance])),
    site(GET, "/funds/{plan}/import", Roles(&[CityReviewer, Publisher, Finance])).noted(),
    site(POST, "/funds/{plan}/import", Roles(&[CityReviewer, Publisher, Finance])).takes_files(),
    site(POST, "/funds/{plan}/import/upload", Roles(&[CityReviewer, Publisher, Finance])).takes_files().stands_on("/funds/{plan}/import"),
    site(GET, "/firms/{id}", FIRMS).noted(),
    site(GET, "/rosters/{plan}", Reader),
    site(POST, "/rosters/{plan}", Roles(&[CityReviewer])),
    site(GET, "/lists/{plan}", Roles(&[CountyReporter, CountyApprover, CityReviewer, Publisher, Leader])).noted(),
    site(POST, "/lists/{plan}", Roles(&[CityReviewer])),
    site(GET, "/lists/{plan}/import", Roles(&[CityReviewer])).noted(),
    site(POST, "/lists/{plan}/import", Roles(&[CityReviewer])).takes_files(),
    site(POST, "/lists/{plan}/import/upload", Roles(&[CityReviewer])).takes_files().stands_on("/lists/{plan}/import"),
    site(GET, "/projects/{plan}", LIBRARY).noted(),
    site(GET, "/projects/{plan}/lag", LIBRARY).noted(),
    site(GET, "/projects/{plan}/matters", LIBRARY).noted(),
    site(POST, "/projects/{plan}/matters", Roles(&[CountyReporter, CityReviewer])),
    site(GET, "/projects/{plan}/officials", LIBRARY).noted(),
    site(POST, "/projects/{plan}/officials", Roles(&[CityReviewer])),
    site(GET, "/projects/{plan}/import", Roles(&[CityReviewer])).noted(),
    site(POST, "/projects/{plan}/import", Roles(&[CityReviewer])).takes_files(),
    site(POST, "/projects/{plan}/import/upload", Roles(&[CityReviewer])).takes_files().stands_on("/projects/{plan}/import"),
    site(GET, "/projects/{plan}/new", Roles(&[CityReviewer])),
    site(POST, "/projects/{plan}/new", Roles(&[CityReviewer])),
    site(GET, "/projects/{plan}/{project}", LIBRARY).noted(),
    site(POST, "/projects/{plan}/{project}", Roles(&[CityReviewer])),
    site(POST, "/projects/{plan}/{project}/visit", Roles(&[CountyReporter, CityReviewer, Official])).stands_on("/projects/{plan}/{project}"),
    site(POST, "/projects/{plan}/{project}/contact", Roles(&[CountyReporter, CityReviewer])).stands_on("/projects/{plan}/{project}"),
    site(POST, "/projects/{plan}/{project}/node", Roles(&[CountyReporter, CityReviewer])).stands_on("/projects/{plan}/{project}"),
    site(POST, "/projects/{plan}/{project}/leave", Roles(&[CountyReporter, CityReviewer])).stands_on("/projects/{plan}/{project}"),
    site(GET, "/meetings/{plan}", LIBRARY).noted(),
    site(POST, "/meetings/{plan}", OFFICE),
    site(GET, "/rank/{plan}/{period}", Reader).noted(),
    site(GET, "/rank/{plan}/{period}/years", Reader).noted(),
    site(GET, "/units/{plan}", Reader).noted(),
    site(GET, "/units/{plan}/{region}", Reader).noted(),
    site(GET, "/plans", Reader),
    site(GET, "/plans/new", Roles(&[CityReviewer])).island(),
    site(POST, "/plans/new", Roles(&[CityReviewer])).long(),
    site(GET, "/plans/{plan}/edit", Roles(&[CityReviewer])).island(),
    site(POST, "/plans/{plan}/edit", Roles(&[CityReviewer])).long(),
    site(POST, "/plans/new/table", Roles(&[CityReviewer])).takes_files().stands_on("/plans/new"),
    site(POST, "/plans/{plan}/edit/table", Roles(&[CityReviewer])).takes_files().stands_on("/plans/{plan}/edit"),
    site(POST, "/api/plan-check", Roles(&[CityReviewer])).own_headers(),
    site(GET, "/plans/{plan}", Reader),
    site(GET, "/plans/{plan}/changes", Reader),
    site(POST, "/plans/{plan}/changes", OFFICE),
    site(GET, "/assess/{plan}", Reader).noted(),
    site(GET, "/assess/{plan}/readings", Reader).noted(),
    site(POST, "/assess/{plan}/readings", OFFICE),
    site(GET, "/assess/{plan}/year-end", Reader).noted(),
    site(GET, "/assess/{plan}/year-end/print", Reader).noted(),
    site(POST, "/assess/{plan}/year-end", OFFICE),
    site(POST, "/assess/{plan}/year-end/all", Roles(&[CityReviewer])).stands_on("/assess/{plan}/year-end"),
    site(GET, "/assess/{plan}/year-end/{region}", RETURNS).noted(),
    site(POST, "/assess/{plan}/year-end/{region}", Roles(&[CountyReporter, CountyApprover, CityReviewer])),
    site(GET, "/assess/{plan}/objections", RETURNS).noted(),
    site(POST, "/assess/{plan}/objections", Roles(&[CountyReporter, CountyApprover])),
    site(POST, "/assess/{plan}/objections/answer", Roles(&[CountyReporter, CountyApprover, CityReviewer])).stands_on("/assess/{plan}/objections"),
    site(GET, "/assess/{plan}/{region}", Reader).island().noted(),
    site(GET, "/export/{page}/{file}", Reader).own_headers().noted(),
    site(GET, "/import/{plan}", Roles(&[CityReviewer])).noted(),
    site(POST, "/import/{plan}", Roles(&[CityReviewer])).takes_files(),
    site(POST, "/import/{plan}/upload", Roles(&[CityReviewer])).takes_files().stands_on("/import/{plan}"),
    site(GET, "/exports", OFFICE),
    site(POST, "/exports", OFFICE),
    site(GET, "/exports/{id}", OFFICE).noted(),
    site(POST, "/api/what-if", Reader).own_headers(),
    site(GET, "/start", SignedIn).personal(),
    site(GET, "/periods", SignedIn).personal().noted(),
    site(GET, "/calendar", SignedIn).personal(),
    site(GET, "/calendar.ics", SignedIn).own_headers(),
    site(GET, "/account", SignedIn),
    site(POST, "/account/password", SignedIn).stands_on("/account"),
    site(POST, "/account/sessions", SignedIn).stands_on("/account"),
    site(POST, "/account/totp", SignedIn).stands_on("/account"),
    site(POST, "/account/seen", SignedIn).stands_on("/"),
    site(GET, "/report/{plan}/{period}", RETURNS).island().noted(),
    site(GET, "/report/{plan}/{period}/{region}", RETURNS).island().noted(),
    site(GET, "/report/{plan}/{period}/{region}/check", Roles(&[CountyReporter])),
    site(GET, "/report/{plan}/{period}/{region}/receipt", RETURNS).noted(),
    site(GET, "/report/{plan}/{period}/{region}/print", RETURNS).noted(),
    site(GET, "/report/{plan}/{period}/{region}/history", RETURNS).noted(),
    site(POST, "/report/{plan}/{period}/{region}/save", Roles(&[CountyReporter])).resumed().stands_on("/report/{plan}/{period}/{region}"),
    site(POST, "/report/{plan}/{period}/{region}/upload", Roles(&[CountyReporter])).takes_files().stands_on("/report/{plan}/{period}/{region}"),
    site(POST, "/report/{plan}/{period}/{region}/step", Roles(&[CountyReporter, CountyApprover, CityReviewer])).resumed().stands_on("/report/{plan}/{period}/{region}"),
    site(POST, "/report/{plan}/{period}/{region}/message", Roles(&[CountyReporter, CountyApprover, CityReviewer])).stands_on("/report/{plan}/{period}/{region}"),
    site(POST, "/evidence/{plan}", RETURNS).takes_evidence().stands_on("/"),
    site(GET, "/evidence/{plan}/{number}", EVIDENCE).own_headers().noted(),
    site(POST, "/api/draft", Roles(&[CountyReporter])).own_headers(),
    site(POST, "/api/paste", Roles(&[CountyReporter])).own_headers(),
    site(GET, "/review/{plan}/timeliness", OFFICE).noted(),
    site(GET, "/review/{plan}/{period}", OFFICE).island().noted(),
    site(GET, "/review/{plan}/{period}/{region}", OFFICE).noted(),
    site(POST, "/review/{plan}/{period}/exception", Roles(&[CityReviewer])).stands_on("/review/{plan}/{period}"),
    site(POST, "/review/{plan}/{period}/approve", Roles(&[CityReviewer])).stands_on("/review/{plan}/{period}"),
    site(POST, "/review/{plan}/{period}/undo", Roles(&[CityReviewer])).stands_on("/review/{plan}/{period}"),
    site(GET, "/review/{plan}/{period}/texts", OFFICE).noted(),
    site(POST, "/review/{plan}/{period}/texts", OFFICE),
    site(GET, "/review/{plan}/{period}/figures", OFFICE).noted(),
    site(POST, "/review/{plan}/{period}/figures", Roles(&[CityReviewer])),
    site(GET, "/watch/{plan}", WATCHERS).noted(),
    site(POST, "/watch/{plan}", Roles(&[CountyReporter])),
    site(GET, "/watch/{plan}/{region}", WATCHERS).noted(),
    site(GET, "/publish/{plan}/{period}", Roles(&[Publisher])).noted(),
    site(POST, "/publish/{plan}/{period}", Roles(&[Publisher])),
    site(GET, "/publish/{plan}/{period}/{comparison}", Roles(&[Publisher])).noted(),
    site(POST, "/publish/{plan}/{period}/{comparison}", Roles(&[Publisher])),
    site(GET, "/admin/users", Roles(&[SystemAdmin])),
    site(POST, "/admin/users/new", Roles(&[SystemAdmin])).stands_on("/admin/users"),
    site(POST, "/admin/users/change", Roles(&[SystemAdmin])).stands_on("/admin/users"),
    site(GET, "/admin/posts", Roles(&[SecurityAdmin])),
    site(POST, "/admin/posts/new", Roles(&[SecurityAdmin])).stands_on("/admin/posts"),
    site(POST, "/admin/posts/appoint", Roles(&[SecurityAdmin])).stands_on("/admin/posts"),
    site(POST, "/admin/posts/change", Roles(&[SecurityAdmin])).stands_on("/admin/posts"),
    site(GET, "/admin/people", Roles(&[SystemAdmin, SecurityAdmin])).personal().island(),
    site(GET, "/admin/people/blank.xlsx", Roles(&[SystemAdmin])).own_headers(),
    site(POST, "/admin/people", Roles(&[SystemAdmin, SecurityAdmin])).long(),
    site(POST, "/admin/people/upload", Roles(&[SystemAdmin])).takes_files().stands_on("/admin/people"),
    site(GET, "/admin/requests", Roles(&[SystemAdmin, SecurityAdmin])),
    site(POST, "/admin/requests", Roles(&[SystemAdmin, SecurityAdmin])),
    site(GET, "/admin/holidays", Roles(&[SystemAdmin])),
    site(POST, "/admin/holidays", Roles(&[SystemAdmin])),
    site(GET, "/admin/policy", Roles(&[SecurityAdmin])),
    site(POST, "/admin/policy", Roles(&[SecurityAdmin])),
    site(POST, "/admin/screen", Roles(&[SecurityAdmin])).stands_on("/admin/policy"),
    site(POST, "/admin/outbox", Roles(&[SecurityAdmin])).stands_on("/admin/policy"),
    site(GET, "/audit", Roles(&[AuditAdmin])),
    site(GET, "/audit/views", Roles(&[AuditAdmin])),
    site(GET, "/audit/head", Roles(&[AuditAdmin])),
    site(GET, "/audit/trail.jsonl", Roles(&[AuditAdmin])).own_headers(),
    site(GET, "/audit/views.jsonl", Roles(&[AuditAdmin])).own_headers(),
];

/// The line of a route as the router spells it.
pub(crate) fn of(method: &Method, pattern: &str) -> Option<&'static Site> {
    // HEAD is GET without its body.
    let method = if method == Method::HEAD { &GET } else { method };
    SITES.iter().find(|site| site.method == *method && site.path == pattern)
}

/// The line of an address as somebody asks for it; where several fit, the one with the most words of its own.
pub(crate) fn at(method: &Method, path: &str) -> Option<&'static Site> {
    let method = if method == Method::HEAD { &GET } else { method };
    let fitting = SITES.iter().filter(|site| site.method == *method && parameters(site.path, path).is_some());
    fitting.max_by_key(|site| site.path.split('/').filter(|part| !part.starts_with('{')).count())
}

/// What stands in an address for each name of a pattern; `None` where they do not fit.
fn parameters<'a>(pattern: &'static str, path: &'a str) -> Option<Vec<(&'static str, &'a str)>> {
    let mut parts = path.trim_matches('/').split('/');
    let mut found = Vec::new();
    for wanted in pattern.trim_matches('/').split('/') {
        if wanted.starts_with("{*") {
            return parts.next().map(|_| found);
        }
        let part = parts.next()?;
        match wanted.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
            Some(name) if !part.is_empty() => found.push((name, part)),
            None if wanted == part => {}
            _ => return None,
        }
    }
    parts.next().is_none().then_some(found)
}

/// The page to which somebody goes back who stands at this address: of a posted form, the page it stands on.
pub(crate) fn page_of(address: &str) -> String {
    let path = address.split('?').next().unwrap_or_default();
    let posted = at(&POST, path).filter(|_| at(&GET, path).is_none());
    let page = posted.and_then(|site| Some((site.page?, parameters(site.path, path)?)));
    page.map_or_else(
        || address.to_owned(),
        |(page, known)| {
            known.iter().fold(page.to_owned(), |page, (name, value)| page.replace(&format!("{{{name}}}"), value))
        },
    )
}

/// The routes that the table does not know, as sentences; empty unless somebody forgot one.
pub(crate) fn missing<'r>(routes: impl Iterator<Item = (Method, &'r str)>) -> Vec<String> {
    routes
        .filter(|(method, path)| of(method, path).is_none())
        .map(|(method, path)| format!("{method} {path}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use domain::rights::{Action, TABLE};

    use super::*;

    #[test]
    fn a_posted_form_leads_back_to_its_page() {
        for (posted, page) in [
            ("/admin/users/new", "/admin/users"),
            ("/admin/screen", "/admin/policy"),
            ("/report/p/2026-10/350181/save", "/report/p/2026-10/350181"),
            ("/bulletins/p/2026-10/e1/receipt", "/bulletins/p/2026-10/e1"),
            ("/plans/new", "/plans/new"),
            ("/plans/new/table", "/plans/new"),
            ("/plans/p/edit/table", "/plans/p/edit"),
            ("/import/p/upload", "/import/p"),
            ("/bulletins/p/2026-10?a=1", "/bulletins/p/2026-10?a=1"),
        ] {
            assert_eq!(page_of(posted), page);
        }
    }

    #[test]
    fn an_address_is_that_of_its_own_words() {
        for (path, pattern) in [
            ("/", "/"),
            ("/plans/new", "/plans/new"),
            ("/plans/p", "/plans/{plan}"),
            ("/assess/p/readings", "/assess/{plan}/readings"),
            ("/assess/p/350181", "/assess/{plan}/{region}"),
            ("/review/p/timeliness", "/review/{plan}/timeliness"),
            ("/assets/a/b.css", "/assets/{*file}"),
        ] {
            assert_eq!(at(&GET, path).map(|site| site.path), Some(pattern), "{path}");
        }
        assert!(at(&GET, "/nowhere").is_none());
    }

    #[test]
    fn who_signs_gets_to_what_is_signed() {
        for role in Role::ALL {
            assert_eq!(SIGNERS.contains(&role), role.signs(), "{role:?}");
        }
    }

    #[test]
    fn every_page_has_its_help_and_no_other_has() {
        let pages = SITES.iter().filter(|site| site.method == GET && site.keep != Keep::OwnHeaders && !site.by_itself);
        // Sheets to print and walls have no foot; a file is no page.
        let shown = pages
            .filter(|site| !site.path.ends_with("/print") && !["/board/{key}", "/exports/{id}"].contains(&site.path));
        let paths: Vec<&str> = shown.map(|site| site.path).collect();
        let without: Vec<&&str> =
            paths.iter().filter(|path| app::guide::of(path).is_none_or(|of| of.path != **path)).collect();
        assert!(without.is_empty(), "{without:?}");
        let stale: Vec<&str> =
            app::guide::GUIDES.iter().map(|guide| guide.path).filter(|path| !paths.contains(path)).collect();
        assert!(stale.is_empty(), "{stale:?}");
    }

    #[test]
    fn who_may_see_or_attach_files_gets_to_them() {
        // Files with claims are for whoever sees those.
        for (method, path, actions) in [
            (GET, "/evidence/{plan}/{number}", &[Action::ReadEvidence, Action::ReadClaims][..]),
            (POST, "/evidence/{plan}", &[Action::AttachEvidence, Action::EraseEvidence]),
        ] {
            let may = Role::ALL
                .into_iter()
                .filter(|role| TABLE.iter().any(|right| right.role == *role && actions.contains(&right.action)));
            let may: Vec<Role> = may.collect();
            let site = of(&method, path).unwrap();
            assert!(matches!(site.access, Roles(roles) if roles == may), "{path}: {may:?}");
        }
    }

    #[test]
    fn every_line_is_there_once_and_every_form_stands_on_a_page() {
        for (index, site) in SITES.iter().enumerate() {
            let twice = SITES[index + 1..].iter().any(|other| other.method == site.method && other.path == site.path);
            assert!(!twice, "{} {}", site.method, site.path);
            let page = site.page.unwrap_or(site.path);
            let shown = site.method == GET || site.keep == Keep::OwnHeaders || of(&GET, page).is_some();
            assert!(shown, "{} stands on no page", site.path);
        }
    }
}
