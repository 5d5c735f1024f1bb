//! `verify`: the chain and everything it covers, recomputed; the first thing that was altered is named.
//!
//! Publishing asks the same questions of what its edition rests on ([`super::prove`]).

use std::collections::{BTreeMap, HashMap};

use domain::money::Amount;
use domain::month::Period;
use domain::rate::Rate;
use domain::region::RegionId;
use futures_util::TryStreamExt;
use office::facts::ReturnRevision;
use serde_json::Value;
use sqlx::Row;
use sqlx::any::AnyRow;

use super::audit::{Head, MARK_DEMO};
use super::contacts::Forgotten;
use super::link::{Body, LINK, Link, Linked};
use super::{Engine, Store, StoreError, Transaction, returns, rows};

/// What was proved, and how many of each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    pub entries: usize,
    pub figures: usize,
    pub plans: usize,
    pub editions: usize,
    /// Contents of files.
    pub files: usize,
    /// Files that were emptied on purpose.
    pub erased: Forgotten,
    /// Personal data that was deleted on purpose.
    pub forgotten: Forgotten,
    pub accounts: usize,
    /// Those that live.
    pub sessions: usize,
    /// Whether indexes were checked against their tables.
    pub indexes: bool,
    /// The chain's end, to compare with the one printed on an edition.
    pub head: Head,
}

/// One audit row, checked. A long trail has many of them: what it says is read where it is asked for.
pub(super) struct Checked {
    pub(super) at: i64,
    pub(super) actor: String,
    pub(super) action: String,
    pub(super) object: String,
    /// What it says of itself, as JSON, without the digests of the rows it covers.
    detail: String,
    covers: Vec<Covered>,
}

/// How many rows of a table an entry covers, and their digest.
struct Covered {
    table: String,
    rows: usize,
    digest: Option<String>,
}

pub(super) type Chain = BTreeMap<i64, Checked>;

/// What a stored row says of itself, to be compared with its audit row.
struct Claim {
    seq: i64,
    name: String,
    content: String,
    at: i64,
    actor: String,
    detail: Value,
}

/// Every audit row of `action` has exactly one stored row that says the same.
struct Claims<'c> {
    chain: &'c Chain,
    action: &'static str,
    /// How many stored rows name an audit row.
    count: HashMap<i64, usize>,
}

impl<'c> Claims<'c> {
    fn of(chain: &'c Chain, action: &'static str) -> Self {
        Self { chain, action, count: HashMap::new() }
    }

    /// The next stored row.
    fn check(&mut self, claim: &Claim) -> Result<(), StoreError> {
        let altered = |sentence: String| Err(StoreError::Altered(sentence));
        *self.count.entry(claim.seq).or_default() += 1;
        let entry = self.chain.get(&claim.seq).filter(|entry| entry.action == self.action);
        let Some(entry) = entry else { return altered(format!("{} 没有对应的审计记录", claim.name)) };
        let sha256 = domain::canonical::sha256(claim.content.as_bytes());
        let detail = entry.detail();
        if claim.detail["sha256"] != sha256 || detail["sha256"] != sha256 {
            let expected = detail["sha256"].as_str().unwrap_or("—");
            let (name, seq) = (&claim.name, claim.seq);
            return altered(format!("{name}（审计第 {seq} 条）内容被改动过：SHA-256 应为 {expected}"));
        }
        let (at, actor) = (entry.at, &entry.actor);
        if detail != claim.detail || at != claim.at || *actor != claim.actor {
            return altered(format!("{}（审计第 {} 条）的版次、时间、经手人或理由被改动过", claim.name, claim.seq));
        }
        Ok(())
    }

    /// None is missing and none is too many; the count of them.
    fn finish(self) -> Result<usize, StoreError> {
        for (seq, entry) in self.chain.iter().filter(|(_, entry)| entry.action == self.action) {
            let what = match self.count.get(seq) {
                None => "被删除了",
                Some(1) => continue,
                Some(_) => "有多出来的一行",
            };
            return Err(StoreError::Altered(format!("{}（审计第 {seq} 条）{what}", entry.object)));
        }
        Ok(self.count.values().sum())
    }
}

/// A revision of a figure: goal, period, region and number.
type Cell = (String, Period, RegionId, u32);

/// What it says: value, base and growth.
type Said = (Option<Amount>, Option<Amount>, Option<Rate>);

fn said_by(revision: ReturnRevision) -> (Cell, Said) {
    let ReturnRevision { goal, region, period, figure } = revision;
    ((goal, period, region, figure.source.revision), (figure.value, figure.base, figure.published_growth))
}

