//! What somebody did to a run from outside, and what came of it first.

use crate::input::{Input, Timed};
use crate::network::{Loss, Network};
use crate::present;
use crate::record::Happening;
use crate::t;
use crate::text::{Text, time_us};
use crate::timeline::Timeline;
use crate::why::Step;
use crate::world::World;

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
    replay.forward();
    let after = replay.world().network().clone();
    replay.record(true);
    while replay.world().event() < last && replay.forward() {
        let world = replay.world();
        if let Some((sentence, detail)) = consequence_in(world, number, &timed.input, [&before, &after]) {
            return Some(Step { event: world.event(), at_us: world.now_us(), sentence, detail: Some(detail) });
        }
    }
    None
}

/// What an event has to do with the input of a number; the links as they were before the input and after it.
fn consequence_in(world: &World, number: u64, input: &Input, [before, after]: [&Network; 2]) -> Option<(Text, Text)> {
    let record = &world.record;
    let headline = || present::trace_event(world).caption.headline;
    let lost = record.lost.iter().find(|(envelope, loss)| match loss {
        Loss::Cut => before.is_up(envelope.from, envelope.to) && !after.is_up(envelope.from, envelope.to),
        Loss::NodeDown => *input == Input::Crash(envelope.to),
        _ => false,
    });
    if let Some((envelope, loss)) = lost {
        return Some((present::lost(world, envelope, *loss), t!("The first that came of it.")));
    }
    if let Happening::Delivery(envelope) = &record.what
        && !before.is_up(envelope.from, envelope.to)
        && after.is_up(envelope.from, envelope.to)
    {
        return Some((headline(), t!("Without it this message would have been lost: the link was cut.")));
    }
    (record.cause == Some(number)).then(|| (headline(), t!("The first that came of it.")))
}
