//! 项目库: what is known of an office's projects, the newest version of each fact.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use domain::money::Amount;
use domain::month::Period;
use domain::projects::{Dates, Listed, Project, Reported, Role, Step, When};
use office::projects::{
    InCharge, KnownProject, LeaveStep, Leaving, Matter, Meeting, Node, Part, Projects, Term, Visit, terms,
};
use sqlx::Row;
use sqlx::any::AnyRow;

use super::{StoreError, Transaction};

fn unreadable(what: &str) -> StoreError {
    StoreError::Unreadable(format!("项目库：{what}"))
}

fn when(row: &AnyRow, column: &str) -> Result<Option<When>, StoreError> {
    let text: Option<String> = row.get(column);
    text.map(|text| When::parse(&text).ok_or_else(|| unreadable("日期"))).transpose()
}

fn day(row: &AnyRow, column: &str) -> Result<Option<NaiveDate>, StoreError> {
    let text: Option<String> = row.get(column);
    text.map(|text| text.parse().map_err(|_| unreadable("日期"))).transpose()
}

fn amount(row: &AnyRow, column: &str) -> Option<Amount> {
    row.get::<Option<i64>, _>(column).map(Amount)
}

fn list<T: serde::de::DeserializeOwned>(row: &AnyRow, column: &str) -> Result<T, StoreError> {
    serde_json::from_str(&row.get::<String, _>(column)).map_err(|_| unreadable(column))
}

fn project(row: &AnyRow) -> Result<Project, StoreError> {
    Ok(Project {
        id: row.get("project_id"),
        name: row.get("name"),
        code: row.get("code"),
        firm: row.get("firm"),
        credit_code: row.get("credit_code"),
        unit: row.get("unit_id"),
        site: row.get("site"),
        industry: row.get("industry"),
        direction: row.get("direction"),
        nature: row.get("nature"),
        content: row.get("content"),
        total: amount(row, "total"),
        equipment: amount(row, "equipment"),
        output: amount(row, "output"),
        funds: row.get("funds"),
        lead: row.get("lead"),
        official: row.get("official"),
        unit_official: row.get("unit_official"),
        labels: list(row, "labels")?,
        successors: list(row, "successors")?,
    })
}

fn listed(row: &AnyRow) -> Result<Listed, StoreError> {
    let role: String = row.get("role");
    Ok(Listed {
        year: row.get::<i64, _>("year") as i32,
        role: Role::ALL.into_iter().find(|known| known.id() == role).ok_or_else(|| unreadable("年度类别"))?,
        planned: amount(row, "planned"),
        by_month: list::<BTreeMap<u32, Amount>>(row, "by_month")?,
        milestone: row.get("milestone"),
        batch: row.get("batch"),
        entered: when(row, "entered_on")?,
        left: when(row, "left_on")?,
        reason: row.get("basis"),
        excused: row.get("excused"),
    })
}

fn period(row: &AnyRow) -> Period {
    Period { year: row.get::<i64, _>("year") as i32, month: row.get::<i64, _>("month") as u32 }
}

/// Which rows of a library are read.
#[derive(Debug, Clone, Default)]
struct Asked<'a> {
    /// Of reports, the first month and the last, as [`months`] counts them.
    reported: Option<(i64, i64)>,
    /// Only these projects.
    projects: Option<&'a [String]>,
    /// Not what an account wrote at a moment.
    without: Option<(i64, i64)>,
}

/// So many projects are asked for by name at once.
const SOME: usize = 500;

fn months(period: Period) -> i64 {
    i64::from(period.year) * 12 + i64::from(period.month)
}

/// Whether what is invested in a project has risen among the reports at hand, the first of them aside, up to a month.
fn rose(known: &KnownProject, until: Period) -> bool {
    let reported = known.entry.returns.range(..=until).map(|(_, reported)| reported);
    let amounts: Vec<Amount> = reported.filter_map(|reported| reported.since_start.or(reported.this_year)).collect();
    amounts.windows(2).any(|two| two[1] > two[0])
}

fn shared(found: BTreeMap<String, KnownProject>) -> Projects {
    found.into_iter().map(|(id, known)| (id, Arc::new(known))).collect()
}

