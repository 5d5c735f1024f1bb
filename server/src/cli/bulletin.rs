//! `jigai bulletin preview|publish|list`.

use clap::{Args, Subcommand};
use domain::bulletin::{Bulletin, narrative};
use domain::rights::{Action, Object};

use super::database::{ActingArguments, DatabaseArguments, plan};
use super::files;
use super::outcome::{Failure, Format, Outcome, print};
use crate::signing::Signer;
use office::commands::publish::{Publish, Published};
use office::publishing;
use store::{Access, Store};

#[derive(Subcommand)]
#[command(subcommand_help_heading = "命令")]
pub(super) enum BulletinCommand {
    /// 预览通报：按现有数据编成，不保存
    Preview(BulletinArguments),
    /// 发布通报：冻结为一版；更正再发布为下一版，要写 --reason
    Publish(PublishArguments),
    /// 列出已发布的各版
    List(ListArguments),
}

#[derive(Args)]
pub(super) struct BulletinArguments {
    /// 计划的 id
    #[arg(long)]
    plan: String,
    /// 期间，例如 2021-05
    #[arg(long)]
    period: String,
    /// 输出格式：text 或 json
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    #[command(flatten)]
    database: DatabaseArguments,
}

#[derive(Args)]
pub(super) struct PublishArguments {
    /// 计划的 id
    #[arg(long)]
    plan: String,
    /// 期间，例如 2021-05
    #[arg(long)]
    period: String,
    /// 更正原因：这一期已发布过时必须写
    #[arg(long)]
    reason: Option<String>,
    #[command(flatten)]
    acting: ActingArguments,
    #[command(flatten)]
    database: DatabaseArguments,
}

#[derive(Args)]
pub(super) struct ListArguments {
    #[command(flatten)]
    database: DatabaseArguments,
}

pub(super) fn run(command: BulletinCommand) -> Outcome {
    match command {
        BulletinCommand::Preview(arguments) => {
            arguments.database.clone().run(Access::AsItIs, |store| preview(store, arguments))
        }
        BulletinCommand::Publish(arguments) => {
            arguments.database.clone().run(Access::Existing, |store| publish(store, arguments))
        }
        BulletinCommand::List(arguments) => arguments.database.run(Access::AsItIs, list),
    }
}

async fn preview(store: Store, arguments: BulletinArguments) -> Outcome {
    let version = plan(&store, &arguments.plan).await?;
    let period = files::period(&version.plan, &arguments.period)?;
    let bulletin = publishing::preview(&mut store.read().await?, &version.plan, period).await?;
    match arguments.format {
        Format::Json => print(&domain::canonical::to_json(&bulletin)?),
        Format::Csv => print(&documents::standings::csv(&bulletin.standings)?),
        Format::Text => print(&text(&bulletin)),
    }
}

fn text(bulletin: &Bulletin) -> String {
    let heading = &bulletin.heading;
    let mut text = format!(
        "{}\n第{}期 {}\n",
        heading.title,
        heading.issue,
        if heading.demo { "演示数据，非官方统计" } else { "" }
    );
    for paragraph in &bulletin.paragraphs {
        if !paragraph.heading.is_empty() {
            text.push_str(&format!("\n【{}】\n", paragraph.heading));
        }
        for sentence in &paragraph.sentences {
            text.push_str(&narrative::plain(sentence));
        }
        text.push('\n');
    }
    text.push('\n');
    text.push_str(&documents::standings::text(&bulletin.standings, bulletin.near));
    text
}

async fn publish(store: Store, arguments: PublishArguments) -> Outcome {
    let version = plan(&store, &arguments.plan).await?;
    let period = files::period(&version.plan, &arguments.period)?;
    let reason = arguments.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty());
    let who = arguments.acting.who(&store, Action::Publish, Object::office(version.plan.region.id())).await?;
    let key = Signer::new(&arguments.database.data).public_key().map_err(Failure::Other)?;
    let command = Publish {
        plan: version.plan.id.clone(),
        period,
        reason: reason.map(str::to_owned),
        wording: Default::default(),
        based_on: None,
        public_key: Some(key.to_string()),
    };
    let Published { edition, changes } = store.carry_out(command, who).await?;
    let mut lines =
        vec![format!("已发布 {} {} 第{}版，SHA-256 {}", edition.plan, edition.period, edition.edition, edition.sha256)];
    if let Some((replaced, changes)) = changes {
        lines.push(format!("更正第{replaced}版。{}：", domain::bulletin::diff::headline(&changes)));
        lines.extend(
            changes
                .iter()
                .map(|change| format!("  {} {}：{} → {}", change.name, change.what, change.before, change.after)),
        );
    }
    print(&lines.join("\n"))
}

async fn list(store: Store) -> Outcome {
    let editions = store.read().await?.editions().await?;
    if editions.is_empty() {
        return print("还没有发布过通报");
    }
    let line = |edition: &office::facts::EditionSummary| {
        let at = domain::calendar::at_shanghai(edition.published_at).format("%Y-%m-%d %H:%M");
        let reason = edition.reason.as_ref().map(|reason| format!("  更正：{reason}")).unwrap_or_default();
        format!(
            "{} {} 第{}版  {at}  {}  {}{reason}",
            edition.plan, edition.period, edition.edition, edition.published_by, edition.sha256
        )
    };
    print(&editions.iter().map(line).collect::<Vec<_>>().join("\n"))
}
