//! Tests that cite the RFCs.

mod hunts;
mod names;
mod stories;
mod walks;

use sim::{Settings, Value};

use super::settings::Config;
use super::*;

/// The settings with these changes.
fn settings(changes: &[(&str, Value)]) -> Settings {
    changes.iter().fold(Settings::default(), |settings, (name, value)| settings.with(name, value.clone()))
}

fn config(changes: &[(&str, Value)]) -> Config {
    Config::new(&settings(changes).accept(&sim::all_settings::<Dns>()).expect("known settings"))
}
