//! The page for logs, its list of problems, and a log on the page of a lab.

use std::ops::Range;
use std::sync::Arc;

use netsplit::lab_page::{LabPage, LabPageProps, Source, Start};
use netsplit::log_page::{LogPage, Recording, problems};
use netsplit::looks::Looks;
use sim::log::{Execution, Expression, Format, LogSession, Match, Problems};
use yew::Callback;

use crate::{count, draw, draw_part, near};

const EXAMPLE: &str = include_str!("../../src/log_page/example.log");

/// The usual parser expression by hand: there is no browser here to read it.
#[derive(Debug)]
struct Pairs;

impl Expression for Pairs {
    fn names(&self) -> Vec<String> {
        ["host", "clock", "event"].map(str::to_string).to_vec()
    }

    fn matches<'a>(&'a self, text: &'a str) -> Box<dyn Iterator<Item = Match> + 'a> {
        let place = |part: &str| -> Range<usize> {
            let start = part.as_ptr() as usize - text.as_ptr() as usize;
            start..start + part.len()
        };
        let lines: Vec<&str> = text.lines().collect();
        let pairs = lines.chunks_exact(2).filter_map(move |pair| {
            let (host, clock) = pair[0].split_once(' ')?;
            let groups = [host, clock, pair[1]].map(|part| Some(place(part))).to_vec();
            Some(Match { range: place(pair[0]).start..place(pair[1]).end, groups })
        });
        Box::new(pairs.collect::<Vec<_>>().into_iter())
    }
}

fn read(text: &str) -> Result<Vec<Execution>, Problems> {
    Format::new(&Pairs, None).expect("all groups").read(text)
}

/// The example of the page for logs, before its first event.
pub fn session() -> LogSession {
    LogSession::new(Arc::new(read(EXAMPLE).expect("the example").remove(0)))
}

#[test]
fn the_page_begins_with_an_empty_form_and_the_usual_parser() {
    let html = draw::<LogPage>(());
    assert!(html.contains("Bring your own log"));
    for field in ["log-text", "log-parser", "log-delimiter"] {
        assert_eq!(count(&html, &format!("<label for=\"{field}\">")), 1, "{field}");
    }
    assert!(html.contains("value=\"(?&lt;host&gt;\\S*) (?&lt;clock&gt;{.*})"), "{html}");
    assert_eq!(count(&html, "role=\"alert\""), 0);
}

#[test]
fn lines_that_are_passed_over_are_counted() {
    let drawn = |text: &str| {
        let execution = read(text).expect("a good log").remove(0);
        draw_part(Recording::new(execution).draw_passed_over())
    };
    let html = drawn("noise\nx\na {\"a\":1}\ny\n");
    assert!(html.contains("passes over: 2. The first is line 1."), "{html}");
    assert_eq!(count(&drawn("a {\"a\":1}\ny\n"), "<p"), 0);
}

#[test]
fn problems_are_told_by_line_in_sentences() {
    let problems = read("a {\"a\":1}\nx\na {\"a\":3}\ny\nb {b}\nz\n").expect_err("three mistakes");
    let html = draw_part(problems::draw(&problems));
    assert_eq!(count(&html, "<li>"), problems.list().len());
    assert!(near(&html, "role=\"alert\"").contains("<b>Line 3</b>") || html.contains("<b>Line 5</b>"), "{html}");
    assert!(!html.contains("more."), "{html}");
}

#[test]
fn a_long_list_of_problems_says_how_many_it_leaves_out() {
    let text: String = (0..130).map(|_| "a {b}\nx\n").collect();
    let html = draw_part(problems::draw(&read(&text).expect_err("130 mistakes")));
    assert_eq!((count(&html, "<li>"), count(&html, "And 30 more.")), (100, 1));
}

#[test]
fn a_log_stands_on_the_page_of_a_lab_without_what_only_labs_have() {
    let log = read(EXAMPLE).expect("the example").remove(0);
    let (looks, on_close) = (Looks::default(), Callback::noop());
    let props = LabPageProps { source: Source::Log(Recording::new(log)), start: Start::First, looks, on_close };
    let html = draw::<LabPage>(props);
    assert_eq!(count(&html, "data-node=\""), 3, "{html}");
    let counts = near(&html, "data-testid=\"log-counts\"");
    for (name, number) in [("events", 13), ("hosts", 3), ("ordered pairs", 56), ("concurrent pairs", 22)] {
        assert!(counts.contains(&format!("<dt>{name}</dt><dd class=\"mono\">{number}</dd>")), "{name}: {counts}");
    }
    assert_eq!(count(&html, "data-testid=\"log-close\""), 1);
    for left_out in ["split", "heal-all", "hint", "scenario-picker", "open-again"] {
        assert_eq!(count(&html, &format!("data-testid=\"{left_out}\"")), 0, "{left_out}");
    }
}
