//! What publishing proves: the chain since the last proof, and every row its edition rests on against the entry that
//! wrote it. The cost grows with the plan and with what came since, not with the whole history.

use std::collections::BTreeMap;

use domain::month::Period;
use futures_util::TryStreamExt;
use office::facts::{Proof, ProvedHead};
use sqlx::Row;

use super::link::{GENESIS, LINK, Link};
use super::verify::{Chain, Only};
use super::{StoreError, Transaction};

/// The entries that write what an edition rests on: plan, figures, totals, the bureau's figures, readings, steps of
/// tasks, picked texts, averages chosen, publications that later ones follow.
const BASIS: &str = "'import_plan', 'import_returns', 'approve', 'undo', 'state_total', 'record_bureau', \
                     'choose_reading', 'propose_reading', 'confirm_reading', 'drop_reading', 'report_task', 'withdraw_task', 'confirm_task', \
                     'send_back_task', 'extend_task', 'pick_text', 'drop_text', 'publish_comparison', 'publish_library', 'confirm_closing', \
                     'publish_claim_notice', 'publish_selection', 'choose_average', 'enter_projects', 'revise_project', 'report_projects', 'agree_leave'";

/// The tables among them whose rows carry their own hash.
const TABLES: [&str; 10] = [
    "bureau_figure",
    "reading_choice",
    "task_step",
    "text_pick",
    "publication",
    "average_choice",
    "project_revision",
    "project_year",
    "project_step",
    "project_return",
];

impl Transaction {
    /// The last time the chain was proved up to, and when.
    pub async fn last_proof(&mut self) -> Result<Option<Proof>, StoreError> {
        let found =
            sqlx::query("SELECT seq, hash, at FROM proof ORDER BY seq DESC LIMIT 1").fetch_optional(&mut **self);
        let proof = |row: sqlx::any::AnyRow| Proof {
            head: ProvedHead { seq: row.get("seq"), hash: row.get("hash") },
            at: row.get("at"),
        };
        Ok(found.await?.map(proof))
    }

    /// Proves the chain since the last proof; returns its end.
    async fn prove_chain(&mut self) -> Result<ProvedHead, StoreError> {
        let last = self.last_proof().await?.map(|proof| proof.head);
        let from = last.as_ref().map_or(1, |head| head.seq);
        let sql = format!("SELECT {LINK} FROM audit WHERE seq >= $1 ORDER BY seq");
        let mut links = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(from).fetch(&mut **self);
        let mut head = ProvedHead { seq: from - 1, hash: GENESIS.to_owned() };
        let mut form = 0;
        while let Some(row) = links.try_next().await? {
            let link = Link::read(&row);
            if link.seq != head.seq + 1 {
                break;
            }
            // The row that was the end then has to be the same row still.
            let checked = match last.as_ref().filter(|last| last.seq == link.seq) {
                Some(last) if last.hash != link.hash => Err(link.altered()),
                // Rows of the older form stand before all others.
                _ if link.form < form => Err(link.altered()),
                Some(_) => link.check(link.previous_hash().unwrap_or_default()),
                None => link.check(&head.hash),
            };
            checked.map_err(StoreError::Altered)?;
            form = link.form;
            head = ProvedHead { seq: link.seq, hash: link.hash };
        }
        drop(links);
        let end = sqlx::query("SELECT MAX(seq) AS seq FROM audit").fetch_one(&mut **self).await?;
        let end = end.get::<Option<i64>, _>("seq").unwrap_or(0);
        match head.seq == end && end >= last.map_or(0, |last| last.seq) {
            true => Ok(head),
            false => Err(StoreError::Altered(format!("审计记录第 {} 条缺失", head.seq + 1))),
        }
    }

    /// The entries of some actions about a plan, each checked against its own hash and the entry behind it.
    async fn entries(&mut self, actions: &str, plan: &str, below: &str) -> Result<Chain, StoreError> {
        let length = below.chars().count();
        // A prefix and not LIKE: an id may hold what LIKE takes for a sign.
        let sql = format!(
            "SELECT a.seq, a.form, a.at, a.actor, a.action, a.object, a.detail, a.previous_hash, a.hash, \
             n.previous_hash AS next_says FROM audit a LEFT JOIN audit n ON n.seq = a.seq + 1 \
             WHERE a.action IN ({actions}) AND (a.object = $1 OR substr(a.object, 1, {length}) = $2) ORDER BY a.seq"
        );
        let query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(plan).bind(below);
        let mut chain: Chain = BTreeMap::new();
        for row in query.fetch_all(&mut **self).await? {
            let (link, next): (Link, Option<String>) = (Link::read(&row), row.get("next_says"));
            let own = link.check(link.previous_hash().unwrap_or_default());
            let followed = if next.is_none_or(|next| next == link.hash) { Ok(()) } else { Err(link.altered()) };
            chain.extend(own.and(followed).and_then(|()| link.checked()).map_err(StoreError::Altered)?);
        }
        Ok(chain)
    }

    /// Proves what an edition of a plan and period rests on; returns the chain's end. [`StoreError::Altered`] says what
    /// was altered.
    pub async fn prove_basis(&mut self, plan: &str, period: Period) -> Result<ProvedHead, StoreError> {
        let head = self.prove_chain().await?;
        let chain = self.entries(BASIS, plan, &format!("{plan}/")).await?;
        let editions = self.entries("'publish'", "", &format!("{plan}/{period}/e")).await?;
        let only = Only { plan: Some(plan), ..Only::ALL };
        let of_period =
            Only { plan: Some(plan), period: Some((i64::from(period.year), i64::from(period.month))), ..only };
        self.verify_plans(&chain, only).await?;
        self.verify_returns(&chain, only).await?;
        self.verify_rows(&TABLES, &chain, only).await?;
        self.verify_editions(&editions, of_period).await?;
        Ok(head)
    }
}
