//! The list of all labs: one line each.

use sim::experiment::Experiment;
use sim::text::{QUOTED, choices, excerpt};
use sim::{About, AnyLab, Experiments, LabSession, Of, System, Text, t};

/// A lab's line: its id with `_` for `-`, which is what its part of the release is called, and its type.
macro_rules! labs {
    ($($name:ident = $lab:ty),+ $(,)?) => {
        /// All labs, in the order of the gallery. Where labs are loaded when they are asked for, [`lab`] and [`ABOUT`]
        /// are the way to them: what names this list has all of them.
        pub static LABS: &[&dyn AnyLab] = &[$(Of::<$lab>::LAB),+];

        /// The name cards of the same labs, which are there without their code.
        pub static ABOUT: &[fn() -> About] = &[$(<$lab as System>::about),+];

        /// The experiments of the same labs. A list of its own, so that the web page need not carry them.
        static EXPERIMENTS: &[fn() -> Vec<Experiment>] = &[$(<$lab as Experiments>::experiments),+];

        #[cfg(test)]
        const PARTS: &[&str] = &[$(stringify!($name)),+];

        #[cfg(all(feature = "lazy", target_family = "wasm"))]
        mod parts {
            use std::pin::Pin;
            use std::sync::OnceLock;

            use sim::{AnyLab, Of};
            use wasm_split_helpers::{SplitLoaderError, wasm_split};

            type Loaded = Result<&'static dyn AnyLab, SplitLoaderError>;

            $(
                #[wasm_split($name, fallible)]
                fn $name() -> Loaded {
                    Ok(Of::<$lab>::LAB)
                }
            )+

            pub static LOADED: [OnceLock<&'static dyn AnyLab>; super::ABOUT.len()] =
                [const { OnceLock::new() }; super::ABOUT.len()];

            pub static LOADERS: [fn() -> Pin<Box<dyn Future<Output = Loaded>>>; super::ABOUT.len()] =
                [$(|| Box::pin($name())),+];
        }
    };
}

labs! {
    ping = network::ping::DistributedPing,
    unreliable_network = network::unreliable::UnreliableNetwork,
    raft = agreement::raft::Raft,
    raft_log = agreement::raft_log::RaftLog,
    raft_members = agreement::raft_members::RaftMembers,
    byzantine_generals = agreement::generals::Generals,
    pbft = agreement::pbft::Pbft,
    lamport_clocks = time::clocks::LamportClocks,
    vector_clocks = time::clocks::VectorClocks,
    clock_drift = time::drift::ClockDrift,
    snapshot = time::snapshot::Snapshot,
    truetime = time::truetime::TrueTime,
    heartbeats = failure::heartbeats::Heartbeats,
    swim = failure::swim::Swim,
    primary_replicas = replication::replicas::Replicas,
    leaderless_quorum = replication::quorum::LeaderlessQuorum,
    load_balancing = scale::balancing::LoadBalancing,
    tcp = network::tcp::Tcp,
    dns = network::dns::Dns,
    peer_to_peer = network::peer_to_peer::PeerToPeer,
    tls = network::tls::Tls,
    rpc_rest = network::rpc_rest::RpcRest,
    paxos = agreement::paxos::Paxos,
    multi_paxos = agreement::multi_paxos::MultiPaxos,
    saga = agreement::saga::Saga,
    two_phase_commit = agreement::two_phase_commit::TwoPhaseCommit,
    lock = agreement::lock::Lock,
    elections = agreement::elections::Elections,
    proof_of_work = agreement::proof_of_work::ProofOfWork,
}

/// The lab of this name, or a sentence that names those there are. Where labs are parts of their own, [`load`] comes first.
#[cfg(not(all(feature = "lazy", target_family = "wasm")))]
pub fn lab(id: &str) -> Result<&'static dyn AnyLab, Text> {
    place(id).map(|place| LABS[place])
}

/// The lab of this name, once it is loaded, or a sentence that says why it is not there.
#[cfg(all(feature = "lazy", target_family = "wasm"))]
pub fn lab(id: &str) -> Result<&'static dyn AnyLab, Text> {
    let lab = parts::LOADED[place(id)?].get().copied();
    lab.ok_or_else(|| t!("the lab {id} is not loaded", id = id.to_string()))
}

/// Loads the lab of this name, where labs are parts of their own. What did not come can be asked for again.
pub async fn load(id: &str) -> Result<(), Text> {
    let _place = place(id)?;
    #[cfg(all(feature = "lazy", target_family = "wasm"))]
    if parts::LOADED[_place].get().is_none() {
        let loaded = parts::LOADERS[_place]().await;
        let lab = loaded.map_err(|_| t!("the lab {id} could not be loaded", id = id.to_string()))?;
        let _ = parts::LOADED[_place].set(lab);
    }
    Ok(())
}

/// The name card of the lab of this name, or a sentence that names the labs there are.
pub fn about(id: &str) -> Result<About, Text> {
    place(id).map(|place| ABOUT[place]())
}

/// The experiments of the lab of this name, or a sentence that names the labs there are.
pub fn experiments(id: &str) -> Result<Vec<Experiment>, Text> {
    place(id).map(|place| EXPERIMENTS[place]())
}

fn place(id: &str) -> Result<usize, Text> {
    ABOUT.iter().position(|about| about().id == id).ok_or_else(|| {
        let ids: Vec<&str> = ABOUT.iter().map(|about| about().id).collect();
        t!("there is no lab {id}; there are: {ids}", id = excerpt(id, QUOTED), ids = choices(&ids))
    })
}

/// A session with this lab, at the opening moment of its first scenario.
pub fn open(id: &str) -> Result<Box<dyn LabSession>, Text> {
    lab(id)?.open()
}

/// The same, with histories of operations that nobody judges until `LabSession::judge_histories`.
pub fn open_unjudged(id: &str) -> Result<Box<dyn LabSession>, Text> {
    lab(id)?.open_unjudged()
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The page asks for the part of a lab by its id (`static/boot.js`).
    #[test]
    fn the_part_of_a_lab_is_called_like_the_lab() {
        let ids: Vec<&str> = ABOUT.iter().map(|about| about().id).collect();
        let parts: Vec<String> = PARTS.iter().map(|name| name.replace('_', "-")).collect();
        assert_eq!(parts, ids);
    }
}
