use netsplit::command::{Item, Tab};
use netsplit::inspector::Inspector;
use netsplit::lanes::chronicle::Chronicle;
use netsplit::shared::Shared;
use sim::frame::{
    Along, Axis, CellState, Chart, ChartKind, Frame, Known, Mark, MessageKind, Panel, Ring, RingKey, Series, Token,
};
use sim::history::consistency::{Bar, Consistency, Criterion, Holds, Judgement};
use sim::history::{Moment, OperationId};
use sim::{Cited, MessageId, NodeId, Step, Why, t};
use yew::Callback;

use crate::frames::{C1, S1, S2, S3, cell, frame};
use crate::{count, draw_part, near};

fn inspector(selection: Option<Item>, tab: Tab) -> String {
    answered(frame(), selection, tab, None)
}

fn answered(frame: Frame, selection: Option<Item>, tab: Tab, why: Option<Why>) -> String {
    draw_part(netsplit::inspector::draw(&Inspector { selection, why: why.map(Shared::new), ..shown(frame, tab) }))
}

fn judged(consistency: Option<Consistency>, playing: bool) -> String {
    let consistency = consistency.map(Shared::new);
    draw_part(netsplit::inspector::draw(&Inspector { consistency, playing, ..shown(frame(), Tab::History) }))
}

fn shown(frame: Frame, tab: Tab) -> Inspector {
    Inspector {
        lab: "raft",
        frame: Shared::new(frame),
        chronicle: Shared::new(Chronicle::default()),
        selection: None,
        event: None,
        other_event: None,
        compared: None,
        tab,
        is_brief: false,
        why: None,
        records: true,
        consistency: None,
        playing: false,
        knower: Some(S2),
        commands: Callback::noop(),
    }
}

/// The picture: why S3 is a candidate.
fn why() -> Why {
    let step = |event, at_us, sentence| Step { event, at_us, sentence, detail: Some(t!("A detail.")) };
    let rule = |name, title, followed| Cited { name, title, source: "Raft paper, section 5.2", followed };
    Why {
        question: t!("Why is S3 a candidate?"),
        event: 39,
        steps: vec![step(31, 1_064_000, t!("Heartbeat of S1 lost")), step(37, 1_314_000, t!("S3 asks for votes"))],
        rules: vec![
            rule("election", t!("a follower that hears no leader starts an election"), true),
            rule("majority", t!("a majority decides"), false),
        ],
        note: None,
    }
}

#[test]
fn a_node_shows_what_the_last_event_changed() {
    let html = inspector(Some(Item::Node(S1)), Tab::Node);
    assert!(html.contains("S1 · leader") && html.contains(">leader of 2, cannot commit<"));
    let mark = near(&html, "<mark>");
    assert!(mark.contains("<del>4</del>") && mark.contains("<ins>5</ins>"));
    assert!(html.contains("L7") && html.contains("[2 0 1 0]"));
}

#[test]
fn faults_are_buttons_with_their_keys() {
    let html = inspector(Some(Item::Node(S2)), Tab::Node);
    for id in ["inspector-node-crash", "inspector-node-pause", "inspector-node-fire", "inspector-node-clock"] {
        assert_eq!(count(&html, &format!("data-testid=\"{id}\"")), 1, "{id}");
    }
    assert!(html.contains("<span>244 ms left</span> <span>of 250 ms</span>"));
}

#[test]
fn an_event_is_pressed_only_while_it_is_compared() {
    let mut session = labs::registry::open("raft").expect("a session");
    session.seek(3);
    let number = session.trace(1, 3).iter().find(|event| event.node.is_some()).expect("an event of a node").number;
    let mut draw = |other_event: Option<u64>| {
        let chronicle = Shared::new(Chronicle::of(session.trace(1, 3)));
        let shown = shown(session.frame(), Tab::Events);
        draw_part(netsplit::inspector::draw(&Inspector {
            chronicle,
            event: Some(number),
            other_event,
            knower: None,
            ..shown
        }))
    };
    assert_eq!(count(&draw(None), "aria-pressed=\"true\""), 0);
    assert_eq!(count(&draw(Some(number)), "aria-pressed=\"true\""), 1);
}

