//! Each word of the language (`LESSONS.md`, section 2) on a real lab, where it is true and where it is false; three-valued outcomes;
//! and stepping back.

use proptest::prelude::*;
use sim::{AnyLab, Input, Settings, Timeline, World};

use crate::course::Start;
use crate::expression::{Expression, NAMES, every_word};
use crate::reveal::Answer;
use crate::watch::{Standing, Watch};
use crate::{prove, read_lessons};

/// How a moment comes about: the lab, and statements.
type Place = (&'static str, &'static str);

const RAFT: Place = (
    "raft",
    "start; seed 176; set clients = 2; set workload_ms = 0; run until role(S1) = leader; run 100 ms; C1: put x 1; run 100 ms",
);
const HEARTBEATS: Place = ("heartbeats", "scenario crash");
const SWIM: Place = ("swim", "scenario crash");
const BALANCING: Place = ("load-balancing", "scenario slow-server");
const QUORUM: Place = ("leaderless-quorum", "scenario stale-read");

/// Of two groups of two, both decide.
const NO_MAJORITY: &str = "set majority = false; split S1 S2 C1 | S3 S4 S5 C2; C1: put x 3; run 600 ms";
const CUT: &str = "split S1 S2 C1 | S3 S4 S5 C2; C1: put x 3; run 600 ms";
const GENERALS: Place = ("byzantine-generals", "scenario three-generals");
const WAIT: &str = "run 100 ms";
const FAULTS: &str = "crash S2; pause S3; cut S4 -- S5; run 20 ms";
const TWO_WAYS: &str = "@"; // Two named reveals, see `truth`.

