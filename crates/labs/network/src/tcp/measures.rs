//! What the lab counts: what the first client has sent, and what came of it.

use sim::frame::{Measure, Unit};
use sim::{Measures, WorldOf, t};

use super::connection::Connection;
use super::{A, B, R, Tcp};

impl Measures for Tcp {
    fn measures(world: WorldOf<'_, Tcp>) -> Vec<Measure> {
        let of = |read: fn(&Connection) -> i64| world.nodes().state(A).and_then(|host| host.first()).map_or(0, read);
        let read = world.nodes().state(B).and_then(|host| host.with(A)).map_or(0, |known| known.receiver.read_bytes());
        let dropped = world.network().link(R, B).dropped;
        vec![
            Measure::new("read", t!("bytes of A that were read"), Unit::Bytes, read as i64),
            Measure::new(
                "under-way",
                t!("bytes of A under way"),
                Unit::Bytes,
                of(|connection| i64::from(connection.sender.flight())),
            ),
            Measure::new(
                "window",
                t!("A's own window"),
                Unit::Bytes,
                of(|connection| {
                    i64::from(if connection.congestion.is_limited() { connection.congestion.cwnd } else { 0 })
                }),
            ),
            Measure::new(
                "resent",
                t!("segments of A sent again"),
                Unit::Count,
                of(|connection| connection.sender.resent as i64),
            ),
            Measure::new(
                "round-trip",
                t!("A's round trip, smoothed"),
                Unit::Time,
                of(|connection| connection.round_trip.smoothed_us().unwrap_or(0) as i64),
            ),
            Measure::new("dropped", t!("segments dropped by the queue"), Unit::Count, dropped as i64),
        ]
    }
}
