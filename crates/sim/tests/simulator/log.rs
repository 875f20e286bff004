//! Logs with vector clocks against a brute force that knows what really happened.

use std::collections::BTreeMap;

use crate::pairs::{execution, read};
use proptest::prelude::*;
use sim::Relation;
use sim::log::Execution;

/// A client asks a server twice; another client does something of its own.
const TALK: &str = r#"ann {"ann":1}
asks
srv {"srv":1, "ann":1}
takes the question
srv {"srv":2, "ann":1}
answers
bob {"bob":1}
starts
ann {"ann":2, "srv":2}
has the answer
bob {"bob":2, "srv":2, "ann":1}
has heard, too
"#;

#[test]
fn the_relations_of_a_small_log_are_as_drawn_by_hand() {
    let log = execution(TALK);
    assert_eq!((log.events().len(), log.hosts().join(" ")), (6, "ann srv bob".to_string()));
    // ann:1 before srv:1, srv:2, ann:2, bob:2; srv:1 before srv:2, ann:2, bob:2; srv:2 before ann:2, bob:2; bob:1 before bob:2.
    assert_eq!((log.ordered_pairs(), log.concurrent_pairs()), (10, 5));
    let edges: Vec<String> = log.edges().iter().map(|edge| format!("{}-{}", edge.from + 1, edge.to + 1)).collect();
    assert_eq!(edges, ["1-2", "3-5", "3-6"]);
    let relation = |a, b| log.relation(log.named(a).expect(a), log.named(b).expect(b));
    assert_eq!(relation("ann:1", "bob:2"), Relation::Before);
    assert_eq!(relation("bob:2", "ann:1"), Relation::After);
    assert_eq!(relation("ann:2", "bob:2"), Relation::Concurrent);
    assert_eq!(relation("srv:1", "srv:2"), Relation::Before);
    assert_eq!(relation("srv:1", "srv:1"), Relation::Same);
    assert_eq!([log.named("ann:3"), log.named("ann:0"), log.named("eve:1"), log.named("ann")], [None; 4]);
}

#[test]
fn text_around_events_zeroes_windows_line_ends_and_a_header_do_no_harm() {
    let header = "(?<host>\\S*) (?<clock>{.*})\\n(?<event>.*)\n\n";
    let noise = TALK.replace("srv {\"srv\":1", "some noise\n\n  [info] srv {\"eve\":0,\"srv\":1");
    for text in [format!("{header}{TALK}"), noise, TALK.replace('\n', "\r\n"), format!("\u{feff}{TALK}")] {
        let log = execution(&text);
        assert_eq!((log.ordered_pairs(), log.edges().len()), (10, 3), "{text}");
    }
    assert_eq!(execution(&format!("{header}{TALK}")).event(0).line, 3);
}

#[test]
fn a_delimiter_parts_and_names_executions() {
    let text = format!("notes without an event\n=== first ===\n{TALK}\n=== second run ===\n\n{TALK}");
    let log = read(&text).expect("two executions");
    let shown: Vec<_> = log.iter().map(|one| (one.name(), one.events().len(), one.event(0).line)).collect();
    assert_eq!(shown, [("first", 6, 3), ("second run", 6, 18)]);
}

/// What is wrong with a log: "line: message".
fn problems(text: &str) -> Vec<String> {
    let problems = read(text).expect_err("a wrong log");
    problems.list().iter().map(|problem| format!("{}: {}", problem.line, problem.message)).collect()
}

