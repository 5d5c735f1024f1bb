//! Support policies: in one box, as a plan file writes them. There are too many kinds of terms for boxes of their own.

use domain::plan::{Plan, file, writer};

use crate::box_reader::Reader;
use crate::posted::Posted;

/// The box.
pub const POLICIES: &str = "policies";

pub(super) fn put(boxes: &mut Posted, plan: &Plan) {
    boxes.set(POLICIES, &writer::policies::text(&plan.policies));
}

pub(super) fn read(reader: &mut Reader<'_>, plan: &mut Plan) {
    if !reader.has(POLICIES) {
        return;
    }
    let text = domain::entry::clean(reader.posted.text(POLICIES));
    match file::policies(&text, plan.years) {
        Ok(policies) => plan.policies = policies,
        Err(problems) => {
            for problem in problems {
                reader.say(POLICIES, format!("第 {} 行：{}。", problem.line, problem.message));
            }
        }
    }
}
