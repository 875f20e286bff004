//! A resolver alone: what it asks, what it believes, and what it keeps.

use parts::values::number;
use sim::NodeId;
use sim::probe::{Asked, Probe};

use super::super::zone::answer;
use super::*;

/// A resolver, alone, with authorities that answer at once where a test lets them.
struct Bench {
    probe: Probe<DnsNode>,
    node: DnsNode,
    shop: Shop,
    /// The queries that have no answer yet.
    open: Vec<(Role, Query)>,
    /// Whom it has asked.
    asked: Vec<Role>,
    /// What clients were told.
    told: Vec<Reply>,
}

impl Bench {
    fn new(role: Role, changes: &[(&str, Value)]) -> Bench {
        let config = config(changes);
        let me = config.node(role).expect("it takes part");
        let mut probe = Probe::new(me, config.cast.len(), config);
        let node = probe.run(|effects| DnsNode::boot(&Disk::default(), effects)).0;
        Bench { probe, node, shop: Shop::FIRST, open: Vec::new(), asked: Vec::new(), told: Vec::new() }
    }

    fn at(&mut self, ms: u64) -> &mut Bench {
        self.probe.monotonic_now_us = ms * 1_000;
        self
    }

    fn see(&mut self, asked: Asked<DnsNode>) -> Asked<DnsNode> {
        for (to, message) in &asked.sends {
            let to = self.probe.config.role(*to);
            match message {
                Message::Query(query) => {
                    self.asked.push(to);
                    self.open.push((to, *query));
                }
                Message::Answer(answer) => self.told.push(answer.reply.clone()),
                _ => {}
            }
        }
        asked
    }

    fn hear(&mut self, message: Message) -> Asked<DnsNode> {
        let node = &mut self.node;
        let asked = self.probe.run(|effects| node.on_message(NodeId(0), message, effects)).1;
        self.see(asked)
    }

    fn fire(&mut self, timer: Timer) -> Asked<DnsNode> {
        let node = &mut self.node;
        let asked = self.probe.run(|effects| node.on_timer(timer, effects)).1;
        self.see(asked)
    }

    /// C1 asks.
    fn ask(&mut self, name: Name) -> Asked<DnsNode> {
        let id = self.told.len() as u32 + 100;
        let question = Question::address(name);
        self.hear(Message::Query(Query { source: Address::of(Role::C1), port: 9, id, question, recursion: true }))
    }

    /// Authorities answer until nothing is open.
    fn serve(&mut self) {
        while let Some((role, query)) = self.open.pop() {
            let reply = answer(role, Some(&self.shop), query.question, &self.probe.config);
            self.hear(query.answered(Address::of(role), reply));
        }
    }

    fn resolver(&self) -> &Resolver {
        self.node.resolver().expect("a resolver")
    }

    fn last(&self) -> &Reply {
        self.told.last().expect("an answer")
    }
}

const QUIET: [(&str, Value); 1] = [("forge", Value::Integer(0))];

