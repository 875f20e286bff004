//! The log of a node: a cell for each entry, with its era in the era's colour and then what it says.

use sim::frame::{Cell, CellState};
use yew::prelude::*;

use super::node::{era_class, lettered, mono_width, state_class};
use crate::geometry::Point;
use crate::words::{number, say, shorten};

pub const HEIGHT: f64 = 19.0;
const GAP: f64 = 2.0;
/// Cells that stand at a node at most; the others are counted.
const MOST: usize = 6;
/// Rather fewer entries with their values than more without, as long as there are so many.
const ENOUGH: usize = 3;
/// How much of a label is left at least where it is shortened.
const LEAST_LETTERS: usize = 3;

/// The cells that have room.
#[derive(Clone, Debug, PartialEq)]
pub struct Cells(Vec<Shown>);

/// A cell as it is drawn; one without a state counts those that have no room.
#[derive(Clone, Debug, PartialEq)]
struct Shown {
    era: Option<u64>,
    label: AttrValue,
    state: Option<CellState>,
    detail: AttrValue,
}

impl Cells {
    /// The last cells of a log in a room of this width, before they are enlarged: with their labels where there is room for
    /// some, else with their eras, else the last ones with shortened labels. None where there is no log.
    pub fn fitting(cells: &[Cell], room: f64) -> Option<Cells> {
        let most = cells.len().min(MOST);
        let fewest = most.min(ENOUGH);
        let full = (fewest..=most).rev().map(|count| Cells::last(cells, count, &labelled));
        let bare = (1..=most).rev().filter(|_| cells.iter().all(|cell| cell.era.is_some()));
        let bare = bare
            .map(|count| Cells::last(cells, count, &|cell| Shown { label: AttrValue::default(), ..labelled(cell) }));
        let of_room = |cell: &Cell| {
            let letters = ((room / fewest.max(1) as f64 - 30.0) / mono_width("0")) as usize;
            let shown = labelled(cell);
            Shown { label: AttrValue::from(shorten(&shown.label, letters.max(LEAST_LETTERS))), ..shown }
        };
        let short = (1..=fewest).rev().map(|count| Cells::last(cells, count, &of_room));
        let mut all = full.chain(bare).chain(short).filter(|cells| !cells.0.is_empty());
        all.find(|cells| cells.width() <= room)
    }

    fn last(cells: &[Cell], count: usize, shown: &dyn Fn(&Cell) -> Shown) -> Cells {
        let hidden = if cells.len() > count { cells.len() + 1 - count.max(2) } else { 0 };
        let counted =
            Shown { era: None, label: format!("+{hidden}").into(), state: None, detail: AttrValue::default() };
        let counted = (hidden > 0).then_some(counted);
        Cells(counted.into_iter().chain(cells[hidden..].iter().map(shown)).collect())
    }

    /// Before they are enlarged.
    pub fn width(&self) -> f64 {
        self.0.iter().map(|shown| shown.width() + GAP).sum::<f64>() - GAP
    }

    /// Draws them around a place, so much larger than usual.
    pub fn draw(&self, middle: Point, scale: f64) -> Html {
        let mut x = -self.width() / 2.0;
        let draw = |shown: &Shown| {
            let left = x;
            x += shown.width() + GAP;
            shown.draw(left)
        };
        let transform = lettered((middle.x, middle.y), scale);
        html! { <g {transform}>{ for self.0.iter().map(draw) }</g> }
    }
}

fn labelled(cell: &Cell) -> Shown {
    Shown { era: cell.era, label: say(&cell.label), state: Some(cell.state), detail: say(cell.said()) }
}

impl Shown {
    fn era_width(&self) -> f64 {
        self.era.map_or(0.0, |era| mono_width(&era.to_string()) + 8.0)
    }

    fn label_width(&self) -> f64 {
        if self.label.is_empty() { 0.0 } else { mono_width(&self.label) + 6.0 }
    }

    fn width(&self) -> f64 {
        (self.era_width() + self.label_width()).max(HEIGHT)
    }

    fn draw(&self, left: f64) -> Html {
        let (width, top) = (self.width(), number(-HEIGHT / 2.0));
        // Alone it fills the cell.
        let era_width = if self.label.is_empty() { width } else { self.era_width() };
        html! {
            <g class={classes!("cell", self.state.map(state_class))} transform={format!("translate({} 0)", number(left))}>
                if self.state.is_some() {
                    <title>{ &self.detail }</title>
                    <rect y={top.clone()} width={number(width)} height={number(HEIGHT)} rx="4" />
                }
                if let Some(era) = self.era {
                    <path class={classes!("era", era_class(era))} d={pill(era_width, self.label.is_empty())} />
                    <text class="mono on-era" x={number(era_width / 2.0)} y="4">{ era.to_string() }</text>
                }
                if !self.label.is_empty() {
                    <text class="mono" x={number(self.era_width() + (width - self.era_width()) / 2.0)} y="4">{ &self.label }</text>
                }
            </g>
        }
    }
}

/// The start of a cell inside its outline, or all of it.
fn pill(width: f64, is_whole: bool) -> String {
    let (half, end) = (HEIGHT / 2.0 - 0.8, if is_whole { width - 0.8 } else { width });
    let corner = if is_whole { 3.0 } else { 0.0 };
    let round = number(corner);
    format!(
        "M4 {top}H{stop}a{round} {round} 0 0 1 {round} {round}V{low}a{round} {round} 0 0 1 -{round} {round}H4a3.2 3.2 0 0 1 -3.2 -3.2V{up}a3.2 3.2 0 0 1 3.2 -3.2Z",
        top = number(-half),
        stop = number(end - corner),
        low = number(half - corner),
        up = number(3.2 - half),
    )
}

#[cfg(test)]
mod tests {
    use sim::Text;

    use super::*;

    fn cell(era: Option<u64>, label: &'static str) -> Cell {
        Cell { era, label: Text::new(label), state: CellState::Committed, detail: Text::new("entry") }
    }

    fn words(cells: &Cells) -> Vec<String> {
        let word =
            |shown: &Shown| format!("{}{}", shown.era.map(|era| era.to_string()).unwrap_or_default(), shown.label);
        cells.0.iter().map(word).collect()
    }

    #[test]
    fn where_there_is_room_a_cell_has_its_era_and_its_value() {
        let log = [cell(Some(1), ""), cell(Some(1), "x=1"), cell(Some(2), "x=3")];
        let fitting = |room| Cells::fitting(&log, room).map(|cells| words(&cells));
        assert_eq!(fitting(200.0), Some(vec!["1".into(), "1x=1".into(), "2x=3".into()]));
        assert_eq!(fitting(90.0), Some(vec!["1".into(), "1".into(), "2".into()]));
        assert_eq!(fitting(10.0), None);
        assert_eq!(Cells::fitting(&[], 200.0), None);
    }

    #[test]
    fn what_has_no_room_is_counted_and_labels_without_an_era_are_shortened() {
        let log = vec![cell(None, "[16 3 5]"); 9];
        let fitting = |room| Cells::fitting(&log, room).map(|cells| words(&cells)).unwrap_or_default();
        assert_eq!(fitting(200.0), ["+7", "[16 3 5]", "[16 3 5]"]);
        assert_eq!(fitting(120.0)[0], "+7");
        assert!(fitting(120.0)[1].ends_with('…'), "{:?}", fitting(120.0));
    }
}
