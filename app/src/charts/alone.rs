//! A chart by itself, for a slide or a chat: its finding above it, where it comes from below.

use std::fmt::Write;

use office::facts::Edition;

use super::chosen::{Chart, source};
use super::theme::{escaped, text_width};
use super::{Size, size};

/// Around it, px.
const MARGIN: i32 = 24;
const TITLE: i32 = 20;
const SMALL: i32 = 12;

/// The drawing with its words, its width and height in px.
pub fn draw(edition: &Edition, chart: &Chart) -> (String, u32, u32) {
    let svg = (chart.draw)(&edition.bulletin, Size::Paper);
    let (width, height) = size(&svg);
    let mut words = Words { room: width as i32, svg: String::new(), y: MARGIN };
    words.write(&chart.title, TITLE);
    words.write(&chart.subtitle, SMALL);
    let top = words.y + SMALL;
    words.y = top + height as i32;
    words.write(&source(edition), SMALL);
    let (whole, high) = (width + 2 * MARGIN as u32, (words.y + MARGIN) as u32);
    let place = format!("<svg x=\"{MARGIN}\" y=\"{top}\" width=\"{width}\" height=\"{height}\" ");
    let inner = svg.replacen("<svg ", &place, 1);
    let svg = format!(
        "<svg viewBox=\"0 0 {whole} {high}\" width=\"{whole}\" height=\"{high}\" font-family=\"sans-serif\" \
         xmlns=\"http://www.w3.org/2000/svg\">{}{inner}</svg>",
        words.svg
    );
    (svg, whole, high)
}

/// Lines of words, one below the other.
struct Words {
    room: i32,
    svg: String,
    /// Where the last line stands.
    y: i32,
}

impl Words {
    fn write(&mut self, text: &str, letters: i32) {
        for line in broken(text, self.room, letters) {
            self.y += letters + letters / 2;
            // Writing into a string cannot fail.
            let _ = write!(
                self.svg,
                "<text x=\"{MARGIN}\" y=\"{}\" font-size=\"{letters}\" fill=\"#1F2933\">{}</text>",
                self.y,
                escaped(&line)
            );
        }
    }
}

/// A text in lines that have this room.
fn broken(text: &str, room: i32, letters: i32) -> Vec<String> {
    let mut lines = vec![String::new()];
    for letter in text.chars() {
        let line = lines.last_mut().expect("one line at least");
        match text_width(line, letters) + text_width(&letter.to_string(), letters) > room {
            true => lines.push(letter.to_string()),
            false => line.push(letter),
        }
    }
    lines
}
