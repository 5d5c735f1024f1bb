//! The README's pictures, and how soon pages are seen: both by the browser that the tests use.

use std::path::Path;

use crate::bundle;
use crate::run::build_server;
use crate::step::{Done, command, root, run, step, target};
use crate::tools;

const FOLDER: &str = "docs/pictures";

pub(crate) fn pictures() -> Done {
    tools::browser()?;
    bundle::bundle()?;
    build_server()?;
    step("take the pictures", "15 s", || {
        let mut script = command("node", &["tests/e2e/pictures.mjs", FOLDER]);
        script.current_dir(root()).env("JIGAI_TEST_BINARY", target().join("debug/jigai"));
        run(script, "cargo xtask test")
    })
}

/// First and largest paint on a slow machine and line, as rows of docs/performance.md.
pub(crate) fn paint(jigai: &Path) -> Done {
    let mut script = command("node", &["tests/e2e/paint.mjs"]);
    script.current_dir(root()).env("JIGAI_TEST_BINARY", jigai);
    run(script, "look at which page became slow")
}
