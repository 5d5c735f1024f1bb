//! The audit trail: a hash chain, each row written in the transaction of the change it records.

use office::facts::AuditEntry;
use serde_json::Value;
use sqlx::Row;
use sqlx::any::AnyRow;

use super::link::{Body, Form, GENESIS, LINK};
use super::{Store, StoreError, Transaction, Writer, failures, seals, viewings};

/// What marks a database as one of made-up figures.
pub(super) const MARK_DEMO: &str = "mark_demo";

/// Clocks of two machines may differ by so much, in milliseconds.
pub const CLOCKS_APART: i64 = 120_000;

/// A row of the trail with all that its hash is made of (`docs/decisions/0012-a-trail-that-shows-its-links.md`).
#[derive(Debug, Clone)]
pub struct TrailRow {
    pub seq: i64,
    pub form: i64,
    /// UTC milliseconds.
    pub at: i64,
    pub actor: String,
    pub action: String,
    pub object: String,
    /// Canonical JSON.
    pub detail: String,
    pub previous_hash: String,
    pub hash: String,
}

/// The changes that move what readers see.
const FACT_ACTIONS: [&str; 34] = [
    MARK_DEMO,
    "import_plan",
    "propose_plan",
    "drop_plan",
    "import_returns",
    "approve",
    "undo",
    "publish",
    "set_policy",
    "record_bureau",
    "state_total",
    "choose_reading",
    "confirm_reading",
    "propose_reading",
    "drop_reading",
    "verify_unit",
    "object",
    "answer_objection",
    "confirm_closing",
    "report_task",
    "withdraw_task",
    "confirm_task",
    "send_back_task",
    "extend_task",
    "pick_text",
    "drop_text",
    "publish_comparison",
    "publish_library",
    "choose_average",
    "enter_projects",
    "revise_project",
    "report_projects",
    "agree_leave",
    "keep_holidays",
];

/// The changes that no visitor is ever shown anything of: whatever else is done, his pages are made anew.
const HIDDEN_ACTIONS: [&str; 46] = [
    "save_draft",
    "submit",
    "withdraw",
    "sign_off",
    "take_back",
    "send_back_to_reporter",
    "ask_correction",
    "see_message",
    "write_message",
    "attach_evidence",
    "withdraw_evidence",
    "log_in",
    "log_in_failed",
    "log_in_failures",
    "log_out",
    "end_sessions",
    "set_password",
    "set_totp",
    "unlock_account",
    "issue_link",
    "create_account",
    "change_account",
    "disable_account",
    "enable_account",
    "seal_accounts",
    "seal_viewings",
    "clock_behind",
    "ask_access",
    "confirm_access",
    "drop_access",
    "emergency_access",
    "issue_screen_key",
    "withdraw_screen_key",
    "keep_contact",
    "forget_contact",
    "forget_name",
    "ask_evidence_erasure",
    "erase_evidence",
    "leave_evidence",
    "enter_claim",
    "tax_claim",
    "send_back_claim",
    "decide_claim",
    "confirm_claim",
    "pay_claim",
    "score_nomination",
];

/// The number of the last change that visitors may see.
fn shown_head_sql() -> String {
    let hidden = HIDDEN_ACTIONS.map(|action| format!("'{action}'")).join(", ");
    // One look into the index for each action.
    format!(
        "SELECT MAX(newest) FROM (SELECT (SELECT MAX(seq) FROM audit WHERE action = name) AS newest \
         FROM audit_action WHERE name NOT IN ({hidden})) AS each"
    )
}

pub(super) fn facts_head_sql() -> String {
    // One look into the index for each action; a list of actions in one query would walk through all drafts.
    let each = FACT_ACTIONS.map(|action| format!("SELECT MAX(seq) AS seq FROM audit WHERE action = '{action}'"));
    format!("SELECT MAX(seq) AS newest FROM ({}) AS each", each.join(" UNION ALL "))
}

/// The chain's end: the number and hash of its last row.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Head {
    pub seq: i64,
    pub hash: String,
}

/// Asks for it.
pub(super) const HEAD: &str = "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1";

impl Head {
    /// Of a row of the trail, or of an empty one.
    pub(super) fn of_row(row: Option<&AnyRow>) -> Self {
        row.map_or(Self::of_nothing(), |row| Self { seq: row.get("seq"), hash: row.get("hash") })
    }

