//! Rosters through the office's own commands, on both databases.

use chrono::NaiveDate;
use domain::rights::Role;
use domain::roster::{Seat, seats};
use office::commands::keep_plan::PlanChange;
use office::commands::roster::{RecordSeat, field};
use office::posted::Posted;
use office::refusal::Refusal;
use office::who::Who;

use super::super::bench::Bench;
use super::super::{Access, Location, Store};
use super::{PLAN, on_both, somebody};

const BODIES: &str = "\n[[body]]\nid = \"group\"\ntitle = \"领导小组\"\n\
    member = [{ role = \"组长\", name = \"甲\", title = \"副市长\" }, { role = \"副组长\", name = \"乙\", title = \"局长\" }]\n\
    [[body]]\nid = \"office\"\ntitle = \"办公室\"\nmember = [{ role = \"主任\", name = \"乙\", title = \"局长\" }]\n";
const HEAD: (&str, &str) = ("group", "组长 甲 副市长");
const CHIEF: (&str, &str) = ("office", "主任 乙 局长");

/// Noon of 1 December 2021 in Asia/Shanghai.
const NOW: i64 = 1_638_331_200_000;

fn reviewer() -> Who {
    somebody(3, Role::CityReviewer, NOW)
}

impl Bench {
    /// Sends a form of `/rosters/fuzhou-2021`.
    fn seat(&self, (body, seat): (&str, &str), seen: i64, fields: &[(&str, &str)], who: Who) -> Result<usize, Refusal> {
        let plan = self.runtime.block_on(async { self.store.read().await.unwrap().plan("fuzhou-2021").await.unwrap() });
        let seen = seen.to_string();
        let own = [(field::BODY, body), (field::SEAT, seat), (field::SEEN, seen.as_str()), (field::WORDS, "通知")];
        let sent = fields.iter().chain(&own).map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let command = RecordSeat::read(&plan.unwrap().plan, &Posted::new(sent.collect()), NOW)?;
        self.run(command, who)
    }

    fn seats(&self, body: &str) -> Vec<Seat> {
        self.runtime.block_on(seats_of(&self.store, body))
    }
}

async fn seats_of(store: &Store, body: &str) -> Vec<Seat> {
    let mut state = store.read().await.unwrap();
    let plan = state.plan("fuzhou-2021").await.unwrap().unwrap().plan;
    let steps = state.body_steps("fuzhou-2021").await.unwrap();
    seats(&plan, plan.policies.body(body).unwrap(), &steps)
}

fn take<'f>(name: &'f str, since: &'f str) -> [(&'f str, &'f str); 4] {
    [("act", "take"), ("name", name), ("title", "局长"), ("since", since)]
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn a_seat_is_taken_over_left_and_proved() {
    on_both(|bench| {
        assert_eq!(bench.import_plan(&format!("{PLAN}{BODIES}"), None, super::machine()).unwrap(), PlanChange::New);
        let refused = bench.seat(HEAD, 0, &take("丙", "2021-06-01"), somebody(4, Role::Publisher, NOW)).unwrap_err();
        assert!(matches!(refused, Refusal::Forbidden(..)), "{refused:?}");
        assert_eq!(bench.seat(HEAD, 0, &take("丙", "2021-06-01"), reviewer()).unwrap(), 1);
        // Another page that was opened before does not overwrite it.
        let stale = bench.seat(HEAD, 0, &take("丁", "2021-07-01"), reviewer()).unwrap_err().sentence();
        assert!(stale.contains("您打开页面之后"), "{stale}");
        let vacant = [("act", "vacate"), ("since", "2021-09-01")];
        assert_eq!(bench.seat(HEAD, 1, &vacant, reviewer()).unwrap(), 1);
        // Both seats of one person, in one entry of the trail.
        let both = [&take("丁", "2021-08-01")[..], &[("also", "1")]].concat();
        assert_eq!(bench.seat(CHIEF, 0, &both, reviewer()).unwrap(), 2);
        let wrong = bench.seat(CHIEF, 1, &[("act", "withdraw")], reviewer());
        assert_eq!(wrong.unwrap(), 1);
        let none = bench.seat(CHIEF, 2, &[("act", "withdraw")], reviewer()).unwrap_err().sentence();
        assert!(none.contains("没有可以撤销的登记"), "{none}");
        let texts = |body: &str, on: &str| -> Vec<String> {
            bench.seats(body).iter().map(|seat| seat.on(day(on)).text()).collect()
        };
        assert_eq!(texts("group", "2021-05-31"), ["甲，副市长", "乙，局长"]);
        assert_eq!(texts("group", "2021-08-31"), ["丙，局长", "丁，局长"]);
        assert_eq!(texts("group", "2021-09-01"), ["空缺", "丁，局长"]);
        assert_eq!(texts("office", "2021-12-01"), ["乙，局长"]);
        let other = Location::Postgres(Bench::new_database());
        bench.runtime.block_on(async {
            bench.store.verify().await.unwrap();
            // It goes with a backup, and with the plan's pack.
            let other = Store::open(&other, Access::Create).await.unwrap();
            bench.store.copy_to(&other).await.unwrap();
            assert_eq!(seats_of(&other, "group").await, seats_of(&bench.store, "group").await);
            let extract = bench.store.extract("fuzhou-2021").await.unwrap();
            let rows = extract.tables.iter().find(|(name, _)| name == "body_step").unwrap().1.len();
            assert_eq!(rows, 5);
        });
        bench.unlock("body_step");
        bench.sql(&["UPDATE body_step SET name = '别人' WHERE version = 1 AND body = 'group'"]);
        let altered = bench.runtime.block_on(bench.store.verify()).unwrap_err().to_string();
        assert!(altered.contains("body_step"), "{altered}");
    });
}
