//! Hunts: a search for inputs that break a check, shortened afterwards.
//!
//! As TigerBeetle's simulator does it, a run has two phases: faults at random, then everything heals and the run goes on,
//! so that what has to come in the end can come.

use crate::catalogue::AnyLab;
use crate::check::{Check, CheckKind};
use crate::frame::Status;
use crate::id::NodeId;
use crate::input::{Input, Timed};
use crate::rng::Rng;
use crate::scenario::Scenario;
use crate::settings::{Settings, Value};
use crate::t;
use crate::text::Text;
use crate::timeline::Timeline;
use crate::work::{has_failed, judge_history, scenario};
use crate::world::World;

/// What to search.
#[derive(Clone, Debug)]
pub struct Hunt {
    pub lab: &'static dyn AnyLab,
    /// What differs from the lab's default settings, switched-off rules among them.
    pub settings: Settings,
    /// The check to break; any that is not *sometimes* if none is named.
    pub check: Option<String>,
    /// How many events of faults a run has.
    pub fault_events: u64,
    /// How many events a run goes on after everything has healed. 0 leaves the checks of the *eventually* kind out.
    pub healed_events: u64,
}

/// A run that breaks a check.
#[derive(Clone, Debug, PartialEq)]
pub struct Find {
    /// The name of the check.
    pub check: &'static str,
    /// What it saw.
    pub sentence: Text,
    pub scenario: Scenario,
}

/// How a search stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    pub runs: u64,
    pub events: u64,
}

impl Hunt {
    /// A hunt for any check that is not *sometimes*, long enough for the labs' rules.
    pub fn new(lab: &'static dyn AnyLab, settings: Settings) -> Hunt {
        Hunt { lab, settings, check: None, fault_events: 400, healed_events: 0 }
    }

    /// The same hunt for one check.
    pub fn for_check(mut self, name: &str) -> Result<Hunt, Text> {
        let checks = self.lab.checks();
        let check = check_named(&checks, name)?;
        if check.kind == CheckKind::Eventually {
            self.healed_events = 3_000;
        }
        self.check = Some(name.to_string());
        Ok(self)
    }

    /// The same hunt with a rule switched off, for the check that the rule keeps unless another one is named already.
    pub fn without(mut self, rule: &str) -> Result<Hunt, Text> {
        let rules = self.lab.rules();
        let switchable = || rules.iter().filter_map(|rule| rule.broken_check.map(|check| (rule.name, check)));
        let Some((name, check)) = switchable().find(|(name, _)| *name == rule) else {
            return Err(t!(
                "there is no rule {name} to switch off; there are: {names}",
                name = rule.to_string(),
                names = switchable().map(|(name, _)| name).collect::<Vec<_>>().join(", ")
            ));
        };
        self.settings = self.settings.with(name, Value::Flag(false));
        if self.check.is_none() { self.for_check(check) } else { Ok(self) }
    }

    /// Searches one seed after the other. `watch` is told after each run how things stand, and ends the search by
    /// answering false.
    pub fn search(
        &self,
        seeds: std::ops::Range<u64>,
        mut watch: impl FnMut(Progress) -> bool,
    ) -> Result<Option<Find>, Text> {
        let mut progress = Progress::default();
        for seed in seeds {
            let (find, events) = self.run(seed)?;
            progress.runs += 1;
            progress.events += events;
            if find.is_some() || !watch(progress) {
                return Ok(find);
            }
        }
        Ok(None)
    }

    /// One run at random. Returns what it broke, and how many events it had.
    pub fn run(&self, seed: u64) -> Result<(Option<Find>, u64), Text> {
        let world = World::new(self.lab, self.settings.clone(), seed)?;
        let settings = world.settings().clone();
        let mut walk = Walk::new(world, seed);
        walk.faults(self.fault_events);
        if self.healed_events > 0 {
            walk.heal();
            (0..self.healed_events).all(|_| walk.timeline.forward());
        }
        let events = walk.timeline.world().event();
        let find = self.broken(walk.timeline.world()).map(|(check, sentence, event)| Find {
            check,
            sentence,
            scenario: scenario(self.lab, inputs_before(walk.timeline.inputs(), event), &settings, seed, event),
        });
        Ok((find, events))
    }

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
        let broken = self.broken(timeline.world()).filter(|(check, ..)| *check == find.check);
        Ok(broken.map(|(check, sentence, event)| Find {
            check,
            sentence,
            scenario: scenario(self.lab, inputs_before(timeline.inputs(), event), &settings, old.seed, event),
        }))
    }

    /// The first check that has failed, its sentence, and the event that shows it.
    fn broken(&self, world: &World) -> Option<(&'static str, Text, u64)> {
        let checks = self.lab.checks();
        let wanted = |check: &Check| match &self.check {
            Some(name) => name == check.name,
            None => check.kind == CheckKind::Always || self.healed_events > 0,
        };
        checks.iter().enumerate().filter(|(_, check)| wanted(check)).find_map(|(place, check)| {
            let verdict = judge_history(check, world.history()).unwrap_or_else(|| world.verdicts().get(place).clone());
            let sentence = verdict.sentence.unwrap_or_else(|| check.title.clone()).with_labels(&world.nodes().labels);
            let event = match check.kind {
                CheckKind::Eventually => world.event(),
                CheckKind::Always | CheckKind::Sometimes => verdict.event.unwrap_or(world.event()),
            };
            has_failed(check.kind, verdict.outcome).then_some((check.name, sentence, event))
        })
    }
}

