//! The logs at the start, as the figures of the Raft paper draw them.

use sim::NodeId;

use super::Disk;
use super::log::Entry;

/// Figure 7: the new leader of term 8, and six followers (a) to (f) that it may meet.
const FIGURE_7: [&[u64]; 7] = [
    &[1, 1, 1, 4, 4, 5, 5, 6, 6, 6],
    &[1, 1, 1, 4, 4, 5, 5, 6, 6],
    &[1, 1, 1, 4],
    &[1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6],
    &[1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7],
    &[1, 1, 1, 4, 4, 4, 4],
    &[1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3],
];

/// Figure 8, between (b) and (c): S1 led term 2 and reached only S2; S5 led term 3 and reached nobody.
const FIGURE_8: [&[u64]; 5] = [&[1, 2], &[1, 2], &[1], &[1], &[1, 3]];

/// The disks of all servers.
pub(super) fn disks(initial_logs: &str, servers: u16) -> Vec<Disk> {
    let disk = |number: u16| {
        let (logs, term): (&[&[u64]], u64) = match initial_logs {
            "figure-7" => (&FIGURE_7, 7),
            "figure-8" => (&FIGURE_8, 3),
            _ => return Disk::default(),
        };
        let terms = logs.get(usize::from(number)).copied().unwrap_or(&[1]);
        // S3 and S4 have elected S5 in term 3, or it could not have led.
        let voted_for = (initial_logs == "figure-8" && (2..5).contains(&number)).then_some(NodeId(4));
        Disk { term, voted_for, log: terms.iter().copied().map(Entry::no_op).collect(), snapshot: None }
    };
    (0..servers).map(disk).collect()
}
