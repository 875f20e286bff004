//! `netsplit bench`: how fast the simulator runs here. One run of each, so read the ratios.

use std::process::ExitCode;
use std::time::Instant;

use labs::registry;
use labs::workload::{SEEK_EVENTS, WORKLOADS};
use lessons::{AnswerFile, Expression, Start, Verdict, Watch};
use sim::history::consistency::{Criterion, Holds, judge_by};
use sim::history::generator::{Recipe, generate};
use sim::history::linearizability::DEFAULT_LIMIT;
use sim::history::{History, Initial, Model, check};
use sim::{Settings, Timeline, World};

use crate::output::say;
use crate::verify;

/// Measures everything and prints a table.
pub fn print() -> Result<ExitCode, String> {
    let explain = |error: sim::Text| error.to_string();
    say!("{:<44} {:>16}", "native", "a second");
    for workload in WORKLOADS {
        let start = Instant::now();
        let done = (workload.run)().map_err(explain)?;
        say!("{:<44} {:>16}", workload.name, format!("{} {}", per_second(done, start), workload.unit));
    }
    watched()?;
    seeks()?;
    histories();
    answers()?;
    Ok(ExitCode::SUCCESS)
}

fn per_second(done: u64, start: Instant) -> u64 {
    (u128::from(done) * 1_000_000 / start.elapsed().as_micros().max(1)) as u64
}

/// How much memory this process holds, where the system tells it (Linux, in pages of 4 KiB on common machines).
fn resident_bytes() -> Option<u64> {
    let pages: u64 = std::fs::read_to_string("/proc/self/statm").ok()?.split(' ').nth(1)?.parse().ok()?;
    Some(pages * 4_096)
}

/// The goals of a task, as lessons have them.
const GOALS: [&str; 5] = [
    "ever(nodes(leader) = 2)",
    "never(nodes(leader) = 3) and count(role(it) = follower) >= 3",
    "kept(election-safety)",
    "used(crash) = 0 and actions <= 2",
    "elapsed >= 1 s",
];

/// Plays Raft with clients, and judges five goals as often as a screen asks at sixteen events a picture.
fn watched() -> Result<(), String> {
    const EVENTS: u64 = 150_000;
    let explain = |error: sim::Text| error.to_string();
    let goals = GOALS.iter().map(|goal| Expression::read(goal, 1, 1)).collect::<Result<Vec<_>, _>>();
    let lab = registry::lab("raft").map_err(explain)?;
    let world = World::new(lab, Settings::default(), 1).map_err(explain)?;
    let mut timeline = Timeline::new(world, Vec::new());
    let mut watch = Watch::of(goals.map_err(|mistake| mistake.to_string())?, lab, Start { event: 0, at_us: 0 });
    let start = Instant::now();
    while timeline.world().event() < EVENTS && timeline.forward() {
        if timeline.world().event().is_multiple_of(16) {
            watch.judge(&timeline, timeline.world().now_us()).map_err(|mistake| mistake.to_string())?;
        }
    }
    say!("{:<44} {:>16}", "five goals of a task watched, Raft", format!("{} events", per_second(EVENTS, start)));
    Ok(())
}

/// Seeks to 200 places all over a long run, with clients at work.
fn seeks() -> Result<(), String> {
    let explain = |error: sim::Text| error.to_string();
    let mut session = registry::open("raft").map_err(explain)?;
    session.restart(Vec::new(), 1).map_err(explain)?;
    let (start, resident) = (Instant::now(), resident_bytes());
    session.seek(SEEK_EVENTS);
    say!(
        "{:<44} {:>16}",
        "first run to event 1,000,000, with clients",
        format!("{} events", per_second(SEEK_EVENTS, start))
    );
    if let (Some(before), Some(after)) = (resident, resident_bytes()) {
        let kept = after.saturating_sub(before) / SEEK_EVENTS;
        say!("{:<44} {:>10} bytes", "kept for each of these events (resident)", kept);
    }
    let mut times_us: Vec<u128> = (0..200)
        .map(|place| {
            let start = Instant::now();
            session.seek(place * 7_919_317 % SEEK_EVENTS);
            start.elapsed().as_micros()
        })
        .collect();
    times_us.sort_unstable();
    say!("{:<44} {:>13} ms", "seek in 1,000,000 events, median", times_us[100] as f64 / 1e3);
    say!("{:<44} {:>13} ms", "seek in 1,000,000 events, p99", times_us[198] as f64 / 1e3);
    Ok(())
}

