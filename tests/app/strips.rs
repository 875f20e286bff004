use netsplit::branches::{Branches, BranchesProps};
use netsplit::caption::{CaptionLine, CaptionLineProps};
use netsplit::checks::{Checks, ChecksProps};
use netsplit::lanes::{Lanes, LanesProps};
use netsplit::shared::Shared;
use netsplit::transport::{Transport, TransportProps};
use sim::frame::{Caption, EventKind, MessageKind, Status, Tone, TraceEvent};
use sim::{BranchRow, t};
use yew::Callback;

use crate::frames::{S1, S2, S3, message, motion, shared};
use crate::{count, draw, near};

#[test]
fn the_scrubber_speaks() {
    let props =
        TransportProps { frame: shared(), playing: false, speed: 0, node: Some(S1), commands: Callback::noop() };
    let html = draw::<Transport>(props);
    assert!(html.contains("aria-valuetext=\"event 37 of 120: S2 votes for S1\""));
    assert!(near(&html, "event-counter").contains("event 37 of 120"));
    for id in ["to-start", "step-back", "play", "step", "to-end", "run-until", "speed"] {
        assert_eq!(count(&html, &format!("data-testid=\"{id}\"")), 1, "{id}");
    }
}

#[test]
fn the_caption_is_heard_step_by_step_but_not_while_playing() {
    let caption = |playing| draw::<CaptionLine>(CaptionLineProps { caption: shared().caption.clone(), playing });
    assert!(caption(false).contains("aria-live=\"polite\""));
    assert!(caption(true).contains("aria-live=\"off\""));
    assert!(caption(false).contains("<strong>S2 votes for S1</strong>"));
}

#[test]
fn checks_have_a_sign_a_sentence_and_lead_to_their_event() {
    let html = draw::<Checks>(ChecksProps { frame: shared(), commands: Callback::noop() });
    assert!(near(&html, "check-one-leader").contains("✓"));
    let broken = near(&html, "check-committed");
    assert!(broken.contains("✕") && broken.contains("<button") && broken.contains("S1 lost an entry · event 31"));
    assert!(near(&html, "check-split-vote").contains("○"));
    assert!(html.contains("t = 6 ms · seed 42"));
}

#[test]
fn the_last_branch_cannot_be_removed() {
    let row =
        |letter: &str, selected| BranchRow { letter: letter.to_string(), title: t!("first run"), length: 58, selected };
    let strip = |rows| {
        draw::<Branches>(BranchesProps { comparison: None, rows: Shared::new(rows), commands: Callback::noop() })
    };
    assert_eq!(count(&strip(vec![row("A", true)]), "branch-remove"), 0);
    let two = strip(vec![row("A", false), row("B", true)]);
    assert_eq!(count(&two, "branch-remove"), 2);
    assert!(near(&two, "branch-B").contains("aria-pressed=\"true\""));
}

#[test]
fn lanes_show_messages_losses_and_bands() {
    let event = |number: u64, node, kind| TraceEvent {
        number,
        at_us: number * 1_000,
        node,
        kind,
        caption: Caption::default(),
        cause: None,
        lamport: number,
        vector: Vec::new(),
        received: None,
        sent: Vec::new(),
        lost: Vec::new(),
        rules: Vec::new(),
        tone: Tone::Plain,
        status: Status::Up,
    };
    let leads = TraceEvent {
        sent: vec![message(S1, S2, MessageKind::Replication, false)],
        tone: Tone::Leader,
        ..event(1, Some(S1), EventKind::Timer)
    };
    let cut =
        TraceEvent { lost: vec![message(S1, S3, MessageKind::Election, false)], ..event(2, None, EventKind::Fault) };
    let crash = TraceEvent { status: Status::Crashed, ..event(3, Some(S2), EventKind::Fault) };
    let trace = Shared::new(vec![leads, cut, crash]);
    let html =
        draw::<Lanes>(LanesProps { frame: shared(), trace, node: None, motion: motion(), commands: Callback::noop() });
    assert_eq!(count(&html, "class=\"flight"), 2);
    assert_eq!(count(&html, "lost-cross"), 1);
    assert_eq!((count(&html, "band tone-leader"), count(&html, "band crashed")), (1, 1));
    assert_eq!(count(&html, "class=\"network\""), 1);
    assert_eq!(count(&html, "data-event="), 3);
    assert_eq!(count(&html, "data-axis="), 1);
}