#[test]
fn operations_are_forms() {
    let html = inspector(Some(Item::Node(C1)), Tab::Node);
    assert!(html.contains("data-testid=\"operate-write\"") && html.contains("data-testid=\"write-value\""));
    assert_eq!(count(&inspector(Some(Item::Node(S1)), Tab::Node), "operate-"), 0);
}

#[test]
fn a_message_shows_what_it_carries_and_what_can_be_done() {
    let id = MessageId { from: S1, to: S2, number: 5 };
    let html = inspector(Some(Item::Message(id)), Tab::Message);
    assert!(html.contains("S1 → S2") && html.contains("in 5 ms"));
    for id in ["deliver", "drop", "duplicate", "hold"] {
        assert!(html.contains(&format!("inspector-message-{id}")), "{id}");
    }
}

#[test]
fn without_a_selection_it_says_what_to_do() {
    assert!(inspector(None, Tab::Node).contains("Select a node"));
    assert!(inspector(None, Tab::Events).contains("Nothing has happened yet"));
}

#[test]
fn an_answer_lists_events_and_ends_in_rules() {
    let html = answered(frame(), Some(Item::Node(S3)), Tab::Why, Some(why()));
    assert!(html.contains("<h2 id=\"why-title\">Why is S3 a candidate?</h2>"));
    let list = &html[html.find("<ol>").unwrap()..html.find("</ol>").unwrap()];
    assert_eq!(count(list, "<li"), 4);
    assert!(list.find("Heartbeat of S1 lost") < list.find("S3 asks for votes"));
    assert!(list.contains("event 31 · 1.064 s"));
    assert!(near(list, "data-event=\"37\"").contains("aria-current=\"step\""));
    assert!(list.contains("Rule: a follower that hears no leader starts an election"));
    assert!(list.contains("Rule, broken here: a majority decides"));
    assert_eq!(count(list, "— Raft paper, section 5.2"), 2);
    assert!(html.contains("Back to event 39"));
}

#[test]
fn other_questions_are_about_what_changed_and_what_is_broken() {
    let html = answered(frame(), Some(Item::Node(S1)), Tab::Why, Some(why()));
    let asked = &html[html.find("Ask as well").unwrap()..];
    assert_eq!(count(asked, "data-testid=\"why-ask\""), 3);
    assert!(asked.contains("Why is “committed” broken?"));
    assert!(asked.contains("Why does S1 say “term: 5”?"));
    assert!(asked.contains("Why did event 37 happen?"));
    assert!(inspector(None, Tab::Why).contains("Pause, and the causes"));
}

#[test]
fn a_node_has_a_short_answer_under_its_actions() {
    let html = answered(frame(), Some(Item::Node(S3)), Tab::Node, Some(why()));
    assert!(html.find("inspector-node-crash") < html.find("data-testid=\"why-short\""));
    assert!(html.contains("Heartbeat of S1 lost") && !html.contains("A detail."));
}

/// C2 reads the old value after C1 has written the new one, and writes again: no answer so far.
fn stale() -> Consistency {
    let moment = |order| Moment { order, event: 10 + order, at_us: 1_000 * order };
    let bar = |number, client: NodeId, call: &str, result: Option<&str>, (from, to): (u64, Option<u64>)| Bar {
        operation: OperationId(number),
        client: client.0.into(),
        call: call.to_string(),
        result: result.map(str::to_string),
        from: moment(from),
        to: to.map(moment),
        has_failed: false,
        point: (number == 0).then(|| moment(from)),
    };
    let judgement = |criterion, holds, operations| Judgement {
        criterion,
        holds,
        reason: t!("C2 reads x = 1"),
        operations,
        order: Vec::new(),
    };
    Consistency {
        bars: vec![
            bar(0, C1, "x: put 2", None, (0, Some(1))),
            bar(1, S2, "x: get", Some("1"), (2, Some(3))),
            bar(2, S2, "x: put 3", None, (4, None)),
        ],
        judgements: vec![
            judgement(Criterion::Linearizable, Holds::No, vec![OperationId(0), OperationId(1)]),
            judgement(Criterion::Sequential, Holds::Yes, Vec::new()),
            judgement(Criterion::Causal, Holds::DoesNotApply, Vec::new()),
            judgement(Criterion::Eventual, Holds::Undecided, Vec::new()),
        ],
    }
}

