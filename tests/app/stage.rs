use netsplit::command::{Command, Item};
use netsplit::shared::Shared;
use netsplit::stage::faults::{lasso_entries, node_entries};
use netsplit::stage::pointed::Pointed;
use netsplit::stage::{Stage, StageProps};
use netsplit::text_view;
use sim::frame::{CellState, Frame, Gauge, Known, Layout, MessageKind, Queue, Status, Tally, Tone};
use sim::{Input, Manner, NodeId, t};
use yew::Callback;

use crate::frames::{S1, S2, S3, cell, frame, message, motion};
use crate::{count, draw, draw_part, near};

fn stage(frame: Frame, selection: Option<Item>) -> String {
    draw::<Stage>(StageProps { selection, ..props(frame) })
}

fn props(frame: Frame) -> StageProps {
    StageProps {
        zoom: None,
        frame: Shared::new(frame),
        arriving: None,
        selection: None,
        pointed: None,
        has_tool: false,
        still: false,
        presenting: false,
        every_label: false,
        inspected: false,
        motion: motion(),
        commands: Callback::noop(),
    }
}

#[test]
fn every_node_link_and_message_is_there_and_says_what_it_is() {
    let html = stage(frame(), None);
    for label in ["S1", "S2", "S3", "C1"] {
        assert_eq!(count(&html, &format!("data-node=\"{label}\"")), 1);
    }
    assert!(html.contains("aria-label=\"S1, leader, T4, leader of 2, cannot commit\""));
    assert!(html.contains("aria-label=\"Link S1 – S3, cut\""));
    assert!(html.contains("aria-label=\"Link S2 – S3, cut from S3 to S2\""));
    assert!(html.contains("data-message=\"0-1-5\""));
    assert!(html.contains("aria-label=\"Append x=3 from S1 to S2\""));
}

#[test]
fn a_cut_has_a_gap_with_two_bars_and_a_one_way_cut_has_one() {
    let html = stage(frame(), None);
    let part = |link: &str| {
        let start = html.find(&format!("data-link=\"{link}\"")).expect("the link");
        let end = html[start + 10..].find("data-link").map_or(html.len(), |end| start + 10 + end);
        html[start..end].split("class=\"lost").next().expect("its part").to_string()
    };
    assert_eq!(count(&part("S1-S2"), "class=\"bar\""), 0);
    assert_eq!((count(&part("S1-S3"), "class=\"bar\""), count(&part("S1-S3"), "wire cut")), (2, 2));
    assert_eq!((count(&part("S2-S3"), "class=\"bar\""), count(&part("S2-S3"), "wire cut")), (1, 0));
}

#[test]
fn a_link_says_each_trouble_and_its_arrow_points_to_the_node_on_the_stage() {
    let mut troubled = frame();
    let forth = &mut troubled.links[2].forth;
    (forth.duplication_ppm, forth.reordering_ppm, forth.corruption_ppm) = (100_000, 25_000, 500_000);
    let html = stage(troubled, None);
    let troubles = "10 % twice · 2.5 % out of order · 50 % damaged";
    assert!(html.contains(&format!("aria-label=\"Link S2 – S3, cut from S3 to S2, → {troubles}\"")));
    assert!(html.contains("class=\"link tuned\""));
    // S2 stands to the right of S3.
    let mut slow = frame();
    slow.links[2].forth.delay = Some(t!("50 ms"));
    let html = stage(slow, None);
    assert!(near(&html, "class=\"link-note\"").contains("← 50 ms"));
    assert!(html.contains("aria-label=\"Link S2 – S3, cut from S3 to S2, → 50 ms\""));
}

#[test]
fn a_lasso_forgets_nodes_that_are_gone() {
    let caught = [S3, NodeId(99)];
    let entries = lasso_entries(&frame(), &caught);
    assert!(entries.iter().any(|entry| entry.command == Command::Act(vec![Input::Crash(S3)])));
}

