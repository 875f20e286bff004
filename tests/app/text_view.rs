//! The text view says the same as the stage and every panel, in the same order for every scenario of every lab.

use netsplit::geometry::Point;
use netsplit::stage::{link, message, node};
use netsplit::words::{moment, name, names, say};
use netsplit::{checks, lanes, text_view};
use resvg::usvg::roxmltree::{Document, Node as Element};
use sim::frame::{Cell, Frame, Link, Message, MessageKind, Moment, Node, Panel, Seal, Span, SpanRow, Spans, TreeRow};
use sim::{Manner, NodeId, Text, t, time_us};
use yew::Callback;

use crate::draw_part;
use crate::frames::frame;

/// A part under its heading: what it says, and the cells of the rows of its table.
#[derive(Debug)]
struct Section {
    heading: String,
    text: String,
    rows: Vec<Vec<String>>,
}

fn text(element: Element<'_, '_>) -> String {
    element.descendants().filter_map(|part| part.text().filter(|_| part.is_text())).collect()
}

fn parts<'a>(element: Element<'a, 'a>, names: &'a [&str]) -> impl Iterator<Item = Element<'a, 'a>> {
    element.descendants().filter(|part| names.contains(&part.tag_name().name()))
}

/// What the text view of a frame says.
fn sections(frame: &Frame) -> Vec<Section> {
    let html = draw_part(text_view::draw(frame, None, &Callback::noop()));
    let document = Document::parse(&html).expect("elements that are closed");
    let row = |row: Element<'_, '_>| row.children().filter(Element::is_element).map(text).collect();
    let section = |section: Element<'_, '_>| Section {
        heading: parts(section, &["h2"]).map(text).collect(),
        text: text(section),
        rows: parts(section, &["tbody"])
            .flat_map(|body| body.children().filter(Element::is_element))
            .map(row)
            .collect(),
    };
    parts(document.root_element(), &["section"]).map(section).collect()
}

/// The headings in their order: what has happened, the system, what the lab shows, the verdicts.
fn headings(frame: &Frame) -> Vec<String> {
    let mut all: Vec<String> = ["What changed", "Nodes", "Messages under way", "Links"].map(str::to_string).to_vec();
    all.extend((!frame.measures.is_empty()).then(|| "What the lab counts".to_string()));
    all.extend((!frame.groups.is_empty()).then(|| "Parts of the network".to_string()));
    all.extend((!frame.cuts.is_empty()).then(|| "Cuts of the run".to_string()));
    all.extend(frame.panels.iter().map(|panel| title(panel).to_string()));
    all.extend((!frame.checks.is_empty()).then(|| "Checks".to_string()));
    all
}

fn title(panel: &Panel) -> &Text {
    match panel {
        Panel::Table { title, .. } | Panel::Log { title, .. } => title,
        Panel::Chart(chart) => &chart.title,
        Panel::Ring(ring) => &ring.title,
        Panel::Spans(spans) => &spans.title,
        Panel::Tree(tree) => &tree.title,
    }
}

/// What the cells of a row must say, each one all of these.
type Words = Vec<Vec<String>>;

fn node_words(frame: &Frame, node: &Node) -> Words {
    let fields = node.fields.iter().map(|field| format!("{}: {}", field.name, field.value));
    let left = |fires_at_us: u64| time_us(fires_at_us.saturating_sub(frame.at_us));
    let timers = node.timers.iter().map(|timer| format!("{}: {} left", timer.name, left(timer.fires_at_us)));
    let log = node.cells.iter().map(|cell| cell.detail.to_string());
    let state = vec![say(node::state(node)).to_string()];
    vec![vec![node.label.clone()], state, fields.chain(timers).collect(), log.collect()]
}

fn message_words(frame: &Frame, message: &Message) -> Words {
    let ends = [name(frame, message.from), name(frame, message.to)];
    let times = [moment(frame.scale, message.sent_at_us), moment(frame.scale, message.arrives_at_us)];
    let due = if message.held { "held".to_string() } else { times[1].to_string() };
    [message.label.to_string(), ends[0].clone(), ends[1].clone(), times[0].to_string(), due]
        .map(|word| vec![word])
        .into()
}

fn link_words(frame: &Frame, link: &Link) -> Words {
    let (a, b) = (name(frame, link.a), name(frame, link.b));
    vec![vec![format!("{a} – {b}")], vec![say(link::state(link, &a, &b)).to_string()]]
}

