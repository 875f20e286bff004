//! Tests that cite the papers. Stories of the scenarios and measured numbers stand in files of their own.

mod measured;
mod schedules;
mod stories;

use parts::values::number;
use sim::probe::Asked;
use sim::{Of, Settings, Value};

use super::news::transmissions;
use super::*;

const N1: NodeId = NodeId(0);
const N2: NodeId = NodeId(1);
const N3: NodeId = NodeId(2);

fn settings(changes: &[(&str, Value)]) -> Settings {
    changes.iter().fold(Settings::default(), |settings, (name, value)| settings.with(name, value.clone()))
}

fn config(changes: &[(&str, Value)]) -> Config {
    Config::new(&settings(changes).accept(&sim::all_settings::<Swim>()).expect("known settings"))
}

fn standing(life: u32, incarnation: u32, state: State) -> Standing {
    Standing { life, incarnation, state }
}

/// A founder of a group of five, alone.
struct Bench {
    stand: sim::probe::Probe<Member>,
    member: Member,
}

impl Bench {
    fn new(changes: &[(&str, Value)]) -> Bench {
        let mut stand = sim::probe::Probe::new(N1, 5, config(changes));
        let disk = Disk { lives: 0, is_founder: true };
        let member = stand.run(|effects| Member::boot(&disk, effects)).0;
        Bench { stand, member }
    }