/// A word, where it is asked, what happens there, what is asked, and how it comes out.
type Row = (&'static str, Place, &'static str, &'static str, bool);

const ROWS: &[Row] = &[
    ("true", RAFT, WAIT, "true", true),
    ("false", RAFT, WAIT, "false", false),
    ("nothing", RAFT, WAIT, "nothing != 1", false),
    ("nothing", RAFT, WAIT, "not (nothing = 1)", true),
    ("kept", RAFT, NO_MAJORITY, "kept(election-safety)", true),
    ("kept", RAFT, NO_MAJORITY, "kept(leader-completeness)", false),
    ("broken", RAFT, NO_MAJORITY, "broken(leader-completeness)", true),
    ("broken", RAFT, NO_MAJORITY, "broken(election-safety)", false),
    ("seen", HEARTBEATS, WAIT, "seen(false-suspicion)", false),
    ("seen", HEARTBEATS, "restart A; run 2 s; pause A; run 2 s", "seen(false-suspicion)", true),
    ("reached", SWIM, "run 20 s", "reached(dead-known)", true),
    ("reached", SWIM, WAIT, "reached(dead-known)", false),
    ("nodes", RAFT, CUT, "nodes(leader) = 2", true),
    ("nodes", RAFT, CUT, "nodes(leader) = 1", false),
    ("count", RAFT, CUT, "count(cells(it) >= 3) >= 2", true),
    ("count", RAFT, CUT, "count(up(it)) < 7", false),
    ("it", RAFT, CUT, "count(it = S1) = 1", true),
    ("it", RAFT, CUT, "count(it = S1) = 2", false),
    ("role", RAFT, WAIT, "role(S1) = leader", true),
    ("role", RAFT, WAIT, "role(S2) = leader", false),
    ("badge", RAFT, CUT, "badge(S1) = \"T1\"", true),
    ("badge", RAFT, CUT, "badge(S1) = \"T2\"", false),
    ("tag", SWIM, "run 20 s", "count(tag(it) has believe) = 0", true),
    ("tag", SWIM, "run until tag(N4) = \"suspected by 1\"", "tag(N4) = \"suspected by 2\"", false),
    ("up", RAFT, FAULTS, "up(S1)", true),
    ("up", RAFT, FAULTS, "up(S2)", false),
    ("crashed", RAFT, FAULTS, "crashed(S2)", true),
    ("crashed", RAFT, FAULTS, "crashed(S3)", false),
    ("paused", RAFT, FAULTS, "paused(S3)", true),
    ("paused", RAFT, FAULTS, "paused(S2)", false),
    ("era", RAFT, CUT, "era(S1) < era(S3)", true),
    ("era", RAFT, CUT, "era(S1, 3) = era(S3, 3)", false),
    ("field", RAFT, CUT, "field(S1, \"term\") = 1 and field(S1, \"voted for\") = S1", true),
    ("field", RAFT, CUT, "field(S3, \"no such field\") = 2", false),
    ("cells", RAFT, CUT, "cells(S1, committed) = 2 and cells(S1) = 3", true),
    ("cells", RAFT, CUT, "cells(S1, committed) = 3", false),
    ("cell", RAFT, CUT, "cell(S1, 3) has x", true),
    ("cell", RAFT, CUT, "cell(S1, 9) has x", false),
    ("queue", BALANCING, "run 10 s", "queue(S3) > 30", true),
    ("queue", BALANCING, "run 10 s", "queue(S1) > 30", false),
    ("busy", BALANCING, "run 10 s", "busy(S3) > 90", true),
    ("busy", BALANCING, "run 10 s", "busy(S1) > 99", false),
    (
        "messages",
        RAFT,
        "run until messages(replication, from(S1), request) > 0",
        "messages(from(S1), to(S2)) >= 1",
        true,
    ),
    ("messages", RAFT, "run until messages(replication, from(S1), request) > 0", "messages(election) >= 1", false),
    ("lost", RAFT, CUT, "lost(to(S4)) > 0", true),
    ("lost", RAFT, WAIT, "lost() > 0", false),
    ("events", RAFT, CUT, "events(\"becomes the leader\") >= 1", true),
    ("events", RAFT, CUT, "events(\"becomes the leader\", S2) >= 1", false),
    ("event", RAFT, "run until event has S1", "event has S1", true),
    ("event", RAFT, "run until event has S1", "event has \"no such event\"", false),
    ("time", RAFT, WAIT, "time > elapsed", true),
    ("time", RAFT, WAIT, "time < 200 ms", false),
    ("elapsed", RAFT, WAIT, "elapsed = 100 ms", true),
    ("elapsed", RAFT, WAIT, "elapsed > 100 ms", false),
    ("waits", RAFT, CUT, "waits(C1)", true),
    ("waits", RAFT, CUT, "waits(C2)", false),
    ("answer", RAFT, "C2: get x; run 100 ms", "answer(C2) = 1", true),
    ("answer", RAFT, WAIT, "answer(C2) = 1", false),
    ("linearizable", RAFT, "C2: get x; run 100 ms", "linearizable", true),
    ("sequential", RAFT, "C2: get x; run 100 ms", "sequential", true),
    ("causal", RAFT, "C2: get x; run 100 ms", "causal", true),
    ("eventual", RAFT, "C2: get x; run 100 ms", "eventual", true),
    ("linearizable", QUORUM, "run 3 s", "linearizable", false),
    ("sequential", RAFT, WAIT, "not sequential", false),
    ("causal", RAFT, WAIT, "not causal", false),
    ("eventual", RAFT, WAIT, "not eventual", false),
    ("actions", RAFT, FAULTS, "actions = 3", true),
    ("actions", RAFT, FAULTS, "actions <= 2", false),
    ("used", RAFT, NO_MAJORITY, "used(set) = 1 and used(set, majority) = 1 and used(put) = 1", true),
    ("used", RAFT, NO_MAJORITY, "used(set, no-such) = 1 or used(crash) > 0", false),
    ("setting", RAFT, NO_MAJORITY, "setting(clients) = 2", true),
    ("setting", RAFT, NO_MAJORITY, "setting(majority)", false),
    ("rule", RAFT, CUT, "rule(majority)", true),
    ("rule", RAFT, NO_MAJORITY, "rule(majority)", false),
    ("measure", RAFT, CUT, "measure(leaders) = 2 and measure(log, S1) = 3", true),
    ("measure", RAFT, CUT, "measure(term) = 1", false),
    ("most", RAFT, CUT, "most(nodes(leader)) = 2", true),
    ("most", RAFT, CUT, "most(nodes(leader)) = 1", false),
    ("least", RAFT, CUT, "least(nodes(leader)) = 1", true),
    ("least", RAFT, CUT, "least(nodes(leader)) = 2", false),
    ("ever", RAFT, CUT, "ever(role(S3) = candidate or role(S4) = candidate or role(S5) = candidate)", true),
    ("ever", RAFT, CUT, "ever(crashed(S1))", false),
    ("never", RAFT, CUT, "never(crashed(S1))", true),
    ("never", RAFT, CUT, "never(nodes(leader) = 2)", false),
    ("always", RAFT, CUT, "always(role(S1) = leader)", true),
    ("always", RAFT, CUT, "always(nodes(leader) = 1)", false),
    ("at-end", RAFT, CUT, "at-end(nodes(leader) = 2)", true),
    ("at-end", RAFT, CUT, "at-end(nodes(leader) = 1)", false),
    ("within", RAFT, CUT, "within(600 ms, nodes(leader) = 2)", true),
    ("within", RAFT, CUT, "within(1 ms, nodes(leader) = 2)", false),
    ("within", RAFT, CUT, "within(500 ms, nodes(candidate) > 0, nodes(leader) = 2)", true),
    ("within", RAFT, CUT, "within(1 us, nodes(candidate) > 0, nodes(leader) = 2)", false),
    ("during", RAFT, CUT, "during(nodes(leader) = 2, role(S1) = leader)", true),
    ("during", RAFT, CUT, "during(nodes(leader) >= 1, badge(S3) = \"T1\")", false),
    ("lasting", RAFT, CUT, "lasting(500 ms, waits(C1))", true),
    ("lasting", RAFT, CUT, "lasting(2 s, waits(C1))", false),
    ("in", RAFT, TWO_WAYS, "in(crash, crashed(S2)) and not in(cut, crashed(S2))", true),
    ("in", RAFT, TWO_WAYS, "in(cut, crashed(S2))", false),
    ("same", RAFT, TWO_WAYS, "same(C2)", true),
    ("same", RAFT, TWO_WAYS, "same(S2)", false),
    ("knows", RAFT, CUT, "knows(S1, role(S1) = leader)", true),
    ("knows", RAFT, CUT, "knows(S1, nodes(leader) = 2)", false),
    ("trials", RAFT_FROM_START, "run 2 s", "trials(5, nodes(leader) = 1) >= 4", true),
    ("trials", RAFT_FROM_START, "run 1 ms", "trials(5, nodes(leader) = 1) >= 1", false),
    // No lab has a node that ends itself yet.
    ("off", SWIM, WAIT, "off(N1)", false),
    ("lies", GENERALS, WAIT, "lies(C)", true),
    ("lies", GENERALS, WAIT, "lies(B)", false),
    ("value", RAFT, "", "it < value", true),
    ("value", RAFT, "", "it > value", false),
    ("from", RAFT, "", "from(it) = C1", true),
    ("from", RAFT, "", "from(it) = S5", false),
    ("to", RAFT, "", "to(it) has S", true),
    ("to", RAFT, "", "to(it) = C2", false),
    ("label", RAFT, "", "label(it) has x", true),
    ("label", RAFT, "", "label(it) = \"no such\"", false),
    ("arrived", RAFT, "", "arrived(it)", true),
    ("arrived", RAFT, "", "not arrived(it)", false),
];

const RAFT_FROM_START: Place = ("raft", "start; seed 3; set clients = 0");

fn lab(id: &str) -> &'static dyn AnyLab {
    labs::registry::lab(id).expect(id)
}

