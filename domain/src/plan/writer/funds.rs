//! Funds and lists.

use super::{File, projects::money};
use crate::plan::fund::{Fund, List, Of};

pub(super) fn fund(file: &mut File, fund: &Fund) {
    file.line("\n[[fund]]");
    file.text("id", &fund.id);
    file.text("title", &fund.title);
    file.optional("clause", fund.clause.as_ref());
    file.optional("quote", fund.quote.as_ref());
    file.text("kind", fund.kind.word());
    file.optional("quota", fund.quota.map(money).as_ref());
    if let Some(revolving) = fund.revolving {
        file.line(&format!("revolving = {revolving}"));
    }
    file.optional("per_firm", fund.per_firm.map(money).as_ref());
    if let Some(count) = fund.day_count {
        file.text("day_count", count.word());
    }
    file.texts("shares", &super::policies::shares(&fund.shares));
    file.optional("goal", fund.goal.as_ref());
    if fund.publish {
        file.line("publish = true");
    }
    file.texts("assumed", &fund.assumed);
}

pub(super) fn list(file: &mut File, list: &List) {
    file.line("\n[[list]]");
    file.text("title", &list.title);
    file.word("of", list.of.word(), Of::Firm.word());
    file.texts("levels", &list.levels);
    file.optional("clause", list.clause.as_ref());
    file.optional("quote", list.quote.as_ref());
}