impl Transaction {
    /// An office's library by number: of reports those of a year, with those before it that say how a project stood then
    /// and since when it stands still; or all.
    pub async fn projects(&mut self, office: &str, year: Option<i32>) -> Result<Projects, StoreError> {
        let question = format!("projects {office} {year:?}");
        if let Some(found) = self.kept_library(&question).await? {
            return Ok(found);
        }
        let found = shared(self.read_projects(office, year).await?);
        self.keep_library(question, &found);
        Ok(found)
    }

    async fn read_projects(
        &mut self,
        office: &str,
        year: Option<i32>,
    ) -> Result<BTreeMap<String, KnownProject>, StoreError> {
        let Some(year) = year else { return self.library(office, &Asked::default()).await };
        let new_year = Period { year, month: 1 };
        let from = months(new_year) - 2;
        let reported = Some((from, from + 13));
        let mut found = self.library(office, &Asked { reported, ..Asked::default() }).await?;
        // Since when nothing has been invested, in whichever month of the year it is asked: where it did not rise in the
        // last month of the year before, what was reported before that says it.
        let is_still = |known: &KnownProject| known.entry.years.contains_key(&year) && !rose(known, new_year);
        let still = found.iter().filter(|(_, known)| is_still(known));
        let still: Vec<String> = still.map(|(id, _)| id.clone()).collect();
        for some in still.chunks(SOME) {
            let before = Asked { reported: Some((0, from - 1)), projects: Some(some), ..Asked::default() };
            self.reports(office, &before, &mut found).await?;
        }
        Ok(found)
    }

    /// One project with all that was ever reported of it.
    pub async fn project(&mut self, office: &str, id: &str) -> Result<Option<KnownProject>, StoreError> {
        let one = [id.to_owned()];
        let mut found = self.library(office, &Asked { projects: Some(&one), ..Asked::default() }).await?;
        Ok(found.remove(id))
    }

    /// The library without what one account wrote at one moment.
    pub async fn projects_without(&mut self, office: &str, at: i64, account: i64) -> Result<Projects, StoreError> {
        Ok(shared(self.library(office, &Asked { without: Some((at, account)), ..Asked::default() }).await?))
    }

    async fn library(&mut self, office: &str, asked: &Asked<'_>) -> Result<BTreeMap<String, KnownProject>, StoreError> {
        let mut found: BTreeMap<String, KnownProject> = BTreeMap::new();
        // Versions rise: the last one in stays.
        for row in self.rows_of("project_revision", "*", office, asked).await? {
            let id: String = row.get("project_id");
            let known = found.entry(id).or_default();
            known.entry.project = project(&row)?;
            known.note(Part::Own, row.get("version"), row.get("at"), row.get("audit_seq"));
        }
        for row in self.rows_of("project_year", "*", office, asked).await? {
            let Some(known) = found.get_mut(&row.get::<String, _>("project_id")) else { continue };
            let listed = listed(&row)?;
            known.note(Part::Year(listed.year), row.get("version"), row.get("at"), row.get("audit_seq"));
            known.entry.years.insert(listed.year, listed);
        }
        for row in self.rows_of("project_step", "*", office, asked).await? {
            let Some(known) = found.get_mut(&row.get::<String, _>("project_id")) else { continue };
            let step = Step::parse(&row.get::<String, _>("step")).ok_or_else(|| unreadable("步骤"))?;
            let dates = Dates {
                planned: when(&row, "planned_on")?,
                actual: when(&row, "actual_on")?,
                reason: row.get("because"),
            };
            known.note(Part::Step(step), row.get("version"), row.get("at"), row.get("audit_seq"));
            match dates == Dates::default() {
                true => known.entry.steps.remove(&step),
                false => known.entry.steps.insert(step, dates),
            };
        }
        self.reports(office, asked, &mut found).await?;
        Ok(found)
    }

