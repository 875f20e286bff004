//! Texts with words that are explained, and a place where they are not.

use netsplit::caption;
use netsplit::glossary::{find, marked};
use netsplit::route::Route;
use sim::frame::{Caption, Weight};
use sim::t;

use crate::{count, draw_part};

/// Before the vocabulary has come, and where it never comes, texts are as they always were.
#[test]
fn without_a_vocabulary_texts_are_plain() {
    assert_eq!(draw_part(marked("A term begins.".into())), "A term begins.");
    assert!(find("term").is_empty());
    let said = Caption {
        headline: t!("S5 votes for S3"),
        detail: Some(t!("It has given no other vote")),
        node: None,
        weight: Weight::Telling,
    };
    for playing in [true, false] {
        let html = draw_part(caption::draw(&said, playing, playing));
        assert!(html.contains("<strong>S5 votes for S3.</strong> <span>It has given no other vote.</span>"), "{html}");
        assert_eq!(count(&html, "data-word"), 0);
    }
}

#[test]
fn addresses_of_words_are_read_as_they_are_written() {
    for (hash, route) in [
        ("#/words", Route::Words(None)),
        ("#/words/", Route::Words(None)),
        ("#/words/happened-before", Route::Words(Some("happened-before".into()))),
        ("#/words/quorum?lang=de", Route::Words(Some("quorum".into()))),
    ] {
        assert_eq!(Route::parse(hash), route, "{hash}");
    }
}
