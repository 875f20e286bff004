//! The scenarios come to what their sentences say.

use sim::{LabSession, NodeId, World};

use super::super::{RpcRest, RpcNode, Verdict};
use super::LAB;

#[test]
fn look() {
    let mut session = LAB.open().unwrap();
    for card in session.scenarios() {
        let run = LAB.prepare(card.name).unwrap();
        println!("== {} refusals {:?}", card.name, run.refusals.iter().map(ToString::to_string).collect::<Vec<_>>());
        session.open(card.name).unwrap();
        let frame = session.frame();
        println!("event {} at {} ms", frame.event, frame.at_us / 1000);
        println!("caption: {} | {:?}", frame.caption.headline, frame.caption.detail.map(|d| d.to_string()));
        for row in frame.checks { if row.sentence.is_some() { println!("  {}: {:?} {}", row.name, row.outcome, row.sentence.unwrap()); } }
        for node in &frame.nodes { println!("  {} {} badge {} tag {:?} fields {:?}", node.label, node.role, node.badge, node.tag.as_ref().map(|t| t.to_string()), node.fields.iter().map(|f| format!("{}={}", f.name, f.value)).collect::<Vec<_>>()); }
        for m in &frame.messages { println!("  msg {}", m.label); }
        for panel in frame.panels { if let sim::frame::Panel::Table { title, head, rows } = panel { println!("  [{title}] {:?}", head.iter().map(|t| t.to_string()).collect::<Vec<_>>()); for row in rows { println!("     {:?}", row.iter().map(|t| t.to_string()).collect::<Vec<_>>()); } } }
        let first = session.scenario().cursor + 1;
        let last = session.seek(first + 8);
        for e in session.trace(first.saturating_sub(25).max(1), last) { println!("   {} {:?} {} {} | {:?}", e.number, e.caption.weight, e.at_us / 1000, e.caption.headline, e.caption.detail.map(|d| d.to_string())); }
    }
}
