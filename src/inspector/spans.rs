//! What lasted how long: rows of bars over one axis of time, as a drawing and as a table.

use sim::frame::{Moment, Span, SpanRow, Spans};
use sim::{t, time_us};
use yew::prelude::*;

use super::chart::ticks;
use crate::language;
use crate::stage::message::kind_class;
use crate::words::{length, number, say, shorten};

/// The paper of a drawing, in its own units.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Sheet {
    width: f64,
    /// Where the bars begin, after the names of the rows.
    left: f64,
    /// At most so many times at the axis.
    ticks: i64,
}

/// In the inspector: the units are pixels where that is as wide as at first.
const NARROW: Sheet = Sheet { width: 300.0, left: 76.0, ticks: 3 };

/// Under the stage.
const WIDE: Sheet = Sheet { width: 690.0, left: 132.0, ticks: 6 };

/// The room above the rows, where the words of moments stand, one above the other where they would meet.
const TOP: f64 = 18.0;
const LINE_HEIGHT: f64 = 14.0;
const RIGHT: f64 = 12.0;
const ROW_HEIGHT: f64 = 22.0;
const BAR_HEIGHT: f64 = 16.0;
/// The room below the rows, for the axis.
const AXIS_HEIGHT: f64 = 22.0;
/// How far a row begins after the one that it is a part of.
const INDENT: f64 = 8.0;
const LETTER_WIDTH: f64 = 6.6;

/// The rows with a table of them.
pub fn draw(spans: &Spans) -> Html {
    html! {
        <figure class="chart spans" data-testid="spans">
            <figcaption>{ say(&spans.title) }</figcaption>
            <div class="panel-scroll">{ draw_drawing(spans, &NARROW) }</div>
            <details>
                <summary>{ say(t!("Numbers")) }</summary>
                { draw_numbers(spans) }
            </details>
        </figure>
    }
}

/// The same without its table, wide.
pub fn draw_wide(spans: &Spans) -> Html {
    html! {
        <figure class="chart wide spans" data-testid="dock-spans">
            <figcaption>{ say(&spans.title) }</figcaption>
            { draw_drawing(spans, &WIDE) }
        </figure>
    }
}

/// Where moments come to stand.
struct Scale<'a> {
    spans: &'a Spans,
    sheet: &'a Sheet,
}

impl Scale<'_> {
    fn x(&self, at_us: u64) -> f64 {
        let Spans { from_us, to_us, .. } = *self.spans;
        let share = at_us.clamp(from_us, to_us.max(from_us)) - from_us;
        let room = self.sheet.width - self.sheet.left - RIGHT;
        self.sheet.left + share as f64 / (to_us.saturating_sub(from_us)).max(1) as f64 * room
    }

    /// Where a bar begins and ends; none where all of it is out of sight.
    fn ends(&self, span: &Span) -> Option<(f64, f64)> {
        let to_us = span.to_us.unwrap_or(self.spans.to_us);
        let is_seen = span.from_us < self.spans.to_us && to_us > self.spans.from_us;
        is_seen.then(|| (self.x(span.from_us), self.x(to_us)))
    }
}

fn draw_drawing(spans: &Spans, sheet: &Sheet) -> Html {
    let scale = Scale { spans, sheet };
    let lines = lines_of_marks(&scale);
    let top = TOP + LINE_HEIGHT * lines.iter().copied().max().unwrap_or(0) as f64;
    let floor = top + ROW_HEIGHT * spans.rows.len() as f64;
    let height = floor + AXIS_HEIGHT;
    let tick = |at_us: i64| {
        let (x, time) = (scale.x(at_us as u64), say(t!("{time}", time = time_us(at_us as u64))));
        // At an end of the axis it stands as far out as all of it is seen.
        let half = length(&time) as f64 * LETTER_WIDTH / 2.0;
        let middle = number(x.clamp(half, sheet.width - half));
        let x = number(x);
        html! {
            <>
                <line class="grid" x1={x.clone()} x2={x} y1={number(top)} y2={number(floor)} />
                <text x={middle} y={number(floor + 16.0)} text-anchor="middle">{ time }</text>
            </>
        }
    };
    let range = (spans.from_us as i64, spans.to_us.max(spans.from_us + 1) as i64);
    html! {
        <svg viewBox={format!("0 0 {} {height}", sheet.width)} preserveAspectRatio="xMinYMid" role="img" aria-label={describe(spans)}>
            <g class="chart-axis">
                { for ticks(range, 1, sheet.ticks).into_iter().map(tick) }
                <line x1={number(sheet.left)} x2={number(sheet.width - RIGHT)} y1={number(floor)} y2={number(floor)} />
            </g>
            { for spans.rows.iter().enumerate().map(|(place, row)| draw_row(&scale, top + ROW_HEIGHT * place as f64, row)) }
            { for spans.marks.iter().zip(lines).map(|(mark, line)| draw_mark(&scale, mark, top - LINE_HEIGHT * line as f64, floor)) }
        </svg>
    }
}

