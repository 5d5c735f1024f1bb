//! 位次变化: the period before on the left, this one on the right, first place on top. Only who moved two places or more
//! is drawn dark and named with the movement.

use domain::bulletin::Bulletin;
use domain::bulletin::tables::slope_rows;
use domain::bulletin::words;
use domain::standing::Row;

use super::theme::{Align, BLUE, Canvas, GREY, INK, LINE, Spot, short, svg, text_width};
use super::{Size, source};

const ROW: i32 = 24;
const TOP: i32 = 26;
/// Places from which on a movement is told.
pub(super) const TOLD: usize = 2;

struct Move {
    name: String,
    region: String,
    before: usize,
    now: usize,
    /// Lines from the top on each side: places count from one and may be shared, lines are not.
    lines: (usize, usize),
}

impl Move {
    fn moved(&self) -> i64 {
        self.before as i64 - self.now as i64
    }
}

/// By today's places; where there are too many, those who moved furthest.
fn moves(bulletin: &Bulletin, most: usize) -> Vec<Move> {
    let of = |(row, before, now): (&Row, usize, usize)| Move {
        name: row.name.clone(),
        region: row.region.clone(),
        before,
        now,
        lines: (0, 0),
    };
    let mut moves: Vec<Move> = slope_rows(bulletin).into_iter().map(of).collect();
    if moves.len() > most {
        moves.sort_by_key(|each| std::cmp::Reverse(each.moved().abs()));
        moves.truncate(most);
        moves.sort_by_key(|each| each.now);
    }
    moves.iter_mut().enumerate().for_each(|(line, each)| each.lines.1 = line);
    let mut order: Vec<usize> = (0..moves.len()).collect();
    order.sort_by_key(|&index| moves[index].before);
    order.into_iter().enumerate().for_each(|(line, index)| moves[index].lines.0 = line);
    moves
}

pub fn draw(bulletin: &Bulletin, size: Size) -> String {
    let moves = moves(bulletin, size.most());
    let (width, row) = (size.width(), size.row(ROW, moves.len(), TOP + 6));
    let height = TOP + row * moves.len() as i32 + 6;
    let names = moves.iter().map(|each| text_width(&each.name, 13)).max().unwrap_or(40).min(size.names());
    // Left: name, place, line. Right: line, place, name, movement. Without room the names stand on the right only.
    let both = 2 * names + 172 <= width;
    let at = Ends { from: if both { names + 32 } else { 54 }, to: width - names - 80, names, both };
    let y = |line: usize| TOP + row * line as i32 + row / 2;
    svg(size, (width, height), &bulletin.headlines.slope, |canvas| {
        if let Some(previous) = &bulletin.previous {
            canvas.text(&previous.period.months(), (at.from, TOP - 16), 12, GREY, Align::Right);
        }
        canvas.bold(&bulletin.standings.period.months(), (at.to, TOP - 16), 12, INK, Align::Left);
        // The told ones last, on top of the others.
        let (told, others): (Vec<&Move>, Vec<&Move>) =
            moves.iter().partition(|each| each.moved().unsigned_abs() as usize >= TOLD);
        for (each, told) in
            others.into_iter().map(|each| (each, false)).chain(told.into_iter().map(|each| (each, true)))
        {
            draw_move(canvas, each, &at, (y(each.lines.0), y(each.lines.1)), told);
        }
        for each in &moves {
            let (from, to) = ((at.to - 10, y(each.lines.1) - row / 2), (width, y(each.lines.1) + row / 2));
            let moved = words::moved(each.moved());
            let line = format!("{}由第{}位到第{}位，{moved}", each.name, each.before, each.now);
            canvas.spot(Spot { from, to, lines: vec![line], link: source(&each.region) });
        }
    })
}

/// Where the lines begin and end, and what stands beyond their ends.
struct Ends {
    from: i32,
    to: i32,
    /// Room for a name.
    names: i32,
    both: bool,
}

fn draw_move(canvas: &Canvas<'_>, each: &Move, at: &Ends, (before, now): (i32, i32), told: bool) {
    let (colour, width) = if told { (BLUE, 3) } else { (LINE, 2) };
    canvas.line((at.from + 6, before), (at.to - 6, now), colour, width);
    canvas.dot((at.from + 6, before), 3, colour);
    canvas.dot((at.to - 6, now), 4, colour);
    let write = if told { Canvas::bold } else { Canvas::text };
    let ink = if told { INK } else { GREY };
    let name = short(&each.name, at.names, 13);
    write(canvas, &each.before.to_string(), (at.from - 3, before), 12, ink, Align::Right);
    if at.both {
        write(canvas, &name, (at.from - 28, before), 13, ink, Align::Right);
    }
    write(canvas, &each.now.to_string(), (at.to + 22, now), 12, ink, Align::Right);
    write(canvas, &name, (at.to + 28, now), 13, ink, Align::Left);
    if told {
        let word = if each.moved() > 0 { "升" } else { "降" };
        let text = format!("{word}{}", each.moved().abs());
        canvas.bold(&text, (at.to + 28 + text_width(&name, 13) + 8, now), 12, INK, Align::Left);
    }
}
