//! Cuts the linked module into a main module and parts that are loaded when they are asked for.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, ensure};
use wasm_split_cli_support::{Options, transform};

use crate::process::announce;
use crate::{folders, module, registry, wasm};

/// How the parts name the main module, whose memory and table they share.
const IMPORTED: &str = "__wasm_split";

/// How files that were put together name it: `parts.js` gives it under both names.
const LENDER: &str = "lender";

/// A file with shared code that is smaller than this is put together with others: some hundred bytes are not worth a request.
const SMALL_BYTES: u64 = 4096;

/// The part that draws the start page.
pub const GALLERY: &str = "gallery";

/// The part with the page of a lab.
pub const PAGE: &str = "page";

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

/// Where a piece stands that some parts share: together with others that the same visits ask for first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Home {
    /// Labs and the start page need it for their first picture.
    Main,
    Labs,
    Start,
    /// No first picture needs it.
    Later,
}

impl Home {
    fn of(users: &BTreeSet<&str>, labs: &BTreeSet<String>) -> Self {
        let for_lab = users.contains(PAGE) || users.iter().any(|user| labs.contains(*user));
        match (for_lab, users.contains(GALLERY)) {
            (true, true) => Self::Main,
            (true, false) => Self::Labs,
            (false, true) => Self::Start,
            (false, false) => Self::Later,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Main => "bg",
            Self::Labs => "labs",
            Self::Start => "start",
            Self::Later => "later",
        }
    }
}

impl Cut {
    /// Puts the parts into a folder beside the app's main module, and the script that loads them in front of its glue.
    pub fn add(&self, app: &str, folder: &Path) -> Result<Parts> {
        let path = |name: &str| folder.join(file_name(app, name));
        for file in &self.files {
            fs::write(path(&stem(file)), module::strip(&fs::read(file)?)?)?;
        }
        let moved = self.put_together(&path)?;
        let mut parts = Parts::new();
        for (part, names) in &self.parts {
            let names: BTreeSet<&str> =
                names.iter().map(|name| moved.get(name).map_or(name.as_str(), |home| home.name())).collect();
            parts.insert(
                part.clone(),
                names.into_iter().filter(|name| *name != Home::Main.name()).map(|name| file_name(app, name)).collect(),
            );
        }
        for file in parts.values().flatten().collect::<BTreeSet<_>>() {
            wasm::optimise(&folder.join(file))?;
        }
        let main = path(Home::Main.name());
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
        Ok(parts)
    }

    /// Puts the files that parts share together where they are small, or every visit of a lab needs them. Returns where
    /// each of them went.
    ///
    /// The tool makes a file for each set of parts that share code, which is some hundreds.
    fn put_together(&self, path: &dyn Fn(&str) -> PathBuf) -> Result<BTreeMap<String, Home>> {
        let Some(merger) = wasm::merger() else { return Ok(BTreeMap::new()) };
        let labs: BTreeSet<String> = registry::labs()?.into_keys().map(|id| id.replace('-', "_")).collect();
        let mut pieces: BTreeMap<Home, Vec<String>> = BTreeMap::new();
        for (name, users) in self.shared() {
            if users.contains(PAGE) || fs::metadata(path(name))?.len() < SMALL_BYTES {
                pieces.entry(Home::of(&users, &labs)).or_default().push(name.to_string());
            }
        }
        let mut moved = BTreeMap::new();
        for (home, names) in pieces {
            let files: Vec<PathBuf> = names.iter().map(|name| path(name)).collect();
            let whole = path(home.name());
            if home != Home::Main {
                let modules = files.iter().map(fs::read).collect::<Result<Vec<_>, _>>()?;
                fs::write(&whole, module::relay(&modules, LENDER)?)?;
            }
            wasm::merge(&merger, &whole, IMPORTED, &files)?;
            for file in files {
                fs::remove_file(file)?;
            }
            moved.extend(names.into_iter().map(|name| (name, home)));
        }
        Ok(moved)
    }

    /// The files that parts share, each with those that need it.
    fn shared(&self) -> BTreeMap<&str, BTreeSet<&str>> {
        let mut shared: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (part, names) in &self.parts {
            for name in names.iter().filter(|name| !self.parts.contains_key(name.trim_start_matches("split_"))) {
                shared.entry(name).or_default().insert(part);
            }
        }
        shared
    }
}

fn stem(file: &Path) -> String {
    file.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// The main module is one of these too: wasm-bindgen calls it `bg`.
fn file_name(app: &str, name: &str) -> String {
    match name {
        "bg" => format!("{app}_bg.wasm"),
        name => format!("{app}-{name}.wasm"),
    }
}
