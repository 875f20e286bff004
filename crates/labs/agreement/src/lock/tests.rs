//! Tests that cite Kleppmann 2016, Gray and Cheriton 1989, Burrows 2006 and the Redis documentation.

use parts::values::{number, word};
use sim::{Director, NodeId, Settings, Value, WorldOf};

use super::scenarios::{asleep, buy, holds, owns, thinks};
use super::*;

mod hunts;
mod stories;
