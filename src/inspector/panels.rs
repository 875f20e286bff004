//! What a lab shows besides the stage: logs of several nodes under each other, tables, charts, rings, spans and trees.

use sim::frame::{Cell, Frame, LegendRow, Panel, Sign};
use sim::{Text, t};
use web_sys::{Element, KeyboardEvent};
use yew::prelude::*;

use super::{chart, ring, spans, tree};
use crate::dom;
use crate::panels::Room;
use crate::stage::node::{era_class, state_class};
use crate::words::say;

/// The Log tab.
pub fn draw(frame: &Frame, lab: &str) -> Html {
    let legend = || labs::registry::lab(lab).map(|lab| lab.legend()).unwrap_or_default();
    let panel = |panel: &Panel| match panel {
        Panel::Log { title, first, rows } => {
            html! { <Logs title={title.clone()} first={*first} rows={rows.clone()} legend={legend()} /> }
        }
        Panel::Table { title, head, rows } => draw_table(title, head, rows),
        Panel::Chart(chart) => chart::draw(chart),
        Panel::Ring(ring) => ring::draw(frame, ring),
        Panel::Spans(spans) => spans::draw(spans),
        Panel::Tree(tree) => tree::draw(tree),
    };
    html! {
        <div data-testid="log-panel">
            { for frame.panels.iter().map(panel) }
            if frame.panels.is_empty() {
                <p class="hint">{ say(t!("No node keeps a log here.")) }</p>
            }
        </div>
    }
}

/// The charts and spans under the stage; on a phone as in the inspector, since wide ones could not be read there.
pub fn draw_dock(frame: &Frame, room: Room) -> Html {
    let chart = |panel: &Panel| match (panel, room) {
        (Panel::Chart(chart), Room::Narrow) => Some(chart::draw(chart)),
        (Panel::Chart(chart), _) => Some(chart::draw_wide(chart)),
        (Panel::Spans(spans), Room::Narrow) => Some(spans::draw(spans)),
        (Panel::Spans(spans), _) => Some(spans::draw_wide(spans)),
        _ => None,
    };
    html! { <div class="dock-charts" data-testid="charts">{ for frame.panels.iter().filter_map(chart) }</div> }
}

