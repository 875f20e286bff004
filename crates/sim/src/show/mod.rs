//! How a moment becomes what the screen shows.

pub mod outline;
pub(crate) mod present;
mod reading;
