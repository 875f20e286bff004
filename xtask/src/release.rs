//! A release: the folder for any static host, with a page for each lab, the app as one file, and a service worker.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::inline::{self, Extent};
use crate::process::{self, announce};
use crate::wasm::Profile;
use crate::{native, offline, site};

/// Where the labs are if nobody says where: addresses that search engines and other sites keep have to be whole.
pub const ADDRESS: &str = "https://netsplit.github.io/netsplit/";

/// The line of the page that registers the service worker; a folder that is built again and again must not have it.
const REGISTER: &str = "    <script defer src=\"static/offline.js\"></script>\n  </head>";

/// Builds all of it and gives back the folder.
pub fn build(address: &str, with_single: bool) -> Result<PathBuf> {
    let folder = site::build(Profile::Dist)?;
    if with_single {
        fs::write(folder.join(inline::SINGLE), inline::build(&site::draft(), Extent::Whole)?)?;
    }
    announce("drawing a page for each lab");
    process::run(process::command(native::program("pages")?).arg(&folder).arg(address))?;
    let page = folder.join("index.html");
    let text = fs::read_to_string(&page).context("cannot read the page of the site")?;
    fs::write(&page, text.replacen("  </head>", REGISTER, 1))?;
    offline::add(&folder)?;
    Ok(folder)
}
