//! People and their posts: how each is named in a box, and 花名册, the workbook from which accounts, posts and
//! appointments are made together.

use std::collections::{BTreeMap, BTreeSet};

use documents::grid::Grid;
use domain::entry::clean;
use domain::month::shorten;
use domain::plan::Plan;
use domain::region::{Region, fold_name, suggest};
use domain::rights::{Reach, Role};
use serde::{Deserialize, Serialize};

use crate::facts::HeldPost;
use crate::viewer::Account;

/// A name has at most so many characters, and so has a telephone.
const LONGEST: usize = 40;

/// Whoever gets an account, each box as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    pub login: String,
    pub name: String,
    pub phone: String,
}

impl Person {
    /// # Errors
    /// All that is wrong with the three boxes, a sentence each, without full stops.
    pub fn read(login: &str, name: &str, phone: &str) -> Result<Self, Vec<String>> {
        match (fold_login(login), person_name(name), person_phone(phone)) {
            (Ok(login), Ok(name), Ok(phone)) => Ok(Self { login, name, phone }),
            (login, name, phone) => Err([login.err(), name.err(), phone.err()].into_iter().flatten().collect()),
        }
    }
}

/// Login names as they are kept: lower case, ASCII letters, digits, `.`, `_`, `-`.
///
/// # Errors
/// What to write instead, without a full stop.
pub fn fold_login(text: &str) -> Result<String, String> {
    let folded = domain::money::fold(text).trim().to_lowercase();
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '_' | '-');
    match folded.chars().count() {
        2..=32 if folded.chars().all(plain) => Ok(folded),
        0 => Err("请写登录名：2至32个小写字母、数字、点、下划线或连字符，例如 chenfang".to_owned()),
        _ => Err(format!(
            "登录名“{}”不合要求：请用2至32个小写字母、数字、点、下划线或连字符，例如 chenfang",
            shorten(text)
        )),
    }
}

/// A person's name.
///
/// # Errors
/// What to write instead, without a full stop.
pub fn person_name(text: &str) -> Result<String, String> {
    let name = clean(text).trim().to_owned();
    match name.chars().count() {
        1..=LONGEST => Ok(name),
        0 => Err(format!("请写姓名，至多{LONGEST}个字")),
        count => Err(format!("姓名写了{count}个字，请缩短到{LONGEST}个字以内")),
    }
}

/// Telephones as offices write them: `0595-22123456 转 801`, a mobile, an inside number, several with 、 between. Empty
/// for none.
///
/// # Errors
/// What to write instead, without a full stop.
pub fn person_phone(text: &str) -> Result<String, String> {
    let written = domain::money::fold(&clean(text)).trim().to_owned();
    let wrong = || {
        Err(format!(
            "电话“{}”读不懂：请写数字，例如 0595-22123456 转 801，几个号码用顿号隔开，没有的不填",
            shorten(&written)
        ))
    };
    let is_between = |c: char| matches!(c, '、' | ',' | ';' | '/' | '；' | '，');
    let is_inside = |c: char| c.is_ascii_digit() || matches!(c, '-' | ' ' | '(' | ')' | '+' | '转' | '*' | '#' | '—');
    if written.chars().count() > LONGEST {
        return Err(format!("电话写了{}个字符，请缩短到{LONGEST}个以内", written.chars().count()));
    }
    for number in written.split(is_between).filter(|_| !written.is_empty()) {
        let digits = number.chars().filter(char::is_ascii_digit).count();
        // An inside number has three digits at least, one abroad with its extension twenty at most.
        if !number.chars().all(is_inside) || !(3..=20).contains(&digits) {
            return wrong();
        }
    }
    Ok(written)
}

/// What names a post to be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewPost {
    pub role: Role,
    /// Region id and name.
    pub office: Option<(String, String)>,
    /// Region id and name; of a department's post the department, by its folded name and its name.
    pub unit: Option<(String, String)>,
}

