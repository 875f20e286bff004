//! Tests that cite the papers, and random histories.

mod papers;
mod schedules;
mod stories;

use parts::values::{number, word};
use sim::probe::{Asked, Probe};
use sim::{AnyLab, Director, Lab, NodeId, Of, Protocol, Settings, Value, World, WorldOf};

use super::*;

const A: NodeId = NodeId(0);
const B: NodeId = NodeId(1);
const C: NodeId = NodeId(2);

/// The default settings with some changes.
fn settings(changes: &[(&str, Value)]) -> Settings {
    changes.iter().fold(Settings::default(), |settings, (name, value)| settings.with(name, value.clone()))
}

/// B of three nodes, and what it last asked for.
struct Bench {
    probe: Probe<Process>,
    process: Process,
}

impl Bench {
    fn new(kind: Kind, broken: &[&'static str]) -> Bench {
        let flags: Vec<(&str, Value)> = broken.iter().map(|rule| (*rule, Value::Flag(false))).collect();
        let mut probe = Probe::new(B, 3, Config::new(kind, &settings(&flags)));
        let (process, _) = probe.run(|effects| Process::boot(&None, effects));
        Bench { probe, process }
    }

    fn local(&mut self) -> Asked<Process> {
        let process = &mut self.process;
        self.probe.run(|effects| process.on_operation(Operation::Local { name: "x".into() }, effects)).1
    }

    fn send(&mut self, to: NodeId) -> Asked<Process> {
        let process = &mut self.process;
        self.probe.run(|effects| process.on_operation(Operation::Send { to, label: "m".into() }, effects)).1
    }

    fn receive(&mut self, from: NodeId, stamp: Stamp) -> Asked<Process> {
        let process = &mut self.process;
        let message = Message { label: "m".into(), stamp, event: 1 };
        self.probe.run(|effects| process.on_message(from, message, effects)).1
    }
}

fn vector(numbers: [u32; 3]) -> Stamp {
    let mut counts = Counts::zero(3);
    for (node, number) in numbers.into_iter().enumerate() {
        counts.set(NodeId::at(node), number);
    }
    Stamp::Vector(counts)
}
