//! Nothing that is read lies on anything else, whatever a lab shows: all scenarios as they open, and a run of Raft.

use netsplit::geometry::Size;
use netsplit::stage::scene::{Flying, Scene};
use netsplit::stage::{crowd, link, message};
use sim::frame::Frame;
use sim::{Delay, Input, NodeId, Trouble, Until, Value};
use yew::prelude::*;

use crate::draw_part;
use crate::drawing::Drawing;
use crate::frames::{S1, S2, S3, frame};
use crate::letters::Letters;

/// The stage in windows of 1440 × 900, 1024 × 768, 768 × 1024 and 390 × 844 pixels, as Chromium measured it in the lab Raft.
const USUAL_PX: [(f64, f64); 4] = [(804.0, 449.0), (492.0, 247.0), (768.0, 521.0), (390.0, 366.0)];
/// The same where more checks and longer captions stand around it.
const LOW_PX: [(f64, f64); 3] = [(804.0, 409.0), (492.0, 221.0), (768.0, 413.0)];

/// The stage in the level Learn at 1366 × 680, in All there, and at 390 × 844.
const LEARN_PX: [(f64, f64); 3] = [(1366.0, 396.0), (730.0, 261.0), (390.0, 420.0)];
/// No letter on the stage is smaller.
const LEAST_LETTER_PX: f64 = 11.0;

/// The parts of the time to the next event at which one looks.
const MOMENTS: [f64; 3] = [0.0, 0.5, 1.0];

/// What the stage draws of a scene, without what can be pressed and the links that say nothing.
fn draw(scene: &Scene<'_>) -> String {
    let frame = scene.frame;
    let message = |flying: Flying<'_>| {
        let mark = message::draw_mark(flying.message, flying.from, flying.to, scene.mark);
        html! { <g data-message={flying.message.id.to_string()} data-path={flying.way.path()}>{ mark }</g> }
    };
    let is_cut = |link: &sim::frame::Link| !link.forth.up || !link.back.up;
    let speaks = |link: &&sim::frame::Link| is_cut(link) || !link::notes(link, true).is_empty();
    let is_crowd = frame.messages.len() > crowd::MANY;
    draw_part(html! {
        <svg class={classes!(scene.class())}>
            { for frame.links.iter().filter(speaks).filter_map(|link| scene.draw_link(link, false)) }
            { for scene.flying().filter(|_| !is_crowd).map(message) }
            { for frame.nodes.iter().map(|node| html! { <g data-node={node.label.clone()}>{ scene.draw_node(node, false) }</g> }) }
            { scene.draw_labels(None) }
            { scene.draw_hull_tags() }
        </svg>
    })
}

/// What lies on what in a scene until the next event; where nothing travels, at its moment.
fn faults(scene: &Scene<'_>, travels: bool, letters: &Letters) -> Vec<String> {
    let drawing = Drawing::read(&draw(scene), scene.size, scene.scale, letters);
    let (at_us, next_at_us) = (scene.frame.at_us as f64, scene.frame.next_at_us.unwrap_or(scene.frame.at_us) as f64);
    let moments = if travels { &MOMENTS[..] } else { &MOMENTS[..1] };
    let at = |part: &f64| {
        let found = drawing.faults(at_us + part * (next_at_us - at_us), travels).into_iter();
        let motion = if travels { format!("after {part} of the time") } else { "at rest".to_string() };
        found.map(move |fault| format!("{motion}: {fault}")).collect::<Vec<_>>()
    };
    let (least_px, words) = drawing.least_letters();
    let small = (least_px < LEAST_LETTER_PX).then(|| format!("\"{words}\" has letters of {least_px:.1} px"));
    moments.iter().flat_map(at).chain(small).collect()
}

/// The same at these sizes of the stage, with motion and without.
fn faults_of(frame: &Frame, sizes_px: &[(f64, f64)], name: &str, letters: &Letters) -> Vec<String> {
    let at_size = |&(width, height): &(f64, f64)| {
        let scene = || Scene::new(frame, None, Size { width, height }, 1.0);
        let found = [faults(&scene(), true, letters), faults(&scene().at_rest(), false, letters)].concat().into_iter();
        found.map(|fault| format!("{name}, {width} × {height} px, {fault}")).collect::<Vec<_>>()
    };
    sizes_px.iter().flat_map(at_size).collect()
}

