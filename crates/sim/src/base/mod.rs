//! What all rooms stand on: names, texts, settings, time, random numbers, and collections that are cheap to copy.

pub mod clock;
pub mod delay;
pub mod digest;
pub mod encoding;
pub mod id;
pub mod list;
pub mod map;
pub mod opaque;
pub mod order;
pub mod rng;
pub mod settings;
pub mod text;
pub mod translation;