#[test]
fn a_history_has_verdicts_and_a_bar_for_each_operation() {
    let html = judged(Some(stale()), false);
    for (criterion, words) in [
        ("linearizable", "Linearizable: does not hold"),
        ("sequential", "Sequentially consistent: holds"),
        ("causal", "Causally consistent: does not apply"),
        ("eventual", "Eventually consistent: undecided"),
    ] {
        assert!(
            html.contains(&format!("data-testid=\"judgement-{criterion}\"")) && html.contains(words),
            "{criterion}"
        );
    }
    assert_eq!(count(&html, "C2 reads x = 1."), 4);
    assert_eq!(count(&html, "data-operation="), 3);
    let read = near(&html, "data-operation=\"1\"");
    assert!(
        read.contains("call-bar against")
            && read.contains("S2, x: get → 1: from 2 ms to 3 ms; speaks against: Linearizable")
    );
    assert!(near(&html, "data-operation=\"2\"").contains("no answer"));
    assert_eq!(count(&html, "class=\"point\""), 1);
    assert_eq!(count(&html, "scope=\"row\""), 3);
}

#[test]
fn a_long_history_shows_its_end() {
    let mut long = stale();
    let one = long.bars[0].clone();
    long.bars = (0..100).map(|number| Bar { operation: OperationId(number), ..one.clone() }).collect();
    let html = judged(Some(long), false);
    assert_eq!(count(&html, "data-operation="), 60);
    assert!(html.contains("The last 60 of 100 operations are drawn"));
}

#[test]
fn without_a_history_it_says_why() {
    assert!(judged(None, true).contains("Pause, and"));
    assert!(judged(None, false).contains("No client of this lab records operations"));
    assert!(
        judged(Some(Consistency { bars: Vec::new(), judgements: Vec::new() }), false).contains("No client has asked")
    );
}

#[test]
fn what_a_node_knows_is_a_switch() {
    let html = inspector(Some(Item::Node(S2)), Tab::Node);
    assert!(near(&html, "data-testid=\"knows\"").contains("aria-pressed=\"true\""));
    let html = inspector(Some(Item::Node(S1)), Tab::Node);
    assert!(near(&html, "data-testid=\"knows\"").contains("aria-pressed=\"false\""));
    assert!(html.contains("What S1 knows"));
    let mut stale = frame();
    stale.nodes[0].known = Known::AsOf { event: 31, at_us: 1_064_000 };
    assert!(answered(stale, Some(Item::Node(S1)), Tab::Node, None).contains("As of event 31 · 1.064 s."));
}

#[test]
fn logs_are_a_table_by_index() {
    let mut frame = frame();
    let log = |states: &[CellState]| states.iter().map(|state| cell("4", *state)).collect::<Vec<_>>();
    frame.panels = vec![
        Panel::Log {
            title: t!("Logs"),
            first: 7,
            rows: vec![
                (t!("S1"), log(&[CellState::Committed, CellState::Uncommitted])),
                (t!("S2"), log(&[CellState::Conflicting])),
            ],
        },
        Panel::Table { title: t!("Keys"), head: vec![t!("key")], rows: vec![vec![t!("x")]] },
    ];
    let html = answered(frame, None, Tab::Log, None);
    assert_eq!(count(&html, "scope=\"row\""), 2);
    assert!(html.contains("<th scope=\"col\" class=\"mono\">7</th>") && html.contains(">8</th>"));
    for class in ["committed", "uncommitted", "conflicting"] {
        // Once in a log, once in the legend.
        assert_eq!(count(&html, &format!("class=\"entry mono {class}\"")), 1, "{class}");
        assert_eq!(count(&html, &format!("class=\"entry {class}\"")), 1, "{class}");
    }
    assert_eq!(count(&html, "aria-label=\"x=3, term 4\""), 3);
    assert_eq!(count(&html, "role=\"img\" aria-label=\"x=3, term 4\" title=\"x=3, term 4\" tabindex=\"0\""), 1);
    assert!(html.contains("<caption>Keys</caption>"));
    assert!(inspector(None, Tab::Log).contains("keeps a log here"));
}