impl NewPost {
    pub fn stem(&self) -> String {
        // Departments are called alike in every office.
        let unit = self.unit.as_ref().filter(|_| !self.role.is_department());
        let place = unit.or(self.office.as_ref()).map_or("system", |(id, _)| id);
        format!("{place}-{}", self.role.id().replace('_', "-"))
    }

    /// `福清市填报员`; of a department `福州市效能办`, whose documents say `市效能办`.
    pub fn title(&self) -> String {
        if let (true, Some((_, office)), Some((_, unit))) = (self.role.is_department(), &self.office, &self.unit) {
            let level = office.chars().last().filter(|level| unit.starts_with(*level));
            let own = level.map_or(unit.as_str(), |level| unit.trim_start_matches(level));
            return if unit.starts_with(office.as_str()) { unit.clone() } else { format!("{office}{own}") };
        }
        let place = self.unit.as_ref().or(self.office.as_ref()).map_or("", |(_, name)| name);
        format!("{place}{}", self.role.short_name())
    }

    pub fn reach(&self) -> Reach {
        let id = |place: &Option<(String, String)>| place.as_ref().map(|(id, _)| id.clone());
        Reach { role: self.role, office: id(&self.office), unit: id(&self.unit) }
    }
}

/// The offices of a site: the one it was set up for, then those of its plans, each once.
pub fn offices<'p>(plans: impl Iterator<Item = &'p Plan>, set_up: Option<&str>) -> Vec<Region> {
    let mut found: Vec<Region> = set_up.and_then(domain::region::named).into_iter().collect();
    for plan in plans {
        match found.iter_mut().find(|region| region.id() == plan.region.id()) {
            Some(region) => region.clone_from(&plan.region),
            None => found.push(plan.region.clone()),
        }
    }
    found
}

/// The office that a post is of, with its name.
pub fn office_of(offices: &[Region], reach: &Reach) -> Option<Region> {
    let id = reach.office.as_deref()?;
    offices.iter().find(|region| region.id() == id).cloned().or_else(|| domain::region::named(id))
}

/// What posts are named by: the site's offices and their plans.
#[derive(Debug, Clone, Copy)]
pub struct Places<'p> {
    pub plans: &'p [&'p Plan],
    pub offices: &'p [Region],
}

