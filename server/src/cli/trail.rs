//! `jigai trail`: the audit trail, or the trail of views, as JSON lines.

use super::database::DatabaseArguments;
use super::outcome::{Outcome, print};
use crate::trail::Trail;
use store::Access;

#[derive(clap::Args)]
pub(super) struct TrailArguments {
    /// 只要序号大于它的审计记录，例如上次导到的最后一条
    #[arg(long, value_name = "SEQ", default_value_t = 0, conflicts_with = "views")]
    after: i64,
    /// 查看记录：哪一天谁看过哪些可能含有未发布数据的页面
    #[arg(long)]
    views: bool,
    #[command(flatten)]
    database: DatabaseArguments,
}

pub(super) fn run(arguments: TrailArguments) -> Outcome {
    arguments.database.run(Access::AsItIs, |store| async move {
        let mut trail = match arguments.views {
            true => Trail::Views { after: 0 },
            false => Trail::Chain { after: arguments.after },
        };
        while let Some((lines, next)) = trail.next(&store).await? {
            print(&lines)?;
            trail = next;
        }
        Ok(())
    })
}
