//! The checks: who can read what, who talks with whom, and what comes of requests.
//!
//! *Agreement* is G. Lowe's injective agreement ("A hierarchy of authentication specifications", 1997, section 2.4): each connection that a
//! client has finished belongs to one run of the server, with the same randoms and keys, and no run to two.

use std::collections::VecDeque;

use parts::values::word;
use serde::Serialize;
use sim::{Check, CheckKind, Checks, NodeId, Observation, Verdicts, t};

use super::certificates::{Certificate, SHOP};
use super::client::{Client, Ended, Open, Session, Verdict};
use super::server::Post;
use super::term::Term;
use super::{Config, Knowledge, Strategy, Tls, TlsNode};

const SECRET: usize = 0;
const AGREEMENT: usize = 1;
const FORWARD: usize = 2;
const VALID: usize = 3;
const IN_ORDER: usize = 4;
const WHOLE: usize = 5;
const ONCE: usize = 6;
const CONNECTED: usize = 7;
const ALERT: usize = 8;
const ZERO_RTT: usize = 9;
const ELSEWHERE: usize = 10;

/// How many connections are watched.
const WATCHED: usize = 64;

/// How many early requests are watched.
const EARLY: usize = 256;

impl Checks for Tls {
    type Monitor = Monitor;

    /// The checks, in the order of the numbers above.
    fn checks() -> Vec<Check> {
        let check = Check::new;
        vec![
            check(
                "secret",
                t!("Mallory reads nothing that is for the shop"),
                CheckKind::Always,
                t!("What is said on a connection that a client has finished for the shop cannot be derived by Mallory, until its key is stolen or a false certificate signed."),
            ),
            check(
                "agreement",
                t!("whom a client takes for the shop is the shop"),
                CheckKind::Always,
                t!("Each connection that a client has finished for the shop belongs to one run of a server, with the same randoms and keys, until a theft or false certificate."),
            )
            .kept_by("name"),
            check(
                "forward",
                t!("a stolen key opens no past"),
                CheckKind::Always,
                t!("What was said on connections that were finished before the theft of the shop's key stays unreadable after it. Early data is not promised that."),
            ),
            check(
                "valid",
                t!("clients finish with good certificates only"),
                CheckKind::Always,
                t!("When a client finishes, the certificate that it was shown is signed by an authority that it trusts, valid by its own clock, and has the name that it wants."),
            )
            .kept_by("dates"),
            check(
                "in-order",
                t!("each end reads what the other has written"),
                CheckKind::Always,
                t!("What an end has read is the beginning of what the other one has written: nothing is missing, doubled or swapped."),
            ),
            check(
                "whole",
                t!("what ends well is whole"),
                CheckKind::Always,
                t!("An end that takes a connection for properly closed has read all that the other one has written."),
            ),
            check(
                "once",
                t!("no early request has effect twice at one server"),
                CheckKind::Always,
                t!("A server carries out a purchase that came as early data once at the most. A lost disk ends that."),
            ),
            check(
                "connected",
                t!("the shop can be reached"),
                CheckKind::Eventually,
                t!("Once Mallory only looks on and the faults are over, each client gets an answer of the shop."),
            )
            .promised_under(vec![("mallory", word("anything")), ("mallory", word("passive"))]),
            check(
                "alert",
                t!("somebody was refused"),
                CheckKind::Sometimes,
                t!("A client or a server did not believe what it was shown, and has said so with an alert."),
            ),
            check(
                "zero-rtt",
                t!("early data was taken"),
                CheckKind::Sometimes,
                t!("A server has carried out a request that came together with the hello."),
            ),
            check(
                "replayed-elsewhere",
                t!("one purchase at two servers"),
                CheckKind::Sometimes,
                t!("Two servers have carried out the same early purchase, since neither knows which tickets were used at the other."),
            ),
        ]
    }
}

/// Watches a run.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Monitor {
    /// The connections that clients have finished for the shop, the newest last.
    conns: VecDeque<Conn>,
    /// The runs of servers, the newest last.
    runs: VecDeque<Seen>,
    /// How much Mallory had learnt.
    learned: usize,
    /// Whether a key of the shop was stolen.
    is_stolen: bool,
    /// Whether an authority was told to sign falsely.
    is_false: bool,
    /// Since which event Mallory has looked on.
    passive: Option<u64>,
    /// How many answers each client has had, and at which event the last one.
    answers: Vec<(u32, u64)>,
    /// What each server had noted.
    posts: Vec<usize>,
    /// Early purchases, and how often each server has carried them out.
    early: VecDeque<(Term, [u8; 3])>,
}

