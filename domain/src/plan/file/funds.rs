//! `[[fund]]` and `[[list]]`.

use super::policies::{Placed, id_of, read_all, read_money, shares, unique};
use super::{optional, plain};
use crate::plan::fund::{DayCount, Fund, Kind, List, Of};
use crate::plan::toml_reader::{Fields, Problems};
use crate::region::fold_name;

pub(super) fn read(top: &mut Fields<'_>, problems: &mut Problems) -> (Vec<Fund>, Vec<List>) {
    let funds = read_all(top.tables("fund", problems), problems, fund);
    let lists = read_all(top.tables("list", problems), problems, list);
    unique(&funds, "fund", |fund| fund.id.clone(), problems);
    unique(&funds, "fund", |fund| fold_name(&fund.title), problems);
    unique(&lists, "list", |list| fold_name(&list.title), problems);
    fn each<T>(found: Vec<Placed<T>>) -> Vec<T> {
        found.into_iter().map(|(one, _)| one).collect()
    }
    (each(funds), each(lists))
}

fn fund(mut fields: Fields<'_>, problems: &mut Problems) -> Option<Fund> {
    let at = fields.offset();
    let id = id_of(&mut fields, "fund", "upgrading_fund", problems);
    let title = fields.required_text("title", "市级企业技术改造基金", problems);
    let clause = optional(fields.text("clause", problems));
    let quote = optional(fields.text("quote", problems));
    let kinds: Vec<(&str, Option<Kind>)> = Kind::ALL.iter().map(|it| (it.word(), Some(*it))).collect();
    let kind = if fields.has("kind") { fields.choice("kind", &kinds, None, problems) } else { None };
    let Some(kind) = kind else {
        if !fields.has("kind") {
            problems.at(at, "缺少 fund.kind，请写 loan（投放）、guarantee（担保）或 grant（专项资金）");
        }
        return None;
    };
    let quota = read_money(&mut fields, "quota", problems);
    let revolving = fields.boolean("revolving", problems);
    let per_firm = read_money(&mut fields, "per_firm", problems);
    let count_at = fields.at("day_count");
    let counts: Vec<(&str, Option<DayCount>)> = DayCount::ALL.iter().map(|it| (it.word(), Some(*it))).collect();
    let day_count = fields.choice("day_count", &counts, None, problems);
    if day_count.is_some() && kind != Kind::Loan {
        problems.at(count_at, "day_count 只用于投放（kind = \"loan\"）的利息，请删去");
    }
    let shares_at = fields.at("shares");
    let shares = shares(&mut fields, "shares", problems);
    if !shares.is_empty() && kind != Kind::Guarantee {
        problems.at(shares_at, "shares 只用于担保（kind = \"guarantee\"）的风险分担，请删去");
    }
    let goal = optional(fields.text("goal", problems));
    let publish = fields.boolean("publish", problems).unwrap_or(false);
    let assumed = plain(fields.texts("assumed", problems));
    fields.finish(problems);
    if quota.zip(per_firm).is_some_and(|(quota, firm)| firm > quota) {
        problems.at(at, "fund.per_firm 比总额度 quota 还大，请核对");
    }
    Some(Fund {
        id: id?,
        title: title?.text,
        clause,
        quote,
        kind,
        quota,
        revolving,
        per_firm,
        day_count,
        shares,
        goal,
        publish,
        assumed,
    })
}

fn list(mut fields: Fields<'_>, problems: &mut Problems) -> Option<List> {
    let title = fields.required_text("title", "节能技术、产品推广目录", problems);
    let kinds: Vec<(&str, Of)> = Of::ALL.iter().map(|it| (it.word(), *it)).collect();
    let of = fields.choice("of", &kinds, Of::Firm, problems);
    let levels = plain(fields.texts("levels", problems));
    let clause = optional(fields.text("clause", problems));
    let quote = optional(fields.text("quote", problems));
    fields.finish(problems);
    Some(List { title: title?.text, of, levels, clause, quote })
}
