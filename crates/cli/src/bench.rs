//! `netsplit bench`: how fast the simulator runs here. One run of each, so read the ratios.

use std::process::ExitCode;
use std::time::Instant;

use labs::registry;
use labs::workload::{SEEK_EVENTS, WORKLOADS};

/// Measures everything and prints a table.
pub fn print() -> Result<ExitCode, String> {
    let explain = |error: sim::Text| error.to_string();
    println!("{:<44} {:>16}", "native", "a second");
    for workload in WORKLOADS {
        let start = Instant::now();
        let done = (workload.run)().map_err(explain)?;
        println!("{:<44} {:>16}", workload.name, format!("{} {}", per_second(done, start), workload.unit));
    }
    seeks()?;
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

/// Seeks to 200 places all over a long run, with clients at work.
fn seeks() -> Result<(), String> {
    let explain = |error: sim::Text| error.to_string();
    let mut session = registry::open("raft").map_err(explain)?;
    session.restart(Vec::new(), 1).map_err(explain)?;
    let (start, resident) = (Instant::now(), resident_bytes());
    session.seek(SEEK_EVENTS);
    println!(
        "{:<44} {:>16}",
        "first run to event 1,000,000, with clients",
        format!("{} events", per_second(SEEK_EVENTS, start))
    );
    if let (Some(before), Some(after)) = (resident, resident_bytes()) {
        let kept = after.saturating_sub(before) / SEEK_EVENTS;
        println!("{:<44} {:>10} bytes", "kept for each of these events (resident)", kept);
    }
    let mut times_us: Vec<u128> = (0..200)
        .map(|place| {
            let start = Instant::now();
            session.seek(place * 7_919_317 % SEEK_EVENTS);
            start.elapsed().as_micros()
        })
        .collect();
    times_us.sort_unstable();
    println!("{:<44} {:>13} ms", "seek in 1,000,000 events, median", times_us[100] as f64 / 1e3);
    println!("{:<44} {:>13} ms", "seek in 1,000,000 events, p99", times_us[198] as f64 / 1e3);
    Ok(())
}