#[test]
fn a_tab_for_each_part() {
    let html = inspector(None, Tab::Log);
    for id in ["tab-node", "tab-message", "tab-log", "tab-why", "tab-events"] {
        assert_eq!(count(&html, &format!("data-testid=\"{id}\"")), 1, "{id}");
    }
}

/// Gilbert & Lynch, "Brewer's conjecture" (2002): one of the two has to be given up, and the verdicts say which.
#[test]
fn the_two_scenarios_of_cap_differ_in_their_verdicts() {
    let history = |lab, scenario| {
        let mut session = labs::registry::open(lab).expect("the lab");
        session.open(scenario).expect("the scenario");
        judged(session.consistency(), false)
    };
    let consistent = history("primary-replicas", "cap-consistent");
    assert!(near(&consistent, "judgement-linearizable").contains("Linearizable: holds"));
    assert_eq!((count(&consistent, "call-bar pending"), count(&consistent, "call-bar against")), (1, 0));
    let available = history("leaderless-quorum", "cap-available");
    for (criterion, verdict) in [
        ("linearizable", "Linearizable: does not hold"),
        ("sequential", "Sequentially consistent: holds"),
        ("eventual", "Eventually consistent: does not hold"),
    ] {
        assert!(near(&available, &format!("judgement-{criterion}")).contains(verdict), "{criterion}");
    }
    assert_eq!(count(&available, "call-bar pending"), 0);
    assert!(near(&available, "call-bar against").contains("✕"));
}

#[test]
fn no_tab_for_what_a_lab_never_shows() {
    assert!(labs::registry::open("lamport-clocks").expect("the lab").consistency().is_none());
    let html = draw_part(netsplit::inspector::draw(&Inspector { records: false, ..shown(frame(), Tab::Node) }));
    for (id, there) in [("tab-node", 1), ("tab-log", 0), ("tab-why", 1), ("tab-history", 0), ("tab-events", 1)] {
        assert_eq!(count(&html, &format!("data-testid=\"{id}\"")), there, "{id}");
    }
}

#[test]
fn a_chart_is_a_drawing_with_words_and_numbers() {
    let series = |name, kind, points| Series { name, kind, points };
    let mut frame = frame();
    frame.panels = vec![Panel::Chart(Chart {
        title: t!("Phi over time"),
        kind: ChartKind::Lines,
        x: Axis::new(t!("time"), "ms", 1_000),
        y: Axis::new(t!("phi"), "", 1_000_000),
        series: vec![
            series(t!("B"), MessageKind::Replication, vec![(0, 0), (200_000, 3_100_000)]),
            series(t!("C"), MessageKind::Election, vec![(0, 0), (200_000, 400_000)]),
        ],
        marks: vec![Mark { along: Along::Y, at: 8_000_000, text: t!("threshold") }],
    })];
    let html = answered(frame, None, Tab::Log, None);
    assert_eq!(count(&html, "<polyline"), 2);
    assert_eq!(count(&html, "role=\"img\""), 1);
    assert!(html.contains("B: 3.1 at the end, 3.1 at most") && html.contains("threshold at 8"));
    assert!(html.contains("<details") && html.contains("<td class=\"mono\">0.4</td>"));
}

#[test]
fn a_ring_is_a_drawing_with_words_and_a_table() {
    let mut frame = frame();
    let token = |at, node| Token { at, node };
    frame.panels = vec![Panel::Ring(Ring {
        title: t!("The ring"),
        tokens: vec![token(100_000, S1), token(350_000, S2), token(360_000, S3)],
        keys: vec![RingKey { at: 200_000, label: t!("cart"), holders: vec![S2, S3] }],
    })];
    let html = answered(frame, None, Tab::Log, None);
    assert_eq!(count(&html, "class=\"ring-arc\""), 3);
    // The short arc of S3 has no label in the drawing.
    assert_eq!(count(&html, ">S3</text>"), 0);
    assert_eq!(count(&html, ">S2</text>"), 1);
    assert!(html.contains("The ring: S1 owns 74 %; S2 owns 25 %; S3 owns 1 %; cart: S2, S3."));
    assert!(html.contains("<th scope=\"row\">S3</th><td class=\"mono\">1 %</td>"));
}
