//! `jigai verify [PACK.zip]` and `jigai migrate`.

use std::path::{Path, PathBuf};

use super::backup::Workshop;
use super::database::{DatabaseArguments, block_on};
use super::files::replace;
use super::outcome::{Failure, Outcome, for_terminal, print, tell};
use crate::clock::Clock;
use crate::head::{Said, SignedHead};
use crate::pack::{self, Checked, Named, Signed};
use crate::signing::{PublicKey, Signer};
use store::{Access, Head, Store, StoreError, Verified};

/// What a pack of an office never exceeds, packed.
const LARGEST: u64 = 512 * 1024 * 1024;

#[derive(clap::Args)]
pub(super) struct VerifyArguments {
    /// 年终考核归档包；不写则核验数据库
    pack: Option<PathBuf>,
    /// 归档包应由这个公钥签名，照该单位的公文或“关于”页抄；不写则用本数据文件夹的公钥（如果有）
    #[arg(long, value_name = "PUBLIC", requires = "pack")]
    key: Option<PublicKey>,
    /// 数据库是否含有这一条审计记录：序号:哈希，抄自通报、归档包或以前的核验，或 jigai head 做的文件；可写多次
    #[arg(long, value_name = "SEQ:HASH", value_parser = head, conflicts_with = "pack")]
    contains: Vec<Head>,
    /// 只核验上次全部核验以后的内容，快；FILE 是 jigai head 做的文件，不写则从本数据文件夹里上次全部核验处起
    #[arg(long, value_name = "FILE", conflicts_with = "pack")]
    since: Option<Option<PathBuf>>,
    #[command(flatten)]
    database: DatabaseArguments,
}

#[derive(clap::Args)]
pub(super) struct MigrateArguments {
    /// 只打印还要执行的 SQL，交给数据库管理员（PostgreSQL）；不改数据库
    #[arg(long)]
    print: bool,
    #[command(flatten)]
    database: DatabaseArguments,
}

pub(super) fn run(arguments: VerifyArguments) -> Outcome {
    if let Some(file) = &arguments.pack {
        let named = match arguments.key {
            Some(key) => Some(Named::Given(key)),
            None => Signer::new(&arguments.database.data).known_key().map_err(Failure::Other)?.map(Named::Own),
        };
        return block_on(verify_pack(file, named));
    }
    let data = arguments.database.data.clone();
    let since = arguments.since.map(|file| since(&data, file)).transpose()?;
    let database = arguments.database.location()?.describe();
    arguments.database.run(Access::AsItIs, |store| async move {
        let proved = match &since {
            Some(said) => store.verify_since(Head { seq: said.seq, hash: said.hash.clone() }).await?,
            None => store.verify().await?,
        };
        // A chain that was cut short, or written anew from some row on, proves itself all the same.
        for head in &arguments.contains {
            if !store.read().await?.holds(head).await? {
                return Err(Failure::Other(format!(
                    "核验不通过：没有哈希为 {} 的第 {} 条审计记录；数据库不是它被抄下时的那一个，或后来的内容被换过、丢了",
                    head.hash, head.seq
                )));
            }
        }
        if since.is_none() {
            keep_proved(&data, database, &proved.head);
        }
        let contains = match arguments.contains.len() {
            0 => String::new(),
            count => format!("\n要找的 {count} 条审计记录都在"),
        };
        print(&format!(
            "{}{contains}\n链尾 {}\n抄在别处，以后可再查：jigai verify --contains {}:{}",
            sentence(&proved, since.as_ref()),
            proved.head.hash,
            proved.head.seq,
            proved.head.hash
        ))
    })
}

