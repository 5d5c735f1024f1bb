//! What a plan says about its key projects: `[[project_rule]]`, `[[project_level]]`, `[[project_window]]`.

use serde::{Deserialize, Serialize};

use super::Kind;
use crate::money::Amount;
use crate::rate::Rate;

/// The id of the rhythm in which units report their projects, one line each.
pub const RHYTHM: &str = "projects";

/// What a list asks of a project in its year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 续建
    Continued,
    /// 新开工
    Start,
    /// 竣工投产
    Finish,
    /// 前期
    Preparation,
    /// 储备
    Reserve,
}

impl Role {
    pub const ALL: [Role; 5] = [Role::Start, Role::Continued, Role::Finish, Role::Preparation, Role::Reserve];

    pub fn id(self) -> &'static str {
        match self {
            Role::Continued => "continued",
            Role::Start => "start",
            Role::Finish => "finish",
            Role::Preparation => "preparation",
            Role::Reserve => "reserve",
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Role::Continued => "续建",
            Role::Start => "新开工",
            Role::Finish => "竣工投产",
            Role::Preparation => "前期",
            Role::Reserve => "储备",
        }
    }

    /// As lists write it: 在建, 续建项目, 计划新开工, 预备, 建成投产 …; its id too.
    pub fn read(written: &str) -> Option<Self> {
        let text: String = crate::money::fold(written).chars().filter(|c| !c.is_whitespace()).collect();
        let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
        let known = Role::ALL.into_iter().find(|role| role.id() == text);
        known.or_else(|| match () {
            () if has(&["新开工", "拟开工", "新建开工", "计划开工"]) => Some(Role::Start),
            () if has(&["续建", "在建", "结转", "跨年"]) => Some(Role::Continued),
            () if has(&["竣工", "投产", "建成", "完工"]) => Some(Role::Finish),
            () if has(&["前期", "预备", "谋划"]) => Some(Role::Preparation),
            () if has(&["储备", "入库"]) => Some(Role::Reserve),
            () if text == "新建" || text == "开工" => Some(Role::Start),
            () => None,
        })
    }
}

/// What a rule looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Test {
    /// Months since the one in which it should have started, that one included, while it has not.
    StartOverdue,
    FinishOverdue,
    /// Percentage points that the year's completion lies below the pace.
    BehindPoints,
    /// The year's completion as a share of the pace, in per cent.
    PaceShare,
    /// Months without a report, up to the period.
    SilentMonths,
    /// Whole months since it started while the bureau's library does not have it.
    NotInStatistics,
    /// Whole months since it entered the list while it has not started.
    NoStartSinceEntry,
    /// Whole months since its investment last rose.
    NoProgress,
    /// Whole months since it was suspended.
    Suspended,
}

impl Test {
    pub const ALL: [Test; 9] = [
        Test::StartOverdue,
        Test::FinishOverdue,
        Test::BehindPoints,
        Test::PaceShare,
        Test::SilentMonths,
        Test::NotInStatistics,
        Test::NoStartSinceEntry,
        Test::NoProgress,
        Test::Suspended,
    ];

    pub fn word(self) -> &'static str {
        match self {
            Test::StartOverdue => "start_overdue",
            Test::FinishOverdue => "finish_overdue",
            Test::BehindPoints => "behind_points",
            Test::PaceShare => "pace_share",
            Test::SilentMonths => "silent_months",
            Test::NotInStatistics => "not_in_statistics",
            Test::NoStartSinceEntry => "no_start_since_entry",
            Test::NoProgress => "no_progress",
            Test::Suspended => "suspended",
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Test::StartOverdue => "应开未开的月数",
            Test::FinishOverdue => "应竣未竣的月数",
            Test::BehindPoints => "落后进度的百分点",
            Test::PaceShare => "完成数占进度的%",
            Test::SilentMonths => "连续没有报送的月数",
            Test::NotInStatistics => "开工后没有纳统的月数",
            Test::NoStartSinceEntry => "入库后没有开工的月数",
            Test::NoProgress => "投资没有增加的月数",
            Test::Suspended => "停建的月数",
        }
    }

    /// Its bounds are percentage points or per cent; else months.
    pub fn is_share(self) -> bool {
        matches!(self, Test::BehindPoints | Test::PaceShare)
    }

    /// What its numbers count.
    pub fn unit(self) -> &'static str {
        match self {
            Test::BehindPoints => "个百分点",
            Test::PaceShare => "%",
            _ => "个月",
        }
    }
}

/// What a rule that fires gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gives {
    /// A line on a list without a lamp.
    List,
    Yellow,
    Red,
    /// A candidate to leave the list.
    Leave,
}

impl Gives {
    pub const ALL: [Gives; 4] = [Gives::Yellow, Gives::Red, Gives::Leave, Gives::List];

    pub fn word(self) -> &'static str {
        match self {
            Gives::List => "list",
            Gives::Yellow => "yellow",
            Gives::Red => "red",
            Gives::Leave => "leave",
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Gives::List => "列入名单",
            Gives::Yellow => "黄灯",
            Gives::Red => "红灯",
            Gives::Leave => "建议退库",
        }
    }
}

