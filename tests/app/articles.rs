//! Articles: beside the stage, and the moments that they speak of.

use std::fs;
use std::path::{Path, PathBuf};

use lessons::Article;
use lessons::article::SECTIONS;
use netsplit::article::moments::moment;
use netsplit::article::panel;
use netsplit::lab_page::{LabPage, LabPageProps, Source, Start};
use netsplit::looks::Looks;
use netsplit::route::{NOTES, Route};
use sim::SharedMoment;
use yew::{AttrValue, Callback};

use crate::{count, draw, draw_part, near};

fn article(lede: &str) -> Article {
    let sections: String = SECTIONS.iter().map(|section| format!("## {section}\n\nHere.\n\n")).collect();
    let text = format!("---\nlab: raft\n---\n\n# Raft & friends\n\n{lede}\n\n{sections}");
    Article::read(&text).unwrap().remove(0)
}

fn drawn(lede: &str, last: Option<&str>) -> String {
    let last = last.map(|last| AttrValue::from(last.to_string()));
    draw_part(panel::draw(&article(lede), last.as_ref(), &Callback::noop()))
}

#[test]
fn an_article_has_headings_below_that_of_the_page() {
    let html = drawn("First.", None);
    assert!(
        html.contains("<h2 id=\"article-title\">Raft &amp; friends</h2>") && html.contains("<p>First.</p>"),
        "{html}"
    );
    assert_eq!(count(&html, "<h3 "), SECTIONS.len());
    assert!(html.contains("<h3 id=\"article-in-real-systems\" tabindex=\"-1\">In real systems</h3>"));
    // Each has a button that leads to it.
    assert!(html.contains("<button type=\"button\" data-section=\"in-real-systems\">In real systems</button>"));
    assert_eq!(count(&html, "data-section="), SECTIONS.len());
    // It is English, whatever the page is written in.
    assert!(html.contains("lang=\"en\" dir=\"ltr\""));
}

#[test]
fn moments_are_buttons_and_the_last_one_is_marked() {
    let text = "See [a vote](moment:scenario split-vote).\n\n[Two *lead* at once](moment:scenario minority-leader; run 200 ms)";
    let html = drawn(text, Some("scenario split-vote"));
    assert_eq!(count(&html, "data-testid=\"moment\""), 2);
    assert_eq!(count(&html, "aria-current=\"true\""), 1);
    let figure = near(&html, "<figure>");
    assert!(figure.contains("See it</button><figcaption>Two <em>lead</em> at once</figcaption></figure>"), "{figure}");
}

#[test]
fn links_lead_where_they_say() {
    let text = "[a](https://example.org) [b](lesson:raft-two-leaders) [c](word:term) `x` **d**\n\n1. e\n2. f\n\n| g | h |\n|---|---|\n| i | j |";
    let html = drawn(text, None);
    for piece in [
        "<a href=\"https://example.org\" target=\"_blank\" rel=\"noopener\">a</a>",
        "<a href=\"#/lesson/raft-two-leaders\">b</a>",
        // There is no vocabulary here.
        " c <code>x</code> <strong>d</strong>",
        "<ol><li>e</li><li>f</li></ol>",
        "<th scope=\"col\">g</th>",
        "<td>i</td>",
    ] {
        assert!(html.contains(piece), "{piece} in {html}");
    }
}

#[test]
fn an_article_opens_beside_the_first_scenario() {
    let start = Start::Notes;
    let props =
        LabPageProps { source: Source::Lab("raft".into()), start, on_close: Callback::noop(), looks: Looks::default() };
    let html = draw::<LabPage>(props);
    assert_eq!(count(&html, "class=\"article\""), 1);
    assert_eq!(count(&html, "data-testid=\"event-counter\""), 1);
    assert_eq!(count(&html, "data-testid=\"side\""), 0, "it takes the place of the side");
    assert!(!html.contains("This lab has no scenario"), "{html}");
    assert_eq!(Route::parse("#/lab/raft/notes?lang=de"), Route::Notes { lab: "raft".into() });
}

#[test]
fn no_scenario_has_the_address_of_the_article() {
    for lab in labs::registry::LABS {
        assert!(lab.scenarios().iter().all(|card| card.name != NOTES), "{}", lab.about().id);
    }
}

/// All articles of the labs' folders.
fn articles() -> Vec<Article> {
    let inside = |folder: PathBuf| fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let labs = Path::new(env!("CARGO_MANIFEST_DIR")).join("crates/labs");
    let notes = inside(labs).flat_map(|chapter| inside(chapter.join("src"))).map(|lab| lab.join("notes.md"));
    let texts = notes.filter(|notes| notes.is_file()).map(|notes| fs::read_to_string(notes).unwrap());
    texts.flat_map(|text| Article::read(&text).unwrap_or_else(|mistakes| panic!("{mistakes:?}"))).collect()
}

#[test]
fn moments_that_articles_speak_of_are_there() {
    let mut problems = Vec::new();
    for article in articles() {
        assert!(labs::registry::about(&article.lab).is_ok(), "there is no lab {}", article.lab);
        for said in article.moments() {
            match moment(&article.lab, &said, "") {
                Ok(moment) => {
                    let read = SharedMoment::read(&moment.link()).expect("a link");
                    let mut session = labs::registry::open(&article.lab).unwrap();
                    session.load(&read.scenario).unwrap();
                    session.seek(read.scenario.cursor);
                    problems
                        .extend(read.compare(&mut *session).err().map(|why| format!("{}: {said}: {why}", article.lab)));
                }
                Err(why) => problems.push(format!("{}: {said}: {why}", article.lab)),
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn a_moment_that_cannot_be_is_answered_with_a_sentence() {
    for said in ["scenario no-such-scenario", "run 5 bananas"] {
        assert!(moment("raft", said, "").is_err(), "{said}");
    }
    let title = |said: &str| moment("raft", "scenario split-vote", said).unwrap().title;
    assert_eq!(title("Nobody has a majority"), "Nobody has a majority");
    for said in ["See it", &"five servers ask for votes ".repeat(3)] {
        assert_eq!(title(said), "A split vote");
    }
}
