//! The permission tables walked on the running program: every role × every address, and every role × unit × state ×
//! step. A refusal leaves the database as it was.

use std::collections::{BTreeMap, VecDeque};

use domain::rights::{Object, Reach, Role, permitted};
use domain::workflow::{State, Step};
use tests::{Office, Page, Person, TestApp, jigai, on_both_databases};

/// Login and post of everybody; the first is 闽侯县's reporter, whose return is walked.
const PEOPLE: [(&str, Role, Option<&str>); 13] = [
    ("minhou", Role::CountyReporter, Some("350121")),
    ("minhou.sh", Role::CountyApprover, Some("350121")),
    ("fuqing", Role::CountyReporter, Some("350181")),
    ("fuqing.sh", Role::CountyApprover, Some("350181")),
    ("shenhe", Role::CityReviewer, None),
    ("fabu", Role::Publisher, None),
    ("lingdao", Role::Leader, None),
    ("guagou", Role::Official, Some("350121")),
    ("xiaoneng", Role::Observer, Some("市效能办")),
    ("caizheng", Role::Finance, Some("市财政局")),
    ("xitong", Role::SystemAdmin, None),
    ("anquan", Role::SecurityAdmin, None),
    ("shenji", Role::AuditAdmin, None),
];

const UNIT: &str = "350121";
const AT: &str = "/report/fuzhou-2021/2021-06/350121";

/// The office's people, and beside them a named leader and two departments.
fn everybody(app: TestApp) -> Office {
    let mut office = Office::new(app);
    let beside = PEOPLE.iter().filter(|(_, role, _)| *role == Role::Official || role.is_department());
    for (login, role, unit) in beside {
        office.appoint(login, role.id(), unit.unwrap());
    }
    office
}

fn post(role: Role, unit: Option<&str>) -> Reach {
    Reach { role, office: (!role.is_admin()).then(|| "350100".to_owned()), unit: unit.map(str::to_owned) }
}

/// An address of the table with something real in its places.
fn real(path: &str) -> String {
    path.replace("{plan}", "fuzhou-2021")
        .replace("{period}", "2021-06")
        .replace("{region}", UNIT)
        .replace("{edition}", "e1")
        .replace("{page}", "rank")
        .replace("{*file}", "app.css")
        .replace("{file}", "fuzhou-2021.2021-06.investment.growth.csv")
}

on_both_databases! {
    fn every_role_at_every_address(app: TestApp) {
        let office = everybody(app);
        let tables = jigai(&["permissions", "--format", "json"]).assert_done().json();
        let routes = tables["routes"].as_array().unwrap();
        assert!(routes.len() > 45, "{}", routes.len());
        let ended = office.site.log_in("lingdao", tests::PASSWORD);
        office.site.as_person(&ended).post("/logout", &[]);
        let head = office.site.app.head();
        let mut refused = 0;
        for route in routes {
            let (method, path) = (route["method"].as_str().unwrap(), real(route["path"].as_str().unwrap()));
            let who: Vec<&str> = route["who"].as_array().unwrap().iter().map(|role| role.as_str().unwrap()).collect();
            let ask = |cookie: &str| match method {
                "GET" => office.site.get_with(&path, &[("cookie", cookie), ("no-redirect", "1")]),
                _ => office.site.post(&path, "", &[("cookie", cookie)]),
            };
            for (login, role, _) in PEOPLE {
                let allowed = who.contains(&role.id()) || ["anyone", "reader", "signed_in"].iter().any(|open| who.contains(open));
                // What is allowed and writes is done by the tests of its own page.
                if allowed && method == "POST" {
                    continue;
                }
                let answer = ask(office.cookie(login));
                if allowed {
                    assert!(!matches!(answer.status, 401 | 403) && answer.status < 500, "{login} {method} {path}: {} {}", answer.status, answer.text());
                } else {
                    assert_eq!(answer.status, 403, "{login} {method} {path}: {}", answer.text());
                    refused += 1;
                }
            }
            // Without a session, with an ended one, with an invented one.
            let open = who.contains(&"anyone");
            for cookie in ["", &ended, "jigai=0123456789abcdef"] {
                if open {
                    continue;
                }
                let answer = ask(cookie);
                let sent_to_log_in = answer.status == 303 && answer.header("location").starts_with("/login?next=");
                assert!(answer.status == 401 || sent_to_log_in, "{method} {path}: {} {}", answer.status, answer.text());
                refused += 1;
            }
        }
        assert!(refused > 500, "{refused}");
        assert_eq!(office.site.app.head(), head, "a refusal wrote something");
    }

    fn every_role_unit_state_and_step(app: TestApp) {
        let office = everybody(app);
        let mut walk = Walk { office: &office, state: State::Draft, steps: 0 };
        let mut allowed_seen = 0;
        // What was approved is not a first draft again: the states in the order of a month.
        for state in [State::Draft, State::Submitted, State::Signed, State::SentBack, State::Approved, State::CorrectionAsked] {
            walk.go_to(state);
            for (login, role, unit) in PEOPLE {
                let person = office.person(login);
                let head = office.site.app.head();
                let object = Object::of_unit("350100", UNIT, state);
                for step in Step::ALL {
                    if permitted(&post(role, unit), step.action(), object).is_ok() {
                        continue;
                    }
                    let answer = walk.take(&person, step);
                    assert!(matches!(answer.status, 403 | 404 | 409), "{login} {step:?} in {state:?}: {} {}", answer.status, answer.text());
                }
                if permitted(&post(role, unit), domain::rights::Action::SaveDraft, object).is_err() {
                    let answer = person.post(&format!("{AT}/save"), &[("c.investment/350121/value", "1"), ("then", "save")]);
                    assert!(matches!(answer.status, 403 | 404 | 409), "{login} saves in {state:?}: {} {}", answer.status, answer.text());
                    let json = format!(r#"{{"plan":"fuzhou-2021","period":"2021-06","region":"{UNIT}","cells":[{{"cell":"investment/350121/value","seen":0,"text":"1"}}]}}"#);
                    let answer = office.site.post("/api/draft", &json, &[("cookie", &person.cookie), ("content-type", "application/json")]);
                    assert!(answer.status == 403 || answer.html.contains("\"problem\":\"") , "{login} drafts in {state:?}: {} {}", answer.status, answer.html);
                }
                let reads = permitted(&post(role, unit), domain::rights::Action::ReadReturn, object).is_ok();
                for part in ["", "/receipt", "/history"] {
                    let answer = person.get(&format!("{AT}{part}"));
                    if !reads {
                        assert!(matches!(answer.status, 403 | 404), "{login} reads {part} in {state:?}: {} {}", answer.status, answer.text());
                    }
                }
                if reads {
                    person.get(AT).assert_success();
                }
                assert_eq!(office.site.app.head(), head, "{login} in {state:?}: a refusal wrote something");
            }
            // What the table allows is done by whoever may, and does what the table of steps says.
            for step in Step::ALL.into_iter().filter(|step| *step != Step::Undo && step.after(state).is_some()) {
                walk.go_to(state);
                walk.advance(step);
                allowed_seen += 1;
            }
        }
        assert_eq!(allowed_seen, 12);
        office.site.app.jigai(&["verify"]).assert_done();
    }
}

/// Brings 闽侯县's return from state to state by the steps of those who may.
struct Walk<'o> {
    office: &'o Office,
    state: State,
    steps: i64,
}

