//! 证明材料 with what somebody reports: the list, the form that attaches a file, the buttons that take one back or
//! empty it. No page of its own.

use domain::calendar::moment;
use domain::evidence::{FileKind, FileStep, Subject, size_text, what_is_taken};
use domain::plan::Plan;
use domain::rights::{Action, Object};
use leptos::prelude::*;
use office::commands::evidence::{ASK_ERASURE, ERASE, LEAVE, WITHDRAW, field};
use office::facts::{Evidence, Report, Unavailable};
use office::posted::Posted;

use super::policies::plain_box;
use super::year_end::unit_address;
use crate::backend::backend;
use crate::parts::links;

/// The page that a file stands on.
pub fn page_of(plan: &str, subject: &Subject, unit: &str) -> String {
    match subject {
        Subject::Return(round) | Subject::Correction(round) => links::report(plan, round, unit),
        Subject::SelfAssessment { goal, year } => unit_address(plan, goal, *year, unit),
        Subject::Objection { .. } => links::objections(plan),
        Subject::Task(_) => links::tasks(plan),
        Subject::Claim { year, .. } => links::claims(plan, &year.to_string()),
    }
}

/// What whoever asks for a content to be emptied has to know.
const ERASURE: &str = "由另一人确认后清除，不能恢复；文件名、大小和 SHA-256 保留。\
                       同样的文件别处也附了的，要分别清除；以前的备份里还有，到期请一并删除。";

/// The files of one subject, and what whoever asks may do about them.
pub(crate) struct Files<'f> {
    pub(crate) plan: &'f Plan,
    pub(crate) subject: &'f Subject,
    pub(crate) unit: &'f str,
    pub(crate) files: Vec<&'f Evidence>,
    /// As [`crate::backend::Backend::takes_evidence`] says.
    pub(crate) takes: Option<Result<FileStep, String>>,
    /// What a seal would confirm, of a return.
    pub(crate) handed_in: Option<&'f str>,
}

/// Whether whoever asks sees files of this unit at all.
pub(crate) fn may_read(plan: &Plan, unit: &str) -> bool {
    let object = Object::unit(plan.region.id(), unit);
    backend().viewer().is_some_and(|viewer| viewer.may(Action::ReadEvidence, object).is_ok())
}

/// Whether whoever asks sees those that any unit handed in.
pub(crate) fn may_read_all(plan: &Plan) -> bool {
    let office = Object::office(plan.region.id());
    backend().viewer().is_some_and(|viewer| viewer.may(Action::ReadEvidence, office).is_ok())
}

/// Under a heading: the files of a subject, for whoever may see them.
pub(crate) async fn section(
    plan: &Plan,
    subject: Subject,
    unit: &str,
    handed_in: Option<&str>,
    heading: &'static str,
) -> Result<AnyView, Unavailable> {
    if !may_read(plan, unit) {
        return Ok(().into_any());
    }
    let backend = backend();
    let all = backend.evidence(plan, Some(&subject)).await?;
    let takes = backend.takes_evidence(plan, &subject, unit).await?;
    let files = Files { handed_in, ..Files::of(plan, &subject, unit, &all, takes) };
    Ok(view! {
        <h2 id=links::evidence_id(&subject, unit)>{heading}</h2>
        {files.view()}
    }
    .into_any())
}

/// Beside a return: its files, and those of a request to correct it where there may be one.
pub(crate) async fn of_report(report: &Report) -> Result<AnyView, Unavailable> {
    let (plan, key) = (&report.version.plan, &report.key);
    let subject = Subject::Return(key.round.clone());
    let own = section(plan, subject, &key.unit, report.handed_in(), "证明材料").await?;
    let subject = Subject::Correction(key.round.clone());
    let asked = backend().evidence(plan, Some(&subject)).await?.iter().any(|file| file.unit == key.unit);
    let takes = backend().takes_evidence(plan, &subject, &key.unit).await?;
    let correction = match asked || takes.is_some_and(|takes| takes.is_ok()) || report.asked().is_some() {
        true => Some(section(plan, subject, &key.unit, None, "更正申请的证明材料").await?),
        false => None,
    };
    Ok(view! {
        {own}
        {correction}
    }
    .into_any())
}

