//! The command line: one command per file. Exit status 0 when done, 2 for bad input, 1 for anything else.

mod average;
mod backup;
mod bulletin;
mod comparison;
pub(crate) mod database;
mod export;
mod files;
mod fund;
mod head;
mod import;
mod list;
mod outcome;
mod overview;
mod permissions;
mod plan_check;
mod plan_confirm;
mod plan_split;
mod policy;
mod post;
mod projects;
mod roster;
mod sealed;
mod selection;
mod serve;
mod set_paper;
mod sheet;
mod standings;
mod trail;
mod user;
mod verify;
mod what_if;

use std::process::ExitCode;

use outcome::{Failure, tell};

use clap::{Parser, Subcommand};

/// 技改投资目标跟踪：目标分解、月度报送、排位、通报、考核。
#[derive(Parser)]
#[command(name = "jigai", version, max_term_width = 100, subcommand_help_heading = "命令", next_help_heading = "选项")]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// 启动网站
    Serve(serve::ServeArguments),
    /// 建立或升级数据库
    Migrate(verify::MigrateArguments),
    /// 检查计划文件
    #[command(subcommand)]
    Plan(PlanCommand),
    /// 由计划文件和报送文件计算某一期的进度、排位和奖惩（不需要数据库）
    Standings(standings::StandingsArguments),
    /// 由计划文件和报送文件计算全部目标的进展和限时任务（不需要数据库）
    Overview(overview::OverviewArguments),
    /// 重点项目：由文件算出各项目进度、亮灯和名单（不需要数据库）
    #[command(subcommand)]
    Projects(projects::ProjectsCommand),
    /// 扶持政策：由文件算出各项申报的金额和依据（不需要数据库）
    #[command(subcommand)]
    Policy(policy::PolicyCommand),
    /// 认定名单：从工作簿导入、列出
    #[command(subcommand)]
    List(list::ListCommand),
    /// 资金台账：从工作簿登记、列出到某一天的合同
    #[command(subcommand)]
    Fund(fund::FundCommand),
    /// 机构名单：列出领导小组、专班、办公室到某一天的成员
    #[command(subcommand)]
    Roster(roster::RosterCommand),
    /// 评选：从工作簿登记推荐和得分、列出
    #[command(subcommand)]
    Selection(selection::SelectionCommand),
    /// 测算一个单位还差多少：完成目标、前进一位、进前三、离开后三（不需要数据库）
    WhatIf(what_if::WhatIfArguments),
    /// 导入计划或报送数据
    #[command(subcommand)]
    Import(import::ImportCommand),
    /// 预览、发布、列出通报
    #[command(subcommand)]
    Bulletin(bulletin::BulletinCommand),
    /// 年均增速按哪一种平均判断：选定、列出
    #[command(subcommand)]
    Average(average::AverageCommand),
    /// 一季一评比：预览、发布、列出、导出
    #[command(subcommand)]
    Comparison(comparison::ComparisonCommand),
    /// 导出数据库里某一期的进度和排位
    #[command(subcommand)]
    Export(export::ExportCommand),
    /// 账号：新建、停用、解锁、设密码链接、安全策略
    #[command(subcommand)]
    User(user::UserCommand),
    /// 岗位：新建、定岗、空缺
    #[command(subcommand)]
    Post(post::PostCommand),
    /// 列出权限表：每个地址谁能进，每种操作哪个岗位在什么状态下能做
    Permissions(permissions::PermissionsArguments),
    /// 备份：从一个时刻的快照做成一个文件，运行中也可以做
    Backup(backup::BackupArguments),
    /// 恢复：把备份装入一个空的数据库（两种数据库都可以）
    Restore(backup::RestoreArguments),
    /// 审计链的链头：带签名，交给别人保管；以后 jigai verify --contains 可查
    Head(head::HeadArguments),
    /// 把审计记录导出成 JSON Lines，每行一条；--views 导出查看记录
    Trail(trail::TrailArguments),
    /// 核验审计链、报送数据、计划和已发布的通报有没有被改动
    Verify(verify::VerifyArguments),
    /// 排一份公文；网站自己用
    #[command(hide = true)]
    SetPaper(set_paper::SetPaperArguments),
}

