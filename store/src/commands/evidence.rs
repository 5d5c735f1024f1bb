//! 证明材料 through the office's own commands, on both databases: who attaches what and when, what becomes of it, and
//! that nobody changes what is stored.

use std::sync::Arc;

use domain::evidence::{FileStep, LARGEST, MOST, Subject};
use domain::month::Period;
use domain::rights::Role;
use domain::workflow::{State, Step};
use domain::year_end::ObjectionOutcome;
use office::commands::evidence::{AttachFile, EraseFile, Erasing, NewFile, WithdrawFile};
use office::commands::objection::{AnswerObjection, Object};
use office::commands::task::{RecordTask, What};
use office::commands::year_end::StateYear;
use office::evidence::takes;
use office::facts::{Evidence, ReportKey};
use office::objections::open_terms;
use office::refusal::Refusal;
use office::who::Who;

use super::super::bench::Bench;
use super::super::{Access, Location, Store, StoreError};
use super::rhythms::{Return, posted};
use super::{PLAN, on_both, somebody};

const UNIT: &str = "350181";
const JUNE: Period = Period { year: 2021, month: 6 };
/// 2021-07-03 09:00 in Asia/Shanghai: June is open until the 5th.
const OPEN: i64 = 1_625_274_000_000;
const DAY: i64 = 24 * 60 * 60 * 1000;
/// 2022-01-10 12:00 in Asia/Shanghai: the days of self-assessment.
const JANUARY: i64 = 1_641_787_200_000;
const TASK: &str = "\n[[unit]]\nid = \"350181\"\nname = \"福清市\"\n\n[[task]]\nid = \"audit\"\ntitle = \"能源审计\"\n\
    due = \"2021-07-31\"\nby = [\"350181\"]\n";

fn reporter(at: i64) -> Who {
    let mut who = somebody(1, Role::CountyReporter, at);
    who.viewer.as_mut().unwrap().post.as_mut().unwrap().domain.unit = Some(UNIT.to_owned());
    who
}

fn of_june() -> Subject {
    Subject::Return(JUNE.into())
}

/// A paper of one line.
fn paper(words: &str) -> Vec<u8> {
    format!("%PDF-1.7\n% {words}\ntrailer <</Root 1 0 R>>\n%%EOF\n").into_bytes()
}

fn attach(subject: Subject, words: &str) -> AttachFile {
    AttachFile {
        plan: "fuzhou-2021".to_owned(),
        subject,
        unit: UNIT.to_owned(),
        stamped: false,
        file: NewFile::read(&format!("{words}.pdf"), paper(words)).unwrap(),
        holidays: Arc::default(),
    }
}

fn stamped(words: &str) -> AttachFile {
    AttachFile { stamped: true, ..attach(of_june(), words) }
}

fn says<T: std::fmt::Debug>(refused: Result<T, Refusal>, part: &str) {
    let sentence = refused.expect_err("this must be refused").sentence();
    assert!(sentence.contains(part), "{part}: {sentence}");
}

impl Bench {
    fn with_a_task(&self) {
        self.import_plan(&format!("{PLAN}{TASK}"), None, super::machine()).unwrap();
    }

    fn june(&self) -> Return<'_> {
        let key = ReportKey { plan: "fuzhou-2021".to_owned(), round: JUNE.into(), unit: UNIT.to_owned() };
        Return { bench: self, key, now: OPEN }
    }

    /// Types a figure in and submits it.
    fn june_submitted(&self, value: &str) {
        let june = self.june();
        june.type_in(&[("c.investment/350181/value", value), ("c.investment/350181/base", "120.25")], OPEN);
        june.submit(OPEN).unwrap();
    }

    fn files(&self, subject: &Subject) -> Vec<Evidence> {
        self.runtime.block_on(async {
            self.store.read().await.unwrap().evidence("fuzhou-2021", Some(&subject.id())).await.unwrap()
        })
    }

    fn steps_of(&self, subject: &Subject) -> Vec<FileStep> {
        self.files(subject).iter().map(|file| file.step).collect()
    }

    fn takes(&self, subject: &Subject, at: i64) -> Result<FileStep, String> {
        self.runtime.block_on(async {
            let mut state = self.store.read().await.unwrap();
            let plan = state.plan("fuzhou-2021").await.unwrap().unwrap().plan;
            takes(&mut state, &plan, (subject, UNIT), at, &Default::default()).await.unwrap()
        })
    }
}

