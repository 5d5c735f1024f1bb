//! `[[body]]` and its `[[body.member]]`.

use std::collections::BTreeSet;

use super::policies::{id_of, read_all, unique};
use super::{optional, plain};
use crate::plan::Plan;
use crate::plan::body::{Answers, Body, EACH, LONGEST_DUTIES, LONGEST_NAME, LONGEST_ROLE, LONGEST_TITLE, Member};
use crate::plan::toml_reader::{Fields, Places, Problems, Text};
use crate::region::{fold_name, suggest};

/// A body with where each of its members stands.
pub(super) type Placed = (Body, Vec<Places>);

pub(super) fn read(top: &mut Fields<'_>, problems: &mut Problems) -> Vec<Placed> {
    let bodies = read_all(top.tables("body", problems), problems, body);
    unique(&bodies, "body", |(body, _)| body.id.clone(), problems);
    unique(&bodies, "body", |(body, _)| fold_name(&body.title), problems);
    bodies.into_iter().map(|(body, _)| body).collect()
}

/// Puts the ids of units in the place of their names; whoever is named must be a unit of the plan.
pub(super) fn check(bodies: Vec<Placed>, plan: &Plan, problems: &mut Problems) -> Vec<Body> {
    let rows = plan.goals.iter().flat_map(|goal| &goal.splits).map(|split| (&split.region, &split.name));
    let known: Vec<_> = rows.chain(plan.units.iter().map(|unit| (&unit.id, &unit.name))).collect();
    let each = bodies.into_iter().map(|(mut body, places)| {
        for (member, places) in body.members.iter_mut().zip(places) {
            let Some(Answers::For(written)) = &member.answers else { continue };
            let folded = fold_name(written);
            match known.iter().find(|(id, name)| **id == folded || fold_name(name) == folded) {
                Some((id, _)) => member.answers = Some(Answers::For((*id).clone())),
                None => {
                    let near = suggest(&folded, known.iter().map(|(_, name)| name.as_str()));
                    let hint = match near {
                        Some(name) => format!("是不是“{name}”？"),
                        None => format!("请写计划里的单位；每个单位各一位的写 {EACH}"),
                    };
                    let shown = crate::month::shorten(written);
                    problems.at(places.of(&["unit"]), format!("body.member.unit：计划里没有单位“{shown}”，{hint}"));
                }
            }
        }
        body
    });
    each.collect()
}

/// A text that stands in one line of a list.
fn short(text: Option<Text>, name: &str, most: usize, problems: &mut Problems) -> Option<String> {
    let text = text?;
    let length = text.text.chars().count();
    if length > most {
        problems.at(text.at, format!("{name} 写了 {length} 字，请缩短到 {most} 字以内"));
    }
    Some(text.text)
}

fn body(mut fields: Fields<'_>, problems: &mut Problems) -> Option<Placed> {
    let id = id_of(&mut fields, "body", "leading_group", problems);
    let title = fields.required_text("title", "福州市推动企业技术改造工作领导小组", problems);
    let title = short(title, "body.title", LONGEST_TITLE, problems);
    let clause = optional(fields.text("clause", problems));
    let quote = optional(fields.text("quote", problems));
    let duties = short(fields.text("duties", problems), "body.duties", LONGEST_DUTIES, problems);
    let (mut members, mut places, mut seats) = (Vec::new(), Vec::new(), BTreeSet::new());
    for block in fields.tables("member", problems) {
        let (at, own) = (block.offset(), block.places());
        let Some(member) = member(block, problems) else { continue };
        let seat = member.seat(member.answers.as_ref().map(Answers::word));
        if !seats.insert(fold_name(&seat)) {
            problems.at(at, format!("body.member “{}”写了两次，请只留一项", crate::month::shorten(&seat)));
        }
        members.push(member);
        places.push(own);
    }
    let assumed = plain(fields.texts("assumed", problems));
    fields.finish(problems);
    Some((Body { id: id?, title: title?, clause, quote, duties, members, assumed }, places))
}

fn member(mut fields: Fields<'_>, problems: &mut Problems) -> Option<Member> {
    let at = fields.offset();
    let role = fields.required_text("role", "组长", problems);
    let role = short(role, "body.member.role", LONGEST_ROLE, problems);
    let is_named = fields.has("name") || fields.has("title");
    let name = short(fields.text("name", problems), "body.member.name", LONGEST_NAME, problems);
    let title = short(fields.text("title", problems), "body.member.title", LONGEST_TITLE, problems);
    if !is_named {
        let example = "name = \"林中麟\"、title = \"市政府副市长\"";
        problems.at(at, format!("body.member 要写姓名或职务，例如 {example}；文件只写职务的，只写 title"));
    }
    let answers = fields.text("unit", problems).map(|unit| match unit.text.as_str() {
        EACH => Answers::Each,
        _ => Answers::For(unit.text),
    });
    fields.finish(problems);
    Some(Member { role: role?, name, title, answers })
}
