use parts::values::{number, word};
use sim::hunt::{Hunt, SEEDS_TO_SHOW};
use sim::{Director, Settings, Value};

use super::super::PeerToPeer;
use super::super::bounds::Bounds;
use super::super::measures::finished_us;
use super::LAB;

fn finish(changes: &[(&'static str, Value)], seed: u64) -> (u64, Vec<u64>) {
    let settings = changes.iter().fold(Settings::default(), |all, (name, value)| all.with(name, value.clone()));
    let mut director: Director<PeerToPeer> = Director::new(settings, seed).unwrap();
    let done = |director: &Director<PeerToPeer>| {
        let world = director.world();
        world.config().wanting().all(|node| finished_us(world, node).is_some())
    };
    let mut events = 0;
    while !done(&director) && events < 200_000 && director.step() {
        events += 1;
    }
    let world = director.world();
    let bounds = Bounds::of(world.config());
    println!("bounds {bounds:?} verdicts {:?}", world.verdicts().get(5));
    (events, world.config().wanting().map(|node| finished_us(world, node).unwrap_or(0) / 1000).collect())
}

#[test]
fn trial() {
    for seed in 1..4 {
        println!("default {:?}", finish(&[], seed));
    }
    let big =
        [("peers", number(8)), ("pieces", number(48)), ("bad_blocks", number(0)), ("seed_leaves", Value::Flag(false))];
    println!("swarm {:?}", finish(&big, 1));
    println!("swarm {:?}", finish(&big, 2));
    let mut server = big.to_vec();
    server.push(("mode", word("client-server")));
    println!("server {:?}", finish(&server, 1));
}

#[test]
fn speed() {
    let begin = std::time::Instant::now();
    let mut director: Director<PeerToPeer> = Director::new(Settings::default(), 1).unwrap();
    director.run(10_000);
    println!("10,000 events in {:?} at {}", begin.elapsed(), director.now_us());
}

#[test]
fn rules() {
    for rule in LAB.rules().iter().filter(|rule| rule.broken_check.is_some()) {
        let begin = std::time::Instant::now();
        let hunt = Hunt::new(LAB, Settings::default()).without(rule.name).unwrap();
        let find = hunt.shortest(SEEDS_TO_SHOW, |hunt, seeds| hunt.search(seeds, |_| true)).unwrap();
        println!(
            "{}: {:?} {:?}",
            rule.name,
            begin.elapsed(),
            find.map(|find| (
                find.sentence.to_string(),
                find.scenario.seed,
                find.scenario.inputs.len(),
                find.scenario.cursor
            ))
        );
    }
}

#[test]
fn plain() {
    let hunt = Hunt::new(LAB, Settings::default());
    let begin = std::time::Instant::now();
    let found = hunt.search(0..60, |_| true).unwrap();
    println!(
        "{:?} {:?}",
        begin.elapsed(),
        found.map(|find| (find.check, find.sentence.to_string(), find.scenario.seed))
    );
    let first = Hunt { healed_events: 0, hazards: sim::hunt::Hazard::ALL.to_vec(), ..hunt };
    let found = first.search(0..2_000, |_| true).unwrap();
    println!(
        "{:?} {:?}",
        begin.elapsed(),
        found.map(|find| (find.check, find.sentence.to_string(), find.scenario.seed, find.scenario.inputs))
    );
}

#[test]
fn sights() {
    for check in LAB.checks().iter().filter(|check| check.kind == sim::CheckKind::Sometimes) {
        let begin = std::time::Instant::now();
        let hunt = Hunt::to_see(LAB, check.name).unwrap();
        let find = hunt.shortest(SEEDS_TO_SHOW, |hunt, seeds| hunt.search(seeds, |_| true)).unwrap();
        println!(
            "{}: {:?} {:?}",
            check.name,
            begin.elapsed(),
            find.map(|find| (
                find.sentence.to_string(),
                find.scenario.seed,
                find.scenario.inputs.len(),
                find.scenario.cursor
            ))
        );
    }
}

#[test]
fn scenarios() {
    use super::super::measures::share_ppm;
    for name in [
        "overtaken",
        "server-alone",
        "murder-2010",
        "last-piece",
        "rarest-first",
        "free-riders",
        "rubbish",
        "no-tracker",
    ] {
        let run = LAB.prepare(name).unwrap();
        println!(
            "{name}: refusals {:?} cursor {}",
            run.refusals.iter().map(ToString::to_string).collect::<Vec<_>>(),
            run.scenario.cursor
        );
        let mut world = sim::World::new(LAB, run.scenario.settings.clone(), run.scenario.seed).unwrap();
        for timed in &run.scenario.inputs {
            while world.event() < timed.after_event {
                world.step();
            }
            world.apply(timed).unwrap();
        }
        while world.event() < run.scenario.cursor && world.step() {}
        let show = |world: &sim::World| {
            let of = world.of::<PeerToPeer>();
            println!(
                "   at {} shares {:?}",
                of.now_us() / 1000,
                of.config().wanting().map(|node| share_ppm(of, node) / 10_000).collect::<Vec<_>>()
            );
            println!(
                "   gave S {} peers {:?}",
                super::super::scenarios::gave(of, super::super::S),
                of.config().wanting().map(|node| super::super::scenarios::gave(of, node)).collect::<Vec<_>>()
            );
            println!(
                "   finished {:?}",
                of.config().wanting().map(|node| finished_us(of, node).unwrap_or(0) / 1000).collect::<Vec<_>>()
            );
            for (place, check) in LAB.checks().iter().enumerate() {
                print!(" {}:{:?}", check.name, of.verdicts().get(place).outcome);
            }
            println!();
        };
        show(&world);
        for _ in 0..20_000 {
            world.step();
        }
        show(&world);
    }
}

#[test]
fn seeds() {
    use sim::Scenarios;
    for prepared in PeerToPeer::scenarios() {
        if !["last-piece", "rarest-first", "free-riders", "rubbish"].contains(&prepared.name) {
            continue;
        }
        for fair in [false, true] {
            if fair && prepared.name != "free-riders" {
                continue;
            }
            for seed in 1..25 {
                let mut settings = prepared
                    .settings
                    .iter()
                    .fold(Settings::default(), |all, (name, value)| all.with(name, value.clone()));
                if fair {
                    settings = settings.with("fairness", word("round-robin"));
                }
                let mut director: Director<PeerToPeer> = Director::new(settings, seed).unwrap();
                (prepared.direct)(&mut director);
                let begin = director.now_us() / 1000;
                let shares: Vec<u64> = director
                    .world()
                    .config()
                    .wanting()
                    .map(|node| super::super::measures::share_ppm(director.world(), node) / 10_000)
                    .collect();
                let mut ban = 0;
                for _ in 0..12_000 {
                    director.step();
                    let world = director.world();
                    if ban == 0
                        && world.config().wanting().any(|node| {
                            world
                                .nodes()
                                .state(node)
                                .and_then(|node| node.peer())
                                .is_some_and(|peer| peer.neighbours.values().any(|other| other.banned_until_us > 0))
                        })
                    {
                        ban = director.now_us() / 1000;
                    }
                }
                let of = director.world();
                let finished: Vec<u64> =
                    of.config().wanting().map(|node| finished_us(of, node).unwrap_or(0) / 1000).collect();
                let lost = of.verdicts().get(8).outcome;
                println!(
                    "{} {fair} {seed}: at {begin} {shares:?} finished {finished:?} lost {lost:?} ban {ban}",
                    prepared.name
                );
            }
        }
    }
}

#[test]
fn spread() {
    use super::super::measures::share_ppm;
    for (name, more) in [
        ("tft", vec![]),
        ("rr", vec![("fairness", word("round-robin"))]),
        ("rr5", vec![("fairness", word("round-robin")), ("choke_s", number(5))]),
        ("opt10", vec![("optimistic_s", number(10))]),
        ("opt10 8", vec![("optimistic_s", number(10)), ("unchoked", number(6))]),
    ] {
        for seed in 1..4 {
            let mut settings = Settings::default()
                .with("peers", number(8))
                .with("pieces", number(48))
                .with("bad_blocks", number(0))
                .with("seed_leaves", Value::Flag(false));
            for (name, value) in &more {
                settings = settings.with(name, value.clone());
            }
            let mut director: Director<PeerToPeer> = Director::new(settings, seed).unwrap();
            let mut halves = Vec::new();
            for at in [13, 20, 27] {
                director.run_until_us(at * 1_000_000);
                let world = director.world();
                halves.push(world.config().wanting().map(|node| share_ppm(world, node) / 10_000).collect::<Vec<_>>());
            }
            director.run_until_us(200_000_000);
            let world = director.world();
            println!(
                "{name} {seed}: {halves:?} gave S {} finished {:?}",
                super::super::scenarios::gave(world, super::super::S),
                world
                    .config()
                    .wanting()
                    .map(|node| finished_us(world, node).unwrap_or(0) / 1_000_000)
                    .collect::<Vec<_>>()
            );
        }
    }
}

#[test]
fn measured() {
    use sim::Experiments;
    for experiment in PeerToPeer::experiments() {
        let begin = std::time::Instant::now();
        let settings = Settings::defaults(&experiment.settings);
        let report = (experiment.measure)(&settings, experiment.runs, 1).unwrap();
        println!("== {} {:?}", experiment.name, begin.elapsed());
        for metric in report.metrics {
            println!(
                "== {} {} {} {:?}",
                metric.name,
                metric.unit,
                metric.millionths as f64 / 1e6,
                metric.published_millionths.map(|p| p as f64 / 1e6)
            );
        }
    }
}
