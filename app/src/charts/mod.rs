//! Data → SVG with plotters, one chart per file, one shared theme. Nothing here decides a figure: charts take
//! exact values and only here turn them into pixels.
//!
//! Each chart is drawn twice, for a desk and for a phone, so that its text is never scaled below 11 px.

pub mod bullet;
pub mod contribution;
pub mod cumulative;
pub mod growth;
pub mod paths;
pub mod quadrant;
pub mod slope;
mod theme;
pub mod timeliness;

/// Where a chart will be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    Desk,
    Phone,
}

impl Size {
    fn width(self) -> u32 {
        match self {
            Size::Desk => 560,
            Size::Phone => 328,
        }
    }
}

/// The two drawings of one chart.
pub struct Drawn {
    pub desk: String,
    pub phone: String,
}

fn both(draw: impl Fn(Size) -> String) -> Drawn {
    Drawn { desk: draw(Size::Desk), phone: draw(Size::Phone) }
}
