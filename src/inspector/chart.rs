//! A chart of a lab: lines or bars over two axes, as a drawing and as a table.

use sim::frame::{Along, Axis, Chart, ChartKind, Series};
use sim::order::sort_by_key;
use sim::{Text, t, unit_text};
use yew::prelude::*;

use crate::geometry::in_order;
use crate::language;
use crate::stage::message::kind_class;
use crate::words::{decimal, length, number, say};

/// The paper of a drawing, in its own units, with room at its sides for the numbers and titles of the axes.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Sheet {
    width: f64,
    height: f64,
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    /// At most so many numbers at the axis upwards.
    ticks: i64,
}

/// In the inspector: the units are pixels where that is as wide as at first.
const NARROW: Sheet =
    Sheet { width: 300.0, height: 190.0, left: 44.0, right: 12.0, top: 22.0, bottom: 40.0, ticks: TICKS };

/// Under the stage: two stand side by side. The lines have their names at their ends.
const WIDE: Sheet = Sheet { width: 690.0, height: 146.0, left: 44.0, right: 104.0, top: 16.0, bottom: 22.0, ticks: 3 };

/// At most so many numbers at an axis.
const TICKS: i64 = 5;

/// About the width of a letter of a chart.
const LETTER_WIDTH: f64 = 6.6;

/// The least distance between the names of two lines.
const NAME_HEIGHT: f64 = 15.0;

/// A bar that is not 0 is at least so high.
const LEAST_BAR: f64 = 2.0;

/// At most so many points of a line are listed in the table; then every second one, and so on.
const ROWS: usize = 60;

/// A chart with its legend and its numbers.
pub fn draw(chart: &Chart) -> Html {
    let label = describe(chart);
    html! {
        <figure class="chart" data-testid="chart">
            <figcaption>{ say(&chart.title) }</figcaption>
            { draw_legend(chart) }
            <div class="panel-scroll">{ draw_drawing(chart, &label, &NARROW) }</div>
            <details>
                <summary>{ say(t!("Numbers")) }</summary>
                { draw_numbers(chart) }
            </details>
        </figure>
    }
}

/// The same without its numbers, low and wide.
pub fn draw_wide(chart: &Chart) -> Html {
    let title = match chart.y.unit {
        "" => t!("{title}", title = chart.title.clone()),
        unit => t!("{title}, {unit}", title = chart.title.clone(), unit = unit_text(unit)),
    };
    html! {
        <figure class="chart wide" data-testid="dock-chart">
            <figcaption>{ say(title) }</figcaption>
            { draw_drawing(chart, &describe(chart), &WIDE) }
        </figure>
    }
}

/// Where the numbers of a chart come to stand.
struct Plane<'a> {
    sheet: &'a Sheet,
    x: Range,
    y: Range,
}

/// The numbers between the ends of an axis.
#[derive(Clone, Copy)]
struct Range {
    least: i64,
    most: i64,
    is_logarithmic: bool,
}

impl Range {
    /// How far along the axis a number stands: 0 at its start, 1 at its end.
    fn share(self, at: i64) -> f64 {
        let along = |at: i64| if self.is_logarithmic { (at.max(self.least) as f64).ln() } else { at as f64 };
        (along(at) - along(self.least)) / (along(self.most) - along(self.least))
    }

    /// Round numbers at it, at most so many.
    fn ticks(self, scale: u32, count: i64) -> Vec<i64> {
        let ends = (self.least, self.most);
        if self.is_logarithmic { ticks_of_ratios(ends, scale, count) } else { ticks(ends, scale, count) }
    }
}

