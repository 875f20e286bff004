//! A log that ShiViz and [`crate::log`] read: the host and its vector clock on one line, what happened on the next.

use serde_json::{Map, Value, json};

use crate::frame::TraceEvent;

/// What happens to the network has no host: it is left out. A log that does not begin at the beginning counts from there.
pub(super) fn write(trace: &[TraceEvent], labels: &[&str]) -> String {
    let mut start = vec![0; labels.len()];
    for event in trace.iter().rev() {
        if let Some(node) = event.node {
            start[node.index()] = event.vector[node.index()] - 1;
        }
    }
    let mut log = String::new();
    for event in trace {
        let Some(node) = event.node else { continue };
        let counts = event.vector.iter().zip(&start).enumerate();
        let clock: Map<String, Value> = counts
            .filter_map(|(place, (count, start))| {
                let count = count.saturating_sub(*start);
                (count > 0).then(|| (labels[place].to_string(), json!(count)))
            })
            .collect();
        log += &format!("{} {}\n{}\n", labels[node.index()], Value::Object(clock), one_line(event));
    }
    log
}

fn one_line(event: &TraceEvent) -> String {
    event.caption.headline.to_string().replace(['\n', '\r'], " ")
}