impl Places<'_> {
    /// The units of an office that have posts, in its plans' order.
    pub fn units(&self, office: &str) -> Vec<(String, String)> {
        let mut found: Vec<(String, String)> = Vec::new();
        for plan in self.plans.iter().filter(|plan| plan.region.id() == office) {
            for unit in domain::entry::units_with_posts(plan) {
                if !found.iter().any(|(id, _)| *id == unit.0) {
                    found.push(unit);
                }
            }
        }
        found
    }

    fn known(&self) -> String {
        self.offices.iter().map(|region| region.name.as_str()).collect::<Vec<_>>().join("、")
    }

    /// An office by name, by code or by both; one that has no plan yet by name where the list that ships has it.
    fn office(&self, written: &str) -> Result<Region, String> {
        let written = &clean(written);
        let folded = fold_name(written);
        if folded.is_empty() {
            return match self.offices {
                [only] => Ok(only.clone()),
                [] => Err("没有写牵头地区，请写名称和行政区划代码，例如 漳州市 350600".to_owned()),
                _ => Err(format!("没有写牵头地区，请写 {} 之一", self.known())),
            };
        }
        let in_full = domain::region::named(written);
        let is_it = |region: &&Region| {
            let name = fold_name(&region.name);
            let both = |full: &Region| full.id() == region.id() && fold_name(&full.name) == name;
            folded == region.id() || folded == name || in_full.as_ref().is_some_and(both)
        };
        if let Some(region) = self.offices.iter().find(is_it) {
            return Ok(region.clone());
        }
        let Some(region) = in_full else {
            let known = self.known();
            let known = if known.is_empty() { known } else { format!("本站的是 {known}；") };
            return Err(format!(
                "没有“{}”的计划。{known}给新的地区设岗位，请连行政区划代码一起写，例如 漳州市 350600",
                shorten(written)
            ));
        };
        match self.offices.iter().find(|other| other.id() == region.id()) {
            Some(other) => Err(format!("{} 是{}的代码，请核对名称和代码", region.id(), other.name)),
            None => Ok(region),
        }
    }

    /// A post as named by role, office and unit.
    ///
    /// # Errors
    /// What to write instead, without a full stop.
    pub fn post(&self, role: Role, office: &str, unit: &str) -> Result<NewPost, String> {
        if role.is_admin() {
            return Ok(NewPost { role, office: None, unit: None });
        }
        let office = self.office(office)?;
        let of = Some((office.id().to_owned(), office.name.clone()));
        let unit = unit.trim();
        if role.is_department() {
            return Ok(NewPost { role, office: of, unit: Some(department(role, unit)?) });
        }
        // A named leader is paired with one unit, or with projects of several.
        let may_have_unit = role.is_county() || role == Role::Official;
        match unit {
            "" if !role.is_county() => return Ok(NewPost { role, office: of, unit: None }),
            _ if !may_have_unit => return Err(format!("{}不分单位，请把单位一格留空", role.name())),
            _ => {}
        }
        let units = self.units(office.id());
        if units.is_empty() {
            return Err(format!(
                "“{}”还没有计划，不知道有哪些单位；请先设市级审核员，由他导入计划，再设{}",
                office.name,
                role.name()
            ));
        }
        let names: Vec<&str> = units.iter().map(|(_, name)| name.as_str()).collect();
        if unit.is_empty() {
            return Err(format!("{}要写明是哪个单位：{} 之一", role.name(), names.join("、")));
        }
        let folded = fold_name(unit);
        let found = units.iter().find(|(id, name)| *id == folded || fold_name(name) == folded);
        match found {
            Some(unit) => Ok(NewPost { role, office: of, unit: Some(unit.clone()) }),
            None => {
                let like = suggest(unit, names.iter().copied()).map(|like| format!("，是不是“{like}”"));
                let like = like.unwrap_or_default();
                Err(format!("{}的分解表里没有“{}”{like}；请写 {} 之一", office.name, shorten(unit), names.join("、")))
            }
        }
    }
}

/// A department's name is at most so long, in characters.
const DEPARTMENT_MOST: usize = 30;

/// The department of a post, by its folded name and its name.
fn department(role: Role, unit: &str) -> Result<(String, String), String> {
    let name = clean(unit).trim().to_owned();
    if name.is_empty() || name.chars().count() > DEPARTMENT_MOST {
        return Err(format!(
            "{}要写明是哪个部门（不超过{DEPARTMENT_MOST}字），例如 市效能办、市统计局、市财政局",
            role.name()
        ));
    }
    Ok((fold_name(&name), name))
}

/// A role as people write it in a table.
pub fn role_named(text: &str) -> Option<(Role, bool)> {
    let folded = fold_name(text).replace(['（', '）', '(', ')'], "").to_uppercase();
    let (bare, deputy) = match folded.strip_suffix("B角") {
        Some(bare) => (bare, true),
        None => (folded.strip_suffix("A角").unwrap_or(&folded), false),
    };
    let role = Role::ALL.into_iter().find(|role| {
        let other = match role {
            Role::CountyReporter => ["填报员", "填报人", "县级填报人", "单位填报员"],
            Role::CountyApprover => ["审核人", "签核人", "单位审核人", "县级签核人"],
            Role::CityReviewer => ["审核员", "市审核员", "办公室审核员", "市级审核人"],
            Role::Publisher => ["发布员", "市级发布人", "办公室发布人", "签发人"],
            Role::Leader => ["分管领导", "市领导", "领导岗", "主要领导"],
            _ => [""; 4],
        };
        bare == role.name() || bare.eq_ignore_ascii_case(role.id()) || (!bare.is_empty() && other.contains(&bare))
    });
    role.map(|role| (role, deputy))
}

