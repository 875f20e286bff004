//! The page of a release, with what it names inside. A visit to the folder asks for three files: the page, the app's
//! glue and its module. The app as one file has those inside too: it opens from a disk and asks nobody for anything.

use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result, bail};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

use crate::{articles, courses, languages, page, site, styles, teaching, words};

/// The name of the app as one file.
pub const SINGLE: &str = "netsplit.html";

/// Starts the module that stands packed in the page, without a request. The app then replaces the body, and the packed
/// module with it; the other parts and all texts stay in the head.
const STARTER: &str = r#""use strict";
(() => {
  const unpack = (id) => {
    const letters = atob(document.getElementById(id).textContent);
    // A plain loop: it takes a tenth of the time of Uint8Array.from.
    const packed = new Uint8Array(letters.length);
    for (let at = 0; at < letters.length; at += 1) packed[at] = letters.charCodeAt(at);
    return new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  };
  globalThis.netsplitPart = (file) => new Response(unpack(file)).arrayBuffer();
  globalThis.netsplitText = (file) => new Response(unpack(file)).text();
  const headers = { "Content-Type": "application/wasm" };
  wasm_bindgen({ module_or_path: new Response(unpack("module"), { headers }) });
})();
"#;

/// What stands in the page beside styles and small scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// Nothing: glue, module and pictures are files of the folder.
    Small,
    /// Everything.
    Whole,
}

/// Makes the page of a folder's page and of what that names.
pub fn build(folder: &Path, extent: Extent) -> Result<String> {
    let source = fs::read_to_string(folder.join("index.html")).context("cannot read the page of the site")?;
    let mut page =
        Page { folder, extent, scripts: Vec::new(), styles: Vec::new(), head: String::new(), body: String::new() };
    let Some((head, rest)) = source.split_once("  </head>\n") else { bail!("the page has no head") };
    for line in head.lines() {
        page.take(line)?;
    }
    let Page { head, body, .. } = &page;
    // Scripts that stand in the page run at once: deferred ones stand below what they look for.
    let rest = rest.replacen("  </body>", &format!("{body}  </body>"), 1);
    page::with_policy(&format!("{head}  </head>\n{rest}"), &page.policy())
}

struct Page<'a> {
    folder: &'a Path,
    extent: Extent,
    scripts: Vec<String>,
    styles: Vec<String>,
    head: String,
    body: String,
}

