//! Takes away what a find does not need.

use crate::base::text::Text;
use crate::hunt::course::{Alignment, Course};
use crate::hunt::{Find, Hunt};
use crate::kernel::input::Timed;
use crate::kernel::world::World;

impl Hunt {
    /// Takes away all faults that are not needed: drops some, replays, and leaves them out if the same check still
    /// fails (Zeller and Hildebrandt 2002, delta debugging: halves first, then smaller pieces, then single inputs). What
    /// heals stays, as far as there is something to heal.
    pub fn shorten(&self, find: Find) -> Result<Find, Text> {
        let mut best = find;
        let mut piece = best.faults.div_ceil(2).max(1);
        loop {
            let mut start = 0;
            let mut shorter = false;
            while start < best.faults {
                let faults = without_piece(&best.scenario.inputs[..best.faults], start, piece);
                let by_event = self.replay(&best, &faults, Alignment::Event)?;
                let shortened = match by_event {
                    None => self.replay(&best, &faults, Alignment::Time)?,
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
            if !shorter || piece > best.faults {
                piece = (piece / 2).max(1);
            }
        }
    }

    /// Replays with other faults, as long as it took before; a find if the same check fails.
    fn replay(&self, find: &Find, faults: &[Timed], alignment: Alignment) -> Result<Option<Find>, Text> {
        let old = &find.scenario;
        let mut course = Course::new(World::new(self.lab, old.settings.clone(), old.seed)?);
        course.follow(faults, alignment);
        let hunt = self.clone().for_check(find.check)?;
        // Fewer faults usually mean more events in the same time; what has to break has as many as it had at first.
        let enough = if hunt.healed_events > 0 { hunt.fault_events } else { old.cursor.max(hunt.fault_events) };
        course.go_on(enough);
        hunt.judge(&mut course)
    }
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
