//! Figure 2 of the Raft paper, rule by rule.

use super::super::{Appended, Timer};
use super::*;

fn vote(asked: &Asked<RaftNode>) -> (u64, bool) {
    match asked.sends.as_slice() {
        [(S2, Message::Vote { term, granted })] => (*term, *granted),
        other => panic!("not one vote: {other:?}"),
    }
}

fn answer(asked: &Asked<RaftNode>) -> (u64, Appended) {
    match asked.sends.as_slice() {
        [(S2, Message::Appended { term, answer, .. })] => (*term, *answer),
        other => panic!("not one answer: {other:?}"),
    }
}

fn ask(term: u64, last_log_index: u64, last_log_term: u64) -> Message {
    Message::RequestVote { term, last_log_index, last_log_term, transfer: false }
}

/// RequestVote, receiver 1: reply false if term < currentTerm (5.1).
#[test]
fn request_vote_1_an_old_term_gets_no_vote() {
    let mut bench = Bench::new(5, &[]);
    assert_eq!(vote(&bench.receive(S2, ask(4, 9, 4))), (5, false));
    assert_eq!(bench.server.voted_for, None);
}

/// RequestVote, receiver 2: grant if votedFor is null or the candidate, and its log is at least as up to date (5.2, 5.4).
#[test]
fn request_vote_2_one_vote_a_term() {
    let mut bench = Bench::new(4, &[]);
    let asked = bench.receive(S2, ask(5, 0, 0));
    assert_eq!(vote(&asked), (5, true));
    // Persisted before the answer leaves.
    assert_eq!(asked.disk.map(|disk| (disk.term, disk.voted_for)), Some((5, Some(S2))));
    // The election timer starts again only for a granted vote (rules for followers, 5.2).
    assert!(asked.timers.iter().any(|(timer, at)| *timer == Timer::Election && at.is_some()));
    let refused = bench.receive(S3, ask(5, 0, 0));
    assert!(matches!(refused.sends.as_slice(), [(S3, Message::Vote { granted: false, .. })]));
    assert!(refused.timers.is_empty());
    // The same candidate gets the same answer again: its first one may have been lost.
    assert_eq!(vote(&bench.receive(S2, ask(5, 0, 0))), (5, true));
}

/// Section 5.4.1: later last term wins; with the same last term, the longer log.
#[test]
fn request_vote_2_the_log_has_to_be_up_to_date() {
    for (last_log_index, last_log_term, granted) in
        [(3, 2, true), (4, 2, true), (2, 2, false), (1, 3, true), (9, 1, false)]
    {
        let mut bench = Bench::new(3, &[1, 1, 2]);
        assert_eq!(vote(&bench.receive(S2, ask(4, last_log_index, last_log_term))), (4, granted));
    }
    let mut bench = Bench::with(3, &[1, 1, 2], &[("up_to_date_vote", Value::Flag(false))]);
    assert_eq!(vote(&bench.receive(S2, ask(4, 0, 0))), (4, true));
}

/// AppendEntries, receiver 1: reply false if term < currentTerm (5.1).
#[test]
fn append_entries_1_an_old_term_is_refused() {
    let mut bench = Bench::new(5, &[1]);
    let asked = bench.receive(S2, append(4, (1, 1), &[4], 0));
    assert!(matches!(answer(&asked), (5, Appended::Refused { .. })));
    assert_eq!(terms(&bench.server.log), [1]);
    assert!(asked.timers.is_empty(), "an old leader does not calm a follower");
}

/// AppendEntries, receiver 2: reply false without an entry at prevLogIndex with prevLogTerm (5.3).
#[test]
fn append_entries_2_the_entry_before_has_to_match() {
    for previous in [(3, 2), (2, 2)] {
        let mut bench = Bench::new(2, &[1, 1]);
        assert!(matches!(answer(&bench.receive(S2, append(2, previous, &[2], 0))), (2, Appended::Refused { .. })));
        assert_eq!(terms(&bench.server.log), [1, 1]);
    }
}

