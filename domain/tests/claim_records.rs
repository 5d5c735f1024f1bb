//! Claims on record, decided one after the other in any order and stated anew in between: no firm has more than the
//! document allows, and what was decided does not have to come back for what happens to others.

use std::cell::Cell;
use std::collections::BTreeMap;

use domain::money::Amount;
use domain::plan::{Plan, file};
use domain::policy::record::{Act, Frozen, Record, State, Step, approved_at, if_decided_now, records, settle_records};
use domain::policy::{Answer, Claim, Had, Settled, recipients, settle};
use proptest::prelude::*;

const YEAR: i32 = 2021;
const BEGIN: i64 = 1_622_512_800_000;
const MINUTE: i64 = 60_000;

/// Shares of equipment, a fixed sum and so much a tonne, of one group.
fn plan(group: &str, cap: &str) -> Plan {
    with_policy(group, cap, "")
}

fn with_policy(group: &str, cap: &str, other: &str) -> Plan {
    let head = "format = 1\nid = \"p\"\ntitle = \"计划\"\nregion = { name = \"某市\" }\nyears = [2021, 2025]\n\
                [document]\nnumber = \"某政〔2021〕1号\"\n\
                [[goal]]\nid = \"g\"\nname = \"投资\"\nkind = \"amount\"\nunit = \"万元\"\n\
                targets = [{ year = 2021, value = \"1\" }]\n\
                [[goal.split]]\nregion = \"甲县\"\nname = \"甲县\"\ntargets = [{ year = 2021, value = \"1\" }]\n";
    let policy = |id: &str, lines: &str| {
        format!("[[policy]]\nid = \"{id}\"\ntitle = \"{id}\"\nquote = \"某\"\ngroup = \"g\"\n{lines}\n")
    };
    let share = policy("share", "what = \"share\"\nbase = \"equipment\"\nshare_pct = \"10\"");
    let unit = policy("unit", "what = \"unit\"\nbase = \"saved\"\nper_unit = \"500元\"");
    let group = format!("[[policy_group]]\nid = \"g\"\ntitle = \"某\"\n{group}\n");
    file::parse(&format!("{head}{group}{share}{cap}\n{unit}{cap}\n{other}"))
        .unwrap_or_else(|problems| panic!("{problems:?}"))
}

/// What happens to the claim of a place.
#[derive(Debug, Clone, Copy)]
enum Event {
    /// Stated, or stated anew, to come to so many 万元 by itself.
    Enter(i64),
    Decide,
    SendBack,
    /// The taxes of the firm, in 万元.
    Tax(i64),
}

/// Claims 1 and 2 are shares of two projects, 3 and 4 are of the other policy, all of one firm.
struct Office<'p> {
    plan: &'p Plan,
    stated: Stated,
    steps: Vec<Step>,
}