/// What `verify` names.
fn altered(bench: &Bench) -> String {
    match bench.runtime.block_on(bench.store.verify()) {
        Err(StoreError::Altered(what)) => what,
        other => panic!("{other:?}"),
    }
}

#[test]
fn files_go_with_a_return_and_are_only_added_afterwards() {
    on_both(|bench| {
        bench.with_a_task();
        let subject = of_june();
        let withdraw = |number: i64| WithdrawFile { plan: "fuzhou-2021".to_owned(), number };
        assert_eq!(bench.run(attach(subject.clone(), "发票"), reporter(OPEN)).unwrap(), 1);
        assert_eq!(bench.run(attach(subject.clone(), "合同"), reporter(OPEN)).unwrap(), 2);
        // A second press of the same page; the same file under another name.
        let head = bench.head();
        assert_eq!(bench.run(attach(subject.clone(), "合同"), reporter(OPEN)).unwrap(), 2);
        assert_eq!(bench.head(), head);
        let content = |bench: &Bench| {
            let sha256 = domain::canonical::sha256(&paper("合同"));
            bench.runtime.block_on(async {
                let mut reading = bench.store.read().await.unwrap();
                reading.evidence_content(&sha256).await.unwrap().is_some()
            })
        };
        assert!(content(bench));
        bench.run(withdraw(2), reporter(OPEN)).unwrap();
        bench.run(withdraw(2), reporter(OPEN)).unwrap();
        // Nobody else has seen it: what it holds goes with it.
        assert!(!content(bench));
        bench.runtime.block_on(bench.store.verify()).unwrap();
        says(bench.run(withdraw(9), reporter(OPEN)), "没有执行");
        // Who may not: the unit's approver, the office, another unit's reporter.
        let mut neighbour = reporter(OPEN);
        neighbour.viewer.as_mut().unwrap().post.as_mut().unwrap().domain.unit = Some("350121".to_owned());
        let mut approver = reporter(OPEN);
        approver.viewer.as_mut().unwrap().post.as_mut().unwrap().domain.role = Role::CountyApprover;
        for who in [neighbour, approver, somebody(3, Role::CityReviewer, OPEN), somebody(4, Role::Observer, OPEN)] {
            let head = bench.head();
            let refused = bench.run(attach(subject.clone(), "别的"), who.clone());
            assert!(matches!(refused, Err(Refusal::Forbidden(..))), "{refused:?}");
            assert!(matches!(bench.run(withdraw(1), who), Err(Refusal::Forbidden(..))));
            assert_eq!(bench.head(), head);
        }
        bench.june_submitted("140.5");
        assert_eq!(bench.steps_of(&subject), [FileStep::HandIn, FileStep::Withdraw]);
        says(bench.run(withdraw(1), reporter(OPEN)), "提交以后的材料不能撤回，只能补充");
        // What was withdrawn may come again, and what is added is seen at once and stays; also after the deadline.
        assert_eq!(bench.run(attach(subject.clone(), "合同"), reporter(OPEN)).unwrap(), 3);
        assert_eq!(bench.run(attach(subject.clone(), "说明"), reporter(OPEN + 30 * DAY)).unwrap(), 4);
        says(bench.run(withdraw(4), reporter(OPEN)), "不能撤回");
        assert_eq!(bench.steps_of(&subject)[2..], [FileStep::Add, FileStep::Add]);
        let contents = "SELECT CAST(COUNT(*) AS BIGINT) FROM evidence_content";
        let contents: i64 =
            bench.runtime.block_on(async { sqlx::query_scalar(contents).fetch_one(&bench.store.read).await.unwrap() });
        assert_eq!(contents, 3, "the same bytes are stored once");
        let verified = bench.runtime.block_on(bench.store.verify()).unwrap();
        assert_eq!(verified.files, 3);
        // Nothing is attached to what cannot be handed in any more, and nothing to what is not there.
        let july = Subject::Return(Period { year: 2021, month: 7 }.into());
        let late = bench.takes(&july, OPEN + 60 * DAY).unwrap_err();
        assert!(late.contains("2021年1—7月的报送已经截止，还没有提交，不能附材料"), "{late}");
        for gone in ["return/2020-06", "objection/2021/7", "task/none", "self/2030/investment", "self/2021/none"] {
            let refused = bench.run(attach(Subject::parse(gone).unwrap(), "无"), reporter(OPEN));
            says(refused, "没有这个事项");
        }
    });
}

