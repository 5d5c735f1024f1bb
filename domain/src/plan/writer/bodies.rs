//! Bodies and their members, a member a line.

use super::{File, quoted};
use crate::plan::body::{Body, Member};

pub(super) fn body(file: &mut File, body: &Body) {
    file.line("\n[[body]]");
    file.text("id", &body.id);
    file.text("title", &body.title);
    file.optional("clause", body.clause.as_ref());
    file.optional("quote", body.quote.as_ref());
    file.optional("duties", body.duties.as_ref());
    file.texts("assumed", &body.assumed);
    if !body.members.is_empty() {
        file.line("member = [");
        body.members.iter().for_each(|member| file.line(&format!("  {{ {} }},", keys(member))));
        file.line("]");
    }
}

fn keys(member: &Member) -> String {
    let unit = member.answers.as_ref().map(|answers| answers.word());
    let keys = [
        ("role", Some(member.role.as_str())),
        ("name", member.name.as_deref()),
        ("title", member.title.as_deref()),
        ("unit", unit),
    ];
    let each = keys.into_iter().filter_map(|(key, text)| Some(format!("{key} = {}", quoted(text?))));
    each.collect::<Vec<_>>().join(", ")
}
