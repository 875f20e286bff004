//! Carries out the statements of a script.

use std::sync::Arc;

use sim::frame::{Frame, Message};
use sim::settings::setting_named;
use sim::{AnyLab, Delay, Input, NodeId, Settings, Text, Timeline, TimerId, Trouble, World};

use crate::course::{Course, MOST_EVENTS, Moment, Start, moment};
use crate::expression::Expression;
use crate::judge::{self, Eye, Register, Shown};
use crate::mistake::{Mistake, unknown};
use crate::patience::{Patience, frame_cost};
use crate::script::{Deed, LinkDeed, MessageDeed, NodeDeed, Script, Statement};

/// How many events `run until` may take.
const MOST_UNTIL: u64 = 100_000;

/// What an act costs: the run up to there is copied.
const ACT_COST: u64 = 200;

/// Where a block of a lesson begins.
#[derive(Clone, Debug)]
pub struct Stand {
    pub moment: Moment,
    steps: Vec<(usize, Arc<Moment>)>,
    here: Option<Arc<Moment>>,
}

/// A run that scripts lead.
#[derive(Debug)]
pub struct Runner {
    lab: &'static dyn AnyLab,
    timeline: Timeline,
    now_us: u64,
    /// What `set` and `seed` say after `start`, before the run begins.
    fresh: Option<(Settings, u64)>,
    /// Where steps began, for `from step`.
    steps: Vec<(usize, Arc<Moment>)>,
    /// Where this step began, for `again`.
    here: Option<Arc<Moment>>,
    patience: Patience,
}

impl Runner {
    /// A run of this lab at the opening moment of its first scenario.
    ///
    /// # Errors
    ///
    /// Says what is wrong with the lab.
    pub fn new(lab: &'static dyn AnyLab) -> Result<Runner, Text> {
        Runner::within(lab, Patience::default())
    }

    /// The same, as long as there is patience.
    pub(crate) fn within(lab: &'static dyn AnyLab, patience: Patience) -> Result<Runner, Text> {
        let world = World::new(lab, Settings::default(), 0)?;
        let mut runner = Runner {
            lab,
            timeline: Timeline::new(world, Vec::new()),
            now_us: 0,
            fresh: None,
            steps: Vec::new(),
            here: None,
            patience,
        };
        if let Some(card) = lab.scenarios().first() {
            runner.open_scenario(card.name)?;
        }
        Ok(runner)
    }

    /// A run from where a block of a lesson begins.
    ///
    /// # Errors
    ///
    /// Says why that cannot be replayed.
    pub fn at(lab: &'static dyn AnyLab, stand: &Stand) -> Result<Runner, Text> {
        Runner::at_within(lab, stand, Patience::default())
    }

    /// The same, as long as there is patience.
    pub(crate) fn at_within(lab: &'static dyn AnyLab, stand: &Stand, patience: Patience) -> Result<Runner, Text> {
        patience.spend(stand.moment.scenario.cursor).map_err(Text::verbatim)?;
        Ok(Runner {
            lab,
            timeline: stand.moment.open(lab)?,
            now_us: stand.moment.at_us,
            fresh: None,
            steps: stand.steps.clone(),
            here: stand.here.clone(),
            patience,
        })
    }

    /// Where it stands, with all that it can go back to.
    pub(crate) fn stand(&self) -> Stand {
        Stand { moment: self.moment(), steps: self.steps.clone(), here: self.here.clone() }
    }

    /// Carries out a script.
    ///
    /// # Errors
    ///
    /// The first statement that cannot be carried out, with what is wrong with it.
    pub fn run(&mut self, script: &Script) -> Result<(), Mistake> {
        for statement in &script.statements {
            self.carry_out(statement)?;
        }
        self.begin(script.line)
    }

    /// A step begins here: `again` and `from step` lead back to it.
    pub fn begin_step(&mut self, number: usize) {
        let here = Arc::new(self.moment());
        self.steps.push((number, here.clone()));
        self.here = Some(here);
    }

    /// The moment at which it stands.
    pub fn moment(&self) -> Moment {
        moment(self.lab, &self.timeline, self.now_us)
    }

    /// Goes to a moment of any run of the lab.
    ///
    /// # Errors
    ///
    /// Says why that cannot be replayed.
    pub fn open(&mut self, moment: &Moment) -> Result<(), Text> {
        self.patience.spend(moment.scenario.cursor).map_err(Text::verbatim)?;
        self.timeline = moment.open(self.lab)?;
        (self.now_us, self.fresh) = (moment.at_us, None);
        Ok(())
    }