fn draw_table(title: &Text, head: &[Text], rows: &[Vec<Text>]) -> Html {
    let row = |row: &Vec<Text>| html! { <tr>{ for row.iter().map(|text| html! { <td>{ say(text) }</td> }) }</tr> };
    html! {
        <div class="panel-scroll" tabindex="0" role="group" aria-label={say(title)}>
            <table class="panel-table">
                <caption>{ say(title) }</caption>
                <thead><tr>{ for head.iter().map(|text| html! { <th scope="col">{ say(text) }</th> }) }</tr></thead>
                <tbody>{ for rows.iter().map(row) }</tbody>
            </table>
        </div>
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct LogsProps {
    pub title: Text,
    /// The index of the first column.
    pub first: u64,
    pub rows: Vec<(Text, Vec<Cell>)>,
    /// What the signs of the lab mean.
    pub legend: Vec<LegendRow>,
}

/// Logs as a table: a row for each node, a column for each index. Arrows go from entry to entry.
#[component]
pub fn Logs(props: &LogsProps) -> Html {
    let LogsProps { title, first, rows, legend } = props;
    let columns = rows.iter().map(|(_, cells)| cells.len()).max().unwrap_or(0);
    let (scroll, pointed) = (use_node_ref(), use_state(|| None::<(usize, usize)>));
    {
        // The newest entries are those that one looks for.
        let scroll = scroll.clone();
        use_effect_with((*first, columns), move |_| {
            if let Some(scroll) = scroll.cast::<Element>() {
                scroll.set_scroll_left(scroll.scroll_width());
            }
        });
    }
    let cell_at = |(row, column): (usize, usize)| rows.get(row).and_then(|(_, cells)| cells.get(column));
    let first_place = rows.iter().position(|(_, cells)| !cells.is_empty()).map(|row| (row, 0));
    let reachable = pointed.filter(|place| cell_at(*place).is_some()).or(first_place);
    let onkeydown = {
        let lengths: Vec<usize> = rows.iter().map(|(_, cells)| cells.len()).collect();
        move |event: KeyboardEvent| {
            if let Some((row, column)) = reachable.and_then(|place| neighbour(place, &event.key(), &lengths)) {
                event.prevent_default();
                event.stop_propagation();
                dom::focus(&format!("#log-{row}-{column}"));
            }
        }
    };
    let draw_cell = |row: usize, column: usize| {
        let Some(cell) = cell_at((row, column)) else { return html! { <td></td> } };
        let point = {
            let pointed = pointed.clone();
            move || pointed.set(Some((row, column)))
        };
        let (enter, detail) = (point.clone(), say(cell.said()));
        html! {
            <td>
                <span id={format!("log-{row}-{column}")} class={classes!("entry", "mono", state_class(cell.state))} role="img"
                    aria-label={detail.clone()} title={detail} tabindex={if reachable == Some((row, column)) { "0" } else { "-1" }}
                    onfocus={move |_: FocusEvent| point()} onmouseenter={move |_: MouseEvent| enter()}>
                    if let Some(era) = cell.era {
                        <b class={classes!("era", era_class(era))}>{ era }</b>
                    }
                    if !cell.label.is_empty() {
                        <span>{ say(&cell.label) }</span>
                    }
                </span>
            </td>
        }
    };
    let draw_row = |(row, (name, _)): (usize, &(Text, Vec<Cell>))| {
        html! {
            <tr><th scope="row">{ say(name) }</th>{ for (0..columns).map(|column| draw_cell(row, column)) }</tr>
        }
    };
    let heading = |column: usize| html! { <th scope="col" class="mono">{ first + column as u64 }</th> };
    let detail = pointed.and_then(cell_at).map_or_else(|| t!("Point at an entry to read it."), Cell::said);
    html! {
        <>
            <h2 id="logs-title">{ say(title) }</h2>
            <div class="panel-scroll" ref={scroll}>
                <table class="panel-table logs" aria-labelledby="logs-title" {onkeydown}>
                    <thead><tr><th scope="col">{ say(t!("entry")) }</th>{ for (0..columns).map(heading) }</tr></thead>
                    <tbody>{ for rows.iter().enumerate().map(draw_row) }</tbody>
                </table>
            </div>
            <p class="pointed" aria-hidden="true" data-testid="log-entry">{ say(detail) }</p>
            { draw_legend(legend) }
        </>
    }
}

/// What the lab says of cells.
fn draw_legend(rows: &[LegendRow]) -> Html {
    let draw = |row: &LegendRow| {
        let Sign::Cell(state, _) = &row.sign else { return None };
        let entry = classes!("entry", state_class(*state));
        Some(html! { <li><span class={entry} aria-hidden="true"></span>{ say(&row.meaning) }</li> })
    };
    html! { <ul class="legend">{ for rows.iter().filter_map(draw) }</ul> }
}

/// The entry that an arrow key leads to.
fn neighbour((row, column): (usize, usize), key: &str, lengths: &[usize]) -> Option<(usize, usize)> {
    let holds = |row: &usize| lengths[*row] > column;
    match key {
        "ArrowLeft" => Some((row, column.checked_sub(1)?)),
        "ArrowRight" => (column + 1 < lengths[row]).then_some((row, column + 1)),
        "ArrowUp" => (0..row).rev().find(holds).map(|row| (row, column)),
        "ArrowDown" => (row + 1..lengths.len()).find(holds).map(|row| (row, column)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::neighbour;

    #[test]
    fn arrows_stay_within_the_logs() {
        let lengths = [3, 1, 2];
        assert_eq!(neighbour((0, 1), "ArrowDown", &lengths), Some((2, 1)));
        assert_eq!(neighbour((2, 1), "ArrowUp", &lengths), Some((0, 1)));
        assert_eq!(neighbour((2, 1), "ArrowRight", &lengths), None);
        assert_eq!(neighbour((0, 0), "ArrowLeft", &lengths), None);
        assert_eq!(neighbour((0, 0), "a", &lengths), None);
    }
}