#[test]
fn every_mistake_is_found_and_named_by_its_line() {
    for (text, expected) in [
        ("", &["1: the log is empty"][..]),
        ("\nnothing\nof use", &["2: the parser expression matches nothing from here on"]),
        ("=== a ===\na {\"a\":1}\nx\n=== b ===\n\nno", &["6: the parser expression matches nothing from here on"]),
        ("a {\"a\":1\"}\nx", &["1: the clock {\"a\":1\"} is broken JSON"]),
        ("a {\"a\":-1}\nx", &["1: the clock says -1 for a"]),
        ("a {\"b\":1}\nx\nb {\"b\":1}\ny", &["1: the clock of a has no entry for a itself"]),
        ("a {\"a\":0}\nx", &["1: a counts 0 events of its own here"]),
        ("a {\"a\":2}\nx", &["1: the first event of a has the count 2"]),
        ("a {\"a\":1}\nx\na {\"a\":3}\ny", &["3: the own count of a goes from 1 in line 1 to 3 here"]),
        ("a {\"a\":1}\nx\na {\"a\":2}\ny\na {\"a\":1}\nz", &["5: a counts 1 here, and did so in line 1 already"]),
        (
            "b {\"b\":1}\nx\na {\"a\":1,\"b\":1}\nx\na {\"a\":2}\ny\na {\"a\":3,\"b\":0}\nz",
            &["7: the clock goes back: b stood at 1 in line 3 and stands at 0 here"],
        ),
        ("a {\"a\":1,\"b\":1}\nx\na {\"a\":2,\"b\":1}\ny", &["1: the clock counts events of b, and the log has none"]),
        ("b {\"b\":1}\nx\na {\"a\":1,\"b\":4}\ny", &["3: the clock counts 4 events of b, and the log has only 1"]),
        ("a {\"a\":1,\"b\":1}\nx\nb {\"a\":1,\"b\":1}\ny", &["1: the clocks go round in a circle"]),
        (
            "c {\"c\":1,\"a\":1}\nx\na {\"a\":1,\"b\":1}\nx\nb {\"a\":1,\"b\":1}\ny",
            &["3: the clocks go round in a circle"],
        ),
        (
            // Several at once, and nothing that only follows from another one.
            "a {\"a\":1}\nx\na {\"a\":3,\"c\":1}\ny\nb {\"b\":1,\"a\":3}\nz\nb {b}\nz\nd {\"d\":1, \"b\":2}\nx",
            &["3: the clock counts events of c", "3: the own count", "7: the clock {b} is broken JSON"],
        ),
    ] {
        let said = problems(text);
        assert_eq!(said.len(), expected.len(), "{text}: {said:#?}");
        for (said, expected) in said.iter().zip(expected) {
            assert!(said.starts_with(expected), "{said}");
        }
    }
}

#[test]
fn no_more_than_a_hundred_problems_are_told() {
    let text: String = (0..250).map(|host| format!("h{host} {{\"h{host}\":2}}\nx\n")).collect();
    let problems = read(&text).expect_err("a wrong log");
    assert_eq!((problems.list().len(), problems.left_out(), problems.list()[99].line), (100, 150, 199));
}

/// What one host does: something of its own, or taking up to two of the messages that wait for it; and to whom it sends.
#[derive(Clone, Debug)]
struct Act {
    host: usize,
    takes: usize,
    sends: Vec<usize>,
}

/// What happened, as an observer of all sees it.
struct Truth {
    /// Host and own count of each event.
    names: Vec<(usize, u32)>,
    clocks: Vec<Vec<u32>>,
    /// For each event which others happened before it.
    past: Vec<Vec<bool>>,
}

fn act(hosts: usize) -> impl Strategy<Value = Act> {
    (0..hosts, 0usize..3, prop::collection::vec(0..hosts, 0..3)).prop_map(|(host, takes, sends)| Act {
        host,
        takes,
        sends,
    })
}

/// Carries the acts out, with clocks as in Fidge 1988 and Mattern 1989.
fn happen(hosts: usize, acts: &[Act]) -> Truth {
    let mut truth = Truth { names: Vec::new(), clocks: Vec::new(), past: Vec::new() };
    let mut last: Vec<Option<usize>> = vec![None; hosts];
    let mut wire: Vec<Vec<usize>> = vec![Vec::new(); hosts];
    for (event, act) in acts.iter().enumerate() {
        let taken = act.takes.min(wire[act.host].len());
        let causes: Vec<usize> = wire[act.host].drain(..taken).chain(last[act.host]).collect();
        let mut clock = vec![0; hosts];
        let mut past = vec![false; acts.len()];
        for cause in causes {
            clock =
                clock.iter().zip(&truth.clocks[cause]).map(|(mine, theirs): (&u32, &u32)| *mine.max(theirs)).collect();
            past = past.iter().zip(&truth.past[cause]).map(|(mine, theirs)| *mine || *theirs).collect();
            past[cause] = true;
        }
        clock[act.host] += 1;
        truth.names.push((act.host, clock[act.host]));
        truth.clocks.push(clock);
        truth.past.push(past);
        last[act.host] = Some(event);
        act.sends.iter().filter(|to| **to != act.host).for_each(|to| wire[*to].push(event));
    }
    truth
}

impl Truth {
    /// Clocks that count only the last event of each host that was heard of directly.
    fn told(&self) -> Truth {
        let news = |(event, (host, own)): (usize, &(usize, u32))| {
            let mut clock = vec![0; self.clocks[event].len()];
            clock[*host] = *own;
            let told = self.edges().into_iter().filter(|(_, to)| *to == event);
            told.for_each(|(from, _)| clock[self.names[from].0] = self.names[from].1);
            clock
        };
        let clocks = self.names.iter().enumerate().map(news).collect();
        Truth { names: self.names.clone(), clocks, past: self.past.clone() }
    }

