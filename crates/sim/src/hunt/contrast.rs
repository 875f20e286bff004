//! A find beside the same inputs with the rule on.

use serde::{Deserialize, Serialize};

use crate::base::settings::Value;
use crate::base::text::Text;
use crate::frame::TraceEvent;
use crate::hunt::course::{Alignment, Course};
use crate::hunt::{Find, Hunt};
use crate::kernel::input::Timed;
use crate::kernel::system::Rule;
use crate::kernel::world::World;
use crate::run::catalogue::scenario;
use crate::run::scenario::Scenario;
use crate::run::timeline::Timeline;
use crate::show::present;

/// How many events more than the run without the rule the one with it may have until the same moment.
const MOST_MORE_EVENTS: u64 = 10_000;

/// What a rule is for: a run without it that breaks a check, and the same inputs with it, which break nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Contrast {
    /// The run without the rule; it stands at the event that shows the broken check.
    pub without: Scenario,
    /// The same inputs at the same moments of virtual time; it stands at the moment at which the other one stands.
    pub with: Scenario,
    /// How many events have happened before the first input, or before the runs part where that is earlier.
    pub begins: u64,
    /// The number of the first event that is another one, or of which something else is told; none if they part after the
    /// last event of one of them.
    pub parts: Option<u64>,
    /// What the check saw without the rule.
    pub broken: Text,
    /// What happens with the rule where the runs part, or where the rule decides the first time after that.
    pub kept: Option<Text>,
}

impl Hunt {
    /// Puts the same run with all rules on beside a find.
    ///
    /// # Errors
    ///
    /// What is wrong with the settings.
    pub fn contrast(&self, find: &Find) -> Result<Contrast, Text> {
        let old = &find.scenario;
        let off = self.rules_off();
        let settings = off.iter().fold(old.settings.clone(), |all, rule| all.with(rule.name, Value::Flag(true)));
        let lost = Timeline::new(World::new(self.lab, old.settings.clone(), old.seed)?, old.inputs.clone());
        let without = trace(&lost, old.cursor);
        let end_us = without.last().map_or(0, |event| event.at_us);
        let mut course = Course::new(World::new(self.lab, settings.clone(), old.seed)?);
        // An input that has kept its place among the events while others were taken away is at another moment now.
        let moment = |timed: &Timed| without.get(timed.after_event as usize).map_or(end_us, |event| event.at_us);
        let inputs: Vec<Timed> =
            old.inputs.iter().map(|timed| Timed { at_us: moment(timed), ..timed.clone() }).collect();
        course.follow(&inputs, Alignment::Likeness);
        course.go_on_to(end_us, old.cursor + MOST_MORE_EVENTS);
        let with = scenario(self.lab, course.inputs, course.world.settings(), old.seed, course.world.event());
        let kept = Timeline::new(World::new(self.lab, settings, old.seed)?, with.inputs.clone());
        let kept = trace(&kept, with.cursor);
        let first = |is_same: fn(&TraceEvent, &TraceEvent) -> bool| {
            without.iter().zip(&kept).position(|(without, with)| !is_same(without, with))
        };
        // Where the same is done in both, what is said of it tells which rule is missed.
        let parts = first(is_same).or_else(|| first(is_told_alike));
        let first_input = old.inputs.first().map_or(old.cursor, |timed| timed.after_event);
        Ok(Contrast {
            without: old.clone(),
            with,
            begins: first_input.min(parts.map_or(old.cursor, |place| place as u64)),
            parts: parts.map(|place| place as u64 + 1),
            broken: find.sentence.clone(),
            kept: parts.and_then(|place| told(&without[place], &kept[place..], &off)),
        })
    }
}

/// All events up to this one, as they are told.
fn trace(timeline: &Timeline, last: u64) -> Vec<TraceEvent> {
    let mut replay = timeline.replay_from(0);
    replay.record(true);
    let mut events = Vec::new();
    while replay.world().event() < last && replay.forward() {
        events.push(present::trace_event(replay.world()));
    }
    events
}

fn is_same(a: &TraceEvent, b: &TraceEvent) -> bool {
    (a.node, a.at_us, &a.caption.headline) == (b.node, b.at_us, &b.caption.headline)
}

fn is_told_alike(a: &TraceEvent, b: &TraceEvent) -> bool {
    a.caption == b.caption
}

/// What is done with the rules where the runs part: in the place of what the same node does without them, or where one of
/// them decides.
fn told(without: &TraceEvent, with: &[TraceEvent], rules: &[Rule]) -> Option<Text> {
    let in_its_place = |event: &&TraceEvent| event.node == without.node && event.at_us == without.at_us;
    let is_another = |event: &&TraceEvent| event.caption.headline != without.caption.headline;
    let decides = |event: &&TraceEvent| rules.iter().any(|rule| event.rules.contains(&rule.name));
    let here = with.first().filter(in_its_place).filter(is_another);
    here.or_else(|| with.iter().find(decides)).map(|event| event.caption.headline.clone())
}