    /// What has happened since a block began.
    pub(crate) fn course(&self, start: Start) -> Course {
        let (timeline, patience) = (self.timeline.clone(), self.patience.clone());
        Course { lab: self.lab, timeline, start, now_us: self.now(), patience }
    }

    /// The branch that it leads.
    pub(crate) fn timeline(&self) -> &Timeline {
        &self.timeline
    }

    fn now(&self) -> u64 {
        self.now_us.max(self.timeline.world().now_us())
    }

    fn open_scenario(&mut self, name: &str) -> Result<(), Text> {
        let scenario = self.lab.prepare(name)?.scenario;
        self.open(&Moment { scenario, at_us: 0 })
    }

    /// Begins the run that `start` has asked for.
    fn begin(&mut self, line: usize) -> Result<(), Mistake> {
        let Some((settings, seed)) = self.fresh.take() else { return Ok(()) };
        self.patience.spend(ACT_COST).map_err(|sentence| Mistake::new(line, 1, sentence))?;
        let world =
            World::new(self.lab, settings, seed).map_err(|refusal| Mistake::new(line, 1, refusal.to_string()))?;
        (self.timeline, self.now_us) = (Timeline::new(world, Vec::new()), 0);
        Ok(())
    }

    fn carry_out(&mut self, statement: &Statement) -> Result<(), Mistake> {
        let Statement { line, column, deed } = statement;
        let wrong = |sentence: String| Mistake::new(*line, *column, sentence);
        let refused = |refusal: Text| wrong(refusal.to_string());
        if !matches!(deed, Deed::Set { .. } | Deed::Seed(_) | Deed::Start) {
            self.begin(*line)?;
        }
        match deed {
            Deed::Scenario(name) => self.open_scenario(name).map_err(refused),
            Deed::Start => {
                self.fresh = Some((Settings::default(), 1));
                Ok(())
            }
            Deed::Seed(seed) => match &mut self.fresh {
                Some((_, fresh)) => {
                    *fresh = *seed;
                    Ok(())
                }
                None => Err(wrong("a seed stands right after start".into())),
            },
            Deed::Again => {
                let here =
                    self.here.clone().ok_or_else(|| wrong("no step has begun yet: write start or scenario".into()))?;
                self.open(&here).map_err(refused)
            }
            Deed::FromStep(number) => {
                let found = self.steps.iter().find(|(step, _)| step == number).map(|(_, moment)| moment.clone());
                let found = found.ok_or_else(|| wrong(format!("there is no step {number} before this one")))?;
                self.open(&found).map_err(refused)
            }
            Deed::Set { name, value } => {
                let settings = self.lab.settings();
                let known = setting_named(&settings, name)
                    .map_err(|_| wrong(unknown("setting", name, settings.iter().map(|setting| setting.name))))?;
                let value = known.parse(value).map_err(refused)?;
                match self.fresh.take() {
                    Some((settings, seed)) => {
                        self.fresh = Some((settings.with(name, value), seed));
                        Ok(())
                    }
                    None => self.act(Input::Set { name: name.clone(), value }).map_err(refused),
                }
            }
            Deed::RunFor(us) => self.run_until_us(self.now().saturating_add(*us)).map_err(wrong),
            Deed::RunEvents(count) => self.run_events(*count).map_err(wrong),
            Deed::RunUntil(condition) => self.run_until(condition),
            deed => {
                for input in self.inputs(deed).map_err(wrong)? {
                    self.act(input).map_err(refused)?;
                }
                Ok(())
            }
        }
    }

    /// Does something at the moment at which it stands.
    pub(crate) fn act(&mut self, input: Input) -> Result<(), Text> {
        self.patience.spend(ACT_COST + self.timeline.inputs().len() as u64).map_err(Text::verbatim)?;
        let labels: Vec<String> =
            self.timeline.world().nodes().ids().map(|node| self.timeline.world().label(node).to_string()).collect();
        let at_us = self.now();
        // What a scenario has brought and lies ahead would be gone: the run goes on from here as a person's would.
        self.timeline = self.timeline.fork();
        self.timeline.act(input, at_us).map_err(|refusal| refusal.with_labels(&labels))
    }

