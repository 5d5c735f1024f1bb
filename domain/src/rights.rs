//! Who may do what: one table of role × action × scope × state. Whatever is not in it is refused.
//!
//! The basis is GB/T 22239-2019, 8.1.4.2 访问控制: rights belong to posts, administrators are three separate ones, and
//! none of them may touch a figure.

use serde::{Deserialize, Serialize};

use crate::region::RegionId;
use crate::workflow::State;

/// What a post is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    CountyReporter,
    CountyApprover,
    CityReviewer,
    Publisher,
    Leader,
    /// A leader whom the documents name beside a unit or a project (挂钩领导): he reads what is paired with the post.
    Official,
    /// A department that reads and signs (效能办、统计局): what is published, and results that were closed.
    Observer,
    /// 财政部门: reads and signs as an observer does; what support pays is its own business.
    Finance,
    SystemAdmin,
    SecurityAdmin,
    AuditAdmin,
}

impl Role {
    pub const ALL: [Role; 11] = [
        Role::CountyReporter,
        Role::CountyApprover,
        Role::CityReviewer,
        Role::Publisher,
        Role::Leader,
        Role::Official,
        Role::Observer,
        Role::Finance,
        Role::SystemAdmin,
        Role::SecurityAdmin,
        Role::AuditAdmin,
    ];

    /// As stored and as written on the command line.
    pub fn id(self) -> &'static str {
        match self {
            Role::CountyReporter => "county_reporter",
            Role::CountyApprover => "county_approver",
            Role::CityReviewer => "city_reviewer",
            Role::Publisher => "publisher",
            Role::Leader => "leader",
            Role::Official => "official",
            Role::Observer => "observer",
            Role::Finance => "finance",
            Role::SystemAdmin => "system_admin",
            Role::SecurityAdmin => "security_admin",
            Role::AuditAdmin => "audit_admin",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.id() == text)
    }

    pub fn name(self) -> &'static str {
        match self {
            Role::CountyReporter => "县级填报员",
            Role::CountyApprover => "县级审核人",
            Role::CityReviewer => "市级审核员",
            Role::Publisher => "发布人",
            Role::Leader => "领导",
            Role::Official => "挂钩领导",
            Role::Observer => "阅签部门",
            Role::Finance => "财政部门",
            Role::SystemAdmin => "系统管理员",
            Role::SecurityAdmin => "安全管理员",
            Role::AuditAdmin => "审计管理员",
        }
    }

    /// Behind the name of a place: `福清市填报员`.
    pub fn short_name(self) -> &'static str {
        match self {
            Role::CountyReporter => "填报员",
            Role::CountyApprover => "审核人",
            Role::CityReviewer => "审核员",
            other => other.name(),
        }
    }

    /// The posts of one unit.
    pub fn is_county(self) -> bool {
        matches!(self, Role::CountyReporter | Role::CountyApprover)
    }

    /// The posts of departments beside the office: each is named after its department.
    pub fn is_department(self) -> bool {
        matches!(self, Role::Observer | Role::Finance)
    }

    /// The posts of the office that splits the target: they see what is not published yet.
    pub fn is_office(self) -> bool {
        matches!(self, Role::CityReviewer | Role::Publisher)
    }

    /// The posts that take note of what is published, by their signature (签收).
    pub fn signs(self) -> bool {
        TABLE.iter().any(|right| right.role == self && right.action == Action::SignReceipt)
    }

    /// A new way into such a post takes two people: everybody but who only reads what is published.
    pub fn takes_two_to_reset(self) -> bool {
        self != Role::Leader
    }

    pub fn is_admin(self) -> bool {
        matches!(self, Role::SystemAdmin | Role::SecurityAdmin | Role::AuditAdmin)
    }
}

