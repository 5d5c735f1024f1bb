//! What ledgers of funds come to: examples computed by hand, and what must hold whatever is recorded.

mod plan_keys;

use chrono::{Days, NaiveDate};
use domain::fund::interest::{Floating, Reset, Source, interest, parse_points, points};
use domain::fund::{LoanRate, Movement, Stated, Terms, fault, fen, standing};
use domain::money::Amount;
use domain::plan::fund::{DayCount, Fund, Kind};
use domain::plan::policy::Policies;
use domain::plan::{Plan, check, file, writer};
use domain::rate::Rate;
use proptest::prelude::*;

use plan_keys::check_key;

const PLAN: &str = "format = 1\nid = \"p\"\ntitle = \"计划\"\nregion = { name = \"某市\" }\nyears = [2021, 2025]\n\
                    [[goal]]\nid = \"g\"\nname = \"投资\"\nkind = \"amount\"\nunit = \"万元\"\n\
                    targets = [{ year = 2021, value = \"1\" }]\n";

fn plan(more: &str) -> Plan {
    file::parse(&format!("{PLAN}{more}")).unwrap_or_else(|problems| panic!("{problems:?}"))
}

fn fund(kind: &str, more: &str) -> Fund {
    let plan = plan(&format!("[[fund]]\nid = \"f\"\ntitle = \"基金\"\nkind = \"{kind}\"\n{more}\n"));
    plan.policies.fund("f").unwrap().clone()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn stated(movement: Movement, contract: &str, on: &str, amount: i64) -> Stated {
    let terms = (movement == Movement::Commit).then(|| Terms {
        firm: format!("{contract}公司"),
        unit: "350181".to_owned(),
        rate: Rate::new(435, 10_000).map(LoanRate::Fixed),
        day_count: Some(DayCount::By365),
        due: Some(day("2024-06-30")),
        ..Terms::default()
    });
    Stated { movement, contract: contract.to_owned(), day: day(on), amount: Amount(amount), voucher: "1".into(), terms }
}

fn numbered(entries: &[Stated]) -> Vec<(u32, &Stated)> {
    entries.iter().enumerate().map(|(at, stated)| (at as u32 + 1, stated)).collect()
}

const RATE: (i128, i128) = (435, 10_000);

/// 100万元 at 4.35%.
fn of_a_million(count: DayCount, from: &str, to: &str) -> String {
    let rate = Rate::new(RATE.0, RATE.1).unwrap();
    fen(interest(&[(day("2019-01-01"), 1_000_000)], rate, count, day(from), day(to)))
}

#[test]
fn interest_by_hand() {
    // 365 and 366 days; a year's 4.35% of 1000000元 is 43500元.
    assert_eq!(of_a_million(DayCount::By365, "2021-01-01", "2022-01-01"), "43500.00");
    assert_eq!(of_a_million(DayCount::By365, "2020-01-01", "2021-01-01"), "43619.18");
    assert_eq!(of_a_million(DayCount::By360, "2020-01-01", "2021-01-01"), "44225.00");
    assert_eq!(of_a_million(DayCount::By360, "2021-01-01", "2022-01-01"), "44104.17");
    // From 28 February: two days to 1 March of a leap year, one of another.
    assert_eq!(of_a_million(DayCount::By365, "2020-02-28", "2020-03-01"), "238.36");
    assert_eq!(of_a_million(DayCount::By365, "2021-02-28", "2021-03-01"), "119.18");
    assert_eq!(of_a_million(DayCount::By360, "2020-02-29", "2020-02-29"), "0.00");
}

#[test]
fn a_loan_from_contract_to_what_is_overdue() {
    let fund = fund("loan", "quota = \"1亿元\"\nrevolving = true");
    let entries = [
        stated(Movement::Commit, "甲", "2023-12-01", 3_000_000),
        stated(Movement::Pay, "甲", "2024-01-01", 1_000_000),
        stated(Movement::Pay, "甲", "2024-02-01", 1_000_000),
        stated(Movement::Repay, "甲", "2024-03-01", 500_000),
        stated(Movement::Release, "甲", "2024-03-01", 400_000),
        stated(Movement::Commit, "乙", "2024-04-01", 2_000_000),
    ];
    let entries = numbered(&entries);
    assert_eq!(fault(&fund, &entries), None);
    let on = |text: &str| standing(&Policies::default(), &fund, &entries, day(text));
    // The day of payment counts, the day asked for does not.
    assert_eq!(on("2024-01-01").total.interest, Rate::ZERO);
    // 31 days of 1000000, 29 of 2000000: 89000000 × 4.35% ÷ 365 = 10606.849…
    assert_eq!(fen(on("2024-03-01").total.interest), "10606.85");
    let march = on("2024-03-31");
    let total = march.total;
    assert_eq!((total.committed, total.paid, total.repaid), (Amount(3_000_000), Amount(2_000_000), Amount(500_000)));
    assert_eq!((total.balance(), total.undrawn()), (Amount(1_500_000), Amount(600_000)));
    assert_eq!((total.in_use(true), total.in_use(false)), (Amount(2_100_000), Amount(2_600_000)));
    assert_eq!((march.contracts.len(), march.overdue), (1, (Amount(0), 0)));
    // Due on 30 June: overdue from the day after, the second contract has lent nothing.
    assert_eq!(on("2024-06-30").overdue, (Amount(0), 0));
    let july = on("2024-07-02");
    assert_eq!(july.overdue, (Amount(1_500_000), 1));
    assert_eq!(july.contracts[0].overdue, Some((Amount(1_500_000), 2)));
    assert_eq!(july.by_unit.len(), 1);
    assert_eq!(july.by_unit[0].1, july.total);
}

/// What was published of it in fact.
const LPR: &str = "[[parameter]]\nid = \"lpr\"\nname = \"LPR（一年期）\"\nvalues = [\
                   { from = 2019-11-20, pct = \"4.15\" }, { from = 2020-02-20, pct = \"4.05\" }, \
                   { from = 2020-04-20, pct = \"3.85\" }, { from = 2021-12-20, pct = \"3.8\" }, \
                   { from = 2022-01-20, pct = \"3.7\" }, { from = 2022-08-22, pct = \"3.65\" }]\n";

fn lpr() -> Policies {
    plan(LPR).policies
}

fn floating(points: &str, reset: Reset) -> LoanRate {
    LoanRate::Floating(Floating { parameter: "lpr".to_owned(), spread: parse_points(points).unwrap(), reset })
}

/// A contract at a rate, due and with a penalty of so many percent, before what became of it.
fn contract(
    rate: LoanRate,
    signed: &str,
    due: &str,
    penalty: Option<&str>,
    moves: &[(Movement, &str, i64)],
) -> Vec<Stated> {
    let mut commit = stated(Movement::Commit, "甲", signed, 1_000_000_000);
    if let Some(terms) = &mut commit.terms {
        (terms.rate, terms.due) = (Some(rate), Some(day(due)));
        terms.penalty = penalty.map(|percent| Rate::parse_percent(percent).unwrap());
    }
    let moves = moves.iter().map(|(movement, on, amount)| stated(*movement, "甲", on, *amount));
    [commit].into_iter().chain(moves).collect()
}

#[test]
fn a_floating_loan_by_hand() {
    let (policies, fund) = (lpr(), fund("loan", ""));
    let moves = [(Movement::Pay, "2019-12-01", 1_000_000), (Movement::Repay, "2020-03-01", 400_000)];
    let rate = floating("85", Reset::NewYear);
    let entries = contract(rate.clone(), "2019-12-01", "2021-03-01", Some("50"), &moves);
    let on = |text: &str| standing(&policies, &fund, &numbered(&entries), day(text)).contracts.remove(0);
    let one = on("2021-03-31");
    // 4.15 + 0.85 = 5% until repaid in part: 31 + 31 + 29 days of a leap year; then 306 days to the end of 2020, since
    // 1 January 2020 finds the same 4.15. On 1 January 2021 3.85 + 0.85 = 4.7% for 59 days to the due day; 30 days
    // overdue at 4.7 × 1.5 = 7.05%.
    let pieces: Vec<String> = one
        .pieces
        .iter()
        .map(|piece| {
            let rate = piece.rate().percent_as_written();
            format!("{} {} {} {rate} {}", piece.from, piece.days(), piece.balance, fen(piece.interest))
        })
        .collect();
    let expected = [
        "2019-12-01 91 1000000 5 12465.75",
        "2020-03-01 306 600000 5 25150.68",
        "2021-01-01 59 600000 4.7 4558.36",
        "2021-03-01 30 600000 7.05 3476.71",
    ];
    assert_eq!(pieces, expected);
    // (4550000 + 9180000 + 1663800 + 1269000) ÷ 365, of which 423000 ÷ 365 are 加收.
    assert_eq!((fen(one.sums.interest), fen(one.sums.penalty)), ("45651.51".to_owned(), "1158.90".to_owned()));
    assert_eq!(one.overdue, Some((Amount(600_000), 30)));
    assert_eq!(one.pieces[0].last(), day("2020-02-29"));
    assert_eq!(one.pieces[3].quote.in_words(), "2020年4月20日公布的3.85%，+85基点");
    // Paid back on the due day it bears none of it, a day later one day's.
    assert_eq!(on("2021-03-01").sums.penalty, Rate::ZERO);
    assert_eq!(fen(on("2021-03-02").sums.penalty), "38.63");
    // The newest value runs on, and how far the plan knows is said.
    assert_eq!(
        rate.in_words_on(&policies, day("2019-12-01"), day("2030-05-01")),
        "LPR（一年期）+85基点，每年1月1日重定价，现为4.5%（2022年8月22日公布的3.65%，+85基点；\
         计划里的数值到2022年8月22日公布的为止）"
    );
}

#[test]
fn a_rate_moves_on_its_days_alone() {
    let policies = lpr();
    let check = |reset: Reset, on: &[(&str, &str)]| {
        let rate = floating("-20", reset);
        for (text, percent) in on {
            let quote = rate.on(&policies, day("2020-02-29"), day(text));
            assert_eq!(quote.rate.percent_as_written(), *percent, "{reset:?} {text}");
        }
    };
    check(Reset::Daily, &[("2020-02-29", "3.85"), ("2020-04-19", "3.85"), ("2020-04-20", "3.65")]);
    check(Reset::NewYear, &[("2020-12-31", "3.85"), ("2021-01-01", "3.65"), ("2022-01-19", "3.6")]);
    let days = [("2021-02-27", "3.85"), ("2021-02-28", "3.65"), ("2022-02-27", "3.65"), ("2022-02-28", "3.5")];
    check(Reset::Anniversary, &days);
    check(Reset::Anniversary, &[("2024-02-28", "3.45"), ("2024-02-29", "3.45")]);
}

#[test]
fn rates_that_cannot_be_are_said() {
    let policies = lpr();
    let says = |points: &str, signed: &str| floating(points, Reset::Daily).fault(&policies, day(signed));
    assert_eq!(says("85", "2019-11-20"), None);
    let early = says("85", "2019-11-19").unwrap();
    assert_eq!(early, "计划里LPR（一年期）从2019年11月20日起才有数值，签约早于这一天的请先在计划里补上，或写固定利率");
    let below = says("-416", "2019-11-20").unwrap();
    assert_eq!(below, "签约那天LPR（一年期）为4.15%，−416基点以后低于0，请核对加减基点");
    // It may fall below zero later: zero, and that is said.
    let rate = floating("-400", Reset::Daily);
    let quote = rate.on(&policies, day("2019-11-20"), day("2020-04-20"));
    assert_eq!(
        (quote.rate, quote.in_words()),
        (Rate::ZERO, "2020年4月20日公布的3.85%，−400基点，低于0，按0计".to_owned())
    );
    // A plan that lost its parameter guesses nothing.
    let gone = rate.on(&Policies::default(), day("2019-11-20"), day("2020-04-20"));
    assert_eq!((gone.rate, gone.source), (Rate::ZERO, Source::Unknown));
}

#[test]
fn points_as_people_write_them() {
    let check = |text: &str, read: Option<&str>| assert_eq!(parse_points(text).map(points).as_deref(), read, "{text}");
    for text in ["85", "+85", "85基点", "85个基点", "加85个基点", "８５ＢＰ", "85bps", "0.85%", "0.85个百分点"]
    {
        check(text, Some("85"));
    }
    check("−20", Some("-20"));
    check("减20BP", Some("-20"));
    check("12.25", Some("12.25"));
    check("0", Some("0"));
    for text in ["", "十", "12.255", "--3"] {
        check(text, None);
    }
}

#[test]
fn what_cannot_be_is_said() {
    let fund = fund("loan", "quota = \"1000万元\"\nper_firm = \"500万元\"");
    let says = |entries: &[Stated]| fault(&fund, &numbered(entries)).unwrap_or_default();
    let commit = || stated(Movement::Commit, "甲", "2024-01-05", 6_000_000);
    let pay = |on: &str, amount: i64| stated(Movement::Pay, "甲", on, amount);
    assert_eq!(says(&[pay("2024-01-06", 1)]), "“甲”还没有签约的登记，请先登记签约");
    assert_eq!(says(&[commit(), commit()]), "“甲”的签约在第1号已经登记，请改那一笔，或写另一个编号");
    assert_eq!(
        says(&[commit(), pay("2024-01-04", 1)]),
        "第2号投放在2024年1月4日，早于“甲”的签约（2024年1月5日），请核对日期"
    );
    assert_eq!(
        says(&[commit(), pay("2024-02-01", 6_000_001)]),
        "到2024年2月1日，“甲”投放6,000,001元，超过签约的600万元"
    );
    let repay = stated(Movement::Repay, "甲", "2024-02-01", 200);
    assert_eq!(
        says(&[commit(), pay("2024-02-02", 300), repay.clone()]),
        "到2024年2月1日，“甲”还款200元，超过投放的0元"
    );
    // Of one day what came first does not matter.
    assert_eq!(says(&[repay, commit(), pay("2024-02-01", 300)]), "");
    assert_eq!(
        says(&[commit(), pay("2024-02-01", 5_000_001)]),
        "到2024年2月1日，甲公司投放5,000,001元，超过单个企业的上限500万元"
    );
    let other = stated(Movement::Commit, "乙", "2024-03-01", 4_000_001);
    assert_eq!(says(&[commit(), other.clone()]), "到2024年3月1日，“基金”签约占用10,000,001元，超过总额度1000万元");
    // Undeclared whether it may be used again: refused only where it is too much either way.
    let back = [commit(), pay("2024-02-01", 1), stated(Movement::Repay, "甲", "2024-02-02", 1), other];
    assert_eq!(says(&back), "");
    let once = Fund { revolving: Some(false), ..fund.clone() };
    assert!(fault(&once, &numbered(&back)).is_some_and(|said| said.contains("超过总额度")));
}

#[test]
fn parties_bear_a_guarantee_to_the_last_fen() {
    let shares = "shares = [\"担保公司 33.33%\", \"市财政 33.33%\", \"银行 33.34%\"]";
    let fund = fund("guarantee", shares);
    let entries = [
        stated(Movement::Commit, "甲", "2024-01-05", 1_000_000),
        stated(Movement::Pay, "甲", "2024-05-05", 100_001),
        stated(Movement::Repay, "甲", "2024-06-05", 100_000),
    ];
    let entries = numbered(&entries);
    let parts = |on: &str| {
        standing(&Policies::default(), &fund, &entries, day(on)).borne.into_iter().map(|(_, of)| of).collect::<Vec<_>>()
    };
    assert_eq!(parts("2024-01-05"), [0, 0, 0]);
    // 1元: 33.33分 each, and what is left over is the first party's.
    assert_eq!(parts("2024-06-05"), [34, 33, 33]);
    // Of 100001元 3333033.33, 3333033.33 and 3334033.34分.
    assert_eq!(parts("2024-05-05"), [3_333_034, 3_333_033, 3_334_033]);
    // Due and still guaranteed is late; a guarantee earns no interest here.
    let late = standing(&Policies::default(), &fund, &entries, day("2024-07-01"));
    assert_eq!((late.overdue, late.total.interest), ((Amount(899_999), 1), Rate::ZERO));
}

#[test]
fn what_a_document_leaves_open_is_found() {
    let codes = |more: &str| {
        let plan = plan(&format!("[[fund]]\nid = \"f\"\ntitle = \"基金\"\n{more}"));
        let found = check::check(&plan).into_iter().filter(|finding| finding.numbers.contains_key("fund"));
        found.map(|finding| finding.code).collect::<Vec<_>>()
    };
    let open = codes("kind = \"guarantee\"\nquota = \"20亿元\"\ngoal = \"none\"\n");
    assert_eq!(open, ["fund_revolving_open", "fund_shares_open", "fund_goal_unknown"]);
    assert_eq!(codes("kind = \"loan\"\n"), ["fund_quota_open", "fund_day_count_open"]);
    assert_eq!(codes("kind = \"grant\"\n"), Vec::<String>::new());
    let said =
        codes("kind = \"loan\"\nquota = \"1亿元\"\nrevolving = true\nday_count = \"actual/360\"\ngoal = \"g\"\n");
    assert_eq!(said, Vec::<String>::new());
}

#[test]
fn funds_and_lists_are_written_as_they_are_read() {
    let whole = "[[fund]]\nid = \"f\"\ntitle = \"担保\"\nclause = \"三\"\nquote = \"20亿元\"\nkind = \"guarantee\"\n\
                 quota = \"20亿元\"\nrevolving = false\nper_firm = \"2亿元\"\nshares = [\"甲 40%\", \"乙 60%\"]\n\
                 goal = \"g\"\npublish = true\nassumed = [\"一\"]\n\
                 [[list]]\ntitle = \"目录\"\nof = \"product\"\nlevels = [\"省级\"]\nclause = \"四\"\nquote = \"编制目录\"\n";
    let read = plan(whole);
    assert_eq!(file::parse(&writer::write(&read)).unwrap().policies, read.policies);
    assert_eq!(Kind::ALL.map(Kind::word), ["loan", "guarantee", "grant"]);
}

#[test]
fn what_is_wrong_in_the_file_is_said_on_its_line() {
    let check = |lines: &str, line: usize, says: &str| {
        check_key(PLAN, &format!("[[fund]]\nid = \"f\"\ntitle = \"基金\"\n{lines}\n"), line, says);
    };
    check("", 1, "缺少 fund.kind，请写 loan");
    check("kind = \"gift\"", 4, "请写 loan、guarantee");
    check("kind = \"loan\"\nquota = \"1亿元\"\nper_firm = \"2亿元\"", 1, "per_firm 比总额度 quota 还大");
    check("kind = \"loan\"\nquota = \"1\"", 5, "要写金额和单位");
    check("kind = \"grant\"\nday_count = \"actual/360\"", 5, "day_count 只用于投放");
    check("kind = \"loan\"\nshares = [\"甲 40%\", \"乙 60%\"]", 5, "shares 只用于担保");
    check("kind = \"guarantee\"\nshares = [\"甲 40%\", \"乙 50%\"]", 5, "合计 90%，应为 100%");
    check_key(PLAN, "[[list]]\ntitle = \"目录\"\nof = \"thing\"\n", 3, "请写 firm、platform");
    check_key(PLAN, "[[list]]\ntitle = \"目录\"\n[[list]]\ntitle = \"目 录\"\n", 4, "出现两次");
}

fn moves() -> impl Strategy<Value = Vec<(u64, i64)>> {
    proptest::collection::vec((0_u64..2000, -1_000_000_000_i64..1_000_000_000), 1..12)
}

/// Payments, and repayments that never take more than was paid.
fn lent() -> impl Strategy<Value = Vec<(u64, i64)>> {
    let paid = (0_u64..1200, 1_i64..1_000_000_000, 0_u64..400, 0_i64..100);
    let each = |paid: Vec<(u64, i64, u64, i64)>| {
        let of = |(on, amount, later, percent): (u64, i64, u64, i64)| {
            [(on, amount), (on + later, -(amount * percent / 100))]
        };
        paid.into_iter().flat_map(of).collect()
    };
    proptest::collection::vec(paid, 1..6).prop_map(each)
}

proptest! {
    #[test]
    fn pieces_are_the_days_of_a_loan(
        lent in lent(),
        (points, penalty, reset) in (-300_i128..300, 0_i128..=100, 0_usize..3),
        (due, end) in (1_u64..1500, 0_u64..1500),
    ) {
        let (policies, fund) = (lpr(), fund("loan", ""));
        let (signed, due) = (day("2019-12-05"), day("2019-12-05") + Days::new(due));
        let end = signed + Days::new(end);
        let on = |days: u64| signed + Days::new(days);
        let of = |policies: &Policies, rate: LoanRate, penalty: Option<Rate>| {
            let mut entries = contract(rate, "2019-12-05", &due.to_string(), None, &[]);
            entries[0].terms.as_mut().unwrap().penalty = penalty;
            entries.extend(lent.iter().filter(|(_, rise)| *rise != 0).map(|(days, rise)| {
                let movement = if *rise > 0 { Movement::Pay } else { Movement::Repay };
                stated(movement, "甲", &on(*days).to_string(), rise.abs())
            }));
            let mut turned = numbered(&entries);
            turned.reverse();
            let found = standing(policies, &fund, &turned, end);
            assert_eq!(found, standing(policies, &fund, &numbered(&entries), end));
            found.contracts[0].clone()
        };
        let spread = Rate::new(points, 10_000).unwrap();
        let reset = Reset::ALL[reset];
        let floating = |spread: Rate| LoanRate::Floating(Floating { parameter: "lpr".to_owned(), spread, reset });
        let penalty = Rate::new(penalty, 100).unwrap();
        let one = of(&policies, floating(spread), Some(penalty));
        // Day by day, each with the balance at its end and the rate of that day.
        let mut sum = Rate::ZERO;
        for day in signed.iter_days().take_while(|day| *day < end) {
            let balance: i64 = lent.iter().filter(|(days, _)| on(*days) <= day).map(|(_, rise)| rise).sum();
            let rate = floating(spread).on(&policies, signed, day).rate;
            let share = if day >= due { Rate::ONE.plus(penalty) } else { Rate::ONE };
            let rate = rate.times(share.numerator(), share.denominator());
            sum = sum.plus(rate.times(i128::from(balance), 365));
        }
        prop_assert_eq!(one.sums.interest, sum);
        // One after the other, without a gap but where nothing is lent, and no two that could be one.
        for pair in one.pieces.windows(2) {
            prop_assert!(pair[0].to <= pair[1].from);
            let what = |piece: &domain::fund::interest::Piece| (piece.balance, piece.quote, piece.surcharge);
            prop_assert!(pair[0].to < pair[1].from || what(&pair[0]) != what(&pair[1]));
        }
        // A penalty of nothing is none.
        let nothing = of(&policies, floating(spread), Some(Rate::ZERO)).pieces;
        prop_assert_eq!(nothing, of(&policies, floating(spread), None).pieces);
        // What never moves costs what a fixed rate does.
        let mut constant = lpr();
        constant.parameters[0].values.retain(|from, _| *from == day("2019-11-20"));
        let floats = of(&constant, floating(Rate::ZERO), Some(penalty)).sums;
        let fixed = LoanRate::Fixed(Rate::parse_percent("4.15").unwrap());
        prop_assert_eq!(floats, of(&constant, fixed, Some(penalty)).sums);
    }

    #[test]
    fn interest_of_adjacent_spans_adds_up(moves in moves(), cut in 0_u64..2500, end in 0_u64..2500, rate in 0_i128..1_000_000) {
        let start = day("2019-02-27");
        let at = |days: u64| start + Days::new(days);
        let moves: Vec<(NaiveDate, i64)> = moves.into_iter().map(|(days, rise)| (at(days), rise)).collect();
        let rate = Rate::new(rate, 10_000_000).unwrap();
        let (cut, end) = (cut.min(end), cut.max(end));
        for count in DayCount::ALL {
            let of = |from: u64, to: u64| interest(&moves, rate, count, at(from), at(to));
            prop_assert_eq!(of(0, cut).plus(of(cut, end)), of(0, end));
            // Day by day, each with the balance at its end.
            let last = end.min(400);
            let by_days = (0..last).fold(Rate::ZERO, |sum, one| {
                let balance: i128 = moves.iter().filter(|(on, _)| *on <= at(one)).map(|(_, rise)| i128::from(*rise)).sum();
                sum.plus(rate.times(balance, count.days()))
            });
            prop_assert_eq!(by_days, of(0, last));
        }
    }

    #[test]
    fn the_order_in_which_entries_were_made_does_not_matter(
        days in proptest::collection::vec((0_u64..30, 1_i64..100, 0_usize..3), 1..10),
        seed in any::<u64>(),
    ) {
        let fund = fund("loan", "quota = \"600元\"\nrevolving = true");
        let moves = [Movement::Pay, Movement::Repay, Movement::Release];
        let mut entries = vec![stated(Movement::Commit, "甲", "2024-01-01", 500)];
        for (days, amount, of) in days {
            let on = (day("2024-01-01") + Days::new(days)).to_string();
            entries.push(stated(moves[of], "甲", &on, amount));
        }
        let one = numbered(&entries);
        let mut other = one.clone();
        let mut state = seed;
        for at in (1..other.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            other.swap(at, (state >> 33) as usize % (at + 1));
        }
        prop_assert_eq!(fault(&fund, &one), fault(&fund, &other));
        let on = day("2024-02-15");
        let standing = |entries: &[(u32, &Stated)], on: NaiveDate| standing(&Policies::default(), &fund, entries, on);
        prop_assert_eq!(standing(&one, on), standing(&other, on));
        // What is accepted lends never more than was committed and takes back never more than was lent.
        if fault(&fund, &one).is_none() {
            for days in 0..31 {
                let sums = standing(&one, day("2024-01-01") + Days::new(days)).total;
                prop_assert!(sums.balance().0 >= 0 && sums.undrawn().0 >= 0 && sums.in_use(true).0 <= 600);
                prop_assert!(!sums.interest.is_negative());
            }
        }
    }
}