/// AppendEntries, receiver 3: an entry that conflicts is deleted with all that follow it (5.3).
#[test]
fn append_entries_3_conflicts_are_deleted() {
    let mut bench = Bench::new(3, &[1, 2, 2, 2]);
    let asked = bench.receive(S2, append(3, (1, 1), &[3], 0));
    assert_eq!(answer(&asked), (3, Appended::Stored { match_index: 2 }));
    assert_eq!(terms(&bench.server.log), [1, 3]);
    assert_eq!(asked.disk.map(|disk| terms(&disk.log)), Some(vec![1, 3]));
}

/// AppendEntries, receiver 4: only new entries are appended; a late message must not shorten the log (5.3).
#[test]
fn append_entries_4_an_old_message_changes_nothing() {
    let mut bench = Bench::new(3, &[1, 3, 3]);
    let asked = bench.receive(S2, append(3, (1, 1), &[3], 0));
    assert_eq!(answer(&asked), (3, Appended::Stored { match_index: 2 }));
    assert_eq!(terms(&bench.server.log), [1, 3, 3]);
    assert!(asked.disk.is_none(), "nothing new, nothing to write");
}

/// AppendEntries, receiver 5: commitIndex = min(leaderCommit, index of last new entry) (5.3).
#[test]
fn append_entries_5_no_commit_beyond_what_is_known_to_match() {
    let mut bench = Bench::new(3, &[1, 1, 1]);
    bench.receive(S2, append(3, (2, 1), &[], 9));
    assert_eq!(bench.server.commit_index, 2, "entry 3 may differ from the leader's");
    bench.receive(S2, append(3, (3, 1), &[3], 3));
    assert_eq!((bench.server.commit_index, bench.server.last_applied), (3, 3));
    bench.receive(S2, append(3, (1, 1), &[], 1));
    assert_eq!(bench.server.commit_index, 3, "it never goes back");
}

/// All servers: what is committed is applied (5.3).
#[test]
fn all_servers_apply_what_is_committed() {
    let mut bench = Bench::new(1, &[1, 1]);
    bench.receive(S2, append(1, (2, 1), &[], 2));
    assert_eq!(bench.server.last_applied, 2);
}

/// All servers: a higher term in any request or answer makes a follower (5.1).
#[test]
fn all_servers_step_down_at_a_higher_term() {
    let messages = [
        ask(9, 0, 0),
        Message::Vote { term: 9, granted: false },
        append(9, (0, 0), &[], 0),
        Message::Appended { term: 9, round: 1, answer: Appended::Stored { match_index: 0 } },
    ];
    for message in messages {
        let mut leader = Bench::new(1, &[]).leads();
        let asked = leader.receive(S2, message.clone());
        assert!(matches!(leader.server.role, Role::Follower), "{message:?}");
        assert_eq!(leader.server.term, 9);
        assert_eq!(asked.disk.map(|disk| disk.term), Some(9), "{message:?}");
        assert!(asked.timers.contains(&(Timer::Heartbeat, None)));
        assert!(asked.timers.iter().any(|(timer, at)| *timer == Timer::Election && at.is_some()));
    }
}

/// A candidate is no exception (5.1): the votes that it has are of a term that is over.
#[test]
fn candidates_step_down_at_a_higher_term() {
    let messages = [
        ask(9, 0, 0),
        Message::Vote { term: 9, granted: false },
        append(9, (0, 0), &[], 0),
        Message::Appended { term: 9, round: 1, answer: Appended::Stored { match_index: 0 } },
    ];
    for message in messages {
        let mut bench = Bench::new(1, &[]);
        bench.fire(Timer::Election);
        let asked = bench.receive(S2, message.clone());
        assert!(matches!(bench.server.role, Role::Follower), "{message:?}");
        assert_eq!(bench.server.term, 9);
        assert_eq!(asked.disk.map(|disk| disk.term), Some(9), "{message:?}");
        bench.receive(S3, Message::Vote { term: 2, granted: true });
        assert!(matches!(bench.server.role, Role::Follower), "a vote of the old term makes no leader: {message:?}");
    }
}