/// Everything somebody can ask the program to do or show that not everybody may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Action {
    /// Figures in force that no edition holds yet.
    ReadUnpublished,
    /// The form of a unit, its receipt and its history.
    ReadReturn,
    /// 证明材料: files with a return, a request, a self-assessment, an objection, a task.
    ReadEvidence,
    AttachEvidence,
    /// 清除材料内容: asked for by the office, confirmed by another of it or of the unit.
    EraseEvidence,
    SaveDraft,
    Submit,
    Withdraw,
    SignOff,
    TakeBack,
    SendBackToReporter,
    SendBackToCounty,
    Approve,
    AskCorrection,
    AnswerCorrection,
    /// Taking back one's own approval or sending back, for a moment.
    Undo,
    GrantException,
    /// 留言: words about a return between its unit and the office, outside of its steps.
    Message,
    /// Weekly and ten-day figures that nobody has approved: entering them, and reading those of others.
    Watch,
    ReadWatched,
    /// The statistics bureau's figures, and the stated total.
    RecordFigures,
    /// Which reading of a rule holds.
    ChooseReading,
    /// What stands on the office's paper around an edition.
    WriteLetterhead,
    /// 签收: having taken note of an edition.
    SignReceipt,
    AssessSelf,
    SignAssessment,
    Verify,
    Object,
    AnswerObjection,
    CloseAssessment,
    ImportPlan,
    /// The second of two: a revision of a plan that has returns, proposed by somebody else.
    ConfirmPlan,
    ImportReturns,
    /// Of a dated task: done, or taken back.
    ReportTask,
    /// Accepting such a report, or sending it back.
    ConfirmTask,
    /// A later day for a dated task.
    ExtendTask,
    /// Which of the units' sentences stand in a bulletin.
    PickText,
    /// The library of projects: a unit's own, an official's own, everything for the office.
    ReadProjects,
    /// Which projects are on a list, and what is known of them.
    EnterProjects,
    /// 走访: what somebody found at a project.
    VisitProject,
    /// A problem of a project with its owner and day: raised, solved, passed upwards.
    HandleMatter,
    /// Its 节点 and 联系人, and asking that it leave the year's list.
    KeepProject,
    /// 会诊, 调度会.
    HoldMeeting,
    /// Claims of support policies: a unit's own, or all.
    ReadClaims,
    EnterClaim,
    /// Deciding one, confirming somebody else's decision, sending back; whoever may sees the firm's tax figure.
    DecideClaim,
    /// 财政: the firm's tax figure, and what was paid.
    PayClaim,
    /// Ledgers of funds: office and finance.
    ReadFunds,
    EnterFund,
    /// By somebody else than who entered.
    ConfirmFund,
    /// Lists of recognised firms: a unit's own, or all.
    ReadLists,
    KeepLists,
    /// Who takes over a seat of a leading group, a task force or an office.
    KeepRosters,
    /// 评选: nominations of a unit, or all.
    ReadNominations,
    Nominate,
    /// Stating how it is chosen, scoring, confirming somebody else's scores, objections and their answers.
    ScoreNominations,
    Publish,
    ManageAccounts,
    ManagePosts,
    ManagePolicy,
    KeepHolidays,
    ReadAudit,
}