fn with(changes: &[(&'static str, Value)]) -> Vec<(&'static str, Value)> {
    [&QUIET[..], changes].concat()
}

/// RFC 1034, section 5.3.3: from the nearest zone that is known to the one below, and the address of a server first where it is not
/// known. The second time nobody is asked.
#[test]
fn the_first_one_walks_and_the_second_does_not() {
    let mut bench = Bench::new(Role::R1, &with(&[("cast", Value::Word("one-way".into()))]));
    bench.ask(Name::CDN);
    bench.serve();
    use Role::{Com, N1, Net, Root};
    assert_eq!(bench.asked, [Root, Net, Root, Com, N1, N1]);
    assert_eq!(bench.last().answer[0].data, Data::A(Address::CDN));
    bench.ask(Name::CDN);
    assert_eq!((bench.asked.len(), bench.told.len()), (6, 2));
    // What it has learnt on the way shortens other ways.
    bench.ask(Name::WWW);
    bench.serve();
    assert_eq!(bench.asked[6..], [N1]);
}

/// RFC 1035, section 3.2.1 and 6.1.3: an answer may be kept for its TTL; who gets it from a cache, for the rest.
#[test]
fn what_is_handed_on_carries_the_rest() {
    let rest = |count_down: bool, ms: u64| {
        let changes =
            with(&[("ttl_s", number(300)), ("count_down", Value::Flag(count_down)), ("forward", Value::Flag(false))]);
        let mut bench = Bench::new(Role::R1, &changes);
        bench.ask(Name::WWW);
        bench.serve();
        let before = bench.asked.len();
        bench.at(ms).ask(Name::WWW);
        bench.serve();
        (bench.last().answer[0].ttl_s, bench.asked.len() - before)
    };
    assert_eq!([rest(true, 0), rest(true, 83_000), rest(true, 300_000)], [(300, 0), (217, 0), (0, 0)]);
    // A moment later it is asked for again: who answers for shop.com has run out too, after 60 s.
    assert_eq!(rest(true, 300_001).0, 300);
    assert!(rest(true, 300_001).1 > 0);
    assert_eq!(rest(false, 83_000), (300, 0));
}

/// A TTL of 0: the answer is for the one who has asked, and for nobody else (RFC 1035, section 3.2.1).
#[test]
fn an_answer_may_be_for_one_time_only() {
    let mut bench = Bench::new(Role::R1, &with(&[("ttl_s", number(0))]));
    bench.ask(Name::API);
    bench.serve();
    assert_eq!(bench.last().answer.len(), 2);
    let before = bench.asked.len();
    bench.at(1).ask(Name::API);
    bench.serve();
    assert_eq!(bench.asked.len(), before + 1);
}

/// The most that a resolver keeps anything for.
#[test]
fn a_resolver_can_keep_less_than_it_may() {
    let mut bench = Bench::new(Role::R1, &with(&[("ttl_s", number(300)), ("max_ttl_s", number(10))]));
    bench.ask(Name::WWW);
    bench.serve();
    assert_eq!(bench.last().answer[0].ttl_s, 10);
}

/// RFC 2308, section 5: a no is kept for the lesser of the TTL of the SOA and its MINIMUM field.
#[test]
fn a_no_is_kept_too() {
    let mut bench = Bench::new(Role::R1, &with(&[("negative_s", number(60))]));
    bench.ask(Name::NEW);
    bench.serve();
    assert_eq!(bench.last().code, Code::NxDomain);
    bench.shop.has_new = true;
    let before = bench.asked.len();
    bench.at(13_000).ask(Name::NEW);
    assert_eq!((bench.last().code, bench.last().authority[0].ttl_s, bench.asked.len()), (Code::NxDomain, 47, before));
    bench.at(60_001).ask(Name::NEW);
    bench.serve();
    assert_eq!(bench.last().code, Code::NoError);
}

/// RFC 2181, section 5.4.1: glue is no answer, and does not replace one.
#[test]
fn glue_is_no_answer() {
    let mut bench = Bench::new(Role::R1, &with(&[]));
    bench.ask(Name::WWW);
    bench.serve();
    let server = Name::of(Zone::Shop, Host::Ns1);
    let entry = |bench: &Bench| bench.resolver().cache.entries.get(&(server, Kind::A)).cloned().expect("kept");
    assert_eq!(entry(&bench).rank, Rank::Glue);
    let before = bench.asked.len();
    bench.ask(server);
    bench.serve();
    assert!(bench.asked.len() > before);
    assert_eq!(entry(&bench).rank, Rank::Answer);
    let glue = Entry { rank: Rank::Glue, known: Known::Records(vec![Data::A(Address::FALSE)]), ..entry(&bench) };
    let mut cache = bench.resolver().cache.clone();
    cache.keep((server, Kind::A), glue, &bench.probe.config);
    assert_eq!(cache.entries.get(&(server, Kind::A)), Some(&entry(&bench)));
}

/// RFC 5452, section 9.1: server, port, id and question have to be those of the open query.
#[test]
fn an_answer_has_to_match_its_query() {
    let mut bench = Bench::new(Role::R1, &with(&[]));
    bench.ask(Name::WWW);
    let (role, query) = bench.open[0];
    let reply = answer(role, None, query.question, &bench.probe.config);
    let right = |query: Query, source| query.answered(source, reply.clone());
    let source = Address::of(role);
    let wrong = [
        right(Query { id: query.id ^ 1, ..query }, source),
        right(Query { port: query.port ^ 1, ..query }, source),
        right(Query { question: Question::address(Name::EVIL), ..query }, source),
        right(query, Address::of(Role::E)),
    ];
    for (count, message) in (1..).zip(wrong) {
        bench.hear(message);
        assert_eq!((bench.resolver().thrown, bench.asked.len()), (count, 1));
    }
    bench.hear(right(query, source));
    assert_eq!(bench.asked.len(), 2);
    // A second one comes too late: the query is open no more.
    bench.hear(right(query, source));
    assert_eq!(bench.resolver().thrown, 5);
}

/// RFC 5452, section 6: evil.com's server is believed about evil.com, and about nothing else.
#[test]
fn a_server_is_believed_about_its_own_zone() {
    for bailiwick in [true, false] {
        let mut bench = Bench::new(Role::R1, &with(&[("bailiwick", Value::Flag(bailiwick))]));
        bench.ask(Name::EVIL);
        bench.serve();
        assert_eq!(bench.last().answer[0].data, Data::A(Address::EVIL));
        assert_eq!(bench.resolver().entry(Name::WWW).is_some(), !bailiwick);
    }
}

/// D. Kaminsky, 2008: an answer for a name that nobody has asked for before says who answers for the whole zone.
#[test]
fn one_hit_takes_the_zone() {
    let mut bench = Bench::new(Role::R1, &with(&[("cast", Value::Word("pair".into()))]));
    bench.ask(Name::WWW);
    bench.serve();
    bench.at(7_000).ask(Name::numbered(1));
    let (role, query) = bench.open.pop().expect("a query");
    bench.hear(query.answered(Address::of(role), super::super::forger::forged(query.question.name)));
    assert_eq!(bench.last().answer[0].data, Data::A(Address::FALSE));
    let config = &bench.probe.config;
    assert_eq!(
        bench.resolver().cache.servers(Zone::Shop, 7_000_000, config),
        Some(vec![Name::of(Zone::Shop, Host::Forged)])
    );
}

/// RFC 1034, section 5.3.3, steps 3 and 4d: the next server, and a silent one counts double and comes later.
#[test]
fn a_silent_server_comes_later() {
    let mut bench = Bench::new(Role::R1, &with(&[("cast", Value::Word("pair".into()))]));
    bench.ask(Name::WWW);
    for _ in 0..2 {
        let (role, query) = bench.open.pop().expect("a query");
        let reply = answer(role, None, query.question, &bench.probe.config);
        bench.hear(query.answered(Address::of(role), reply));
    }
    let first = bench.open[0].0;
    bench.at(400).fire(Timer::Query(1));
    let second = bench.open[1].0;
    assert!(first != second && [Role::N1, Role::N2].contains(&first) && [Role::N1, Role::N2].contains(&second));
    // Twice 400 ms, and a fiftieth is forgiven since the other one was chosen.
    assert_eq!(bench.resolver().trips.get(&Address::of(first)), Some(&784_000));
}

/// A server that refuses is asked for this zone no more for 900 s (Unbound: infra-host-ttl).
#[test]
fn a_lame_server_is_remembered() {
    let lame = |next_server: bool| {
        let mut bench = Bench::new(Role::R1, &with(&[("next_server", Value::Flag(next_server))]));
        for (second, name) in [(0, Name::WWW), (10, Name::NEW), (20, Name::WWW), (30, Name::NEW)] {
            bench.at(second * 1_000).ask(name);
            bench.serve();
        }
        (bench.asked.iter().filter(|role| **role == Role::E).count(), bench.last().code)
    };
    assert!(lame(true).0 <= 1);
    assert_eq!(lame(true).1, Code::NxDomain);
    // Without the rule it is asked again and again.
    assert_eq!(lame(false).1, Code::ServFail);
}

/// RFC 1034, section 5.3.3: the amount of work is bounded. loop.com and loop.net each have a server with a name of the other.
#[test]
fn a_circle_comes_to_an_end() {
    for (bound, most) in [(true, 32), (false, 300)] {
        let mut bench = Bench::new(Role::R1, &with(&[("bound", Value::Flag(bound))]));
        bench.ask(Name::LOOP);
        bench.serve();
        assert_eq!((bench.last().code, bench.asked.len()), (Code::ServFail, most));
    }
}

/// RFC 9520, section 3.2: what came to nothing is not tried again at once.
#[test]
fn failures_are_remembered() {
    let mut bench = Bench::new(Role::R1, &with(&[]));
    bench.ask(Name::LOOP);
    bench.serve();
    let before = bench.asked.len();
    bench.at(4_999).ask(Name::LOOP);
    assert_eq!((bench.last().code, bench.asked.len()), (Code::ServFail, before));
    bench.at(5_000).ask(Name::LOOP);
    assert_eq!(bench.asked.len(), before + 1);
}

/// RFC 5452, section 5: equal questions that are asked side by side would help a forger; they are asked once.
#[test]
fn equal_questions_are_asked_once() {
    let mut bench = Bench::new(Role::R1, &with(&[]));
    bench.ask(Name::WWW);
    let question = Question::address(Name::WWW);
    bench.hear(Message::Query(Query { source: Address::of(Role::C2), port: 8, id: 7, question, recursion: true }));
    assert_eq!((bench.asked.len(), bench.resolver().joined), (1, 1));
    bench.serve();
    assert_eq!(bench.told.len(), 2);
}

/// RFC 8767, sections 4 and 5: after 1.8 s an old answer with a TTL of 30 s, and the search goes on.
#[test]
fn an_old_answer_is_better_than_none() {
    let changes = with(&[("stale", Value::Flag(true)), ("ttl_s", number(60)), ("cast", Value::Word("pair".into()))]);
    let mut bench = Bench::new(Role::R1, &changes);
    bench.ask(Name::WWW);
    bench.serve();
    let asked = bench.at(61_000).ask(Name::WWW);
    assert!(asked.timers.contains(&(Timer::Stale(2), Some(1_800_000))));
    bench.at(62_000).fire(Timer::Stale(2));
    assert_eq!(bench.told.len(), 1, "a timer that runs out early changes nothing");
    bench.at(62_800).fire(Timer::Stale(2));
    assert_eq!((bench.told.len(), bench.last().answer[0].ttl_s), (2, 30));
    assert!(bench.resolver().walks.get(&2).is_some_and(|walk| walk.askers.is_empty() && walk.open.is_some()));
    bench.serve();
    assert_eq!(bench.told.len(), 2);
    bench.at(63_000).ask(Name::WWW);
    assert_eq!(bench.last().answer[0].ttl_s, 60 - 1);
}

/// RFC 1034, section 5.2.1: a resolver can have another one find out.
#[test]
fn a_forwarder_asks_one_resolver() {
    let mut bench = Bench::new(Role::R2, &with(&[]));
    bench.ask(Name::WWW);
    let (role, query) = bench.open[0];
    assert_eq!((role, query.recursion), (Role::R1, true));
    for (ms, _) in [(400, 1), (1_200, 2)] {
        bench.at(ms).fire(Timer::Query(1));
    }
    assert_eq!(bench.asked, [Role::R1; 3]);
}

/// A timer that shows when an answer runs out changes nothing before its time.
#[test]
fn nothing_runs_out_early() {
    let mut bench = Bench::new(Role::R1, &with(&[("ttl_s", number(10))]));
    bench.ask(Name::WWW);
    bench.serve();
    let asked = bench.at(9_000).fire(Timer::Expire(Name::WWW));
    assert_eq!(asked.timers.len(), 1, "it is set again");
    bench.at(10_001).fire(Timer::Expire(Name::WWW));
    let entry = bench.resolver().entry(Name::WWW).expect("it is still there to be seen");
    assert!(!entry.is_fresh(10_001_000, &bench.probe.config));
}

/// resolv.conf(5): each resolver of the list in its order, and the list so many times.
#[test]
fn a_client_goes_round_its_resolvers() {
    let mut bench = Bench::new(Role::C1, &with(&[("workload_ms", number(0))]));
    let node = &mut bench.node;
    let asked = bench.probe.run(|effects| node.on_operation(Operation::Ask(Name::WWW), effects)).1;
    bench.see(asked);
    for round in 1..=4 {
        bench.at(5_000 * round).fire(Timer::Stub(1));
    }
    assert_eq!(bench.asked, [Role::R1, Role::R2, Role::R1, Role::R2]);
    let client = bench.node.client().expect("a client");
    assert_eq!((client.ended, client.last.map(|last| last.end)), (1, Some(End::Silence)));
}