#[test]
fn how_many_and_how_large() {
    on_both(|bench| {
        bench.with_a_task();
        let subject = of_june();
        for number in 1..=MOST {
            bench.run(attach(subject.clone(), &format!("第{number}份")), reporter(OPEN)).unwrap();
        }
        says(bench.run(attach(subject.clone(), "多一份"), reporter(OPEN)), "已经有 20 份");
        bench.run(WithdrawFile { plan: "fuzhou-2021".to_owned(), number: 20 }, reporter(OPEN)).unwrap();
        bench.run(attach(subject.clone(), "换一份"), reporter(OPEN)).unwrap();
        // Taking back and attaching again does not go on for ever: what was stored stays.
        for round in 0..39 {
            let number = 21 + round;
            bench.run(WithdrawFile { plan: "fuzhou-2021".to_owned(), number }, reporter(OPEN)).unwrap();
            bench.run(attach(subject.clone(), &format!("再换{round}")), reporter(OPEN)).unwrap();
        }
        bench.run(WithdrawFile { plan: "fuzhou-2021".to_owned(), number: 60 }, reporter(OPEN)).unwrap();
        says(bench.run(attach(subject, "第六十一份"), reporter(OPEN)), "已经上传过 60 份");
        bench.runtime.block_on(bench.store.verify()).unwrap();
    });
    let mut large = paper("大");
    large.splice(9..9, vec![b' '; LARGEST]);
    let refused = NewFile::read("大.pdf", large).unwrap_err();
    assert!(refused.contains("超过 20 MB"), "{refused}");
}

#[test]
fn a_changed_byte_is_found() {
    on_both(|bench| {
        bench.with_a_task();
        bench.run(attach(of_june(), "发票"), reporter(OPEN)).unwrap();
        bench.runtime.block_on(bench.store.verify()).unwrap();
        bench.unlock("evidence");
        bench.unlock("evidence_content");
        let other = match bench.store.engine {
            super::super::Engine::Sqlite => "X'255044462D78'",
            super::super::Engine::Postgres => "'\\x255044462D78'",
        };
        let whole = "UPDATE evidence_content SET content = (SELECT content FROM kept)";
        bench.sql(&[
            "CREATE TABLE kept AS SELECT sha256, content FROM evidence_content",
            &format!("UPDATE evidence_content SET content = {other}"),
        ]);
        let found = altered(bench);
        assert!(found.contains("第 1 号证明材料“发票.pdf”的内容被改动过"), "{found}");
        bench.sql(&[whole, "UPDATE evidence SET name = '收据.pdf'"]);
        let found = altered(bench);
        assert!(found.contains("evidence") && found.contains("被改动过"), "{found}");
        bench.sql(&["UPDATE evidence SET name = '发票.pdf'"]);
        // A content that nobody attached.
        let foreign = format!("INSERT INTO evidence_content VALUES ('{}', {other})", "0".repeat(64));
        bench.sql(&[&foreign]);
        assert!(altered(bench).contains("内容没有登记"));
    });
}

fn erase(number: i64, what: Erasing) -> EraseFile {
    EraseFile { plan: "fuzhou-2021".to_owned(), number, what }
}

fn ask(number: i64) -> EraseFile {
    erase(number, Erasing::Ask { reason: "误传了身份证".to_owned() })
}

