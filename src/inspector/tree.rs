//! What lies under what: the nodes of a tree, each indented under the one that it belongs to.

use sim::frame::{Growth, Stroke, Tone, Tree, TreeRow};
use sim::{Text, t};
use yew::prelude::*;

use crate::stage::node::{era_class, tone_class};
use crate::words::{number, say, shorten};

/// The size of a node of a tree that grows along, and how far it is from one to the next, in pixels.
const WIDTH: f64 = 52.0;
const HEIGHT: f64 = 22.0;
const STEP: f64 = 64.0;
const LINE: f64 = 46.0;
const EDGE: f64 = 3.0;
const LETTER_WIDTH: f64 = 6.7;
/// How far apart the strokes are that mean: given up.
const HATCH: f64 = 7.0;

/// The tree as lists within lists, or as a drawing.
pub fn draw(tree: &Tree) -> Html {
    html! {
        <figure class="chart tree" data-testid="tree">
            <figcaption>{ say(&tree.title) }</figcaption>
            if tree.rows.is_empty() {
                <p class="hint">{ say(t!("Nothing.")) }</p>
            } else if tree.growth == Growth::Along {
                <div class="panel-scroll" dir="ltr">{ draw_along(tree) }</div>
            } else {
                { draw_level(&tree.rows) }
            }
        </figure>
    }
}

/// On which line each row stands that grows along, and the place of the row that it lies under. The first below another one goes on
/// on its line, the others begin lines of their own below all that are there.
fn lines(rows: &[TreeRow]) -> Vec<(usize, Option<usize>)> {
    let mut found: Vec<(usize, Option<usize>)> = Vec::new();
    let mut last = 0;
    for (place, row) in rows.iter().enumerate() {
        let above = (0..place).rev().find(|above| rows[*above].depth < row.depth);
        let is_first = above.is_none_or(|above| found.iter().all(|(_, other)| *other != Some(above)));
        let line = match above {
            _ if place == 0 => 0,
            Some(above) if is_first => found[above].0,
            _ => {
                last += 1;
                last
            }
        };
        found.push((line, above));
    }
    found
}

/// The middle of the left side of a row.
fn start(row: &TreeRow, line: usize) -> (f64, f64) {
    (EDGE + f64::from(row.depth) * STEP, EDGE + HEIGHT / 2.0 + line as f64 * LINE)
}

fn draw_along(tree: &Tree) -> Html {
    let lines = lines(&tree.rows);
    let deepest = tree.rows.iter().map(|row| row.depth).max().unwrap_or(0);
    let width = 2.0 * EDGE + f64::from(deepest) * STEP + WIDTH;
    let height = 2.0 * EDGE + (lines.iter().map(|(line, _)| *line).max().unwrap_or(0) + 1) as f64 * LINE;
    let item = |(row, (line, above)): (&TreeRow, &(usize, Option<usize>))| {
        let (x, y) = start(row, *line);
        let way = above.map(|above| {
            let (from_x, from_y) = start(&tree.rows[above], lines[above].0);
            let (from_x, turn_x) = (from_x + WIDTH, from_x + WIDTH + (STEP - WIDTH) / 2.0);
            let points = [from_x, from_y, turn_x, y, x].map(number);
            let [from_x, from_y, turn_x, y, x] = points;
            html! { <path class="tree-way" d={format!("M{from_x} {from_y}H{turn_x}V{y}H{x}")} /> }
        });
        let stroke = match row.stroke {
            Stroke::Solid => None,
            Stroke::Dashed => Some("dashed"),
            Stroke::Hatched => Some("hatched"),
        };
        let class = classes!("tree-box", row.era.and_then(era_class), tone_class(row.tone), stroke);
        let label = say(&row.label);
        html! {
            <g class={classes!(stroke)}>
                { way.unwrap_or_default() }
                <rect {class} x={number(x)} y={number(y - HEIGHT / 2.0)} width={number(WIDTH)} height={number(HEIGHT)} rx="4" />
                if row.stroke == Stroke::Hatched {
                    { draw_hatch(x, y) }
                }
                <text class="tree-name mono" x={number(x + WIDTH / 2.0)} y={number(y + 4.0)} text-anchor="middle">
                    { shorten(&label, ((WIDTH - 4.0) / LETTER_WIDTH) as usize) }
                </text>
                if !row.mark.is_empty() {
                    <text x={number(x + WIDTH)} y={number(y + HEIGHT / 2.0 + 14.0)} text-anchor="end">{ say(&row.mark) }</text>
                }
                <title>{ format!("{label}: {}", say(&row.detail)) }</title>
            </g>
        }
    };
    let label =
        format!("{}: {}", say(&tree.title), tree.rows.iter().map(|row| say(&row.label)).collect::<Vec<_>>().join(", "));
    html! {
        <svg viewBox={format!("0 0 {} {}", number(width), number(height))} width={number(width)} height={number(height)} role="img" aria-label={label}>
            { for tree.rows.iter().zip(&lines).map(item) }
        </svg>
    }
}