/// What was proved, and what was not.
fn sentence(proved: &Verified, since: Option<&Said>) -> String {
    let facts = format!(
        "审计记录 {} 条，报送数据 {} 行，计划 {} 版，通报 {} 版，证明材料 {} 份",
        proved.entries, proved.figures, proved.plans, proved.editions, proved.files
    );
    let day = |at: i64| domain::calendar::chinese_date(domain::calendar::at_shanghai(at).date_naive());
    let facts = match proved.erased {
        None => facts,
        Some((count, at)) => format!("{facts}，按规定清除内容的材料 {count} 份（最近一次{}）", day(at)),
    };
    let facts = match proved.forgotten {
        None => facts,
        Some((count, at)) => format!("{facts}，按规定删除的个人信息 {count} 人（最近一次{}）", day(at)),
    };
    match since {
        Some(said) => format!(
            "核验通过（只核验了第 {} 条以后的）：{facts}，均与哈希链一致\n第 {} 条（{}）和以前的内容、账号、登录和索引这次没有重读；全部重读请不加 --since",
            said.seq, said.seq, said.at
        ),
        None => {
            let indexes = match proved.indexes {
                true => "",
                false => "\n索引没有检查：请由数据库管理员在这个库里执行 CREATE EXTENSION amcheck 后再核验",
            };
            format!(
                "核验通过：{facts}，账号 {} 个，有效登录 {} 个，均与哈希链一致{indexes}",
                proved.accounts, proved.sessions
            )
        }
    }
}

/// Where a data folder keeps up to which row everything was proved last.
const PROVED: &str = "verified.json";

/// Up to where everything was proved: the folder's own note of it, or a head that this office signed.
fn since(data: &Path, file: Option<PathBuf>) -> Result<Said, Failure> {
    let noted = data.join(PROVED);
    if file.is_none() && !noted.exists() {
        return Err(Failure::input("还没有全部核验过，不知道从哪里起；请先运行一次 jigai verify，不加 --since"));
    }
    let file = file.unwrap_or(noted);
    let head = SignedHead::read(&file).map_err(Failure::input)?;
    let key = Signer::new(data).known_key().map_err(Failure::Other)?;
    match key.as_ref() == Some(&head.signature.public_key) {
        true => Ok(head.said),
        false => Err(Failure::input(format!("{} 不是本数据文件夹的公钥签的，不能从它起核验", file.display()))),
    }
}

/// Notes up to which row everything was proved; an office without a key yet has nothing to sign it with.
fn keep_proved(data: &Path, database: String, head: &Head) {
    let signer = Signer::new(data);
    if !matches!(signer.known_key(), Ok(Some(_))) || head.seq == 0 {
        return;
    }
    let file = data.join(PROVED);
    let kept = SignedHead::new(&signer, head.clone(), database, Clock::from_environment().now())
        .and_then(|signed| signed.file())
        .and_then(|text| replace(&file, text.as_bytes()));
    if let Err(sentence) = kept {
        tell(&format!("注意：没有记下核验到了哪里（{sentence}），下次不能用 --since"));
    }
}

/// `12:9f86…`, a row's number and its hash of 64 digits; or the file of a head, whose signature has to hold.
fn head(text: &str) -> Result<Head, String> {
    let file = Path::new(text);
    if file.is_file() {
        return SignedHead::read(file).map(|signed| Head { seq: signed.said.seq, hash: signed.said.hash });
    }
    let read = text.trim().split_once([':', '：']).and_then(|(seq, hash)| {
        let hash = hash.trim().to_lowercase();
        let whole = hash.len() == 64 && hash.bytes().all(|digit| digit.is_ascii_hexdigit());
        Some(Head { seq: seq.trim().parse().ok().filter(|seq| *seq > 0)?, hash: whole.then_some(hash)? })
    });
    read.ok_or_else(|| {
        "应为“序号:哈希”，哈希是 64 位十六进制数，例如 12:9f86d081…（照通报末尾抄全）；或写 jigai head 做的文件"
            .to_owned()
    })
}