/// The check of this name, or a sentence that names those there are.
pub fn check_named<'a>(checks: &'a [Check], name: &str) -> Result<&'a Check, Text> {
    checks.iter().find(|check| check.name == name).ok_or_else(|| {
        let names: Vec<&str> = checks.iter().map(|check| check.name).collect();
        t!("there is no check {name}; there are: {names}", name = name.to_string(), names = names.join(", "))
    })
}

fn inputs_before(inputs: &[Timed], event: u64) -> Vec<Timed> {
    inputs.iter().filter(|timed| timed.after_event < event).cloned().collect()
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

/// A run with faults at random. Each run draws its own rates first, so that some runs crash much and some cut much.
struct Walk {
    timeline: Timeline,
    rng: Rng,
    weights: [u64; FAULTS],
    /// One event in so many is followed by a fault.
    calm: u64,
}

const FAULTS: usize = 9;

impl Walk {
    fn new(world: World, seed: u64) -> Walk {
        let mut rng = Rng::stream(seed, 2 << 32);
        let weights = std::array::from_fn(|_| [0, 0, 1, 1, 2, 6][rng.below(6) as usize]);
        let calm = [3, 5, 10, 20, 40][rng.below(5) as usize];
        Walk { timeline: Timeline::new(world, Vec::new()), rng, weights, calm }
    }

    fn faults(&mut self, events: u64) {
        while self.timeline.world().event() < events && self.timeline.forward() {
            if self.rng.below(self.calm) == 0 {
                self.strike();
            }
        }
    }

    /// One fault, or a few at the same moment: trouble comes in company, and often of one kind.
    fn strike(&mut self) {
        let Some(mut kind) = self.draw_kind() else { return };
        loop {
            if let Some(input) = self.draw(kind) {
                let now_us = self.timeline.world().now_us();
                // A fault drawn at random may not be possible now; then there is none.
                let _ = self.timeline.act(input, now_us);
            }
            if self.rng.below(3) > 0 {
                return;
            }
            if self.rng.below(2) == 0 {
                kind = self.draw_kind().unwrap_or(kind);
            }
        }
    }

    fn draw(&mut self, kind: usize) -> Option<Input> {
        let node = self.draw_node(kind);
        let count = self.timeline.world().nodes().len() as u64;
        let other = NodeId(self.rng.below(count) as u16);
        let world = self.timeline.world();
        let messages: Vec<_> = world.messages().map(|envelope| envelope.id).collect();
        let message = (!messages.is_empty()).then(|| messages[self.rng.below(messages.len() as u64) as usize]);
        Some(match kind {
            0 if world.nodes().status(node) == Status::Crashed => Input::Restart(node),
            0 => Input::Crash(node),
            1 if world.nodes().status(node) == Status::Paused => Input::Resume(node),
            1 => Input::Pause(node),
            2 if !world.network().is_whole() => Input::HealAll,
            2 => Input::Split(self.draw_groups()),
            3 if world.network().is_up(node, other) => Input::Cut { from: node, to: other },
            3 => Input::Heal { from: node, to: other },
            4 => Input::Drop(message?),
            5 => Input::Duplicate(message?),
            6 => Input::Deliver(message?),
            7 => Input::Delay { message: message?, by_us: 1 << self.rng.between(10, 20) },
            _ => {
                let timers = world.nodes().timers(node);
                let place = self.rng.below(timers.len() as u64) as usize;
                Input::FireTimer { node, timer: timers.get(place)?.id }
            }
        })
    }

    /// The node that has just acted is the one whose fault matters most; one that is down shall not be down for long.
    fn draw_node(&mut self, kind: usize) -> NodeId {
        let world = self.timeline.world();
        let crashed: Vec<NodeId> =
            world.nodes().ids().filter(|node| world.nodes().status(*node) == Status::Crashed).collect();
        let (count, last) = (world.nodes().len() as u64, world.last_node());
        if kind == 0 && !crashed.is_empty() && self.rng.below(2) == 0 {
            return crashed[self.rng.below(crashed.len() as u64) as usize];
        }
        match last {
            Some(last) if self.rng.below(2) == 0 => last,
            _ => NodeId(self.rng.below(count) as u16),
        }
    }

    fn draw_kind(&mut self) -> Option<usize> {
        let mut rest = self.rng.below(self.weights.iter().sum());
        self.weights.iter().position(|weight| {
            let is_it = rest < *weight;
            rest = rest.saturating_sub(*weight);
            is_it
        })
    }

    fn draw_groups(&mut self) -> Vec<Vec<NodeId>> {
        let mut groups = vec![Vec::new(), Vec::new()];
        for node in self.timeline.world().nodes().ids() {
            groups[self.rng.below(2) as usize].push(node);
        }
        groups
    }

    /// Ends all faults.
    fn heal(&mut self) {
        let now_us = self.timeline.world().now_us();
        let nodes: Vec<NodeId> = self.timeline.world().nodes().ids().collect();
        let _ = self.timeline.act(Input::HealAll, now_us);
        for node in nodes {
            let _ = match self.timeline.world().nodes().status(node) {
                Status::Crashed => self.timeline.act(Input::Restart(node), now_us),
                Status::Paused => self.timeline.act(Input::Resume(node), now_us),
                Status::Up => Ok(()),
            };
        }
    }
}