impl<'f> Files<'f> {
    /// Those of one subject among all.
    pub(crate) fn of(
        plan: &'f Plan,
        subject: &'f Subject,
        unit: &'f str,
        all: &'f [Evidence],
        takes: Option<Result<FileStep, String>>,
    ) -> Self {
        let files = all.iter().filter(|file| file.subject == *subject && file.unit == unit).collect();
        Self { plan, subject, unit, files, takes, handed_in: None }
    }

    /// Among other things: nothing where there are no files and none may be attached.
    pub(crate) fn shown(&self) -> AnyView {
        if self.files.is_empty() && !matches!(self.takes, Some(Ok(_))) {
            return ().into_any();
        }
        let id = links::evidence_id(self.subject, self.unit);
        view! {
            <details class="files" id=id open=!self.files.is_empty()>
                <summary>{format!("证明材料（{}）", self.files.len())}</summary>
                {self.view()}
            </details>
        }
        .into_any()
    }

    pub(crate) fn view(&self) -> AnyView {
        let items = self.files.iter().map(|file| self.item(file)).collect_view();
        let list = match self.files.is_empty() {
            true => view! { <p class="subtitle">"没有附材料。"</p> }.into_any(),
            false => view! { <ul class="evidence">{items}</ul> }.into_any(),
        };
        let form = match &self.takes {
            None => ().into_any(),
            Some(Err(sentence)) => view! { <p class="subtitle">{format!("{sentence}。")}</p> }.into_any(),
            Some(Ok(step)) => self.form(*step),
        };
        view! {
            {list}
            {form}
        }
        .into_any()
    }

    fn hidden(&self) -> AnyView {
        view! {
            <input type="hidden" name=field::SUBJECT value=self.subject.id() />
            <input type="hidden" name=field::UNIT value=self.unit.to_owned() />
        }
        .into_any()
    }

    fn item(&self, file: &Evidence) -> AnyView {
        let said = format!("{}　{}　{}　{}", file.kind.name(), size_text(file.size), file.actor, moment(file.at));
        if file.is_withdrawn() {
            let gone = format!("已撤回：{}　{}", file.last_actor, moment(file.last_at));
            return view! {
                <li>
                    <s>{file.name.clone()}</s>
                    <span class="subtitle">{said}</span>
                    <span class="subtitle">{gone}</span>
                </li>
            }
            .into_any();
        }
        let stamp = file.stamp.as_ref().map(|stamp| match file.confirms(self.handed_in) {
            true => {
                let text = format!("✓ 盖章件，与第{}次报送一致", stamp.submission);
                view! { <b class="state approved">{text}</b> }.into_any()
            }
            false if file.is_erased() => {
                view! { <b class="state back">"▲ 盖章件的内容已清除，不再作数"</b> }.into_any()
            }
            false => view! { <b class="state back">{format!("▲ {}", stamp.void())}</b> }.into_any(),
        });
        let waits = (file.step == FileStep::Attach)
            .then(|| view! { <span class="subtitle">{format!("{}时一并送出", self.subject.handing_in())}</span> });
        let withdraw = (file.step == FileStep::Attach && self.takes.is_some()).then(|| {
            view! {
                <form method="post" enctype="multipart/form-data" action=links::evidence(&self.plan.id) class="step">
                    {self.hidden()}
                    <input type="hidden" name=field::ACT value=WITHDRAW />
                    <input type="hidden" name=field::NUMBER value=file.number.to_string() />
                    <button type="submit" class="second">
                        "撤回"
                    </button>
                </form>
            }
        });
        let name = match file.is_erased() {
            true => view! { <s>{file.name.clone()}</s> }.into_any(),
            false => view! {
                <a href=links::evidence_file(&self.plan.id, file.number) download>
                    {file.name.clone()}
                </a>
            }
            .into_any(),
        };
        view! {
            <li>
                {name} {stamp}
                <span class="subtitle">{said}</span>
                <code>{format!("SHA-256 {}", file.sha256)}</code>
                {waits}
                {withdraw}
                {self.erasure(file)}
            </li>
        }
        .into_any()
    }

