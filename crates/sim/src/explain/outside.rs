//! What somebody did to a run from outside, and what came of it first.

use crate::base::id::NodeId;
use crate::base::text::{Text, time_us};
use crate::explain::why::Step;
use crate::frame::Status;
use crate::kernel::input::{Input, Timed};
use crate::kernel::network::{Loss, Network};
use crate::kernel::record::Happening;
use crate::kernel::world::World;
use crate::run::timeline::Timeline;
use crate::show::present;
use crate::t;

/// How many events after it are searched for what came of it.
const FURTHEST_ON: u64 = 2_000;

/// Who did it, and when. `prepared` are the inputs that the run was opened with.
pub(crate) fn by_whom(timed: &Timed, at_us: u64, prepared: &[Timed]) -> Text {
    if prepared.contains(timed) {
        t!("This came with the run, at {time}; no node decided it.", time = time_us(at_us))
    } else {
        t!("You did this, at {time}; no node decided it.", time = time_us(at_us))
    }
}

/// The first event up to this moment that would not have been without an input: what it has caused, the first message over
/// a link that it has healed, or that is lost because of it.
pub(crate) fn consequence(timeline: &Timeline, timed: &Timed) -> Option<Step> {
    let number = timed.after_event + 1;
    let last = timeline.world().event().min(number + FURTHEST_ON);
    let mut replay = timeline.replay_from(timed.after_event);
    let before = replay.world().network().clone();
    replay.record(true);
    let mut change = None;
    while replay.world().event() < last && replay.forward() {
        let world = replay.world();
        let change = change.get_or_insert_with(|| Change::new(&timed.input, &before, world.network()));
        change.keep(world);
        if let Some((sentence, detail)) = change.consequence_in(world, number) {
            return Some(Step { event: world.event(), at_us: world.now_us(), sentence, detail: Some(detail) });
        }
    }
    None
}

/// What an input has changed and nothing has changed back.
struct Change {
    crashed: Option<NodeId>,
    cut: Vec<(NodeId, NodeId)>,
    healed: Vec<(NodeId, NodeId)>,
}

impl Change {
    /// The change that an input has made, with the links before it and after it.
    fn new(input: &Input, before: &Network, after: &Network) -> Change {
        let crashed = if let Input::Crash(node) = input { Some(*node) } else { None };
        let cut = after.cuts().filter(|(from, to)| before.is_up(*from, *to)).collect();
        let healed = before.cuts().filter(|(from, to)| after.is_up(*from, *to)).collect();
        Change { crashed, cut, healed }
    }

    /// Leaves out what has been changed back.
    fn keep(&mut self, world: &World) {
        let network = world.network();
        self.crashed = self.crashed.filter(|node| world.nodes().status(*node) == Status::Crashed);
        self.cut.retain(|(from, to)| !network.is_up(*from, *to));
        self.healed.retain(|(from, to)| network.is_up(*from, *to));
    }

    /// What an event has to do with it, or with the input of this number itself.
    fn consequence_in(&self, world: &World, number: u64) -> Option<(Text, Text)> {
        let record = &world.record;
        let headline = || present::trace_event(world).caption.headline;
        let lost = record.lost.iter().find(|(envelope, loss)| match loss {
            Loss::Cut => self.cut.contains(&(envelope.from, envelope.to)),
            Loss::NodeDown => self.crashed == Some(envelope.to),
            _ => false,
        });
        if let Some((envelope, loss)) = lost {
            return Some((present::lost(world, envelope, *loss), t!("The first that came of it.")));
        }
        if let Happening::Delivery(envelope) = &record.what
            && self.healed.contains(&(envelope.from, envelope.to))
        {
            return Some((headline(), t!("Without it this message would have been lost: the link was cut.")));
        }
        (record.cause == Some(number)).then(|| (headline(), t!("The first that came of it.")))
    }
}
