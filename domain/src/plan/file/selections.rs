//! `[[selection]]`.

use std::collections::BTreeSet;

use super::{is_url_id, optional, plain};
use crate::plan::Goal;
use crate::plan::selection::{Criterion, Selection, Subject, Terms, TiesAtLast};
use crate::plan::toml_reader::{Fields, Problems};

pub(super) fn read(top: &mut Fields<'_>, problems: &mut Problems) -> Vec<(Selection, usize)> {
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for block in top.tables("selection", problems) {
        let at = block.at("id");
        let goal_at = block.at("goal");
        let Some(selection) = selection(block, problems) else { continue };
        if !seen.insert(selection.id.clone()) {
            problems.at(at, format!("selection “{}”出现两次，请改成不同的名字", selection.id));
        }
        found.push((selection, goal_at));
    }
    found
}

/// A selection counts for a goal that is there.
pub(super) fn check(found: &[(Selection, usize)], goals: &[Goal], problems: &mut Problems) {
    for (selection, at) in found {
        if let Some(id) = selection.goal.as_ref().filter(|id| !goals.iter().any(|goal| goal.id == **id)) {
            let id = crate::month::shorten(id);
            problems.at(*at, format!("selection.goal “{id}”不是计划的目标，请写一个 [[goal]] 的 id"));
        }
    }
}

fn selection(mut fields: Fields<'_>, problems: &mut Problems) -> Option<Selection> {
    let id = fields.required_text("id", "excellent_projects", problems);
    if let Some(id) = id.as_ref().filter(|id| !is_url_id(&id.text)) {
        let shown = crate::month::shorten(&id.text);
        let message = format!("selection.id “{shown}”只能用小写字母、数字、连字符和下划线，例如 excellent_projects");
        problems.at(id.at, message);
    }
    let title = fields.required_text("title", "省级优秀技改项目", problems);
    let clause = optional(fields.text("clause", problems));
    let quote = fields.required_text("quote", "评选表彰30个优秀技改项目", problems);
    let subject = fields.choice("subject", &Subject::WORDS, Subject::Project, problems);
    let goal = optional(fields.text("goal", problems));
    let mut count = |key, range, problems: &mut Problems| {
        fields.integer(key, range, problems).and_then(|count| u32::try_from(count).ok())
    };
    let places = count("places", 1..=9999, problems);
    let quota = count("quota", 1..=9999, problems);
    let notice_days = count("notice_days", 1..=365, problems);
    let ties: Vec<(&str, Option<TiesAtLast>)> = TiesAtLast::WORDS.iter().map(|(word, it)| (*word, Some(*it))).collect();
    let ties = fields.choice("ties", &ties, None, problems);
    let mut criteria: Vec<Criterion> = Vec::new();
    for mut block in fields.tables("criteria", problems) {
        let at = block.offset();
        let (name, full) = (block.text("name", problems), block.number_text("full", problems));
        block.finish(problems);
        let example = "selection.criteria 的每一项要写名称和满分，例如 { name = \"技术水平\", full = \"40\" }";
        let read = name.zip(full).map(|(name, full)| Criterion::new(&name.text, &full.text));
        match read.unwrap_or(Err(None)) {
            Err(sentence) => problems.at(at, sentence.unwrap_or_else(|| example.to_owned())),
            Ok(criterion) if criteria.iter().any(|other| other.name == criterion.name) => {
                problems.at(at, format!("标准“{}”写了两次，请只留一项", criterion.name));
            }
            Ok(criterion) => criteria.push(criterion),
        }
    }
    let assumed = plain(fields.texts("assumed", problems));
    fields.finish(problems);
    let terms = Terms { places, quota, criteria, ties, notice_days };
    Some(Selection { id: id?.text, title: title?.text, clause, quote: quote?.text, subject, goal, terms, assumed })
}
