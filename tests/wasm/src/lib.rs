//! The simulator as a WebAssembly module for Node: what `cargo xtask test parity` and `cargo xtask bench` call.

use labs::registry;
use labs::workload::{SEEK_EVENTS, WORKLOADS};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn now_ms() -> f64;
}

/// The same lines as `netsplit digests` prints natively.
#[wasm_bindgen]
pub fn digests() -> Result<String, String> {
    registry::digests().map_err(|error| error.to_string())
}

/// The same line for each lesson of a file.
#[wasm_bindgen]
pub fn verdicts(text: &str) -> Result<String, String> {
    let lessons = lessons::read_lessons(text).map_err(|mistakes| mistakes[0].to_string())?;
    let line = |lesson: &lessons::Lesson| {
        let lab = registry::lab(&lesson.lab).map_err(|refusal| refusal.to_string())?;
        Ok(lessons::verdicts(lesson, lab) + "\n")
    };
    lessons.iter().map(line).collect()
}

/// The same loads as `netsplit bench` measures natively.
#[wasm_bindgen]
pub fn bench() -> Result<String, String> {
    let explain = |error: sim::Text| error.to_string();
    let mut table = format!("{:<44} {:>16}\n", "WebAssembly", "a second");
    let mut row = |name: &str, value: String| table.push_str(&format!("{name:<44} {value:>16}\n"));
    for workload in WORKLOADS {
        let start_ms = now_ms();
        let done = (workload.run)().map_err(explain)?;
        row(workload.name, format!("{} {}", per_second(done, start_ms), workload.unit));
    }
    let mut session = registry::open("raft").map_err(explain)?;
    session.restart(Vec::new(), 1).map_err(explain)?;
    let (start_ms, pages) = (now_ms(), memory_pages());
    session.seek(SEEK_EVENTS);
    let virtual_ms = session.frame().at_us as f64 / 1e3;
    row("first run to event 1,000,000, with clients", format!("{} events", per_second(SEEK_EVENTS, start_ms)));
    row("the same, against real time", format!("{:.0} times", virtual_ms / (now_ms() - start_ms)));
    let kept = (memory_pages() - pages) as u64 * 65_536 / SEEK_EVENTS;
    row("kept for each of these events (memory)", format!("{kept} bytes"));
    let mut times_ms: Vec<f64> = (0..200)
        .map(|place| {
            let start_ms = now_ms();
            session.seek(place * 7_919_317 % SEEK_EVENTS);
            now_ms() - start_ms
        })
        .collect();
    times_ms.sort_by(f64::total_cmp);
    row("seek in 1,000,000 events, median", format!("{:.1} ms", times_ms[100]));
    row("seek in 1,000,000 events, p99", format!("{:.1} ms", times_ms[198]));
    Ok(table)
}

/// How large the memory of the module is, in pages of 64 KiB.
fn memory_pages() -> usize {
    #[cfg(target_family = "wasm")]
    return std::arch::wasm32::memory_size::<0>();
    #[cfg(not(target_family = "wasm"))]
    0
}

fn per_second(done: u64, start_ms: f64) -> u64 {
    (done as f64 * 1e3 / (now_ms() - start_ms)) as u64
}
