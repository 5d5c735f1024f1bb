//! `jigai permissions`: the two tables of rights, as the program asks them.

use clap::Args;
use domain::rights::{Role, Scope, TABLE};
use serde_json::json;

use super::outcome::{Format, Outcome, print};
use crate::web::sites::{Access, SITES};

#[derive(Args)]
pub(super) struct PermissionsArguments {
    /// 输出格式：text 或 json
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

/// `anyone`, `reader`, `signed_in`, or the roles.
fn who(access: Access) -> Vec<&'static str> {
    match access {
        Access::Anyone => vec!["anyone"],
        Access::Reader => vec!["reader"],
        Access::SignedIn => vec!["signed_in"],
        Access::Roles(roles) => roles.iter().map(|role| role.id()).collect(),
    }
}

fn who_in_words(access: Access) -> String {
    match access {
        Access::Anyone => "任何人".to_owned(),
        Access::Reader => "有岗位的人；公开阅读时也包括访客".to_owned(),
        Access::SignedIn => "有账号的人".to_owned(),
        Access::Roles(roles) => roles.iter().map(|role| role.name()).collect::<Vec<_>>().join("、"),
    }
}

fn scope(scope: Scope) -> (&'static str, &'static str) {
    match scope {
        Scope::Unit => ("unit", "本单位"),
        Scope::Office => ("office", "本地区"),
        Scope::System => ("system", "全系统"),
    }
}

pub(super) fn run(arguments: &PermissionsArguments) -> Outcome {
    if arguments.format == Format::Json {
        let routes = SITES
            .iter()
            .map(|site| json!({ "method": site.method.as_str(), "path": site.path, "who": who(site.access) }));
        let rights = TABLE.iter().map(|right| {
            json!({
                "role": right.role.id(), "action": right.action.name(), "scope": scope(right.scope).0,
                "states": right.states,
            })
        });
        return print(&domain::canonical::to_json(&json!({
            "routes": routes.collect::<Vec<_>>(), "rights": rights.collect::<Vec<_>>(),
        }))?);
    }
    let mut lines = vec!["地址（第一道门）".to_owned()];
    lines.extend(SITES.iter().map(|site| format!("  {:<4} {}  {}", site.method, site.path, who_in_words(site.access))));
    lines.push("操作（第二道门：岗位、范围、状态）".to_owned());
    for role in Role::ALL {
        for right in TABLE.iter().filter(|right| right.role == role) {
            let states: Vec<&str> = right.states.iter().map(|state| state.name()).collect();
            let states = if states.len() == domain::workflow::State::ALL.len() {
                "任何状态".to_owned()
            } else {
                states.join("、")
            };
            lines.push(format!("  {}  {}  {}  {states}", role.name(), right.action.name(), scope(right.scope).1));
        }
    }
    print(&lines.join("\n"))
}
