//! Sections 4.1 and 4.2: what a request costs.

use super::*;
use sim::{Experiments, Value};

#[test]
fn a_request_takes_as_many_messages_and_delays_as_the_paper_says() {
    for (replicas, faulty, messages) in [(4, 1, 29), (7, 2, 92), (10, 3, 191)] {
        let changes = Settings::default().with("replicas", Value::Integer(replicas)).with("f", Value::Integer(faulty));
        let report = Pbft::measure("pbft-messages", changes, 2).expect("settings of the experiment");
        assert_eq!(report.metrics[0].millionths, messages * 1_000_000);
        assert_eq!(report.metrics[1].millionths, 5_000_000);
        assert!(report.metrics.iter().all(|metric| metric.published_millionths == Some(metric.millionths)));
    }
}