#[derive(Subcommand)]
#[command(subcommand_help_heading = "命令")]
enum PlanCommand {
    /// 列出计划内部不一致之处和文件未写明之处
    Check(plan_check::CheckArguments),
    /// 把工作簿或 CSV 里的分解表换进计划文件，打印出来
    Split(plan_split::SplitArguments),
    /// 查看、确认或取消在等第二人的修订
    Confirm(plan_confirm::ConfirmArguments),
}

/// What clap found wrong with the arguments, as a sentence, with the usage it prints.
pub(crate) fn misused(error: &clap::Error) -> ExitCode {
    use clap::error::{ContextKind, ErrorKind};
    let named =
        |kind: ContextKind| error.get(kind).map(|value| value.to_string().replace('\n', "、")).unwrap_or_default();
    let sentence = match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            let _ = error.print();
            return ExitCode::SUCCESS;
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let _ = error.print();
            return ExitCode::from(2);
        }
        ErrorKind::MissingRequiredArgument => format!("缺少参数：{}", named(ContextKind::InvalidArg)),
        ErrorKind::UnknownArgument => format!("不认识的参数 {}", named(ContextKind::InvalidArg)),
        ErrorKind::InvalidSubcommand => format!("没有这个命令：{}", named(ContextKind::InvalidSubcommand)),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let why = std::error::Error::source(error).map(|why| match why.is::<std::num::ParseIntError>() {
                true => "，请写整数".to_owned(),
                // What a library says, it says in English.
                false if why.to_string().is_ascii() => "，请核对写法".to_owned(),
                false => format!("：{why}"),
            });
            let why = why.unwrap_or_default();
            let choices = named(ContextKind::ValidValue);
            let choices = if choices.is_empty() { String::new() } else { format!("，请写 {choices} 之一") };
            format!("{} 的值“{}”不对{why}{choices}", named(ContextKind::InvalidArg), named(ContextKind::InvalidValue))
        }
        ErrorKind::ArgumentConflict => format!("{} 写了两次，或不能与其他参数同时写", named(ContextKind::InvalidArg)),
        _ => error.to_string(),
    };
    let usage = named(ContextKind::Usage).replace("Usage: ", "用法：");
    let usage = if usage.is_empty() { usage } else { usage + "\n" };
    tell(&format!("{sentence}\n{usage}加 --help 可看说明"));
    ExitCode::from(2)
}

pub(crate) fn run(arguments: Arguments) -> ExitCode {
    let outcome = match arguments.command {
        Command::Serve(arguments) => serve::run(arguments),
        Command::Migrate(arguments) => verify::migrate(arguments),
        Command::Plan(PlanCommand::Check(arguments)) => plan_check::run(&arguments),
        Command::Plan(PlanCommand::Confirm(arguments)) => plan_confirm::run(arguments),
        Command::Plan(PlanCommand::Split(arguments)) => plan_split::run(&arguments),
        Command::Standings(arguments) => standings::run(&arguments),
        Command::Overview(arguments) => overview::run(&arguments),
        Command::Projects(command) => projects::run(&command),
        Command::Policy(command) => policy::run(&command),
        Command::List(command) => list::run(command),
        Command::Fund(command) => fund::run(command),
        Command::Roster(command) => roster::run(command),
        Command::Selection(command) => selection::run(command),
        Command::WhatIf(arguments) => what_if::run(&arguments),
        Command::Import(command) => import::run(command),
        Command::Bulletin(command) => bulletin::run(command),
        Command::Average(command) => average::run(command),
        Command::Comparison(command) => comparison::run(command),
        Command::Export(command) => export::run(command),
        Command::User(command) => user::run(command),
        Command::Post(command) => post::run(command),
        Command::Permissions(arguments) => permissions::run(&arguments),
        Command::Backup(arguments) => backup::backup(arguments),
        Command::Restore(arguments) => backup::restore(arguments),
        Command::Head(arguments) => head::run(arguments),
        Command::Trail(arguments) => trail::run(arguments),
        Command::Verify(arguments) => verify::run(arguments),
        Command::SetPaper(arguments) => set_paper::run(&arguments),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Input(sentences)) => {
            sentences.iter().for_each(|sentence| tell(sentence));
            ExitCode::from(2)
        }
        Err(Failure::Other(sentence)) => {
            tell(&sentence);
            ExitCode::from(1)
        }
        Err(Failure::Unproved) => ExitCode::from(3),
    }
}