#[test]
fn a_paused_node_has_to_crash_before_it_loses_its_disk() {
    let mut paused = frame();
    paused.nodes[0].status = Status::Paused;
    let entries = node_entries(&paused, S1);
    let lose_disk = entries.iter().find(|entry| entry.id == "node-lose-disk").expect("an entry");
    assert_eq!(lose_disk.blocked.as_deref(), Some("S1 is paused: crash it first"));
}

#[test]
fn a_node_can_lie_where_its_lab_says_how_and_be_honest_again() {
    let ids = |frame: &Frame| {
        let entries = node_entries(frame, S1);
        entries
            .into_iter()
            .map(|entry| entry.id.to_string())
            .filter(|id| id.contains("lie") || id.contains("honest"))
            .collect::<Vec<_>>()
    };
    let mut frame = frame();
    assert_eq!(ids(&frame), [""; 0]);
    frame.manners = &[Manner::Silent, Manner::TwoFaced];
    assert_eq!(ids(&frame), ["node-lie-silent", "node-lie-two-faced"]);
    frame.nodes[0].lies = Some(Manner::Silent);
    assert_eq!(ids(&frame), ["node-be-honest", "node-lie-two-faced"]);
    assert!(stage(frame, None).contains("class=\"mask\""));
}

#[test]
fn messages_and_timers_carry_what_the_motion_loop_needs() {
    let html = stage(frame(), None);
    let path = near(&html, "data-path=\"");
    let numbers: Vec<f64> = path["data-path=\"".len()..]
        .split('"')
        .next()
        .unwrap_or_default()
        .split(' ')
        .map(|word| word.parse().expect("a number"))
        .collect();
    assert_eq!(numbers.len(), 7);
    assert_eq!(numbers[4..], [1_000.0, 11_000.0, 0.6]);
    assert!(html.contains("data-span=\"0 250000\""));
}

#[test]
fn log_cells_show_how_far_they_got_and_long_logs_are_folded() {
    let html = stage(frame(), None);
    for class in ["cell committed", "cell uncommitted", "cell conflicting"] {
        assert_eq!(count(&html, &format!("class=\"{class}\"")), 1, "{class}");
    }
    let mut memory = frame();
    memory.nodes[1].cells = vec![cell("9", CellState::Unwritten)];
    let html = stage(memory, None);
    assert!(html.contains("class=\"cell unwritten\"") && html.contains("not on disk yet"));
    let mut long = frame();
    long.nodes[1].cells = vec![cell("9", CellState::Committed); 40];
    let html = stage(long, None);
    assert!(html.contains("+35"));
    assert_eq!(count(&html, "class=\"cell committed\""), 1 + 5);
}

#[test]
fn parts_of_a_split_have_tags() {
    let html = stage(frame(), None);
    assert_eq!(count(&html, "class=\"hull\""), 2);
    assert!(html.contains("2 of 3 · a majority") && html.contains("1 of 3 · no majority"));
}

#[test]
fn one_item_can_be_reached_with_tab() {
    for selection in [None, Some(Item::Node(S2)), Some(Item::Link(S1, S3)), Some(Item::Node(sim::NodeId(99)))] {
        assert_eq!(count(&stage(frame(), selection), "tabindex=\"0\""), 1, "{selection:?}");
    }
    let html = stage(frame(), Some(Item::Node(S2)));
    assert!(near(&html, "data-node=\"S2\"").contains("tabindex=\"0\""));
    assert_eq!(count(&html, "class=\"selection\""), 1);
}

#[test]
fn crashed_and_paused_nodes_say_so() {
    let mut faulty = frame();
    faulty.nodes[1].status = Status::Crashed;
    faulty.nodes[2].status = Status::Paused;
    let html = stage(faulty, None);
    assert!(html.contains("S2, follower, T4, crashed") && html.contains("S3, follower, T4, paused"));
    assert_eq!(count(&html, "data-span"), 0);
}