/// A connection that a client has finished.
#[derive(Clone, Debug, Serialize)]
struct Conn {
    client: NodeId,
    conn: u64,
    master: Term,
    request: Term,
    /// Whether the request went as early data.
    is_early: bool,
    /// Whether that it is secret, and whose it is, is promised.
    is_promised: bool,
    is_leaked: bool,
    has_run: bool,
}

/// A run of a server.
#[derive(Clone, Debug, Serialize)]
struct Seen {
    server: NodeId,
    conn: u64,
    randoms: [Term; 2],
    master: Term,
    wrote: Vec<Term>,
    reads: Vec<Term>,
    is_clean: Option<bool>,
    is_taken: bool,
}

impl sim::Monitor<TlsNode> for Monitor {
    fn observe(&mut self, seen: &Observation<'_, TlsNode>, verdicts: &mut Verdicts) {
        self.answers.resize(usize::from(Config::MALLORY.0), (0, 0));
        self.posts.resize(usize::from(seen.config.servers), 0);
        let knowledge = seen.nodes.state(Config::MALLORY).and_then(TlsNode::mallory).map(|mallory| &*mallory.knowledge);
        if let Some(node) = seen.node {
            match seen.nodes.state(node) {
                Some(TlsNode::Client(client)) => self.look_at_client(node, client, knowledge, seen, verdicts),
                Some(TlsNode::Server(_)) => self.look_at_server(node, seen, verdicts),
                Some(TlsNode::Mallory(_)) | None => {}
            }
            if node >= Config::FIRST_SERVER {
                self.look_at_disk(node, seen, verdicts);
            }
            if node == Config::MALLORY {
                self.look_at_mallory(knowledge, seen, verdicts);
            }
        }
        let is_connected = self.passive.is_some_and(|since| self.answers.iter().all(|(_, at)| *at > since));
        verdicts.reached(CONNECTED, is_connected);
    }
}

impl Monitor {
    fn look_at_client(
        &mut self,
        node: NodeId,
        client: &Client,
        knowledge: Option<&Knowledge>,
        seen: &Observation<'_, TlsNode>,
        verdicts: &mut Verdicts,
    ) {
        let (count, at) = &mut self.answers[node.index()];
        if client.answers > *count {
            *at = seen.event;
        }
        *count = client.answers;
        if let Some(ended) = client.ended.back() {
            self.look_at_end(node, ended, verdicts);
        }
        let Some(open) = client.open.as_ref().filter(|open| open.site == SHOP) else { return };
        let Some(session) = &open.session else { return };
        if self.conns.iter().rev().all(|conn| conn.conn != open.conn) {
            self.judge_finish(node, open, session, seen, verdicts);
            if let Some(knowledge) = knowledge {
                self.look_for_leaks(knowledge, verdicts);
            }
        }
        self.judge_order(open.conn, &open.reads, verdicts);
    }

    /// What a client has read is the beginning of what its server has written.
    fn judge_order(&self, conn: u64, reads: &[Term], verdicts: &mut Verdicts) {
        let Some(known) = self.conns.iter().rev().find(|known| known.conn == conn) else { return };
        let Some(run) = self.runs.iter().rev().find(|run| run.master == known.master) else { return };
        if !run.wrote.starts_with(reads) {
            let client = known.client;
            verdicts.broken(IN_ORDER, &[client, run.server], || {
                t!(
                    "{node} has read something else than {server} has written, or in another order",
                    node = client,
                    server = run.server
                )
            });
        }
    }

    fn look_at_end(&self, node: NodeId, ended: &Ended, verdicts: &mut Verdicts) {
        if matches!(ended.verdict, Verdict::Refused(_) | Verdict::Alerted) {
            verdicts.seen(ALERT, &[node], || t!("A connection of {node} has ended with an alert", node = node));
        }
        self.judge_order(ended.conn, &ended.reads, verdicts);
        if ended.verdict != Verdict::Answered {
            return;
        }
        let Some(known) = self.conns.iter().rev().find(|known| known.conn == ended.conn) else { return };
        let Some(run) = self.runs.iter().rev().find(|run| run.master == known.master) else { return };
        if ended.reads.len() < run.wrote.len() {
            let (got, all) = (ended.reads.len(), run.wrote.len());
            verdicts.broken(WHOLE, &[node, run.server], || {
                t!("{node} takes the answer for whole, and has {got} of {all} parts", node = node, got = got, all = all)
            });
        }
    }