/// A chain whose links hold.
pub(super) struct Proved {
    /// What its rows say, where they are shown.
    pub(super) chain: Chain,
    pub(super) links: Links,
    /// Of the last row.
    form: i64,
}

/// What the links of a chain prove.
#[derive(Debug, Clone)]
pub struct Links {
    pub head: Head,
    /// How many rows show no more than their commitment.
    pub hidden: usize,
    /// Those of them whose own link cannot be proved: rows of the older form.
    pub unprovable: Vec<i64>,
}

impl Proved {
    /// Of a chain that is read from the row behind this one on.
    fn behind(head: Head) -> Self {
        Self { chain: BTreeMap::new(), links: Links { head, hidden: 0, unprovable: Vec::new() }, form: 0 }
    }

    /// The next row: it follows the one before and hashes to what it says; rows of the older form stand before all
    /// others.
    fn push(&mut self, link: Link) -> Result<(), String> {
        let links = &mut self.links;
        let seq = links.head.seq + 1;
        if link.seq != seq {
            return Err(format!("审计记录第 {seq} 条缺失"));
        }
        if link.form < self.form {
            return Err(link.altered());
        }
        self.form = link.form;
        if link.check(&links.head.hash)? == Linked::Unprovable {
            links.unprovable.push(seq);
        }
        links.head = Head { seq, hash: link.hash.clone() };
        match link.checked()? {
            Some((seq, entry)) => drop(self.chain.insert(seq, entry)),
            None => links.hidden += 1,
        }
        Ok(())
    }
}

/// Every row of a chain from its beginning on.
pub(super) fn check_chain(rows: impl Iterator<Item = Link>) -> Result<Proved, String> {
    let mut proved = Proved::behind(Head::of_nothing());
    for link in rows {
        proved.push(link)?;
    }
    Ok(proved)
}

/// Whether what an entry is about is a plan, or something of it.
pub(super) fn concerns(object: &str, plan: &str) -> bool {
    object == plan || object.strip_prefix(plan).is_some_and(|rest| rest.starts_with('/'))
}

impl Checked {
    pub(super) fn concerns(&self, plan: &str) -> bool {
        concerns(&self.object, plan)
    }

    /// Of a row that says `detail`, read from its body.
    pub(super) fn new(body: Body, mut detail: Value) -> Self {
        let facts = detail.as_object_mut().and_then(|fields| fields.remove("facts")).unwrap_or_default();
        let covered = |(table, said): (&String, &Value)| Covered {
            table: table.clone(),
            rows: said["rows"].as_u64().unwrap_or(0) as usize,
            digest: said["digest"].as_str().map(str::to_owned),
        };
        let covers = facts.as_object().into_iter().flatten().map(covered).collect();
        let Body { at, actor, action, object, .. } = body;
        Self { at, actor, action, object, detail: detail.to_string(), covers }
    }

    /// What it says of itself, without the digests of the rows it covers.
    pub(super) fn detail(&self) -> Value {
        serde_json::from_str(&self.detail).unwrap_or_default()
    }

    /// How many rows of a table it covers, and their digest.
    fn covers(&self, table: &str) -> (usize, Option<&str>) {
        let covered = self.covers.iter().find(|covered| covered.table == table);
        covered.map_or((0, None), |covered| (covered.rows, covered.digest.as_deref()))
    }
}

/// Which rows are looked at: the chain that is given holds the entries of these and no others.
#[derive(Debug, Clone, Copy)]
pub(super) struct Only<'a> {
    pub(super) plan: Option<&'a str>,
    /// `year` and `month`, of editions.
    pub(super) period: Option<(i64, i64)>,
    /// Those written behind this row of the trail.
    pub(super) after: i64,
}

impl Only<'_> {
    pub(super) const ALL: Only<'static> = Only { plan: None, period: None, after: 0 };

    fn sql(self) -> &'static str {
        match (self.plan, self.period) {
            (None, _) => " WHERE audit_seq > $1",
            (Some(_), None) => " WHERE audit_seq > $1 AND plan_id = $2",
            (Some(_), Some(_)) => " WHERE audit_seq > $1 AND plan_id = $2 AND year = $3 AND month = $4",
        }
    }
}