/// A line of the workbook: a person and his post.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Of the sheet, counted from 1.
    pub row: usize,
    #[serde(flatten)]
    pub person: Person,
    /// Nobody has this account yet.
    pub new: bool,
    /// `None`: an account alone.
    pub post: Option<NewPost>,
    /// B角 of the post.
    pub deputy: bool,
}

impl Line {
    /// `福清市填报员（B角）`, or a dash.
    pub fn title(&self) -> String {
        let suffix = if self.deputy { "（B角）" } else { "" };
        self.post.as_ref().map_or("—".to_owned(), |post| format!("{}{suffix}", post.title()))
    }
}

/// What is wrong with a cell, without a full stop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// `C5`; empty for the sheet as a whole.
    pub address: String,
    pub sentence: String,
}

/// A workbook as it would be taken.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Roster {
    pub lines: Vec<Line>,
    /// While there is one, nothing is taken.
    pub faults: Vec<Fault>,
    /// Lines of posts without a name: nobody was found for them yet.
    pub blank: usize,
}

/// What a workbook is read against.
#[derive(Debug, Clone, Copy)]
pub struct Known<'k> {
    pub places: Places<'k>,
    pub posts: &'k [HeldPost],
    pub accounts: &'k [Account],
}

/// The columns: what each is called in our blank, and what people call it.
const COLUMNS: [(&str, &[&str]); 6] = [
    ("岗位", &["岗位类别", "角色", "职责", "类别"]),
    ("单位", &["县区", "县市区", "县（市）区", "单位名称", "所在单位", "部门"]),
    ("姓名", &["名字", "人员"]),
    ("登录名", &["账号", "用户名", "登录账号"]),
    ("办公电话", &["电话", "手机", "联系电话", "手机号", "联系方式"]),
    ("牵头地区", &["地区", "市"]),
];

/// The heads of the blank; the last one is only for sites of several offices.
pub fn heads(several_offices: bool) -> Vec<&'static str> {
    COLUMNS.iter().map(|(head, _)| *head).take(if several_offices { 6 } else { 5 }).collect()
}

/// Reads a workbook: every fault at its cell, and all lines that are right.
pub fn read_roster(sheets: &[Grid], known: Known<'_>) -> Roster {
    let fold = |text: &str| fold_name(text).replace(['*', '＊'], "");
    let column = |row: &[String], index: usize| {
        let (head, others) = COLUMNS[index];
        row.iter().position(|cell| {
            let cell = fold(cell);
            cell == head || others.iter().any(|other| fold(other) == cell)
        })
    };
    let found = sheets.iter().find_map(|grid| {
        let head = grid.rows.iter().take(20).position(|row| column(row, 2).is_some() && column(row, 3).is_some())?;
        Some((grid, head))
    });
    let Some((grid, head)) = found else {
        let sentence = "没有找到“姓名”和“登录名”两列的表头；请用本页下载的空白表，或把表头写成：岗位、单位、姓名、登录名、办公电话";
        return Roster {
            faults: vec![Fault { address: String::new(), sentence: sentence.to_owned() }],
            ..Roster::default()
        };
    };
    let columns: Vec<Option<usize>> = (0..COLUMNS.len()).map(|index| column(&grid.rows[head], index)).collect();
    let mut roster = Roster::default();
    let mut reader = Reader { known, logins: BTreeMap::new(), taken: BTreeMap::new() };
    for (index, row) in grid.rows.iter().enumerate().skip(head + 1) {
        let cell = |at: usize| columns[at].and_then(|column| row.get(column)).map_or("", |text| text.trim());
        let texts: [&str; 6] = std::array::from_fn(cell);
        if texts.iter().all(|text| text.is_empty()) {
            continue;
        }
        // The blank suggests log-in names; where nobody stands beside one, the post is still open.
        if texts[2].is_empty() && texts[4].is_empty() {
            roster.blank += 1;
            continue;
        }
        match reader.line(grid.top + index + 1, texts) {
            Ok(line) => roster.lines.push(line),
            Err(faults) => roster.faults.extend(faults.into_iter().map(|(at, sentence)| Fault {
                address: columns[at].map_or(format!("第 {} 行", grid.top + index + 1), |at| grid.address(index, at)),
                sentence,
            })),
        }
    }
    if roster.lines.is_empty() && roster.faults.is_empty() {
        let sentence = "表里没有写了姓名的行，没有可建的账号".to_owned();
        roster.faults.push(Fault { address: String::new(), sentence });
    }
    roster
}

