//! Reading the files a command names, with every problem as `FILE:LINE: sentence`.

use clap::Args;
use domain::assessment::{Compare, CompletedWhen, Reading, Rules, Ties};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use documents::returns::ReturnsFile;
use domain::Problem;
use domain::month::Period;
use domain::plan::{Goal, Plan};

use super::outcome::{Failure, tell};

/// A plan file, a returns file and a period.
#[derive(Args)]
pub(super) struct FilesArguments {
    /// 计划文件（.plan.toml）
    #[arg(long)]
    pub(super) plan: PathBuf,
    /// 报送文件（CSV，UTF-8 或 GB18030）
    #[arg(long)]
    pub(super) returns: PathBuf,
    /// 期间，例如 2021-05 表示 2021年1—5月
    #[arg(long)]
    pub(super) period: String,
    /// 目标的 id；默认为第一个考核目标
    #[arg(long)]
    pub(super) goal: Option<String>,
    #[command(flatten)]
    pub(super) rules: RuleArguments,
}

/// Settings of the rule, in place of the plan's.
#[derive(Args, Clone, Copy)]
pub(super) struct RuleArguments {
    /// 读法：rank_then_filter、filter_then_rank、mixed
    #[arg(long, value_parser = str::parse::<Reading>)]
    reading: Option<Reading>,
    /// 并列：share_place、completion、split_points
    #[arg(long, value_parser = str::parse::<Ties>)]
    ties: Option<Ties>,
    /// 比较：exact，或百分数的小数位数
    #[arg(long, value_parser = str::parse::<Compare>)]
    compare: Option<Compare>,
    /// 何为完成：value、growth、both
    #[arg(long, value_parser = str::parse::<CompletedWhen>)]
    completed_when: Option<CompletedWhen>,
}

impl RuleArguments {
    pub(super) fn over(self, rules: Rules) -> Rules {
        Rules {
            rank_by: rules.rank_by,
            reading: self.reading.unwrap_or(rules.reading),
            ties: self.ties.unwrap_or(rules.ties),
            compare: self.compare.unwrap_or(rules.compare),
            completed_when: self.completed_when.unwrap_or(rules.completed_when),
        }
    }
}

/// A file larger than this is not a plan or a month's returns.
const SIZE_LIMIT: u64 = 32 * 1024 * 1024;

pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let sentence = |what: &str| Failure::input(format!("{}: {what}", path.display()));
    let metadata = std::fs::metadata(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => sentence("没有这个文件，请核对路径"),
        _ => sentence(&format!("无法读取（{error}）")),
    })?;
    if metadata.is_dir() {
        return Err(sentence("这是文件夹，请写文件的路径"));
    }
    if metadata.len() > SIZE_LIMIT {
        return Err(sentence("文件超过 32 MB，请核对是否选错了文件"));
    }
    std::fs::read(path).map_err(|error| sentence(&format!("无法读取（{error}）")))
}

/// `FILE:LINE: sentence`, one per problem.
pub(crate) fn sentences(path: &Path, problems: &[Problem]) -> Vec<String> {
    let at = |line: usize| if line == 0 { path.display().to_string() } else { format!("{}:{line}", path.display()) };
    domain::listed(problems.iter().map(|problem| format!("{}: {}", at(problem.line), problem.message)))
}

/// The plan and the text it was read from.
pub(crate) fn plan(path: &Path) -> Result<(Plan, String), Failure> {
    let bytes = read(path)?;
    let source = documents::text::decode(&bytes).map_err(|problem| Failure::Input(sentences(path, &[problem])))?;
    let plan = domain::plan::file::parse(&source).map_err(|problems| Failure::Input(sentences(path, &problems)))?;
    Ok((plan, source))
}

pub(crate) fn name_of(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

pub(crate) fn goal<'p>(plan: &'p Plan, id: Option<&str>) -> Result<&'p Goal, Failure> {
    let Some(id) = id else { return Ok(plan.default_goal()) };
    plan.goal(id).ok_or_else(|| {
        let ids: Vec<&str> = plan.goals.iter().filter(|goal| goal.has_figure()).map(|goal| goal.id.as_str()).collect();
        Failure::input(format!("--goal {id}: 计划里没有这个目标，请写 {} 之一", ids.join("、")))
    })
}

pub(crate) fn period(plan: &Plan, text: &str) -> Result<Period, Failure> {
    let period = Period::parse(text).map_err(|error| Failure::input(format!("--period: {error}")))?;
    plan.allows(period).map_err(|message| Failure::input(format!("--period: {message}")))?;
    Ok(period)
}

/// A returns file. Unknown regions are said on standard error; all else ends the run.
pub(crate) fn returns(plan: &Plan, goal: &Goal, path: &Path) -> Result<ReturnsFile, Failure> {
    let returns = documents::returns::parse(plan, goal, &read(path)?, &name_of(path));
    if !returns.faults.is_empty() {
        return Err(Failure::Input(sentences(path, &returns.all_problems())));
    }
    for row in &returns.unknown {
        tell(&format!("{}:{}: {}", path.display(), row.line, row.message));
    }
    Ok(returns)
}

/// Everything `standings` and `what-if` read.
pub(crate) struct Loaded {
    pub(crate) plan: Plan,
    pub(crate) goal: String,
    pub(crate) period: Period,
    pub(crate) returns: ReturnsFile,
}

impl Loaded {
    pub(crate) fn read(arguments: &FilesArguments) -> Result<Self, Failure> {
        let (plan, _) = plan(&arguments.plan)?;
        let goal = goal(&plan, arguments.goal.as_deref())?;
        let period = period(&plan, &arguments.period)?;
        let returns = returns(&plan, goal, &arguments.returns)?;
        let goal = goal.id.clone();
        Ok(Self { plan, goal, period, returns })
    }

    pub(crate) fn goal(&self) -> &Goal {
        self.plan.goal(&self.goal).expect("read from this plan")
    }
}

/// Writes a file of the program's own anew, for its owner alone: the old one stands until the new one is whole.
pub(super) fn replace(file: &Path, bytes: &[u8]) -> Result<(), String> {
    let failed = |error: std::io::Error| format!("{}：{error}", file.display());
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let beside = file.with_file_name(format!(".{name}.{}", std::process::id()));
    let written = std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&beside);
    let named = written
        .and_then(|mut made| made.write_all(bytes).and_then(|()| made.sync_all()))
        .and_then(|()| std::fs::rename(&beside, file));
    named.map_err(|error| {
        let _ = std::fs::remove_file(&beside);
        failed(error)
    })
}