/// The facts of the claim of a place that comes to so many 万元 by itself.
type Stated = fn(u32, i64) -> Vec<(&'static str, String)>;

fn shares_and_units(claim: u32, sum: i64) -> Vec<(&'static str, String)> {
    match claim {
        1 | 2 => vec![("policy", "share".to_owned()), ("equipment", (sum * 10).to_string())],
        _ => vec![("policy", "unit".to_owned()), ("saved", (sum * 20).to_string())],
    }
}

/// 40% of what the treasury kept more of.
fn increments(_: u32, sum: i64) -> Vec<(&'static str, String)> {
    let number = |fact: &'static str, number: i64| (fact, number.to_string());
    vec![
        ("policy", "increment".to_owned()),
        number("retained", sum * 5 / 2),
        number("retained_before", 0),
        number("completion", 2021),
    ]
}

/// 20万元 of interest for 1000万元 of a loan.
fn loans(_: u32, sum: i64) -> Vec<(&'static str, String)> {
    let number = |fact: &'static str, number: i64| (fact, number.to_string());
    vec![("policy", "interest".to_owned()), number("loan", sum * 50), number("months", 12)]
}

impl Office<'_> {
    fn records(&self) -> Vec<Record> {
        records(&self.plan.policies, YEAR, &self.steps)
    }

    fn add(
        &mut self,
        claim: u32,
        act: Act,
        content: &[(&str, String)],
        amount: Option<Amount>,
        frozen: Option<Frozen>,
    ) {
        let version = self.steps.iter().filter(|step| step.claim == claim).count() as i64 + 1;
        self.steps.push(Step {
            claim,
            unit: "甲县".to_owned(),
            version,
            act,
            content: content.iter().map(|(word, text)| ((*word).to_owned(), text.clone())).collect(),
            amount,
            frozen,
            words: String::new(),
            day: None,
            at: BEGIN + self.steps.len() as i64 * MINUTE,
            actor: "某某".to_owned(),
            account: 1,
        });
    }

    fn happens(&mut self, claim: u32, event: Event) {
        let known = self.records();
        let own = known.iter().find(|record| record.number == claim);
        match event {
            Event::Enter(sum) => {
                let of = [("recipient", "甲公司".to_owned()), ("project", format!("项目{claim}"))];
                self.add(claim, Act::Enter, &[&(self.stated)(claim, sum)[..], &of].concat(), None, None);
            }
            Event::Tax(sum) => {
                let all: Vec<u32> = known.iter().map(|record| record.number).collect();
                all.into_iter().for_each(|number| {
                    self.add(number, Act::Tax, &[("local_tax", sum.to_string())], None, None);
                });
            }
            Event::SendBack => {
                if own.is_some_and(|own| !matches!(own.state, State::SentBack | State::Declined)) {
                    self.add(claim, Act::SendBack, &[], None, None);
                }
            }
            Event::Decide => {
                let Some(own) = own.filter(|own| own.state != State::SentBack || own.claim.withdrawn) else { return };
                let settled = self.if_decided(own);
                assert_eq!(
                    self.shown(&known, own),
                    settled.answer,
                    "the button says what is recorded\n{}",
                    self.said()
                );
                let Some(sum) = settled.certain() else { return };
                if own.state.is_decided() && own.decided == Some(sum) {
                    return;
                }
                let frozen = Frozen {
                    plan_version: None,
                    principal: settled.principal,
                    settled,
                    inputs: BTreeMap::new(),
                    other_years: BTreeMap::new(),
                };
                self.add(claim, Act::Decide, &[], Some(sum), Some(frozen));
                self.add(claim, Act::Confirm, &[], None, None);
                let now = self.now();
                let own = &now[&claim];
                assert!(own.certain() >= Some(sum), "{sum:?}: {:?}\n{}", own.trace, self.said());
            }
        }
    }

    fn if_decided(&self, own: &Record) -> Settled {
        let at = BEGIN + self.steps.len() as i64 * MINUTE;
        let beside = approved_at(&self.records(), own.number, at, |_| {});
        settle_records(self.plan, &beside, YEAR, Vec::new()).of(&own.claim.id).unwrap().clone()
    }

    /// What the page says that a decision would record.
    fn shown(&self, known: &[Record], own: &Record) -> Answer {
        let now = settle_records(self.plan, known, YEAR, Vec::new());
        let at = BEGIN + self.steps.len() as i64 * MINUTE;
        let first = if_decided_now(self.plan, known, (&now, &[]), at);
        first.get(&own.number).or(now.of(&own.claim.id)).unwrap().answer.clone()
    }

    fn now(&self) -> BTreeMap<u32, Settled> {
        let known = self.records();
        let found = settle_records(self.plan, &known, YEAR, Vec::new());
        let own = |record: &Record| Some((record.number, found.of(&record.claim.id)?.clone()));
        known.iter().filter_map(own).collect()
    }

    /// All steps, a line each.
    fn said(&self) -> String {
        let line = |step: &Step| format!("{} {:?} {:?} {:?}", step.claim, step.act, step.content, step.amount);
        self.steps.iter().map(line).collect::<Vec<_>>().join("\n")
    }

    fn decided(&self) -> i64 {
        self.records().iter().filter_map(|record| record.decided).map(|amount| amount.0).sum()
    }

    /// The most that the policies of one kind come to, as they were agreed, each claim by itself.
    fn highest(&self) -> i64 {
        let agreed: Vec<_> = self.records().into_iter().filter_map(|record| record.agreed).collect();
        let free = plan("", "");
        let found = settle(&free, &recipients(&agreed), &agreed, YEAR);
        let of = |policy: &str| -> i64 {
            let own = found.claims.iter().filter(|settled| settled.policy == policy);
            own.filter_map(Settled::certain).map(|amount| amount.0).sum()
        };
        of("share").max(of("unit"))
    }
}