struct Reader<'k> {
    known: Known<'k>,
    /// Log-in names of the lines before, with their row.
    logins: BTreeMap<String, usize>,
    /// The posts of the lines before, with their row.
    taken: BTreeMap<String, usize>,
}

impl Reader<'_> {
    /// A line, or what is wrong with its columns.
    fn line(&mut self, row: usize, texts: [&str; 6]) -> Result<Line, Vec<(usize, String)>> {
        let [role, unit, name, login, phone, office] = texts;
        let mut faults: Vec<(usize, String)> = Vec::new();
        let mut take = |at: usize, read: Result<String, String>| match read {
            Ok(text) => text,
            Err(sentence) => {
                faults.push((at, sentence));
                String::new()
            }
        };
        let person = Person {
            name: take(2, person_name(name)),
            login: take(3, fold_login(login)),
            phone: take(4, person_phone(phone)),
        };
        let account = self.known.accounts.iter().find(|account| account.login == person.login);
        if !person.login.is_empty() {
            if let Some(before) = self.logins.insert(person.login.clone(), row) {
                let sentence = format!("登录名“{}”和第 {before} 行的一样；一人一个账号，请换一个", person.login);
                faults.push((3, sentence));
            }
            match account {
                Some(account) if account.name != person.name && !person.name.is_empty() => {
                    faults.push((3, format!("登录名“{}”是{}的，请换一个", account.login, account.name)));
                }
                Some(account) if account.disabled => {
                    faults.push((3, format!("账号“{}”已停用，请先启用", account.login)));
                }
                _ => {}
            }
        }
        let post = match role {
            "" if unit.is_empty() => None,
            "" => {
                faults.push((0, "没有写岗位，请写 县级填报员、县级审核人、市级审核员、发布人、领导 之一".to_owned()));
                None
            }
            role => self.post((role, unit, office), row, account, &mut faults),
        };
        match faults.is_empty() {
            true => {
                let (post, deputy) = post.map_or((None, false), |(post, deputy)| (Some(post), deputy));
                Ok(Line { row, person, new: account.is_none(), post, deputy })
            }
            false => Err(faults),
        }
    }

    fn post(
        &mut self,
        (role, unit, office): (&str, &str, &str),
        row: usize,
        account: Option<&Account>,
        faults: &mut Vec<(usize, String)>,
    ) -> Option<(NewPost, bool)> {
        let Some((role, deputy)) = role_named(role) else {
            faults.push((
                0,
                format!(
                    "岗位“{}”不认识，请写 县级填报员、县级审核人、市级审核员、发布人、领导 之一，代办的人在后面加 B角",
                    shorten(role)
                ),
            ));
            return None;
        };
        if role.is_admin() {
            faults.push((0, "管理员岗位不由花名册设，请在“岗位”页办理".to_owned()));
            return None;
        }
        // In the line of an office's own post its own name may stand for the unit.
        let is_office =
            |text: &str| self.known.places.offices.iter().any(|known| fold_name(&known.name) == fold_name(text));
        let unit = if !role.is_county() && !role.is_department() && is_office(unit) { "" } else { unit };
        let post = match self.known.places.post(role, office, unit) {
            Ok(post) => post,
            Err(sentence) => {
                faults.push((1, sentence));
                return None;
            }
        };
        let held = |held: &&HeldPost| held.post.domain == post.reach() && held.deputy_of.is_some() == deputy;
        let all: Vec<&HeldPost> = self.known.posts.iter().filter(held).collect();
        let title = format!("{}{}", post.title(), if deputy { "（B角）" } else { "" });
        // Leaders may be several; everybody else of a kind is one, and his deputy.
        if !matches!(role, Role::Leader | Role::Official) {
            if let Some(before) = self.taken.insert(title.clone(), row) {
                let sentence = if deputy {
                    format!("“{title}”第 {before} 行已写了一个人，一个岗位只设一个 B 角")
                } else {
                    format!("“{title}”第 {before} 行已写了一个人；第二个人请在岗位后面加“B角”")
                };
                faults.push((0, sentence));
            }
            if let (false, Some(holder)) =
                (all.iter().any(|held| held.holder.is_none()), all.iter().find_map(|held| held.holder.as_ref()))
                && account.is_none_or(|account| account.id != holder.id)
            {
                let sentence = format!("“{title}”现由{}担任；换人请在“岗位”页办理，或删去这一行", holder.name);
                faults.push((0, sentence));
            }
        }
        let own = account.and_then(|account| {
            let of = |held: &&HeldPost| held.holder.as_ref().is_some_and(|holder| holder.id == account.id);
            self.known.posts.iter().find(of)
        });
        match own {
            Some(own) if own.post.domain == post.reach() && own.deputy_of.is_some() == deputy => {
                faults.push((3, format!("{}已在这个岗位上，请删去这一行", own.post.title)));
            }
            Some(own) => faults.push((
                3,
                format!("这个账号已在岗位“{}”上；一个账号同时只能在一个岗位，请先让出原岗位", own.post.title),
            )),
            None => {}
        }
        Some((post, deputy))
    }
}