    /// Of an empty database.
    pub(super) fn of_nothing() -> Self {
        Self { seq: 0, hash: GENESIS.to_owned() }
    }
}

/// Appends to the chain; the rows written with it carry the returned number.
pub(super) async fn append(
    transaction: &mut Transaction,
    writer: &Writer,
    action: &str,
    object: &str,
    detail: &Value,
) -> Result<i64, StoreError> {
    // A change of posts, a new password or disabling ends sessions: whoever waited for his turn behind one writes no
    // more.
    if let Some(session) = &writer.session {
        let sql = "SELECT account_id FROM session WHERE token_sha256 = $1 AND ended_at IS NULL";
        if sqlx::query(sql).bind(session).fetch_optional(&mut **transaction).await?.is_none() {
            return Err(StoreError::refused("您的登录或岗位刚刚变了，没有执行；请重新登录后再看"));
        }
    }
    tell_clock(transaction, writer).await?;
    failures::sum_up(transaction, writer.at).await?;
    viewings::seal(transaction, writer.at).await?;
    let detail = seals::seal(transaction, action, object, detail.clone()).await?;
    link(transaction, writer, action, object, &detail).await
}

/// A row for a clock that was set back, once for each jump: it has the new time, and what follows is compared with it.
async fn tell_clock(transaction: &mut Transaction, writer: &Writer) -> Result<(), StoreError> {
    let last = sqlx::query("SELECT at FROM audit ORDER BY seq DESC LIMIT 1").fetch_optional(&mut **transaction).await?;
    let Some(before) = last.map(|row| row.get::<i64, _>("at")).filter(|at| writer.at + CLOCKS_APART < *at) else {
        return Ok(());
    };
    let detail = serde_json::json!({ "before": before, "minutes": (before - writer.at) / 60_000 });
    link(transaction, writer, "clock_behind", "clock", &detail).await.map(drop)
}

/// The next row, whoever writes it.
pub(super) async fn link(
    transaction: &mut Transaction,
    writer: &Writer,
    action: &str,
    object: &str,
    detail: &Value,
) -> Result<i64, StoreError> {
    let last =
        sqlx::query("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1").fetch_optional(&mut **transaction).await?;
    let (seq, previous_hash) =
        last.map_or((1, GENESIS.to_owned()), |row| (row.get::<i64, _>("seq") + 1, row.get("hash")));
    let detail = domain::canonical::to_json(detail).map_err(|error| StoreError::Unreadable(error.to_string()))?;
    let body = Body {
        at: writer.at,
        actor: writer.actor.clone(),
        action: action.to_owned(),
        object: object.to_owned(),
        detail,
    };
    let hash = body.hash(Form::NOW, seq, &previous_hash);
    let sql = "INSERT INTO audit (seq, form, at, actor, action, object, detail, previous_hash, hash) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    sqlx::query(sql)
        .bind(seq)
        .bind(i64::from(Form::NOW))
        .bind(body.at)
        .bind(&body.actor)
        .bind(&body.action)
        .bind(&body.object)
        .bind(&body.detail)
        .bind(&previous_hash)
        .bind(&hash)
        .execute(&mut **transaction)
        .await?;
    transaction.appended = Some(Head { seq, hash });
    Ok(seq)
}

impl Transaction {
    /// The chain's end; number 0 in an empty database.
    pub async fn head(&mut self) -> Result<Head, StoreError> {
        Ok(Head::of_row(sqlx::query(HEAD).fetch_optional(&mut **self).await?.as_ref()))
    }

