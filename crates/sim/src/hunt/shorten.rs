//! Takes away what a find does not need.

use crate::hunt::{Find, Hunt, inputs_before};
use crate::input::Timed;
use crate::text::Text;
use crate::timeline::Timeline;
use crate::work::scenario;
use crate::world::World;

impl Hunt {
    /// Takes away all inputs that are not needed: drops some, replays, and leaves them out if the same check still
    /// fails (Zeller and Hildebrandt 2002, delta debugging: halves first, then smaller pieces, then single inputs).
    pub fn shorten(&self, find: Find) -> Result<Find, Text> {
        let mut best = find;
        let mut piece = best.scenario.inputs.len().div_ceil(2).max(1);
        loop {
            let mut start = 0;
            let mut shorter = false;
            while start < best.scenario.inputs.len() {
                let inputs = without_piece(&best.scenario.inputs, start, piece);
                let by_event = self.replay(&best, &inputs, Alignment::Event)?;
                let shortened = match by_event {
                    None => self.replay(&best, &inputs, Alignment::Time)?,
                    by_event => by_event,
                };
                match shortened {
                    Some(find) => (best, shorter) = (find, true),
                    None => start += piece,
                }
            }
            if piece == 1 && !shorter {
                return Ok(best);
            }
            if !shorter || piece > best.scenario.inputs.len() {
                piece = (piece / 2).max(1);
            }
        }
    }

    /// Replays with other inputs, as long as it took before; a find if the same check fails.
    fn replay(&self, find: &Find, inputs: &[Timed], alignment: Alignment) -> Result<Option<Find>, Text> {
        let old = &find.scenario;
        let world = World::new(self.lab, old.settings.clone(), old.seed)?;
        let settings = world.settings().clone();
        let mut timeline = match alignment {
            Alignment::Event => Timeline::new(world, inputs.to_vec()),
            Alignment::Time => act_in_time(world, inputs),
        };
        // Fewer faults usually mean more events in the same time; what has to break has as many as it had at first.
        let enough = old.cursor.max(self.fault_events + self.healed_events);
        while timeline.world().event() < enough && timeline.forward() {}
        let broken = self.broken(&self.lab.checks(), timeline.world()).filter(|(check, ..)| *check == find.check);
        Ok(broken.map(|(check, sentence, event)| Find {
            check,
            sentence,
            scenario: scenario(self.lab, inputs_before(timeline.inputs(), event), &settings, old.seed, event),
        }))
    }
}

/// What an input keeps when others are taken away before it: its place among the events, or its moment. Which of the two
/// it depends on is tried out.
#[derive(Clone, Copy, Debug)]
enum Alignment {
    Event,
    Time,
}

/// A run in which each input acts at its moment, whatever happened before. One that is not possible then is left out.
fn act_in_time(world: World, inputs: &[Timed]) -> Timeline {
    let mut timeline = Timeline::new(world, Vec::new());
    for Timed { at_us, input, .. } in inputs {
        while timeline.next_at_us().is_some_and(|next_us| next_us <= *at_us) && timeline.forward() {}
        let _ = timeline.act(input.clone(), *at_us);
    }
    timeline
}

/// The inputs but for a piece of them. Each input is an event, so that those after the piece move up.
fn without_piece(inputs: &[Timed], start: usize, length: usize) -> Vec<Timed> {
    let end = (start + length).min(inputs.len());
    let moved = |timed: &Timed| {
        let after_event = timed.after_event.saturating_sub((end - start) as u64);
        Timed { after_event, ..timed.clone() }
    };
    inputs[..start].iter().cloned().chain(inputs[end..].iter().map(moved)).collect()
}