fn draw_row(scale: &Scale, top: f64, row: &SpanRow) -> Html {
    let top = top + (ROW_HEIGHT - BAR_HEIGHT) / 2.0;
    let foot = number(top + BAR_HEIGHT - 4.0);
    let indent = INDENT * f64::from(row.depth);
    let letters = ((scale.sheet.left - indent - 6.0) / LETTER_WIDTH) as usize;
    let bar = |span: &Span| {
        let (start, end) = scale.ends(span)?;
        let width = (end - start).max(1.5);
        let label = say(&span.label);
        let has_room = length(&label) as f64 * LETTER_WIDTH + 6.0 <= width;
        let class = classes!(
            "span",
            kind_class(span.kind),
            span.failed.then_some("failed"),
            span.to_us.is_none().then_some("open")
        );
        Some(html! {
            <g {class}>
                <rect x={number(start)} y={number(top)} width={number(width)} height={number(BAR_HEIGHT)} />
                if has_room {
                    <text x={number(start + width / 2.0)} y={foot.clone()} text-anchor="middle">{ label }</text>
                }
            </g>
        })
    };
    html! {
        <g>
            <text class="span-name" x={number(indent)} y={foot.clone()}>{ shorten(&say(&row.label), letters) }</text>
            { for row.bars.iter().filter_map(bar) }
        </g>
    }
}

/// Where the words of a moment begin and end, and which end is at the moment.
fn reach(scale: &Scale, mark: &Moment) -> (f64, f64, &'static str) {
    let (at, width) = (scale.x(mark.at_us), length(&say(&mark.text)) as f64 * LETTER_WIDTH);
    if at > (scale.sheet.left + scale.sheet.width) / 2.0 { (at - width, at, "end") } else { (at, at + width, "start") }
}

/// The line above the rows for the words of each moment: the lowest in which it meets none before it.
fn lines_of_marks(scale: &Scale) -> Vec<usize> {
    let reaches: Vec<_> = scale.spans.marks.iter().map(|mark| reach(scale, mark)).collect();
    let mut lines: Vec<usize> = Vec::new();
    for (place, (start, end, _)) in reaches.iter().enumerate() {
        let is_free = |line: usize| {
            let others = reaches[..place].iter().zip(&lines).filter(|(_, other)| **other == line);
            others.into_iter().all(|((from, to, _), _)| end < from || to < start)
        };
        lines.push((0..).find(|line| is_free(*line)).unwrap_or(place));
    }
    lines
}

/// A moment with its words, which stand above `top`.
fn draw_mark(scale: &Scale, mark: &Moment, top: f64, floor: f64) -> Html {
    let (x, (_, _, anchor)) = (number(scale.x(mark.at_us)), reach(scale, mark));
    html! {
        <g class="chart-mark">
            <line x1={x.clone()} x2={x.clone()} y1={number(top - 4.0)} y2={number(floor)} />
            <text {x} y={number(top - 7.0)} text-anchor={anchor}>{ say(&mark.text) }</text>
        </g>
    }
}

/// A row for each bar.
pub fn draw_numbers(spans: &Spans) -> Html {
    let bar = |row: &SpanRow, span: &Span| {
        html! {
            <tr>
                <th scope="row">{ say(&row.label) }</th>
                <td>{ say(what(span)) }</td>
                <td class="mono">{ say(t!("{time}", time = time_us(span.from_us))) }</td>
                <td class="mono">{ say(end(span)) }</td>
            </tr>
        }
    };
    let rows = spans.rows.iter().flat_map(|row| row.bars.iter().map(move |span| bar(row, span)));
    let mark = |mark: &Moment| html! { <li>{ say(t!("{name} at {at}", name = mark.text.clone(), at = time_us(mark.at_us))) }</li> };
    html! {
        <>
            <ul class="chart-legend">{ for spans.marks.iter().map(mark) }</ul>
            <div class="panel-scroll" tabindex="0" role="group" aria-label={say(&spans.title)}>
                <table class="panel-table">
                    <thead>
                        <tr>
                            <th scope="col">{ say(t!("row")) }</th>
                            <th scope="col">{ say(t!("what")) }</th>
                            <th scope="col">{ say(t!("from")) }</th>
                            <th scope="col">{ say(t!("to")) }</th>
                        </tr>
                    </thead>
                    <tbody>{ for rows }</tbody>
                </table>
            </div>
        </>
    }
}

