//! The checks: what a balancer owes its clients and its servers.

use parts::health::Health;
use serde::Serialize;
use sim::frame::Status;
use sim::{Check, CheckKind, Checks, NodeId, Observation, Verdicts, t};

use super::balancer::Balancer;
use super::client::Client;
use super::server::Server;
use super::{BalancingNode, Config, LoadBalancing};

const ANSWERED_ONCE: usize = 0;
const MARKED_DOWN: usize = 1;
const LEFT_OUT: usize = 2;
const QUEUE_BOUND: usize = 3;
const ALL_END: usize = 4;
const CRASH_FOUND: usize = 5;
const P99: usize = 6;
const OVERFLOW: usize = 7;
const ALL_DOWN: usize = 8;

/// Clocks of different rates are rounded to whole microseconds at each event.
const TOLERANCE_US: i64 = 1_000;

impl Checks for LoadBalancing {
    type Monitor = Monitor;

    /// The checks, in the order of the numbers above.
    fn checks() -> Vec<Check> {
        let check = Check::new;
        vec![
            check(
                "answered-once",
                t!("every request ends at most once"),
                CheckKind::Always,
                t!("For each request that a client sends it gets one answer or one failure, and never two."),
            ),
            check(
                "marked-down",
                t!("no request goes to a server that is marked down or ejected"),
                CheckKind::Always,
                t!("The balancer sends nothing to a server that it holds for broken."),
            ),
            check(
                "left-out",
                t!("no server that passes its checks is left out"),
                CheckKind::Always,
                t!("A server that is well again gets requests again."),
            ),
            check(
                "queue-bound",
                t!("no queue is longer than it may be"),
                CheckKind::Always,
                t!("No more requests wait at a server than it has room for."),
            ),
            check(
                "all-end",
                t!("no request waits for ever"),
                CheckKind::Eventually,
                t!("Once the faults are over, no client waits for a request without end."),
            ),
            check(
                "crash-found",
                t!("crashed servers are marked down, all others are up"),
                CheckKind::Eventually,
                t!("Once the faults are over, the balancer knows of each server whether it runs."),
            ),
            check(
                "p99",
                t!("99 of 100 answers come in time"),
                CheckKind::Eventually,
                t!("Of 100 requests that are answered, 99 take no longer than the bound in the settings."),
            ),
            check(
                "overflow",
                t!("a queue overflows"),
                CheckKind::Sometimes,
                t!("So many requests wait at a server that it refuses the next one."),
            ),
            check(
                "all-down",
                t!("all servers are marked down or ejected"),
                CheckKind::Sometimes,
                t!("The balancer holds every server for broken, and has nowhere to send requests to."),
            ),
        ]
    }
}

/// Watches a run.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Monitor {
    /// What the balancer thought of each server after the last event.
    health: Vec<Health>,
    /// Checks that each server has passed since it last failed one, or was marked down or up.
    passed: Vec<u32>,
    forwarded: u64,
    /// Clients of which a request is overdue.
    late: Vec<NodeId>,
}

impl sim::Monitor<BalancingNode> for Monitor {
    fn observe(&mut self, seen: &Observation<'_, BalancingNode>, verdicts: &mut Verdicts) {
        let Some(node) = seen.node else { return };
        match seen.nodes.state(node) {
            Some(BalancingNode::Client(client)) => self.look_at_client(node, client, seen, verdicts),
            Some(BalancingNode::Balancer(balancer)) => self.look_at_balancer(node, balancer, seen, verdicts),
            Some(BalancingNode::Server(server)) => look_at_server(node, server, seen.config, verdicts),
            None => {
                self.late.retain(|late| *late != node);
                self.judge_crashes(seen, verdicts);
            }
        }
    }
}

