//! A real book, rendered by mdBook itself: with the element in its Markdown, and with a block that goes through the
//! preprocessor. The browser tests open what stands in the folder afterwards.

use std::fs;
use std::path::{Path, PathBuf};

use mdbook_driver::MDBook;
use mdbook_driver::config::Config;

/// Builds the book as `mdbook build` does, with the preprocessor as the program that it is.
fn build() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/book");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("book");
    let mut config = Config::from_disk(root.join("book.toml")).expect("a book.toml that mdBook understands");
    config.build.build_dir = folder.clone();
    config.set("preprocessor.netsplit.command", env!("CARGO_BIN_EXE_mdbook-netsplit")).expect("a setting");
    MDBook::load_with_config(root, config).and_then(|book| book.build()).expect("a book");
    folder
}

#[test]
fn a_book_holds_the_figures_and_prints_their_pictures() {
    let folder = build();
    let page = |name: &str| fs::read_to_string(folder.join(name)).unwrap_or_else(|_| panic!("there is no {name}"));
    let element = r#"<netsplit-lab lab="heartbeats" controls="step"><img src="https://example.org/netsplit/lab/heartbeats/picture.png""#;
    let block = r#"<netsplit-lab lab="raft" scenario="minority-leader" controls="step"><img src="https://example.org/netsplit/lab/raft/picture.png" alt="A leader on the small side of a cut"></netsplit-lab><figcaption>"#;
    let script = r#"src="https://example.org/netsplit/static/netsplit-lab.js""#;
    for (name, figure) in
        [("element.html", element), ("block.html", block), ("print.html", element), ("print.html", block)]
    {
        let html = page(name);
        assert!(html.contains(figure), "{name} has no {figure}: {html}");
        assert!(html.contains(script), "{name} does not load the element");
    }
    assert!(!page("block.html").contains("language-netsplit") && page("block.html").contains("language-toml"));
}