#[test]
fn two_of_the_office_empty_a_file() {
    on_both(|bench| {
        bench.with_a_task();
        bench.june_submitted("140.5");
        let subject = of_june();
        bench.run(attach(subject.clone(), "发票"), reporter(OPEN)).unwrap();
        let (reviewer, other) = (somebody(3, Role::CityReviewer, OPEN), somebody(6, Role::CityReviewer, OPEN + 1));
        let content = || {
            let sha256 = bench.files(&subject)[0].sha256.clone();
            let found = async { bench.store.read().await.unwrap().evidence_content(&sha256).await.unwrap() };
            bench.runtime.block_on(found)
        };
        assert!(matches!(bench.run(ask(1), reporter(OPEN)), Err(Refusal::Forbidden(..))));
        // The publisher sees no file of a return, and empties none.
        let publisher = bench.run(ask(1), somebody(4, Role::Publisher, OPEN));
        assert!(matches!(publisher, Err(Refusal::Forbidden(..))));
        says(bench.run(ask(9), reviewer.clone()), "没有这份材料");
        says(bench.run(erase(1, Erasing::Erase), other.clone()), "没有人申请清除");
        bench.run(ask(1), reviewer.clone()).unwrap();
        says(bench.run(ask(1), other.clone()), "已经申请清除");
        says(bench.run(erase(1, Erasing::Erase), reviewer.clone()), "不能自己确认");
        let leave = Erasing::Leave { reason: "还要用".to_owned() };
        bench.run(erase(1, leave), other.clone()).unwrap();
        let left = bench.files(&subject).remove(0).erasure.unwrap().answer.unwrap();
        assert_eq!((left.erased, left.words.as_str(), content()), (false, "还要用", Some(paper("发票"))));
        bench.run(ask(1), other).unwrap();
        bench.run(erase(1, Erasing::Erase), reviewer.clone()).unwrap();
        let file = bench.files(&subject).remove(0);
        assert!(file.is_erased() && file.name == "发票.pdf" && content().is_none());
        says(bench.run(ask(1), reviewer), "已经清除");
        let proved = bench.runtime.block_on(bench.store.verify()).unwrap();
        assert_eq!((proved.files, proved.erased), (1, Some((1, OPEN))));
        // A backup has as little of it.
        let others = [Location::Postgres(Bench::new_database()), Location::Folder(Bench::empty_folder())];
        bench.runtime.block_on(async {
            for location in others {
                let other = Store::open(&location, Access::Create).await.unwrap();
                bench.store.copy_to(&other).await.unwrap();
                assert_eq!(other.verify().await.unwrap().erased, Some((1, OPEN)));
            }
        });
        // The same bytes once more are a file of their own, which is whole.
        assert_eq!(bench.run(attach(subject.clone(), "发票"), reporter(OPEN)).unwrap(), 2);
        assert_eq!(content(), Some(paper("发票")));
        assert_eq!(bench.runtime.block_on(bench.store.verify()).unwrap().erased, Some((1, OPEN)));
    });
}

/// What a unit took back was read by nobody else: it keeps no content that the office empties.
#[test]
fn a_file_that_was_taken_back_goes_with_the_others() {
    on_both(|bench| {
        bench.with_a_task();
        bench.run(attach(of_june(), "发票"), reporter(OPEN)).unwrap();
        bench.run(WithdrawFile { plan: "fuzhou-2021".to_owned(), number: 1 }, reporter(OPEN)).unwrap();
        bench.june_submitted("140.5");
        bench.run(attach(of_june(), "发票"), reporter(OPEN)).unwrap();
        let (reviewer, other) = (somebody(3, Role::CityReviewer, OPEN), somebody(6, Role::CityReviewer, OPEN));
        bench.run(ask(2), reviewer).unwrap();
        let pending = async { bench.store.read().await.unwrap().pending_erasures().await.unwrap() };
        assert_eq!(bench.runtime.block_on(pending).iter().map(|it| it.account).collect::<Vec<_>>(), [3]);
        bench.run(erase(2, Erasing::Erase), other).unwrap();
        let sha256 = bench.files(&of_june())[1].sha256.clone();
        let found = async { bench.store.read().await.unwrap().evidence_content(&sha256).await.unwrap() };
        assert_eq!(bench.runtime.block_on(found), None);
        bench.runtime.block_on(bench.store.verify()).unwrap();
    });
}

/// Whichever comes first: the bytes go with the last file that can be read.
#[test]
fn taking_back_the_last_twin_empties_it_too() {
    on_both(|bench| {
        let (reviewer, other) = (somebody(3, Role::CityReviewer, OPEN), somebody(6, Role::CityReviewer, OPEN));
        bench.with_a_task();
        bench.june_submitted("140.5");
        bench.run(attach(of_june(), "发票"), reporter(OPEN)).unwrap();
        let task = Subject::Task("audit".to_owned());
        let twin = bench.run(attach(task.clone(), "发票"), reporter(OPEN)).unwrap();
        bench.run(ask(1), reviewer).unwrap();
        bench.run(erase(1, Erasing::Erase), other).unwrap();
        let withdraw = |number: i64| {
            bench.run(WithdrawFile { plan: "fuzhou-2021".to_owned(), number }, reporter(OPEN)).unwrap();
        };
        let sha256 = bench.files(&task)[0].sha256.clone();
        let is_there = || {
            let found = async { bench.store.read().await.unwrap().evidence_content(&sha256).await.unwrap() };
            bench.runtime.block_on(found).is_some()
        };
        assert!(is_there());
        withdraw(twin);
        assert!(!is_there());
        bench.runtime.block_on(bench.store.verify()).unwrap();
        // Attached once more, and taken back.
        let again = bench.run(attach(task, "发票"), reporter(OPEN)).unwrap();
        assert!(is_there());
        withdraw(again);
        assert!(!is_there());
        bench.runtime.block_on(bench.store.verify()).unwrap();
    });
}

