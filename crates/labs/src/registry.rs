//! The list of all labs: one line each.

use sim::experiment::Experiment;
use sim::text::{QUOTED, choices, excerpt};
use sim::{AnyLab, Experiments, LabSession, Of, Text, t};

macro_rules! labs {
    ($($lab:ty),+ $(,)?) => {
        /// All labs, in the order of the gallery.
        pub static LABS: &[&dyn AnyLab] = &[$(Of::<$lab>::LAB),+];

        /// The experiments of the same labs. A list of its own, so that the web page need not carry them.
        static EXPERIMENTS: &[fn() -> Vec<Experiment>] = &[$(<$lab as Experiments>::experiments),+];
    };
}

labs! {
    agreement::raft::Raft,
    time::clocks::LamportClocks,
    time::clocks::VectorClocks,
    time::drift::ClockDrift,
    failure::heartbeats::Heartbeats,
    failure::swim::Swim,
    replication::replicas::Replicas,
    replication::quorum::LeaderlessQuorum,
    scale::balancing::LoadBalancing,
}

/// The lab of this name, or a sentence that names those there are.
pub fn lab(id: &str) -> Result<&'static dyn AnyLab, Text> {
    place(id).map(|place| LABS[place])
}

/// The experiments of the lab of this name, or a sentence that names the labs there are.
pub fn experiments(id: &str) -> Result<Vec<Experiment>, Text> {
    place(id).map(|place| EXPERIMENTS[place]())
}

fn place(id: &str) -> Result<usize, Text> {
    LABS.iter().position(|lab| lab.about().id == id).ok_or_else(|| {
        let ids: Vec<&str> = LABS.iter().map(|lab| lab.about().id).collect();
        t!("there is no lab {id}; there are: {ids}", id = excerpt(id, QUOTED), ids = choices(&ids))
    })
}

/// A session with this lab, at the opening moment of its first scenario.
pub fn open(id: &str) -> Result<Box<dyn LabSession>, Text> {
    lab(id)?.open()
}

/// For each scenario of each lab a line with its digest: the same natively and in WebAssembly.
pub fn digests() -> Result<String, Text> {
    let mut lines = String::new();
    for lab in LABS {
        let id = lab.about().id;
        let mut session = lab.open()?;
        for card in session.scenarios() {
            session.open(card.name)?;
            let opening = session.digest();
            session.seek(session.scenario().cursor + 2_000);
            lines.push_str(&format!("{id}/{} {opening:016x} {:016x}\n", card.name, session.digest()));
        }
    }
    Ok(lines)
}
