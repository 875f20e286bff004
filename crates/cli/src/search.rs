//! A search at random on several threads.

use std::num::NonZero;
use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use sim::Text;
use sim::hunt::{Find, Hunt, Progress};

/// Searches the seeds side by side. The find is that of the lowest seed, however many threads there are: a seed is left out
/// only when a lower one has a find. `watch` is told after each run how things stand.
pub fn search(
    hunt: &Hunt,
    seeds: Range<u64>,
    threads: NonZero<usize>,
    watch: impl FnMut(Progress) + Send,
) -> Result<Option<Find>, Text> {
    let next = AtomicU64::new(seeds.start);
    let end = AtomicU64::new(seeds.end);
    let depth = u32::try_from(hunt.fault_events).unwrap_or(u32::MAX);
    let watched = Mutex::new((Progress { depth, ..Progress::default() }, watch));
    let take = |seed: u64| (seed < end.load(Ordering::Relaxed)).then(|| seed + 1);
    // Each thread makes and ends its own worlds; only seeds, finds and counts pass between them.
    let search = || {
        while let Ok(seed) = next.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take) {
            let (find, events) = hunt.run(seed)?;
            let mut watched = watched.lock().expect("no other thread panics while it counts");
            let (progress, watch) = &mut *watched;
            progress.runs += 1;
            progress.events += events;
            watch(*progress);
            if find.is_some() {
                end.fetch_min(seed, Ordering::Relaxed);
                return Ok(find);
            }
        }
        Ok(None)
    };
    let finds = std::thread::scope(|scope| {
        let searching: Vec<_> = (0..threads.get()).map(|_| scope.spawn(search)).collect();
        let join = |thread: std::thread::ScopedJoinHandle<'_, Result<Option<Find>, Text>>| {
            thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        };
        searching.into_iter().map(join).collect::<Result<Vec<_>, Text>>()
    })?;
    Ok(finds.into_iter().flatten().min_by_key(|find| find.scenario.seed))
}

#[cfg(test)]
mod tests {
    use sim::{Settings, Value};

    use super::*;

    fn found(hunt: &Hunt, seeds: Range<u64>, threads: usize) -> (Option<Find>, Progress) {
        let mut last = Progress::default();
        let threads = NonZero::new(threads).expect("at least one thread");
        let find = search(hunt, seeds, threads, |progress| last = progress).expect("settings");
        (find, last)
    }

    /// Several seeds of these break the check, the lowest of them not at the beginning.
    #[test]
    fn the_find_is_the_same_whatever_the_number_of_threads() {
        let raft = labs::registry::lab("raft").expect("a lab");
        let hunt = Hunt::new(raft, Settings::default()).without("client_sessions").expect("a rule");
        let alone = hunt.search(0..2_000, |_| true).expect("settings").expect("a find");
        assert!(alone.scenario.seed > 10, "seed {}", alone.scenario.seed);
        for threads in [1, 2, 3, 8] {
            assert_eq!(found(&hunt, 0..2_000, threads).0.as_ref(), Some(&alone), "{threads} threads");
        }
    }

    #[test]
    fn every_seed_is_searched_once_where_there_is_nothing() {
        let raft = labs::registry::lab("raft").expect("a lab");
        let hunt = Hunt::new(raft, Settings::default()).for_check("election-safety").expect("a check");
        let alone = found(&hunt, 0..40, 1);
        assert_eq!((alone.0.is_none(), alone.1.runs), (true, 40));
        for threads in [2, 5] {
            assert_eq!(found(&hunt, 0..40, threads), alone);
        }
        assert_eq!(found(&hunt, u64::MAX - 3..u64::MAX, 4).1.runs, 3);
    }

    #[test]
    fn what_cannot_be_searched_is_said() {
        let raft = labs::registry::lab("raft").expect("a lab");
        let hunt = Hunt::new(raft, Settings::default().with("love", Value::Flag(true)));
        let refused = search(&hunt, 0..10, NonZero::new(3).expect("three"), |_| {}).unwrap_err();
        assert!(refused.to_string().starts_with("there is no setting love"), "{refused}");
    }
}