    /// A client has finished.
    fn judge_finish(
        &mut self,
        node: NodeId,
        open: &Open,
        session: &Session,
        seen: &Observation<'_, TlsNode>,
        verdicts: &mut Verdicts,
    ) {
        if let Some(signed) = &session.certificate {
            let clock_us = seen.nodes.clock(node).shows(seen.at_us);
            let is_good = Certificate::read(signed).is_some_and(|read| read.judge(signed, SHOP, clock_us).is_good());
            if !is_good {
                verdicts.broken(VALID, &[node], || {
                    t!("{node} has finished with a certificate that is no good for {site}", node = node, site = SHOP)
                });
            }
        }
        let randoms = [session.client_random.clone(), session.server_random.clone()];
        let is_promised = !self.is_stolen && !self.is_false;
        let fits = |run: &&mut Seen| run.randoms == randoms && run.master == session.keys.master;
        let run = self.runs.iter_mut().rev().find(fits);
        let has_run = run.as_ref().is_some_and(|run| !run.is_taken);
        if let Some(run) = run {
            run.is_taken = true;
        }
        if !has_run && is_promised {
            verdicts.broken(AGREEMENT, &[node, Config::MALLORY], || {
                t!(
                    "{node} has finished a connection for {site}, and no server of it knows of that",
                    node = node,
                    site = SHOP
                )
            });
        }
        let request = super::wire::read_request(&open.request).map_or_else(|| open.request.clone(), |(_, data)| data);
        self.conns.push_back(Conn {
            client: node,
            conn: open.conn,
            master: session.keys.master.clone(),
            request,
            is_early: open.is_early,
            is_promised,
            is_leaked: false,
            has_run,
        });
        if self.conns.len() > WATCHED {
            self.conns.pop_front();
        }
    }

    fn look_at_server(&mut self, node: NodeId, seen: &Observation<'_, TlsNode>, verdicts: &mut Verdicts) {
        let Some(server) = seen.nodes.state(node).and_then(TlsNode::server) else { return };
        if server.early > 0 {
            verdicts.seen(ZERO_RTT, &[node], || t!("{node} has taken early data", node = node));
        }
        for run in &server.runs {
            let (Some(keys), Some(client), Some(own)) = (&run.keys, &run.client_random, &run.server_random) else {
                continue;
            };
            let known = self.runs.iter_mut().rev().find(|seen| seen.conn == run.conn && seen.master == keys.master);
            match known {
                Some(known) => {
                    let is_new = (known.wrote.len(), known.reads.len(), known.is_clean)
                        != (run.wrote.len(), run.reads.len(), run.is_clean);
                    if is_new {
                        known.wrote.clone_from(&run.wrote);
                        known.reads.clone_from(&run.reads);
                        known.is_clean = run.is_clean;
                        let known = known.clone();
                        self.judge_run(&known, verdicts);
                    }
                }
                None => {
                    self.runs.push_back(Seen {
                        server: node,
                        conn: run.conn,
                        randoms: [client.clone(), own.clone()],
                        master: keys.master.clone(),
                        wrote: run.wrote.clone(),
                        reads: run.reads.clone(),
                        is_clean: run.is_clean,
                        is_taken: false,
                    });
                    if self.runs.len() > WATCHED {
                        self.runs.pop_front();
                    }
                }
            }
        }
    }

    /// What a server has read is what its client has written, and if it ends well, all of it.
    fn judge_run(&self, run: &Seen, verdicts: &mut Verdicts) {
        let Some(conn) = self.conns.iter().rev().find(|conn| conn.master == run.master) else { return };
        let nodes = [run.server, conn.client];
        if !std::slice::from_ref(&conn.request).starts_with(&run.reads) {
            verdicts.broken(IN_ORDER, &nodes, || {
                t!(
                    "{node} has read something else than {client} has written, or twice",
                    node = run.server,
                    client = conn.client
                )
            });
        }
        if run.is_clean == Some(true) && run.reads.is_empty() {
            verdicts.broken(WHOLE, &nodes, || {
                t!(
                    "{node} takes the connection of {client} for properly closed, and has not read the request",
                    node = run.server,
                    client = conn.client
                )
            });
        }
    }

