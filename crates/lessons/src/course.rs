//! A stretch of a run that is judged: the events since a block began.

use serde::{Deserialize, Serialize};
use sim::frame::TraceEvent;
use sim::{AnyLab, Input, Replay, Scenario, Settings, Text, Timed, Timeline, World};

use crate::expression::Expression;
use crate::judge::{self, Eye, It, Register, Shown};
use crate::mistake::{Mistake, Slip};
use crate::patience::Patience;

/// The most events of one stretch.
pub(crate) const MOST_EVENTS: u64 = 200_000;

/// What it costs to see what a node notices of an event.
const NOTICING: u64 = 20;

/// A moment between two events, to come back to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    /// The run up to here.
    pub scenario: Scenario,
    /// Virtual time, in microseconds: that of the last event, or later.
    pub at_us: u64,
}

/// Where a block began.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Start {
    /// How many events had happened.
    pub event: u64,
    /// In microseconds of virtual time.
    pub at_us: u64,
}

/// What one node noticed of an event, with the time of its own clock.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Noticed {
    clock_us: i64,
    what: Vec<String>,
}

/// A run from where a block began.
#[derive(Clone, Debug)]
pub(crate) struct Course {
    pub(crate) lab: &'static dyn AnyLab,
    pub(crate) timeline: Timeline,
    pub(crate) start: Start,
    /// The moment at which it stands, in microseconds of virtual time.
    pub(crate) now_us: u64,
    /// What may still be asked of it.
    pub(crate) patience: Patience,
}

impl Moment {
    /// The branch that this is a moment of, standing there.
    pub(crate) fn open(&self, lab: &'static dyn AnyLab) -> Result<Timeline, Text> {
        let Scenario { settings, seed, inputs, cursor, .. } = &self.scenario;
        self.scenario.accept()?;
        let mut timeline = Timeline::new(World::new(lab, settings.clone(), *seed)?, inputs.clone());
        timeline.seek(*cursor);
        Ok(timeline)
    }

    /// Where a block begins that begins here.
    pub fn start(&self) -> Start {
        Start { event: self.scenario.cursor, at_us: self.at_us }
    }
}

/// The moment at which a branch stands.
pub(crate) fn moment(lab: &'static dyn AnyLab, timeline: &Timeline, now_us: u64) -> Moment {
    let event = timeline.world().event();
    let scenario = Scenario {
        version: Scenario::VERSION,
        lab: lab.about().id.to_string(),
        settings: timeline.start().settings().changed(&lab.settings()),
        seed: timeline.world().seed(),
        inputs: timeline.inputs().iter().take_while(|timed| timed.after_event < event).cloned().collect(),
        cursor: event,
    };
    Moment { scenario, at_us: now_us.max(timeline.world().now_us()) }
}

impl Course {
    /// Goes through its events, and gives each expression what it remembers of them; `it` is what they may ask about.
    pub(crate) fn remember(
        &self,
        expressions: &[&Expression],
        it: Option<&It<'_>>,
    ) -> Result<Vec<Vec<Register>>, Mistake> {
        let mut registers: Vec<Vec<Register>> =
            expressions.iter().map(|one| vec![Register::default(); one.registers]).collect();
        if registers.iter().all(Vec::is_empty) {
            return Ok(registers);
        }
        self.walk(expressions, |eye, shown| {
            for (expression, registers) in expressions.iter().zip(&mut registers) {
                judge::observe(expression, &eye.with_it(it, None), shown, registers)?;
            }
            Ok(true)
        })?;
        Ok(registers)
    }

    /// The first event of the stretch after which this is true.
    pub(crate) fn first(&self, expression: &Expression) -> Result<Option<u64>, Mistake> {
        let mut registers = vec![Register::default(); expression.registers];
        let mut found = None;
        self.walk(&[expression], |eye, shown| {
            judge::observe(expression, eye, shown, &mut registers)?;
            let is_so = judge::eval(expression, &eye.remembering(&registers), shown)?.value.is_true();
            found = is_so.then_some(eye.world.event());
            Ok(!is_so)
        })?;
        Ok(found)
    }