#[test]
fn what_is_emptied_behind_the_office_is_found() {
    on_both(|bench| {
        bench.with_a_task();
        bench.june_submitted("140.5");
        bench.run(attach(of_june(), "发票"), reporter(OPEN)).unwrap();
        let whole = "SELECT content FROM kept";
        let empty = match bench.store.engine {
            super::super::Engine::Sqlite => "x'00'",
            super::super::Engine::Postgres => "'\\x00'::bytea",
        };
        // To empty is all that the database lets anybody do.
        bench.sql(&[
            "CREATE TABLE kept AS SELECT sha256, content FROM evidence_content",
            &format!("UPDATE evidence_content SET content = {empty}"),
        ]);
        assert!(altered(bench).contains("第 1 号证明材料“发票.pdf”的内容不在了"));
        bench.sql(&[&format!("UPDATE evidence_content SET content = ({whole})")]);
        let (reviewer, other) = (somebody(3, Role::CityReviewer, OPEN), somebody(6, Role::CityReviewer, OPEN));
        bench.run(ask(1), reviewer).unwrap();
        bench.run(erase(1, Erasing::Erase), other).unwrap();
        bench.sql(&[&format!("UPDATE evidence_content SET content = ({whole})")]);
        assert!(altered(bench).contains("的内容已经清除，数据库里又有了"));
    });
}

#[test]
fn a_content_that_others_attached_too_stays_theirs() {
    on_both(|bench| {
        bench.with_a_task();
        bench.june_submitted("140.5");
        bench.run(attach(of_june(), "发票"), reporter(OPEN)).unwrap();
        let task = Subject::Task("audit".to_owned());
        bench.run(attach(task.clone(), "发票"), reporter(OPEN)).unwrap();
        let (reviewer, other) = (somebody(3, Role::CityReviewer, OPEN), somebody(6, Role::CityReviewer, OPEN));
        bench.run(ask(1), reviewer).unwrap();
        bench.run(erase(1, Erasing::Erase), other).unwrap();
        assert!(bench.files(&of_june())[0].is_erased() && !bench.files(&task)[0].is_erased());
        let sha256 = bench.files(&task)[0].sha256.clone();
        let found = async { bench.store.read().await.unwrap().evidence_content(&sha256).await.unwrap() };
        assert_eq!(bench.runtime.block_on(found), Some(paper("发票")));
        assert_eq!(bench.runtime.block_on(bench.store.verify()).unwrap().erased, Some((1, OPEN)));
    });
}

#[test]
fn a_backup_carries_files_to_either_engine() {
    on_both(|bench| {
        bench.with_a_task();
        bench.run(attach(of_june(), "发票"), reporter(OPEN)).unwrap();
        bench.june_submitted("140.5");
        bench.run(stamped("盖章"), reporter(OPEN)).unwrap();
        let folder = Bench::empty_folder();
        for location in [Location::Postgres(Bench::new_database()), Location::Folder(folder.clone())] {
            bench.runtime.block_on(async {
                let other = Store::open(&location, Access::Create).await.unwrap();
                bench.store.copy_to(&other).await.unwrap();
                assert_eq!(other.verify().await.unwrap().files, 2);
                let mut state = other.read().await.unwrap();
                let files = state.evidence("fuzhou-2021", None).await.unwrap();
                assert_eq!(files, bench.store.read().await.unwrap().evidence("fuzhou-2021", None).await.unwrap());
                let content = state.evidence_content(&files[0].sha256).await.unwrap();
                assert_eq!(content, Some(paper("发票")));
                assert_eq!(files[1].stamp.as_ref().unwrap().submission, 1);
            });
        }
        std::fs::remove_dir_all(folder).unwrap();
        // A pack proves itself without them: the trail in it says their numbers, sizes and sums, and not their names.
        bench.runtime.block_on(async {
            let extract = bench.store.extract("fuzhou-2021").await.unwrap();
            let told = serde_json::to_string(&extract.audit).unwrap();
            assert!(told.contains("attach_evidence") && !told.contains("发票"), "{told}");
            let folder = Bench::empty_folder();
            let store = Store::open(&Location::Folder(folder.clone()), Access::Create).await.unwrap();
            store.fill(&extract, None).await.unwrap();
            store.verify_extract(&extract, "fuzhou-2021").await.unwrap();
            std::fs::remove_dir_all(folder).unwrap();
        });
    });
}