#[test]
fn any_mix_of_things_is_drawn() {
    for layout in [Layout::Ring, Layout::Columns] {
        let mut odd = frame();
        odd.layout = layout;
        odd.messages.push(message(S3, S3, MessageKind::Other, true));
        odd.groups[0].nodes.clear();
        odd.nodes[0].badge = sim::t!("");
        assert!(stage(odd, None).contains("data-node=\"S3\""));
    }
    let mut empty = frame();
    (empty.nodes, empty.links, empty.messages) = (Vec::new(), Vec::new(), Vec::new());
    (empty.lost, empty.groups) = (Vec::new(), Vec::new());
    assert_eq!(count(&stage(empty, None), "data-node"), 0);
}

/// What another node knows is dotted and says from when it is: not by colour alone.
#[test]
fn what_is_old_or_unknown_says_so() {
    let mut frame = frame();
    frame.nodes[0].known = Known::AsOf { event: 31, at_us: 1_000 };
    frame.nodes[2].known = Known::Nothing;
    let html = stage(frame, None);
    assert!(html.contains("aria-label=\"S1, leader, T4, as of event 31\""));
    assert_eq!((count(&html, " stale\""), count(&html, " unknown\"")), (1, 1));
    assert_eq!((count(&html, ">as of event 31<"), count(&html, ">nothing heard<")), (1, 1));
    assert!(!html.contains("leader of 2, cannot commit"));
}

#[test]
fn before_the_first_message_all_others_are_unknown() {
    let mut session = labs::registry::open("raft").expect("the lab");
    session.open("minority-leader").expect("the scenario");
    session.seek(0);
    let html = stage(session.known_by(S1), None);
    assert!(near(&html, "data-node=\"S1\"").contains("aria-label=\"S1, follower, T0\""));
    assert!(near(&html, "data-node=\"S2\"").contains("aria-label=\"S2, unknown, ?, nothing heard\""));
}

/// A busy server has a bar and words in it, and a dot for each thing that waits, ten at the most.
#[test]
fn gauges_and_queues_are_drawn_and_said() {
    let busy = |waiting: u32| {
        let mut frame = frame();
        let node = &mut frame.nodes[0];
        (node.role, node.badge) = (sim::t!("server"), sim::t!(""));
        node.gauge = Some(Gauge { permille: 570, text: sim::t!("57 % busy"), tone: Tone::Committed });
        node.queue = Some(Queue { waiting, kind: MessageKind::Client });
        stage(frame, None)
    };
    let long = busy(14);
    assert!(long.contains("aria-label=\"S1, server, 57 % busy, 14 waiting, leader of 2, cannot commit\""));
    assert_eq!((count(&long, " r=\"4.4\""), count(&long, ">+4<")), (10, 1));
    assert!(long.contains("width=\"30.8\"") && count(&long, ">57 % busy<") == 1);
    let none = busy(0);
    assert!(none.contains("aria-label=\"S1, server, 57 % busy, leader of 2, cannot commit\""));
    assert_eq!(count(&none, " r=\"4.4\""), 0);
}

/// Not by colour alone: a dot for each vote that is needed, and the same in words.
#[test]
fn what_a_node_counts_is_dots_and_words() {
    let mut voting = frame();
    voting.nodes[2].tally = Some(Tally { got: 1, needed: 3, text: t!("1 of 3 needed") });
    let html = stage(voting, None);
    assert_eq!((count(&html, "class=\"had\""), count(&html, "class=\"missing\"")), (1, 2));
    assert_eq!(count(&html, ">1 of 3 needed<"), 1);
    assert!(html.contains("aria-label=\"S3, follower, T4, 1 of 3 needed\""));
}

