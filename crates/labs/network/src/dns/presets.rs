//! How real resolvers and clients are set.

use sim::Presets;

use super::Dns;

impl Presets for Dns {
}
