//! 报送质量: unit × round. The shape says how the deadline was kept, characters beside it what happened later, the line's
//! end how much was on time.

use domain::calendar::Punctuality;
use domain::plan::Round;
use domain::timeliness::{Kept, Timeliness, share, share_text};

use super::Size;
use super::theme::{Align, BLUE, Canvas, FAINT, GREY, INK, LINE, ORANGE, PINK, Spot, short, svg, text_width};

const ROW: i32 = 26;
const TOP: i32 = 26;

/// `page` is where the returns of a round stand.
pub fn draw(timeliness: &Timeliness, page: impl Fn(&Round) -> String, size: Size) -> String {
    let width = size.width();
    let height = TOP + ROW * timeliness.lines.len() as i32 + 4;
    let names =
        timeliness.lines.iter().map(|line| text_width(&line.name, 13)).max().unwrap_or(40).min(size.names()) + 2;
    let right = width - 52;
    let wide = (right - names - 6) / timeliness.columns.len().max(1) as i32;
    // A single month keeps close to its name.
    let wide = wide.min(60);
    let x = |index: usize| names + 6 + wide * index as i32 + wide / 2;
    svg(size, (width, height), &timeliness.finding(), |canvas| {
        for (index, column) in timeliness.columns.iter().enumerate() {
            let text = if wide >= 46.max(text_width(&column.name, 11)) { &column.name } else { &column.short };
            canvas.text(text, (x(index), TOP - 14), 11, GREY, Align::Middle);
        }
        canvas.text("及时率", (width, TOP - 14), 11, GREY, Align::Right);
        for (line, unit) in timeliness.lines.iter().enumerate() {
            let y = TOP + ROW * line as i32 + ROW / 2;
            canvas.line((0, y + ROW / 2), (width, y + ROW / 2), FAINT, 1);
            canvas.text(&short(&unit.name, names, 13), (names, y), 13, INK, Align::Right);
            for (index, kept) in unit.kept.iter().enumerate() {
                mark(canvas, kept, (x(index), y), wide);
                if let Some(column) = timeliness.columns.get(index) {
                    let (from, to) = ((x(index) - wide / 2, y - ROW / 2), (x(index) + wide / 2, y + ROW / 2));
                    let line = format!("{}{}：{}", unit.name, column.name, kept.words());
                    canvas.spot(Spot { from, to, lines: vec![line], link: page(&column.round) });
                }
            }
            canvas.bold(&share_text(share(&unit.kept)), (width, y), 12, INK, Align::Right);
        }
    })
}

fn mark(canvas: &Canvas<'_>, kept: &Kept, (x, y): (i32, i32), wide: i32) {
    let mut later = String::new();
    if kept.sent_back > 0 {
        // Where there is no room, the table tells how often.
        later += &if wide >= 46 { format!("退{}", kept.sent_back) } else { "退".to_owned() };
    }
    if kept.corrected && (later.is_empty() || wide >= 46) {
        later += "更";
    }
    let room = text_width(&later, 11);
    let x = if later.is_empty() { x } else { x - room / 2 - 1 };
    match kept.punctuality {
        Punctuality::OnTime => canvas.dot((x, y), 5, BLUE),
        Punctuality::Late => canvas.triangle((x, y), 7, ORANGE),
        Punctuality::Missing => canvas.diamond((x, y), 6, PINK),
        Punctuality::NotDue => canvas.dot((x, y), 2, LINE),
        Punctuality::Imported => canvas.square((x, y), 3, LINE),
    }
    if !later.is_empty() {
        canvas.text(&later, (x + 7, y), 11, INK, Align::Left);
    }
}