/// A rule by which projects are found that lag. It fires where the number reached lies within all bounds that it names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectRule {
    pub test: Test,
    /// At least: months, percentage points or per cent, as written; points and per cent as shares of one.
    pub from: Option<Rate>,
    /// More than.
    pub over: Option<Rate>,
    /// Less than.
    pub below: Option<Rate>,
    /// Only of projects of these roles; of all without any.
    pub roles: Vec<Role>,
    /// A reason that the office accepted keeps it from firing.
    pub unless_reason: bool,
    pub gives: Gives,
    pub words: String,
    pub clause: Option<String>,
}

impl ProjectRule {
    /// Whether a number lies within its bounds.
    pub fn holds(&self, found: Rate) -> bool {
        self.from.is_none_or(|from| found >= from)
            && self.over.is_none_or(|over| found > over)
            && self.below.is_none_or(|below| found < below)
    }

    /// Whether it fires for the same projects as another rule, so that one of the two says nothing more.
    pub fn fires_alike(&self, other: &Self) -> bool {
        let looks = |rule: &Self| (rule.test, rule.from, rule.over, rule.below, rule.unless_reason);
        let lamp = |gives: Gives| matches!(gives, Gives::Yellow | Gives::Red);
        let says_more = self.gives != other.gives && !(lamp(self.gives) && lamp(other.gives));
        looks(self) == looks(other) && self.roles == other.roles && !says_more
    }

    /// `应开未开的月数 ≥ 3个月`.
    pub fn in_words(&self) -> String {
        let number = |bound: Rate| match self.test {
            Test::BehindPoints | Test::PaceShare => format!("{}{}", bound.percent_as_written(), self.test.unit()),
            _ => format!("{}{}", bound.numerator(), self.test.unit()),
        };
        let bounds = [("≥ ", self.from), ("> ", self.over), ("< ", self.below)];
        let bounds: Vec<String> =
            bounds.into_iter().filter_map(|(sign, bound)| Some(format!("{sign}{}", number(bound?)))).collect();
        format!("{} {}", self.test.name(), bounds.join("，"))
    }
}

/// A library by size: 市级项目库500万元以上, 省级项目库亿元以上.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectLevel {
    pub name: String,
    pub min_total: Option<Amount>,
    pub min_equipment: Option<Amount>,
    /// Only what has started.
    pub started: bool,
    pub clause: Option<String>,
}

/// The months in which projects enter or leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectWindow {
    pub months: Vec<u32>,
    pub enter: bool,
    pub leave: bool,
    pub clause: Option<String>,
}

/// What a goal's number counts in the library.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// On the list.
    Listed,
    Started,
    Finished,
    Produced,
    /// Total investment of what is listed, in 元.
    Total,
    /// 达产产值 of what is listed, in 元.
    Output,
    /// Invested this year, in 元.
    Invested,
    /// 开工率: of those due to start in the year so far, those started; likewise below.
    StartRate,
    /// 竣工率
    FinishRate,
    /// 投产率
    ProductionRate,
    /// 履约率: of those with any step due, those that have done every one.
    KeptRate,
}

impl Counted {
    pub const ALL: [Counted; 11] = [
        Counted::Listed,
        Counted::Started,
        Counted::Finished,
        Counted::Produced,
        Counted::Total,
        Counted::Output,
        Counted::Invested,
        Counted::StartRate,
        Counted::FinishRate,
        Counted::ProductionRate,
        Counted::KeptRate,
    ];

    pub fn word(self) -> &'static str {
        match self {
            Counted::Listed => "listed",
            Counted::Started => "started",
            Counted::Finished => "finished",
            Counted::Produced => "produced",
            Counted::Total => "total",
            Counted::Output => "output",
            Counted::Invested => "invested",
            Counted::StartRate => "start_rate",
            Counted::FinishRate => "finish_rate",
            Counted::ProductionRate => "production_rate",
            Counted::KeptRate => "kept_rate",
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Counted::Listed => "列入名单的个数",
            Counted::Started => "今年开工的个数",
            Counted::Finished => "今年竣工的个数",
            Counted::Produced => "今年投产的个数",
            Counted::Total => "列入名单的总投资",
            Counted::Output => "列入名单的达产产值",
            Counted::Invested => "今年完成的投资",
            Counted::StartRate => "开工率（已开工占应开工）",
            Counted::FinishRate => "竣工率（已竣工占应竣工）",
            Counted::ProductionRate => "投产率（已投产占应投产）",
            Counted::KeptRate => "履约率（按期做完占有到期事项的）",
        }
    }

    /// The kind of goal that it is the number of.
    pub fn kind(self) -> Kind {
        match self {
            Counted::Total | Counted::Output | Counted::Invested => Kind::Amount,
            Counted::StartRate | Counted::FinishRate | Counted::ProductionRate | Counted::KeptRate => Kind::Ratio,
            Counted::Listed | Counted::Started | Counted::Finished | Counted::Produced => Kind::Count,
        }
    }
}

/// `from_projects`: which projects a goal's number is counted from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FromProjects {
    pub count: Counted,
    pub level: Option<String>,
    pub role: Option<Role>,
    pub label: Option<String>,
    /// `figure_from = "projects"`: the count is the goal's figure; else it stands beside the stated one.
    pub judges: bool,
}

/// All that a plan says about its projects.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ProjectRules {
    pub rules: Vec<ProjectRule>,
    /// From the lowest to the highest.
    pub levels: Vec<ProjectLevel>,
    pub windows: Vec<ProjectWindow>,
    /// Whether a bulletin names the projects that lag outside the office.
    pub publish_laggards: bool,
}