impl Page<'_> {
    /// Takes over a line of the head, with what it names put in its place.
    fn take(&mut self, line: &str) -> Result<()> {
        let is_whole = self.extent == Extent::Whole;
        match (attribute(line, "href").or_else(|| attribute(line, "src")), attribute(line, "rel")) {
            // Those of parts.
            (Some(_), Some("stylesheet")) if line.contains(" disabled ") && !is_whole => self.keep(line),
            (Some(file), Some("stylesheet")) => self.add_style(&self.read(file)?)?,
            (Some(file), Some("icon")) if is_whole => {
                let data = BASE64_STANDARD.encode(self.bytes(file)?);
                self.keep(&line.replace(file, &format!("data:image/svg+xml;base64,{data}")));
            }
            // An installed app needs a server.
            (Some(_), Some("manifest" | "apple-touch-icon")) if is_whole => {}
            (Some(_), Some("icon" | "manifest" | "apple-touch-icon")) => self.keep(line),
            (Some(file), None) if file.ends_with(".start.js") && is_whole => {
                let app = file.trim_start_matches("./").trim_end_matches(".start.js");
                let module = format!("{app}_bg.wasm");
                self.body.push_str(&packed("module", &self.bytes(&module)?)?);
                for name in site::names(self.folder)? {
                    if name.ends_with(".wasm") && name != module {
                        self.head.push_str(&packed(&name, &self.bytes(&name)?)?);
                    }
                }
                for folder in
                    [languages::FOLDER, site::CARDS, words::FOLDER, articles::FOLDER, teaching::FOLDER, courses::FOLDER]
                {
                    for file in site::files(&self.folder.join(folder))? {
                        let name = site::name(&file, self.folder)?;
                        if !name.contains(languages::PSEUDO) {
                            self.head.push_str(&packed(&name, &fs::read(&file)?)?);
                        }
                    }
                }
                self.add_script(STARTER)?;
            }
            (Some(file), None) if attribute(line, "id") == Some("glue") => match self.extent {
                Extent::Small => self.keep(line),
                // A worker needs it too, and the app replaces the body.
                Extent::Whole => self.add_first_script(" id=\"glue\"", &self.read(file)?)?,
            },
            (Some(file), None) if line.contains("<script defer") => self.add_script(&self.read(file)?)?,
            (Some(file), None) if line.contains("<script") => self.add_first_script("", &self.read(file)?)?,
            (Some(file), _) => bail!("the page names {file}; teach xtask/src/inline.rs how to put it into the page"),
            // Nothing is fetched in the one file.
            (None, _) if line.contains("netsplit-module") && is_whole => {}
            (None, _) => self.keep(line),
        }
        Ok(())
    }

    fn keep(&mut self, line: &str) {
        self.head.push_str(line);
        self.head.push('\n');
    }

    fn bytes(&self, file: &str) -> Result<Vec<u8>> {
        fs::read(self.folder.join(file)).with_context(|| format!("cannot read {file}"))
    }

    fn read(&self, file: &str) -> Result<String> {
        Ok(String::from_utf8(self.bytes(file)?)?)
    }

    fn add_style(&mut self, text: &str) -> Result<()> {
        // url(#name) points at a part of the page itself.
        if text.contains("</style") || text.replace("url(#", "").contains("url(") {
            bail!("a stylesheet with </style or with the url of a file cannot stand in a page that loads nothing");
        }
        let text = styles::bare(text)?;
        self.styles.push(source(&text));
        self.head.push_str(&format!("    <style>{text}</style>\n"));
        Ok(())
    }

    fn add_script(&mut self, text: &str) -> Result<()> {
        let element = self.script("", text)?;
        self.body.push_str(&element);
        Ok(())
    }

    /// A script that does not wait for the page stands where it was named.
    fn add_first_script(&mut self, attributes: &str, text: &str) -> Result<()> {
        let element = self.script(attributes, text)?;
        self.head.push_str(&element);
        Ok(())
    }

    fn script(&mut self, attributes: &str, text: &str) -> Result<String> {
        if text.contains("</script") || text.contains("<!--") {
            bail!("a script with </script or <!-- cannot stand in a page");
        }
        self.scripts.push(source(text));
        Ok(format!("    <script{attributes}>{text}</script>\n"))
    }

    /// The scripts and styles that stand in the page, what the folder holds, and for the one file no request at all.
    fn policy(&self) -> String {
        let (scripts, styles) = (self.scripts.join(" "), self.styles.join(" "));
        match self.extent {
            Extent::Small => page::POLICY
                .replace("script-src 'self'", &format!("script-src 'self' {scripts}"))
                .replace("style-src 'self'", &format!("style-src 'self' {styles}")),
            Extent::Whole => format!(
                "default-src 'none'; script-src {scripts} 'wasm-unsafe-eval'; style-src {styles}; img-src data: blob:; \
                 worker-src blob:; base-uri 'none'; form-action 'none'"
            ),
        }
    }
}

/// How a policy names a script or a style that stands in a page.
fn source(text: &str) -> String {
    format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(text)))
}

/// Data in a script that is none.
fn packed(id: &str, bytes: &[u8]) -> Result<String> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    packer.write_all(bytes)?;
    let data = BASE64_STANDARD.encode(packer.finish()?);
    Ok(format!("    <script type=\"application/octet-stream\" id=\"{id}\">{data}</script>\n"))
}

fn attribute<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    line.split_once(&format!(" {name}=\""))?.1.split('"').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attribute_is_found_by_its_name() {
        let line = r#"    <script defer id="glue" src="./a.js"></script>"#;
        assert_eq!(
            (attribute(line, "src"), attribute(line, "id"), attribute(line, "rel")),
            (Some("./a.js"), Some("glue"), None)
        );
    }

    /// The example of the specification: Content Security Policy Level 3, section 8.4.
    #[test]
    fn a_script_is_named_by_its_hash() {
        assert_eq!(source("alert('Hello, world.');"), "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='");
    }
}
