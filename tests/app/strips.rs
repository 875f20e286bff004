use netsplit::command::{Command, Course};
use netsplit::lab_page::Stretch;
use netsplit::lanes::chronicle::Chronicle;
use netsplit::lanes::{Lanes, LanesProps};
use netsplit::panels::Level;
use netsplit::shared::Shared;
use netsplit::speed::Pace;
use netsplit::transport::{self as row, Transport};
use netsplit::{branches, caption, checks};
use sim::frame::{Frame, Measure, Scale};
use sim::{About, BranchRow, NodeId, Outcome, Until, t};
use yew::{Callback, html};

use crate::frames::{S1, motion, shared};
use crate::{count, draw, draw_part, near};

fn transport(node: Option<NodeId>) -> Transport {
    let new_leader = Some(t!("a leader is elected"));
    Transport {
        frame: shared(),
        playing: false,
        pace: Pace::Story,
        stretch: Stretch::default(),
        pace_us: About::PACE_US,
        node,
        new_leader,
        dock: None,
        marks: yew::Html::default(),
        commands: Callback::noop(),
    }
}

#[test]
fn the_scrubber_speaks() {
    let props = transport(Some(S1));
    let html = draw_part(row::draw(&props, row::draw_goals(&props, Level::All)));
    assert!(html.contains("aria-valuetext=\"event 37 of 120: S2 votes for S1\""));
    assert!(near(&html, "event-counter").contains("event 37 of 120"));
    for id in ["to-start", "step-back", "play", "step", "to-end", "run-until", "speed"] {
        assert_eq!(count(&html, &format!("data-testid=\"{id}\"")), 1, "{id}");
    }
}

#[test]
fn a_run_goes_on_until_a_number_of_the_system_or_of_the_selected_node_changes() {
    let measures = vec![
        Measure::count("leaders", t!("servers that lead"), 1),
        Measure::count("log", t!("entries in the log"), 3).of(S1),
    ];
    let counted = |node| Transport {
        frame: Shared::new(Frame { measures: measures.clone(), ..Frame::clone(&shared()) }),
        ..transport(node)
    };
    let offered = |node| -> Vec<String> {
        let goals = row::goals(&counted(node)).into_iter();
        goals
            .filter(|entry| matches!(entry.command, Command::Course(Course::RunUntil(Until::Measure { .. }))))
            .map(|entry| entry.label.to_string())
            .collect()
    };
    assert_eq!(offered(None), ["“servers that lead” changes"]);
    assert_eq!(offered(Some(S1)), ["“servers that lead” changes", "“entries in the log of S1” changes"]);
}

#[test]
fn a_run_goes_on_until_what_can_happen_in_it() {
    let goals = |props: Transport| row::goals(&props).into_iter().map(|entry| entry.id).collect::<Vec<_>>();
    assert_eq!(
        goals(transport(Some(S1))),
        ["until-telling", "until-check", "until-leader", "until-node", "until-moment"]
    );
    assert_eq!(
        goals(Transport { new_leader: None, ..transport(None) }),
        ["until-telling", "until-check", "until-moment"]
    );
    let frame = Shared::new(Frame { scale: Scale::Order { apart_us: 20_000 }, ..Frame::clone(&shared()) });
    let log = |node| Transport { frame: frame.clone(), new_leader: None, ..transport(node) };
    assert_eq!(goals(log(Some(S1))), ["until-telling", "until-node"]);
    assert_eq!(goals(log(None)), ["until-telling"]);
}

#[test]
fn the_caption_is_heard_step_by_step_but_not_while_playing() {
    let caption = |playing| draw_part(caption::draw(&shared().caption, playing, playing));
    assert!(caption(false).contains("aria-live=\"polite\""));
    assert!(caption(true).contains("aria-live=\"off\""));
    assert!(caption(false).contains("<strong>S2 votes for S1.</strong>"));
}

