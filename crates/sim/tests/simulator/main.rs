//! The simulator from outside. One program, since each would be linked by itself.

mod clocks;
mod echo;
mod export;
mod hunt;
mod lies;
mod lines;
mod log;
mod log_session;
mod off;
mod pairs;
mod pipes;
mod properties;
mod share;
mod tree;
mod weights;
mod why;
mod world;