impl Transaction {
    /// Looks at the rows of a table one after another, in the order in which the trail names them, and then in
    /// `order`.
    pub(super) async fn each_row(
        &mut self,
        select: &str,
        order: &str,
        only: Only<'_>,
        mut look: impl FnMut(&AnyRow) -> Result<(), StoreError> + Send,
    ) -> Result<(), StoreError> {
        let sql = format!("{select}{} ORDER BY audit_seq{order}", only.sql());
        let mut query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(only.after);
        if let Some(plan) = only.plan {
            query = query.bind(plan.to_owned());
            if let Some((year, month)) = only.period {
                query = query.bind(year).bind(month);
            }
        }
        let mut rows = query.fetch(&mut **self);
        while let Some(row) = rows.try_next().await? {
            look(&row)?;
        }
        Ok(())
    }

    /// The chain behind a row of it that is known to hold.
    async fn verify_chain(&mut self, since: Head) -> Result<Proved, StoreError> {
        let sql = "SELECT form FROM audit WHERE seq = $1 AND hash = $2";
        let last = sqlx::query(sql).bind(since.seq).bind(&since.hash).fetch_optional(&mut **self).await?;
        let form = match last {
            Some(row) => row.get("form"),
            None if since.seq == 0 => 0,
            None => {
                let (seq, hash) = (since.seq, since.hash);
                return Err(StoreError::Altered(format!("审计记录第 {seq} 条不是上次核验过的那一条（{hash}）")));
            }
        };
        let sql = format!("SELECT {LINK} FROM audit WHERE seq > $1 ORDER BY seq");
        let mut rows = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(since.seq).fetch(&mut **self);
        let mut proved = Proved { form, ..Proved::behind(since) };
        while let Some(row) = rows.try_next().await? {
            proved.push(Link::read(&row)).map_err(StoreError::Altered)?;
        }
        Ok(proved)
    }

    /// Every version of every plan: its text against its SHA-256, all else against the audit row.
    pub(super) async fn verify_plans(&mut self, chain: &Chain, only: Only<'_>) -> Result<usize, StoreError> {
        let mut claims = Claims::of(chain, "import_plan");
        let look = |row: &AnyRow| {
            let (plan, version): (String, i64) = (row.get("plan_id"), row.get("version"));
            claims.check(&Claim {
                seq: row.get("audit_seq"),
                name: format!("计划 {plan} 第 {version} 版"),
                content: row.get("source"),
                at: row.get("recorded_at"),
                actor: row.get("recorded_by"),
                detail: serde_json::json!({
                    "plan": plan, "version": version, "sha256": row.get::<String, _>("sha256"),
                    "file": row.get::<String, _>("file_name"), "reason": row.get::<Option<String>, _>("reason"),
                }),
            })
        };
        self.each_row("SELECT * FROM plan_version", "", only, look).await?;
        claims.finish()
    }

    /// Every edition, likewise.
    pub(super) async fn verify_editions(&mut self, chain: &Chain, only: Only<'_>) -> Result<usize, StoreError> {
        let mut claims = Claims::of(chain, "publish");
        let look = |row: &AnyRow| {
            let period = format!("{:04}-{:02}", row.get::<i64, _>("year"), row.get::<i64, _>("month"));
            let (plan, edition): (String, i64) = (row.get("plan_id"), row.get("edition"));
            let mut detail = serde_json::json!({
                "plan": plan, "goal": row.get::<String, _>("goal_id"), "period": period, "edition": edition,
                "sha256": row.get::<String, _>("sha256"), "reason": row.get::<Option<String>, _>("reason"),
            });
            if let Some(key) = row.get::<Option<String>, _>("public_key") {
                detail["public_key"] = Value::from(key);
            }
            claims.check(&Claim {
                seq: row.get("audit_seq"),
                name: format!("通报 {plan}/{period}/e{edition}"),
                content: row.get("content"),
                at: row.get("published_at"),
                actor: row.get("published_by"),
                detail,
            })
        };
        self.each_row("SELECT * FROM edition", "", only, look).await?;
        claims.finish()
    }