fn events() -> impl Strategy<Value = Vec<(u32, Event)>> {
    let event = prop_oneof![
        3 => (1..40_i64).prop_map(Event::Enter),
        5 => Just(Event::Decide),
        1 => Just(Event::SendBack),
    ];
    proptest::collection::vec((1..5_u32, event), 4..24)
}

/// Runs what happens, and asks after each step.
fn run(
    plan: &Plan,
    events: &[(u32, Event)],
    holds: impl Fn(&Office<'_>) -> Result<(), TestCaseError>,
) -> Result<(), TestCaseError> {
    let stated: Stated = match plan.policies.list.last().map(|policy| policy.id.as_str()) {
        Some("interest") => loans,
        Some("increment") => increments,
        _ => shares_and_units,
    };
    let mut office = Office { plan, stated, steps: Vec::new() };
    for (claim, event) in events {
        office.happens(*claim, *event);
        holds(&office)?;
    }
    Ok(())
}

/// What was decided is still at least that for every claim that was not stated anew.
fn stays(office: &Office<'_>) -> Result<(), TestCaseError> {
    let now = office.now();
    for record in office.records().iter().filter(|record| record.state.is_decided()) {
        let own = &now[&record.number];
        prop_assert!(own.certain() >= record.decided, "{:?}: {:?}\n{}", record.decided, own.trace, office.said());
    }
    Ok(())
}

/// A later year states what it had before, which is the decision itself.
#[test]
fn what_a_later_year_states_takes_nothing_from_what_was_decided() {
    let plan = plan("", "cap = { firm_all_years = \"20万元\" }");
    let mut office = Office { plan: &plan, stated: shares_and_units, steps: Vec::new() };
    for event in [Event::Enter(15), Event::Decide] {
        office.happens(1, event);
    }
    let [own] = office.records().try_into().unwrap();
    let later = |amount: i64| {
        let approved = chrono::NaiveDate::from_ymd_opt(2022, 6, 1);
        let claim =
            Claim { approved, before: Some(Amount(150_000)), project: "另一项目".to_owned(), ..own.claim.clone() };
        Had { year: 2022, number: 1, claim: Claim { given: None, ..claim }, amount: Amount(amount) }
    };
    for amount in [50_000, 200_000] {
        let found = settle_records(&plan, std::slice::from_ref(&own), YEAR, vec![later(amount)]);
        assert_eq!(found.claims[0].certain(), Some(Amount(150_000)), "{:?}", found.claims[0].trace);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: ProptestConfig::default().cases / 4, ..ProptestConfig::default() })]

    #[test]
    fn a_cap_holds_whatever_is_decided_when(events in events()) {
        let plan = plan("", "cap = { firm = \"50万元\" }");
        run(&plan, &events, |office| {
            for policy in ["share", "unit"] {
                let own = office.records().into_iter().filter(|record| record.claim.policy == policy);
                let sum: i64 = own.filter_map(|record| record.decided).map(|amount| amount.0).sum();
                prop_assert!(sum <= 500_000, "{sum} of {policy}");
            }
            stays(office)
        })?;
    }

    #[test]
    fn made_up_to_the_highest_it_is_never_more(events in events()) {
        let plan = plan("combine = \"highest_with_top_up\"", "");
        // What was agreed of another claim of the same policy may fall later: then it has to come back.
        let most = Cell::new(0);
        run(&plan, &events, |office| {
            most.set(most.get().max(office.highest()));
            prop_assert!(office.decided() <= most.get(), "{} of {}\n{}", office.decided(), most.get(), office.said());
            if office.decided() <= office.highest() { stays(office) } else { Ok(()) }
        })?;
    }

    #[test]
    fn taxes_bound_all_by_either_order(events in events(), pro_rata in any::<bool>(), tax in 5..60_i64) {
        let order = if pro_rata { "pro_rata" } else { "approval" };
        let plan = plan(&format!("limit = \"local_tax_share\"\norder = \"{order}\""), "");
        let first: Vec<(u32, Event)> = (1..5).map(|claim| (claim, Event::Enter(10))).collect();
        let all = [&first[..], &[(1, Event::Tax(tax))], &events].concat();
        run(&plan, &all, |office| {
            prop_assert!(office.decided() <= tax * 10_000, "{} of {tax}", office.decided());
            stays(office)
        })?;
    }

    /// With taxes that change in between.
    #[test]
    fn taxes_that_change_bound_what_is_decided_then(
        events in proptest::collection::vec((1..5_u32, prop_oneof![
            2 => (1..40_i64).prop_map(Event::Enter),
            4 => Just(Event::Decide),
            1 => (5..60_i64).prop_map(Event::Tax),
        ]), 4..24),
        order in prop_oneof![Just("approval"), Just("pro_rata")],
    ) {
        let plan = plan(&format!("limit = \"local_tax_share\"\norder = \"{order}\""), "");
        let most = Cell::new(0);
        run(&plan, &events, |office| {
            let tax = office.records().iter().filter_map(|record| record.claim.local_tax).max().unwrap_or_default();
            most.set(most.get().max(tax.0));
            prop_assert!(office.decided() <= most.get(), "{} of {}\n{}", office.decided(), most.get(), office.said());
            Ok(())
        })?;
    }

    /// The higher one takes the place of the lower, one of two is chosen: what was decided comes to what was decided.
    #[test]
    fn what_is_given_once_is_what_was_decided(
        events in events(),
        combine in prop_oneof![Just("not_twice"), Just("one_of")],
    ) {
        let plan = plan(&format!("combine = \"{combine}\"\nper = \"firm\""), "");
        run(&plan, &events, |_| Ok(()))?;
    }

    /// Interest on no more principal than a firm may have, whichever loan is stated anew.
    #[test]
    fn principal_counts_once(events in events()) {
        let interest = "[[policy]]\nid = \"interest\"\ntitle = \"贴息\"\nquote = \"某\"\nwhat = \"interest\"\n\
                        share_pct = \"2\"\ncap = { principal = \"1000万元\" }\n";
        let plan = with_policy("", "", interest);
        run(&plan, &events, |office| {
            prop_assert!(office.decided() <= 200_000, "{}\n{}", office.decided(), office.said());
            stays(office)
        })?;
    }

    /// One increment of a firm's taxes, for whichever project.
    #[test]
    fn an_increment_counts_once(events in events()) {
        let increment = "[[policy]]\nid = \"increment\"\ntitle = \"奖励\"\nquote = \"某\"\nwhat = \"increment\"\n\
                         share_pct = \"40\"\nyears = 3\nconditions = [{ completed_in = [2021] }]\n";
        let plan = with_policy("", "", increment);
        run(&plan, &events, |office| {
            let one = office.records().iter().filter(|record| record.decided.is_some_and(|sum| sum.0 > 0)).count();
            prop_assert!(one <= 1, "{}", office.said());
            stays(office)
        })?;
    }

    #[test]
    fn a_budget_bears_all_by_either_order(events in events(), pro_rata in any::<bool>()) {
        let order = if pro_rata { "pro_rata" } else { "approval" };
        let plan = plan(&format!("budget = \"60万元\"\norder = \"{order}\""), "");
        run(&plan, &events, |office| {
            prop_assert!(office.decided() <= 600_000, "{}", office.decided());
            stays(office)
        })?;
    }
}