    /// What was reported of projects, into what is known of them.
    async fn reports(
        &mut self,
        office: &str,
        asked: &Asked<'_>,
        found: &mut BTreeMap<String, KnownProject>,
    ) -> Result<(), StoreError> {
        // By far the most rows: what nobody asks for here is not fetched.
        let columns = "project_id, year, month, version, this_year, since_start, progress, problem, next_step, at, \
                       account_id, audit_seq";
        for row in self.rows_of("project_return", columns, office, asked).await? {
            let Some(known) = found.get_mut(&row.get::<String, _>("project_id")) else { continue };
            let at = period(&row);
            let reported = Reported {
                this_year: amount(&row, "this_year"),
                since_start: amount(&row, "since_start"),
                progress: row.get("progress"),
                problem: row.get("problem"),
                next: row.get("next_step"),
            };
            known.note(Part::Return(at), row.get("version"), row.get("at"), row.get("audit_seq"));
            match reported == Reported::default() {
                true => known.entry.returns.remove(&at),
                false => known.entry.returns.insert(at, reported),
            };
        }
        Ok(())
    }

    /// The rows of one of the library's tables that are asked for, versions rising within each fact.
    async fn rows_of(
        &mut self,
        table: &'static str,
        columns: &str,
        office: &str,
        asked: &Asked<'_>,
    ) -> Result<Vec<AnyRow>, StoreError> {
        let mut sql = format!("SELECT {columns} FROM {table} WHERE office_id = $1");
        if let Some((from, to)) = asked.reported.filter(|_| table == "project_return") {
            sql += &format!(" AND year * 12 + month BETWEEN {from} AND {to}");
        }
        if let Some(projects) = asked.projects {
            let places: Vec<String> = (2..).take(projects.len()).map(|place| format!("${place}")).collect();
            sql += &format!(" AND project_id IN ({})", places.join(", "));
        }
        let order = match table {
            "project_year" => "project_id, year, version",
            "project_step" => "project_id, step, version",
            "project_return" => "project_id, year, month, version",
            _ => "project_id, version",
        };
        sql += &format!(" ORDER BY {order}");
        let mut query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(office);
        for id in asked.projects.into_iter().flatten() {
            query = query.bind(id);
        }
        let mut rows = query.fetch_all(&mut **self).await?;
        if let Some((at, account)) = asked.without {
            rows.retain(|row| (row.get::<i64, _>("at"), row.get::<i64, _>("account_id")) != (at, account));
        }
        Ok(rows)
    }

    /// Who was in charge of an office's projects, or of the one that is named, from when to when.
    pub async fn terms(&mut self, office: &str, project: Option<&str>) -> Result<Vec<Term>, StoreError> {
        let one = project.map(|id| [id.to_owned()]);
        let asked = Asked { projects: one.as_ref().map(|one| &one[..]), ..Asked::default() };
        let columns = "project_id, official, unit_official, officials_since, at";
        let rows = self.rows_of("project_revision", columns, office, &asked).await?;
        let version = |row: &AnyRow| {
            Ok(InCharge {
                project: row.get("project_id"),
                official: row.get("official"),
                unit_official: row.get("unit_official"),
                since: day(row, "officials_since")?,
                written: domain::calendar::at_shanghai(row.get("at")).date_naive(),
            })
        };
        let versions: Vec<InCharge> = rows.iter().map(version).collect::<Result<_, StoreError>>()?;
        Ok(terms(&versions))
    }

    /// Visits to an office's projects, the newest version of each; of one project, where named.
    pub async fn visits(&mut self, office: &str, project: Option<&str>) -> Result<Vec<Visit>, StoreError> {
        let sql = "SELECT * FROM project_visit WHERE office_id = $1 AND ($2 = '' OR project_id = $2) \
                   ORDER BY project_id, visit, version";
        let mut found: BTreeMap<(String, i64), Visit> = BTreeMap::new();
        for row in sqlx::query(sql).bind(office).bind(project.unwrap_or_default()).fetch_all(&mut **self).await? {
            let visit = Visit {
                project: row.get("project_id"),
                visit: row.get("visit"),
                version: row.get("version"),
                day: row.get::<String, _>("visited_on").parse().map_err(|_| unreadable("走访日期"))?,
                by_whom: row.get("by_whom"),
                found: row.get("found"),
                promised: row.get("promised"),
                at: row.get("at"),
                actor: row.get("actor"),
            };
            found.insert((visit.project.clone(), visit.visit), visit);
        }
        Ok(found.into_values().collect())
    }

