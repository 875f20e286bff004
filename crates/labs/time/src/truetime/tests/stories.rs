//! What scenarios show.

use super::*;

#[test]
fn print() {
    for card in ["the-wait", "no-wait", "a-clock-lies", "snapshot-waits"] {
        let mut session = sim::Work::new(Of::<TrueTime>::LAB).expect("a lab");
        session.open(card).expect("a scenario");
        let cursor = session.scenario().cursor;
        let last = session.seek(cursor + 14);
        println!("== {card} at {cursor}");
        for event in session.trace(1, last) {
            let detail = event.caption.detail.map(|detail| format!(" | {detail}")).unwrap_or_default();
            println!("{}{} {} {}{detail}", if event.number == cursor { "*" } else { " " }, event.number, event.at_us, event.caption.headline);
        }
        session.seek(cursor);
        for row in session.frame().checks { println!("{} {:?} {:?}", row.name, row.outcome, row.sentence.map(|s| s.to_string())); }
    }
}
