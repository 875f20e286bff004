//! The scenarios come to what their sentences say.

use sim::{AnyLab, LabSession, Of};

use super::super::Tcp;

const LAB: &dyn AnyLab = Of::<Tcp>::LAB;

#[test]
#[ignore = "prints what scenarios tell"]
fn print_stories() {
    let mut session: Box<dyn LabSession> = LAB.open().unwrap();
    let wanted = std::env::var("STORY").unwrap_or_default();
    for card in session.scenarios() {
        if !wanted.is_empty() && wanted != card.name {
            continue;
        }
        let run = LAB.prepare(card.name).unwrap();
        println!("== {} refusals {:?}", card.name, run.refusals.iter().map(ToString::to_string).collect::<Vec<_>>());
        session.open(card.name).unwrap();
        let cursor = session.scenario().cursor;
        session.seek(cursor + 60);
        for event in session.trace(cursor.saturating_sub(30).max(1), cursor + 60) {
            println!(
                "{}{} {} {:?} {} | {}",
                if event.number == cursor { "> " } else { "  " },
                event.number,
                event.at_us,
                event.caption.weight,
                event.caption.headline,
                event.caption.detail.map(|text| text.to_string()).unwrap_or_default()
            );
        }
    }
}