    /// Whether the chain has this row.
    pub async fn holds(&mut self, head: &Head) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM audit WHERE seq = $1 AND hash = $2";
        Ok(sqlx::query(sql).bind(head.seq).bind(&head.hash).fetch_optional(&mut **self).await?.is_some())
    }

    /// The latest time of the last thousand rows, UTC milliseconds: a clock that was set back writes earlier ones.
    pub async fn last_written(&mut self) -> Result<Option<i64>, StoreError> {
        let sql = "SELECT MAX(at) AS at FROM (SELECT at FROM audit ORDER BY seq DESC LIMIT 1000) AS last";
        Ok(sqlx::query(sql).fetch_one(&mut **self).await?.get("at"))
    }

    /// The last change of what is in force or published, or of who may read it: what is typed moves neither pages nor
    /// editions.
    pub async fn facts_head(&mut self) -> Result<i64, StoreError> {
        let row = sqlx::query(sqlx::AssertSqlSafe(facts_head_sql())).fetch_one(&mut **self).await?;
        Ok(row.get::<Option<i64>, _>("newest").unwrap_or(0))
    }

    /// The last change that visitors may see, with its hash: two databases may give two rows one number.
    pub async fn facts_state(&mut self) -> Result<Head, StoreError> {
        let sql = format!("SELECT seq, hash FROM audit WHERE seq = ({})", shown_head_sql());
        let row = sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_optional(&mut **self).await?;
        Ok(Head::of_row(row.as_ref()))
    }

    /// Entries below `before`, newest first, one page of them: of one action, with some words in who did it, to what,
    /// and its detail.
    pub async fn audit_entries(
        &mut self,
        before: Option<i64>,
        action: Option<&str>,
        find: &str,
    ) -> Result<Vec<AuditEntry>, StoreError> {
        let words = "(actor LIKE $3 ESCAPE '!' OR object LIKE $3 ESCAPE '!' OR detail LIKE $3 ESCAPE '!')";
        let sql = format!(
            "SELECT seq, at, actor, action, object, detail, hash FROM audit \
             WHERE seq < $1 AND ($2 = '' OR action = $2) AND ($3 = '%%' OR {words}) ORDER BY seq DESC LIMIT 100"
        );
        let find = find.replace('!', "!!").replace('%', "!%").replace('_', "!_");
        let query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(before.unwrap_or(i64::MAX));
        let query = query.bind(action.unwrap_or_default().to_owned()).bind(format!("%{find}%"));
        let entry = |row: &AnyRow| AuditEntry {
            seq: row.get("seq"),
            at: row.get("at"),
            actor: row.get("actor"),
            action: row.get("action"),
            object: row.get("object"),
            detail: row.get("detail"),
            hash: row.get("hash"),
        };
        Ok(query.fetch_all(&mut **self).await?.iter().map(entry).collect())
    }

    /// The rows after one, oldest first, at most a thousand.
    pub async fn trail_after(&mut self, seq: i64) -> Result<Vec<TrailRow>, StoreError> {
        let sql = format!("SELECT {LINK} FROM audit WHERE seq > $1 ORDER BY seq LIMIT 1000");
        let row = |row: &sqlx::any::AnyRow| TrailRow {
            seq: row.get("seq"),
            form: row.get("form"),
            at: row.get("at"),
            actor: row.get("actor"),
            action: row.get("action"),
            object: row.get("object"),
            detail: row.get("detail"),
            previous_hash: row.get("previous_hash"),
            hash: row.get("hash"),
        };
        Ok(sqlx::query(sqlx::AssertSqlSafe(sql)).bind(seq).fetch_all(&mut **self).await?.iter().map(row).collect())
    }

    /// Whether the figures are made up for demonstration.
    pub async fn is_demo(&mut self) -> Result<bool, StoreError> {
        Ok(sqlx::query("SELECT 1 FROM mark WHERE name = 'demo'").fetch_optional(&mut **self).await?.is_some())
    }
}

impl Store {
    /// A row of the trail for something that changed no fact.
    pub async fn note(
        &self,
        writer: Writer,
        action: &'static str,
        object: &str,
        detail: Value,
    ) -> Result<(), StoreError> {
        let object = object.to_owned();
        self.transact(move |transaction| {
            Box::pin(async move { append(transaction, &writer, action, &object, &detail).await.map(drop) })
        })
        .await
    }

    /// Marks an empty database as one of made-up figures; refuses one that holds anything.
    pub async fn mark_demo(&self, writer: Writer) -> Result<(), StoreError> {
        self.transact(move |transaction| {
            Box::pin(async move {
                let used = sqlx::query("SELECT seq FROM audit LIMIT 1").fetch_optional(&mut **transaction).await?;
                if used.is_some() {
                    return Err(StoreError::refused(
                        "这个数据库已有数据，不能再装入演示数据；请用 --data 换一个空文件夹",
                    ));
                }
                let seq = append(transaction, &writer, MARK_DEMO, "database", &serde_json::json!({})).await?;
                sqlx::query("INSERT INTO mark (name, audit_seq) VALUES ('demo', $1)")
                    .bind(seq)
                    .execute(&mut **transaction)
                    .await?;
                Ok(())
            })
        })
        .await
    }
}
