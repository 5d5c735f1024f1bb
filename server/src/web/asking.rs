//! What the gate found out about a request, in its extensions.

use office::viewer::Viewer;

/// The living session of a request, if any, in its extensions.
#[derive(Clone)]
pub(crate) struct Asking(pub(crate) Option<Viewer>);

/// A request of a wall screen that has been let in, in its extensions.
#[derive(Clone, Copy)]
pub(crate) struct Screen;

/// The state of the facts that a visitor reads, in the extensions of his request.
#[derive(Clone)]
pub(crate) struct Reads(pub(crate) store::Head);