#[test]
fn a_seal_confirms_one_submission() {
    on_both(|bench| {
        bench.with_a_task();
        says(bench.run(stamped("早了"), reporter(OPEN)), "请先提交，再上传盖章扫描件");
        bench.june_submitted("140.5");
        let (june, subject) = (bench.june(), of_june());
        bench.run(stamped("盖章"), reporter(OPEN)).unwrap();
        let seal = |at: usize| bench.files(&subject)[at].stamp.clone().unwrap();
        let holds = |at: usize| seal(at).holds(june.report().handed_in());
        assert!(holds(0));
        let task = Subject::Task("audit".to_owned());
        says(bench.run(AttachFile { subject: task, ..stamped("任务") }, reporter(OPEN)), "只有报送可以附盖章扫描件");
        // Sent back: void, whatever comes of it; submitted again as it was, it says the same.
        let back = [("reason", "请核对")];
        let mut approver = reporter(OPEN);
        approver.viewer.as_mut().unwrap().account.id = 2;
        approver.viewer.as_mut().unwrap().post.as_mut().unwrap().domain.role = Role::CountyApprover;
        june.step(Step::SendBackToReporter, &back, approver.clone()).unwrap();
        assert!(!holds(0));
        assert_eq!(seal(0).void(), "该盖章件对应第1次报送，数据已变动，需重新盖章上传");
        june.submit(OPEN).unwrap();
        assert!(holds(0));
        // Withdrawn and revised: another submission needs another seal.
        june.step(Step::Withdraw, &[], reporter(OPEN)).unwrap();
        bench.june_submitted("141.5");
        assert!(!holds(0));
        bench.run(stamped("盖章"), reporter(OPEN)).unwrap();
        assert_eq!((holds(0), holds(1), seal(1).submission), (false, true, 3));
        // Approved it holds; corrected it does not.
        june.approve(OPEN);
        assert_eq!(june.report().state(), State::Approved);
        assert!(holds(1));
        let ask = [("reason", "少计1亿元"), ("c.investment/350181/value", "142.5")];
        june.step(Step::AskCorrection, &ask, reporter(OPEN)).unwrap();
        assert!(holds(1));
        june.step(Step::AllowCorrection, &[("reason", "情况属实")], somebody(3, Role::CityReviewer, OPEN)).unwrap();
        assert!(!holds(1));
        june.submit(OPEN).unwrap();
        june.approve(OPEN);
        assert!(!holds(1));
        bench.runtime.block_on(bench.store.verify()).unwrap();
    });
}

#[test]
fn a_correction_has_files_of_its_own() {
    on_both(|bench| {
        bench.with_a_task();
        let subject = Subject::Correction(JUNE.into());
        says(bench.run(attach(subject.clone(), "早了"), reporter(OPEN)), "审核通过以后才能申请更正");
        bench.june_submitted("140.5");
        bench.june().approve(OPEN);
        bench.run(attach(subject.clone(), "漏计的合同"), reporter(OPEN)).unwrap();
        assert_eq!(bench.steps_of(&subject), [FileStep::Attach]);
        let ask = [("reason", "少计1亿元"), ("c.investment/350181/value", "141.5")];
        bench.june().step(Step::AskCorrection, &ask, reporter(OPEN)).unwrap();
        bench.run(attach(subject.clone(), "补充"), reporter(OPEN)).unwrap();
        assert_eq!(bench.steps_of(&subject), [FileStep::HandIn, FileStep::Add]);
        assert!(bench.files(&of_june()).is_empty());
        bench.runtime.block_on(bench.store.verify()).unwrap();
    });
}

