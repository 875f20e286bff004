//! Why something did not happen: what kept a timer from being set again, and a node from changing.
//!
//! Both are found out by trying: the simulator goes on from a moment without what went wrong there, and looks whether
//! the outcome is another one (Lewis 1973, "Causation": a cause is that without which it would not have happened).

use std::rc::Rc;

use crate::base::id::NodeId;
use crate::base::order::sort_by_key;
use crate::base::text::Text;
use crate::explain::why::{self, Step};
use crate::kernel::network::Loss;
use crate::kernel::nodes::SetTimer;
use crate::kernel::queue::Envelope;
use crate::kernel::record::Happening;
use crate::kernel::world::World;
use crate::run::timeline::Timeline;
use crate::show::present;
use crate::t;

/// How many events before the last one are searched for messages that were lost.
const FURTHEST_LOSS: u64 = 2_000;

/// How many faults and lost messages are tried.
const MOST_TRIED: usize = 24;

/// How many events a trial takes at most.
const LONGEST_TRIAL: u64 = 2_000;

/// A message of or to a node that was lost.
struct Lost {
    envelope: Rc<Envelope>,
    loss: Loss,
    /// Just after it was lost.
    world: World,
}

/// What went wrong after `since` so that a timer ran out in the event of this world: the last input, or the last message
/// lost by chance, without which it would not have run out by then. Empty where it would have run out anyway.
pub(crate) fn explain(timeline: &Timeline, world: &World, node: NodeId, set: &SetTimer, since: u64) -> Vec<Step> {
    let (until_us, last) = (world.now_us(), world.event() - 1);
    let inputs = timeline.inputs().iter().map(|timed| timed.after_event + 1);
    let inputs: Vec<u64> = inputs.filter(|input| (since + 1..=last).contains(input)).collect();
    let losses = lost_around(timeline, node, since, last);
    let chances = losses.iter().filter(|lost| matches!(lost.loss, Loss::Chance | Loss::Corrupted));
    let mut suspects: Vec<(u64, Option<&Lost>)> = inputs.into_iter().map(|input| (input, None)).collect();
    suspects.extend(chances.map(|lost| (lost.world.event(), Some(lost))));
    sort_by_key(&mut suspects, |(event, _)| u128::from(*event));
    let runs_out = |world: World| runs_out(world, node, set, until_us);
    let guilty = suspects.iter().rev().take(MOST_TRIED).find(|(event, lost)| match lost {
        Some(lost) => !runs_out(lost.restored()),
        None => !runs_out(timeline.replay_from(event - 1).world().clone()),
    });
    let Some(&(event, by_chance)) = guilty else { return Vec::new() };
    if let Some(lost) = by_chance {
        return vec![lost.step(None)];
    }
    let mut steps: Vec<Step> = why::step(timeline, event).into_iter().collect();
    let mut missed = losses.iter().filter(|lost| lost.envelope.to == node && lost.world.event() >= event);
    if let Some(first) = missed.find(|lost| !runs_out(lost.restored())) {
        let more = missed.count();
        let detail = match more {
            0 => None,
            1 => Some(t!(
                "One more message to {node} was lost after it.",
                node = timeline.world().label(node).to_string()
            )),
            _ => Some(t!(
                "{count} more messages to {node} were lost after it.",
                count = more,
                node = timeline.world().label(node).to_string()
            )),
        };
        steps.push(first.step(detail));
    }
    steps
}

/// The last lost message that would have made something else of a node, had it arrived: what it does not know.
pub(crate) fn kept_from_changing(timeline: &Timeline, node: NodeId, since: u64) -> Option<Step> {
    let now = timeline.world();
    let role = |world: &World| world.lab.look(node, world.nodes().state(node)).role;
    let is_to_it = |lost: &&Lost| lost.envelope.to == node && lost.loss != Loss::NodeDown;
    let losses = lost_around(timeline, node, since, now.event());
    let telling = losses.iter().rev().filter(is_to_it).take(MOST_TRIED).find_map(|lost| {
        let mut world = now.clone();
        world.begin(now.now_us());
        world.deliver(lost.mended(now.now_us()));
        let after = role(&world);
        (after != role(now)).then_some((lost, after))
    });
    let (lost, after) = telling?;
    let label = now.label(node).to_string();
    let detail = t!("Had it arrived, {node} would now be {role}.", node = label, role = why::with_article(after));
    Some(lost.step(Some(detail)))
}

/// Whether the timer of a node runs out by this moment if the world goes on by itself.
fn runs_out(mut world: World, node: NodeId, set: &SetTimer, until_us: u64) -> bool {
    world.set_recording(true);
    for _ in 0..LONGEST_TRIAL {
        if world.next_at_us().is_none_or(|next_us| next_us > until_us) || !world.step() {
            return false;
        }
        if matches!(&world.record.what, Happening::Timer(other, timer) if *other == node && timer.equals(&set.timer)) {
            return true;
        }
    }
    // Too long to tell: nothing is blamed.
    true
}

/// The messages of or to a node that events after `since`, up to `last`, have lost.
fn lost_around(timeline: &Timeline, node: NodeId, since: u64, last: u64) -> Vec<Lost> {
    let first = since.max(last.saturating_sub(FURTHEST_LOSS));
    let mut replay = timeline.replay_from(first);
    replay.record(true);
    let mut found = Vec::new();
    while replay.world().event() < last && replay.forward() {
        let world = replay.world();
        for (envelope, loss) in &world.record.lost {
            if envelope.from == node || envelope.to == node {
                found.push(Lost { envelope: envelope.clone(), loss: *loss, world: world.clone() });
            }
        }
    }
    found
}

impl Lost {
    /// The message whole again.
    fn mended(&self, arrives_at_us: u64) -> Rc<Envelope> {
        Rc::new(Envelope { arrives_at_us, corrupted: false, ..Envelope::clone(&self.envelope) })
    }

    /// The moment at which it was lost, as if it had arrived.
    fn restored(&self) -> World {
        let mut world = self.world.clone();
        if !world.nodes().status(self.envelope.to).is_down() {
            world.queue.push_message(self.mended(world.now_us()));
            world.settle();
        }
        world
    }

    fn step(&self, detail: Option<Text>) -> Step {
        let sentence = present::lost(&self.world, &self.envelope, self.loss);
        Step { event: self.world.event(), at_us: self.world.now_us(), sentence, detail }
    }
}
