//! What a visitor downloads.

use std::fs;
use std::io::Write;
use std::ops::AddAssign;
use std::path::Path;

use anyhow::{Context, Result, bail};
use brotli::enc::BrotliEncoderParams;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::split::{GALLERY, PAGE};
use crate::{page, site};

/// What a visit may ask for before its first picture, and a lab's part of that, in bytes as brotli packs them.
/// The aims for a lab are 340,000 and 60,000 (ARCHITECTURE.md, "What a visitor downloads").
const MOST_FOR_LAB: usize = 428_000;
const MOST_FOR_START: usize = 280_000;
const MOST_OF_LAB: usize = 75_000;

#[derive(Clone, Copy, Default)]
struct Sizes {
    raw: usize,
    gzip: usize,
    brotli: usize,
}

impl Sizes {
    fn of(bytes: &[u8]) -> Result<Self> {
        Ok(Self { raw: bytes.len(), gzip: gzip(bytes)?, brotli: brotli(bytes)? })
    }
}

impl AddAssign for Sizes {
    fn add_assign(&mut self, other: Self) {
        self.raw += other.raw;
        self.gzip += other.gzip;
        self.brotli += other.brotli;
    }
}

/// Prints the size of every file of a release, of all together, and of what each kind of visit asks for.
///
/// # Errors
///
/// Says which visit asks for more than it may.
pub fn print(folder: &Path) -> Result<()> {
    let mut total = Sizes::default();
    println!("{:<44} {:>10} {:>10} {:>10}", "file", "raw", "gzip", "brotli");
    for file in site::files(folder)? {
        let sizes = Sizes::of(&fs::read(&file)?)?;
        line(&file.strip_prefix(folder)?.display().to_string(), sizes);
        total += sizes;
    }
    line("total", total);
    let excess = print_visits(folder)?;
    println!("The site is in {}.", folder.display());
    if excess.is_empty() { Ok(()) } else { bail!("too much is downloaded: {}", excess.join("; ")) }
}

/// Prints what each kind of visit asks for. Returns what is more than it may be.
fn print_visits(folder: &Path) -> Result<Vec<String>> {
    let text = fs::read_to_string(folder.join("index.html"))?;
    let (app, parts) = page::named(&text).context("the page of the site names no parts")?;
    let size = |file: &str| brotli(&fs::read(folder.join(file)).with_context(|| format!("cannot read {file}"))?);
    let before = size("index.html")? + size(&format!("{app}.js"))? + size(&format!("{app}_bg.wasm"))?;
    let mut excess = Vec::new();
    let mut row = |name: &str, bytes: usize, most: Option<usize>| {
        let limit = most.map(|most| format!("of {most}")).unwrap_or_default();
        println!("{name:<54} {bytes:>10} {limit:>10}");
        if most.is_some_and(|most| bytes > most) {
            excess.push(format!("{name}, {bytes} bytes {limit}"));
        }
    };
    println!("{:<54} {:>10}", "visit", "brotli");
    row("page, glue and main module", before, None);
    let is_lab = |part: &str| folder.join("lab").join(part.replace('_', "-")).is_dir();
    let sum = |files: &[&String]| files.iter().map(|file| size(file)).sum::<Result<usize>>();
    let page: Vec<&String> = parts.get(PAGE).context("the page of a lab is no part")?.iter().collect();
    let before_lab = before + sum(&page)?;
    row("the same, and the page of a lab", before_lab, None);
    for (part, files) in &parts {
        let is_lab = is_lab(part);
        // What the page of a lab has brought is there.
        let own: Vec<&String> = files.iter().filter(|file| part == PAGE || !page.contains(file)).collect();
        let bytes = sum(&own)?;
        row(&format!("part {part}"), bytes, is_lab.then_some(MOST_OF_LAB));
        if is_lab {
            row(&format!("first picture of the lab {part}"), before_lab + bytes, Some(MOST_FOR_LAB));
        } else if part == GALLERY {
            let cards = size(&format!("{}/en.txt", site::CARDS))?;
            row("cards of the start page", cards, None);
            row("first picture of the start page", before + bytes + cards, Some(MOST_FOR_START));
        }
    }
    Ok(excess)
}

fn line(name: &str, sizes: Sizes) {
    let Sizes { raw, gzip, brotli } = sizes;
    println!("{name:<44} {raw:>10} {gzip:>10} {brotli:>10}");
}

fn gzip(bytes: &[u8]) -> Result<usize> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?.len())
}

fn brotli(mut bytes: &[u8]) -> Result<usize> {
    let mut packed = Vec::new();
    brotli::BrotliCompress(&mut bytes, &mut packed, &BrotliEncoderParams::default())?;
    Ok(packed.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repetition_packs_well() {
        let sizes = Sizes::of(&[b'a'; 10_000]).unwrap();
        assert_eq!(sizes.raw, 10_000);
        assert!(sizes.gzip < 100);
        assert!(sizes.brotli < sizes.gzip);
    }
}
