//! index.html for a static host: what Trunk would do with its own links, without Trunk.

use anyhow::{Result, bail};

/// Turns the source page into the page of a build: Trunk's links go, the app's start comes.
///
/// A link of Trunk's stands on a line of its own.
pub fn assemble(source: &str, app: &str) -> Result<String> {
    let mut page = String::new();
    let mut started = false;
    for line in source.lines() {
        if !line.contains("<link data-trunk") {
            page.push_str(line);
            page.push('\n');
        } else if line.contains(r#"rel="rust""#) {
            page.push_str(&start(app));
            started = true;
        } else if !line.contains(r#"rel="copy-dir" href="static""#) {
            bail!(
                "index.html has a link that only Trunk understands; teach xtask/src/page.rs about it: {}",
                line.trim()
            );
        }
    }
    if !started {
        bail!(r#"index.html has no line with <link data-trunk rel="rust">: the app would never start"#);
    }
    Ok(page)
}

/// The script that starts the app, kept in a file of its own so that a page may forbid inline scripts.
pub fn starter(app: &str) -> String {
    format!(
        r#"// static/boot.js says when: a figure in another page waits until somebody is about to see it.
await globalThis.netsplitInSight;
const module_or_path = fetch(new URL("./{app}_bg.wasm", import.meta.url));
const {{ default: start }} = await import("./{app}.js");
await start({{ module_or_path }});
"#
    )
}

fn start(app: &str) -> String {
    // No preload: the browser would follow it in a figure far below the fold too.
    format!("    <script type=\"module\" src=\"./{app}.start.js\"></script>\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = r#"<head>
    <link rel="stylesheet" href="static/style.css" />
    <link data-trunk rel="copy-dir" href="static" />
    <link data-trunk rel="rust" data-wasm-opt="z" />
</head>
"#;

    #[test]
    fn trunk_links_become_the_start_of_the_app() {
        let page = assemble(SOURCE, "netsplit-1").unwrap();
        assert!(page.contains(r#"<link rel="stylesheet" href="static/style.css" />"#));
        assert!(page.contains(r#"<script type="module" src="./netsplit-1.start.js"></script>"#));
        assert!(!page.contains("data-trunk"));
    }

    #[test]
    fn a_page_that_never_starts_is_refused() {
        assert!(assemble("<head></head>", "netsplit-1").is_err());
    }

    #[test]
    fn a_link_that_only_trunk_understands_is_refused() {
        let source = SOURCE.replace("copy-dir", "tailwind-css");
        assert!(assemble(&source, "netsplit-1").is_err());
    }

    #[test]
    fn the_workspace_page_is_understood() {
        assert!(assemble(include_str!("../../index.html"), "netsplit-1").is_ok());
    }
}
