//! The shared look: colours, text sizes, and the few marks all charts are made of.

use std::cell::RefCell;
use std::fmt::Write;

use domain::rate::Rate;
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::Size;

pub(super) const BLUE: RGBColor = RGBColor(0x12, 0x43, 0x6D);
pub(super) const ORANGE: RGBColor = RGBColor(0xB3, 0x5A, 0x00);
pub(super) const PINK: RGBColor = RGBColor(0x80, 0x16, 0x50);
pub(super) const WHITE: RGBColor = RGBColor(0xFF, 0xFF, 0xFF);
pub(super) const INK: RGBColor = RGBColor(0x1F, 0x29, 0x33);
pub(super) const GREY: RGBColor = RGBColor(0x6B, 0x74, 0x7D);
/// Lines that are there but not told about: three times as dark as the ground they are drawn on.
pub(super) const LINE: RGBColor = RGBColor(0x85, 0x8F, 0x99);
pub(super) const FAINT: RGBColor = RGBColor(0xE3, 0xE7, 0xEB);
pub(super) const BAND_DARK: RGBColor = RGBColor(0xCF, 0xD6, 0xDD);
pub(super) const BAND: RGBColor = RGBColor(0xE1, 0xE6, 0xEB);
pub(super) const BAND_LIGHT: RGBColor = RGBColor(0xF1, 0xF4, 0xF7);

/// plotters writes a font size divided by this into the SVG.
const EM: f64 = 1.24;

#[derive(Clone, Copy)]
pub(super) enum Align {
    Left,
    Middle,
    Right,
}

/// A drawing in pixels.
pub(super) struct Canvas<'b> {
    area: DrawingArea<SVGBackend<'b>, Shift>,
    /// No text is smaller, px.
    least: i32,
    /// Dashed lines lie under everything else: plotters would draw each dash as a line of its own.
    dashed: RefCell<String>,
    spots: RefCell<Vec<Spot>>,
}

/// A place that tells its exact figures when pointed at or reached by the keyboard.
pub(super) struct Spot {
    pub(super) from: (i32, i32),
    pub(super) to: (i32, i32),
    /// What and as printed; then the exact figures.
    pub(super) lines: Vec<String>,
    /// Where the figure's source stands on the page.
    pub(super) link: String,
}

