//! `jigai head [--out FILE]`: the trail's head, signed, to be kept where nobody who writes the database can reach.

use std::path::PathBuf;

use clap::Args;

use super::database::DatabaseArguments;
use super::export::{refuse_existing, write_new};
use super::outcome::{Failure, Outcome, print};
use crate::clock::Clock;
use crate::head::SignedHead;
use crate::signing::Signer;
use store::Access;

#[derive(Args)]
pub(super) struct HeadArguments {
    /// 写到这个文件；不写则打印。已有同名文件时拒绝
    #[arg(long, short)]
    out: Option<PathBuf>,
    #[command(flatten)]
    database: DatabaseArguments,
}

pub(super) fn run(arguments: HeadArguments) -> Outcome {
    let database = arguments.database.location()?.describe();
    let signer = Signer::new(&arguments.database.data);
    arguments.database.run(Access::AsItIs, |store| async move {
        let head = store.read().await?.head().await?;
        if head.seq == 0 {
            return Err(Failure::input("数据库里还没有审计记录"));
        }
        let signed =
            SignedHead::new(&signer, head, database, Clock::from_environment().now()).map_err(Failure::Other)?;
        let file = signed.file().map_err(Failure::Other)?;
        let Some(out) = arguments.out else { return print(&file) };
        refuse_existing(&out)?;
        write_new(&out, file.as_bytes())?;
        let said = &signed.said;
        print(&format!(
            "已写入 {}：审计链第 {} 条 {}\n请交给别人保管、签字或加盖时间戳；以后可查：jigai verify --contains {}",
            out.display(),
            said.seq,
            said.hash,
            out.display()
        ))
    })
}
