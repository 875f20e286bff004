//! What is proposed: colours. Those of different proposers differ, so that one sees whose value it is.

use serde::Serialize;
use sim::{NodeId, Text, t};

/// A value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Colour(u8);

impl Colour {
    /// How many each proposer draws from.
    pub const EACH: u64 = 3;

    const NAMES: [&str; 15] = [
        "red", "orange", "rose", "blue", "navy", "cyan", "green", "lime", "olive", "yellow", "gold", "sand", "violet",
        "pink", "plum",
    ];

    /// All of them.
    pub fn all() -> impl Iterator<Item = Colour> {
        (0..Colour::NAMES.len() as u8).map(Colour)
    }

    /// One of those that a proposer draws from.
    pub fn of(proposer: NodeId, draw: u64) -> Colour {
        Colour((u64::from(proposer.0) * Colour::EACH + draw) as u8 % Colour::NAMES.len() as u8)
    }

    /// The colour of this name.
    pub fn named(name: &str) -> Option<Colour> {
        Colour::all().find(|colour| colour.name() == name)
    }

    /// Its name in inputs.
    pub fn name(self) -> &'static str {
        Colour::NAMES[usize::from(self.0)]
    }

    /// Its place among all of them.
    pub fn place(self) -> u16 {
        u16::from(self.0)
    }

    /// Its name on the screen.
    pub fn text(self) -> Text {
        match self.0 {
            0 => t!("red"),
            1 => t!("orange"),
            2 => t!("rose"),
            3 => t!("blue"),
            4 => t!("navy"),
            5 => t!("cyan"),
            6 => t!("green"),
            7 => t!("lime"),
            8 => t!("olive"),
            9 => t!("yellow"),
            10 => t!("gold"),
            11 => t!("sand"),
            12 => t!("violet"),
            13 => t!("pink"),
            _ => t!("plum"),
        }
    }
}
