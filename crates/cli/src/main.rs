//! `netsplit`: run, hunt, check and experiment from a terminal or a CI job.

mod bench;
mod catalogue;
mod check_history;
mod experiment;
mod expression;
mod form;
mod history_file;
mod hunt;
mod lesson;
mod log;
mod moment;
mod output;
mod run;
mod search;
mod verify;
mod worksheet;

use std::fs::File;
use std::io::{self, Read as _};
use std::num::NonZero;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use output::say;

/// Break a distributed system and see why: the labs of Netsplit without a browser.
#[derive(Debug, Parser)]
#[command(name = "netsplit", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List the labs with their settings, scenarios, rules, checks and experiments
    Labs {
        /// Print one JSON array
        #[arg(long)]
        json: bool,
    },
    /// Run a lab and print its events
    Run {
        /// The lab, for instance raft
        lab: String,
        /// A prepared scenario; the run goes on from its opening moment
        #[arg(long)]
        scenario: Option<String>,
        /// The seed of all random numbers; with a scenario, its own seed if none is given
        #[arg(long)]
        seed: Option<u64>,
        /// A named set of settings, such as etcd; --set changes it further
        #[arg(long)]
        preset: Option<String>,
        /// How many events to print
        #[arg(long, default_value_t = 100)]
        events: u64,
        /// A setting, as name=value; can be given several times
        #[arg(long, value_name = "NAME=VALUE")]
        set: Vec<String>,
        /// Print one JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// Search random runs for one that breaks what the lab promises, and shorten it. Exit code 1 if there is one
    Hunt {
        /// The lab, for instance raft
        lab: String,
        /// Switch off this rule: the hunt looks for the check that the rule keeps, under the settings and with what may
        /// happen that the rule names (“netsplit labs --json” tells them)
        #[arg(long, value_name = "RULE")]
        without: Option<String>,
        /// Look for this check only
        #[arg(long)]
        check: Option<String>,
        /// What may happen: crash, pause, cut, loss, copy, disorder, timer (these if neither this nor the rule says
        /// anything), clock, disk, damage, operation, lie
        #[arg(long, value_name = "HAZARDS", value_delimiter = ',')]
        may: Option<Vec<String>>,
        /// How many events of faults a run has; 400 if the rule says nothing
        #[arg(long)]
        events: Option<u64>,
        /// The seeds to search, the last one excluded
        #[arg(long, value_name = "A..B", default_value = "0..10000")]
        seeds: String,
        /// How many seeds to search side by side; as many as there are processors if nothing is said. The find is the same
        #[arg(long)]
        threads: Option<NonZero<usize>>,
        /// Search all runs of up to so many events instead, the shortest first
        #[arg(long, value_name = "EVENTS", conflicts_with_all = ["events", "threads"])]
        all: Option<u32>,
        /// How many moments a search of all runs remembers before it gives up
        #[arg(long, default_value_t = 300_000)]
        moments: usize,
        /// A named set of settings, such as etcd; --set changes it further
        #[arg(long)]
        preset: Option<String>,
        /// A setting, as name=value; can be given several times
        #[arg(long, value_name = "NAME=VALUE")]
        set: Vec<String>,
        /// Print what was found as one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Say whether a history of client operations is consistent. Exit code 1 if it is not, 2 if that is undecided
    CheckHistory {
        /// A file of JSON lines, the model first, then one event a line; or Jepsen's history.edn; - for the standard input
        file: String,
        /// The model, for a file that does not begin with it: register, cas-register, kv, mutex or multi-register
        #[arg(long)]
        model: Option<String>,
        /// What is there before the first operation, as JSON
        #[arg(long, value_name = "VALUE", requires = "model")]
        init: Option<String>,
        /// Which consistency to ask for
        #[arg(long, value_enum, default_value = "linearizable")]
        consistency: check_history::Consistency,
        /// How many configurations to remember before giving up, of 128 bytes each
        #[arg(long, default_value_t = sim::history::linearizability::DEFAULT_LIMIT)]
        limit: u64,
        /// Print one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Read a log with vector clocks: which events could have caused which. Exit code 2 if a clock is wrong
    Log {
        /// A log in the format of ShiViz; - for the standard input
        file: String,
        /// What matches an event: an expression with the groups host, clock and event. By default that of the file's first
        /// line if it is one, else host and clock in one line and the event in the next, or the other way round
        #[arg(long, value_name = "EXPRESSION")]
        parser: Option<String>,
        /// What stands between executions; its group trace names them
        #[arg(long, value_name = "EXPRESSION")]
        delimiter: Option<String>,
        /// Say how one event stands to another; n is the host's own count. Can be given several times
        #[arg(long, value_name = "HOST:N,HOST:N")]
        relation: Vec<String>,
        /// Print one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Say what is in a link or a saved moment: title, note, where it came from, bookmarks. Exit code 2 if it replays
    /// differently here
    Moment {
        /// A link, what stands behind its #, or a file that Share has saved; - for the standard input
        moment: String,
    },
    /// Prove lessons: each key right, each task possible. Exit code 1 if one has a mistake
    Lesson {
        /// Files with lessons; - for the standard input
        #[arg(required = true)]
        files: Vec<String>,
        /// Print what is right, as it was computed
        #[arg(long)]
        keys: bool,
        /// Print a page of HTML instead, for paper: a worksheet and its key. Stages are not drawn: the nodes stand in a table
        #[arg(long, conflicts_with_all = ["keys", "json"])]
        print: bool,
        /// Print one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Replay answer files of lessons and print a table, as CSV: what was answered, what is right, what was done. Exit code 1
    /// if nothing can be said of one
    Verify {
        /// Answer files, as the page saves them
        #[arg(required = true)]
        files: Vec<String>,
        /// A file with lessons that are not in the catalogue, or with an older text of them. Can be given several times
        #[arg(long, value_name = "FILE")]
        lesson: Vec<String>,
    },
    /// Measure a quantity that the literature predicts
    Experiment {
        /// The experiment, for instance raft/election-time
        #[arg(required_unless_present = "list")]
        name: Option<String>,
        /// List all experiments with their settings
        #[arg(long)]
        list: bool,
        /// A setting, as name=value; can be given several times
        #[arg(long, value_name = "NAME=VALUE")]
        set: Vec<String>,
        /// How many runs to measure over
        #[arg(long)]
        runs: Option<u32>,
        /// The seed of the first run
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Print one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Print a digest for each scenario, and for each lesson of these files, to compare machines with
    #[command(hide = true)]
    Digests { files: Vec<String> },
    /// Measure the simulator
    #[command(hide = true)]
    Bench,
}

fn main() -> ExitCode {
    match dispatch(Arguments::parse().command) {
        Ok(code) => code,
        Err(sentence) => {
            output::remark(&format!("netsplit: {sentence}"));
            ExitCode::from(2)
        }
    }
}

/// Runs a command. The error is a sentence for the person who typed it.
fn dispatch(command: Command) -> Result<ExitCode, String> {
    match command {
        Command::Labs { json } => catalogue::print(json),
        Command::Run { lab, scenario, seed, preset, events, set, json } => {
            run::print(&run::Request { lab, scenario, seed, events, preset, set, json })
        }
        Command::Hunt { lab, without, check, may, events, seeds, threads, all, moments, preset, set, json } => {
            let request =
                hunt::Request { lab, without, check, may, events, seeds, threads, all, moments, preset, set, json };
            hunt::hunt(&request)
        }
        Command::CheckHistory { file, model, init, consistency, limit, json } => {
            check_history::check(&check_history::Request { file, model, init, consistency, limit, json })
        }
        Command::Log { file, parser, delimiter, relation, json } => {
            log::read(&log::Request { file, parser, delimiter, relations: relation, json })
        }
        Command::Lesson { files, keys, print, json } => lesson::check(&lesson::Request { files, keys, print, json }),
        Command::Verify { files, lesson } => verify::verify(&verify::Request { files, lessons: lesson }),
        Command::Moment { moment } => moment::print(&moment),
        Command::Experiment { name: None, .. } | Command::Experiment { list: true, .. } => experiment::list(),
        Command::Experiment { name: Some(name), set, runs, seed, json, .. } => {
            experiment::measure(&name, &set, runs, seed, json)
        }
        Command::Digests { files } => {
            let digests = labs::registry::digests().map_err(|error| error.to_string())?;
            output::write(format_args!("{digests}"));
            lesson::digests(&files)
        }
        Command::Bench => bench::print(),
    }
}

/// The settings of a preset, and after them those that were given one by one.
fn chosen_settings(
    lab: &dyn sim::AnyLab,
    preset: Option<&str>,
    pairs: &[String],
) -> Result<Vec<(String, sim::Value)>, String> {
    let mut chosen = Vec::new();
    if let Some(name) = preset {
        let preset = sim::lab::preset_named(&lab.presets(), name).map_err(|error| error.to_string())?;
        chosen.extend(preset.settings.into_iter().map(|(name, value)| (name.to_string(), value)));
    }
    chosen.extend(parse_settings(&lab.settings(), pairs)?);
    Ok(chosen)
}

/// Reads `name=value` pairs as the settings say.
fn parse_settings(known: &[sim::Setting], pairs: &[String]) -> Result<Vec<(String, sim::Value)>, String> {
    let parse = |pair: &String| {
        let (name, typed) = pair.split_once('=').ok_or_else(|| format!("write --set name=value, not --set {pair}"))?;
        let setting = sim::settings::setting_named(known, name).map_err(|error| error.to_string())?;
        Ok((name.to_string(), setting.parse(typed).map_err(|error| error.to_string())?))
    };
    pairs.iter().map(parse).collect()
}

/// The text in a file, or on the standard input where the file is called `-`.
fn read_text(file: &str) -> Result<String, String> {
    let mut bytes = Vec::new();
    let read = match file {
        "-" => io::stdin().read_to_end(&mut bytes),
        path => File::open(path).and_then(|mut file| file.read_to_end(&mut bytes)),
    };
    read.map_err(|error| format!("{file}: {error}"))?;
    sim::encoding::text_of(&bytes).map_err(|why| format!("{file}: {why}"))
}

/// Prints a value as one line of JSON.
fn print_json(value: &impl serde::Serialize) -> Result<(), String> {
    let line = serde_json::to_string(value).map_err(|error| error.to_string())?;
    say!("{line}");
    Ok(())
}
