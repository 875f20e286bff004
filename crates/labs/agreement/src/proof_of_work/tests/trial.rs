use sim::hunt::Hunt;
use sim::{AnyLab, Of, Settings};

use super::super::ProofOfWork;

const LAB: &dyn AnyLab = Of::<ProofOfWork>::LAB;

#[test]
fn story() {
    let mut session = LAB.open().unwrap();
    session.restart(Vec::new(), 1).unwrap();
    session.seek(300);
    for event in session.trace(1, 300) {
        println!("{:>9} {:?} {} | {}", event.at_us, event.caption.weight, event.caption.headline, event.caption.detail.map(|t| t.to_string()).unwrap_or_default());
    }
    let frame = session.frame();
    for row in frame.checks { println!("{} {:?} {:?}", row.name, row.outcome, row.sentence.map(|t| t.to_string())); }
    for m in frame.measures { println!("{} {}", m.name, m.value); }
}

#[test]
fn hunts() {
    for rule in ["heaviest", "ask_parent", "check_spends", "return_payments"] {
        let hunt = Hunt::new(LAB, Settings::default()).without(rule).unwrap();
        let start = std::time::Instant::now();
        let find = hunt.shortest(0..3000, |hunt, seeds| hunt.search(seeds, |_| true)).unwrap();
        println!("{rule}: {:?} {:?}", start.elapsed(), find.map(|f| (f.check, f.sentence.to_string(), f.scenario.inputs.len(), f.scenario.cursor, f.scenario.seed)));
    }
}

#[test]
fn sights() {
    for check in LAB.checks().iter().filter(|c| c.is_to_be_seen()) {
        let start = std::time::Instant::now();
        let hunt = Hunt::to_see(LAB, check.name).unwrap();
        let find = hunt.shortest(0..3000, |hunt, seeds| hunt.search(seeds, |_| true)).unwrap();
        println!("{}: {:?} {:?}", check.name, start.elapsed(), find.map(|f| (f.check, f.sentence.to_string(), f.scenario.inputs.len(), f.scenario.cursor, f.scenario.seed)));
    }
}

#[test]
fn calm() {
    let hunt = Hunt::new(LAB, Settings::default());
    let first_phase = Hunt { healed_events: 0, ..hunt.clone() };
    for find in [hunt.search(0..60, |_| true).unwrap(), first_phase.search(0..2_000, |_| true).unwrap()] {
        println!("{:?}", find.map(|find| (find.check, find.sentence.to_string(), find.scenario.seed)));
    }
}


#[test]
fn measured() {
    use sim::Experiments;
    for experiment in ProofOfWork::experiments() {
        let start = std::time::Instant::now();
        let settings = experiment.settings.iter().fold(Settings::default(), |all, setting| all.with(setting.name, setting.default.clone()));
        let report = (experiment.measure)(&settings, experiment.runs, 1).unwrap();
        println!("{} {:?}", experiment.name, start.elapsed());
        for metric in report.metrics { println!("  {} {} {:?}", metric.name, metric.millionths, metric.published_millionths); }
    }
}
