//! The labs of the chapter *Agreement*: one folder a lab.

#![deny(clippy::float_arithmetic)]

pub mod client;
pub mod elections;
pub mod generals;
#[cfg(test)]
mod hunted;
pub mod lock;
pub mod multi_paxos;
pub mod paxos;
pub mod pbft;
pub mod proof_of_work;
pub mod raft;
pub mod raft_log;
pub mod raft_members;
pub mod saga;
pub mod two_phase_commit;
