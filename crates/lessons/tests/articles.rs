//! How articles are read, and all that stand in the folders of labs.

use std::fs;
use std::path::{Path, PathBuf};

use lessons::article::{Manuscript, SECTIONS};
use lessons::prose::{Block, Inline, Target, plain};
use lessons::{Article, Prose, Vocabulary};

/// How many words an article has (LESSONS, section 4).
const WORDS: std::ops::RangeInclusive<usize> = 600..=1_200;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The `notes.md` of all labs, with their texts.
fn files() -> Vec<(String, String)> {
    let folders = |folder: PathBuf| {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        let mut folders: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
        folders.sort();
        folders
    };
    let labs = folders(root().join("crates/labs")).into_iter().flat_map(|chapter| folders(chapter.join("src")));
    let notes = labs.map(|lab| lab.join("notes.md")).filter(|notes| notes.is_file());
    notes.map(|notes| (notes.display().to_string(), fs::read_to_string(&notes).unwrap())).collect()
}

/// All articles, each with its file.
fn articles() -> Vec<(String, Article)> {
    let read = |(file, text): (String, String)| match Article::read(&text) {
        Ok(articles) => articles.into_iter().map(|article| (file.clone(), article)).collect::<Vec<_>>(),
        Err(mistakes) => panic!("{}", mistakes.iter().map(|mistake| format!("{file}:{mistake}\n")).collect::<String>()),
    };
    files().into_iter().flat_map(read).collect()
}

#[test]
fn articles_are_neither_long_nor_short() {
    for (file, article) in articles() {
        let count = article.words();
        assert!(
            WORDS.contains(&count),
            "{file}:{}: {} has {count} words before its sources",
            article.line,
            article.lab
        );
    }
}

#[test]
fn each_lab_has_one_article_at_most() {
    let mut labs: Vec<String> = articles().into_iter().map(|(_, article)| article.lab).collect();
    labs.sort();
    let count = labs.len();
    labs.dedup();
    assert_eq!(labs.len(), count, "{labs:?}");
}

#[test]
fn words_that_articles_lead_to_are_explained() {
    let vocabulary = Vocabulary::read(&fs::read_to_string(root().join("lessons/words.md")).unwrap()).unwrap();
    for (file, article) in articles() {
        for target in article.prose.targets() {
            if let Target::Word(slug) = target {
                assert!(vocabulary.at(&slug).is_some(), "{file}: {}: there is no word {slug}", article.lab);
            }
        }
    }
}

#[test]
fn an_article_shows_moments() {
    for (file, article) in articles() {
        assert!(!article.moments().is_empty(), "{file}: {} leads to no moment", article.lab);
    }
}

fn article(lab: &str, lede: &str) -> String {
    let sections: String = SECTIONS.iter().map(|section| format!("## {section}\n\nHere.\n\n")).collect();
    format!("---\nlab: {lab}\n---\n\n# The title\n\n{lede}\n\n{sections}")
}

#[test]
fn a_file_has_articles_one_after_the_other() {
    let file = article("lamport-clocks", "*One* number.") + &article("vector-clocks", "A `list` of them.");
    let articles = Article::read(&file).unwrap();
    let of = |article: &Article| (article.lab.clone(), article.title.clone(), article.summary.clone(), article.line);
    let expected = [("lamport-clocks", "One number.", 1), ("vector-clocks", "A list of them.", 37)];
    let expected = expected.map(|(lab, summary, line)| (lab.into(), "The title".into(), summary.into(), line));
    assert_eq!(articles.iter().map(of).collect::<Vec<_>>(), expected);
    assert_eq!(articles[0].contents()[3], ("in-real-systems", "In real systems".to_string()));
    // What each says comes back from what stands in the file.
    for (manuscript, article) in Manuscript::all(&file).unwrap().iter().zip(articles) {
        assert_eq!(Article::read(manuscript.text).unwrap()[0].prose, article.prose);
        assert_eq!(manuscript.lab, article.lab);
    }
}

#[test]
fn what_an_article_lacks_is_said() {
    let mistakes =
        |text: &str| Article::read(text).unwrap_err().iter().map(|one| format!("{one}\n")).collect::<String>();
    let text = article("raft", "Here.");
    assert_eq!(mistakes("# Raft\n"), "1:1: an article begins with ---, lab: NAME, and --- again\n");
    assert_eq!(mistakes(&text.replace("lab: raft", "level: beginner")), "2:1: there is no key level; there are: lab\n");
    assert_eq!(mistakes(&text.replace("lab: raft\n", "")), "1:1: the head wants a line “lab: …”\n");
    assert_eq!(mistakes(&text.replace("# The title\n", "")), "4:1: the article has no title: # What it is called\n");
    assert_eq!(
        mistakes(&text.replace("## Why\n", "").replace("## Words\n", "")),
        "1:1: the article has no section Why, Words\n"
    );
    assert_eq!(
        mistakes(&text.replace("## Why\n", "## Why\n\n## And\n")),
        "1:1: no article has a section And: make it ###\n"
    );
    assert_eq!(
        mistakes(&text.replace("## Why\n", "## X\n").replace("## Words\n", "## Why\n").replace("## X\n", "## Words\n")),
        "1:1: the sections stand in another order; it is What it is, Why, How it works, In real systems, What goes wrong, Words, Sources\n"
    );
}

