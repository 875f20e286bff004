//! The English templates of all texts, found in the source.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

use crate::{folders, site};

/// Where texts are written.
const SOURCES: [&str; 5] = ["src", "crates/sim/src", "crates/parts/src", "crates/lessons/src", "crates/labs"];

/// Templates, each with where it stands.
pub type Templates = BTreeMap<String, Places>;

/// Where a template stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places {
    /// The files, relative to the root of the workspace.
    pub files: BTreeSet<String>,
    /// Whether it is on the name card of a lab, which is read before the lab is there.
    pub is_on_card: bool,
}

impl Places {
    /// The folders of the labs that it stands in: `raft`.
    pub fn labs(&self) -> BTreeSet<&str> {
        self.files.iter().filter_map(|file| lab(file)).collect()
    }

    /// Whether it is read where no lab is.
    pub fn is_on_screen(&self) -> bool {
        self.is_on_card || self.files.iter().any(|file| lab(file).is_none())
    }
}

/// The folder of the lab that a file belongs to: `crates/labs/CHAPTER/src/LAB/…`.
fn lab(file: &str) -> Option<&str> {
    match file.split('/').collect::<Vec<_>>()[..] {
        ["crates", "labs", _, "src", lab, _, ..] => Some(lab),
        _ => None,
    }
}

/// All templates of the workspace, without those of tests and of what new labs begin as.
pub fn all() -> Result<Templates> {
    let mut templates = Templates::new();
    for source in SOURCES {
        for file in site::files(&folders::root().join(source))? {
            let name = file.strip_prefix(folders::root())?.to_string_lossy().replace('\\', "/");
            if name.ends_with(".rs") && !is_unread(&file) {
                let text = fs::read_to_string(&file).with_context(|| format!("cannot read {name}"))?;
                let found = in_source(&text).with_context(|| format!("cannot understand {name}"))?;
                for (template, is_on_card) in found {
                    let places = templates.entry(template).or_default();
                    places.files.insert(name.clone());
                    places.is_on_card |= is_on_card;
                }
            }
        }
    }
    Ok(templates)
}

/// Whether a file has no texts that a visitor reads.
fn is_unread(file: &Path) -> bool {
    file.components().any(|part| matches!(part.as_os_str().to_str(), Some("tests" | "tests.rs" | "template")))
}

/// The templates of a source file, in their order, and of each whether it is on a name card.
fn in_source(source: &str) -> Result<Vec<(String, bool)>> {
    let tokens: TokenStream = source.parse().map_err(|problem| anyhow::anyhow!("it is no Rust: {problem}"))?;
    let mut found = Vec::new();
    collect(tokens, false, &mut found)?;
    Ok(found)
}

/// Goes through tokens rather than through syntax: texts stand in the arguments of other macros too, as in `html!`.
fn collect(tokens: TokenStream, is_on_card: bool, found: &mut Vec<(String, bool)>) -> Result<()> {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut rest = tokens.as_slice();
    let mut is_card = is_on_card;
    while let [first, after @ ..] = rest {
        rest = match (first, after) {
            (TokenTree::Punct(hash), [TokenTree::Group(attribute), after @ ..])
                if hash.as_char() == '#' && attribute.to_string().replace(' ', "") == "[cfg(test)]" =>
            {
                after_item(after)
            }
            (TokenTree::Ident(name), [TokenTree::Punct(mark), TokenTree::Group(arguments), ..])
                if name == "t" && mark.as_char() == '!' =>
            {
                found.extend(template(arguments)?.map(|template| (template, is_on_card)));
                after
            }
            _ => after,
        };
        if let TokenTree::Group(group) = first {
            collect(group.stream(), is_card, found)?;
        }
        is_card = is_on_card || matches!(first, TokenTree::Ident(name) if name == "About");
    }
    Ok(())
}

/// What follows an item: it ends with its braces or with a semicolon.
fn after_item(tokens: &[TokenTree]) -> &[TokenTree] {
    let ends = |token: &TokenTree| match token {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        TokenTree::Punct(mark) => mark.as_char() == ';',
        _ => false,
    };
    tokens.iter().position(ends).map_or(&[], |end| &tokens[end + 1..])
}

/// The template of `t!(…)`; none in the definition of the macro itself.
fn template(arguments: &Group) -> Result<Option<String>> {
    let Some(TokenTree::Literal(literal)) = arguments.stream().into_iter().next() else { return Ok(None) };
    let template = syn::parse_str::<syn::LitStr>(&literal.to_string())?.value();
    if template.contains(['\n', '\t']) {
        bail!("a template with a line break or a tab cannot stand in a catalogue: {template:?}");
    }
    // Nothing to read is the same everywhere; in a .po file it names the header.
    Ok(Some(template).filter(|template| !template.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_found_in_macros_and_not_in_tests() {
        let source = r##"
            // t!("not in a comment")
            fn draw() -> Html { html! { { t!("") } <p title={say(t!("one {n}", n = t!("two")))}>{ t!(
                "a long \
                 line with \"marks\""
            ) }</p> } }
            #[cfg(test)]
            use sim::t;
            const THREE: Text = t!(r#"three"#);
            #[cfg(test)]
            mod tests { fn test() { t!("never"); } }
            macro_rules! t { ($template:literal) => { Text::new($template) }; }
        "##;
        let found: Vec<String> = in_source(source).unwrap().into_iter().map(|(template, _)| template).collect();
        assert_eq!(found, ["one {n}", "two", "a long line with \"marks\"", "three"]);
    }

    #[test]
    fn a_text_belongs_to_the_screen_or_to_a_lab() {
        let source = r#"fn about() -> About { About { title: t!("Raft"), new_leader: Some(t!("elected")) } } fn vote() { t!("votes") }"#;
        let found = in_source(source).unwrap();
        assert_eq!(found, [("Raft".into(), true), ("elected".into(), true), ("votes".into(), false)]);
        let places = |files: &[&str], is_on_card| Places {
            files: files.iter().map(|file| file.to_string()).collect(),
            is_on_card,
        };
        let (lab, other) = ("crates/labs/agreement/src/raft/view.rs", "crates/labs/time/src/clocks/mod.rs");
        assert_eq!(places(&[lab, other], false).labs(), BTreeSet::from(["clocks", "raft"]));
        assert!(!places(&[lab, other], false).is_on_screen() && places(&[lab], true).is_on_screen());
        for shared in
            ["src/home.rs", "crates/labs/time/src/lib.rs", "crates/labs/src/registry.rs", "crates/parts/src/ring.rs"]
        {
            assert!(places(&[lab, shared], false).is_on_screen(), "{shared}");
        }
    }

    #[test]
    fn a_template_is_one_line() {
        assert!(in_source(r#"t!("two\nlines")"#).is_err());
        assert!(in_source("fn (").is_err());
    }
}