impl Action {
    pub const ALL: [Action; 62] = [
        Action::ReadUnpublished,
        Action::ReadReturn,
        Action::ReadEvidence,
        Action::AttachEvidence,
        Action::EraseEvidence,
        Action::SaveDraft,
        Action::Submit,
        Action::Withdraw,
        Action::SignOff,
        Action::TakeBack,
        Action::SendBackToReporter,
        Action::SendBackToCounty,
        Action::Approve,
        Action::AskCorrection,
        Action::AnswerCorrection,
        Action::Undo,
        Action::GrantException,
        Action::Message,
        Action::Watch,
        Action::ReadWatched,
        Action::RecordFigures,
        Action::ChooseReading,
        Action::WriteLetterhead,
        Action::SignReceipt,
        Action::AssessSelf,
        Action::SignAssessment,
        Action::Verify,
        Action::Object,
        Action::AnswerObjection,
        Action::CloseAssessment,
        Action::ImportPlan,
        Action::ConfirmPlan,
        Action::ImportReturns,
        Action::ReportTask,
        Action::ConfirmTask,
        Action::ExtendTask,
        Action::PickText,
        Action::ReadProjects,
        Action::EnterProjects,
        Action::VisitProject,
        Action::HandleMatter,
        Action::KeepProject,
        Action::HoldMeeting,
        Action::ReadClaims,
        Action::EnterClaim,
        Action::DecideClaim,
        Action::PayClaim,
        Action::ReadFunds,
        Action::EnterFund,
        Action::ConfirmFund,
        Action::ReadLists,
        Action::KeepLists,
        Action::KeepRosters,
        Action::ReadNominations,
        Action::Nominate,
        Action::ScoreNominations,
        Action::Publish,
        Action::ManageAccounts,
        Action::ManagePosts,
        Action::ManagePolicy,
        Action::KeepHolidays,
        Action::ReadAudit,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Action::ReadUnpublished => "查看未发布的数据",
            Action::ReadReturn => "查看报送",
            Action::ReadEvidence => "查看证明材料",
            Action::AttachEvidence => "附证明材料",
            Action::EraseEvidence => "清除材料内容",
            Action::SaveDraft => "填报",
            Action::Submit => "提交",
            Action::Withdraw => "撤回",
            Action::SignOff => "签核",
            Action::TakeBack => "收回签核",
            Action::SendBackToReporter => "退回填报员",
            Action::SendBackToCounty => "退回单位",
            Action::Approve => "审核通过",
            Action::AskCorrection => "申请更正",
            Action::AnswerCorrection => "答复更正申请",
            Action::Undo => "撤销刚才的操作",
            Action::GrantException => "准予补报",
            Action::Message => "留言",
            Action::Watch => "填监测数",
            Action::ReadWatched => "查看监测数",
            Action::RecordFigures => "登记统计部门数和总数",
            Action::ChooseReading => "确定条款读法",
            Action::WriteLetterhead => "填写公文稿头",
            Action::SignReceipt => "签收通报",
            Action::AssessSelf => "年终自评",
            Action::SignAssessment => "签核年终自评",
            Action::Verify => "年终核验",
            Action::Object => "提出异议",
            Action::AnswerObjection => "答复异议",
            Action::CloseAssessment => "办结考核",
            Action::ImportPlan => "新建和修订计划",
            Action::ConfirmPlan => "确认计划的修订",
            Action::ImportReturns => "导入报送数据",
            Action::ReportTask => "报告限时任务",
            Action::ConfirmTask => "确认或退回限时任务",
            Action::ExtendTask => "准予限时任务延期",
            Action::PickText => "选编文字材料",
            Action::ReadProjects => "查看项目库",
            Action::EnterProjects => "录入和修订项目",
            Action::VisitProject => "登记走访",
            Action::HandleMatter => "办理交办事项",
            Action::KeepProject => "登记节点和联系人、申请退库",
            Action::HoldMeeting => "登记会诊和调度会",
            Action::ReadClaims => "查看奖补申报",
            Action::EnterClaim => "填报奖补申报",
            Action::DecideClaim => "决定奖补",
            Action::PayClaim => "登记税收数和兑付",
            Action::ReadFunds => "查看资金台账",
            Action::EnterFund => "登记资金台账",
            Action::ConfirmFund => "确认资金台账",
            Action::ReadLists => "查看认定名单",
            Action::KeepLists => "登记认定名单",
            Action::KeepRosters => "登记机构名单的变动",
            Action::ReadNominations => "查看评选推荐",
            Action::Nominate => "推荐参加评选",
            Action::ScoreNominations => "组织评选、打分",
            Action::Publish => "发布通报",
            Action::ManageAccounts => "管理账号",
            Action::ManagePosts => "管理岗位",
            Action::ManagePolicy => "管理安全策略",
            Action::KeepHolidays => "登记放假安排",
            Action::ReadAudit => "查看审计记录",
        }
    }
}

/// How far a right reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// The post's own unit, under its own office.
    Unit,
    /// Everything of the post's own office.
    Office,
    /// What belongs to no office.
    System,
}

/// One line of the table: `role` may do `action` within `scope` while a return is in one of `states`.
#[derive(Debug, Clone, Copy)]
pub struct Right {
    pub role: Role,
    pub action: Action,
    pub scope: Scope,
    pub states: &'static [State],
}

