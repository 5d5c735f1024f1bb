//! `jigai set-paper`: what a site starts for each paper. The paper as JSON comes by the input, the file goes out.

use std::io::{Read, Write};
use std::path::PathBuf;

use clap::Args;
use documents::paper::Paper;

use super::outcome::{Failure, Outcome};
use crate::papers::{PaperKind, Printer};

#[derive(Args)]
pub(crate) struct SetPaperArguments {
    kind: PaperKind,
    /// 单位自备的字体放在这里
    #[arg(long)]
    fonts: PathBuf,
}

pub(super) fn run(arguments: &SetPaperArguments) -> Outcome {
    let failed = |error: &dyn std::fmt::Display| Failure::Other(error.to_string());
    let mut json = Vec::new();
    std::io::stdin().read_to_end(&mut json).map_err(|error| failed(&error))?;
    let paper: Paper = serde_json::from_slice(&json).map_err(|error| failed(&error))?;
    drop(json);
    let file = Printer::new(arguments.fonts.clone()).set(&paper, arguments.kind).map_err(|error| failed(&error))?;
    let mut output = std::io::stdout().lock();
    output.write_all(&file).and_then(|()| output.flush()).map_err(|error| failed(&error))
}