/// How it comes out, as the key of a question about it.
fn truth((word, (id, sim), reveal, asked, _): &Row) -> Result<bool, String> {
    let reveals = match *reveal {
        TWO_WAYS => "reveal cut: cut S1 -- S2; run 100 ms\nreveal crash: crash S2; run 100 ms".to_string(),
        reveal => format!("reveal: {reveal}"),
    };
    let choice = |text: &str, asked: String| format!("- {text}\n  if: {asked}\n  say: So.\n");
    let question = match *word {
        "from" | "to" | "label" | "arrived" => {
            format!("```predict message\nWhich?\nreveal: run 100 ms\nright: {asked}\n```\n")
        }
        // The right number is 7, and 5 was said.
        "value" => {
            format!(
                "```predict number\nHow many?\nreveal: run 1 ms\nvalue: 7\nwithin: 0\n- if: {asked}\n  say: So.\n```\n"
            )
        }
        _ => {
            let (yes, no) = (choice("Yes.", format!("({asked})")), choice("No.", format!("not ({asked})")));
            format!("```predict any\nIs it?\n{reveals}\n{yes}{no}```\n")
        }
    };
    let act = if ["from", "to", "label", "arrived"].contains(word) { "\nC1: put x 3" } else { "" };
    let head = format!("---\nlesson: a\nlab: {id}\nminutes: 1\nlevel: beginner\n---\n# A\n\n## 1. B\n\n");
    let text = format!("{head}```sim\n{sim}{act}\n```\n\n{question}");
    let lesson = read_lessons(&text).map_err(|mistakes| mistakes[0].to_string())?.remove(0);
    if *word == "value" {
        let path = crate::Path::of(&lesson, lab(id)).unwrap();
        let crate::Block::Predict(prediction) = &lesson.steps[0].blocks[1] else { panic!("a question") };
        let ways = crate::ways(&lesson.steps[0], 1);
        let revealed = crate::Revealed::new(prediction, ways, lab(id), path.at(1, 1).unwrap()).unwrap();
        return Ok(!revealed.judge(&Answer::Number(5)).unwrap().remarks.is_empty());
    }
    match prove(&lesson, lab(id)) {
        Ok(key) => match &key.entries[0].right[0] {
            Answer::Choices(right) => Ok(right == &[1]),
            Answer::Message(_) => Ok(true),
            other => Err(format!("{other:?}")),
        },
        Err(mistakes) if mistakes[0].sentence == "no message that is under way is right" => Ok(false),
        Err(mistakes) => Err(mistakes[0].to_string()),
    }
}