impl Plane<'_> {
    /// Room for all points and marks; lines and bars stand on 0 unless they go below it.
    fn new<'a>(chart: &Chart, sheet: &'a Sheet) -> Plane<'a> {
        let points = || chart.series.iter().flat_map(|series| &series.points);
        let marks = |along: Along| chart.marks.iter().filter(move |mark| mark.along == along).map(|mark| mark.at);
        let range = |axis: &Axis, numbers: &mut dyn Iterator<Item = i64>| {
            let is_logarithmic = axis.is_logarithmic;
            let range = numbers.filter(|number| *number > 0 || !is_logarithmic).fold(
                None,
                |range: Option<(i64, i64)>, number| {
                    Some(range.map_or((number, number), |(least, most)| (least.min(number), most.max(number))))
                },
            );
            let (least, most) = range.unwrap_or(if is_logarithmic { (1, 1) } else { (0, 1) });
            Range { least, most: most.max(least.saturating_add(1)), is_logarithmic }
        };
        let ends = points().flat_map(|(x, _)| [*x, bar_end(chart, *x)]);
        let x = range(&chart.x, &mut ends.chain(marks(Along::X)));
        let y = range(&chart.y, &mut points().map(|(_, y)| *y).chain(marks(Along::Y)).chain([0]));
        // A little air above the highest point; where 0 is not at the floor, below the lowest one too.
        let y = if y.is_logarithmic {
            Range { least: y.least - y.least / 5, most: y.most.saturating_add(y.most / 4), ..y }
        } else {
            Range { most: y.most.saturating_add((y.most - y.least) / 20), ..y }
        };
        Plane { sheet, x, y }
    }

    fn x(&self, at: i64) -> f64 {
        let Sheet { width, left, right, .. } = self.sheet;
        left + self.x.share(at) * (width - left - right)
    }

    fn y(&self, at: i64) -> f64 {
        let Sheet { height, top, bottom, .. } = self.sheet;
        height - bottom - self.y.share(at) * (height - top - bottom)
    }
}

/// Where a bar ends that begins here; a point of a line has no width.
fn bar_end(chart: &Chart, x: i64) -> i64 {
    match chart.kind {
        ChartKind::Lines => x,
        ChartKind::Bars { width } if chart.x.is_logarithmic => x.saturating_add(x.saturating_mul(width) / 1_000),
        ChartKind::Bars { width } => x.saturating_add(width),
    }
}

fn draw_drawing(chart: &Chart, label: &str, sheet: &Sheet) -> Html {
    let plane = Plane::new(chart, sheet);
    let is_wide = *sheet == WIDE;
    let Sheet { width, height, left, top, .. } = *sheet;
    let (floor, end) = (height - sheet.bottom, width - sheet.right);
    let x_title = say(title(&chart.x));
    // Beside the numbers there is room for a short title; a longer one takes that of the last number.
    let numbers_end = if is_wide { width - length(&x_title) as f64 * LETTER_WIDTH - 10.0 } else { width };
    let x_tick = |at: i64| {
        let (x, text) = (number(plane.x(at)), shown(at, chart.x.scale));
        let is_free = plane.x(at) + text.chars().count() as f64 * LETTER_WIDTH / 2.0 < numbers_end;
        html! {
            <>
                <line x1={x.clone()} x2={x.clone()} y1={number(floor)} y2={number(floor + 4.0)} />
                if is_free {
                    <text {x} y={number(floor + 16.0)} text-anchor="middle">{ text }</text>
                }
            </>
        }
    };
    let y_tick = |at: i64| {
        let y = number(plane.y(at));
        html! {
            <>
                <line class="grid" x1={number(left)} x2={number(end)} y1={y.clone()} y2={y} />
                <text x={number(left - 6.0)} y={number(plane.y(at) + 4.0)} text-anchor="end">{ shown(at, chart.y.scale) }</text>
            </>
        }
    };
    let mark = |mark: &sim::frame::Mark| {
        let (x1, y1, x2, y2, word) = match mark.along {
            Along::Y => {
                let y = plane.y(mark.at);
                (left, y, end, y, beside(&plane, chart, y, length(&say(&mark.text)) as f64 * LETTER_WIDTH))
            }
            Along::X => {
                let x = plane.x(mark.at);
                let anchor = if x > (left + end) / 2.0 { "end" } else { "start" };
                (x, top - 4.0, x, floor, (x, top - if is_wide { 5.0 } else { 8.0 }, anchor))
            }
        };
        html! {
            <g class="chart-mark">
                <line x1={number(x1)} y1={number(y1)} x2={number(x2)} y2={number(y2)} />
                <text x={number(word.0)} y={number(word.1)} text-anchor={word.2}>{ say(&mark.text) }</text>
            </g>
        }
    };
    let count = chart.series.len();
    let series = |(place, series): (usize, &Series)| draw_series(chart, &plane, series, (place, count));
    html! {
        <svg viewBox={format!("0 0 {width} {height}")} preserveAspectRatio="xMinYMid" role="img" aria-label={label.to_string()}>
            <g class="chart-axis">
                { for plane.y.ticks(chart.y.scale, sheet.ticks).into_iter().map(y_tick) }
                <line x1={number(left)} x2={number(end)} y1={number(floor)} y2={number(floor)} />
                { for plane.x.ticks(chart.x.scale, TICKS).into_iter().map(x_tick) }
                if is_wide {
                    <text x={number(width - 2.0)} y={number(height - 6.0)} text-anchor="end">{ x_title }</text>
                } else {
                    <text x={number((left + end) / 2.0)} y={number(height - 6.0)} text-anchor="middle">{ x_title }</text>
                    <text x="2" y="12">{ say(title(&chart.y)) }</text>
                }
            </g>
            { for chart.series.iter().enumerate().map(series) }
            { for chart.marks.iter().map(mark) }
            if is_wide {
                { draw_names(chart, &plane) }
            }
        </svg>
    }
}

