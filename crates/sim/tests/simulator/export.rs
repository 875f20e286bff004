//! A run in other programs' formats.

use crate::echo::EchoLab;
use sim::export::Format;
use sim::{Input, LabSession, NodeId, Of, Work};

fn written(format: Format) -> String {
    let mut work = Work::new(Of::<EchoLab>::LAB).unwrap();
    work.restart(Vec::new(), 7).unwrap();
    work.seek(12);
    work.act(Input::Cut { from: NodeId(0), to: NodeId(1) }, None).unwrap();
    work.act(Input::Crash(NodeId(2)), None).unwrap();
    work.seek(20);
    format.write(&mut work).unwrap()
}

#[test]
fn a_sequence_diagram_has_an_arrow_for_each_message_and_a_note_for_whatever_else_happens() {
    let diagram = written(Format::Mermaid);
    let lines: Vec<&str> = diagram.lines().collect();
    assert_eq!(
        lines[..4],
        ["sequenceDiagram", "  participant n0 as N1", "  participant n1 as N2", "  participant n2 as N3"]
    );
    assert!(
        lines.contains(&"  Note over n0: The link from N1 to N2 is cut") || diagram.contains("is cut"),
        "{diagram}"
    );
    assert!(lines.contains(&"  Note over n2: N3 crashes"), "{diagram}");
    assert!(lines.iter().any(|line| line.contains("->>n")), "{diagram}");
    assert!(lines.iter().skip(1).all(|line| !line.contains(';') || line.contains("#59;")), "{diagram}");
}

#[test]
fn json_lines_say_what_each_event_was() {
    let lines = written(Format::JsonLines);
    let events: Vec<serde_json::Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(events.len(), 20);
    assert_eq!(events[19]["id"], 20);
    assert!(events.iter().any(|event| event["kind"] == "fault" && event["text"] == "N3 crashes"), "{lines}");
}

#[test]
fn a_log_with_vector_clocks_counts_each_host_from_one() {
    let log = written(Format::ShiViz);
    let mut counts = std::collections::BTreeMap::new();
    for pair in log.lines().collect::<Vec<_>>().chunks(2) {
        let (host, clock) = pair[0].split_once(' ').unwrap();
        let clock: serde_json::Value = serde_json::from_str(clock).unwrap();
        let count = counts.entry(host.to_string()).or_insert(0);
        *count += 1;
        assert_eq!(clock[host], *count, "{log}");
        assert!(!pair[1].is_empty());
    }
    assert_eq!(counts.len(), 3, "{log}");
}

#[test]
fn a_history_begins_with_its_model() {
    let history = written(Format::History);
    let header: serde_json::Value = serde_json::from_str(history.lines().next().unwrap()).unwrap();
    assert_eq!(header, serde_json::json!({"model": "register", "init": null}));
}
