//! `jigai verify` and `jigai migrate`.

use super::database::DatabaseArguments;
use super::{Failure, Outcome, print};
use crate::store::Access;

#[derive(clap::Args)]
pub(super) struct VerifyArguments {
    #[command(flatten)]
    database: DatabaseArguments,
}

pub(super) fn run(arguments: VerifyArguments) -> Outcome {
    arguments.database.run(Access::AsItIs, |store| async move {
        match store.verify().await? {
            Ok(proved) => print(&format!(
                "核验通过：审计记录 {} 条，报送数据 {} 行，计划 {} 版，通报 {} 版，均与哈希链一致\n链尾 {}",
                proved.entries, proved.figures, proved.plans, proved.editions, proved.head
            )),
            Err(altered) => Err(Failure::Other(format!("核验不通过：{altered}"))),
        }
    })
}

/// Brings the database to this program's form; opening does the work.
pub(super) fn migrate(arguments: VerifyArguments) -> Outcome {
    let location = arguments.database.location()?;
    arguments.database.run(Access::Create, |_| async move { print(&format!("{} 已就绪", location.describe())) })
}