    fn lines(&self) -> Vec<String> {
        let line = |(event, (host, _)): (usize, &(usize, u32))| {
            let clock = self.clocks[event].iter().enumerate().filter(|(_, count)| **count > 0);
            let known: Vec<String> = clock.map(|(other, count)| format!("\"h{other}\":{count}")).collect();
            format!("h{host} {{{}}}\nevent {event}\n", known.join(","))
        };
        self.names.iter().enumerate().map(line).collect()
    }

    fn relation(&self, a: usize, b: usize) -> Relation {
        match (self.past[b][a], self.past[a][b]) {
            _ if a == b => Relation::Same,
            (true, _) => Relation::Before,
            (_, true) => Relation::After,
            _ => Relation::Concurrent,
        }
    }

    /// The pairs between hosts with nothing between the two.
    fn edges(&self) -> Vec<(usize, usize)> {
        let events = 0..self.names.len();
        let pairs = events.clone().flat_map(|b| events.clone().map(move |a| (a, b)));
        let is_edge = |(a, b): &(usize, usize)| {
            self.past[*b][*a]
                && self.names[*a].0 != self.names[*b].0
                && !events.clone().any(|between| self.past[between][*a] && self.past[*b][between])
        };
        pairs.filter(is_edge).collect()
    }
}

/// Compares all that a log says with what happened.
fn agree(log: &Execution, truth: &Truth) -> Result<(), TestCaseError> {
    let place =
        |event: usize| log.named(&format!("h{}:{}", truth.names[event].0, truth.names[event].1)).expect("it is there");
    let count = truth.names.len();
    prop_assert_eq!(log.events().len(), count);
    let (mut ordered, mut concurrent) = (0, 0);
    let mut known = BTreeMap::new();
    for a in 0..count {
        known.insert(place(a), a);
        prop_assert_eq!(log.text(place(a)), format!("event {a}"));
        for b in 0..count {
            let relation = truth.relation(a, b);
            prop_assert_eq!(log.relation(place(a), place(b)), relation);
            prop_assert!(relation != Relation::Before || place(a) < place(b), "an effect stands before its cause");
            ordered += u64::from(relation == Relation::Before);
            concurrent += u64::from(relation == Relation::Concurrent && a < b);
        }
    }
    prop_assert_eq!((log.ordered_pairs(), log.concurrent_pairs()), (ordered, concurrent));
    let mut edges: Vec<_> =
        log.edges().iter().map(|edge| (known[&(edge.from as usize)], known[&(edge.to as usize)])).collect();
    edges.sort_by_key(|(from, to)| (*to, *from));
    prop_assert_eq!(edges, truth.edges());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    /// Lamport 1978: the relation; Mattern 1989, theorem 10: it can be read off the vector clocks. In any order of the lines.
    #[test]
    fn a_log_says_what_happened(
        acts in (2usize..6).prop_flat_map(|hosts| prop::collection::vec(act(hosts), 1..24)),
        order in prop::collection::vec(any::<u32>(), 24),
    ) {
        let truth = happen(5, &acts);
        let mut lines = truth.lines();
        let log = execution(&lines.concat());
        agree(&log, &truth)?;
        let in_file_order = log.events().iter().enumerate().all(|(place, _)| log.text(place) == format!("event {place}"));
        prop_assert!(in_file_order, "the order of the file is possible and was not kept");
        let mut keys = order.into_iter();
        lines.sort_by_cached_key(|_| keys.next());
        agree(&execution(&lines.concat()), &truth)?;
        agree(&execution(&truth.told().lines().concat()), &truth)?;
    }

    /// A count that is wrong by something is found out, or makes another log that could have happened.
    #[test]
    fn a_wrong_count_is_named_or_harmless(
        acts in prop::collection::vec(act(4), 2..16),
        (event, host, count) in (0usize..16, 0usize..5, 0u32..9),
    ) {
        let mut truth = happen(5, &acts);
        let event = event % acts.len();
        truth.clocks[event][host] = count;
        match read(&truth.lines().concat()) {
            Ok(log) => {
                // Whatever it says then is an order: nothing is before itself through another one.
                let log = &log[0];
                let before = |a, b| log.relation(a, b) == Relation::Before;
                let events = 0..log.events().len();
                for (a, b) in events.clone().flat_map(|a| events.clone().map(move |b| (a, b))).filter(|(a, b)| before(*a, *b)) {
                    prop_assert!(events.clone().all(|c| !before(b, c) || before(a, c)));
                }
            }
            Err(problems) => prop_assert!(!problems.is_empty()),
        }
    }
}