    fn run_until_us(&mut self, end_us: u64) -> Result<(), String> {
        let mut events = 0;
        while self.timeline.next_at_us().is_some_and(|next_us| next_us <= end_us) && self.timeline.forward() {
            self.patience.spend(1)?;
            events += 1;
            if events > MOST_EVENTS {
                return Err(format!("this takes more than {MOST_EVENTS} events: let less time pass"));
            }
        }
        self.now_us = end_us;
        Ok(())
    }

    fn run_events(&mut self, count: u64) -> Result<(), String> {
        for _ in 0..count {
            self.patience.spend(1)?;
            if !self.timeline.forward() {
                break;
            }
        }
        self.now_us = self.timeline.world().now_us().max(self.now_us);
        Ok(())
    }

    fn run_until(&mut self, condition: &Expression) -> Result<(), Mistake> {
        let start = Start { event: self.timeline.world().event(), at_us: self.now() };
        let mut registers = vec![Register::default(); condition.registers];
        let cost = condition.cost(self.timeline.world().nodes().len());
        let mut replay = self.timeline.replay_from(start.event);
        replay.record(condition.reads_events());
        let mut shown = Shown::new();
        for _ in 0..MOST_UNTIL {
            shown.turn();
            let eye = Eye::new(
                self.lab,
                replay.world(),
                self.timeline.inputs(),
                start,
                replay.world().now_us().max(start.at_us),
            );
            judge::observe(condition, &eye, &shown, &mut registers)?;
            if judge::eval(condition, &eye.remembering(&registers), &shown)?.value.is_true() {
                let event = replay.world().event();
                self.timeline.seek(event);
                self.now_us = self.now();
                return Ok(());
            }
            self.patience.spend(cost).map_err(|sentence| Mistake::new(condition.line, condition.column, sentence))?;
            if !replay.forward() {
                break;
            }
        }
        let sentence = format!("the run never comes to this: {}", condition.text());
        Err(Mistake::new(condition.line, condition.column, sentence))
    }

    /// What a deed does to the run.
    fn inputs(&self, deed: &Deed) -> Result<Vec<Input>, String> {
        self.patience.spend(frame_cost(self.timeline.world().nodes().len()))?;
        match deed {
            Deed::Nodes(deed, nodes) => nodes.iter().map(|node| Ok(node_input(*deed, self.node(node)?))).collect(),
            Deed::Lie { node, manner } => Ok(vec![Input::Lie { node: self.node(node)?, manner: *manner }]),
            Deed::HealAll => Ok(vec![Input::HealAll]),
            Deed::Split(groups) => {
                let group =
                    |group: &Vec<String>| group.iter().map(|node| self.node(node)).collect::<Result<Vec<_>, _>>();
                Ok(vec![Input::Split(groups.iter().map(group).collect::<Result<_, _>>()?)])
            }
            Deed::Link { from, to, both, deeds } => {
                let (from, to) = (self.node(from)?, self.node(to)?);
                let ways = if *both { vec![(from, to), (to, from)] } else { vec![(from, to)] };
                Ok(deeds.iter().flat_map(|deed| ways.iter().map(|(from, to)| link_input(*deed, *from, *to))).collect())
            }
            Deed::Message { deed, all, label, from, to } => {
                let from = from.as_ref().map(|node| self.node(node)).transpose()?;
                let to = to.as_ref().map(|node| self.node(node)).transpose()?;
                let shown = self.timeline.world().shown();
                let fits = |message: &&Message| {
                    from.is_none_or(|from| message.from == from)
                        && to.is_none_or(|to| message.to == to)
                        && label.as_ref().is_none_or(|label| message.label.to_string().starts_with(label.as_str()))
                };
                let found: Vec<&Message> = shown.messages.iter().filter(fits).collect();
                if found.is_empty() {
                    return Err(no_message(&shown));
                }
                let count = if *all { found.len() } else { 1 };
                Ok(found.into_iter().take(count).map(|message| message_input(*deed, message)).collect())
            }
            Deed::Fire { timer, node } => {
                let node = self.node(node)?;
                let shown = self.timeline.world().shown();
                let timers = &shown.nodes[node.index()].timers;
                let names: Vec<String> = timers.iter().map(|timer| timer.name.to_string()).collect();
                let place = names.iter().position(|name| name.starts_with(timer.as_str()));
                let place = place.ok_or_else(|| unknown("timer", timer, names.iter().map(String::as_str)))?;
                let timer: TimerId = timers[place].id;
                Ok(vec![Input::FireTimer { node, timer }])
            }
            Deed::Clock { node, offset_us, percent } => {
                let node = self.node(node)?;
                let offset = offset_us.map(|offset_us| Input::SetClockOffset { node, offset_us });
                let drift = percent.map(|percent| Input::SetClockDrift { node, drift_ppm: (percent - 100) * 10_000 });
                Ok(offset.into_iter().chain(drift).collect())
            }
            Deed::Operate { node, action, values } => self.operation(node, action, values).map(|input| vec![input]),
            _ => Ok(Vec::new()),
        }
    }

