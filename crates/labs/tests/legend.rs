//! Whatever a lab shows is in its legend.

#[path = "../template/mod.rs"]
#[expect(unused_imports, reason = "a lab shows the names of its parts to others")]
mod template;

use labs::registry::LABS;
use sim::frame::{Frame, LegendRow, Panel, Sign, Status, Stroke, Tone};
use sim::{AnyLab, Of, Text};

/// At so many moments each scenario is looked at, up to so many events beyond its opening.
const MOMENTS: u64 = 40;
const EVENTS_BEYOND: u64 = 400;

fn all() -> impl Iterator<Item = &'static dyn AnyLab> {
    let template: &'static dyn AnyLab = Of::<template::NewLab>::LAB;
    LABS.iter().copied().chain([template])
}

/// The signs that a frame shows. A part of a split network without a tone, a node that does not run and the empty gauge of
/// one are the same in all labs.
fn signs(frame: &Frame) -> Vec<Sign> {
    let mut signs = Vec::new();
    for node in frame.nodes.iter().filter(|node| node.status == Status::Up) {
        signs.push(Sign::Node(node.shape, node.tone));
        signs.extend((!node.badge.is_empty()).then(|| Sign::Badge(node.badge.clone())));
        signs.extend(node.gauge.iter().map(|gauge| Sign::Gauge(gauge.tone)));
        signs.extend(node.queue.iter().filter(|queue| queue.waiting > 0).map(|queue| Sign::Queue(queue.kind)));
        signs.extend(node.cells.iter().map(|cell| Sign::Cell(cell.state, cell.label.clone())));
    }
    let logs = frame.panels.iter().filter_map(|panel| match panel {
        Panel::Log { rows, .. } => Some(rows),
        _ => None,
    });
    let cells = logs.flatten().flat_map(|(_, cells)| cells);
    signs.extend(cells.map(|cell| Sign::Cell(cell.state, cell.label.clone())));
    let trees = frame.panels.iter().filter_map(|panel| match panel {
        Panel::Tree(tree) => Some(tree),
        _ => None,
    });
    for row in trees.flat_map(|tree| &tree.rows) {
        signs.extend((row.tone != Tone::Plain).then_some(Sign::Branch(row.tone)));
        signs.extend((row.stroke != Stroke::Solid).then_some(Sign::Twig(row.stroke)));
    }
    signs.extend(frame.nodes.iter().filter(|node| node.tally.is_some()).map(|_| Sign::Tally));
    signs.extend(frame.messages.iter().chain(&frame.lost).map(|message| Sign::Message(message.kind)));
    let seals = frame.messages.iter().chain(&frame.lost).filter_map(|message| message.seal.as_ref());
    signs.extend(seals.map(|seal| Sign::Seal { is_open: seal.is_open }));
    signs.extend(frame.messages.iter().filter(|message| message.claims.is_some()).map(|_| Sign::Claim));
    let groups = frame.groups.iter().filter(|group| group.tone != Tone::Plain);
    signs.extend(groups.map(|group| Sign::Group(group.tone)));
    signs
}

/// Whether a row explains a sign; what badges and cells say differs from node to node.
fn explains(row: &LegendRow, sign: &Sign) -> bool {
    match (&row.sign, sign) {
        (Sign::Badge(known), Sign::Badge(badge)) => kind(known) == kind(badge),
        (Sign::Cell(known, _), Sign::Cell(state, _)) => known == state,
        (known, sign) => known == sign,
    }
}

/// What a badge begins with: a number, a word, or a sign such as `T` or `φ`.
fn kind(badge: &Text) -> char {
    let badge = badge.to_string();
    match badge.chars().next().unwrap_or_default() {
        '0'..='9' | '+' | '−' => '0',
        'a'..='z' => 'a',
        sign => sign,
    }
}

#[test]
fn all_that_is_shown_is_explained() {
    let mut missing: Vec<String> = Vec::new();
    for lab in all() {
        let legend = lab.legend();
        let mut session = lab.open().unwrap();
        for card in session.scenarios() {
            session.open(card.name).unwrap();
            let last = session.scenario().cursor + EVENTS_BEYOND;
            for moment in 0..=MOMENTS {
                session.seek(last * moment / MOMENTS);
                let frame = session.frame();
                let has_eras = frame.nodes.iter().any(|node| node.era.is_some());
                assert_eq!(has_eras, legend.iter().any(|row| row.era.is_some()), "{}", lab.about().id);
                for sign in signs(&frame) {
                    let line = || format!("{}/{}: {sign:?}", lab.about().id, card.name);
                    if !legend.iter().any(|row| explains(row, &sign)) && !missing.contains(&line()) {
                        missing.push(line());
                    }
                }
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

/// Who presses a word of the legend gets its card.
#[test]
fn its_words_are_in_the_vocabulary() {
    let vocabulary = lessons::Vocabulary::read(include_str!("../../../lessons/words.md")).unwrap();
    for lab in all() {
        for word in lab.legend().iter().filter_map(|row| row.word) {
            assert!(vocabulary.word(word).is_some(), "{}: {word}", lab.about().id);
        }
    }
}

/// `lessons` knows no lab, so that the labs which words name are looked up here.
#[test]
fn words_name_labs_that_there_are() {
    let vocabulary = lessons::Vocabulary::read(include_str!("../../../lessons/words.md")).unwrap();
    for word in &vocabulary.words {
        for lab in &word.labs {
            assert!(labs::registry::about(lab).is_ok(), "{}: {lab}", word.name);
        }
    }
}

#[test]
fn no_sign_is_explained_twice() {
    for lab in all() {
        let legend = lab.legend();
        for (place, row) in legend.iter().enumerate() {
            assert!(!legend[..place].iter().any(|other| explains(other, &row.sign)), "{}: {row:?}", lab.about().id);
            assert!(!row.meaning.to_string().ends_with('.'), "{row:?}");
        }
    }
}
