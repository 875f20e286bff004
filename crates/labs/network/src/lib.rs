//! The labs of the chapter *Network*: one folder a lab.

#![deny(clippy::float_arithmetic)]

pub mod dns;
pub mod peer_to_peer;
pub mod ping;
pub mod rpc_rest;
pub mod tcp;
pub mod tls;
pub mod unreliable;