/// Where the word of this width at a line across the chart stands: above it or below it, at its end or its start, where
/// fewest points lie.
fn beside(plane: &Plane, chart: &Chart, y: f64, width: f64) -> (f64, f64, &'static str) {
    let (left, end) = (plane.sheet.left, plane.sheet.width - plane.sheet.right);
    let places = [(end, -4.0, "end"), (left + 4.0, -4.0, "start"), (end, 13.0, "end"), (left + 4.0, 13.0, "start")];
    let points = || chart.series.iter().flat_map(|series| &series.points);
    let covered = |(x, below, anchor): &(f64, f64, &str)| {
        let start = if *anchor == "end" { x - width } else { *x };
        let middle = y + below - 4.0;
        let lies_there = |(at_x, at_y): &&(i64, i64)| {
            (start..=start + width).contains(&plane.x(*at_x)) && (plane.y(*at_y) - middle).abs() < 9.0
        };
        points().filter(lies_there).count()
    };
    let floor = plane.sheet.height - plane.sheet.bottom;
    let has_room = |(_, below, _): &&(f64, f64, &str)| y + below < floor && y + below - 10.0 > 0.0;
    let best = places.iter().filter(has_room).min_by_key(|place| covered(place)).unwrap_or(&places[0]);
    (best.0, y + best.1, best.2)
}

/// The names of the lines at their ends, each below the one before where they would cover each other.
fn draw_names(chart: &Chart, plane: &Plane) -> Html {
    let mut names: Vec<(f64, &Series)> =
        chart.series.iter().filter_map(|series| Some((plane.y(series.points.last()?.1) + 4.0, series))).collect();
    sort_by_key(&mut names, |(y, _)| in_order(*y).into());
    let lowest = plane.sheet.height - plane.sheet.bottom + 4.0;
    for place in (0..names.len()).rev() {
        let below = names.get(place + 1).map_or(lowest, |(y, _)| y - NAME_HEIGHT);
        names[place].0 = names[place].0.min(below);
    }
    let x = number(plane.sheet.width - plane.sheet.right + 6.0);
    let name = |(y, series): &(f64, &Series)| {
        html! { <text class={classes!("chart-name", kind_class(series.kind))} x={x.clone()} y={number(*y)}>{ say(&series.name) }</text> }
    };
    html! { <g>{ for names.iter().map(name) }</g> }
}

