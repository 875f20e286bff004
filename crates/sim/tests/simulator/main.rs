//! The simulator from outside. One program, since each would be linked by itself.

mod echo;
mod export;
mod hunt;
mod log;
mod log_session;
mod pairs;
mod properties;
mod share;
mod why;
mod world;
