//! index.html for a static host: what Trunk would do with its own links, without Trunk.

use std::collections::BTreeMap;

use anyhow::{Result, bail};

use crate::split::Parts;

/// What a page of the folder may load and run. Trunk's server brings scripts of its own, so the source page has no policy.
pub const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    img-src 'self' data: blob:; connect-src 'self'; frame-src 'self'; worker-src 'self' blob:; manifest-src 'self'; \
    base-uri 'none'; form-action 'none'";

/// The line that a policy stands below: nothing that it forbids may come before it.
const FIRST: &str = "<meta charset=\"utf-8\" />\n";

/// Turns the source page into the page of a build: Trunk's links go, the app's start comes, with how many labs are
/// translated into each language, and which have an article.
///
/// A link of Trunk's stands on a line of its own.
pub fn assemble(
    source: &str,
    app: &str,
    parts: &Parts,
    translated: &BTreeMap<String, usize>,
    articles: &[String],
) -> Result<String> {
    let mut page = String::new();
    let mut started = false;
    for line in source.lines() {
        if !line.contains("<link data-trunk") {
            page.push_str(line);
            page.push('\n');
        } else if line.contains(r#"rel="rust""#) {
            page.push_str(&start(app, parts, translated, articles));
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

/// Puts a policy in the head of a page.
pub fn with_policy(page: &str, policy: &str) -> Result<String> {
    let Some((before, after)) = page.split_once(FIRST) else {
        bail!("the page has no line {FIRST}, and the policy has to stand below it");
    };
    Ok(format!("{before}{FIRST}    <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\" />\n{after}"))
}

/// The name of a page's app, and its parts.
pub fn named(page: &str) -> Option<(String, Parts)> {
    let content = |name: &str, quote: char| {
        let (_, rest) = page.split_once(&format!("<meta name=\"netsplit-{name}\" content={quote}"))?;
        rest.split(quote).next()
    };
    let app = content("module", '"')?.strip_prefix("./")?.strip_suffix("_bg.wasm")?;
    Some((app.to_string(), serde_json::from_str(content("parts", '\'')?).ok()?))
}

/// The script that starts the app, kept in a file of its own, since the policy forbids inline scripts.
pub fn starter(app: &str) -> String {
    format!(
        r#""use strict";
document.getElementById("glue").addEventListener("load", async () => {{
  // static/boot.js says when: a figure in another page waits until somebody is about to see it.
  await globalThis.netsplitInSight;
  wasm_bindgen({{ module_or_path: globalThis.netsplitModule ?? fetch("./{app}_bg.wasm") }});
}});
"#
    )
}

fn start(app: &str, parts: &Parts, translated: &BTreeMap<String, usize>, articles: &[String]) -> String {
    let articles = articles.join(" ");
    let (parts, translated) = (serde_json::json!(parts), serde_json::json!(translated));
    // A plain preload would be followed in a figure far below the fold too: static/boot.js begins to fetch it instead.
    format!(
        r#"    <meta name="netsplit-module" content="./{app}_bg.wasm" />
    <meta name="netsplit-parts" content='{parts}' />
    <meta name="netsplit-languages" content='{translated}' />
    <meta name="netsplit-articles" content="{articles}" />
    <script defer src="./{app}.start.js"></script>
    <script defer id="glue" src="./{app}.js"></script>
"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = r#"<head>
    <meta charset="utf-8" />
    <link rel="stylesheet" href="static/page.css" />
    <link data-trunk rel="copy-dir" href="static" />
    <link data-trunk rel="rust" data-wasm-opt="z" />
</head>
"#;

    #[test]
    fn trunk_links_become_the_start_of_the_app() {
        let page = assemble(SOURCE, "netsplit-1", &Parts::default(), &BTreeMap::new(), &[]).unwrap();
        assert!(page.contains(r#"<link rel="stylesheet" href="static/page.css" />"#));
        assert!(page.contains(r#"<script defer src="./netsplit-1.start.js"></script>"#));
        assert!(!page.contains("data-trunk"));
    }

    #[test]
    fn a_page_names_its_app_and_parts() {
        let parts = Parts::from([("raft".to_string(), vec!["netsplit-1-split_raft.wasm".to_string()])]);
        let page = assemble(SOURCE, "netsplit-1", &parts, &BTreeMap::new(), &[]).unwrap();
        assert_eq!(named(&page), Some(("netsplit-1".to_string(), parts)));
        assert_eq!(named(SOURCE), None);
    }

    #[test]
    fn a_policy_stands_above_all_that_it_rules() {
        let page = with_policy(SOURCE, POLICY).unwrap();
        let (before, after) = page.split_once("http-equiv").expect("a policy");
        assert!(!before.contains("link") && after.contains("stylesheet"));
    }

    #[test]
    fn a_page_that_never_starts_is_refused() {
        assert!(assemble("<head></head>", "netsplit-1", &Parts::default(), &BTreeMap::new(), &[]).is_err());
    }

    #[test]
    fn a_link_that_only_trunk_understands_is_refused() {
        let source = SOURCE.replace("copy-dir", "tailwind-css");
        assert!(assemble(&source, "netsplit-1", &Parts::default(), &BTreeMap::new(), &[]).is_err());
    }

    #[test]
    fn the_workspace_page_is_understood() {
        assert!(
            assemble(include_str!("../../index.html"), "netsplit-1", &Parts::default(), &BTreeMap::new(), &[]).is_ok()
        );
    }
}
