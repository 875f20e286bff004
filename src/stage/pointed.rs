//! What a check points at, where a visitor has gone to the event that decided it.

use sim::check::Outcome;
use sim::frame::CheckRow;
use sim::{NodeId, Text, t};
use yew::prelude::*;

use super::node::lettered;
use crate::geometry::{Area, Point};
use crate::words::{length, number, say};

/// The nodes that a check points at.
#[derive(Clone, Debug, PartialEq)]
pub struct Pointed {
    /// The name of the check.
    title: Text,
    is_broken: bool,
    pub nodes: Vec<NodeId>,
}

impl Pointed {
    /// What the verdict of a check points at; none where that is nothing.
    pub fn of(row: &CheckRow) -> Option<Pointed> {
        let is_broken = row.outcome == Outcome::Broken;
        (!row.nodes.is_empty()).then(|| Pointed { title: row.title.clone(), is_broken, nodes: row.nodes.clone() })
    }

    /// The check and how it stands: "one leader per term: broken".
    pub fn words(&self) -> Text {
        let title = self.title.clone();
        if self.is_broken { t!("{title}: broken", title = title) } else { t!("{title}: seen", title = title) }
    }

    /// The size of the words on the stage, before they are enlarged.
    pub fn size(&self) -> (f64, f64) {
        (length(&say(self.words())) as f64 * 7.0 + 22.0, 22.0)
    }

    fn class(&self) -> Classes {
        classes!("points-at", self.is_broken.then_some("broken"))
    }

    /// Draws a ring around each of these places, and the words there.
    pub fn draw(&self, points: &[Point], tag: Option<Area>, text: f64) -> Html {
        let ring = |at: &Point| html! { <circle cx={number(at.x)} cy={number(at.y)} r="51" /> };
        let (width, height) = self.size();
        html! {
            <g class={self.class()} data-testid="pointed">
                { for points.iter().map(ring) }
                if let Some(area) = tag {
                    <g transform={lettered((area.center().x, area.center().y), text)}>
                        <rect x={number(-width / 2.0)} y={number(-height / 2.0)} width={number(width)} height={number(height)} rx="11" />
                        <text y="4">{ say(self.words()) }</text>
                    </g>
                }
            </g>
        }
    }
}
