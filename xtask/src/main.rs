//! The commands of the workspace: `cargo xtask serve`, `test`, `dist`, `i18n`, `bench` and `new-lab`.

mod apt;
mod articles;
mod bench;
mod browser;
mod courses;
mod engines;
mod folders;
mod inline;
mod languages;
mod module;
mod native;
mod new_lab;
mod npm;
mod offline;
mod page;
mod parity;
mod process;
mod registry;
mod release;
mod scorm;
mod server;
mod site;
mod sizes;
mod split;
mod styles;
mod tally;
mod teaching;
mod templates;
mod toolchain;
mod translations;
mod wasm;
mod watch;
mod words;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand, ValueEnum};

use process::announce;
use tally::Tally;
use wasm::Profile;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "The commands of the workspace")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build the app, serve it on this machine, and build it again when a source file changes
    Serve {
        /// Build as for a release: slower to build, faster to run
        #[arg(long)]
        release: bool,
        #[arg(long, default_value_t = 8080)]
        port: u16,
    },
    /// Write the release into dist/ and print what a visitor downloads
    Dist {
        /// Write the app as one HTML file too, which works without a server
        #[arg(long)]
        single: bool,
        /// Where the folder will be, for link previews and search engines
        #[arg(long, default_value = release::ADDRESS)]
        address: String,
    },
    /// Build the app and pack a lesson with it for learning platforms (SCORM 1.2): dist/LESSON.scorm.zip
    Scorm {
        /// Its name in addresses, such as raft-two-leaders
        lesson: String,
    },
    /// Run the tests: all of them but those in other engines, or one kind
    Test {
        kind: Option<Kind>,
        /// Passed on to `cargo test` (native) or to Playwright (browser)
        #[arg(last = true, requires = "kind")]
        arguments: Vec<String>,
    },
    /// Collect all texts in locales/netsplit.pot, and take them over into each translation
    I18n {
        /// Write the catalogues that the app reads into a site instead
        #[arg(long, value_name = "FOLDER", env = "TRUNK_STAGING_DIR")]
        site: Option<PathBuf>,
    },
    /// Measure the simulator natively and as WebAssembly
    Bench {
        /// Measure other simulators beside it
        #[arg(long)]
        peers: bool,
    },
    /// Write the skeleton of a lab, which runs as it is
    NewLab {
        /// Its name in addresses: words of small letters with hyphens, such as two-phase-commit
        name: String,
        /// The chapter that it belongs to: a folder of crates/labs, such as agreement
        #[arg(long)]
        chapter: String,
    },
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// `cargo test` over the workspace
    Native,
    /// Every scenario gives the same digest natively and as WebAssembly
    Parity,
    /// The release build in a real browser
    Browser,
    /// A small part of that in Firefox and WebKit
    Engines,
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Serve { release, port } => server::serve(profile(release), port),
        Command::Dist { single, address } => dist(&address, single),
        Command::Scorm { lesson } => scorm::pack(&lesson),
        Command::Test { kind, arguments } => test(kind, &arguments),
        Command::I18n { site: None } => languages::update().and_then(|()| translations::update()),
        Command::I18n { site: Some(site) } => languages::add(&site)
            .and_then(|()| words::add(&site))
            .and_then(|()| teaching::add(&site))
            .and_then(|()| translations::add(&site))
            .and_then(|()| courses::add(&site)),
        Command::Bench { peers } => bench::run(peers),
        Command::NewLab { name, chapter } => new_lab::write(&name, &chapter),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            announce(&format!("{problem:#}"));
            ExitCode::FAILURE
        }
    }
}

fn profile(release: bool) -> Profile {
    if release { Profile::Dist } else { Profile::Dev }
}

fn dist(address: &str, single: bool) -> Result<()> {
    let folder = release::build(address, single)?;
    sizes::print(&folder)
}

fn test(kind: Option<Kind>, arguments: &[String]) -> Result<()> {
    let kinds = match &kind {
        Some(kind) => std::slice::from_ref(kind),
        None => &[Kind::Native, Kind::Parity, Kind::Browser],
    };
    let mut tally = Tally::default();
    for kind in kinds {
        match kind {
            Kind::Native => tally.add("native", native::test(arguments)),
            Kind::Parity => tally.add("parity", parity::test()),
            Kind::Browser => tally.add("browser", browser::test(arguments)),
            Kind::Engines => tally.add("engines", engines::test()),
        }
    }
    tally.close()
}