/// The lines differ in colour and in their dashes, so that nobody has to tell colours apart.
fn draw_series(chart: &Chart, plane: &Plane, series: &Series, (place, count): (usize, usize)) -> Html {
    let class = classes!(kind_class(series.kind), format!("dash-{}", place % 4));
    match chart.kind {
        ChartKind::Lines => {
            let point = |(x, y): &(i64, i64)| format!("{},{}", number(plane.x(*x)), number(plane.y(*y)));
            let points: Vec<String> = series.points.iter().map(point).collect();
            html! { <polyline class={classes!("chart-line", class)} points={points.join(" ")} /> }
        }
        ChartKind::Bars { .. } => {
            let bar = |(x, y): &(i64, i64)| {
                let (start, end) = (plane.x(*x), plane.x(bar_end(chart, *x)));
                let share = (end - start) / count.max(1) as f64;
                let (top, foot) = (plane.y((*y).max(0)), plane.y((*y).min(0)));
                // One of hundreds is seen, too.
                let top = if *y > 0 { top.min(foot - LEAST_BAR) } else { top };
                html! {
                    <rect x={number(start + share * place as f64)} y={number(top)} width={number((share - 1.0).max(0.5))}
                        height={number(foot - top)} />
                }
            };
            html! { <g class={classes!("chart-bars", class)}>{ for series.points.iter().map(bar) }</g> }
        }
    }
}

fn draw_legend(chart: &Chart) -> Html {
    if chart.series.len() < 2 {
        return html! {};
    }
    let entry = |(place, series): (usize, &Series)| {
        let sign = match chart.kind {
            ChartKind::Lines => html! { <line class="chart-line" x1="0" x2="26" y1="6" y2="6" /> },
            ChartKind::Bars { .. } => html! { <rect x="7" y="0" width="12" height="12" /> },
        };
        let class = match chart.kind {
            ChartKind::Lines => "chart-sign",
            ChartKind::Bars { .. } => "chart-sign chart-bars",
        };
        html! {
            <li>
                <svg class={classes!(class, kind_class(series.kind), format!("dash-{}", place % 4))} viewBox="0 0 26 12" width="26" height="12"
                    aria-hidden="true">{ sign }</svg>
                { say(&series.name) }
            </li>
        }
    };
    html! { <ul class="chart-legend">{ for chart.series.iter().enumerate().map(entry) }</ul> }
}

/// The numbers of a chart: a row for each x, a column for each series.
pub fn draw_numbers(chart: &Chart) -> Html {
    let mut places: Vec<i64> = chart.series.iter().flat_map(|series| &series.points).map(|(x, _)| *x).collect();
    sort_by_key(&mut places, |x| u128::from(x.wrapping_sub(i64::MIN) as u64));
    places.dedup();
    let step = places.len().div_ceil(ROWS).max(1);
    let value = |series: &Series, at: i64| {
        let point = series.points.iter().rev().find(|(x, _)| *x == at);
        point.map_or_else(|| "–".to_string(), |(_, y)| shown(*y, chart.y.scale))
    };
    let row = |at: i64| {
        let value = |series: &Series| html! { <td class="mono">{ value(series, at) }</td> };
        html! {
            <tr><th scope="row" class="mono">{ shown(at, chart.x.scale) }</th>{ for chart.series.iter().map(value) }</tr>
        }
    };
    let heading = |series: &Series| html! { <th scope="col">{ say(&series.name) }</th> };
    let mark = |mark: &sim::frame::Mark| {
        let scale = if mark.along == Along::X { chart.x.scale } else { chart.y.scale };
        html! { <li>{ say(&mark.text) }{ ": " }<span class="mono">{ shown(mark.at, scale) }</span></li> }
    };
    html! {
        <>
            <ul class="chart-legend">{ for chart.marks.iter().map(mark) }</ul>
            <div class="panel-scroll" tabindex="0" role="group" aria-label={say(&chart.title)}>
                <table class="panel-table">
                    <thead><tr><th scope="col">{ say(title(&chart.x)) }</th>{ for chart.series.iter().map(heading) }</tr></thead>
                    <tbody>{ for places.into_iter().step_by(step).map(row) }</tbody>
                </table>
            </div>
        </>
    }
}