/// Draws into an SVG that scales with its box; `label` is what a screen reader says.
pub(super) fn svg(size: Size, (width, height): (i32, i32), label: &str, draw: impl FnOnce(&Canvas<'_>)) -> String {
    let mut text = String::new();
    let (dashed, spots) = {
        let area = SVGBackend::with_string(&mut text, (width as u32, height as u32)).into_drawing_area();
        let canvas = Canvas { area, least: size.least(), dashed: RefCell::default(), spots: RefCell::default() };
        draw(&canvas);
        // Drawing into a string cannot fail.
        let _ = canvas.area.present();
        (canvas.dashed.into_inner(), canvas.spots.into_inner())
    };
    let body = text.split_once('>').map_or("", |(_, body)| body).trim_end().trim_end_matches("</svg>");
    let body = dashed + &SAID_AGAIN.iter().fold(body.to_owned(), |body, (again, short)| body.replace(again, short));
    let head = format!(
        "<svg viewBox=\"0 0 {width} {height}\" font-family=\"sans-serif\" xmlns=\"http://www.w3.org/2000/svg\""
    );
    let label = escaped(label);
    if size != Size::Desk || spots.is_empty() {
        return format!("{head} role=\"img\" aria-label=\"{label}\">{body}</svg>");
    }
    // What can be reached inside is read out itself; the drawing's loose figures are not.
    let spots: String = spots.iter().map(|spot| spot.drawn((width, height))).collect();
    format!("{head} role=\"group\" aria-label=\"{label}\"><g aria-hidden=\"true\">{body}</g>{spots}</svg>")
}

/// What every mark would say again, and how it is put shortly.
const SAID_AGAIN: [(&str, &str); 8] = [
    (" opacity=\"1\"", ""),
    (" font-family=\"sans-serif\"", ""),
    (" stroke=\"none\"", ""),
    (" text-anchor=\"start\"", ""),
    ("13.000000000000002", "13"),
    (" \"/>", "\"/>"),
    (">\n", ">"),
    ("\n</", "</"),
];

pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

impl Spot {
    fn drawn(&self, (width, height): (i32, i32)) -> String {
        const LINE_HEIGHT: i32 = 19;
        let lines: Vec<String> = self.lines.iter().map(|line| short(line, width - 16, 12)).collect();
        let (x, y) = self.from;
        let wide = lines.iter().map(|line| text_width(line, 12)).max().unwrap_or(0) + 16;
        let high = LINE_HEIGHT * self.lines.len() as i32 + 8;
        let left = ((x + self.to.0 - wide) / 2).clamp(0, (width - wide).max(0));
        // Above what it tells of, below where there is no room.
        let top = if y - high - 4 >= 0 { y - high - 4 } else { (self.to.1 + 4).min(height - high) };
        let mut drawn = format!(
            "<a class=\"spot\" href=\"{}\" aria-label=\"{}\"><rect x=\"{x}\" y=\"{y}\" width=\"{}\" height=\"{}\"/>\
             <g class=\"tip\" aria-hidden=\"true\"><rect x=\"{left}\" y=\"{top}\" width=\"{wide}\" height=\"{high}\"/>",
            escaped(&self.link),
            escaped(&self.lines.join("，")),
            self.to.0 - x,
            self.to.1 - y,
        );
        for (index, line) in lines.iter().enumerate() {
            let baseline = top + LINE_HEIGHT * (index as i32 + 1) - 2;
            // Writing into a string cannot fail.
            let _ =
                write!(drawn, "<text x=\"{}\" y=\"{baseline}\" font-size=\"12\">{}</text>", left + 8, escaped(line));
        }
        drawn + "</g></a>"
    }
}

impl Canvas<'_> {
    pub(super) fn line(&self, from: (i32, i32), to: (i32, i32), colour: RGBColor, width: u32) {
        self.path(&[from, to], colour, width);
    }

    pub(super) fn path(&self, points: &[(i32, i32)], colour: RGBColor, width: u32) {
        let _ = self.area.draw(&PathElement::new(points.to_vec(), colour.stroke_width(width)));
    }

    /// Under everything else.
    pub(super) fn dashed(&self, points: &[(i32, i32)], colour: RGBColor) {
        let points: Vec<String> = points.iter().map(|(x, y)| format!("{x},{y}")).collect();
        let RGBColor(red, green, blue) = colour;
        let line = format!(
            "<polyline fill=\"none\" stroke=\"#{red:02X}{green:02X}{blue:02X}\" stroke-dasharray=\"5 4\" \
             points=\"{}\"/>",
            points.join(" ")
        );
        self.dashed.borrow_mut().push_str(&line);
    }

    pub(super) fn rectangle(&self, from: (i32, i32), to: (i32, i32), colour: RGBColor) {
        let _ = self.area.draw(&Rectangle::new([from, to], colour.filled()));
    }

    /// An outline with slanting lines: told from a filled bar without colour.
    pub(super) fn hatched(&self, from: (i32, i32), to: (i32, i32), colour: RGBColor) {
        let height = to.1 - from.1;
        for x in (from.0 - height..to.0).step_by(5) {
            let (start, end) = (x.max(from.0), (x + height).min(to.0));
            self.line((start, to.1 - (start - x)), (end, to.1 - (end - x)), colour, 1);
        }
        self.path(&[from, (to.0, from.1), to, (from.0, to.1), from], colour, 1);
    }

    pub(super) fn dot(&self, at: (i32, i32), radius: i32, colour: RGBColor) {
        let _ = self.area.draw(&Circle::new(at, radius, colour.filled()));
    }

    pub(super) fn square(&self, at: (i32, i32), radius: i32, colour: RGBColor) {
        self.rectangle((at.0 - radius, at.1 - radius), (at.0 + radius, at.1 + radius), colour);
    }

    pub(super) fn triangle(&self, at: (i32, i32), radius: i32, colour: RGBColor) {
        let _ = self.area.draw(&TriangleMarker::new(at, radius, colour.filled()));
    }

    pub(super) fn diamond(&self, (x, y): (i32, i32), radius: i32, colour: RGBColor) {
        let _ = self.area.draw(&Polygon::new(
            vec![(x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y)],
            colour.filled(),
        ));
    }

    /// White inside, so that it is seen on any bar.
    pub(super) fn hollow_diamond(&self, at: (i32, i32), radius: i32, colour: RGBColor) {
        self.diamond(at, radius, colour);
        self.diamond(at, radius * 3 / 5, WHITE);
    }

    pub(super) fn ring(&self, at: (i32, i32), radius: i32, colour: RGBColor) {
        self.dot(at, radius, colour);
        self.dot(at, radius - 2, WHITE);
    }

    /// A remark on a ground of its own, from its left end.
    pub(super) fn aside(&self, text: &str, (x, y): (i32, i32)) {
        self.rectangle((x - 3, y - 9), (x + text_width(text, 12) + 3, y + 9), WHITE);
        self.text(text, (x, y), 12, GREY, Align::Left);
    }

    pub(super) fn spot(&self, spot: Spot) {
        self.spots.borrow_mut().push(spot);
    }

    /// `size` in px; the baseline is centred on `at`.
    pub(super) fn text(&self, text: &str, at: (i32, i32), size: i32, colour: RGBColor, align: Align) {
        self.styled(text, at, size, colour, align, FontStyle::Normal);
    }

    pub(super) fn bold(&self, text: &str, at: (i32, i32), size: i32, colour: RGBColor, align: Align) {
        self.styled(text, at, size, colour, align, FontStyle::Bold);
    }

    fn styled(&self, text: &str, at: (i32, i32), size: i32, colour: RGBColor, align: Align, weight: FontStyle) {
        let horizontal = match align {
            Align::Left => HPos::Left,
            Align::Middle => HPos::Center,
            Align::Right => HPos::Right,
        };
        let style = TextStyle::from(("sans-serif", f64::from(size.max(self.least)) * EM, weight).into_font())
            .color(&colour)
            .pos(Pos::new(horizontal, VPos::Center));
        let _ = self.area.draw(&Text::new(text.to_owned(), at, style));
    }
}

