//! Machinery that several labs share: pure state machines and formulas. What a part does follows from its arguments alone: the
//! time, a draw, its bounds. A part sends nothing and sets no timer; its lab does.

#![deny(clippy::float_arithmetic)]

pub mod arrivals;
pub mod cache;
pub mod checksum;
pub mod connection;
pub mod exchange;
pub mod health;
pub mod histogram;
pub mod keys;
pub mod latency;
pub mod links;
pub mod policy;
pub mod quartz;
pub mod retry;
pub mod ring;
pub mod shop;
pub mod station;
pub mod statistics;
pub mod store;
pub mod theory;
pub mod values;
pub mod words;