/// What the drawing shows, in words.
pub fn describe(chart: &Chart) -> String {
    let of_one = |series: &Series| {
        let most = series.points.iter().max_by_key(|(_, y)| *y);
        let last = series.points.last();
        match (chart.kind, most, last) {
            (ChartKind::Lines, Some(most), Some(last)) => t!(
                "{name}: {last} at the end, {most} at most",
                name = series.name.clone(),
                last = shown(last.1, chart.y.scale),
                most = shown(most.1, chart.y.scale)
            ),
            (ChartKind::Bars { .. }, Some(most), _) => t!(
                "{name}: most at {at}, with {most}",
                name = series.name.clone(),
                at = shown(most.0, chart.x.scale),
                most = shown(most.1, chart.y.scale)
            ),
            _ => t!("{name}: nothing yet", name = series.name.clone()),
        }
    };
    let mark = |mark: &sim::frame::Mark| {
        let scale = if mark.along == Along::X { chart.x.scale } else { chart.y.scale };
        t!("{name} at {at}", name = mark.text.clone(), at = shown(mark.at, scale))
    };
    let parts = chart.series.iter().map(of_one).chain(chart.marks.iter().map(mark));
    let parts: Vec<String> = parts.map(|part| language::write(&part)).collect();
    language::write(&t!(
        "{title}, {y} over {x}. {parts}.",
        title = chart.title.clone(),
        y = title(&chart.y),
        x = title(&chart.x),
        parts = parts.join("; ")
    ))
}

/// The title of an axis with its unit.
fn title(axis: &Axis) -> Text {
    match axis.unit {
        "" => axis.title.clone(),
        unit => t!("{title}, {unit}", title = axis.title.clone(), unit = unit_text(unit)),
    }
}

/// Round numbers within a range: at most so many, and 1, 2 or 5 times a power of ten of the unit apart.
pub(super) fn ticks((least, most): (i64, i64), scale: u32, count: i64) -> Vec<i64> {
    let scale = f64::from(scale.max(1));
    let raw = (most - least) as f64 / scale / count as f64;
    let power = 10_f64.powf(raw.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].map(|digit| digit * power).into_iter().find(|step| *step >= raw * 0.999);
    // Numbers between two whole ones of the chart cannot be marked.
    let step = ((step.unwrap_or(power) * scale).round() as i64).max(1);
    let first = least.div_euclid(step) * step;
    let first = if first < least { first + step } else { first };
    (0..=2 * count).map(|place| first + place * step).take_while(|at| *at <= most).collect()
}

/// Round numbers within a range of which equal ratios are equal steps: 1, 2 and 5 times powers of ten of the unit, or the powers
/// alone where those are too many.
fn ticks_of_ratios((least, most): (i64, i64), scale: u32, count: i64) -> Vec<i64> {
    let all = |digits: &[f64]| -> Vec<i64> {
        let powers = (-9..=18).map(|power| 10_f64.powi(power) * f64::from(scale.max(1)));
        let numbers = powers.flat_map(|power| digits.iter().map(move |digit| digit * power));
        numbers
            .filter(|number| (least as f64..=most as f64).contains(number))
            .map(|number| number.round() as i64)
            .collect()
    };
    let ticks = all(&[1.0, 2.0, 5.0]);
    if ticks.len() as i64 <= count { ticks } else { all(&[1.0]) }
}

