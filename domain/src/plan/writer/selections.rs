//! Selections.

use super::{File, quoted};
use crate::plan::selection::{Selection, Subject, plain};

pub(super) fn write(file: &mut File, selections: &[Selection]) {
    selections.iter().for_each(|found| selection(file, found));
}

/// The same by itself: what the editor shows in one box.
pub fn text(selections: &[Selection]) -> String {
    let mut file = File(String::new());
    write(&mut file, selections);
    file.0.trim().to_owned()
}

fn selection(file: &mut File, selection: &Selection) {
    file.line("\n[[selection]]");
    file.text("id", &selection.id);
    file.text("title", &selection.title);
    file.optional("clause", selection.clause.as_ref());
    file.text("quote", &selection.quote);
    file.word("subject", selection.subject.word(), Subject::Project.word());
    file.optional("goal", selection.goal.as_ref());
    let terms = &selection.terms;
    for (key, count) in [("places", terms.places), ("quota", terms.quota), ("notice_days", terms.notice_days)] {
        if let Some(count) = count {
            file.line(&format!("{key} = {count}"));
        }
    }
    if let Some(ties) = terms.ties {
        file.text("ties", ties.word());
    }
    let criteria = terms.criteria.iter().map(|criterion| {
        format!("{{ name = {}, full = {} }}", quoted(&criterion.name), quoted(&plain(criterion.full)))
    });
    let criteria: Vec<String> = criteria.collect();
    if !criteria.is_empty() {
        file.line(&format!("criteria = [{}]", criteria.join(", ")));
    }
    file.texts("assumed", &selection.assumed);
}