    /// Shows each moment of the stretch, the first one included, to who asks these, as long as this wants to go on.
    fn walk(
        &self,
        expressions: &[&Expression],
        mut each: impl FnMut(&Eye<'_>, &Shown) -> Result<bool, Mistake>,
    ) -> Result<(), Mistake> {
        let mut replay = self.timeline.replay_from(self.start.event);
        replay.record(expressions.iter().any(|one| one.reads_events()));
        let last = self.timeline.world().event().min(self.start.event + MOST_EVENTS);
        let nodes = self.timeline.world().nodes().len();
        let cost: u64 = expressions.iter().map(|one| one.cost(nodes)).sum();
        let mut shown = Shown::new();
        loop {
            let too_much = |sentence| expressions[0].mistake(Slip::new(0, sentence));
            self.patience.spend(cost).map_err(too_much)?;
            let at_us = replay.world().now_us().max(self.start.at_us);
            let eye = Eye::new(self.lab, replay.world(), self.timeline.inputs(), self.start, at_us);
            shown.turn();
            if !each(&eye, &shown)? {
                return Ok(());
            }
            if replay.world().event() >= last || !replay.forward() {
                return Ok(());
            }
        }
    }

    /// The event at which it stands, written down.
    pub(crate) fn last_event(&self) -> TraceEvent {
        let mut replay = self.timeline.replay_from(self.timeline.world().event().saturating_sub(1));
        replay.record(true);
        replay.forward();
        replay.world().last_event()
    }

    /// What a node noticed in the stretch, oldest first.
    pub(crate) fn noticed(&self, node: sim::NodeId) -> Result<Vec<Noticed>, &'static str> {
        let mut replay = self.timeline.replay_from(self.start.event);
        replay.record(true);
        let last = self.timeline.world().event().min(self.start.event + MOST_EVENTS);
        let mut all = Vec::new();
        while replay.world().event() < last && replay.forward() {
            self.patience.spend(NOTICING)?;
            let event = replay.world().last_event();
            if event.node == Some(node) && event.is_noticed {
                all.push(noticed(replay.world(), &event));
            }
        }
        Ok(all)
    }

    /// The same settings and inputs under another seed, up to the same moment of virtual time.
    pub(crate) fn under_seed(&self, seed: u64) -> Result<Course, String> {
        let settings: Settings = self.timeline.start().settings().clone();
        let world = World::new(self.lab, settings, seed).map_err(|refusal| refusal.to_string())?;
        let end = self.timeline.world().event();
        let inputs: Vec<&Timed> = self.timeline.inputs().iter().take_while(|timed| timed.after_event < end).collect();
        let mut timeline = Timeline::new(world, Vec::new());
        for Timed { at_us, input, .. } in inputs {
            go_on_to(&mut timeline, *at_us, &self.patience)?;
            // What means a message of the other run may mean none here.
            let _ = timeline.act(input.clone(), *at_us);
        }
        go_on_to(&mut timeline, self.now_us, &self.patience)?;
        let start = Start { event: 0, at_us: self.start.at_us };
        Ok(Course { timeline, start, ..self.clone() })
    }

    /// A look at the moment at which it stands.
    pub(crate) fn replay_here(&self) -> Replay {
        self.timeline.replay_from(self.timeline.world().event())
    }
}

/// Lets everything happen that is due up to a moment of virtual time.
pub(crate) fn go_on_to(timeline: &mut Timeline, at_us: u64, patience: &Patience) -> Result<(), &'static str> {
    while timeline.next_at_us().is_some_and(|next_us| next_us <= at_us) && timeline.forward() {
        patience.spend(1)?;
    }
    Ok(())
}

fn noticed(world: &World, event: &TraceEvent) -> Noticed {
    let node = event.node.expect("somebody noticed it");
    let received = event.received.iter().flat_map(|message| {
        let fields = message.fields.iter().map(|field| field.value.to_string());
        [world.label(message.from).to_string(), message.label.to_string()].into_iter().chain(fields)
    });
    let what =
        [event.kind.name().to_string(), event.caption.headline.to_string()].into_iter().chain(received).collect();
    Noticed { clock_us: world.nodes().clock(node).shows(world.now_us()), what }
}

/// What was done between two numbers of events, one a click: what is done to both directions of a link at one moment is one.
pub(crate) fn clicks(inputs: &[Timed], from: u64, to: u64) -> impl Iterator<Item = &Timed> {
    let first = inputs.partition_point(|timed| timed.after_event < from);
    let last = inputs.partition_point(|timed| timed.after_event < to);
    let stretch = &inputs[first..last];
    let is_other_way = move |place: usize| {
        let before = place.checked_sub(1).map(|place| &stretch[place]);
        before
            .is_some_and(|before| before.at_us == stretch[place].at_us && is_back(&before.input, &stretch[place].input))
    };
    stretch.iter().enumerate().filter(move |(place, _)| !is_other_way(*place)).map(|(_, timed)| timed)
}

/// Whether one input does to one direction of a link what the other did to the other one.
pub(crate) fn is_back(forth: &Input, back: &Input) -> bool {
    match (forth, back) {
        (Input::Cut { from, to }, Input::Cut { from: other, to: to_other })
        | (Input::Heal { from, to }, Input::Heal { from: other, to: to_other }) => from == to_other && to == other,
        (Input::SetDelay { from, to, delay }, Input::SetDelay { from: other, to: to_other, delay: same }) => {
            from == to_other && to == other && delay == same
        }
        (
            Input::SetTrouble { from, to, trouble, ppm },
            Input::SetTrouble { from: other, to: to_other, trouble: same, ppm: as_many },
        ) => from == to_other && to == other && trouble == same && ppm == as_many,
        _ => false,
    }
}