/// A number of a chart in the unit of its axis, with as many decimals as tell something.
fn shown(at: i64, scale: u32) -> String {
    let value = at as f64 / f64::from(scale.max(1));
    let decimals = if value.abs() >= 100.0 { 0 } else { 2 };
    let text = format!("{value:.decimals$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    language::write(&decimal(&if text == "-0" { "0".to_string() } else { text.replace('-', "−") }))
}

#[cfg(test)]
mod tests {
    use sim::frame::{Mark, MessageKind};

    use super::*;

    fn chart(kind: ChartKind, points: Vec<(i64, i64)>) -> Chart {
        Chart {
            title: t!("Phi over time"),
            kind,
            x: Axis::new(t!("time"), "ms", 1_000),
            y: Axis::new(t!("phi"), "", 1_000_000),
            series: vec![Series { name: t!("B"), kind: MessageKind::Replication, points }],
            marks: vec![Mark { along: Along::Y, at: 8_000_000, text: t!("threshold") }],
        }
    }

    #[test]
    fn ticks_are_round_and_within_the_range() {
        assert_eq!(ticks((0, 8_400_000), 1_000_000, TICKS), [0, 2_000_000, 4_000_000, 6_000_000, 8_000_000]);
        assert_eq!(ticks((137_000, 412_000), 1_000, TICKS), [200_000, 300_000, 400_000]);
        assert_eq!(ticks((0, 3), 1, TICKS), [0, 1, 2, 3]);
        assert_eq!(ticks((-25, 25), 1, TICKS), [-20, -10, 0, 10, 20]);
        assert_eq!(ticks((0, 1), 1, TICKS), [0, 1]);
    }

    #[test]
    fn equal_ratios_are_equal_steps() {
        assert_eq!(ticks_of_ratios((30_000, 1_100_000), 1_000, TICKS), [50_000, 100_000, 200_000, 500_000, 1_000_000]);
        assert_eq!(ticks_of_ratios((30_000, 6_000_000), 1_000, 3), [100_000, 1_000_000]);
        let mut chart = chart(ChartKind::Bars { width: 1_000 }, vec![(10, 100), (100, 10_000), (1_000, 1_000_000)]);
        (chart.x, chart.y) = (chart.x.logarithmic(), chart.y.logarithmic());
        chart.marks.clear();
        let plane = Plane::new(&chart, &NARROW);
        let is_near = |one: f64, other: f64| (one - other).abs() < 0.01;
        assert!(is_near(plane.x(100) - plane.x(10), plane.x(1_000) - plane.x(100)));
        assert!(is_near(plane.y(10_000) - plane.y(100), plane.y(1_000_000) - plane.y(10_000)));
        assert_eq!(bar_end(&chart, 1_500), 3_000);
        chart.series.clear();
        assert!(Plane::new(&chart, &NARROW).y(0).is_finite());
    }

    #[test]
    fn numbers_are_short() {
        let texts = [(3_100_000, 1_000_000), (0, 1_000), (212_700, 1_000), (12_345, 1_000), (-2_000, 1_000), (250, 1)]
            .map(|(at, scale)| shown(at, scale));
        assert_eq!(texts, ["3.1", "0", "213", "12.35", "−2", "250"]);
    }

    #[test]
    fn the_words_say_what_the_drawing_shows() {
        let chart = chart(ChartKind::Lines, vec![(0, 0), (100_000, 3_100_000), (100_000, 0), (150_000, 1_500_000)]);
        assert_eq!(
            describe(&chart),
            "Phi over time, phi over time, ms. B: 1.5 at the end, 3.1 at most; threshold at 8."
        );
    }

    #[test]
    fn all_points_and_marks_are_inside() {
        for kind in [ChartKind::Lines, ChartKind::Bars { width: 10_000 }] {
            let chart = chart(kind, vec![(-50_000, 0), (100_000, 9_100_000), (150_000, -1_500_000)]);
            for sheet in [NARROW, WIDE] {
                let plane = Plane::new(&chart, &sheet);
                for (x, y) in &chart.series[0].points {
                    assert!((sheet.left..=sheet.width - sheet.right).contains(&plane.x(*x)));
                    assert!((sheet.top..=sheet.height - sheet.bottom).contains(&plane.y(*y)));
                }
                assert!(plane.y(8_000_000) >= sheet.top);
            }
        }
    }

    #[test]
    fn a_long_title_takes_the_place_of_a_number() {
        let mut chart = chart(ChartKind::Bars { width: 1_000 }, (-4..0).map(|place| (place * 1_000, 0)).collect());
        let drawn = |chart: &Chart| format!("{:?}", draw_drawing(chart, "", &WIDE)).matches("text-anchor").count();
        let all = drawn(&chart);
        chart.x = Axis::new(t!("periods before now"), "", 1_000);
        assert_eq!(drawn(&chart), all - 1);
    }

    #[test]
    fn an_empty_chart_is_drawn() {
        let chart = chart(ChartKind::Lines, Vec::new());
        let plane = Plane::new(&chart, &NARROW);
        assert!(plane.x(0).is_finite() && plane.y(0).is_finite());
        assert!(describe(&chart).contains("B: nothing yet"));
    }
}