/// Section 5.2: a candidate that does not win goes on waiting; refusals end nothing, its timer does.
#[test]
fn an_election_is_lost_by_refusals() {
    let mut bench = Bench::new(0, &[]);
    bench.fire(Timer::Election);
    for voter in [S2, S3] {
        let asked = bench.receive(voter, Message::Vote { term: 1, granted: false });
        assert!(matches!(bench.server.role, Role::Candidate { votes, .. } if votes.count() == 1));
        assert!(asked.sends.is_empty() && asked.timers.is_empty() && asked.disk.is_none());
    }
    bench.fire(Timer::Election);
    assert_eq!((bench.server.term, bench.server.voted_for), (2, Some(S1)));
    bench.receive(S2, Message::Vote { term: 2, granted: true });
    assert!(bench.server.is_leader());
}

/// Followers: the election timer runs out without a heartbeat or a granted vote: become a candidate (5.2).
#[test]
fn followers_become_candidates() {
    let mut bench = Bench::new(4, &[1, 3]);
    let asked = bench.fire(Timer::Election);
    assert!(matches!(bench.server.role, Role::Candidate { .. }));
    // Candidates: a new term, a vote for itself, a new timer, RequestVote to all others (5.2).
    assert_eq!((bench.server.term, bench.server.voted_for), (5, Some(S1)));
    assert_eq!(asked.disk.map(|disk| (disk.term, disk.voted_for)), Some((5, Some(S1))));
    let question = ask(5, 2, 3);
    assert_eq!(asked.sends, [(S2, question.clone()), (S3, question)]);
    let (timer, after_us) = asked.timers[0];
    assert_eq!(timer, Timer::Election);
    assert!((150_000..=300_000).contains(&after_us.expect("set")));
}

/// Followers: a heartbeat starts the timer again (5.2), and costs no write to disk.
#[test]
fn followers_are_calmed_by_heartbeats() {
    let mut bench = Bench::new(1, &[1]);
    bench.receive(S2, append(1, (1, 1), &[], 0));
    let asked = bench.receive(S2, append(1, (1, 1), &[], 0));
    assert!(matches!(asked.timers.as_slice(), [(Timer::Election, Some(_))]));
    assert!(asked.disk.is_none());
    assert_eq!(bench.server.leader, Some(S2));
}

/// Candidates: votes of a majority make a leader (5.2); a vote that comes twice counts once.
#[test]
fn candidates_need_a_majority_of_different_servers() {
    let changes = [("servers", number(5))];
    let mut probe = Probe::new(S1, 5, config(&changes));
    let (node, _) = probe.run(|effects| RaftNode::boot(&Disk::default(), effects));
    let RaftNode::Server(mut server) = node else { panic!("S1 is a server") };
    probe.run(|effects| server.on_timer(Timer::Election, effects));
    for from in [S2, S2] {
        probe.run(|effects| server.on_message(from, Message::Vote { term: 1, granted: true }, effects));
        assert!(matches!(server.role, Role::Candidate { .. }));
    }
    probe.run(|effects| server.on_message(S3, Message::Vote { term: 0, granted: true }, effects));
    assert!(matches!(server.role, Role::Candidate { .. }), "a vote of an older term does not count");
    probe.run(|effects| server.on_message(S3, Message::Vote { term: 1, granted: true }, effects));
    assert!(server.is_leader());
}

/// Candidates: AppendEntries from the leader of the same term makes a follower (5.2).
#[test]
fn candidates_yield_to_the_leader_of_their_term() {
    let mut bench = Bench::new(0, &[]);
    bench.fire(Timer::Election);
    bench.receive(S2, append(1, (0, 0), &[], 0));
    assert!(matches!(bench.server.role, Role::Follower));
    assert_eq!((bench.server.term, bench.server.leader), (1, Some(S2)));
}

/// It is a follower from then on: it stores what comes, starts its timer again, and its vote stays given (to itself).
#[test]
fn a_candidate_that_yields_stores_the_entries_and_keeps_its_vote() {
    let mut bench = Bench::new(0, &[]);
    bench.fire(Timer::Election);
    let asked = bench.receive(S2, append(1, (0, 0), &[1], 0));
    assert_eq!(answer(&asked), (1, Appended::Stored { match_index: 1 }));
    assert_eq!(asked.disk.map(|disk| (disk.voted_for, terms(&disk.log))), Some((Some(S1), vec![1])));
    assert!(asked.timers.iter().any(|(timer, at)| *timer == Timer::Election && at.is_some()));
    bench.receive(S3, Message::Vote { term: 1, granted: true });
    assert!(matches!(bench.server.role, Role::Follower), "the election is over");
    let refused = bench.receive(S3, ask(1, 9, 1));
    assert!(matches!(refused.sends[..], [(S3, Message::Vote { term: 1, granted: false })]));
}

