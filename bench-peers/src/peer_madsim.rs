//! The load on madsim, with its default network: delays of 1 to 10 ms, no loss.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use madsim::net::{Config as Network, Endpoint};
use madsim::runtime::{Handle, Runtime};
use madsim::time::{self, Instant};
use madsim::{Config, task};

use crate::load::{ELECTION, FOLLOWERS, HEARTBEAT, MESSAGES, Outcome, SEED};

const PORT: u16 = 1;
const REQUEST: u64 = 1;
const REPLY: u64 = 2;

#[derive(Default)]
struct Counters {
    delivered: AtomicU64,
    elections: AtomicU64,
}

pub fn run() -> Outcome {
    let network = Network { packet_loss_rate: 0.0, send_latency: Duration::from_millis(1)..Duration::from_millis(10) };
    let config = Config { net: network, ..Config::default() };
    // Inside a runtime, madsim's own clocks answer for std's: the real one is read outside.
    let began = std::time::Instant::now();
    let (counters, simulated) = Runtime::with_seed_and_config(SEED, config).block_on(cluster());
    Outcome {
        delivered: counters.delivered.load(Ordering::Relaxed),
        elections: counters.elections.load(Ordering::Relaxed),
        simulated,
        took: began.elapsed(),
    }
}

async fn cluster() -> (Arc<Counters>, Duration) {
    let counters = Arc::new(Counters::default());
    let began = Instant::now();
    for number in 1..=FOLLOWERS {
        let counters = Arc::clone(&counters);
        node(number).spawn(follow(number, counters));
    }
    let leading = node(0).spawn(lead(Arc::clone(&counters)));
    leading.await.expect("the leader comes to its end");
    (counters, began.elapsed())
}

fn node(number: u8) -> madsim::runtime::NodeHandle {
    Handle::current().create_node().ip(ip(number)).build()
}

async fn lead(counters: Arc<Counters>) {
    let endpoint = Arc::new(bind(0).await);
    task::spawn(count_replies(Arc::clone(&endpoint), Arc::clone(&counters)));
    while counters.delivered.load(Ordering::Relaxed) < MESSAGES {
        for number in 1..=FOLLOWERS {
            send(&endpoint, number, REQUEST).await;
        }
        time::sleep(HEARTBEAT).await;
    }
}

async fn count_replies(endpoint: Arc<Endpoint>, counters: Arc<Counters>) {
    loop {
        receive(&endpoint, REPLY).await;
        counters.delivered.fetch_add(1, Ordering::Relaxed);
    }
}

async fn follow(number: u8, counters: Arc<Counters>) {
    let endpoint = bind(number).await;
    loop {
        // The timer starts again with every heartbeat.
        if time::timeout(ELECTION, receive(&endpoint, REQUEST)).await.is_err() {
            counters.elections.fetch_add(1, Ordering::Relaxed);
            continue;
        }
        counters.delivered.fetch_add(1, Ordering::Relaxed);
        send(&endpoint, 0, REPLY).await;
    }
}

async fn bind(number: u8) -> Endpoint {
    Endpoint::bind(address(number)).await.expect("the address is free")
}

/// Sent and received as a value: no bytes are written or read.
async fn send(endpoint: &Endpoint, to: u8, tag: u64) {
    let term = Box::new(1_u64);
    endpoint.send_to_raw(address(to), tag, term).await.expect("the network is up");
}

async fn receive(endpoint: &Endpoint, tag: u64) {
    endpoint.recv_from_raw(tag).await.expect("the network is up");
}

fn address(number: u8) -> SocketAddr {
    SocketAddr::new(ip(number), PORT)
}

fn ip(number: u8) -> IpAddr {
    Ipv4Addr::new(10, 0, 0, number + 1).into()
}
