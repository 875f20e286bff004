//! Why things are as they are, and the sections of the Raft paper that the answers end in.

use sim::frame::{Known, Tone};
use sim::{Input, LabSession, NodeId, Subject, Why, Work, t};

use super::*;

const S4: NodeId = NodeId(3);

fn open(name: &str) -> Work {
    let mut work = Work::new(Of::<Raft>::LAB).expect("the lab opens");
    work.open(name).expect("a scenario");
    work
}

fn sentences(why: &Why) -> Vec<String> {
    why.steps.iter().map(|step| step.sentence.to_string()).collect()
}

fn names(why: &Why) -> Vec<&'static str> {
    why.rules.iter().map(|cited| cited.name).collect()
}

/// The first event whose headline contains these words.
fn event_saying(work: &mut Work, words: &str) -> u64 {
    let length = work.timeline().length();
    let trace = work.trace(1, length);
    let found = trace.iter().find(|event| event.caption.headline.to_string().contains(words));
    found.unwrap_or_else(|| panic!("nobody says {words}")).number
}

/// The picture. Section 5.2: a follower that hears nothing for an election timeout begins an election.
#[test]
fn a_candidate_has_missed_the_heartbeats_of_its_leader() {
    let why = open("minority-leader").why(&Subject::Node(S3));
    assert_eq!(why.question.to_string(), "Why is S3 a candidate?");
    assert_eq!(
        sentences(&why),
        [
            "The network splits into {S1,S2 | S3,S4,S5}",
            "“heartbeat” of S1 is lost: the link to S3 is cut",
            "S3 asks for votes in term 2: its election timer of 154 ms has run out",
        ]
    );
    assert_eq!(why.steps[1].detail.as_ref().unwrap().to_string(), "2 more messages to S3 were lost after it.");
    assert_eq!(names(&why), ["election_timeout"]);
    assert_eq!(why.rules[0].source, "Raft paper, section 5.2");
}

/// Section 5.1: a leader steps down when it hears of a higher term. S1 has not.
#[test]
fn a_minority_leader_has_missed_the_higher_term() {
    let why = open("minority-leader").why(&Subject::Node(S1));
    let last = why.steps.last().unwrap();
    assert_eq!(last.sentence.to_string(), "“RequestVote T2” of S3 is lost: the link to S1 is cut");
    assert_eq!(last.detail.as_ref().unwrap().to_string(), "Had it arrived, S1 would now be a follower.");
    // How it came to lead: section 5.2.
    assert!(sentences(&why)[2].contains("S1 becomes the leader of term 1"));
    assert!(names(&why).contains(&"majority"));
}

/// A leader that stands still sends no heartbeats, although no message is lost.
#[test]
fn a_paused_leader_is_the_cause_of_an_election() {
    let why = open("paused-leader").why(&Subject::Node(S2));
    assert_eq!(why.question.to_string(), "Why is S2 a leader?");
    assert_eq!(sentences(&why)[0], "S1 is paused");
    assert!(sentences(&why)[1].starts_with("S2 asks for votes in term 2"));
}

#[test]
fn a_crash_is_a_cause_as_well() {
    let mut work = open("leader-crash");
    assert!(work.run_until(sim::Until::Leader, 1_000));
    let leader = work.frame().nodes.iter().find(|node| node.tone == Tone::Leader).expect("a leader").id;
    let why = work.why(&Subject::Node(leader));
    assert!(sentences(&why).contains(&"S1 crashes".to_string()), "{:?}", sentences(&why));
    let why = work.why(&Subject::Node(S1));
    assert_eq!((why.question.to_string(), sentences(&why)), ("Why is S1 down?".into(), vec!["S1 crashes".into()]));
}