    /// That a content was emptied or is to be, and what whoever asks may do about it.
    fn erasure(&self, file: &Evidence) -> AnyView {
        let (office, unit) = (Object::office(self.plan.region.id()), Object::unit(self.plan.region.id(), self.unit));
        let backend = backend();
        let viewer = backend.viewer();
        let may = |object| viewer.as_ref().filter(|viewer| viewer.may(Action::EraseEvidence, object).is_ok());
        let posted = use_context::<Posted>().unwrap_or_default();
        let number = file.number.to_string();
        let is_back = |act: &str| posted.text(field::ACT) == act && posted.text(field::NUMBER) == number;
        let typed = |act: &str| if is_back(act) { posted.text(field::REASON).to_owned() } else { String::new() };
        let form = |act: &'static str, label: &'static str, button: &'static str| {
            view! {
                <form method="post" enctype="multipart/form-data" action=links::evidence(&self.plan.id) class="stacked">
                    {self.hidden()}
                    <input type="hidden" name=field::ACT value=act />
                    <input type="hidden" name=field::NUMBER value=number.clone() />
                    {(!label.is_empty()).then(|| plain_box(field::REASON, label, &typed(act)))}
                    <button type="submit" class="second">
                        {button}
                    </button>
                </form>
            }
        };
        if let Some((asked, done)) = file.erasure.as_ref().and_then(|asked| Some((asked, asked.answer.as_ref()?)))
            && done.erased
        {
            let (reason, at) = (&asked.reason, moment(done.at));
            let said = format!("内容已清除：{reason}（{}申请，{}确认，{at}）", asked.actor, done.actor);
            return view! { <span class="subtitle">{said}</span> }.into_any();
        }
        let Some(asked) = file.erasure_asked() else {
            let left = file.erasure.as_ref().and_then(|asked| asked.answer.as_ref()).map(|left| {
                let said = format!("申请清除，没有清除：{}（{}，{}）", left.words, left.actor, moment(left.at));
                view! { <span class="subtitle">{said}</span> }
            });
            let ask = may(office).filter(|_| file.is_handed_in()).map(|_| {
                view! {
                    <details open=is_back(ASK_ERASURE)>
                        <summary>"清除内容"</summary>
                        <p>
                            {ERASURE}
                        </p>
                        {form(ASK_ERASURE, "清除的理由（必填，不写个人姓名、证件号）", "申请清除")}
                    </details>
                }
            });
            return view! {
                {left}
                {ask}
            }
            .into_any();
        };
        let said = format!("{}于{}申请清除内容：{}", asked.actor, moment(asked.at), asked.reason);
        let own = viewer.as_ref().is_some_and(|viewer| viewer.account.id == asked.account);
        let acts = may(unit).map(|_| {
            let erase = (!own).then(|| form(ERASE, "", "确认清除"));
            view! {
                {erase}
                {form(LEAVE, "不清除的理由（必填，不写个人姓名、证件号）", if own { "撤回申请" } else { "不清除" })}
            }
        });
        view! {
            <span class="state back">{said}</span>
            {acts}
        }
        .into_any()
    }

    fn form(&self, step: FileStep) -> AnyView {
        let posted = use_context::<Posted>().unwrap_or_default();
        let is_back = posted.text(field::SUBJECT) == self.subject.id() && posted.text(field::UNIT) == self.unit;
        let id = format!("file-{}", links::evidence_id(self.subject, self.unit));
        let endings: Vec<String> = FileKind::ALL.into_iter().map(|kind| format!(".{}", kind.id())).collect();
        let accept = format!("{},.jpeg", endings.join(","));
        let handing_in = self.subject.handing_in();
        let rule = match step {
            FileStep::Attach if matches!(self.subject, Subject::Return(_)) => {
                format!("{handing_in}之前可以撤回，之后只能补充；盖章扫描件请在提交以后上传。")
            }
            FileStep::Attach => format!("{handing_in}之前可以撤回，之后只能补充。"),
            _ => format!("已经{handing_in}，材料只能补充，上传之后不能撤回。"),
        };
        let stamped = (matches!(self.subject, Subject::Return(_)) && self.handed_in.is_some()).then(|| {
            let ticked = is_back && posted.text(field::STAMPED) == "on";
            view! {
                <label class="tick">
                    <input type="checkbox" name=field::STAMPED value="on" checked=ticked />
                    "是报送表的盖章扫描件，与现在提交的数据一致"
                </label>
            }
        });
        view! {
            <form
                class="upload evidence-form"
                method="post"
                enctype="multipart/form-data"
                action=links::evidence(&self.plan.id)
            >
                {self.hidden()}
                <label for=id.clone()>{format!("{}。{rule}", what_is_taken())}</label>
                <input id=id type="file" name=field::FILE accept=accept />
                {stamped}
                <button type="submit" class="second">
                    "上传"
                </button>
            </form>
        }
        .into_any()
    }
}