    fn ask(&mut self, handle: impl FnOnce(&mut Member, &mut Effects<'_>)) -> Asked<Member> {
        let member = &mut self.member;
        member.begin();
        self.stand.run(|effects| handle(member, effects)).1
    }

    fn hear(&mut self, from: NodeId, kind: Kind, updates: Vec<Update>) -> Asked<Member> {
        let message = Message { kind, sender: Standing::born(1), updates };
        self.ask(|member, effects| member.on_message(from, message, effects))
    }

    fn told(&mut self, member: NodeId, standing: Standing) -> Asked<Member> {
        let ping = Kind::Ping { origin: N2, probe: 1 };
        self.hear(N2, ping, vec![Update { member, standing }])
    }

    fn next_period(&mut self) -> Asked<Member> {
        self.ask(|member, effects| member.on_period(effects))
    }
}

fn kinds(asked: &Asked<Member>) -> Vec<(NodeId, Kind)> {
    asked.sends.iter().map(|(to, message)| (*to, message.kind)).collect()
}

/// Section 4.2: which messages override which.
#[test]
fn precedence_is_that_of_section_4_2() {
    use State::{Alive, Faulty, Suspect};
    let at = |incarnation, state| standing(1, incarnation, state);
    let overriding = [
        (at(2, Alive), at(1, Suspect)),
        (at(2, Alive), at(1, Alive)),
        (at(2, Suspect), at(1, Suspect)),
        (at(1, Suspect), at(1, Alive)),
        (at(2, Suspect), at(1, Alive)),
        (at(0, Faulty), at(9, Alive)),
        (at(0, Faulty), at(9, Suspect)),
    ];
    for (newer, older) in overriding {
        assert!(newer.overrides(&older) && !older.overrides(&newer), "{newer:?} {older:?}");
    }
    // An alive message of the same incarnation does not take a suspicion back, and nothing overrides itself.
    assert!(!at(1, Alive).overrides(&at(1, Suspect)) && !at(1, Faulty).overrides(&at(2, Faulty)));
    assert!(standing(2, 0, Alive).overrides(&at(9, Faulty)), "a later life is another member");
}

/// Section 3.1: ping; without an ack, a request to k members; an ack through one of them ends the probe.
#[test]
fn a_probe_goes_through_others() {
    let mut bench = Bench::new(&[("k", number(2))]);
    let asked = bench.next_period();
    let (target, ping) = kinds(&asked)[0];
    assert_eq!(ping, Kind::Ping { origin: N1, probe: 1 });
    let asked = bench.ask(|member, effects| member.on_timeout(effects));
    let requests = kinds(&asked);
    assert_eq!(requests.len(), 2);
    assert_ne!(requests[0].0, requests[1].0);
    for (helper, kind) in &requests {
        assert!(*helper != target && *helper != N1);
        assert_eq!(*kind, Kind::PingRequest { target, probe: 1 });
    }
    bench.hear(requests[0].0, Kind::Ack { target, origin: N1, probe: 1 }, vec![]);
    assert_eq!(bench.member.probe.map(|probe| probe.stage), Some(Stage::Answered));
    bench.next_period();
    assert_eq!(bench.member.standing(target), Standing::born(1));
}

/// Section 3.1: a member that is asked pings the target, and passes the ack on.
#[test]
fn a_helper_pings_and_passes_the_ack_on() {
    let mut bench = Bench::new(&[]);
    let asked = bench.hear(N2, Kind::PingRequest { target: N3, probe: 7 }, vec![]);
    assert_eq!(kinds(&asked), [(N3, Kind::Ping { origin: N2, probe: 7 })]);
    let ack = Kind::Ack { target: N3, origin: N2, probe: 7 };
    assert_eq!(kinds(&bench.hear(N3, ack, vec![])), [(N2, ack)]);
    let asked = bench.hear(N3, Kind::Ping { origin: N2, probe: 4 }, vec![]);
    assert_eq!(kinds(&asked), [(N3, Kind::Ack { target: N1, origin: N2, probe: 4 })]);
}

/// Section 4.2: no answer makes a suspicion, and only the time to refute makes it a declaration.
#[test]
fn silence_makes_a_suspicion_first() {
    let mut bench = Bench::new(&[("suspicion_periods", number(3))]);
    let target = kinds(&bench.next_period())[0].0;
    bench.ask(|member, effects| member.on_timeout(effects));
    let asked = bench.next_period();
    assert_eq!(bench.member.standing(target), standing(1, 0, State::Suspect));
    assert!(asked.timers.contains(&(Timer::Suspicion(target), Some(3_000_000))));
    bench.ask(|member, effects| member.on_suspicion(target, effects));
    assert_eq!(bench.member.standing(target), standing(1, 0, State::Faulty));
}

/// A period that ends before the wait for the ack is over says nothing of the target.
#[test]
fn a_probe_cut_short_is_no_failure() {
    let mut bench = Bench::new(&[]);
    let target = kinds(&bench.next_period())[0].0;
    bench.next_period();
    assert_eq!(bench.member.standing(target).state, State::Alive);
    assert_eq!(bench.member.failed_probes, 0);
}

/// Section 4.2: a suspected member refutes with a higher incarnation, which takes the suspicion back.
#[test]
fn a_suspicion_is_refuted() {
    let mut bench = Bench::new(&[]);
    let asked = bench.told(N1, standing(1, 4, State::Suspect));
    assert_eq!(bench.member.standing(N1), standing(1, 5, State::Alive));
    assert_eq!(asked.sends[0].1.sender, standing(1, 5, State::Alive), "the ack says so");
    bench.told(N1, standing(1, 4, State::Suspect));
    assert_eq!(bench.member.standing(N1), standing(1, 5, State::Alive), "old news");
    bench.told(N3, standing(1, 0, State::Suspect));
    let asked = bench.told(N3, standing(1, 1, State::Alive));
    assert!(asked.timers.contains(&(Timer::Suspicion(N3), None)));
}

/// Section 4.2: a Confirm is never taken back; who hears its own joins as a new member.
#[test]
fn a_declaration_is_final() {
    let mut bench = Bench::new(&[]);
    bench.told(N3, standing(1, 0, State::Faulty));
    bench.told(N3, standing(1, 7, State::Alive));
    assert_eq!(bench.member.standing(N3).state, State::Faulty);
    bench.told(N3, standing(2, 0, State::Alive));
    assert_eq!(bench.member.standing(N3), Standing::born(2));
    let asked = bench.told(N1, standing(1, 0, State::Faulty));
    assert_eq!(bench.member.standing(N1), Standing::born(2));
    assert_eq!(asked.disk, Some(Disk { lives: 2, is_founder: false }));
}

/// Lifeguard, the buddy system: a suspected member is told so by whoever writes to it, however old the news is.
#[test]
fn a_suspect_is_told() {
    let mut bench = Bench::new(&[("piggyback", number(1)), ("lambda", number(1))]);
    bench.told(N3, standing(1, 0, State::Suspect));
    for _ in 0..20 {
        bench.hear(N2, Kind::Ping { origin: N2, probe: 1 }, vec![]);
    }
    assert!(bench.member.news.is_empty());
    let asked = bench.hear(N3, Kind::Ping { origin: N3, probe: 1 }, vec![]);
    assert_eq!(asked.sends[0].1.updates, [Update { member: N3, standing: standing(1, 0, State::Suspect) }]);
}

/// Section 4.1: each item goes onto λ log n messages, at most so many on each, those passed on least often first.
#[test]
fn news_is_passed_on_the_youngest_first() {
    assert_eq!([5, 6, 7, 50, 200].map(|n| transmissions(3, n)), [6, 6, 9, 12, 18]);
    let mut news = News::default();
    let [a, b, c] = [1, 2, 3].map(NodeId);
    news.add(a);
    news.add(b);
    assert_eq!(news.take(2, 3), [b, a]);
    news.add(c);
    assert_eq!(news.take(2, 3), [c, b]);
    assert_eq!(news.take(2, 3), [a, c]);
    // Each has been passed on twice, and goes once more.
    let mut last = news.take(6, 3);
    last.sort();
    assert_eq!(last, [a, b, c]);
    assert!(news.is_empty());
    news.add(a);
    news.take(1, 3);
    news.add(a);
    assert_eq!(news.iter().map(|item| item.times).collect::<Vec<_>>(), [0], "newer news begins anew");
}

/// Section 4.3: in each pass every member is probed once, in an order that changes.
#[test]
fn members_are_probed_in_turn() {
    let mut bench = Bench::new(&[]);
    let mut passes = Vec::new();
    for _ in 0..20 {
        let mut pass: Vec<NodeId> = (0..4).map(|_| kinds(&bench.next_period())[0].0).collect();
        passes.push(pass.clone());
        pass.sort();
        assert_eq!(pass, [1, 2, 3, 4].map(NodeId));
    }
    passes.dedup();
    assert!(passes.len() > 10);
}

/// Section 3.2: a node that starts asks a seed, and gets the list of members.
#[test]
fn a_join_is_welcomed_with_the_list() {
    let mut bench = Bench::new(&[]);
    bench.told(N3, standing(1, 0, State::Faulty));
    let message = Message { kind: Kind::Join, sender: Standing::born(2), updates: vec![] };
    let asked = bench.ask(|member, effects| member.on_message(NodeId(4), message, effects));
    let (to, welcome) = &asked.sends[0];
    assert_eq!((*to, welcome.kind), (NodeId(4), Kind::Welcome));
    let listed: Vec<NodeId> = welcome.updates.iter().map(|update| update.member).collect();
    assert_eq!(listed, [N2, NodeId(3)], "those who are there");
    assert_eq!(bench.member.standing(NodeId(4)), Standing::born(2));
}
