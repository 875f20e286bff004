//! The list of all labs: one line each.

use sim::experiment::Experiment;
use sim::{AnyLab, Lab, LabSession, Of, Text, t};

macro_rules! labs {
    ($($lab:ty),+ $(,)?) => {
        /// All labs, in the order of the gallery.
        pub static LABS: &[&dyn AnyLab] = &[$(Of::<$lab>::LAB),+];

        /// The experiments of the same labs. A list of its own, so that the web page need not carry them.
        static EXPERIMENTS: &[fn() -> Vec<Experiment>] = &[$(<$lab as Lab>::experiments),+];
    };
}

labs! {
    crate::raft::Raft,
    crate::clocks::LamportClocks,
    crate::clocks::VectorClocks,
    crate::drift::ClockDrift,
    crate::heartbeats::Heartbeats,
    crate::swim::Swim,
    crate::replicas::Replicas,
    crate::quorum::LeaderlessQuorum,
    crate::balancing::LoadBalancing,
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
        t!("there is no lab {id}; there are: {ids}", id = sim::text::shortened(id), ids = ids.join(", "))
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
