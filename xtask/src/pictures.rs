//! The pictures of README and help, how pages are approved to look, and how soon they are seen: all by the browser of the tests.

use std::path::Path;

use crate::bundle;
use crate::run::build_server;
use crate::step::{Done, command, root, run, step, target};
use crate::tools;

const FOLDER: &str = "docs/pictures";
/// Those of `/help` go into the binary.
const ASSETS: &str = "assets";

pub(crate) fn pictures() -> Done {
    tools::browser()?;
    bundle::bundle()?;
    build_server()?;
    step("take the pictures", "15 s", || {
        let mut script = command("node", &["tests/e2e/pictures.mjs", FOLDER, ASSETS]);
        script.current_dir(root()).env("JIGAI_TEST_BINARY", target().join("debug/jigai"));
        run(script, "cargo xtask test")
    })
}

/// Approves the looks of pages as they are now; refused where something is cut off, overlaps or is blank.
pub(crate) fn approve() -> Done {
    tools::browser()?;
    build_server()?;
    step("approve how pages look", "1 min", || {
        let mut test = command("node", &["--test", "--test-reporter", "spec", "tests/e2e/sight.test.mjs"]);
        test.current_dir(root()).env("JIGAI_TEST_BINARY", target().join("debug/jigai")).env("JIGAI_APPROVE", "1");
        run(test, "mend what the test names, then the same command again")
    })?;
    println!("  look at target/pictures/ and at the difference of tests/fixtures/look.json before committing");
    Ok(())
}

/// First and largest paint on a slow machine and line, as rows of docs/performance.md.
pub(crate) fn paint(jigai: &Path) -> Done {
    let mut script = command("node", &["tests/e2e/paint.mjs"]);
    script.current_dir(root()).env("JIGAI_TEST_BINARY", jigai);
    run(script, "look at which page became slow")
}