fn assert_rows(section: &Section, words: Vec<Words>, place: &str) {
    assert_eq!(section.rows.len(), words.len(), "{place}: {section:?}");
    for (row, words) in section.rows.iter().zip(words) {
        assert!(row.len() >= words.len(), "{place}: {words:?} is not in {row:?}");
        for (cell, words) in row.iter().zip(words) {
            assert!(words.iter().all(|word| cell.contains(word.as_str())), "{place}: {words:?} is not in {row:?}");
        }
    }
}

/// Everything that a panel shows is in its part.
fn assert_panel(frame: &Frame, section: &Section, panel: &Panel, place: &str) {
    let says = |words: String| assert!(section.text.contains(&words), "{place}: {words} is not in {section:?}");
    match panel {
        Panel::Table { head, rows, .. } => {
            head.iter().filter(|_| !rows.is_empty()).for_each(|head| says(head.to_string()));
            let words = |row: &Vec<Text>| row.iter().map(|text| vec![text.to_string()]).collect();
            assert_rows(section, rows.iter().map(words).collect(), place);
        }
        Panel::Log { first, rows, .. } => {
            says(first.to_string());
            let words = |(name, cells): &(Text, Vec<Cell>)| {
                [name]
                    .into_iter()
                    .chain(cells.iter().map(|cell| &cell.detail))
                    .map(|text| vec![text.to_string()])
                    .collect()
            };
            assert_rows(section, rows.iter().map(words).collect(), place);
        }
        Panel::Chart(chart) => {
            chart.series.iter().for_each(|series| says(series.name.to_string()));
            chart.marks.iter().for_each(|mark| says(mark.text.to_string()));
            says(chart.x.title.to_string());
            let has_points = chart.series.iter().any(|series| !series.points.is_empty());
            assert_eq!(!section.rows.is_empty(), has_points, "{place}: {section:?}");
        }
        Panel::Ring(ring) => {
            ring.keys.iter().for_each(|key| says(format!("{}: {}", key.label, names(frame, &key.holders))));
            ring.tokens.iter().for_each(|token| {
                let owner = name(frame, token.node);
                assert!(section.rows.iter().any(|row| row[0] == owner), "{place}: {owner}");
            });
        }
        Panel::Spans(spans) => {
            spans.marks.iter().for_each(|mark| says(mark.text.to_string()));
            let words = |row: &SpanRow, span: &Span| {
                [row.label.to_string(), span.label.to_string(), time_us(span.from_us).to_string()]
                    .map(|word| vec![word])
                    .into()
            };
            let rows = spans.rows.iter().flat_map(|row| row.bars.iter().map(move |span| words(row, span)));
            assert_rows(section, rows.collect(), place);
        }
        Panel::Tree(tree) => {
            let what = |row: &TreeRow| vec![row.detail.to_string(), row.mark.to_string()];
            let words = |row: &TreeRow| vec![vec![row.label.to_string()], vec![], what(row)];
            assert_rows(section, tree.rows.iter().map(words).collect(), place);
        }
    }
}

#[test]
fn the_text_view_says_the_same_as_the_stage_and_every_panel() {
    for lab in labs::registry::LABS {
        let mut session = lab.open().expect("the lab");
        for card in session.scenarios() {
            session.open(card.name).expect("the scenario");
            let (frame, place) = (session.frame(), format!("{}/{}", lab.about().id, card.name));
            let sections = sections(&frame);
            let said: Vec<&str> = sections.iter().map(|section| section.heading.as_str()).collect();
            assert_eq!(said, headings(&frame), "{place}");
            let part = |heading: &str| sections.iter().find(|section| section.heading == heading).expect("a part");
            assert_rows(part("Nodes"), frame.nodes.iter().map(|node| node_words(&frame, node)).collect(), &place);
            let messages = frame.messages.iter().map(|message| message_words(&frame, message));
            assert_rows(part("Messages under way"), messages.collect(), &place);
            assert_rows(part("Links"), frame.links.iter().map(|link| link_words(&frame, link)).collect(), &place);
            for group in &frame.groups {
                let words = format!("{}: {}", names(&frame, &group.nodes), group.tag);
                assert!(part("Parts of the network").text.contains(&words), "{place}: {words}");
            }
            for measure in &frame.measures {
                let counted = &part("What the lab counts").text;
                assert!(counted.contains(&measure.title.to_string()), "{place}: {}", measure.title);
                assert!(counted.contains(&measure.text().to_string()), "{place}: {}", measure.title);
            }
            for cut in &frame.cuts {
                let said = &part("Cuts of the run").text;
                assert!(said.contains(&lanes::cut_words(cut).to_string()), "{place}: {}", cut.name);
                for point in &cut.points {
                    let passes = format!("after event {}", point.event);
                    assert!(said.contains(&passes), "{place}: {}: {passes}", cut.name);
                }
            }
            for row in &frame.checks {
                let verdict = checks::describe(row, &frame).to_string();
                assert!(part("Checks").text.contains(&verdict), "{place}: {verdict}");
            }
            let first = sections.len() - usize::from(!frame.checks.is_empty()) - frame.panels.len();
            for (section, panel) in sections[first..].iter().zip(&frame.panels) {
                assert_panel(&frame, section, panel, &place);
            }
        }
    }
}