/// Strokes across a node, beside its name.
fn draw_hatch(x: f64, y: f64) -> Html {
    let (top, foot) = (y - HEIGHT / 2.0, y + HEIGHT / 2.0);
    let count = ((WIDTH - HEIGHT) / HATCH) as usize;
    let stroke = |place: usize| {
        let from = x + 2.0 + place as f64 * HATCH;
        html! { <line x1={number(from)} y1={number(foot)} x2={number(from + HEIGHT)} y2={number(top)} /> }
    };
    html! { <g class="tree-hatch">{ for (0..=count).map(stroke) }</g> }
}

/// A node of a tree in the legend.
pub fn draw_twig(stroke: Stroke) -> Html {
    let row = TreeRow { stroke, ..TreeRow::new(0, Text::default(), Text::default(), Tone::Plain) };
    draw_along(&Tree { growth: Growth::Along, ..Tree::new(Text::default(), vec![row]) })
}

/// Rows of which the first has the least depth, those below one of its kind inside its item.
fn draw_level(rows: &[TreeRow]) -> Html {
    let item = |(row, below): (&TreeRow, &[TreeRow])| {
        html! {
            <li>
                <span class={classes!("tree-dot", (row.tone != Tone::Plain).then(|| tone_class(row.tone)))} aria-hidden="true"></span>
                <b class="mono">{ say(&row.label) }</b>
                if !row.detail.is_empty() {
                    { " " }<span>{ say(&row.detail) }</span>
                }
                if !below.is_empty() {
                    { draw_level(below) }
                }
            </li>
        }
    };
    html! { <ul>{ for level(rows).into_iter().map(item) }</ul> }
}

/// The rows of the least depth, each with those below it.
fn level(rows: &[TreeRow]) -> Vec<(&TreeRow, &[TreeRow])> {
    let Some(depth) = rows.iter().map(|row| row.depth).min() else { return Vec::new() };
    let starts: Vec<usize> = (0..rows.len()).filter(|place| rows[*place].depth == depth).collect();
    let ends = starts.iter().copied().skip(1).chain([rows.len()]);
    starts.iter().zip(ends).map(|(start, end)| (&rows[*start], &rows[start + 1..end])).collect()
}

/// A row for each node, with the name of the one that it lies under.
pub fn rows(tree: &Tree) -> Vec<Html> {
    let above = |place: usize| {
        let depth = tree.rows[place].depth;
        let above = tree.rows[..place].iter().rev().find(|row| row.depth < depth);
        above.map_or_else(|| Text::new("–"), |row| row.label.clone())
    };
    let row = |(place, row): (usize, &TreeRow)| {
        html! {
            <tr>
                <th scope="row">{ say(&row.label) }</th>
                <td>{ say(above(place)) }</td>
                <td>
                    { say(&row.detail) }
                    if !row.mark.is_empty() {
                        { format!(" · {}", say(&row.mark)) }
                    }
                </td>
            </tr>
        }
    };
    tree.rows.iter().enumerate().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(depth: u8, label: &'static str) -> TreeRow {
        TreeRow::new(depth, Text::new(label), Text::default(), Tone::Plain)
    }

    #[test]
    fn each_node_lies_under_the_last_one_above_it() {
        let rows = [row(0, "root"), row(1, "com"), row(2, "shop"), row(1, "net")];
        let names = |rows: &[TreeRow]| -> Vec<(String, usize)> {
            level(rows).into_iter().map(|(row, below)| (row.label.to_string(), below.len())).collect()
        };
        assert_eq!(names(&rows), [("root".to_string(), 3)]);
        assert_eq!(names(&rows[1..]), [("com".to_string(), 1), ("net".to_string(), 0)]);
        assert!(level(&[]).is_empty());
    }

    #[test]
    fn the_first_below_another_one_goes_on_on_its_line() {
        let rows = [row(0, "16"), row(1, "17 M1"), row(2, "18 M2"), row(1, "17 M4"), row(2, "18 M5"), row(2, "18 M6")];
        let found: Vec<(usize, Option<usize>)> = lines(&rows);
        assert_eq!(found, [(0, None), (0, Some(0)), (0, Some(1)), (1, Some(0)), (1, Some(3)), (2, Some(3))]);
        assert_eq!(lines(&[row(0, "a"), row(0, "b")]), [(0, None), (1, None)]);
    }
}