    /// Nodes of an office's projects, the newest version of each; of one project, where named.
    pub async fn nodes(&mut self, office: &str, project: Option<&str>) -> Result<Vec<Node>, StoreError> {
        let sql = "SELECT * FROM project_node WHERE office_id = $1 AND ($2 = '' OR project_id = $2) \
                   ORDER BY project_id, node, version";
        let mut found: BTreeMap<(String, i64), Node> = BTreeMap::new();
        for row in sqlx::query(sql).bind(office).bind(project.unwrap_or_default()).fetch_all(&mut **self).await? {
            let node = Node {
                project: row.get("project_id"),
                node: row.get("node"),
                version: row.get("version"),
                name: row.get("name"),
                due: day(&row, "due_on")?,
                who: row.get("who"),
                done: day(&row, "done_on")?,
                words: row.get("words"),
                at: row.get("at"),
                actor: row.get("actor"),
            };
            found.insert((node.project.clone(), node.node), node);
        }
        Ok(found.into_values().collect())
    }

    /// The newest step of each application to leave a list.
    pub async fn leaves(&mut self, office: &str) -> Result<Vec<Leaving>, StoreError> {
        let sql = "SELECT * FROM project_leave WHERE office_id = $1 ORDER BY project_id, year, version";
        let mut found: BTreeMap<(String, i64), Leaving> = BTreeMap::new();
        for row in sqlx::query(sql).bind(office).fetch_all(&mut **self).await? {
            let leaving = Leaving {
                project: row.get("project_id"),
                year: row.get::<i64, _>("year") as i32,
                version: row.get("version"),
                step: LeaveStep::parse(&row.get::<String, _>("step")).ok_or_else(|| unreadable("退库申请"))?,
                reason: row.get("reason"),
                at: row.get("at"),
                actor: row.get("actor"),
            };
            found.insert((leaving.project.clone(), leaving.year.into()), leaving);
        }
        Ok(found.into_values().collect())
    }

    /// Meetings about an office's projects, the newest version of each, by number.
    pub async fn meetings(&mut self, office: &str) -> Result<Vec<Meeting>, StoreError> {
        let sql = "SELECT * FROM project_meeting WHERE office_id = $1 ORDER BY meeting, version";
        let mut found: BTreeMap<i64, Meeting> = BTreeMap::new();
        for row in sqlx::query(sql).bind(office).fetch_all(&mut **self).await? {
            let meeting = Meeting {
                meeting: row.get("meeting"),
                version: row.get("version"),
                plan: row.get("plan_id"),
                kind: row.get("kind"),
                day: row.get::<String, _>("held_on").parse().map_err(|_| unreadable("会议日期"))?,
                who: row.get("who"),
                words: row.get("words"),
                projects: list(&row, "projects")?,
                at: row.get("at"),
                actor: row.get("actor"),
            };
            found.insert(meeting.meeting, meeting);
        }
        Ok(found.into_values().collect())
    }

    /// Matters of an office, the newest version of each, by number.
    pub async fn matters(&mut self, office: &str) -> Result<Vec<Matter>, StoreError> {
        let sql = "SELECT * FROM project_matter WHERE office_id = $1 ORDER BY matter, version";
        let mut found: BTreeMap<i64, Matter> = BTreeMap::new();
        for row in sqlx::query(sql).bind(office).fetch_all(&mut **self).await? {
            let matter = Matter {
                matter: row.get("matter"),
                version: row.get("version"),
                plan: row.get("plan_id"),
                project: row.get("project_id"),
                source: row.get("source"),
                kind: row.get("kind"),
                words: row.get("words"),
                owner: row.get("owner"),
                due: day(&row, "due_on")?,
                solved: day(&row, "solved_on")?,
                how: row.get("how"),
                escalated_to: row.get("escalated_to"),
                at: row.get("at"),
                actor: row.get("actor"),
            };
            found.insert(matter.matter, matter);
        }
        Ok(found.into_values().collect())
    }
}
