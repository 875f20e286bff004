//! Tests that cite their sources.

mod between;
mod hunts;
mod machine;
mod measured;
mod stories;

use sim::Settings;

use super::Tcp;
use super::settings::Config;

/// What nodes know with these settings.
fn config(settings: Settings) -> Config {
    let all = settings.accept(&sim::all_settings::<Tcp>()).expect("settings of the lab");
    Config::new(&all)
}
