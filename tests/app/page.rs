use netsplit::lab_page::{LabPage, LabPageProps, Source, Start};
use netsplit::looks::Looks;
use yew::Callback;

use crate::{count, draw, near};

fn page(lab: &'static str, scenario: Option<&'static str>) -> String {
    looking(lab, scenario, Looks::default())
}

fn looking(lab: &'static str, scenario: Option<&'static str>, looks: Looks) -> String {
    draw::<LabPage>(LabPageProps {
        source: Source::Lab(lab.into()),
        start: scenario.map_or(Start::First, |name| Start::Scenario(name.into())),
        on_close: Callback::noop(),
        looks,
    })
}

#[test]
fn every_scenario_of_every_lab_is_drawn_without_a_browser() {
    for lab in labs::registry::LABS {
        let id = lab.about().id;
        let scenarios = lab.open().expect("a session").scenarios();
        for card in scenarios {
            let html = page(id, Some(card.name));
            assert_eq!(count(&html, "data-testid=\"event-counter\""), 1, "{id}/{}", card.name);
            assert!(html.contains(&card.title.to_string().replace('\'', "&#x27;")), "{id}/{}", card.name);
            assert!(count(&html, "tabindex=\"0\"") > 0, "{id}/{}", card.name);
        }
    }
}

#[test]
fn an_unknown_lab_or_scenario_is_answered_with_a_sentence() {
    assert!(page("no-such-lab", None).contains("there is no lab no-such-lab"));
    let first = labs::registry::LABS[0].about().id;
    assert!(page(first, Some("no-such-scenario")).contains("no-such-scenario"));
}

#[test]
fn a_figure_has_the_controls_that_it_is_given() {
    for (controls, transport, buttons) in [("none", 0, 0), ("step", 3, 0), ("all", 5, 5)] {
        let looks = Looks::read(&[&format!("?view=embed&controls={controls}")]);
        let html = looking("raft", Some("split-vote"), looks);
        assert_eq!(count(&html, "class=\"button icon"), transport, "{controls}");
        assert_eq!(count(&html, "data-testid=\"scrubber\""), usize::from(controls == "all"), "{controls}");
        assert!(count(&html, "role=\"button\"") >= buttons && (buttons > 0 || count(&html, "role=\"button\"") == 0));
        for part in ["top-bar", "class=\"dock\"", "data-testid=\"side\"", "hint-line"] {
            assert_eq!(count(&html, part), 0, "{controls}: {part}");
        }
    }
}

#[test]
fn a_figure_shows_its_stretch_and_the_words_of_its_writer() {
    let figure = |query: &str| {
        let looks = Looks::read(&[&format!("?view=embed&{query}")]);
        assert_eq!(looks.problems, [], "{query}");
        looking("raft", Some("first-election"), looks)
    };
    let html = figure("from=3&to=9&caption=Look%3A+%3Cb%3Enobody%3C/b%3E+leads");
    let scrubber = near(&html, "data-testid=\"scrubber\"");
    for piece in ["min=\"3\"", "max=\"9\"", "\"event 3 of 9: "] {
        assert!(scrubber.contains(piece), "{piece} in {scrubber}");
    }
    assert!(near(&html, "figure-words").contains("Look: &lt;b&gt;nobody&lt;/b&gt; leads"));
    assert!(near(&html, "data-testid=\"play\"").contains("Play (Space)"));
    // At its end it is played again.
    assert!(near(&figure("from=9&to=9"), "data-testid=\"play\"").contains("Again (Space)"));
    let whole = figure("controls=all");
    assert_eq!(count(&whole, "figure-words"), 0);
    assert!(near(&whole, "data-testid=\"scrubber\"").contains("min=\"0\""));
}

#[test]
fn a_run_that_ends_before_its_stretch_says_so() {
    let looks = Looks::read(&["?view=embed&from=90000"]);
    let html = looking("lamport-clocks", Some("your-own-history"), looks);
    assert!(near(&html, "data-testid=\"notice\"").contains("before event 90000, from which it was to be shown"));
}

/// Only figures show a stretch: the whole page has the whole run.
#[test]
fn the_whole_page_leaves_no_event_out() {
    let html = looking("raft", Some("first-election"), Looks::read(&["?from=3&to=9&caption=Look"]));
    assert!(near(&html, "data-testid=\"scrubber\"").contains("min=\"0\""));
    assert_eq!(count(&html, "figure-words"), 0);
}
