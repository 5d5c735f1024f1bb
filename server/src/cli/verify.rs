//! `jigai verify [PACK.zip]` and `jigai migrate`.

use std::path::{Path, PathBuf};

use super::backup::Workshop;
use super::database::{DatabaseArguments, block_on};
use super::outcome::{Failure, Outcome, for_terminal, print};
use crate::pack;
use store::{Access, Head, StoreError};

/// What a pack of an office never exceeds, packed.
const LARGEST: u64 = 512 * 1024 * 1024;

#[derive(clap::Args)]
pub(super) struct VerifyArguments {
    /// 年终考核归档包；不写则核验数据库
    pack: Option<PathBuf>,
    /// 数据库是否含有这一条审计记录：序号:哈希，抄自通报、归档包或以前的核验；可写多次
    #[arg(long, value_name = "SEQ:HASH", value_parser = head, conflicts_with = "pack")]
    contains: Vec<Head>,
    #[command(flatten)]
    database: DatabaseArguments,
}

#[derive(clap::Args)]
pub(super) struct MigrateArguments {
    #[command(flatten)]
    database: DatabaseArguments,
}

pub(super) fn run(arguments: VerifyArguments) -> Outcome {
    if let Some(file) = &arguments.pack {
        return block_on(verify_pack(file));
    }
    arguments.database.run(Access::AsItIs, |store| async move {
        let proved = store.verify().await?;
        // A chain that was cut short, or written anew from some row on, proves itself all the same.
        for head in &arguments.contains {
            if !store.read().await?.holds(head).await? {
                return Err(Failure::Other(format!(
                    "核验不通过：没有哈希为 {} 的第 {} 条审计记录；数据库不是它被抄下时的那一个，或后来的内容被换过、丢了",
                    head.hash, head.seq
                )));
            }
        }
        let indexes = match proved.indexes {
            true => "",
            false => "\n索引没有检查：请由数据库管理员在这个库里执行 CREATE EXTENSION amcheck 后再核验",
        };
        let contains = match arguments.contains.len() {
            0 => String::new(),
            count => format!("\n要找的 {count} 条审计记录都在"),
        };
        print(&format!(
            "核验通过：审计记录 {} 条，报送数据 {} 行，计划 {} 版，通报 {} 版，均与哈希链一致{contains}{indexes}\n链尾 {}\n抄在别处，以后可再查：jigai verify --contains {}:{}",
            proved.entries, proved.figures, proved.plans, proved.editions, proved.head, proved.entries, proved.head
        ))
    })
}

/// `12:9f86…`: a row's number and its hash of 64 digits.
fn head(text: &str) -> Result<Head, String> {
    let read = text.trim().split_once([':', '：']).and_then(|(seq, hash)| {
        let hash = hash.trim().to_lowercase();
        let whole = hash.len() == 64 && hash.bytes().all(|digit| digit.is_ascii_hexdigit());
        Some(Head { seq: seq.trim().parse().ok().filter(|seq| *seq > 0)?, hash: whole.then_some(hash)? })
    });
    read.ok_or_else(|| "应为“序号:哈希”，哈希是 64 位十六进制数，例如 12:9f86d081…（照通报末尾抄全）".to_owned())
}

/// Needs no database: the pack is laid out in a folder of its own, which is removed again.
async fn verify_pack(file: &Path) -> Outcome {
    let size = std::fs::metadata(file)
        .map_err(|error| Failure::input(format!("{}: 打不开（{error}）", file.display())))?
        .len();
    if size > LARGEST {
        return Err(Failure::input(format!(
            "{}: 有 {} MB，不像是归档包，没有打开",
            file.display(),
            size / 1024 / 1024
        )));
    }
    let bytes =
        std::fs::read(file).map_err(|error| Failure::input(format!("{}: 打不开（{error}）", file.display())))?;
    let workshop = Workshop::beside(&std::env::temp_dir().join("jigai-pack"))?;
    let faulty = |faults: &[String]| {
        let lines: Vec<String> = faults.iter().map(|fault| format!("{}: {}", file.display(), plain(fault))).collect();
        Failure::Other(format!("核验不通过：\n{}", lines.join("\n")))
    };
    let checked = pack::check(&bytes, workshop.path()).await.map_err(|error| match error {
        StoreError::Refused(faults) => faulty(&faults),
        StoreError::Altered(what) => faulty(&[what]),
        other => other.into(),
    })?;
    let manifest = &checked.manifest;
    let state = if manifest.closed_at.is_some() { "已办结" } else { "尚未办结，结果为预计" };
    let points: Vec<String> = checked.points.iter().map(|(name, points)| format!("{name} {points}")).collect();
    // A pack says itself what made it and in which faces: what follows from that is not proved.
    let complete = checked.uncompared.is_empty();
    let lines = [
        format!(
            "{}：{} {}年考核（{state}）{}",
            if complete { "核验通过" } else { "只核验了一部分，没有发现不符" },
            plain(&manifest.plan),
            manifest.year,
            if manifest.demo { "，演示数据" } else { "" }
        ),
        format!("{} 个文件与清单一致，清单 SHA-256 {}", checked.files, checked.digest),
        format!(
            "报送数据 {} 行，通报 {} 版，均与审计链一致，链尾第 {} 条 {}",
            checked.returns, checked.editions, manifest.audit_seq, manifest.audit_hash
        ),
        match complete {
            true => "结果通知、工作簿、推导、条款和说明页都由记录重做过，与包内相同".to_owned(),
            false => format!(
                "没有比较（由 {} 做成{}，重做会有差别；请以 result.json 和这里打印的结果为准）：{}",
                plain(&manifest.program),
                if manifest.faces.is_empty() { "" } else { "，PDF 用了本单位字体" },
                checked.uncompared.join("、")
            ),
        },
        format!(
            "由记录重算的结果与包内相同：{}",
            if points.is_empty() { "没有加减".to_owned() } else { points.join("，") }
        ),
    ];
    print(&lines.join("\n"))?;
    if complete { Ok(()) } else { Err(Failure::Unproved) }
}

/// Text of a file on a terminal: one line, and nothing that the terminal would act on.
fn plain(text: &str) -> String {
    for_terminal(text).replace(['\n', '\t'], " ")
}

/// Brings the database to this program's form; opening does the work.
pub(super) fn migrate(arguments: MigrateArguments) -> Outcome {
    let location = arguments.database.location()?;
    arguments.database.run(Access::Create, |_| async move { print(&format!("{} 已就绪", location.describe())) })
}