/// DESIGN section 5, "The new pictures": always with the number.
#[test]
fn an_era_has_one_colour_at_nodes_and_in_logs() {
    let mut leading = frame();
    leading.nodes[0].era = Some(5);
    leading.nodes[0].cells[0].era = Some(2);
    let html = stage(leading, None);
    let s1 = &html[html.find("data-node=\"S1\"").expect("S1")..html.find("data-node=\"S2\"").expect("S2")];
    assert_eq!((count(s1, "era era-2\""), count(s1, "era era-1\"")), (2, 0));
    assert!(s1.contains(">2</text>"));
    // Before the first one there is none.
    let mut new = frame();
    new.nodes.iter_mut().for_each(|node| node.era = Some(0));
    assert_eq!(count(&stage(new, None), "era-"), 0);
}

#[test]
fn a_link_that_is_not_used_is_drawn_while_there_is_something_to_see_of_it() {
    let mut quiet = frame();
    quiet.messages.clear();
    quiet.lost.clear();
    for link in &mut quiet.links {
        link.is_used = false;
    }
    let wires = |frame: &Frame, selection: Option<Item>| count(&stage(frame.clone(), selection), "class=\"wire");
    // Cut links show: one of two ways has a gap in its wire.
    assert_eq!(wires(&quiet, None), 3);
    assert_eq!(wires(&quiet, Some(Item::Link(S1, S2))), 4);
    quiet.messages.push(message(S1, S2, MessageKind::Client, false));
    assert_eq!(wires(&quiet, None), 4);
}

/// A broken check points at nodes: rings, its name, and the same in the text view.
#[test]
fn what_a_check_points_at_is_marked_with_its_name() {
    let mut broken = frame();
    broken.checks[1].nodes = vec![S1, S3];
    let pointed = Pointed::of(&broken.checks[1]).expect("nodes");
    let html = draw::<Stage>(StageProps { pointed: Some(pointed.clone()), ..props(broken.clone()) });
    let marks = near(&html, "class=\"points-at broken\"");
    assert_eq!((count(marks, "r=\"51\""), count(marks, ">committed: broken<")), (2, 1));
    let text = draw_part(text_view::draw(&broken, Some(&pointed), &Callback::noop()));
    assert_eq!(count(&text, "(committed: broken)"), 2);
    assert_eq!(count(&stage(broken.clone(), None), "points-at"), 0);
    assert_eq!(Pointed::of(&broken.checks[0]), None);
}

/// Without colours, as in grey: each kind of message, each state of a node and each state of an entry has a drawing of its
/// own.
#[test]
fn what_colours_say_is_also_said_by_shapes() {
    let shape = |html: &str, start: &str, class: &str| {
        let part = &html[html.find(start).expect("the item")..];
        let at = part.find(class).expect("the drawing");
        let (begin, end) = (part[..at].rfind('<').unwrap_or(0), part[at..].find('>').unwrap_or(0));
        part[begin..at + end].to_string()
    };
    let mut drawings = std::collections::BTreeSet::new();
    let kinds = [MessageKind::Election, MessageKind::Replication, MessageKind::Client, MessageKind::Other];
    for kind in kinds {
        let mut frame = frame();
        frame.messages = vec![message(S1, S2, kind, false)];
        drawings.insert(shape(&stage(frame, None), "data-message=", "class=\"mark\""));
    }
    assert_eq!(drawings.len(), kinds.len(), "{drawings:?}");

    let html = stage(frame(), None);
    let outline = |node: &str| shape(&html, &format!("data-node=\"{node}\""), "class=\"outline\"");
    let outlines: std::collections::BTreeSet<String> = ["S1", "S2", "S3", "C1"].map(outline).into();
    assert_eq!(outlines.len(), 4, "{outlines:?}");

    let style = include_str!("../../static/stage.css");
    for rule in [
        ".cell.uncommitted rect { stroke-dasharray",
        ".cell.conflicting rect { fill: url(#hatch)",
        ".cell.unwritten rect { fill: none; stroke-dasharray",
        ".node.crashed .outline { stroke-dasharray",
    ] {
        assert!(style.contains(rule), "{rule}");
    }
}