/// A line of the blank: a post that nobody holds, with a log-in name for whoever will.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Open {
    pub role: Role,
    pub office: String,
    pub unit: String,
    pub login: String,
}

/// The posts an office needs and nobody holds: its own, and a reporter and an approver in each unit.
pub fn open_posts(known: Known<'_>) -> Vec<Open> {
    let mut logins: BTreeSet<String> = known.accounts.iter().map(|account| account.login.clone()).collect();
    let mut open = Vec::new();
    for office in known.places.offices {
        let units = known.places.units(office.id());
        let own = [Role::CityReviewer, Role::Publisher, Role::Leader].map(|role| (role, None));
        let of_units = units
            .iter()
            .enumerate()
            .flat_map(|unit| [Role::CountyReporter, Role::CountyApprover].map(|role| (role, Some(unit))));
        for (role, unit) in own.into_iter().chain(of_units) {
            let id = unit.map(|(_, (id, _))| id.as_str());
            let is_held = known.posts.iter().any(|held| {
                let reach = &held.post.domain;
                reach.role == role
                    && reach.office.as_deref() == Some(office.id())
                    && reach.unit.as_deref() == id
                    && held.holder.is_some()
            });
            if is_held {
                continue;
            }
            let stem = match role {
                Role::CountyReporter => "tb",
                Role::CountyApprover => "sh",
                Role::CityReviewer => "shenhe",
                Role::Publisher => "fabu",
                _ => "lingdao",
            };
            // The unit's code tells whose it is; where it has none, its number in the plan.
            let place = unit.map_or(String::new(), |(index, (id, _))| match id.is_ascii() {
                true => id.to_lowercase(),
                false => format!("{:02}", index + 1),
            });
            let stem: String = format!("{stem}{place}").chars().take(28).collect();
            let free = (1..).map(|number| if number == 1 { stem.clone() } else { format!("{stem}-{number}") });
            let login = free.into_iter().find(|login| !logins.contains(login)).unwrap_or_default();
            logins.insert(login.clone());
            open.push(Open {
                role,
                office: office.name.clone(),
                unit: unit.map(|(_, (_, name))| name.clone()).unwrap_or_default(),
                login,
            });
        }
    }
    open
}

#[cfg(test)]
mod tests {
    use super::*;
    use documents::grid;
    use domain::budget::Budget;