/// Candidates: the timer runs out again: a new election (5.2).
#[test]
fn candidates_try_again() {
    let mut bench = Bench::new(0, &[]);
    bench.fire(Timer::Election);
    bench.fire(Timer::Election);
    assert!(matches!(bench.server.role, Role::Candidate { .. }));
    assert_eq!(bench.server.term, 2);
}

/// Leaders: AppendEntries to all upon election, and again before the election timers run out (5.2).
#[test]
fn leaders_send_heartbeats() {
    let mut bench = Bench::new(0, &[]);
    bench.fire(Timer::Election);
    let asked = bench.receive(S2, Message::Vote { term: 1, granted: true });
    let to: Vec<NodeId> = asked.sends.iter().map(|(to, _)| *to).collect();
    assert_eq!(to, [S2, S3]);
    assert!(asked.timers.contains(&(Timer::Election, None)));
    assert!(asked.timers.contains(&(Timer::Heartbeat, Some(50_000))));
    let asked = bench.fire(Timer::Heartbeat);
    assert_eq!(asked.sends.len(), 2);
    assert!(asked.timers.contains(&(Timer::Heartbeat, Some(50_000))));
}

/// Leaders: nextIndex starts at the last log index + 1, matchIndex at 0 (Figure 2, volatile state on leaders). The
/// empty entry of the term comes after that (section 8).
#[test]
fn leaders_begin_with_next_index_after_their_log() {
    let bench = Bench::new(1, &[1, 1]).leads();
    let Role::Leader(leadership) = &bench.server.role else { panic!("leads") };
    assert_eq!((leadership.followers[1].next_index, leadership.followers[1].match_index), (3, 0));
    assert_eq!(terms(&bench.server.log), [1, 1, 2]);
}

/// Leaders: success moves nextIndex and matchIndex; failure moves nextIndex back and tries again (5.3).
#[test]
fn leaders_find_the_matching_entry() {
    let mut bench = Bench::with(1, &[1, 1], &[("entries_a_message", number(8))]).leads();
    let refused = Message::Appended { term: 2, round: 1, answer: Appended::Refused { prev_log_index: 2, try_next: 2 } };
    let asked = bench.receive(S2, refused.clone());
    assert!(matches!(
        asked.sends.as_slice(),
        [(S2, Message::AppendEntries { prev_log_index: 1, entries, .. })] if entries.len() == 2
    ));
    assert!(bench.receive(S2, refused).sends.is_empty(), "the same refusal twice goes back once");
    bench.receive(S2, Message::Appended { term: 2, round: 1, answer: Appended::Stored { match_index: 3 } });
    let Role::Leader(leadership) = &bench.server.role else { panic!("leads") };
    assert_eq!((leadership.followers[1].next_index, leadership.followers[1].match_index), (4, 3));
}

/// End of section 5.3: the follower names the first index of the conflicting term, and the leader skips the term.
#[test]
fn leaders_can_go_back_term_by_term() {
    let mut bench = Bench::with(5, &[1, 4, 4, 4, 4], &[("back_off", word("term"))]);
    let asked = bench.receive(S2, append(5, (5, 5), &[], 0));
    assert_eq!(answer(&asked).1, Appended::Refused { prev_log_index: 5, try_next: 2 });
    let asked = bench.receive(S2, append(5, (9, 5), &[], 0));
    assert_eq!(answer(&asked).1, Appended::Refused { prev_log_index: 9, try_next: 6 });
}