/// A heartbeat lost by chance counts as a cause if it would have kept the timer from running out.
#[test]
fn a_message_lost_by_chance_is_found() {
    let mut work = open("leader-crash");
    work.restart(vec![("loss_percent".into(), number(30)), ("workload_ms".into(), number(0))], 3).expect("a run");
    let mut found = false;
    for _ in 0..3_000 {
        work.seek(work.timeline().world().event() + 1);
        let moment = work.frame();
        let stands = moment.caption.headline.to_string().contains("asks for votes");
        if stands && let Some(node) = moment.caption.node {
            let steps = sentences(&work.why(&Subject::Event(moment.event)));
            found |=
                steps.iter().any(|step| step.contains(&format!("to {} is lost", work.timeline().world().label(node))));
        }
    }
    assert!(found, "in 3,000 events with 30 % loss some election is due to one lost message");
}

/// Sections 5.3 and 5.4.2: an entry commits when the leader of its term has stored it on a majority.
#[test]
fn an_entry_commits_because_a_majority_has_stored_it() {
    let mut work = open("minority-leader");
    let event = event_saying(&mut work, "S1 commits the log up to entry 2");
    let why = work.why(&Subject::Event(event));
    assert_eq!(why.question.to_string(), format!("Why did event {event} happen?"));
    let steps = sentences(&why);
    assert_eq!(steps[0], "C1 asks S1: “x=1”");
    assert!(steps[1].contains("takes “x=1” from C1 as entry 2"));
    assert!(steps[2].contains("stores entry 2 of S1"));
    assert!(steps[3].contains("S1 commits the log up to entry 2"));
    assert!(names(&why).starts_with(&["commit_majority", "carry_out", "answer"]));
}

/// Section 5.2: one vote a term.
#[test]
fn a_vote_is_refused_to_the_second_candidate() {
    let mut work = open("split-vote");
    work.seek(work.timeline().length() + 12);
    let event = event_saying(&mut work, "refuses its vote");
    let why = work.why(&Subject::Event(event));
    assert_eq!(names(&why), ["one_vote"]);
    let last = why.steps.last().unwrap();
    assert!(last.detail.as_ref().unwrap().to_string().contains("one vote a term"));
    assert!(sentences(&why)[0].contains("asks for votes in term 1"));
}

/// Section 5.4.1: no vote for a log that is less up to date than one's own, as in Figure 7 (d).
#[test]
fn a_vote_is_refused_to_an_older_log() {
    let mut work = open("figure-7");
    let event = event_saying(&mut work, "refuses its vote");
    let why = work.why(&Subject::Event(event));
    assert_eq!(names(&why), ["newer_term", "up_to_date_vote"]);
    assert_eq!(why.rules[1].source, "Raft paper, section 5.4.1");
    let last = why.steps.last().unwrap();
    assert!(last.detail.as_ref().unwrap().to_string().starts_with("Its own log is more up to date"));
}

/// Figure 8: without the rule of section 5.4.2, the answer names the rule that is switched off.
#[test]
fn a_broken_check_names_the_rule_that_is_off() {
    let mut work = open("figure-8-broken");
    let why = work.why(&Subject::Check("leader-completeness"));
    assert_eq!(why.question.to_string(), "Why is “committed entries kept” broken?");
    assert_eq!((why.rules[0].name, why.rules[0].followed), ("own_term_commit", false));
    assert_eq!(why.rules[0].source, "Raft paper, section 5.4.2 and Figure 8");
    let last = why.steps.last().unwrap();
    assert_eq!(last.detail.as_ref().unwrap().to_string(), "S5 leads term 5 without entry 2, which was committed.");
}

/// Section 5.1: terms pass from server to server with the messages.
#[test]
fn a_field_has_its_value_from_a_message() {
    let mut work = open("minority-leader");
    work.seek(work.timeline().length() + 1);
    let why = work.why(&Subject::Field(S4, t!("term")));
    assert_eq!(why.question.to_string(), "Why does S4 say “term: 2”?");
    assert!(sentences(&why).last().unwrap().contains("S4 votes for S3 in term 2"));
    assert!(names(&why).contains(&"newer_term"));
}