    fn operation(&self, label: &str, action: &str, values: &[String]) -> Result<Input, String> {
        let node = self.node(label)?;
        let shown = self.timeline.world().shown();
        let can = shown.actions.iter().filter(|known| known.nodes.contains(&node));
        let names: Vec<&str> = can.clone().map(|action| action.name).collect();
        let known = can.clone().find(|known| known.name == action).ok_or_else(|| unknown("action", action, names))?;
        if values.len() > known.parameters.len() {
            return Err(format!("{action} takes at most {} values", known.parameters.len()));
        }
        let value = |(place, parameter): (usize, &sim::Setting)| match values.get(place) {
            Some(value) => parameter.parse(value).map_err(|refusal| refusal.to_string()),
            None => Ok(parameter.default.clone()),
        };
        let values = known.parameters.iter().enumerate().map(value).collect::<Result<_, _>>()?;
        Ok(Input::Operate { node, action: action.to_string(), values })
    }

    fn node(&self, label: &str) -> Result<NodeId, String> {
        let world = self.timeline.world();
        let found = world.nodes().ids().find(|node| world.label(*node) == label);
        found.ok_or_else(|| unknown("node", label, world.nodes().ids().map(|node| world.label(node))))
    }
}

fn no_message(shown: &Frame) -> String {
    let label = |node: NodeId| shown.nodes[node.index()].label.as_str();
    let under_way: Vec<String> = shown
        .messages
        .iter()
        .take(8)
        .map(|message| format!("“{}” from {} to {}", message.label, label(message.from), label(message.to)))
        .collect();
    match under_way.is_empty() {
        true => "no message is under way".into(),
        false => sim::text::excerpt(&format!("no such message is under way; there are: {}", under_way.join(", ")), 280),
    }
}

fn node_input(deed: NodeDeed, node: NodeId) -> Input {
    match deed {
        NodeDeed::Crash => Input::Crash(node),
        NodeDeed::Restart => Input::Restart(node),
        NodeDeed::LoseDisk => Input::LoseDisk(node),
        NodeDeed::Pause => Input::Pause(node),
        NodeDeed::Resume => Input::Resume(node),
    }
}

fn link_input(deed: LinkDeed, from: NodeId, to: NodeId) -> Input {
    let trouble = |trouble, ppm| Input::SetTrouble { from, to, trouble, ppm };
    match deed {
        LinkDeed::Cut => Input::Cut { from, to },
        LinkDeed::Heal => Input::Heal { from, to },
        LinkDeed::Takes { least_us, most_us } if least_us == most_us => {
            Input::SetDelay { from, to, delay: Delay::Constant { us: least_us } }
        }
        LinkDeed::Takes { least_us, most_us } => {
            Input::SetDelay { from, to, delay: Delay::Uniform { least_us, most_us } }
        }
        LinkDeed::Loses(ppm) => trouble(Trouble::Loss, ppm),
        LinkDeed::Doubles(ppm) => trouble(Trouble::Duplication, ppm),
        LinkDeed::Reorders(ppm) => trouble(Trouble::Reordering, ppm),
        LinkDeed::Damages(ppm) => trouble(Trouble::Corruption, ppm),
    }
}

fn message_input(deed: MessageDeed, message: &Message) -> Input {
    match deed {
        MessageDeed::Deliver => Input::Deliver(message.id),
        MessageDeed::Drop => Input::Drop(message.id),
        MessageDeed::Duplicate => Input::Duplicate(message.id),
        MessageDeed::Damage => Input::Corrupt(message.id),
        MessageDeed::Hold => Input::Hold(message.id),
        MessageDeed::Release => Input::Release(message.id),
        MessageDeed::Delay(by_us) => Input::Delay { message: message.id, by_us },
    }
}