impl Monitor {
    fn look_at_client(
        &mut self,
        node: NodeId,
        client: &Client,
        seen: &Observation<'_, BalancingNode>,
        verdicts: &mut Verdicts,
    ) {
        let ended = client.served + client.failed;
        let open = client.open.len() as u32;
        if client.sent != ended + open {
            let sent = client.sent;
            verdicts.broken(ANSWERED_ONCE, &[node], || {
                t!(
                    "requests of {node}: {sent} sent, {ended} ended, {open} waited for",
                    node = node,
                    sent = sent,
                    ended = ended,
                    open = open
                )
            });
        }
        let now_us = seen.nodes.clock(node).shows(seen.at_us);
        let is_late = client.open.front().is_some_and(|open| open.deadline_us + TOLERANCE_US < now_us);
        if is_late != self.late.contains(&node) {
            self.late.retain(|late| *late != node);
            self.late.extend(is_late.then_some(node));
        }
        verdicts.reached(ALL_END, self.late.is_empty());
    }

    fn look_at_balancer(
        &mut self,
        node: NodeId,
        balancer: &Balancer,
        seen: &Observation<'_, BalancingNode>,
        verdicts: &mut Verdicts,
    ) {
        let config = seen.config;
        if balancer.forwarded < self.forwarded || self.health.is_empty() {
            // It has been started.
            self.health = vec![Health::default(); balancer.health.len()];
            self.passed = vec![0; balancer.health.len()];
            self.forwarded = 0;
        }
        let now_us = seen.nodes.clock(node).shows(seen.at_us);
        if balancer.forwarded > self.forwarded {
            let down = balancer.last_server.filter(|place| !self.health[*place].is_available(now_us));
            if let Some(place) = down {
                let server = config.server(place);
                verdicts.broken(MARKED_DOWN, &[node, server], || match self.health[place].is_up {
                    false => {
                        t!("{node} sent a request to {server}, which it had marked down", node = node, server = server)
                    }
                    true => t!("{node} sent a request to {server}, which it had ejected", node = node, server = server),
                });
            }
            self.forwarded = balancer.forwarded;
        }
        if balancer.health != self.health {
            self.look_at_health(balancer, node, config, verdicts);
            self.health.clone_from(&balancer.health);
        }
        if !balancer.health.iter().any(|health| health.is_available(now_us)) {
            verdicts.seen(ALL_DOWN, &[node], || t!("{node} has no server left to send requests to", node = node));
        }
        if let Some(p99_us) = balancer.statistics.p99_us() {
            verdicts.reached(P99, p99_us <= config.p99_bound_us);
        }
        self.judge_crashes(seen, verdicts);
    }

    /// Counts the checks that servers pass, by what the balancer got to hear and not by what it makes of it.
    fn look_at_health(&mut self, balancer: &Balancer, node: NodeId, config: &Config, verdicts: &mut Verdicts) {
        for (place, (now, before)) in balancer.health.iter().zip(&self.health).enumerate() {
            if now.failed != before.failed || now.is_up {
                self.passed[place] = 0;
            } else {
                self.passed[place] += now.passed.saturating_sub(before.passed);
            }
            let (passed, server) = (self.passed[place], config.server(place));
            if passed >= config.checks.rise && now.passed != before.passed {
                verdicts.broken(LEFT_OUT, &[node, server], || {
                    t!(
                        "checks that {server} has passed in a row: {passed}, and {node} still sends it nothing",
                        server = server,
                        passed = passed,
                        node = node
                    )
                });
            }
        }
    }

    fn judge_crashes(&self, seen: &Observation<'_, BalancingNode>, verdicts: &mut Verdicts) {
        let is_right = |(place, health): (usize, &Health)| {
            health.is_up == (seen.nodes.status(seen.config.server(place)) != Status::Crashed)
        };
        verdicts.reached(CRASH_FOUND, self.health.iter().enumerate().all(is_right));
    }
}

fn look_at_server(node: NodeId, server: &Server, config: &Config, verdicts: &mut Verdicts) {
    let (waiting, most) = (server.station.queue.len(), config.queue);
    if server.station.refused > 0 {
        verdicts.seen(OVERFLOW, &[node], || {
            t!("{node} refuses a request: {most} wait there already", node = node, most = most)
        });
    }
    // A setting may have made the bound smaller since: the queue grows beyond it only where it is not kept.
    if waiting > most && waiting > server.station.bound {
        verdicts.broken(QUEUE_BOUND, &[node], || {
            t!("requests that wait at {node}: {waiting}, and {most} may", waiting = waiting, node = node, most = most)
        });
    }
}
