//! 位次走势: every unit's place through the year, first place on top; one unit drawn dark and numbered.

use domain::places::{Course, Places};

use super::Size;
use super::theme::{Align, BLUE, Canvas, FAINT, GREY, INK, LINE, Spot, WHITE, short, svg, text_width};

const ROW: i32 = 24;
const TOP: i32 = 12;
const BELOW: i32 = 28;

/// `region` is the unit that is told about.
pub fn draw(places: &Places, region: &str, size: Size) -> String {
    let (width, last) = (size.width(), places.last());
    // So many places that their lines would run into each other share the height of forty.
    let row = (ROW * 40 / last.max(40) as i32).max(3);
    let bottom = TOP + row * last as i32;
    let names = places.courses.iter().map(|course| text_width(&course.name, 13)).max().unwrap_or(40).min(size.names());
    let (from, to) = (22, width - names - 14);
    let steps = (places.periods.len() as i32 - 1).max(1);
    let at =
        |index: usize, place: usize| (from + (to - from) * index as i32 / steps, TOP + row * place as i32 - row / 2);
    let label = places.finding(region).unwrap_or_default();
    svg(size, (width, bottom + BELOW), &label, |canvas| {
        let each = if size.is_wide() { 1 } else { 2 };
        for (index, period) in places.periods.iter().enumerate() {
            let (x, _) = at(index, 1);
            canvas.line((x, TOP), (x, bottom), FAINT, 1);
            let counted = places.periods.len() - 1 - index;
            if counted.is_multiple_of(each) {
                // January and February are mostly one period.
                let first = index == 0 && period.month == 2;
                let label = if first { "1—2".to_owned() } else { period.month.to_string() };
                canvas.text(&label, (x, bottom + 14), 11, GREY, Align::Middle);
            }
        }
        canvas.text("月", (to + 14, bottom + 14), 11, GREY, Align::Left);
        let (told, others): (Vec<&Course>, Vec<&Course>) =
            places.courses.iter().partition(|course| course.region == region);
        for course in &others {
            runs(course, &at).iter().for_each(|run| canvas.path(run, LINE, 1));
        }
        // Who shares a place shares a line of text.
        let newest = |course: &Course| course.places.last().copied().flatten();
        let own = told.first().and_then(|course| newest(course));
        for place in (1..=last).filter(|place| row >= 14 && Some(*place) != own) {
            let here: Vec<&str> = others
                .iter()
                .filter(|course| newest(course) == Some(place))
                .map(|course| course.name.as_str())
                .collect();
            let (_, y) = at(places.periods.len() - 1, place);
            canvas.text(&short(&here.join("、"), names, 12), (to + 12, y), 12, GREY, Align::Left);
        }
        for course in told {
            draw_told(canvas, course, &at, (to + 12, names));
            for (index, (period, place)) in places.periods.iter().zip(&course.places).enumerate() {
                let Some(place) = place else { continue };
                let ((x, y), half) = (at(index, *place), (to - from) / steps / 2);
                let line = format!("{}{}居第{place}位", course.name, period.months());
                let (from, to) = ((x - half.min(18), y - 12), (x + half.min(18), y + 12));
                canvas.spot(Spot { from, to, lines: vec![line], link: "#after-places".to_owned() });
            }
        }
    })
}

fn draw_told(
    canvas: &Canvas<'_>,
    course: &Course,
    at: &impl Fn(usize, usize) -> (i32, i32),
    (name_x, names): (i32, i32),
) {
    runs(course, at).iter().for_each(|run| canvas.path(run, BLUE, 3));
    for (index, place) in course.places.iter().enumerate().filter_map(|(index, place)| Some((index, (*place)?))) {
        canvas.dot(at(index, place), 9, BLUE);
        canvas.bold(&place.to_string(), at(index, place), 11, WHITE, Align::Middle);
    }
    if let Some(Some(place)) = course.places.last() {
        let (_, y) = at(course.places.len() - 1, *place);
        canvas.rectangle((name_x - 2, y - 8), (name_x + names, y + 8), WHITE);
        canvas.bold(&short(&course.name, names, 13), (name_x, y), 13, INK, Align::Left);
    }
}

/// The stretches without a gap.
fn runs(course: &Course, at: &impl Fn(usize, usize) -> (i32, i32)) -> Vec<Vec<(i32, i32)>> {
    let points: Vec<Option<(i32, i32)>> =
        course.places.iter().enumerate().map(|(index, place)| place.map(|place| at(index, place))).collect();
    points
        .split(Option::is_none)
        .map(|run| run.iter().copied().flatten().collect::<Vec<_>>())
        .filter(|run| run.len() > 1)
        .collect()
}