/// Section 5.2: servers start as followers; a message that is gone has no answer any more.
#[test]
fn what_was_so_from_the_start_says_so() {
    let mut work = open("first-election");
    let why = work.why(&Subject::Node(S1));
    assert_eq!((why.steps.len(), names(&why)), (0, vec!["starts_as_follower"]));
    assert!(why.note.is_some());
    let message = work.frame().messages[0].id;
    assert_eq!(work.why(&Subject::Message(message)).steps.len(), 1);
    work.seek(0);
    assert!(work.why(&Subject::Message(message)).note.is_some());
}

/// S1 and S2 are cut off: of the election on the other side they know nothing, and nor of the cut.
#[test]
fn a_server_knows_only_what_messages_have_told_it() {
    let mut work = open("minority-leader");
    let real = work.frame();
    let known = work.known_by(S2);
    assert_eq!((real.nodes[2].role.to_string(), real.nodes[2].badge.to_string()), ("candidate".into(), "T2".into()));
    assert_eq!((known.nodes[2].role.to_string(), known.nodes[2].badge.to_string()), ("follower".into(), "T1".into()));
    assert_eq!((known.nodes[1].known, &known.nodes[1].cells), (Known::Now, &real.nodes[1].cells));
    assert_eq!(known.nodes[1].timers, real.nodes[1].timers);
    let Known::AsOf { event, .. } = known.nodes[2].known else { panic!("S2 has heard of S3 through S1") };
    assert!(event < 36, "before the split");
    assert!(known.nodes[0].tag.is_none(), "that S1 cannot commit is not known to S2");
    assert!(known.groups.is_empty() && known.checks.is_empty());
    assert!(known.links.iter().all(|link| link.forth.up && link.back.up));
    assert!(known.messages.iter().all(|message| message.from == S2));
}

/// At the start nobody has heard of anybody.
#[test]
fn before_the_first_message_others_are_unknown() {
    let mut work = open("figure-7");
    work.seek(0);
    let known = work.known_by(S2);
    for node in known.nodes.iter().filter(|node| node.id != S2) {
        assert_eq!((node.known, node.badge.to_string().as_str()), (Known::Nothing, "?"));
        assert!(node.fields.is_empty() && node.cells.is_empty());
    }
    assert!(!known.nodes[1].cells.is_empty());
    let sim::frame::Panel::Log { rows, .. } = &known.panels[0] else { panic!("the panel of logs") };
    assert!(rows.iter().enumerate().all(|(server, (_, cells))| cells.is_empty() == (server != 1)));
}

/// What somebody has done says who it was and when, and what came of it.
#[test]
fn an_input_says_who_did_it_and_what_came_of_it() {
    let mut work = open("minority-leader");
    let split = event_saying(&mut work, "The network splits into");
    let why = work.why(&Subject::Event(split));
    assert!(why.note.as_ref().unwrap().to_string().starts_with("This came with the run, at "));
    assert_eq!(sentences(&why).len(), 2);
    assert!(sentences(&why)[1].ends_with("is cut"), "{:?}", sentences(&why));

    let end = work.timeline().length();
    work.seek(end);
    work.act(Input::HealAll, None).expect("healed");
    let healed = work.timeline().world().event();
    let why = work.why(&Subject::Event(healed));
    assert_eq!(why.note.as_ref().unwrap().to_string(), "You did this, at 405 ms; no node decided it.");
    assert_eq!(sentences(&why), ["All links are healed"]);
    work.seek(healed + 20);
    let why = work.why(&Subject::Event(healed));
    assert_eq!(
        why.steps[1].detail.as_ref().unwrap().to_string(),
        "Without it this message would have been lost: the link was cut."
    );

    let client = work.frame().actions[0].nodes[0];
    let put = Input::Operate { node: client, action: "put".into(), values: vec![word("x"), word("3")] };
    work.seek(healed);
    work.act(put, None).expect("an operation");
    assert!(work.branches().iter().any(|row| row.title.to_string().ends_with("C1: Put")), "{:?}", work.branches());
}
