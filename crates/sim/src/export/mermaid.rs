//! A sequence diagram of Mermaid: an arrow where a message arrives or is lost, a note for whatever else happens.

use std::fmt::Write;

use crate::frame::{EventKind, Message, TraceEvent};
use crate::t;

pub(super) fn write(trace: &[TraceEvent], labels: &[&str]) -> String {
    let mut diagram = "sequenceDiagram\n".to_string();
    // Nothing below fails: it writes into a text.
    for (place, label) in labels.iter().enumerate() {
        let _ = writeln!(diagram, "  participant n{place} as {}", plain(label));
    }
    for event in trace {
        for message in &event.received {
            let arrow = if message.reply { "-->>" } else { "->>" };
            let _ =
                writeln!(diagram, "  n{}{arrow}n{}: {}", message.from.0, message.to.0, plain(&said(message, labels)));
        }
        if event.kind != EventKind::Delivery {
            let over = match event.node {
                Some(node) => format!("n{}", node.0),
                None => format!("n0,n{}", labels.len() - 1),
            };
            let _ = writeln!(diagram, "  Note over {over}: {}", plain(&event.caption.headline.to_string()));
        }
        for message in &event.lost {
            let _ = writeln!(diagram, "  n{}-xn{}: {}", message.from.0, message.to.0, plain(&said(message, labels)));
        }
    }
    diagram
}

/// What a message says, with its lock and whom it claims to be of.
fn said(message: &Message, labels: &[&str]) -> String {
    let said = match message.claims {
        Some(node) => t!("{message}, as {node}", message = message.said(), node = labels[node.index()].to_string()),
        None => message.said(),
    };
    match message.honest {
        Some(_) => t!("{message}, a lie", message = said),
        None => said,
    }
    .to_string()
}

/// Without the signs that end a statement or a line of Mermaid.
fn plain(words: &str) -> String {
    let escape = |sign: char| match sign {
        '#' => "#35;".to_string(),
        ';' => "#59;".to_string(),
        '<' => "#lt;".to_string(),
        '>' => "#gt;".to_string(),
        '\n' | '\r' => " ".to_string(),
        sign => sign.to_string(),
    };
    words.chars().map(escape).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::{MessageId, NodeId};
    use crate::frame::{MessageKind, Seal, Weight};
    use crate::t;

    #[test]
    fn a_diagram_tells_locks_and_claimed_senders() {
        let (from, to) = (NodeId(1), NodeId(0));
        let plain = Message {
            id: MessageId { from, to, number: 0 },
            from,
            to,
            kind: MessageKind::Other,
            reply: false,
            label: t!("hello"),
            fields: Vec::new(),
            sent_at_us: 0,
            leaves_at_us: 0,
            arrives_at_us: 1,
            held: false,
            damaged: false,
            claims: None,
            seal: None,
            honest: None,
            contradicts: Vec::new(),
            weight: Weight::Telling,
        };
        let labels = ["C1", "M", "S1"];
        assert_eq!(said(&plain, &labels), "hello");
        let seal = Some(Seal { key: t!("k1"), openers: Vec::new(), is_open: false });
        assert_eq!(said(&Message { claims: Some(NodeId(2)), seal, ..plain }, &labels), "hello · k1, as S1");
    }
}