    /// What editions say they rest on: the text of the plan's version, and the figures of the revisions they name.
    async fn verify_bases(&mut self, only: Only<'_>) -> Result<(), StoreError> {
        let sql = "SELECT plan_id, version, sha256 FROM plan_version";
        let versions: HashMap<(String, u32), String> = sqlx::query(sql)
            .fetch_all(&mut **self)
            .await?
            .iter()
            .map(|row| ((row.get("plan_id"), row.get::<i64, _>("version") as u32), row.get("sha256")))
            .collect();
        let mut plans: HashMap<String, HashMap<Cell, Said>> = HashMap::new();
        for summary in self.editions().await?.into_iter().filter(|edition| edition.audit_seq > only.after) {
            let Some(edition) = self.edition(&summary.plan, summary.period, Some(summary.edition)).await? else {
                continue;
            };
            let name = format!("通报 {}/{}/e{}", summary.plan, summary.period, summary.edition);
            let bulletin = &edition.bulletin;
            if let Some(rests) = &bulletin.heading.plan_version {
                let known = versions.get(&(summary.plan.clone(), rests.version));
                if known != Some(&rests.sha256) {
                    let (version, sha256) = (rests.version, &rests.sha256);
                    let sentence =
                        format!("{name}写明依据计划第 {version} 版（{sha256}），数据库里的第 {version} 版不是它");
                    return Err(StoreError::Altered(sentence));
                }
            }
            if !plans.contains_key(&summary.plan) {
                let found = self.revisions(&summary.plan, None).await?.into_iter();
                plans.insert(summary.plan.clone(), found.map(said_by).collect());
            }
            for row in &bulletin.standings.rows {
                // What was typed at the bureau or at the year's end names no revision.
                let Some(source) = row.source.as_ref().filter(|source| source.revision > 0) else { continue };
                let standings = &bulletin.standings;
                let of = (standings.goal.clone(), standings.period, row.region.clone(), source.revision);
                if plans[&summary.plan].get(&of) != Some(&(row.value, row.base, row.published_growth)) {
                    let (unit, revision) = (&row.name, source.revision);
                    let sentence = format!("{name}里{unit}的数与它写明的第 {revision} 次报送不符");
                    return Err(StoreError::Altered(sentence));
                }
            }
        }
        Ok(())
    }

    /// The mark of a demo against its audit row, both ways.
    async fn verify_marks(&mut self, chain: &Chain, only: Only<'_>) -> Result<(), StoreError> {
        let mut marked: Vec<i64> = Vec::new();
        let look = |row: &AnyRow| {
            marked.push(row.get("audit_seq"));
            Ok(())
        };
        self.each_row("SELECT audit_seq FROM mark", "", only, look).await?;
        let recorded = chain.iter().filter(|(_, entry)| entry.action == MARK_DEMO).map(|(seq, _)| *seq);
        match marked == recorded.collect::<Vec<i64>>() {
            true => Ok(()),
            false => Err(StoreError::Altered("演示数据的标记与审计记录不符".to_owned())),
        }
    }

    /// Drafts, steps, posts, holders and settings: each row against its own hash, all rows of an entry against its
    /// digest.
    pub(super) async fn verify_rows(
        &mut self,
        tables: &[&str],
        chain: &Chain,
        only: Only<'_>,
    ) -> Result<(), StoreError> {
        for &table in tables {
            let mut by_seq: BTreeMap<i64, Vec<String>> = BTreeMap::new();
            let look = |row: &AnyRow| {
                let stored = rows::read(row);
                if !stored.intact {
                    let (name, seq) = (stored.name, stored.seq);
                    return Err(StoreError::Altered(format!("{table} {name}（审计第 {seq} 条）被改动过：哈希对不上")));
                }
                by_seq.entry(stored.seq).or_default().push(stored.sha256);
                Ok(())
            };
            self.each_row(&format!("SELECT * FROM {table}"), "", only, look).await?;
            for (seq, entry) in chain {
                let (expected, digest) = entry.covers(table);
                let stored = by_seq.remove(seq).unwrap_or_default();
                let object = &entry.object;
                if stored.len() != expected {
                    let found = stored.len();
                    return Err(StoreError::Altered(format!(
                        "{object}（审计第 {seq} 条）的 {table} 应有 {expected} 行，现有 {found} 行"
                    )));
                }
                if expected > 0 && digest != Some(rows::digest(stored).as_str()) {
                    return Err(StoreError::Altered(format!(
                        "{object}（审计第 {seq} 条）的 {table} 被改动过：摘要对不上"
                    )));
                }
            }
            if let Some(seq) = by_seq.keys().next() {
                return Err(StoreError::Altered(format!("有 {table} 的行指向审计第 {seq} 条，那里没有记录")));
            }
        }
        Ok(())
    }