fn what(span: &Span) -> sim::Text {
    if span.failed { t!("{what}, failed", what = span.label.clone()) } else { span.label.clone() }
}

fn end(span: &Span) -> sim::Text {
    span.to_us.map_or_else(|| t!("not ended"), |to_us| t!("{time}", time = time_us(to_us)))
}

/// What the drawing shows, in words.
pub fn describe(spans: &Spans) -> String {
    let bar = |span: &Span| {
        language::write(&t!(
            "{what} from {from} to {to}",
            what = what(span),
            from = time_us(span.from_us),
            to = end(span)
        ))
    };
    let row = |row: &SpanRow| {
        let bars: Vec<String> = row.bars.iter().map(bar).collect();
        let said = if bars.is_empty() { t!("nothing") } else { sim::Text::verbatim(bars.join(", ")) };
        t!("{name}: {said}", name = row.label.clone(), said = said)
    };
    let mark = |mark: &Moment| t!("{name} at {at}", name = mark.text.clone(), at = time_us(mark.at_us));
    let parts = spans.rows.iter().map(row).chain(spans.marks.iter().map(mark));
    let parts: Vec<String> = parts.map(|part| language::write(&part)).collect();
    language::write(&t!("{title}. {parts}.", title = spans.title.clone(), parts = parts.join("; ")))
}

#[cfg(test)]
mod tests {
    use sim::frame::MessageKind;

    use super::*;

    fn span(from_us: u64, to_us: Option<u64>) -> Span {
        Span { from_us, to_us, label: t!("lease"), kind: MessageKind::Election, failed: false }
    }

    fn spans(bars: Vec<Span>) -> Spans {
        Spans {
            title: t!("Leases"),
            from_us: 100_000,
            to_us: 300_000,
            rows: vec![SpanRow { label: t!("S1"), depth: 0, bars }],
            marks: vec![Moment { at_us: 200_000, text: t!("now") }],
        }
    }

    #[test]
    fn the_words_of_moments_that_would_meet_stand_one_above_the_other() {
        let mut spans = spans(Vec::new());
        let moment = |at_us, text| Moment { at_us, text };
        spans.marks =
            vec![moment(120_000, t!("true time")), moment(150_000, t!("waits for this")), moment(290_000, t!("end"))];
        assert_eq!(lines_of_marks(&Scale { spans: &spans, sheet: &NARROW }), [0, 1, 0]);
        assert_eq!(lines_of_marks(&Scale { spans: &spans, sheet: &WIDE }), [0, 0, 0]);
    }

    #[test]
    fn bars_are_cut_off_at_the_ends_of_what_is_shown() {
        let spans = spans(Vec::new());
        for sheet in [NARROW, WIDE] {
            let scale = Scale { spans: &spans, sheet: &sheet };
            let (left, right) = (sheet.left, sheet.width - RIGHT);
            assert_eq!(scale.ends(&span(0, Some(200_000))), Some((left, (left + right) / 2.0)));
            assert_eq!(scale.ends(&span(200_000, None)), Some(((left + right) / 2.0, right)));
            assert_eq!(scale.ends(&span(0, Some(100_000))), None);
            assert_eq!(scale.ends(&span(300_000, None)), None);
        }
    }

    #[test]
    fn the_words_say_what_the_drawing_shows() {
        let failed = Span { failed: true, ..span(150_000, Some(180_000)) };
        assert_eq!(
            describe(&spans(vec![failed, span(200_000, None)])),
            "Leases. S1: lease, failed from 150 ms to 180 ms, lease from 200 ms to not ended; now at 200 ms."
        );
        assert_eq!(describe(&spans(Vec::new())), "Leases. S1: nothing; now at 200 ms.");
    }
}