#[test]
fn nothing_overlaps_where_a_scenario_opens() {
    let letters = Letters::new();
    let mut found = Vec::new();
    for lab in labs::registry::LABS {
        let mut session = lab.open().expect("the lab");
        for card in session.scenarios() {
            session.open(card.name).expect("the scenario");
            let name = format!("{}/{}", lab.about().id, card.name);
            found.extend(faults_of(
                &session.frame(),
                &[&USUAL_PX[..], &LOW_PX[..], &LEARN_PX[..]].concat(),
                &name,
                &letters,
            ));
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

/// An election, a slow link, a crash, and a server that is cut off, with so many servers and two clients.
fn nothing_overlaps_in_a_run_of_raft(servers: i64) {
    let mut session = labs::registry::open("raft").expect("the lab");
    let settings =
        [("servers", servers), ("clients", 2)].map(|(name, value)| (name.to_string(), Value::Integer(value)));
    session.open("first-election").expect("the scenario");
    let seed = session.scenario().seed;
    session.restart(settings.to_vec(), seed).expect("settings");
    session.run_until(Until::Leader, 1_000);
    session.seek(100);
    for (from, to) in [(S1, S3), (S3, S1)] {
        session.act(Input::SetDelay { from, to, delay: Delay::Constant { us: 30_000 } }, None).expect("a slow link");
        session.act(Input::SetTrouble { from, to, trouble: Trouble::Loss, ppm: 100_000 }, None).expect("a bad link");
    }
    session.act(Input::Crash(S2), None).expect("a crash");
    session.seek(160);
    let rest: Vec<NodeId> = (1..servers as usize + 2).map(NodeId::at).collect();
    session.act(Input::Split(vec![vec![S1], rest]), None).expect("a split");
    assert_eq!(session.seek(260), 260);
    let letters = Letters::new();
    let mut found = Vec::new();
    // Every moment of the election, and some of what follows.
    for event in (0..260).filter(|event| *event < 40 || event % 4 == 0) {
        session.seek(event);
        found.extend(faults_of(
            &session.frame(),
            &[&USUAL_PX[..], &LEARN_PX[..]].concat(),
            &format!("{servers} servers, event {event}"),
            &letters,
        ));
    }
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn nothing_overlaps_with_three_servers_and_two_clients() {
    nothing_overlaps_in_a_run_of_raft(3);
}

#[test]
fn nothing_overlaps_with_five_servers_and_two_clients() {
    nothing_overlaps_in_a_run_of_raft(5);
}

#[test]
fn nothing_overlaps_with_seven_servers_and_two_clients() {
    nothing_overlaps_in_a_run_of_raft(7);
}

/// What the checker says of a drawing by hand, of 400 units and pixels each way, at a moment.
fn faults_by_hand(parts: &str, clock_us: f64) -> Vec<String> {
    let size = Size { width: 400.0, height: 400.0 };
    Drawing::read(&format!("<svg>{parts}</svg>"), size, 1.0, &Letters::new()).faults(clock_us, true)
}

fn tag(x: f64, y: f64, words: &str) -> String {
    format!(
        "<g class=\"node-tag\" transform=\"translate({x} {y}) scale(1)\">\
         <rect x=\"-30\" y=\"-10\" width=\"60\" height=\"20\" /><text y=\"4\">{words}</text></g>"
    )
}

const MARK: &str = "<path class=\"mark\" d=\"M9 0L0 9L-9 0L0-9Z\" transform=\"rotate(45)\" />";

#[test]
fn a_planted_overlap_is_found() {
    let at = |x: f64, y: f64| tag(x, y, "slow");
    let apart = at(100.0, 100.0) + &at(100.0, 130.0) + "<g transform=\"translate(100 160)\">" + MARK + "</g>";
    assert_eq!(faults_by_hand(&apart, 0.0), [""; 0]);
    assert_eq!(faults_by_hand(&(at(100.0, 100.0) + &at(150.0, 115.0)), 0.0), ["the box \"slow\" on the box \"slow\""]);
    assert_eq!(faults_by_hand(&at(380.0, 100.0), 0.0), ["the box \"slow\" sticks out of the stage"]);
    assert_eq!(faults_by_hand(&tag(100.0, 100.0, "far too slow"), 0.0), ["\"far too slow\" is longer than its room"]);
}

#[test]
fn a_message_is_found_where_its_way_has_brought_it() {
    let message = format!("<g data-message=\"0-1-5\" data-path=\"0 100 200 100 0 1000 0.5\">{MARK}</g>");
    let found = |clock_us| faults_by_hand(&(tag(100.0, 100.0, "slow") + &message), clock_us);
    assert_eq!(found(0.0), [""; 0]);
    assert_eq!(found(500.0), ["the box \"slow\" on the message 0-1-5"]);
    assert_eq!(found(1_000.0), [""; 0]);
}

#[test]
fn corners_count_and_what_lies_beside_them_does_not() {
    let node = "<g data-node=\"S1\" transform=\"translate(200 200)\"><g class=\"node\">\
                <path class=\"outline\" d=\"M0-39L39 0L0 39L-39 0Z\" /></g></g>";
    assert_eq!(faults_by_hand(&(node.to_string() + &tag(262.0, 172.0, "slow")), 0.0), [""; 0]);
    let found = faults_by_hand(&(node.to_string() + &tag(262.0, 195.0, "slow")), 0.0);
    assert_eq!(found, ["the box \"slow\" on the outline of S1"]);
}

#[test]
fn all_that_a_drawing_says_is_read() {
    let frame = frame();
    let scene = Scene::new(&frame, None, Size::USUAL, 1.0);
    let drawing = Drawing::read(&draw(&scene), scene.size, scene.scale, &Letters::new());
    let told = drawing.told();
    // Names and terms, a log of three, a tag, a label, and the tags of a split.
    for words in
        ["S1", "S2", "S3", "C1", "T4", "2", "5", "leader of 2, cannot commit", "Append x=3", "2 of 3 · a majority"]
    {
        assert!(told.contains(&words), "{words}: {told:?}");
    }
}
