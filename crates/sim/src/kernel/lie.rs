//! Nodes that lie: what they may say instead of what their protocol asks for.

use serde::{Deserialize, Serialize};

use crate::base::text::Text;
use crate::t;

/// How a node lies. Its own state is that of an honest one: only what it sends is different.
///
/// The order of the variants is part of the format of links: add new ones at the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Manner {
    /// It sends nothing.
    Silent,
    /// It says the opposite of what it should.
    Opposite,
    /// It says one thing to half of the nodes, and another to the rest.
    TwoFaced,
    /// It says anything.
    Random,
}

/// What a lying node makes of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lie<M> {
    /// It sends what an honest node would.
    AsItIs,
    /// It sends this instead.
    Changed(M),
    /// It sends nothing.
    Nothing,
}

impl Manner {
    /// All of them.
    pub const ALL: [Manner; 4] = [Manner::Silent, Manner::Opposite, Manner::TwoFaced, Manner::Random];

    /// The name in settings and lessons.
    pub fn name(self) -> &'static str {
        match self {
            Manner::Silent => "silent",
            Manner::Opposite => "opposite",
            Manner::TwoFaced => "two-faced",
            Manner::Random => "random",
        }
    }

    /// The manner of this name.
    pub fn named(name: &str) -> Option<Manner> {
        Manner::ALL.into_iter().find(|manner| manner.name() == name)
    }

    /// What such a node does, behind its name: "says the opposite".
    pub fn title(self) -> Text {
        match self {
            Manner::Silent => t!("says nothing"),
            Manner::Opposite => t!("says the opposite"),
            Manner::TwoFaced => t!("tells some the opposite"),
            Manner::Random => t!("says anything"),
        }
    }
}

impl<M> Lie<M> {
    /// The same of another kind of message.
    pub(crate) fn map<N>(self, change: impl FnOnce(M) -> N) -> Lie<N> {
        match self {
            Lie::AsItIs => Lie::AsItIs,
            Lie::Changed(message) => Lie::Changed(change(message)),
            Lie::Nothing => Lie::Nothing,
        }
    }
}
