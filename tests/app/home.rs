use netsplit::cap::Cap;
use netsplit::home::{self, Home};
use netsplit::search::SYSTEMS;

use crate::{count, draw, near};

#[test]
fn each_lab_stands_in_a_chapter_with_its_question() {
    let html = draw::<Home>(());
    for about in labs::registry::ABOUT {
        let about = about();
        assert!(home::chapters().iter().any(|(title, _)| *title == about.chapter), "{}", about.id);
        let card = near(&html, &format!("data-testid=\"lab-{}\"", about.id));
        assert!(card.contains(&format!("href=\"#/lab/{}\"", about.id)), "{card}");
        assert!(card.contains(&about.title.to_string()), "{card}");
        // The summary is read with the card.
        assert!(html.contains(&format!("id=\"about-{}\"", about.id)), "{}", about.id);
    }
    for (title, question) in home::chapters() {
        assert!(html.contains(&format!("<h3>{title}</h3><p>{question}</p>")), "{title}");
    }
}

#[test]
fn the_first_view_says_what_to_begin_with() {
    let html = draw::<Home>(());
    assert_eq!(count(&html, "button primary"), 1);
    assert!(near(&html, "button primary").contains("#/lab/raft/minority-leader"));
    assert_eq!(count(&html, "begin here"), 1);
    assert!(near(&html, "data-testid=\"lab-raft\"").contains("begin here"));
}

#[test]
fn search_systems_words_and_what_is_ones_own_are_one_press_away() {
    let html = draw::<Home>(());
    let labs = labs::registry::ABOUT.len();
    let invites = format!("Search {labs} labs, lessons, words and systems");
    assert!(near(&html, "data-testid=\"search\"").contains(&invites));
    for system in SYSTEMS {
        assert_eq!(count(&html, &format!(">{system}</bdi>")), 1, "{system}");
    }
    for piece in
        ["href=\"#/courses\"", "href=\"#/words\"", "href=\"#/cap\"", "href=\"#/log\"", "data-testid=\"open-file\""]
    {
        assert_eq!(count(&html, piece), 1, "{piece}");
    }
}

/// Both figures of `#/cap` show the same clients on the same sides, under the same cut.
#[test]
fn cap_stands_side_by_side() {
    let html = draw::<Cap>(());
    assert_eq!(count(&html, "data-testid=\"caption\""), 2);
    for scenario in ["cap-consistent", "cap-available"] {
        assert_eq!(count(&html, &format!("data-testid=\"{scenario}\"")), 1);
        assert_eq!(count(&html, &format!("/{scenario}\"")), 1);
    }
    for id in ["cap-again", "cap-back", "cap-play", "cap-step", "cap-read", "cap-heal"] {
        assert_eq!(count(&html, &format!("data-testid=\"{id}\"")), 1, "{id}");
    }
    let (first, second) = html.split_once("data-testid=\"cap-available\"").unwrap();
    for client in ["C1", "C2"] {
        assert_eq!(side(first, client), side(second, client), "{client}");
    }
    assert_ne!(side(first, "C1"), side(first, "C2"));
}

/// Whether a node stands in the left half of its stage.
fn side(html: &str, node: &str) -> bool {
    let drawn = near(html, &format!("data-node=\"{node}\""));
    let x = drawn.split_once("translate(").unwrap().1.split([' ', ',']).next().unwrap();
    x.parse::<f64>().unwrap() < 300.0
}
