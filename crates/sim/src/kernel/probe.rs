//! A stand for tests of one node: its handlers run without a world, and what they ask for can be looked at.

use crate::base::id::NodeId;
use crate::base::rng::Rng;
use crate::base::settings::Settings;
use crate::base::text::Text;
use crate::kernel::effects::{Context, Effects, Outbox};
use crate::kernel::system::Protocol;

/// Runs handlers of one node.
#[derive(Debug)]
pub struct Probe<P: Protocol> {
    pub me: NodeId,
    pub node_count: usize,
    pub config: P::Config,
    /// What the node's clock shows.
    pub local_now_us: i64,
    /// How long its machine has run.
    pub monotonic_now_us: u64,
    rng: Rng,
}

/// What a handler asked for.
#[derive(Clone, Debug)]
pub struct Asked<P: Protocol> {
    pub sends: Vec<(NodeId, P::Message)>,
    /// Timers that were set (with the time) or cancelled.
    pub timers: Vec<(P::Timer, Option<u64>)>,
    /// How far the clock was set forward.
    pub clock_step_us: i64,
    pub disk: Option<P::Disk>,
    pub notes: Vec<Text>,
    pub rules: Vec<&'static str>,
}

impl<P: Protocol> Probe<P> {
    /// A stand for this node of so many.
    pub fn new(me: NodeId, node_count: usize, config: P::Config) -> Probe<P> {
        Probe { me, node_count, config, local_now_us: 0, monotonic_now_us: 0, rng: Rng::stream(1, 1) }
    }

    /// Runs a handler; returns its result and what it asked for.
    pub fn run<T>(&mut self, handle: impl FnOnce(&mut Effects<'_, P>) -> T) -> (T, Asked<P>) {
        let mut out = Outbox { recording: true, ..Outbox::default() };
        let settings = Settings::default();
        let mut effects = Effects::new(Context {
            me: self.me,
            node_count: self.node_count,
            config: &self.config,
            lab: None,
            settings: &settings,
            local_now_us: self.local_now_us,
            counted_us: self.monotonic_now_us,
            rng: &mut self.rng,
            out: &mut out,
            next_operation: 0,
            timers: &[],
        });
        let result = handle(&mut effects);
        let Outbox { sends, timers, clock_step_us, disk, notes, rules, .. } = out;
        let asked = Asked {
            sends: sends.into_iter().map(|(to, mut parcel)| (to, parcel.take())).collect(),
            timers: timers.into_iter().map(|(timer, after_us)| (*timer.read(), after_us)).collect(),
            clock_step_us,
            disk: disk.map(|disk| disk.read::<P::Disk>().clone()),
            notes,
            rules,
        };
        (result, asked)
    }
}