    pub(super) async fn verify_returns(&mut self, chain: &Chain, only: Only<'_>) -> Result<usize, StoreError> {
        // Rows come in the order of their entries: of one alone the lines are at hand.
        let mut by_seq: BTreeMap<i64, (usize, String)> = BTreeMap::new();
        let (mut seq, mut lines) = (0, Vec::new());
        let mut count = 0;
        let look = |row: &AnyRow| {
            let stored = returns::stored_line(row);
            if !stored.intact {
                return Err(StoreError::Altered(format!(
                    "{}被改动过：哈希对不上（审计第 {} 条）",
                    stored.name, stored.seq
                )));
            }
            if stored.seq != seq && !lines.is_empty() {
                by_seq.insert(seq, (lines.len(), returns::digest(&mut lines)));
                lines.clear();
            }
            seq = stored.seq;
            count += 1;
            lines.push((stored.key, stored.line));
            Ok(())
        };
        self.each_row(&returns::stored_lines(), ", year, month, region_id", only, look).await?;
        if !lines.is_empty() {
            by_seq.insert(seq, (lines.len(), returns::digest(&mut lines)));
        }
        let nothing = || (0, returns::digest(&mut []));
        for (seq, entry) in chain.iter().filter(|(_, entry)| entry.detail.contains("\"digest\":")) {
            let (object, detail) = (&entry.object, entry.detail());
            let Some(claimed) = detail.get("digest") else { continue };
            let (found, digest) = by_seq.remove(seq).unwrap_or_else(nothing);
            let expected = &detail["rows"];
            if *expected != found {
                let sentence = format!("{object} 的报送数据（审计第 {seq} 条）应有 {expected} 行，现有 {found} 行");
                return Err(StoreError::Altered(sentence));
            }
            if *claimed != digest {
                let file = detail["file"].as_str().unwrap_or("—");
                return Err(StoreError::Altered(format!(
                    "{object} 的报送数据（审计第 {seq} 条，{file}）被改动过：摘要对不上"
                )));
            }
        }
        match by_seq.keys().next() {
            Some(seq) => Err(StoreError::Altered(format!("有报送数据指向审计第 {seq} 条，那里没有导入或审核记录"))),
            None => Ok(count),
        }
    }
}

impl Store {
    /// Proves the chain, every figure, plan and edition, and that the database itself is as it was built.
    /// [`StoreError::Altered`] names the first altered thing.
    ///
    /// All reads see one state of the database, so that a write in between is no alteration.
    pub async fn verify(&self) -> Result<Verified, StoreError> {
        let mut state = self.read_stored().await?;
        let (mut verified, chain) = state.verify_facts(Head::of_nothing()).await?;
        verified.accounts = state.verify_accounts(&chain).await?;
        verified.sessions = state.verify_sessions(&chain).await?;
        state.verify_one_time_links(&chain).await?;
        // Last: what was altered is named before what let it happen.
        state.verify_guards(self.engine).await?;
        verified.indexes = state.verify_indexes(self.engine).await?;
        Ok(verified)
    }

    /// Proves what was written behind a row of the trail up to which everything was proved before: the chain from
    /// there, the facts of its rows, and the guards. What stood there before is not read again.
    pub async fn verify_since(&self, since: Head) -> Result<Verified, StoreError> {
        let mut state = self.read_stored().await?;
        let (verified, _) = state.verify_facts(since).await?;
        state.verify_guards(self.engine).await?;
        Ok(verified)
    }
}

impl Transaction {
    /// The chain behind a row, and what its rows wrote.
    async fn verify_facts(&mut self, since: Head) -> Result<(Verified, Chain), StoreError> {
        let only = Only { after: since.seq, ..Only::ALL };
        let Proved { chain, links, .. } = self.verify_chain(since).await?;
        self.verify_marks(&chain, only).await?;
        let plans = self.verify_plans(&chain, only).await?;
        let figures = self.verify_returns(&chain, only).await?;
        let editions = self.verify_editions(&chain, only).await?;
        self.verify_rows(&rows::TABLES, &chain, only).await?;
        self.verify_bases(only).await?;
        let (files, erased) = self.verify_contents(only).await?;
        let forgotten = [self.verify_contacts(only).await?, self.verify_names(only).await?];
        let forgotten = forgotten.into_iter().flatten().reduce(|(one, at), (more, then)| (one + more, at.max(then)));
        let entries = chain.len();
        let verified = Verified {
            entries,
            figures,
            plans,
            editions,
            files,
            erased,
            forgotten,
            accounts: 0,
            sessions: 0,
            indexes: false,
            head: links.head,
        };
        Ok((verified, chain))
    }

    async fn verify_guards(&mut self, engine: Engine) -> Result<(), StoreError> {
        match self.fault_of_guards(engine).await? {
            Some(fault) => Err(StoreError::Altered(fault)),
            None => Ok(()),
        }
    }
}
