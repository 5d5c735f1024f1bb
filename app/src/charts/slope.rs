//! 位次变化: the period before on the left, this one on the right, first place on top. Only who moved two places or more
//! is drawn dark and named with the movement.

use domain::bulletin::Bulletin;
use domain::bulletin::tables::slope_rows;
use domain::standing::Row;

use super::theme::{Align, BLUE, Canvas, GREY, INK, LINE, Spot, svg, text_width};
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
    let of = |(row, before): (&Row, usize)| Move {
        name: row.name.clone(),
        region: row.region.clone(),
        before,
        now: row.rank.unwrap_or_default(),
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
    let names = moves.iter().map(|each| text_width(&each.name, 13)).max().unwrap_or(40);
    // Left: name, place, line. Right: line, place, name, movement.
    let from = names + 28;
    let to = width - names - 28 - 48;
    let y = |line: usize| TOP + row * line as i32 + row / 2;
    svg(size, (width, height), &bulletin.headlines.slope, |canvas| {
        if let Some(previous) = &bulletin.previous {
            canvas.text(&previous.period.months(), (from, TOP - 16), 12, GREY, Align::Right);
        }
        canvas.bold(&bulletin.standings.period.months(), (to, TOP - 16), 12, INK, Align::Left);
        // The told ones last, on top of the others.
        let (told, others): (Vec<&Move>, Vec<&Move>) = moves.iter().partition(|each| each.moved().unsigned_abs() as usize >= TOLD);
        for each in others {
            draw_move(canvas, each, (from, to), (y(each.lines.0), y(each.lines.1)), false);
        }
        for each in told {
            draw_move(canvas, each, (from, to), (y(each.lines.0), y(each.lines.1)), true);
        }
        for each in &moves {
            let (from, to) = ((to - 10, y(each.lines.1) - row / 2), (width, y(each.lines.1) + row / 2));
            let moved = match each.moved() {
                0 => "没有变动".to_owned(),
                up if up > 0 => format!("升{up}位"),
                down => format!("降{}位", -down),
            };
            let line = format!("{}由第{}位到第{}位，{moved}", each.name, each.before, each.now);
            canvas.spot(Spot { from, to, lines: vec![line], link: source(&each.region) });
        }
    })
}

fn draw_move(canvas: &Canvas<'_>, each: &Move, (from, to): (i32, i32), (before, now): (i32, i32), told: bool) {
    let (colour, width) = if told { (BLUE, 3) } else { (LINE, 2) };
    canvas.line((from + 6, before), (to - 6, now), colour, width);
    canvas.dot((from + 6, before), 3, colour);
    canvas.dot((to - 6, now), 4, colour);
    let write = if told { Canvas::bold } else { Canvas::text };
    let ink = if told { INK } else { GREY };
    write(canvas, &each.before.to_string(), (from - 3, before), 12, ink, Align::Right);
    write(canvas, &each.name, (from - 24, before), 13, ink, Align::Right);
    write(canvas, &each.now.to_string(), (to + 18, now), 12, ink, Align::Right);
    write(canvas, &each.name, (to + 24, now), 13, ink, Align::Left);
    if told {
        let word = if each.moved() > 0 { "升" } else { "降" };
        let text = format!("{word}{}", each.moved().abs());
        canvas.bold(&text, (to + 24 + text_width(&each.name, 13) + 8, now), 12, INK, Align::Left);
    }
}
