//! The stylesheets of parts: in a release each is fetched with the first part that needs it. It keeps its place among the
//! others, in which what holds for all of them stands too.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::folders;
use crate::split::Parts;

/// How the page names a stylesheet that only parts need.
const LINK: &str = "<link rel=\"stylesheet\" href=\"static/";

/// What stands between its name and those of the parts.
const NEEDED_BY: &str = ".css\" data-parts=\"";

/// Writes the stylesheets of parts beside these, names them among their files, and gives back the page, which waits with
/// them: what is disabled is not fetched (`parts.js` enables it).
pub fn add(page: &str, app: &str, site: &Path, parts: &mut Parts) -> Result<String> {
    let mut waiting = String::new();
    for line in page.lines() {
        let style = line.trim_start().strip_prefix(LINK).and_then(|rest| rest.split_once(NEEDED_BY));
        let Some((name, rest)) = style else {
            waiting.push_str(line);
            waiting.push('\n');
            continue;
        };
        let file = format!("{app}-{name}.css");
        for part in rest.split('"').next().unwrap_or_default().split(' ') {
            let files = parts.get_mut(part).with_context(|| format!("{name}.css is for {part}, which is no part"))?;
            files.push(file.clone());
        }
        let source = folders::root().join("static").join(format!("{name}.css"));
        let text = fs::read_to_string(&source).with_context(|| format!("cannot read {}", source.display()))?;
        fs::write(site.join(&file), bare(&text)?)?;
        waiting.push_str(&format!("    <link rel=\"stylesheet\" disabled href=\"./{file}\" />\n"));
    }
    Ok(waiting)
}

/// A style without what only its authors read: comments, and how far lines are indented.
pub fn bare(style: &str) -> Result<String> {
    let (mut kept, mut rest) = (String::new(), style);
    while let Some((before, comment)) = rest.split_once("/*") {
        kept.push_str(before);
        rest = comment.split_once("*/").context("a comment in a stylesheet does not end")?.1;
    }
    kept.push_str(rest);
    let lines: Vec<&str> = kept.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    Ok(lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_style_is_bare_without_its_comments() {
        let style = "/* What it is\n   about. */\na {\n  color: red; /* why */\n}\n\n/**/b{}";
        assert_eq!(bare(style).unwrap(), "a {\ncolor: red;\n}\nb{}");
        assert!(bare("a {} /* b").is_err());
    }

    #[test]
    fn a_style_waits_for_the_parts_that_need_it() {
        let site = folders::scratch("styles-of-a-test");
        fs::create_dir_all(&site).unwrap();
        let page = "    <link rel=\"stylesheet\" href=\"static/page.css\" />\n    \
                    <link rel=\"stylesheet\" href=\"static/log.css\" data-parts=\"log marks\" />\n";
        let waiting = "    <link rel=\"stylesheet\" href=\"static/page.css\" />\n    \
                       <link rel=\"stylesheet\" disabled href=\"./netsplit-1-log.css\" />\n";
        let mut parts = Parts::from(["log", "marks", "write"].map(|part| (part.to_string(), Vec::new())));
        assert_eq!(add(page, "netsplit-1", &site, &mut parts).unwrap(), waiting);
        let style = "netsplit-1-log.css".to_string();
        assert_eq!((&parts["log"], &parts["marks"]), (&vec![style.clone()], &vec![style.clone()]));
        assert!(parts["write"].is_empty());
        assert!(fs::read_to_string(site.join(style)).unwrap().starts_with(".log-page {"));
        parts.remove("marks");
        assert!(add(page, "netsplit-1", &site, &mut parts).is_err());
    }
}
