//! The tracker: it knows who takes part, and moves nothing of the file (BEP 3, "trackers").

use serde::Serialize;
use sim::{Map, NodeId, t};

use super::{Effects, Message, Timer};

/// A word to the tracker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Announce {
    pub moment: Moment,
    /// How many pieces the sender has.
    pub have: u8,
}

/// On what occasion it is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Moment {
    Started,
    /// Nothing has happened: it is still there.
    Again,
    /// It has the whole file.
    Completed,
    /// It leaves.
    Stopped,
}

/// Who takes part. A tracker that starts again knows nobody.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Tracker {
    pub known: Map<NodeId, Heard>,
}

/// What was heard last of one that takes part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Heard {
    /// On the clock that nobody sets.
    pub at_us: u64,
    pub have: u8,
}

impl Tracker {
    /// Knows nobody yet.
    pub fn boot(effects: &mut Effects<'_>) -> Tracker {
        let me = effects.me();
        effects.note(|| t!("{node} starts, and knows of nobody", node = me));
        Tracker::default()
    }

    /// Somebody says that it takes part, or that it leaves.
    pub fn on_announce(&mut self, from: NodeId, announce: Announce, effects: &mut Effects<'_>) {
        let me = effects.me();
        if announce.moment == Moment::Stopped {
            self.known.remove(&from);
            effects.note(|| t!("{node} takes {other} off its list: it leaves", node = me, other = from));
            return;
        }
        let heard = Heard { at_us: effects.monotonic_now(), have: announce.have };
        let is_new = self.known.insert(from, heard).is_none();
        let others = self.some_others(from, effects);
        let count = others.len();
        effects.send(from, Message::Others(others));
        self.set_timer(effects);
        if !is_new && announce.moment == Moment::Again {
            effects.routine("announce");
        }
        effects.note(|| match (is_new, announce.moment) {
            (true, _) => t!("{node} writes {other} on its list", node = me, other = from),
            (false, Moment::Completed) => t!("{other} has the whole file, and {node} knows", node = me, other = from),
            _ => t!("{node} hears that {other} is still there", node = me, other = from),
        });
        effects.note(|| match count {
            0 => t!("It can name nobody else yet."),
            1 => t!("It names the one other that it knows. The file itself never passes here."),
            _ => t!("It names {count} others. The file itself never passes here.", count = count),
        });
    }

    /// Up to `numwant` of the others, at random.
    fn some_others(&self, from: NodeId, effects: &mut Effects<'_>) -> Vec<NodeId> {
        let mut others: Vec<NodeId> = self.known.iter().map(|(node, _)| *node).filter(|node| *node != from).collect();
        let wanted = effects.config().numwant;
        while others.len() > wanted {
            let place = effects.choose(others.len() as u64) as usize;
            others.remove(place);
        }
        others
    }

    /// Who has been silent for two intervals is forgotten.
    pub fn on_forget(&mut self, effects: &mut Effects<'_>) {
        let (me, now_us, patience_us) = (effects.me(), effects.monotonic_now(), 2 * effects.config().announce_us);
        let is_gone = |heard: &Heard| heard.at_us + patience_us <= now_us;
        let gone: Vec<NodeId> = self.known.iter().filter(|(_, heard)| is_gone(heard)).map(|(node, _)| *node).collect();
        effects.rule("forget");
        match gone.first() {
            None => {
                effects.routine("too early");
                effects.note(|| t!("{node} looks at its list: nobody has been silent for long", node = me));
            }
            Some(first) if !effects.config().rules.forget => {
                let first = *first;
                effects.note(|| t!("{node} has not heard of {other} for two intervals", node = me, other = first));
                effects.because(&["forget"], || t!("It is taken off the list."));
                // It looks no more.
                return;
            }
            Some(first) => {
                let (first, rest) = (*first, gone.len() - 1);
                gone.iter().for_each(|node| {
                    self.known.remove(node);
                });
                effects.note(|| t!("{node} takes {other} off its list", node = me, other = first));
                effects.note(|| match rest {
                    0 => t!("It has said nothing for two intervals."),
                    _ => t!("It has said nothing for two intervals, and so it is with {count} more.", count = rest),
                });
            }
        }
        self.set_timer(effects);
    }

    /// Waits for the moment at which the first one is to be forgotten.
    fn set_timer(&self, effects: &mut Effects<'_>) {
        let (now_us, patience_us) = (effects.monotonic_now(), 2 * effects.config().announce_us);
        match self.known.values().map(|heard| heard.at_us + patience_us).min() {
            Some(at_us) => effects.set_timer(Timer::Forget, at_us.saturating_sub(now_us).max(1)),
            None => effects.cancel_timer(Timer::Forget),
        }
    }
}