#[test]
fn a_self_assessment_and_an_objection_have_files() {
    on_both(|bench| {
        bench.fuzhou();
        bench.publish(None).unwrap();
        let own = Subject::SelfAssessment { goal: "investment".to_owned(), year: 2021 };
        says(bench.run(attach(own.clone(), "早了"), reporter(OPEN)), "2021年还没有结束");
        says(bench.run(attach(own.clone(), "晚了"), reporter(JANUARY + 40 * DAY)), "自评已于2022年1月31日截止");
        bench.run(attach(own.clone(), "投产证明"), reporter(JANUARY)).unwrap();
        let plan = domain::plan::file::parse(PLAN).unwrap();
        let sent = posted(&[("kind", "self"), ("value", "100"), ("base", "90"), ("seen", "0")]);
        let goal = plan.goal("investment").unwrap();
        bench.run(StateYear::read(&plan, goal, 2021, UNIT, &sent).unwrap(), reporter(JANUARY)).unwrap();
        // Handed in: further ones are added, also when the days for it are over.
        bench.run(attach(own.clone(), "补充"), reporter(JANUARY + 40 * DAY)).unwrap();
        assert_eq!(bench.steps_of(&own), [FileStep::HandIn, FileStep::Add]);

        let soon = super::machine().at + DAY;
        let terms = bench.runtime.block_on(async {
            let editions = bench.store.read().await.unwrap().editions().await.unwrap();
            open_terms(&plan, &editions, &[], soon)
        });
        let object = |reason: &str| Object { plan: plan.id.clone(), what: terms[0].id(), reason: reason.to_owned() };
        let number = bench.run(object("少计一个项目"), reporter(soon)).unwrap();
        let objection = Subject::Objection { year: 2021, number };
        bench.run(attach(objection.clone(), "验收单"), reporter(soon)).unwrap();
        assert_eq!(bench.steps_of(&objection), [FileStep::Add]);
        let answer = AnswerObjection {
            plan: plan.id.clone(),
            year: 2021,
            number,
            outcome: ObjectionOutcome::Rejected,
            text: "已经计入".to_owned(),
        };
        bench.run(answer, somebody(3, Role::CityReviewer, soon)).unwrap();
        says(bench.run(attach(objection, "再来"), reporter(soon)), "已经办理过这个异议，不再附材料");
        bench.runtime.block_on(bench.store.verify()).unwrap();
    });
}

#[test]
fn a_task_has_files_that_go_with_its_report() {
    on_both(|bench| {
        bench.with_a_task();
        let subject = Subject::Task("audit".to_owned());
        let take = |seen: i64, what: What, who: Who| {
            let (plan, task, unit) = ("fuzhou-2021".to_owned(), "audit".to_owned(), UNIT.to_owned());
            bench.run(RecordTask { plan, task, unit, seen, what }, who)
        };
        let report = || What::Report {
            day: domain::day::Day::parse("2021-07-02").unwrap(),
            words: "审计完成".to_owned(),
            proof: "审计报告".to_owned(),
        };
        bench.run(attach(subject.clone(), "审计报告"), reporter(OPEN)).unwrap();
        // A plan does not lose a task that has something.
        let lost = bench.import_plan(PLAN, Some("改"), super::machine()).unwrap_err();
        assert!(lost.sentence().contains("限时任务“能源审计”（audit）已有办理记录"), "{}", lost.sentence());
        take(0, report(), reporter(OPEN)).unwrap();
        bench.run(attach(subject.clone(), "附表"), reporter(OPEN)).unwrap();
        assert_eq!(bench.steps_of(&subject), [FileStep::HandIn, FileStep::Add]);
        let reviewer = || somebody(3, Role::CityReviewer, OPEN);
        take(1, What::SendBack { reason: "缺附表".to_owned() }, reviewer()).unwrap();
        bench.run(attach(subject.clone(), "附表二"), reporter(OPEN)).unwrap();
        assert_eq!(bench.takes(&subject, OPEN), Ok(FileStep::Attach));
        take(2, report(), reporter(OPEN)).unwrap();
        take(3, What::Confirm { words: String::new() }, reviewer()).unwrap();
        says(bench.run(attach(subject.clone(), "再来"), reporter(OPEN)), "已经确认完成，不再附材料");
        assert_eq!(bench.steps_of(&subject), [FileStep::HandIn, FileStep::Add, FileStep::HandIn]);
        bench.runtime.block_on(bench.store.verify()).unwrap();
    });
}
