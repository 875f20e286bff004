//! What can be asked of a world piece by piece, by who looks at each event of a run and cannot pay for a frame each time.

use crate::base::id::NodeId;
use crate::frame::{Frame, Measure, Status, Tone, TraceEvent};
use crate::judge::history::consistency::{Consistency, judge};
use crate::judge::history::{Model, check};
use crate::judge::over_history::CHECKER_LIMIT;
use crate::kernel::system::Look;
use crate::kernel::world::World;
use crate::run::timeline::{Replay, Timeline};
use crate::show::present;
use crate::t;

impl World {
    /// How a node looks (one that lies has the colour of what is broken), before the lab's view adds what it knows of the whole system.
    pub fn look(&self, node: NodeId) -> Look {
        let mut look = self.lab.look(node, self.nodes().state(node));
        if self.nodes().lies(node).is_some() {
            look.tone = Tone::Violation;
        }
        if self.nodes().status(node) == Status::Off { Look { role: t!("off"), ..look } } else { look }
    }

    /// Everything to show but what a session adds: the caption, the verdicts, what was lost, the values before.
    pub fn shown(&self) -> Frame {
        present::frame(self, None)
    }

    /// The numbers that the lab counts.
    pub fn measures(&self) -> Vec<Measure> {
        self.lab.measures(self)
    }

    /// The event that it has just been through, if that was recorded (see [`Replay::record`]).
    pub fn last_event(&self) -> TraceEvent {
        present::trace_event(self)
    }

    /// How the operations of clients up to this moment are judged as operations on a model. This may take long.
    pub fn consistency(&self, model: &Model) -> Consistency {
        let verdict = check(self.history(), model, CHECKER_LIMIT);
        let name = |client| self.label(NodeId::at(client as usize)).to_string().into();
        judge(self.history(), model, &verdict, CHECKER_LIMIT, &name)
    }
}

impl Timeline {
    /// The moment at which a look at this branch stands as one node can know it at the best (see
    /// [`LabSession::known_by`](crate::LabSession)).
    pub fn known_by(&self, replay: &Replay, node: NodeId) -> Frame {
        crate::explain::known::frame(self, replay.world(), node)
    }
}
