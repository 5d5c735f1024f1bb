//! `jigai plan confirm PLAN [--sha256 DIGEST | --drop]`: the second of two persons.

use clap::Args;
use domain::calendar::moment;
use domain::rights::{Action, Object};
use office::commands::keep_plan::DecideRevision;
use office::facts::{Decision, PlanProposal};
use office::plan_changes::changes;
use store::{Access, Store};

use super::database::{ActingArguments, DatabaseArguments, plan};
use super::outcome::{Failure, Outcome, for_terminal, print};

#[derive(Args)]
pub(super) struct ConfirmArguments {
    /// 计划的 id，例如 fuzhou-2021
    plan: String,
    /// 确认：抄上不写这一项时打印的摘要，确认的就是那一份；只看不确认时不写
    #[arg(long, value_name = "SHA256")]
    sha256: Option<String>,
    /// 取消这个修订
    #[arg(long, conflicts_with = "sha256")]
    drop: bool,
    #[command(flatten)]
    acting: ActingArguments,
    #[command(flatten)]
    database: DatabaseArguments,
}

pub(super) fn run(arguments: ConfirmArguments) -> Outcome {
    let database = arguments.database.clone();
    database.run(Access::Existing, |store| decide(store, arguments))
}

async fn decide(store: Store, arguments: ConfirmArguments) -> Outcome {
    let version = plan(&store, &arguments.plan).await?;
    let id = version.plan.id.clone();
    let who = arguments.acting.who(&store, Action::ConfirmPlan, Object::office(version.plan.region.id())).await?;
    let last = store.read().await?.plan_proposal(&id).await?;
    let Some(open) = last.filter(PlanProposal::is_open) else {
        return Err(Failure::input(format!("{id} 没有在等确认的修订")));
    };
    let (decision, sha256) = match (arguments.drop, arguments.sha256) {
        (true, _) => (Decision::Dropped, open.sha256),
        (false, Some(sha256)) => (Decision::Confirmed, sha256.trim().to_lowercase()),
        (false, None) => {
            let before = version.own_words().map(|(plan, _)| plan);
            let changes = before.zip(open.plan()).map(|(before, after)| changes(&before, &after)).unwrap_or_default();
            let head = format!(
                "{}　{}提出，{}：{}；与第 {} 版相比：",
                open.actor,
                moment(open.at),
                open.file_name,
                open.reason,
                version.version
            );
            let how = format!("确认请加 --sha256 {}，取消请加 --drop", open.sha256);
            let lines: Vec<String> = [head].into_iter().chain(changes).chain([how]).collect();
            return print(&for_terminal(&lines.join("\n")));
        }
    };
    let version = store.carry_out(DecideRevision { plan: id.clone(), decision, sha256 }, who).await?;
    print(&match decision {
        Decision::Confirmed => format!("{id}：修订已确认，第 {version} 版生效；旧版保留"),
        _ => format!("{id}：修订已取消，仍用第 {version} 版"),
    })
}
