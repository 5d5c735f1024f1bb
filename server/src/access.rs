//! Who may come to which address: every route, server function and file is in this table, or the program does not start.
//!
//! This is the first gate. What a post may do to which unit in which state is the second: `domain::rights`, asked inside
//! the transaction of each command and by the backend of each page.

use axum::http::Method;
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
use Role::{AuditAdmin, CityReviewer, CountyApprover, CountyReporter, Leader, Publisher, SecurityAdmin, SystemAdmin};

const GET: Method = Method::GET;
const POST: Method = Method::POST;

/// Posts that see returns on their way.
const RETURNS: Access = Roles(&[CountyReporter, CountyApprover, CityReviewer, Publisher]);
const OFFICE: Access = Roles(&[CityReviewer, Publisher]);

/// The table.
pub(crate) const TABLE: [(Method, &str, Access); 92] = [
    (GET, "/healthz", Anyone),
    (GET, "/readyz", Anyone),
    (GET, "/assets/{*file}", Anyone),
    (GET, "/pkg/{*file}", Anyone),
    (GET, "/help", Anyone),
    (GET, "/about", Anyone),
    (POST, "/look", Anyone),
    (GET, "/login", Anyone),
    (POST, "/login", Anyone),
    (GET, "/setup", Anyone),
    (POST, "/setup", Anyone),
    (POST, "/logout", Anyone),
    (GET, "/", Reader),
    (GET, "/bulletins", Reader),
    (GET, "/bulletins/{plan}/{period}", Reader),
    (GET, "/bulletins/{plan}/{period}/print", Reader),
    (GET, "/bulletins/{plan}/{period}/{edition}", Reader),
    (GET, "/bulletins/{plan}/{period}/{edition}/print", Reader),
    (GET, "/bulletins/{plan}/{period}/{edition}/paper", OFFICE),
    (POST, "/bulletins/{plan}/{period}/{edition}/paper", OFFICE),
    (POST, "/bulletins/{plan}/{period}/{edition}/receipt", Roles(&[Leader, CountyReporter, CountyApprover])),
    (GET, "/board", Reader),
    (GET, "/board/{key}", Anyone),
    (POST, "/api/board", Reader),
    (GET, "/rank/{plan}/{period}", Reader),
    (GET, "/units/{plan}", Reader),
    (GET, "/units/{plan}/{region}", Reader),
    (GET, "/plans", Reader),
    (GET, "/plans/new", Roles(&[CityReviewer])),
    (POST, "/plans/new", Roles(&[CityReviewer])),
    (GET, "/plans/{plan}/edit", Roles(&[CityReviewer])),
    (POST, "/plans/{plan}/edit", Roles(&[CityReviewer])),
    (POST, "/plans/new/table", Roles(&[CityReviewer])),
    (POST, "/plans/{plan}/edit/table", Roles(&[CityReviewer])),
    (POST, "/api/plan-check", Roles(&[CityReviewer])),
    (GET, "/plans/{plan}", Reader),
    (GET, "/plans/{plan}/changes", Reader),
    (GET, "/assess/{plan}", Reader),
    (GET, "/assess/{plan}/readings", Reader),
    (POST, "/assess/{plan}/readings", OFFICE),
    (GET, "/assess/{plan}/year-end", Reader),
    (POST, "/assess/{plan}/year-end", OFFICE),
    (POST, "/assess/{plan}/year-end/all", Roles(&[CityReviewer])),
    (GET, "/assess/{plan}/year-end/{region}", RETURNS),
    (POST, "/assess/{plan}/year-end/{region}", Roles(&[CountyReporter, CityReviewer])),
    (GET, "/assess/{plan}/objections", RETURNS),
    (POST, "/assess/{plan}/objections", Roles(&[CountyReporter, CountyApprover])),
    (POST, "/assess/{plan}/objections/answer", Roles(&[CountyReporter, CountyApprover, CityReviewer])),
    (GET, "/assess/{plan}/{region}", Reader),
    (GET, "/export/{page}/{file}", Reader),
    (GET, "/import/{plan}", Roles(&[CityReviewer])),
    (POST, "/import/{plan}", Roles(&[CityReviewer])),
    (POST, "/import/{plan}/upload", Roles(&[CityReviewer])),
    (GET, "/exports", OFFICE),
    (POST, "/exports", OFFICE),
    (GET, "/exports/{id}", OFFICE),
    (POST, "/api/what-if", Reader),
    (GET, "/account", SignedIn),
    (POST, "/account/password", SignedIn),
    (POST, "/account/sessions", SignedIn),
    (POST, "/account/totp", SignedIn),
    (GET, "/report/{plan}/{period}", RETURNS),
    (GET, "/report/{plan}/{period}/{region}", RETURNS),
    (GET, "/report/{plan}/{period}/{region}/check", Roles(&[CountyReporter])),
    (GET, "/report/{plan}/{period}/{region}/receipt", RETURNS),
    (GET, "/report/{plan}/{period}/{region}/history", RETURNS),
    (POST, "/report/{plan}/{period}/{region}/save", Roles(&[CountyReporter])),
    (POST, "/report/{plan}/{period}/{region}/upload", Roles(&[CountyReporter])),
    (POST, "/report/{plan}/{period}/{region}/step", Roles(&[CountyReporter, CountyApprover, CityReviewer])),
    (POST, "/api/draft", Roles(&[CountyReporter])),
    (POST, "/api/paste", Roles(&[CountyReporter])),
    (GET, "/review/{plan}/timeliness", OFFICE),
    (GET, "/review/{plan}/{period}", OFFICE),
    (GET, "/review/{plan}/{period}/{region}", OFFICE),
    (POST, "/review/{plan}/{period}/exception", Roles(&[CityReviewer])),
    (GET, "/review/{plan}/{period}/approve", Roles(&[CityReviewer])),
    (POST, "/review/{plan}/{period}/approve", Roles(&[CityReviewer])),
    (POST, "/review/{plan}/{period}/undo", Roles(&[CityReviewer])),
    (GET, "/review/{plan}/{period}/figures", OFFICE),
    (POST, "/review/{plan}/{period}/figures", Roles(&[CityReviewer])),
    (GET, "/publish/{plan}/{period}", Roles(&[Publisher])),
    (POST, "/publish/{plan}/{period}", Roles(&[Publisher])),
    (GET, "/admin/users", Roles(&[SystemAdmin])),
    (POST, "/admin/users/new", Roles(&[SystemAdmin])),
    (POST, "/admin/users/change", Roles(&[SystemAdmin])),
    (GET, "/admin/posts", Roles(&[SecurityAdmin])),
    (POST, "/admin/posts/new", Roles(&[SecurityAdmin])),
    (POST, "/admin/posts/appoint", Roles(&[SecurityAdmin])),
    (GET, "/admin/policy", Roles(&[SecurityAdmin])),
    (POST, "/admin/policy", Roles(&[SecurityAdmin])),
    (POST, "/admin/screen", Roles(&[SecurityAdmin])),
    (GET, "/audit", Roles(&[AuditAdmin])),
];

/// The table's line for a route as the router spells it.
pub(crate) fn of(method: &Method, pattern: &str) -> Option<Access> {
    // HEAD is GET without its body.
    let method = if method == Method::HEAD { &GET } else { method };
    TABLE.iter().find(|(known, path, _)| known == method && *path == pattern).map(|(.., access)| *access)
}

/// The routes that the table does not know, as sentences; empty unless somebody forgot one.
pub(crate) fn missing<'r>(routes: impl Iterator<Item = (Method, &'r str)>) -> Vec<String> {
    routes.filter(|(method, path)| of(method, path).is_none()).map(|(method, path)| format!("{method} {path}")).collect()
}
