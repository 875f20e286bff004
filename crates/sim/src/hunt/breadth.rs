//! All runs of a small setting, the shortest first.
//!
//! Time stands still: messages under way and timers that are set come in any order, and the hazards of the hunt at any
//! moment. Runs that lead to the same shape of the world go on as one.

use std::collections::BTreeSet;

use crate::base::id::NodeId;
use crate::base::settings::{Setting, SettingKind, Value};
use crate::base::text::Text;
use crate::frame::{Action, Status};
use crate::hunt::{Find, Hazard, Hunt, Progress};
use crate::judge::check::CheckKind;
use crate::kernel::input::{Input, Timed};
use crate::kernel::world::World;
use crate::run::catalogue::scenario;
use crate::t;

/// How many ways to fill in an action's values are tried.
const MOST_VALUES: usize = 16;

/// How far a search goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Breadth {
    /// The longest runs, in events.
    pub events: u32,
    /// How many moments it remembers before it gives up; each takes a few kilobytes.
    pub moments: usize,
}

/// How a search ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Searched {
    Found(Find),
    /// No run of up to so many events breaks the check.
    Nothing {
        events: u32,
    },
    /// The same, and for longer runs there was no memory left.
    Full {
        events: u32,
    },
    /// It was told to stop, having seen all runs of up to so many events.
    Stopped {
        events: u32,
    },
}

/// A moment that is reached, and how.
struct Reached {
    world: World,
    /// The last step of the way to it; none at the start.
    step: Option<usize>,
}

/// One step of the way to a moment.
struct Step {
    before: Option<usize>,
    input: Input,
}

impl Hunt {
    /// Searches all runs from the start, those of one event first, then those of two, and so on. `watch` is told how
    /// things stand now and then, and ends the search by answering false.
    pub fn search_all(&self, limits: Breadth, mut watch: impl FnMut(Progress) -> bool) -> Result<Searched, Text> {
        let checks = self.lab.checks();
        if let Some(check) = checks.iter().find(|check| self.check.as_deref() == Some(check.name))
            && check.kind == CheckKind::Eventually
        {
            return Err(t!(
                "“{check}” is about what comes in the end, and a search of all runs sees their beginnings only: hunt at random",
                check = check.title.clone()
            ));
        }
        let start = World::new(self.lab, self.settings.clone(), 0)?;
        let settings = start.settings().clone();
        let mut known = BTreeSet::from([start.shape()]);
        let mut steps: Vec<Step> = Vec::new();
        let mut level = vec![Reached { world: start, step: None }];
        let mut progress = Progress { runs: 1, ..Progress::default() };
        for depth in 1..=limits.events {
            let mut next = Vec::new();
            for reached in std::mem::take(&mut level) {
                for input in self.moves(&reached.world) {
                    let mut world = reached.world.clone();
                    let timed = Timed { after_event: world.event(), at_us: world.now_us(), input };
                    if world.apply(&timed).is_err() {
                        continue;
                    }
                    progress.events += 1;
                    if !known.insert(world.shape()) {
                        continue;
                    }
                    steps.push(Step { before: reached.step, input: timed.input });
                    let step = Some(steps.len() - 1);
                    if let Some((check, sentence, event)) = self.broken(&checks, &world, false) {
                        let inputs = way(&steps, step);
                        let faults = inputs.len();
                        let scenario = scenario(self.lab, inputs, &settings, world.seed(), event);
                        let find = Find { check: check.name, sentence, scenario, faults };
                        if self.breaks_anyway(&find)? {
                            continue;
                        }
                        return Ok(Searched::Found(find));
                    }
                    progress.runs += 1;
                    if known.len() >= limits.moments {
                        return Ok(Searched::Full { events: depth - 1 });
                    }
                    if progress.runs.is_multiple_of(1_024) && !watch(progress) {
                        return Ok(Searched::Stopped { events: depth - 1 });
                    }
                    next.push(Reached { world, step });
                }
            }
            progress.depth = depth;
            if !watch(progress) {
                return Ok(Searched::Stopped { events: depth });
            }
            if next.is_empty() {
                break;
            }
            level = next;
        }
        Ok(Searched::Nothing { events: limits.events })
    }

    /// All that can happen next.
    fn moves(&self, world: &World) -> Vec<Input> {
        let mut moves = Vec::new();
        let mut equal = BTreeSet::new();
        for envelope in world.messages().filter(|envelope| equal.insert(envelope.shape())) {
            moves.push(Input::Deliver(envelope.id));
            if self.may(Hazard::Loss) {
                moves.push(Input::Drop(envelope.id));
            }
            if self.may(Hazard::Copy) {
                moves.push(Input::Duplicate(envelope.id));
            }
            if self.may(Hazard::Damage) && !envelope.corrupted {
                moves.push(Input::Corrupt(envelope.id));
            }
        }
        for node in world.nodes().ids() {
            let timers = world.nodes().timers(node).iter();
            moves.extend(timers.map(|set| Input::FireTimer { node, timer: set.id }));
            if self.may(Hazard::Crash) {
                let is_down = world.nodes().status(node) == Status::Crashed;
                moves.push(if is_down { Input::Restart(node) } else { Input::Crash(node) });
            }
            if self.may(Hazard::Lie) {
                let liars = world.nodes().ids().filter(|node| world.nodes().lies(*node).is_some()).count();
                let is_room = liars < world.lab.most_liars(&*world.config);
                let manners = world.lab.manners().iter().filter(|_| is_room);
                moves.extend(manners.map(|manner| Input::Lie { node, manner: Some(*manner) }));
            }
            if self.may(Hazard::Cut) {
                moves.extend(world.nodes().ids().filter(|other| *other != node).map(|other| cut(world, node, other)));
            }
        }
        if self.may(Hazard::Operation) {
            moves.extend(self.lab.actions(world).iter().flat_map(operations));
        }
        moves
    }
}

fn cut(world: &World, from: NodeId, to: NodeId) -> Input {
    if world.network().is_up(from, to) { Input::Cut { from, to } } else { Input::Heal { from, to } }
}

/// An action at each of its nodes with each of its choices; numbers and texts at their defaults.
pub(super) fn operations(action: &Action) -> Vec<Input> {
    let mut filled = vec![Vec::new()];
    for parameter in &action.parameters {
        let choices = choices(parameter);
        filled = filled
            .iter()
            .flat_map(|values: &Vec<Value>| {
                choices.iter().map(|choice| values.iter().cloned().chain([choice.clone()]).collect())
            })
            .take(MOST_VALUES)
            .collect();
    }
    let operate = |node: NodeId| {
        let values = filled.iter().cloned();
        values.map(move |values| Input::Operate { node, action: action.name.to_string(), values })
    };
    action.nodes.iter().copied().flat_map(operate).collect()
}

fn choices(parameter: &Setting) -> Vec<Value> {
    match &parameter.kind {
        SettingKind::Choice(choices) => choices.iter().map(|(name, _)| Value::Word(name.to_string())).collect(),
        SettingKind::Switch => vec![Value::Flag(true), Value::Flag(false)],
        SettingKind::Integer { .. } | SettingKind::Text { .. } => vec![parameter.default.clone()],
    }
}

/// The inputs that lead from the start to a moment.
fn way(steps: &[Step], last: Option<usize>) -> Vec<Timed> {
    let mut inputs: Vec<Input> =
        std::iter::successors(last, |step| steps[*step].before).map(|step| steps[step].input.clone()).collect();
    inputs.reverse();
    let timed = |(place, input)| Timed { after_event: place as u64, at_us: 0, input };
    inputs.into_iter().enumerate().map(timed).collect()
}
