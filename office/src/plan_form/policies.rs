//! Support policies and selections: in one box, as a plan file writes them. There are too many kinds of terms for boxes
//! of their own.

use domain::plan::{Plan, file, writer};

use crate::box_reader::Reader;
use crate::posted::Posted;

/// The box.
pub const POLICIES: &str = "policies";

pub(super) fn put(boxes: &mut Posted, plan: &Plan) {
    let both = [writer::policies::text(&plan.policies), writer::selections::text(&plan.selections)];
    boxes.set(POLICIES, both.join("\n\n").trim());
}

pub(super) fn read(reader: &mut Reader<'_>, plan: &mut Plan) {
    if !reader.has(POLICIES) {
        return;
    }
    let text = domain::entry::clean(reader.posted.text(POLICIES));
    match file::policies(&text, plan) {
        Ok((policies, selections)) => (plan.policies, plan.selections) = (policies, selections),
        Err(problems) => {
            for problem in problems {
                reader.say(POLICIES, format!("第 {} 行：{}。", problem.line, problem.message));
            }
        }
    }
}