/// Judges histories like the 102 of etcd that the literature checks (Horn & Kroening 2015): cas registers with five values,
/// 5 to 10 clients, 100 to 340 operations, some of unknown end. Some have results that are replaced by others.
fn histories() {
    let register = Model::CasRegister(Initial::all(0.into()));
    for (lost, corrupted) in [(30, 0), (60, 0), (30, 1), (60, 1), (30, 3)] {
        let recipe = |seed: u64| Recipe::etcd(5 + seed % 6, 100 + seed % 5 * 60, lost, corrupted);
        let all: Vec<History> = (0..102).map(|seed| generate(&register, &recipe(seed), seed)).collect();
        let mut wrong = 0;
        let start = Instant::now();
        for history in &all {
            wrong += u64::from(!check(history, &register, DEFAULT_LIMIT).is_linearizable());
        }
        let name = format!("102 etcd-like, {lost} unknown, {corrupted} altered: {wrong} wrong");
        say!("{name:<44} {:>13} ms", milliseconds(start));
        for criterion in [Criterion::Sequential, Criterion::Causal] {
            let mut holds = 0;
            let start = Instant::now();
            for history in &all {
                let judgement = judge_by(criterion, history, &register, DEFAULT_LIMIT, &|client| client.into());
                holds += u64::from(judgement.holds == Holds::Yes);
            }
            say!("{:<44} {:>13} ms", format!("  {}: {holds} of 102", criterion.name()), milliseconds(start));
        }
    }
    let map = Model::KeyValue(Initial::default());
    let quiet = Recipe { lost: 0, lost_percent: 0, values: 100_000, keys: 10, ..Recipe::etcd(50, 5_000, 0, 0) };
    for corrupted in [0, 1] {
        let history = generate(&map, &Recipe { corrupted, ..quiet.clone() }, 1);
        let start = Instant::now();
        let is_right = check(&history, &map, DEFAULT_LIMIT).is_linearizable();
        let name = format!("map, 50 clients, 5,000 operations: {}", if is_right { "right" } else { "wrong" });
        say!("{name:<44} {:>13} ms", milliseconds(start));
    }
}

/// Replays the answers of a school: 300 files, all right, of all lessons in turn.
fn answers() -> Result<(), String> {
    let mut files = Vec::new();
    for lesson in verify::known_lessons(&[])? {
        let lab = registry::lab(&lesson.lab).map_err(|refusal| refusal.to_string())?;
        let solved = |solution| AnswerFile::solved(&lesson, lab, solution).map_err(|mistakes| mistakes[0].to_string());
        files.push((0..3).map(|solution| solved(solution).map(|file| file.write())).collect::<Result<Vec<_>, _>>()?);
    }
    let start = Instant::now();
    let mut school = verify::School::new(&[])?;
    let mut met = 0;
    for place in 0..300 {
        let of_lesson = &files[place % files.len()];
        let rows = school.rows(&of_lesson[place / files.len() % of_lesson.len()])?;
        met += rows.iter().filter(|row| row.verdict == Verdict::Met).count();
    }
    say!("{:<44} {:>13} ms", format!("300 answer files: {met} met"), milliseconds(start));
    Ok(())
}

fn milliseconds(start: Instant) -> f64 {
    start.elapsed().as_micros() as f64 / 1e3
}
