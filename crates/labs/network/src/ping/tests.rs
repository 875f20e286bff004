//! Tests of the lab, each with the place in the literature that it checks.

mod books;
mod measured;
mod stories;

use sim::probe::Probe;
use sim::{Configuration, NodeId, Settings};

use super::{DistributedPing, Server};

const S1: NodeId = NodeId(0);
const S2: NodeId = NodeId(1);
const S3: NodeId = NodeId(2);

/// A server under test, alone with S2, and the stand that it runs on; its clocks show 0.
fn server(settings: Settings) -> (Probe<Server>, Server) {
    let settings = settings.accept(&sim::all_settings::<DistributedPing>()).expect("known settings");
    let mut probe = Probe::new(S1, 2, DistributedPing::configure(&settings));
    let server = probe.run(|effects| Server::boot(&super::Disk::default(), effects)).0;
    (probe, server)
}