/// Leaders: a majority of matchIndex ≥ N and an entry N of the own term move commitIndex (5.3, 5.4.2, Figure 8).
#[test]
fn leaders_commit_only_entries_of_their_own_term_by_counting() {
    let stored = |match_index| Message::Appended { term: 2, round: 1, answer: Appended::Stored { match_index } };
    let mut bench = Bench::new(1, &[1]).leads();
    let asked = bench.receive(S2, stored(1));
    assert_eq!(bench.server.commit_index, 0);
    assert!(asked.rules.contains(&"own_term_commit"));
    bench.receive(S2, stored(2));
    assert_eq!(bench.server.commit_index, 2, "older entries are committed along with it");

    let mut bench = Bench::with(1, &[1], &[("own_term_commit", Value::Flag(false))]).leads();
    bench.receive(S2, stored(1));
    assert_eq!(bench.server.commit_index, 1);
}

/// Section 5.3: an entry is committed once a majority of all servers has stored it, the leader among them: of 3, 5, 7 and 9
/// servers 1, 2, 3 and 4 others. One that answers twice counts once.
#[test]
fn acknowledgements_of_a_majority_commit() {
    for servers in [3_u16, 5, 7, 9] {
        let mut probe = Probe::new(S1, servers.into(), config(&[("servers", number(servers.into()))]));
        let (node, _) = probe.run(|effects| RaftNode::boot(&Disk::default(), effects));
        let RaftNode::Server(mut server) = node else { panic!("S1 is a server") };
        probe.run(|effects| server.on_timer(Timer::Election, effects));
        for voter in (1..servers).map(NodeId) {
            probe.run(|effects| server.on_message(voter, Message::Vote { term: 1, granted: true }, effects));
        }
        let stored = Message::Appended { term: 1, round: 1, answer: Appended::Stored { match_index: 1 } };
        for follower in 1..=servers / 2 {
            assert_eq!(server.commit_index, 0, "{servers} servers, {follower} and the leader are not asked for");
            for _ in 0..2 {
                probe.run(|effects| server.on_message(NodeId(follower), stored.clone(), effects));
            }
        }
        assert_eq!((server.commit_index, server.last_applied), (1, 1), "{servers} servers");
    }
}

/// Section 5.3: the leader includes the highest index that it knows to be committed in its AppendEntries, heartbeats too, and a
/// follower that learns of it carries that out, though not beyond what it has.
#[test]
fn followers_are_told_the_commit_index() {
    let mut leader = Bench::new(0, &[]).leads();
    let told = |asked: &Asked<RaftNode>| -> Vec<u64> {
        let commit = |(_, message): &(NodeId, Message)| match message {
            Message::AppendEntries { leader_commit, .. } => Some(*leader_commit),
            _ => None,
        };
        asked.sends.iter().filter_map(commit).collect()
    };
    assert_eq!(told(&leader.fire(Timer::Heartbeat)), [0, 0]);
    leader.receive(S2, Message::Appended { term: 1, round: 1, answer: Appended::Stored { match_index: 1 } });
    assert_eq!(leader.server.commit_index, 1);
    assert_eq!(told(&leader.fire(Timer::Heartbeat)), [1, 1]);
    let mut follower = Bench::new(1, &[]);
    follower.receive(S2, append(1, (0, 0), &[1], 0));
    assert_eq!((follower.server.commit_index, follower.server.last_applied), (0, 0));
    follower.receive(S2, append(1, (1, 1), &[], 1));
    assert_eq!((follower.server.commit_index, follower.server.last_applied), (1, 1));
}

/// Persistent state: a server starts again with term, vote and log, and with nothing else (5.1).
#[test]
fn a_restart_keeps_term_vote_and_log() {
    let mut bench = Bench::new(4, &[1]);
    let asked = bench.receive(S2, ask(5, 1, 1));
    let disk = asked.disk.expect("written");
    let (node, _) = bench.probe.run(|effects| RaftNode::boot(&disk, effects));
    let server = node.server().expect("a server");
    assert_eq!((server.term, server.voted_for, terms(&server.log)), (5, Some(S2), vec![1]));
    assert_eq!((server.commit_index, server.last_applied), (0, 0));
    assert!(matches!(server.role, Role::Follower));
}

/// Every message and event has a caption whose names all have values.
#[test]
fn captions_are_complete() {
    let mut leader = Bench::new(1, &[1]).leads();
    let asked = leader.receive(S2, ask(1, 0, 0));
    assert!(!asked.notes.is_empty());
    assert!(asked.notes.iter().all(|note| note.missing_arguments().is_empty()));
}