const fn right(role: Role, action: Action, scope: Scope, states: &'static [State]) -> Right {
    Right { role, action, scope, states }
}

const ANY: &[State] = &State::ALL;
const EDITABLE: &[State] = &[State::Draft, State::SentBack];
/// What has left the county once: before that, its drafts are its own.
const HANDED_IN: &[State] =
    &[State::Submitted, State::Signed, State::SentBack, State::Approved, State::CorrectionAsked];

/// The table.
pub const TABLE: [Right; 120] = [
    right(Role::CountyReporter, Action::ReadReturn, Scope::Unit, ANY),
    right(Role::CountyReporter, Action::ReadEvidence, Scope::Unit, ANY),
    right(Role::CountyReporter, Action::AttachEvidence, Scope::Unit, ANY),
    right(Role::CountyReporter, Action::SaveDraft, Scope::Unit, EDITABLE),
    right(Role::CountyReporter, Action::Submit, Scope::Unit, EDITABLE),
    right(Role::CountyReporter, Action::Withdraw, Scope::Unit, &[State::Submitted]),
    right(Role::CountyReporter, Action::AskCorrection, Scope::Unit, &[State::Approved]),
    right(Role::CountyReporter, Action::Message, Scope::Unit, ANY),
    right(Role::CountyReporter, Action::Watch, Scope::Unit, ANY),
    right(Role::CountyReporter, Action::ReadWatched, Scope::Unit, ANY),
    right(Role::CountyReporter, Action::SignReceipt, Scope::Unit, ANY),
    right(Role::CountyReporter, Action::AssessSelf, Scope::Unit, ANY),
    right(Role::CountyApprover, Action::SignAssessment, Scope::Unit, ANY),
    right(Role::CountyReporter, Action::Object, Scope::Unit, ANY),
    right(Role::CountyReporter, Action::ReportTask, Scope::Unit, ANY),
    right(Role::CountyReporter, Action::ReadProjects, Scope::Unit, ANY),
    right(Role::CountyReporter, Action::VisitProject, Scope::Unit, ANY),
    right(Role::CountyReporter, Action::HandleMatter, Scope::Unit, ANY),
    right(Role::CountyReporter, Action::KeepProject, Scope::Unit, ANY),
    right(Role::CountyReporter, Action::ReadClaims, Scope::Unit, ANY),
    right(Role::CountyReporter, Action::EnterClaim, Scope::Unit, ANY),
    right(Role::CountyReporter, Action::ReadLists, Scope::Unit, ANY),
    right(Role::CountyReporter, Action::ReadNominations, Scope::Unit, ANY),
    right(Role::CountyReporter, Action::Nominate, Scope::Unit, ANY),
    right(Role::CountyApprover, Action::ReadReturn, Scope::Unit, ANY),
    right(Role::CountyApprover, Action::ReadEvidence, Scope::Unit, ANY),
    right(Role::CountyApprover, Action::EraseEvidence, Scope::Unit, ANY),
    right(Role::CountyApprover, Action::Message, Scope::Unit, ANY),
    right(Role::CountyApprover, Action::ReadWatched, Scope::Unit, ANY),
    right(Role::CountyApprover, Action::SignReceipt, Scope::Unit, ANY),
    right(Role::CountyApprover, Action::Object, Scope::Unit, ANY),
    right(Role::CountyApprover, Action::SignOff, Scope::Unit, &[State::Submitted]),
    right(Role::CountyApprover, Action::SendBackToReporter, Scope::Unit, &[State::Submitted]),
    right(Role::CountyApprover, Action::TakeBack, Scope::Unit, &[State::Signed]),
    right(Role::CountyApprover, Action::ReadProjects, Scope::Unit, ANY),
    right(Role::CountyApprover, Action::ReadClaims, Scope::Unit, ANY),
    right(Role::CountyApprover, Action::ReadLists, Scope::Unit, ANY),
    right(Role::CountyApprover, Action::ReadNominations, Scope::Unit, ANY),
    right(Role::CityReviewer, Action::ReadUnpublished, Scope::Office, ANY),
    right(Role::CityReviewer, Action::ReadWatched, Scope::Office, ANY),
    right(Role::CityReviewer, Action::ReadReturn, Scope::Office, HANDED_IN),
    right(Role::CityReviewer, Action::ReadEvidence, Scope::Office, HANDED_IN),
    right(Role::CityReviewer, Action::EraseEvidence, Scope::Office, ANY),
    right(Role::CityReviewer, Action::Approve, Scope::Office, &[State::Signed]),
    right(Role::CityReviewer, Action::SendBackToCounty, Scope::Office, &[State::Signed]),
    right(Role::CityReviewer, Action::AnswerCorrection, Scope::Office, &[State::CorrectionAsked]),
    right(Role::CityReviewer, Action::Undo, Scope::Office, &[State::Approved, State::SentBack]),
    right(Role::CityReviewer, Action::GrantException, Scope::Office, ANY),
    right(Role::CityReviewer, Action::Message, Scope::Office, HANDED_IN),
    right(Role::CityReviewer, Action::RecordFigures, Scope::Office, ANY),
    right(Role::CityReviewer, Action::ChooseReading, Scope::Office, ANY),
    right(Role::CityReviewer, Action::WriteLetterhead, Scope::Office, ANY),
    right(Role::CityReviewer, Action::Verify, Scope::Office, ANY),
    right(Role::CityReviewer, Action::AnswerObjection, Scope::Office, ANY),
    right(Role::CityReviewer, Action::CloseAssessment, Scope::Office, ANY),
    right(Role::CityReviewer, Action::ImportPlan, Scope::Office, ANY),
    right(Role::CityReviewer, Action::ConfirmPlan, Scope::Office, ANY),
    right(Role::CityReviewer, Action::ImportReturns, Scope::Office, ANY),
    // For units without a post of their own; somebody else confirms.
    right(Role::CityReviewer, Action::ReportTask, Scope::Office, ANY),
    right(Role::CityReviewer, Action::ConfirmTask, Scope::Office, ANY),
    right(Role::CityReviewer, Action::ExtendTask, Scope::Office, ANY),
    right(Role::CityReviewer, Action::PickText, Scope::Office, ANY),
    right(Role::CityReviewer, Action::ReadProjects, Scope::Office, ANY),
    right(Role::CityReviewer, Action::EnterProjects, Scope::Office, ANY),
    right(Role::CityReviewer, Action::VisitProject, Scope::Office, ANY),
    right(Role::CityReviewer, Action::HandleMatter, Scope::Office, ANY),
    right(Role::CityReviewer, Action::KeepProject, Scope::Office, ANY),
    right(Role::CityReviewer, Action::HoldMeeting, Scope::Office, ANY),
    right(Role::CityReviewer, Action::ReadClaims, Scope::Office, ANY),
    // For units without a post of their own.
    right(Role::CityReviewer, Action::EnterClaim, Scope::Office, ANY),
    right(Role::CityReviewer, Action::DecideClaim, Scope::Office, ANY),
    right(Role::CityReviewer, Action::ReadFunds, Scope::Office, ANY),
    right(Role::CityReviewer, Action::EnterFund, Scope::Office, ANY),
    right(Role::CityReviewer, Action::ConfirmFund, Scope::Office, ANY),
    right(Role::CityReviewer, Action::ReadLists, Scope::Office, ANY),
    right(Role::CityReviewer, Action::KeepLists, Scope::Office, ANY),
    right(Role::CityReviewer, Action::KeepRosters, Scope::Office, ANY),
    right(Role::CityReviewer, Action::ReadNominations, Scope::Office, ANY),
    right(Role::CityReviewer, Action::Nominate, Scope::Office, ANY),
    right(Role::CityReviewer, Action::ScoreNominations, Scope::Office, ANY),
    right(Role::Publisher, Action::ReadUnpublished, Scope::Office, ANY),
    right(Role::Publisher, Action::ReadWatched, Scope::Office, ANY),
    right(Role::Publisher, Action::ReadReturn, Scope::Office, HANDED_IN),
    right(Role::Publisher, Action::EraseEvidence, Scope::Office, ANY),
    right(Role::Publisher, Action::ConfirmTask, Scope::Office, ANY),
    right(Role::Publisher, Action::PickText, Scope::Office, ANY),
    right(Role::Publisher, Action::Publish, Scope::Office, ANY),
    right(Role::Publisher, Action::ConfirmPlan, Scope::Office, ANY),
    right(Role::Publisher, Action::ChooseReading, Scope::Office, ANY),
    right(Role::Publisher, Action::WriteLetterhead, Scope::Office, ANY),
    right(Role::Publisher, Action::CloseAssessment, Scope::Office, ANY),
    right(Role::Publisher, Action::ReadProjects, Scope::Office, ANY),
    right(Role::Publisher, Action::HoldMeeting, Scope::Office, ANY),
    right(Role::Publisher, Action::ReadClaims, Scope::Office, ANY),
    right(Role::Publisher, Action::DecideClaim, Scope::Office, ANY),
    right(Role::Publisher, Action::ReadFunds, Scope::Office, ANY),
    right(Role::Publisher, Action::ConfirmFund, Scope::Office, ANY),
    right(Role::Publisher, Action::ReadLists, Scope::Office, ANY),
    right(Role::Publisher, Action::ReadNominations, Scope::Office, ANY),
    right(Role::Publisher, Action::ScoreNominations, Scope::Office, ANY),
    right(Role::Leader, Action::ReadWatched, Scope::Office, ANY),
    right(Role::Leader, Action::SignReceipt, Scope::Office, ANY),
    right(Role::Leader, Action::ReadProjects, Scope::Office, ANY),
    right(Role::Leader, Action::ReadLists, Scope::Office, ANY),
    right(Role::Leader, Action::ReadNominations, Scope::Office, ANY),
    right(Role::Official, Action::ReadProjects, Scope::Office, ANY),
    right(Role::Official, Action::VisitProject, Scope::Office, ANY),
    right(Role::Observer, Action::SignReceipt, Scope::Office, ANY),
    right(Role::Observer, Action::ReadProjects, Scope::Office, ANY),
    right(Role::Finance, Action::SignReceipt, Scope::Office, ANY),
    right(Role::Finance, Action::ReadClaims, Scope::Office, ANY),
    right(Role::Finance, Action::PayClaim, Scope::Office, ANY),
    right(Role::Finance, Action::ReadFunds, Scope::Office, ANY),
    right(Role::Finance, Action::EnterFund, Scope::Office, ANY),
    right(Role::Finance, Action::ConfirmFund, Scope::Office, ANY),
    right(Role::SystemAdmin, Action::ManageAccounts, Scope::System, ANY),
    right(Role::SystemAdmin, Action::KeepHolidays, Scope::System, ANY),
    right(Role::SecurityAdmin, Action::ManagePosts, Scope::System, ANY),
    right(Role::SecurityAdmin, Action::ManagePolicy, Scope::System, ANY),
    right(Role::AuditAdmin, Action::ReadAudit, Scope::System, ANY),
];

