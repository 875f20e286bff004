//! What lies under what: the nodes of a tree, each indented under the one that it belongs to.

use sim::frame::{Tone, Tree, TreeRow};
use sim::{Text, t};
use yew::prelude::*;

use crate::stage::node::tone_class;
use crate::words::say;

/// The tree as lists within lists.
pub fn draw(tree: &Tree) -> Html {
    html! {
        <figure class="chart tree" data-testid="tree">
            <figcaption>{ say(&tree.title) }</figcaption>
            if tree.rows.is_empty() {
                <p class="hint">{ say(t!("Nothing.")) }</p>
            } else {
                { draw_level(&tree.rows) }
            }
        </figure>
    }
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
                <td>{ say(&row.detail) }</td>
            </tr>
        }
    };
    tree.rows.iter().enumerate().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(depth: u8, label: &'static str) -> TreeRow {
        TreeRow { depth, label: Text::new(label), detail: Text::default(), tone: Tone::Plain }
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
}
