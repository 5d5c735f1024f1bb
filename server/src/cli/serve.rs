//! `jigai serve`.

use clap::Args;

use super::database::{DatabaseArguments, block_on};
use super::{Outcome, print};

#[derive(Args)]
pub(super) struct ServeArguments {
    /// 装入演示数据（只在空数据库里）
    #[arg(long)]
    demo: bool,
    #[command(flatten)]
    database: DatabaseArguments,
}

pub(super) fn run(arguments: ServeArguments) -> Outcome {
    block_on(async move {
        let store = arguments.database.open().await?;
        if arguments.demo {
            crate::demo::load(&store, &|sentence| eprintln!("{sentence}")).await?;
        }
        print("ok")
    })
}