    /// Looks at what is new on the disk of a server.
    fn look_at_disk(&mut self, node: NodeId, seen: &Observation<'_, TlsNode>, verdicts: &mut Verdicts) {
        let posts = &seen.nodes.disk(node).server.posts;
        let place = usize::from(node.0 - Config::FIRST_SERVER.0);
        if posts.len() < self.posts[place] {
            // A lost disk ends what was promised.
            self.posts[place] = 0;
            self.early.iter_mut().for_each(|(_, counts)| counts[place] = 0);
        }
        while let Some(Post { data, is_early }) = posts.get(self.posts[place]) {
            self.posts[place] += 1;
            if !is_early {
                continue;
            }
            let known = self.early.iter().position(|(known, _)| known == data);
            let known = known.unwrap_or_else(|| {
                self.early.push_back((data.clone(), [0; 3]));
                if self.early.len() > EARLY {
                    self.early.pop_front();
                }
                self.early.len() - 1
            });
            let (_, counts) = &mut self.early[known];
            counts[place] = counts[place].saturating_add(1);
            let counts = *counts;
            if counts[place] > 1 {
                verdicts.broken(ONCE, &[node], || {
                    t!(
                        "{node} has carried out one early purchase {count} times",
                        node = node,
                        count = u64::from(counts[place])
                    )
                });
            }
            if counts.iter().filter(|count| **count > 0).count() > 1 {
                let servers: Vec<NodeId> = (0..3u16)
                    .filter(|place| counts[usize::from(*place)] > 0)
                    .map(|place| NodeId(Config::FIRST_SERVER.0 + place))
                    .collect();
                verdicts.seen(ELSEWHERE, &servers, || {
                    t!(
                        "{one} and {other} have both carried out one early purchase",
                        one = servers[0],
                        other = servers[1]
                    )
                });
            }
        }
    }

    fn look_at_mallory(
        &mut self,
        knowledge: Option<&Knowledge>,
        seen: &Observation<'_, TlsNode>,
        verdicts: &mut Verdicts,
    ) {
        let written = &seen.nodes.disk(Config::MALLORY).mallory;
        let strategy = seen.config.mallory;
        self.is_stolen |= !written.loot.is_empty();
        self.is_false |= written.false_issue && strategy != Strategy::TrustedAuthority;
        let is_passive = match strategy {
            Strategy::Passive => true,
            Strategy::Anything => written.tampered >= seen.config.tampers,
            _ => false,
        };
        self.passive = if is_passive { self.passive.or(Some(seen.event)) } else { None };
        let Some(knowledge) = knowledge else { return };
        if knowledge.learned().len() != self.learned {
            self.learned = knowledge.learned().len();
            self.look_for_leaks(knowledge, verdicts);
        }
    }

    /// Whether Mallory can read what is said on a connection for the shop.
    fn look_for_leaks(&mut self, knowledge: &Knowledge, verdicts: &mut Verdicts) {
        let is_stolen = self.is_stolen;
        for conn in self.conns.iter_mut().filter(|conn| conn.is_promised && !conn.is_leaked) {
            let run = self.runs.iter().rev().find(|run| run.master == conn.master);
            let wrote = run.iter().flat_map(|run| run.wrote.iter());
            let is_promised = |early: bool| !(is_stolen && early);
            let mut secrets = wrote.chain(Some(&conn.request).filter(|_| is_promised(conn.is_early)));
            if secrets.any(|secret| knowledge.knows(secret)) {
                conn.is_leaked = true;
                let nodes = [Config::MALLORY, conn.client];
                let client = conn.client;
                if is_stolen {
                    verdicts.broken(FORWARD, &nodes, || {
                        t!(
                            "{mallory} opens with stolen keys what {client} and the shop said before the theft",
                            mallory = Config::MALLORY,
                            client = client
                        )
                    });
                } else {
                    verdicts.broken(SECRET, &nodes, || {
                        t!(
                            "{mallory} reads what {client} says on a connection that it takes for one with {site}",
                            mallory = Config::MALLORY,
                            client = client,
                            site = SHOP
                        )
                    });
                }
            }
        }
    }
}
