//! What a scenario needs before the visitor's eyes.

use serde::Serialize;

use crate::base::id::NodeId;

/// What of the screen a scenario needs to be understood. What it does not name is as usual.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Sight {
    /// What stands below the stage.
    pub below: Option<Below>,
    /// Whether that is what tells the story, so that it is high from the beginning.
    pub is_high: bool,
    /// What stands beside the stage.
    pub beside: Option<Beside>,
    /// The node that is selected.
    pub node: Option<NodeId>,
    /// Whether it plays in real time until a visitor chooses: where charts tell it, and hardly any single event does.
    pub is_in_real_time: bool,
}

/// What can stand below the stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Below {
    Lanes,
    Charts,
}

/// What can stand beside the stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Beside {
    /// The selected node.
    Node,
    /// The lab's own panels: logs, tables, rings.
    Panels,
    /// The operations of clients, judged.
    History,
}

impl Sight {
    /// The stage tells it all.
    pub const STAGE: Sight = Sight { below: None, is_high: false, beside: None, node: None, is_in_real_time: false };

    /// The lanes tell the story.
    pub const LANES: Sight = Sight { below: Some(Below::Lanes), is_high: true, ..Sight::STAGE };

    /// The charts show it, high enough to be read.
    pub const CHARTS: Sight = Sight { below: Some(Below::Charts), is_high: true, ..Sight::STAGE };

    /// Logs, tables or rings show it.
    pub const PANELS: Sight = Sight { beside: Some(Beside::Panels), ..Sight::STAGE };

    /// The judged history shows it.
    pub const HISTORY: Sight = Sight { beside: Some(Beside::History), ..Sight::STAGE };

    /// The same, played in real time.
    pub const fn in_real_time(self) -> Sight {
        Sight { is_in_real_time: true, ..self }
    }

    /// What this node knows shows it.
    pub const fn of(node: NodeId) -> Sight {
        Sight { beside: Some(Beside::Node), node: Some(node), ..Sight::STAGE }
    }
}