fn prose(text: &str) -> Vec<Block> {
    Prose::read(text, 1).unwrap_or_else(|mistakes| panic!("{mistakes:?}")).blocks
}

fn text(said: &str) -> Inline {
    Inline::Text(said.to_string())
}

#[test]
fn prose_is_read_into_blocks() {
    let blocks = prose(
        "A *quick* **look** at `x`,\nin two lines.\n\n### In detail\n\n3. One.\n4. Two\n   - and a half\n\n| a | b |\n|---|---|\n| c | *d* |\n\n```\nx = 1\n```\n",
    );
    let [
        Block::Paragraph(first),
        Block::Heading { level: 3, slug, .. },
        Block::List { first: Some(3), items },
        table,
        code,
    ] = blocks.as_slice()
    else {
        panic!("{blocks:?}")
    };
    assert_eq!(plain(first), "A quick look at x, in two lines.");
    assert_eq!(first[1], Inline::Emphasis(vec![text("quick")]));
    assert_eq!(slug, "in-detail");
    assert_eq!(items[1][0], Block::Paragraph(vec![text("Two")]));
    assert!(matches!(items[1][1], Block::List { first: None, .. }));
    let cells = |cells: [&str; 2]| cells.map(|cell| vec![text(cell)]).to_vec();
    let row = vec![vec![text("c")], vec![Inline::Emphasis(vec![text("d")])]];
    assert_eq!(table, &Block::Table { head: cells(["a", "b"]), rows: vec![row] });
    assert_eq!(code, &Block::Code("x = 1\n".to_string()));
}

#[test]
fn links_lead_to_words_lessons_moments_and_the_web() {
    let text = "[a](word:happened-before) [b](lesson:raft-two-leaders) [c](moment:scenario x; cut A -> B; run until role(B) = \
                leader) [d](readme:) [e](https://example.org/f_(g)) [f](<word:Happened before>)";
    let targets = Prose::read(text, 1).unwrap().targets();
    let expected = [
        Target::Word("happened-before".into()),
        Target::Lesson("raft-two-leaders".into()),
        Target::Moment("scenario x; cut A -> B; run until role(B) = leader".into()),
        Target::Readme,
        Target::Address("https://example.org/f_(g)".into()),
        Target::Word("happened-before".into()),
    ];
    assert_eq!(targets, expected);
}

#[test]
fn a_moment_that_stands_alone_is_a_figure() {
    let blocks = prose(
        "[*Two* lead](moment:scenario minority-leader;\nrun 200 ms)\n\nSee [it](moment:start).\n\n- [It](moment:start)",
    );
    let caption = vec![Inline::Emphasis(vec![text("Two")]), text(" lead")];
    assert_eq!(blocks[0], Block::Figure { moment: "scenario minority-leader; run 200 ms".into(), caption });
    assert!(matches!(&blocks[1..], [Block::Paragraph(_), Block::List { .. }]));
}

#[test]
fn mistakes_of_prose_say_where_they_are() {
    let mistakes = |text: &str| {
        let mistakes = Prose::read(text, 10).unwrap_err();
        mistakes
            .iter()
            .map(|mistake| format!("{}:{} {}", mistake.line, mistake.column, mistake.sentence))
            .collect::<Vec<_>>()
    };
    let html = "there is no HTML in prose: write Markdown, and < as \\<";
    assert_eq!(mistakes("Ä <b>x\n\n<div>\ny\n</div>"), [format!("10:3 {html}"), format!("12:1 {html}")]);
    assert_eq!(
        mistakes("x\n[a](ftp://b) ![p](https://x.org/p.png)"),
        [
            "11:1 “ftp://b” is no address that is known here: there are https://…, word:…, lesson:…, moment:… and readme:",
            "11:14 there are no pictures in prose: show a moment, [caption](moment:…)",
        ]
    );
    assert_eq!(mistakes("[a](word:)"), ["10:1 word: leads nowhere: say which word behind the colon"]);
    assert_eq!(mistakes("[a](http://b.org)"), ["10:1 links lead to https:// addresses, and this one says http"]);
    let lost = "this looks like a link and is none: write [text](address), the address without blanks";
    assert_eq!(
        mistakes("see [a *b*](word:safe method) and\n[c](word:d e)"),
        [format!("10:11 {lost}"), format!("11:3 {lost}")]
    );
    assert_eq!(mistakes("a [b] (c) `[d](e f)`\n\n```\n[g](h i)\n```\n[x](http://b.org)").len(), 1);
    assert_eq!(mistakes("a\n\n***\n"), ["12:1 there is no rule in prose: begin a section with ##"]);
    assert_eq!(mistakes("> a\n"), ["10:1 there are no quotations with > in prose: write a paragraph"]);
}