#[test]
fn checks_have_a_sign_a_sentence_and_lead_to_their_event() {
    let html = draw_part(checks::draw_row(&shared(), shared().at_us, &Callback::noop()));
    assert!(near(&html, "check-one-leader").contains("✓"));
    let broken = near(&html, "check-committed");
    assert!(broken.contains("✕") && broken.contains("<button") && broken.contains("S1 lost an entry · event 31"));
    assert!(near(&html, "check-split-vote").contains("○"));
    // The case: what is open or kept did nothing when pressed.
    let decided_or_not = html.matches("<li").count();
    assert_eq!(count(&html, "<button"), decided_or_not);
    assert!(html.contains("t = 6 ms · seed 42"));
}

#[test]
fn all_checks_together_are_one_verdict_with_what_is_broken_first() {
    let html = draw_part(checks::draw_chip(&shared(), &Callback::noop()));
    assert!(near(&html, "verdict").contains("Checks: 1 broken · 1 kept"), "{html}");
    assert_eq!(count(&html, "✕"), 1);
    let kept: Vec<_> = shared().checks.iter().filter(|row| row.outcome != Outcome::Broken).cloned().collect();
    let html = draw_part(checks::draw_chip(&Frame { checks: kept, ..Frame::clone(&shared()) }, &Callback::noop()));
    assert!(near(&html, "verdict").contains("1 kept") && html.contains("✓"));
    assert!(draw_part(checks::draw_footer(&shared(), 6_000, html! {})).contains("t = 6 ms · seed 42"));
}

#[test]
fn the_last_branch_cannot_be_removed() {
    let row = |letter: &str, selected| BranchRow {
        letter: letter.to_string(),
        title: t!("first run"),
        past: Vec::new(),
        is_named: false,
        length: 58,
        selected,
    };
    let strip = |rows: Vec<BranchRow>| draw_part(branches::draw(&rows, None, &[], &Callback::noop()));
    assert_eq!(count(&strip(vec![row("A", true)]), "branch-remove"), 0);
    let two = strip(vec![row("A", false), row("B", true)]);
    assert_eq!(count(&two, "branch-remove"), 2);
    assert!(near(&two, "branch-B").contains("aria-pressed=\"true\""));
}

fn lanes(length: u64, event: Option<u64>) -> String {
    let mut session = labs::registry::open("raft").expect("a session");
    session.seek(length);
    let chronicle = Shared::new(Chronicle::of(session.trace(1, length)));
    let frame = Shared::new(session.frame());
    let (node, playing, commands) = (None, false, Callback::noop());
    draw::<Lanes>(LanesProps {
        frame,
        chronicle,
        node,
        event,
        other: None,
        compared: None,
        knower: None,
        playing,
        height_px: 176,
        motion: motion(),
        commands,
    })
}

#[test]
fn lanes_have_names_moments_a_playhead_and_words() {
    let html = lanes(60, None);
    for label in ["S1", "S5", "C1"] {
        assert_eq!(count(&html, &format!("data-lane=\"{label}\"")), 1, "{label}");
    }
    assert_eq!(count(&html, "data-axis="), 1);
    assert!(count(&html, "class=\"tick\"") > 1);
    assert!(near(&html, "lanes-readout").contains("60 events in view"));
    assert!(near(&html, "data-testid=\"lanes\"").contains("data-level=\"events\""));
    assert_eq!(count(&html, "lanes-go"), 0);
}

#[test]
fn a_selected_event_says_what_could_have_caused_it() {
    let html = lanes(60, Some(37));
    assert!(near(&html, "lanes-readout").contains("Event 37, "));
    for words in ["could have caused it: ", "could depend on it: ", "concurrent: ", "Go to this event"] {
        assert!(html.contains(words), "{words}");
    }
    assert!(near(&html, "lanes-selected").contains("data-event=\"37\""));
    assert_eq!(count(&lanes(60, Some(61)), "data-testid=\"lanes-selected\""), 0);
}
