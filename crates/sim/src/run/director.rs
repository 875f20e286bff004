//! Leads a run to a moment, for prepared scenarios, tests and experiments.

use std::fmt::Debug;
use std::marker::PhantomData;

use crate::base::id::{MessageId, NodeId};
use crate::base::settings::{Settings, Value};
use crate::base::text::Text;
use crate::kernel::erased::Of;
use crate::kernel::input::{Input, Timed};
use crate::kernel::system::{Protocol, System};
use crate::kernel::world::{World, WorldOf};
use crate::run::lab::Lab;

/// Runs a world and writes down what it does to it.
#[derive(Debug)]
pub struct Director<L: System> {
    world: World,
    /// When it acts next: after the last event, where it let time pass in which nothing happened.
    now_us: u64,
    inputs: Vec<Timed>,
    refusals: Vec<Text>,
    lab: PhantomData<fn() -> L>,
}

impl<L: Lab> Director<L> {
    /// Directs a new run from its start; the error says what is wrong with the settings.
    pub fn new(settings: Settings, seed: u64) -> Result<Director<L>, Text> {
        World::new(Of::<L>::LAB, settings, seed).map(Director::at)
    }
}

impl<L: System> Director<L> {
    /// Directs a world of this lab from where it stands.
    pub fn at(world: World) -> Director<L> {
        Director { now_us: world.now_us(), world, inputs: Vec::new(), refusals: Vec::new(), lab: PhantomData }
    }

    /// The same run without the monitor's checks, for those that ask for nothing but speed.
    pub fn unwatched(mut self) -> Director<L> {
        self.world = self.world.unwatched();
        self
    }

    /// The world now.
    pub fn world(&self) -> WorldOf<'_, L> {
        self.world.of()
    }

    /// The moment at which it stands, in microseconds of virtual time.
    pub fn now_us(&self) -> u64 {
        self.now_us.max(self.world.now_us())
    }

    /// Acts at this moment. A refused input is written down for the tests to find.
    pub fn act(&mut self, input: Input) {
        let timed = Timed { after_event: self.world.event(), at_us: self.now_us(), input };
        match self.world.apply(&timed) {
            Ok(()) => self.inputs.push(timed),
            Err(refusal) => self.refusals.push(refusal),
        }
    }

    /// A client operation with its parameters.
    pub fn operate(&mut self, node: NodeId, action: &str, values: &[Value]) {
        self.act(Input::Operate { node, action: action.to_string(), values: values.to_vec() });
    }

    /// Lets one event happen; false when nothing is due.
    pub fn step(&mut self) -> bool {
        self.world.step()
    }

    /// Lets so many events happen.
    pub fn run(&mut self, events: u64) {
        for _ in 0..events {
            if !self.step() {
                return;
            }
        }
    }

    /// Lets everything happen that is due in so many microseconds.
    pub fn run_for_us(&mut self, us: u64) {
        self.run_until_us(self.now_us() + us);
    }

    /// Lets everything happen that is due up to a moment, and stands there.
    pub fn run_until_us(&mut self, end_us: u64) {
        while self.world.next_at_us().is_some_and(|next_us| next_us <= end_us) {
            self.step();
        }
        self.now_us = end_us;
    }

    /// Runs until this is so, for at most 100,000 events. Returns whether it came about; if not, that is written down.
    pub fn run_until(&mut self, is_so: impl Fn(WorldOf<'_, L>) -> bool) -> bool {
        for _ in 0..100_000 {
            if is_so(self.world()) {
                return true;
            }
            if !self.step() {
                break;
            }
        }
        self.refusals.push(crate::t!("the run never came to what the scenario waits for"));
        false
    }

    /// The messages under way or held that this is true of, oldest first.
    pub fn messages(
        &self,
        is_meant: impl Fn(NodeId, NodeId, &<L::Protocol as Protocol>::Message) -> bool,
    ) -> Vec<MessageId> {
        let envelopes = self.world().messages();
        envelopes
            .filter(|envelope| is_meant(envelope.from, envelope.to, envelope.payload))
            .map(|envelope| envelope.id)
            .collect()
    }

    /// The inputs so far, and what was refused.
    pub fn finish(self) -> (World, Vec<Timed>, Vec<Text>) {
        (self.world, self.inputs, self.refusals)
    }
}
