//! 一季一评比 through the office's own commands, on both databases: right, what keeps it from being published, receipts,
//! and what was altered behind the program's back.

use domain::month::Period;
use domain::rights::Role;
use office::commands::publish_comparison::PublishComparison;
use office::commands::sign_publication::SignPublication;
use office::publications::key_of;
use office::refusal::Refusal;
use office::who::Who;

use super::super::bench::Bench;
use super::{LATER, PLAN, on_both, somebody};

const COMPARED: &str = "\n[[assessment]]\nid = \"quarter\"\nat = \"quarter\"\nname = \"一季一评比\"\n\
                        columns = [{ goal = \"investment\", by = \"growth\" }]\n";
const JUNE: Period = Period { year: 2021, month: 6 };

fn publish(bench: &Bench, period: Period, reason: Option<&str>, who: Who) -> Result<u32, Refusal> {
    let (plan, id, reason) = ("fuzhou-2021".to_owned(), "quarter".to_owned(), reason.map(str::to_owned));
    let command = PublishComparison { plan, id, period, reason, based_on: None, public_key: None };
    bench.run(command, who).map(|published| published.edition)
}

#[test]
fn a_comparison_is_published_once_and_corrected_with_a_reason() {
    on_both(|bench| {
        bench.import_plan(&format!("{PLAN}{COMPARED}"), None, super::machine()).unwrap();
        let publisher = || somebody(2, Role::Publisher, LATER);
        for role in [Role::CityReviewer, Role::Leader, Role::Observer, Role::Finance] {
            assert!(
                matches!(publish(bench, JUNE, None, somebody(3, role, LATER)), Err(Refusal::Forbidden(..))),
                "{role:?}"
            );
        }
        let head = bench.head();
        assert!(matches!(publish(bench, JUNE, None, publisher()), Err(Refusal::Invalid(_))), "nobody has reported");
        let lines = |value: &str| {
            format!("region,period,value,base,growth_pct\n福清市,2021-06,{value},120,\n闽侯县,2021-06,50,48,\n")
        };
        bench.import(&lines("140"), None).unwrap();
        assert!(matches!(publish(bench, super::MAY, None, publisher()), Err(Refusal::Invalid(_))), "no quarter ends");
        assert_eq!(publish(bench, JUNE, None, publisher()).unwrap(), 1);
        assert!(bench.head() > head);
        assert!(matches!(publish(bench, JUNE, Some("再发"), publisher()), Err(Refusal::Invalid(_))), "it is the same");
        bench.import(&lines("141"), Some("漏计")).unwrap();
        assert!(
            matches!(publish(bench, JUNE, None, publisher()), Err(Refusal::Invalid(_))),
            "a correction needs a reason"
        );
        assert_eq!(publish(bench, JUNE, Some("福清市漏计"), publisher()).unwrap(), 2);
        // What later ones rest on is proved: an altered edition keeps the next quarter from coming out.
        bench.unlock("publication");
        bench.sql(&["UPDATE publication SET content = replace(content, '福清市', '福请市') WHERE edition = 1"]);
        let refused = publish(bench, Period { year: 2021, month: 9 }, None, publisher());
        assert!(matches!(refused, Err(Refusal::Altered(_))), "{refused:?}");
    });
}

#[test]
fn who_signs_for_it_must_be_of_the_office_and_may() {
    on_both(|bench| {
        bench.import_plan(&format!("{PLAN}{COMPARED}"), None, super::machine()).unwrap();
        bench.import("region,period,value,base,growth_pct\n福清市,2021-06,140,120,\n", None).unwrap();
        let sign = |edition| SignPublication { key: key_of("fuzhou-2021", "quarter", JUNE), edition };
        let leader = || somebody(3, Role::Leader, LATER);
        assert!(matches!(bench.run(sign(1), leader()), Err(Refusal::Invalid(_))), "there is none yet");
        publish(bench, JUNE, None, somebody(2, Role::Publisher, LATER)).unwrap();
        for role in [Role::Publisher, Role::CityReviewer, Role::Official] {
            assert!(matches!(bench.run(sign(1), somebody(3, role, LATER)), Err(Refusal::Forbidden(..))), "{role:?}");
        }
        let mut elsewhere = leader();
        elsewhere.viewer.as_mut().unwrap().post.as_mut().unwrap().domain.office = Some("350200".to_owned());
        assert!(matches!(bench.run(sign(1), elsewhere), Err(Refusal::Forbidden(..))));
    });
}
