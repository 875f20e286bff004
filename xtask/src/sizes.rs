//! What a visitor downloads.

use std::fs;
use std::io::Write;
use std::ops::AddAssign;
use std::path::Path;

use anyhow::Result;
use brotli::enc::BrotliEncoderParams;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::site;

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

/// Prints the size of every file of a site, and of all together.
pub fn print(folder: &Path) -> Result<()> {
    let mut total = Sizes::default();
    println!("{:<44} {:>10} {:>10} {:>10}", "file", "raw", "gzip", "brotli");
    for file in site::files(folder)? {
        let sizes = Sizes::of(&fs::read(&file)?)?;
        line(&file.strip_prefix(folder)?.display().to_string(), sizes);
        total += sizes;
    }
    line("total", total);
    println!("The site is in {}.", folder.display());
    Ok(())
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
