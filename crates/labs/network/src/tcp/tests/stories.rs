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

#[test]
#[ignore = "tries settings"]
fn try_collapse() {
    use parts::values::{number, word};
    use sim::{Director, NodeId, Settings};
    for algorithm in ["none", "newreno"] {
        for (rate, queue, buffer, far, dack) in [
            (50, 5, 32, 30, 200),
            (20, 5, 32, 30, 200),
            (10, 5, 32, 30, 200),
            (20, 5, 32, 300, 200),
            (100, 5, 32, 30, 200),
            (20, 2, 32, 30, 200),
            (20, 5, 64, 30, 0),
            (20, 5, 32, 30, 0),
            (7, 5, 32, 30, 200),
        ] {
            let mut settings = Settings::default();
            for (name, value) in super::super::scenarios::calm(vec![
                ("algorithm", word(algorithm)),
                ("timeout", word("twice")),
                ("senders", number(2)),
                ("transfer", number(64)),
                ("rto_min_ms", number(std::env::var("MIN").ok().and_then(|x| x.parse().ok()).unwrap_or(1000))),
                ("buffer", number(buffer)),
                ("queue", number(queue)),
                ("rate", number(rate)),
                ("far_ms", number(far)),
                ("delayed_ack_ms", number(dack)),
            ]) {
                settings = settings.with(name, value);
            }
            let mut director = Director::<Tcp>::new(settings.accept(&sim::all_settings::<Tcp>()).unwrap(), 4).unwrap();
            let mut line = String::new();
            for seconds in [10, 20, 40, 60] {
                director.run_until_us(seconds * 1_000_000);
                let world = director.world();
                let fresh: u64 = [NodeId(0), NodeId(3)]
                    .iter()
                    .filter_map(|node| world.nodes().state(*node))
                    .map(|host| host.sent_fresh())
                    .sum();
                let again: u64 = [NodeId(0), NodeId(3)]
                    .iter()
                    .filter_map(|node| world.nodes().state(*node))
                    .map(|host| host.sent_again())
                    .sum();
                let read: u64 = world.nodes().state(NodeId(2)).map_or(0, |host| host.total_read());
                line += &format!(
                    " {seconds}s: {}% fresh {fresh} again {again} dropped {};",
                    read / (rate as u64 * 10) / seconds,
                    world.network().link(NodeId(1), NodeId(2)).dropped
                );
            }
            println!("{algorithm} rate {rate} queue {queue} buffer {buffer} far {far} dack {dack}:{line}");
        }
    }
}