/// A percentage for placing a mark; the printed figure never comes from here.
pub(super) fn percent(rate: Rate) -> f64 {
    rate.numerator() as f64 * 100.0 / rate.denominator() as f64
}

/// A straight scale from values to pixels.
#[derive(Clone, Copy)]
pub(super) struct Scale {
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) from: i32,
    pub(super) to: i32,
}

impl Scale {
    pub(super) fn at(self, value: f64) -> i32 {
        let span = if self.high > self.low { self.high - self.low } else { 1.0 };
        self.from + ((value - self.low) / span * f64::from(self.to - self.from)).round() as i32
    }

    /// At most about `wanted` round values between low and high.
    pub(super) fn ticks(self, wanted: usize) -> Vec<(f64, String)> {
        let rough = (self.high - self.low) / wanted.max(1) as f64;
        let power = 10_f64.powf(rough.max(f64::MIN_POSITIVE).log10().floor());
        let step = [1.0, 2.0, 2.5, 5.0, 10.0]
            .into_iter()
            .map(|factor| factor * power)
            .find(|step| *step >= rough)
            .unwrap_or(power * 10.0);
        let first = (self.low / step).ceil() as i64;
        let last = (self.high / step).floor() as i64;
        // As many decimals as tell the steps apart.
        let digits = (0..4).find(|&digits| (step * 10_f64.powi(digits)).fract().abs() < 1e-9).unwrap_or(4) as usize;
        let text = |value: f64| format!("{value:.digits$}").replace('-', "−");
        (first..=last).map(|index| (index as f64 * step, text(index as f64 * step))).collect()
    }
}

/// A name as far as it has room; its mark and the table below tell it in full.
pub(super) fn short(name: &str, room: i32, size: i32) -> String {
    if text_width(name, size) <= room {
        return name.to_owned();
    }
    let mut kept = String::new();
    for letter in name.chars() {
        if text_width(&kept, size) + text_width(&letter.to_string(), size) + size > room {
            break;
        }
        kept.push(letter);
    }
    kept + "…"
}

/// Approximate width of a text: Chinese characters are as wide as high.
pub(super) fn text_width(text: &str, size: i32) -> i32 {
    text.chars().map(|c| if c.is_ascii() || c == '−' { size * 6 / 10 } else { size }).sum()
}
