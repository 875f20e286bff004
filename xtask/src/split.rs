//! Cuts the linked module into a main module and parts that are loaded when they are asked for.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, ensure};
use wasm_split_cli_support::{Options, transform};

use crate::process::announce;
use crate::{folders, module, wasm};

/// How the parts name the main module, whose memory and table they share.
const IMPORTED: &str = "__wasm_split";

/// A file with shared code that is smaller than this goes into the main module.
const SMALL_BYTES: u64 = 4096;

/// Loads the parts.
const LOADER: &str = include_str!("parts.js");

/// How the glue that wasm-bindgen writes for classic scripts asks for the script of the module's parts.
const REQUIRED: &str = "require(\"./__wasm_split.js\")";

/// What stands in its place.
const GIVEN: &str = "netsplitParts.imports";

/// The files of each part, by its name.
pub type Parts = BTreeMap<String, Vec<String>>;

/// A module that has been cut.
pub struct Cut {
    /// The main module, which wasm-bindgen binds.
    pub main: PathBuf,
    /// The file of each part, and those with what some parts share.
    files: Vec<PathBuf>,
    /// What each part needs of them, without endings.
    parts: Parts,
}

/// Cuts a module that was linked with `--emit-relocs`.
pub fn cut(module: &Path) -> Result<Cut> {
    announce("cutting the module into its parts");
    let folder = folders::scratch("cut");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    let input = fs::read(module)?;
    let main = folder.join("main.wasm");
    let mut options = Options::new(&input);
    options.output_dir = &folder;
    options.main_out_path = &main;
    let made = transform(options).map_err(|problem| anyhow!("the module could not be cut: {problem:#}"))?;
    Ok(Cut { main, files: made.split_modules, parts: made.prefetch_map.into_iter().collect() })
}

impl Cut {
    /// Puts the parts into a folder beside the app's main module, and the script that loads them in front of its glue.
    ///
    /// The tool makes a file for each set of parts that share code. What small ones hold goes into the main module: some
    /// hundred bytes are not worth a request.
    pub fn add(&self, app: &str, folder: &Path) -> Result<Parts> {
        let mut small = Vec::new();
        for file in &self.files {
            let name = file.file_stem().unwrap_or_default().to_string_lossy();
            let part = folder.join(file_name(app, &name));
            fs::write(&part, module::strip(&fs::read(file)?)?)?;
            if !self.parts.contains_key(name.trim_start_matches("split_")) && fs::metadata(&part)?.len() < SMALL_BYTES {
                small.push(part);
            }
        }
        let main = folder.join(format!("{app}_bg.wasm"));
        if wasm::merge(&main, IMPORTED, &small)? {
            for part in &small {
                fs::remove_file(part)?;
            }
        }
        wasm::optimise(&main)?;
        let glue = folder.join(format!("{app}.js"));
        let mut text = fs::read_to_string(&glue).context("there is no glue")?;
        ensure!(text.contains(REQUIRED), "the glue asks for the parts in another way than {REQUIRED}");
        // The glue names what it gives as the keys of an object.
        let shortened = module::shorten_imports(&fs::read(&main)?, |name, short| {
            text = text.replace(&format!("{name}:"), &format!("{short}:"));
        })?;
        fs::write(&main, shortened)?;
        fs::write(&glue, format!("{LOADER}{}", text.replace(REQUIRED, GIVEN)))?;
        let named = |names: &Vec<String>| {
            let files = names.iter().map(|name| file_name(app, name));
            files.filter(|file| folder.join(file).is_file()).collect()
        };
        Ok(self.parts.iter().map(|(part, names)| (part.clone(), named(names))).collect())
    }
}

fn file_name(app: &str, name: &str) -> String {
    format!("{app}-{name}.wasm")
}