/// No lab has had spans so far.
#[test]
fn spans_are_a_table_too() {
    let span = |to_us| Span { from_us: 1_000, to_us, label: t!("lease"), kind: MessageKind::Election, failed: false };
    let rows = vec![SpanRow { label: t!("S1"), depth: 0, bars: vec![span(Some(2_000)), span(None)] }];
    let marks = vec![Moment { at_us: 3_000, text: t!("now") }];
    let panel = Panel::Spans(Spans { title: t!("Leases"), from_us: 0, to_us: 4_000, rows, marks });
    let frame = Frame { panels: vec![panel.clone()], ..frame() };
    let sections = sections(&frame);
    assert_eq!(sections.iter().map(|section| section.heading.as_str()).collect::<Vec<_>>(), headings(&frame));
    let section = sections.iter().find(|section| section.heading == "Leases").expect("a part");
    assert_panel(&frame, section, &panel, "by hand");
    assert!(
        section.rows[0].iter().any(|cell| cell == "2 ms") && section.rows[1].iter().any(|cell| cell == "not ended")
    );
}

/// A lie is drawn on the stage, and said in the text; so is who lies.
#[test]
fn a_lie_and_a_contradiction_are_said() {
    let plain = frame();
    let lie = Message { honest: Some(t!("Append x=4")), contradicts: vec![NodeId(2)], ..plain.messages[0].clone() };
    let mut frame = Frame { messages: vec![lie.clone()], ..plain.clone() };
    frame.nodes[0].lies = Some(Manner::Opposite);
    frame.nodes[0].tag = Some(t!("lies"));
    let sections = sections(&frame);
    let text = |heading: &str| &sections.iter().find(|section| section.heading == heading).expect("a part").text;
    let said = "a lie in place of “Append x=4”; others are told something else: S3";
    assert!(text("Messages under way").contains(said), "{}", text("Messages under way"));
    assert!(text("Nodes").contains("lies"), "{}", text("Nodes"));
    let mark =
        |message: &Message| draw_part(message::draw_mark(message, Point::new(0.0, 0.0), Point::new(1.0, 0.0), 1.0));
    assert!(mark(&lie).contains("mask") && !mark(&plain.messages[0]).contains("mask"));
    assert_eq!(message::shortened(&lie).as_str(), "≠ Append x=3");
}

/// A lock and a claimed sender are drawn on the stage, and said in the text.
#[test]
fn a_lock_and_a_claimed_sender_are_said() {
    let plain = frame();
    let seal = |is_open| Some(Seal { key: t!("k1"), openers: vec![NodeId(0), NodeId(2)], is_open });
    let sealed = |is_open| Message { claims: Some(NodeId(2)), seal: seal(is_open), ..plain.messages[0].clone() };
    let frame = Frame { messages: vec![sealed(false)], ..plain.clone() };
    let sections = sections(&frame);
    let section = sections.iter().find(|section| section.heading == "Messages under way").expect("a part");
    let said = "which says that it is of S3, sealed with k1 (can be opened by: S1, S3)";
    assert!(section.text.contains(said), "{}", section.text);
    let mark = |message: &Message| {
        let drawn = message::draw_mark(message, Point::new(0.0, 0.0), Point::new(1.0, 0.0), 1.0);
        draw_part(drawn)
    };
    assert!(!mark(&plain.messages[0]).contains("lock") && !mark(&plain.messages[0]).contains("claim"));
    let (shut, open) = (mark(&sealed(false)), mark(&sealed(true)));
    assert!(shut.contains("lock-body") && shut.contains("claim-ring"));
    assert_ne!(shut, open, "an open lock looks different");
    assert_eq!(message::shortened(&sealed(false)).as_str(), "Append x=3 · k1");
}
