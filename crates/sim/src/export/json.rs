//! Events as JSON objects, a line each.

use serde_json::json;

use crate::frame::TraceEvent;

/// One event: what the lanes know of it.
pub fn line(event: &TraceEvent, labels: &[&str]) -> String {
    json!({
        "id": event.number,
        "time": event.at_us,
        "node": event.node.map(|node| labels[node.index()]),
        "kind": event.kind.name(),
        "cause": event.causes.first(),
        "lamport": event.lamport,
        "vector": event.vector,
        "text": event.caption.headline.to_string(),
        "rules": event.rules,
    })
    .to_string()
}