/// Where a post's rights hold: the region whose plan is split, and the unit of a county's post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    pub role: Role,
    pub office: Option<RegionId>,
    pub unit: Option<RegionId>,
}

/// What an action is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Object<'a> {
    pub office: Option<&'a str>,
    pub unit: Option<&'a str>,
    pub state: Option<State>,
}

impl<'a> Object<'a> {
    pub const SYSTEM: Object<'static> = Object { office: None, unit: None, state: None };

    pub fn office(office: &'a str) -> Self {
        Self { office: Some(office), unit: None, state: None }
    }

    /// A unit's own, whatever its returns are at.
    pub fn unit(office: &'a str, unit: &'a str) -> Self {
        Self { office: Some(office), unit: Some(unit), state: None }
    }

    pub fn of_unit(office: &'a str, unit: &'a str, state: State) -> Self {
        Self { office: Some(office), unit: Some(unit), state: Some(state) }
    }
}

/// Why something is refused; the first that applies, so that nobody learns of another unit's state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// No post of this role may.
    Role,
    /// Another unit's, or another office's.
    Scope,
    /// Not while the return is in this state.
    State(State),
}

/// Asks the table.
pub fn permitted(post: &Reach, action: Action, object: Object<'_>) -> Result<(), Refusal> {
    let Some(right) = TABLE.iter().find(|right| right.role == post.role && right.action == action) else {
        return Err(Refusal::Role);
    };
    let same = |own: &Option<RegionId>, asked: Option<&str>| own.is_some() && own.as_deref() == asked;
    let within = match right.scope {
        Scope::System => true,
        Scope::Office => same(&post.office, object.office),
        Scope::Unit => same(&post.office, object.office) && same(&post.unit, object.unit),
    };
    match object.state {
        _ if !within => Err(Refusal::Scope),
        Some(state) if !right.states.contains(&state) => Err(Refusal::State(state)),
        _ => Ok(()),
    }
}