    #[test]
    fn telephones_are_numbers() {
        for right in
            ["", "0595-22123456", "0595-22123456转801", "13800138000、8012", "（0595）2212 3456", "+86 591 87654321"]
        {
            assert!(person_phone(right).is_ok(), "{right}: {:?}", person_phone(right));
        }
        for wrong in ["abc", "电话", "12", "无", "13800138000；abc", "0595-22123456-0595-22123456"] {
            assert!(person_phone(wrong).is_err(), "{wrong}");
        }
    }

    fn plan() -> Plan {
        domain::plan::file::parse(include_str!("../../assets/plans/fuzhou-2021.plan.toml")).unwrap()
    }

    /// A workbook of these lines → the titles it makes, and its faults.
    fn read(lines: &str) -> (Vec<String>, Vec<String>) {
        let plan = plan();
        let grid =
            grid::read(format!("岗位,单位,姓名,登录名,办公电话\n{lines}\n").as_bytes(), "a.csv", Budget::ENDLESS);
        let (plans, offices) = ([&plan], offices([&plan].into_iter(), Some("350100")));
        let places = Places { plans: &plans, offices: &offices };
        let roster = read_roster(&grid.unwrap(), Known { places, posts: &[], accounts: &[] });
        let said = |fault: &Fault| format!("{} {}", fault.address, fault.sentence);
        (roster.lines.iter().map(Line::title).collect(), roster.faults.iter().map(said).collect())
    }

    #[track_caller]
    fn check_fault(lines: &str, address: &str, part: &str) {
        let (_, faults) = read(lines);
        assert!(
            faults.iter().any(|said| said.starts_with(&format!("{address} ")) && said.contains(part)),
            "{faults:#?}"
        );
    }

    #[test]
    fn a_line_is_a_person_on_a_post() {
        let (titles, faults) = read(
            "县级填报员,福清市,林敏,Linmin,0591-85212345\n填报员B角,福清市,陈芳,chenfang,\n领导,,王强,wq,\n,,李四,lisi,",
        );
        assert_eq!(titles, ["福清市填报员", "福清市填报员（B角）", "福州市领导", "—"], "{faults:#?}");
        assert_eq!(faults, Vec::<String>::new());
    }

    #[test]
    fn every_fault_stands_at_its_cell() {
        check_fault("县级填报员,福清,林敏,linmin,", "B2", "是不是“福清市”");
        check_fault("县级填报员,,林敏,linmin,", "B2", "要写明是哪个单位");
        check_fault("科长,福清市,林敏,linmin,", "A2", "不认识");
        check_fault("系统管理员,,林敏,linmin,", "A2", "不由花名册设");
        check_fault("县级填报员,福清市,林敏,林敏,abc", "D2", "不合要求");
        check_fault("县级填报员,福清市,林敏,linmin,abc", "E2", "读不懂");
        check_fault("县级填报员,福清市,林敏,linmin,\n县级填报员,马尾区,林敏,linmin,", "D3", "第 2 行的一样");
        check_fault("县级填报员,福清市,林敏,linmin,\n县级填报员,福清市,陈芳,chenfang,", "A3", "加“B角”");
        check_fault("发布人,福清市,林敏,linmin,", "B2", "不分单位");
        let (_, faults) = read("县级填报员,福清市,,tb350181,");
        assert!(faults[0].contains("没有写了姓名的行"), "{faults:#?}");
    }

    #[test]
    fn the_blank_has_a_line_for_every_post_that_nobody_holds() {
        let plan = plan();
        let (plans, offices) = ([&plan], offices([&plan].into_iter(), None));
        let places = Places { plans: &plans, offices: &offices };
        let open = open_posts(Known { places, posts: &[], accounts: &[] });
        assert_eq!(open.len(), 3 + 2 * places.units("350100").len());
        let fuqing = open.iter().find(|open| open.unit == "福清市").unwrap();
        assert_eq!((fuqing.role, fuqing.login.as_str()), (Role::CountyReporter, "tb350181"));
        let logins: BTreeSet<&str> = open.iter().map(|open| open.login.as_str()).collect();
        assert_eq!(logins.len(), open.len());
    }
}