impl Walk<'_> {
    /// Who takes a step.
    fn actor(step: Step) -> &'static str {
        match step {
            Step::Submit | Step::Withdraw => "minhou",
            Step::SignOff | Step::TakeBack | Step::SendBackToReporter => "minhou.sh",
            Step::AskCorrection => "minhou",
            Step::Approve
            | Step::SendBackToCounty
            | Step::AllowCorrection
            | Step::RefuseCorrection
            | Step::TrueUp
            | Step::Undo => "shenhe",
        }
    }

    /// The shortest way from the state of now.
    fn go_to(&mut self, wanted: State) {
        let mut ways: BTreeMap<State, Vec<Step>> = BTreeMap::from([(self.state, Vec::new())]);
        let mut waiting = VecDeque::from([self.state]);
        while let Some(state) = waiting.pop_front() {
            // Taking back is only for what was done last: tests/it/pages/office.rs.
            for step in Step::ALL.into_iter().filter(|step| *step != Step::Undo) {
                if let Some(next) = step.after(state).filter(|next| !ways.contains_key(next)) {
                    let way = ways[&state].iter().copied().chain([step]).collect();
                    ways.insert(next, way);
                    waiting.push_back(next);
                }
            }
        }
        for step in ways[&wanted].clone() {
            self.advance(step);
        }
    }

    fn advance(&mut self, step: Step) {
        if step == Step::Submit && self.steps == 0 {
            let cells = [
                ("c.investment/350121/value", "55.5"),
                ("c.investment/350121/base", "50"),
                ("c.investment/高新区/value", "15"),
                ("c.investment/高新区/base", "14"),
            ];
            self.office.fill("minhou", UNIT, &cells);
        }
        let person = self.office.person(Self::actor(step));
        let answer = self.take(&person, step);
        assert_eq!(answer.status, 303, "{step:?} in {:?}: {}", self.state, answer.text());
        self.state = step.after(self.state).unwrap();
        self.steps += 1;
    }

    /// The step's form as the page would send it, whoever sends it.
    fn take(&self, person: &Person<'_>, step: Step) -> Page {
        let seen = self.steps.to_string();
        let drafts = self
            .office
            .site
            .app
            .query("SELECT CAST(COALESCE(MAX(audit_seq), 0) AS BIGINT) FROM draft WHERE unit_id = '350121'")
            .remove(0);
        // What a county asks to correct differs from what is in force.
        let asked = format!("{}.5", 55 + self.steps);
        let fields = [
            ("step", step.id()),
            ("seen", &seen),
            ("drafts", &drafts),
            ("tick", "on"),
            ("reason", "请核对台账后再报"),
            ("c.investment/350121/value", &asked),
        ];
        person.post(&format!("{AT}/step"), &fields)
    }
}