/// The roles that may, for the sentence of a refusal.
pub fn who_may(action: Action) -> Vec<&'static str> {
    TABLE.iter().filter(|right| right.action == action).map(|right| right.role.name()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn post(role: Role) -> Reach {
        Reach {
            role,
            office: (!role.is_admin()).then(|| "350100".to_owned()),
            unit: role.is_county().then(|| "350181".to_owned()),
        }
    }

    #[test]
    fn administrators_touch_no_figure() {
        for role in Role::ALL.into_iter().filter(|role| role.is_admin()) {
            let actions: Vec<Action> =
                TABLE.iter().filter(|right| right.role == role).map(|right| right.action).collect();
            let harmless = [
                Action::ManageAccounts,
                Action::ManagePosts,
                Action::ManagePolicy,
                Action::KeepHolidays,
                Action::ReadAudit,
            ];
            assert!(actions.iter().all(|action| harmless.contains(action)), "{role:?}: {actions:?}");
        }
    }

    #[test]
    fn a_county_sees_and_touches_only_itself() {
        let elsewhere =
            [Object::of_unit("350100", "350121", State::Draft), Object::of_unit("350200", "350181", State::Draft)];
        for role in [Role::CountyReporter, Role::CountyApprover] {
            for action in Action::ALL {
                for object in elsewhere {
                    assert!(permitted(&post(role), action, object).is_err(), "{role:?} {action:?} {object:?}");
                }
            }
        }
        assert_eq!(
            permitted(
                &post(Role::CountyReporter),
                Action::SaveDraft,
                Object::of_unit("350100", "350181", State::Draft)
            ),
            Ok(())
        );
    }

    #[test]
    fn departments_sign_read_the_projects_and_pay_at_most() {
        for role in Role::ALL.into_iter().filter(|role| role.is_department()) {
            for action in Action::ALL {
                let may = permitted(&post(role), action, Object::office("350100")).is_ok();
                let own = match role {
                    Role::Observer => action == Action::ReadProjects,
                    _ => {
                        let funds = [Action::ReadFunds, Action::EnterFund, Action::ConfirmFund];
                        matches!(action, Action::ReadClaims | Action::PayClaim) || funds.contains(&action)
                    }
                };
                assert_eq!(may, action == Action::SignReceipt || own, "{role:?} {action:?}");
                assert!(permitted(&post(role), action, Object::office("350200")).is_err(), "{role:?} {action:?}");
            }
        }
    }

    #[test]
    fn only_the_county_changes_its_figure() {
        let writers: Vec<Role> =
            TABLE.iter().filter(|right| right.action == Action::SaveDraft).map(|right| right.role).collect();
        assert_eq!(writers, [Role::CountyReporter]);
    }

    #[test]
    fn nobody_signs_what_he_submits() {
        for role in Role::ALL {
            let may = |action| TABLE.iter().any(|right| right.role == role && right.action == action);
            let steps = [Action::Submit, Action::SignOff, Action::Approve, Action::Publish]
                .into_iter()
                .filter(|&action| may(action));
            assert!(steps.count() <= 1, "{role:?}");
        }
    }

    #[test]
    fn no_line_is_there_twice() {
        for (index, one) in TABLE.iter().enumerate() {
            assert!(
                !TABLE[index + 1..].iter().any(|other| other.role == one.role && other.action == one.action),
                "{one:?}"
            );
        }
    }
}