#[test]
fn each_word_is_true_here_and_false_there() {
    let wrong = |row: &Row| match truth(row) {
        Ok(is_so) if is_so == row.4 => None,
        other => Some(format!("{}: {other:?}", row.3)),
    };
    let wrong: Vec<String> = ROWS.iter().filter_map(wrong).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_word_is_left_out() {
    for word in every_word().chain(NAMES.iter().copied()) {
        let of_word = ROWS.iter().filter(|row| row.0 == word && row.3.contains(word));
        let outcomes: Vec<bool> = of_word.map(|row| row.4).collect();
        assert!(outcomes.contains(&true) || ["false", "off"].contains(&word), "{word} is never true");
        assert!(outcomes.contains(&false) || word == "true", "{word} is never false");
    }
}

fn raft(clients: i64) -> Timeline {
    let settings = Settings::default().with("clients", sim::Value::Integer(clients));
    Timeline::new(World::new(lab("raft"), settings, 176).unwrap(), Vec::new())
}

fn goals(texts: &[&str]) -> Vec<Expression> {
    texts.iter().map(|text| Expression::read(text, 1, 1).expect(text)).collect()
}

const ZERO: Start = Start { event: 0, at_us: 0 };

/// How one goal stands after each act, each after 300 ms more.
fn standings(goal: &str, acts: &[Input]) -> Vec<Standing> {
    let mut timeline = raft(0);
    let mut watch = Watch::of(goals(&[goal]), lab("raft"), ZERO);
    let mut at_us = 0;
    let mut all = Vec::new();
    for act in acts {
        at_us += 300_000;
        timeline.seek_moment(at_us, 100_000);
        timeline.act(act.clone(), at_us).expect("the act is possible");
        all.push(watch.judge(&timeline, at_us).unwrap()[0]);
    }
    all
}

#[test]
fn a_goal_is_met_not_yet_met_or_lost() {
    use Standing::{Lost, Met, NotYet};
    let crash = |place: usize| Input::Crash(sim::NodeId::at(place));
    let acts = [crash(4), crash(3), crash(2)];
    let lost_at = |goal: &str, place: usize| {
        let all = standings(goal, &acts);
        assert!(all[..place].iter().all(|standing| !matches!(standing, Lost(_))), "{goal}: {all:?}");
        let events: Vec<u64> = all[place..]
            .iter()
            .map(|standing| match standing {
                Lost(event) => *event,
                other => panic!("{goal}: {other:?}"),
            })
            .collect();
        // It stays lost, by the event that lost it.
        assert!(events.windows(2).all(|pair| pair[0] == pair[1]), "{goal}: {events:?}");
    };
    lost_at("actions <= 2", 2);
    lost_at("used(crash) <= 1", 1);
    lost_at("never(count(crashed(it)) = 2)", 1);
    lost_at("always(count(crashed(it)) < 3)", 2);
    lost_at("within(400 ms, crashed(S1))", 1);
    lost_at("within(100 ms, crashed(S5), crashed(S4))", 1);
    lost_at("during(crashed(S5), up(S4))", 1);
    lost_at("elapsed < 700 ms", 2);
    lost_at("never(crashed(S5)) and up(S1)", 0);
    assert_eq!(standings("ever(crashed(S4))", &acts), [NotYet, Met, Met]);
    assert_eq!(standings("crashed(S3) or up(S1)", &acts), [Met, Met, Met]);
    assert_eq!(standings("within(700 ms, crashed(S4))", &acts), [NotYet, Met, Met]);
    assert_eq!(standings("used(crash) >= 3 or never(up(S1))", &acts), [NotYet, NotYet, Met]);
    let again = [crash(4), Input::Restart(sim::NodeId::at(4)), crash(4)];
    assert_eq!(standings("crashed(S5)", &again), [Met, NotYet, Met]);
}

/// What somebody does at a task.
#[derive(Clone, Debug)]
enum Move {
    Seek(u64),
    Crash(usize),
    Restart(usize),
    Cut(usize, usize),
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let one = prop_oneof![
        4 => (0_u64..1_500).prop_map(Move::Seek),
        1 => (0_usize..5).prop_map(Move::Crash),
        1 => (0_usize..5).prop_map(Move::Restart),
        1 => ((0_usize..5), (0_usize..5)).prop_map(|(from, to)| Move::Cut(from, to)),
    ];
    proptest::collection::vec(one, 1..14)
}

const WATCHED: [&str; 8] = [
    "ever(nodes(leader) = 2)",
    "never(count(crashed(it)) = 2)",
    "within(900 ms, crashed(S1), nodes(leader) = 1)",
    "lasting(200 ms, role(S1) = leader)",
    "events(\"becomes the leader\") >= 2",
    "event has S1",
    "actions <= 2 and lost() < 3",
    "most(measure(term)) - least(measure(term)) >= 1",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Who has gone back and forth through branches sees the same as who comes anew.
    #[test]
    fn stepping_back_is_exact(moves in moves()) {
        let mut timeline = raft(1);
        let mut watch = Watch::of(goals(&WATCHED), lab("raft"), ZERO);
        for step in moves {
            let node = sim::NodeId::at;
            let act = match step {
                Move::Seek(event) => {
                    timeline.seek(event);
                    None
                }
                Move::Crash(place) => Some(Input::Crash(node(place))),
                Move::Restart(place) => Some(Input::Restart(node(place))),
                Move::Cut(from, to) => Some(Input::Cut { from: node(from), to: node(to) }),
            };
            if let Some(act) = act {
                timeline = timeline.fork();
                let at_us = timeline.world().now_us();
                // What is refused changes nothing.
                let _ = timeline.act(act, at_us);
            }
            let now_us = timeline.world().now_us();
            let mut fresh = Watch::of(goals(&WATCHED), lab("raft"), ZERO);
            prop_assert_eq!(watch.judge(&timeline, now_us).unwrap(), fresh.judge(&timeline, now_us).unwrap());
        }
    }
}

/// What takes long is left out of a look until all else is met; judged by itself it comes out as it does beside the rest.
#[test]
fn what_takes_long_is_weighed_by_itself() {
    const GOALS: [&str; 4] = [
        "ever(nodes(leader) = 1)",
        "trials(5, ever(nodes(leader) = 1)) >= 4",
        "ever(used(crash) = 1) and linearizable",
        "never(used(crash) = 1) and trials(2, true) = 2",
    ];
    let mut timeline = raft(0);
    let mut watch = Watch::of(goals(&GOALS), lab("raft"), ZERO);
    let mut look = |timeline: &Timeline| watch.look(timeline, timeline.world().now_us()).unwrap();
    let nothing_yet = look(&timeline);
    assert_eq!(nothing_yet.standings, [Standing::NotYet; 4]);
    assert_eq!(nothing_yet.weighing, None, "there is no leader yet");
    timeline.seek_moment(2_000_000, 100_000);
    let led = look(&timeline);
    assert_eq!(led.standings[0], Standing::Met);
    let weighing = led.weighing.expect("all else is met");
    let met = weighing.weigh(lab("raft")).unwrap();
    assert_eq!(met, [1, 3], "nobody has crashed");
    assert_eq!(weighing.done(&met), None);
    assert!(weighing.done(&[1, 2, 3]).is_some());
    let beside = Watch::of(goals(&GOALS), lab("raft"), ZERO).judge(&timeline, timeline.world().now_us()).unwrap();
    let met_beside = (0..4).filter(|place| beside[*place] == Standing::Met);
    assert!(met_beside.eq([0, 1, 3]), "{beside:?}");
    let sent: crate::Weighing = serde_json::from_str(&serde_json::to_string(&weighing).unwrap()).unwrap();
    assert_eq!(sent.weigh(lab("raft")).as_ref(), Ok(&met));
    timeline.act(Input::Crash(sim::NodeId::at(0)), 2_000_000).unwrap();
    assert!(matches!(look(&timeline).standings[3], Standing::Lost(_)));
    assert_eq!(look(&timeline).weighing, None, "one goal is lost");
}