/// Needs no database: the pack is laid out in a folder of its own, which is removed again.
async fn verify_pack(file: &Path, named: Option<Named>) -> Outcome {
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
    let checked = pack::check(&bytes, workshop.path(), named.as_ref()).await.map_err(|error| match error {
        StoreError::Refused(faults) => faulty(&faults),
        StoreError::Altered(what) => faulty(&[what]),
        other => other.into(),
    })?;
    let manifest = &checked.manifest;
    let state = if manifest.closed_at.is_some() { "已办结" } else { "尚未办结，结果为预计" };
    let points: Vec<String> = checked.points.iter().map(|(name, points)| format!("{name} {points}")).collect();
    // A pack says itself what made it and in which faces: what follows from that is not proved.
    let whole = checked.is_whole();
    let lines = [
        format!(
            "{}：{} {}年考核（{state}）{}",
            if whole { "核验通过" } else { "只核验了一部分，没有发现不符" },
            plain(&manifest.plan),
            manifest.year,
            if manifest.demo { "，演示数据" } else { "" }
        ),
        format!("{} 个文件与清单一致，清单 SHA-256 {}", checked.files, checked.digest),
        signature(&checked.signed),
        format!(
            "报送数据 {} 行，通报 {} 版，均与审计链一致，链尾第 {} 条 {}{}",
            checked.returns,
            checked.editions,
            manifest.audit_seq,
            manifest.audit_hash,
            hidden(&checked)
        ),
        papers(&checked),
        format!(
            "由记录重算的结果与包内相同：{}",
            if points.is_empty() { "没有加减".to_owned() } else { points.join("，") }
        ),
    ];
    print(&lines.join("\n"))?;
    if whole { Ok(()) } else { Err(Failure::Unproved) }
}

/// Whose word a pack is.
fn signature(signed: &Signed) -> String {
    match signed {
        Signed::ByNamed(key) => format!("清单由 {key} 签名，正是要核对的公钥"),
        Signed::By(key) => {
            format!("清单由 {key} 签名；是不是该单位的公钥没有核对，请与它公文上所印的比较，或用 --key 写明")
        }
        Signed::UnknownSuite(key) => format!("签名没有核验：本程序还不认识 {key} 的签名算法"),
        Signed::Not => "没有签名（第1版格式的归档包）".to_owned(),
    }
}

/// What the trail of a pack leaves open.
fn hidden(checked: &Checked) -> String {
    if checked.hidden == 0 {
        return String::new();
    }
    let links = match checked.manifest.unproved_links() {
        None => "每一环都核对过".to_owned(),
        Some(rows) => format!("其中{rows}写于旧格式，它们自己的环节不能由本包核对，其余每一环都核对过"),
    };
    let whose = match checked.signed {
        Signed::ByNamed(_) => "",
        _ => "；其中没有本计划的记录，只有签名的单位能担保",
    };
    format!("\n审计链有 {} 条不属于本计划，只列哈希，{links}{whose}", checked.hidden)
}

/// A program's name as ours writes its own, `jigai 0.1.0 (8ea807be1fa4)`: another text might read like a verdict.
fn program(name: &str) -> &str {
    let plain = name.len() <= 64 && name.chars().all(|c| c.is_ascii_alphanumeric() || " .-+()".contains(c));
    if plain { name } else { "另一个程序" }
}

/// What was made anew from the rows, and what was not.
fn papers(checked: &Checked) -> String {
    if checked.uncompared.is_empty() {
        return "结果通知、工作簿、推导、条款和说明页都由记录重做过，与包内相同".to_owned();
    }
    let manifest = &checked.manifest;
    let instead = match checked.signed {
        Signed::ByNamed(_) => "由签名担保",
        _ => "请以 result.json 和这里打印的结果为准",
    };
    format!(
        "没有比较（由 {} 做成{}，重做会有差别；{instead}）：{}",
        program(&manifest.program),
        if manifest.faces.is_empty() { "" } else { "，PDF 用了本单位字体" },
        checked.uncompared.join("、")
    )
}

/// Text of a file on a terminal: one line, and nothing that the terminal would act on.
fn plain(text: &str) -> String {
    for_terminal(text).replace(['\n', '\t'], " ")
}

/// Brings the database to this program's form; opening does the work.
pub(super) fn migrate(arguments: MigrateArguments) -> Outcome {
    let location = arguments.database.location()?;
    if arguments.print {
        return block_on(async {
            match Store::upgrade_sql(&location).await? {
                Some(sql) => print(sql.trim_end()),
                None => print(&format!("-- {} 已是本程序的结构，没有要执行的", location.describe())),
            }
        });
    }
    arguments.database.run(Access::Create, |_| async move { print(&format!("{} 已就绪", location.describe())) })
}
