//! The state machine, section by section.

use parts::values::{number, word};
use sim::{Settings, Value};

use super::super::congestion::{Algorithm, Congestion, Progress};
use super::super::connection::{Act, End};
use super::super::receiver::{Receiver, Taken};
use super::super::segment::{Marks, Name, Piece, Segment};
use super::super::seq::Seq;
use super::super::timer::{Formula, RoundTrip, Sample};
use super::super::{A, State};
use super::between::{CLIENT, Pair, SERVER, WAY_US};
use super::config;

fn calm() -> Settings {
    Settings::default().with("delayed_ack_ms", number(0)).with("buffer", number(32)).with("iw", number(10))
}

fn without(rule: &str) -> Settings {
    calm().with(rule, Value::Flag(false))
}

/// A segment without marks, as an attacker or an old connection may have sent it.
fn bare(from_client: bool, seq: u32, ack: Option<u32>) -> Segment {
    let (from, to) = if from_client { (CLIENT, SERVER) } else { (SERVER, CLIENT) };
    Segment { window: 4_000, ..Segment::bare(from, to, Seq(seq), ack.map(Seq), Marks::default()) }
}

/// RFC 9293, section 3.4: "all arithmetic dealing with sequence numbers must be performed modulo 2**32".
#[test]
fn numbers_wrap_around() {
    let last = Seq(u32::MAX - 1);
    assert!(last.is_before(last.plus(3)) && !last.plus(3).is_before(last));
    assert_eq!((last.plus(3), last.plus(3).since(last), last.past(last.plus(3))), (Seq(1), 3, 0));
    assert!(last.is_at_most(last) && last.later(Seq(1)) == Seq(1) && last.earlier(Seq(1)) == last);
    // Half of the numbers are before one, half are after it.
    assert!(Seq(0).is_before(Seq((1 << 31) - 1)) && Seq(1 << 31).is_before(Seq(0)));
}

/// The same: a stream goes over the end of the numbers.
#[test]
fn a_stream_crosses_the_end_of_the_numbers() {
    let mut pair = Pair::new(config(calm()));
    pair.open(0, u32::MAX - 3_500);
    pair.run_for(3 * WAY_US);
    pair.write(0, 8_000);
    assert_eq!(pair.lose(|segment| segment.data.is_some_and(|data| data.from == 3_000)), 1);
    pair.run_for(3_000_000);
    assert_eq!((pair.end(1).receiver.waiting(), pair.end(0).sender.una), (8_000, Seq(4_500)));
    pair.read(1, 8_000);
    assert_eq!(pair.end(1).receiver.read.len(), 1);
}

/// RFC 9293, section 3.5, Figure 6: basic three-way handshake.
#[test]
fn figure_6_a_handshake() {
    let pair = Pair::connected(config(calm()));
    let [syn, ack] = &pair.sent[0][..] else { panic!("{:?}", pair.sent[0]) };
    let [syn_ack] = &pair.sent[1][..] else { panic!("{:?}", pair.sent[1]) };
    assert_eq!((syn.seq, syn.syn, syn.ack), (Seq(100), true, None));
    assert_eq!((syn_ack.seq, syn_ack.syn, syn_ack.ack), (Seq(300), true, Some(Seq(101))));
    assert_eq!((ack.seq, ack.syn, ack.ack), (Seq(101), false, Some(Seq(301))));
}

/// Figure 7: simultaneous connection synchronization.
#[test]
fn figure_7_both_open_at_once() {
    let mut pair = Pair::new(config(calm()));
    pair.open(0, 100);
    pair.open(1, 300);
    pair.run_for(WAY_US);
    assert_eq!(pair.states(), [Some(State::SynReceived); 2]);
    pair.run_for(4 * WAY_US);
    assert_eq!(pair.states(), [Some(State::Established); 2]);
    assert_eq!((pair.end(0).sender.una, pair.end(1).receiver.next), (Seq(101), Seq(101)));
}

/// Figure 8: recovery from an old duplicate SYN, line by line.
#[test]
fn figure_8_an_old_duplicate_syn() {
    let mut pair = Pair::new(config(calm()));
    pair.open(0, 100);
    pair.lose(|segment| segment.syn);
    let old = Segment { syn: true, ..bare(true, 90, None) };
    pair.inject(1, old);
    assert_eq!((pair.states()[1], pair.sent[1][0].ack), (Some(State::SynReceived), Some(Seq(91))));
    pair.run_for(WAY_US);
    let reset = pair.sent[0].last().unwrap();
    assert_eq!((reset.rst, reset.seq), (true, Seq(91)));
    pair.run_for(WAY_US);
    assert_eq!(pair.states(), [Some(State::SynSent), None], "B listens again");
    // Its SYN comes again after a second.
    pair.run_for(1_200_000);
    assert_eq!(pair.states(), [Some(State::Established); 2]);
    assert_eq!((pair.end(1).receiver.irs, pair.end(1).sender.iss), (Seq(100), Seq(400)));
}

/// Section 3.5.1, Figure 9: half-open connection discovery.
#[test]
fn figure_9_a_half_open_connection() {
    let mut pair = Pair::connected(config(calm()));
    pair.ends[0] = None;
    pair.open(0, 400_000);
    pair.run_for(2 * WAY_US);
    assert!(pair.acts.contains(&(1, Act::Challenged)));
    assert_eq!(pair.sent[1].last().unwrap().ack, Some(Seq(101)));
    let reset = pair.sent[0].last().unwrap();
    assert_eq!((reset.rst, reset.seq), (true, Seq(101)));
    pair.run_for(WAY_US);
    assert_eq!(pair.states(), [Some(State::SynSent), None]);
}

/// Figure 10: active side causes half-open connection discovery.
#[test]
fn figure_10_data_to_who_has_forgotten() {
    let mut pair = Pair::connected(config(calm()));
    pair.ends[0] = None;
    pair.write(1, 500);
    pair.run_for(2 * WAY_US);
    assert_eq!(pair.states(), [None, None]);
    assert!(pair.acts.contains(&(1, Act::Reset)));
}

/// Section 3.5.2, group 2: a wrong acknowledgment in SYN-SENT is answered with a reset, whose number is the one acknowledged.
#[test]
fn a_wrong_acknowledgment_in_syn_sent_is_answered_with_a_reset() {
    let mut pair = Pair::new(config(calm()));
    pair.open(0, 100);
    pair.inject(0, Segment { syn: true, ..bare(false, 300, Some(91)) });
    let reset = pair.sent[0].last().unwrap();
    assert_eq!((reset.rst, reset.seq, reset.ack, pair.states()[0]), (true, Seq(91), None, Some(State::SynSent)));
}

/// Section 3.5.3, and RFC 5961, section 3.2: a reset counts with exactly the next number; within the window it is asked back for;
/// beyond, it is passed over.
#[test]
fn a_reset_needs_the_very_number() {
    for (seq, is_over, asks) in [(301, true, false), (302, false, true), (300, false, false), (90_000, false, false)] {
        let mut pair = Pair::connected(config(calm()));
        let sent = pair.sent[0].len();
        pair.inject(0, bare(false, seq, None).with_rst());
        assert_eq!(pair.ends[0].is_none(), is_over, "{seq}");
        assert_eq!(pair.sent[0].len() > sent, asks, "{seq}");
    }
    // In SYN-SENT it has to acknowledge the SYN.
    for (ack, is_over) in [(Some(101), true), (Some(100), false), (None, false)] {
        let mut pair = Pair::new(config(calm()));
        pair.open(0, 100);
        pair.inject(0, bare(false, 0, ack).with_rst());
        assert_eq!(pair.ends[0].is_none(), is_over, "{ack:?}");
    }
    let mut off = Pair::connected(config(without("check_reset")));
    off.inject(0, bare(false, 90_000, None).with_rst());
    assert!(off.ends[0].is_none());
}

/// Section 3.4: the four cases of acceptable segments.
#[test]
fn what_is_acceptable() {
    let mut receiver = Receiver::new(Seq(99), 1_000);
    let accepts = |receiver: &Receiver, seq: u32, length| receiver.accepts(Seq(seq), length);
    assert!(accepts(&receiver, 100, 0) && accepts(&receiver, 1_099, 0) && !accepts(&receiver, 1_100, 0));
    assert!(!accepts(&receiver, 99, 0));
    assert!(accepts(&receiver, 1_099, 500) && accepts(&receiver, 50, 51) && !accepts(&receiver, 50, 50));
    receiver.take(Seq(100), Piece { of: Name { node: A, number: 1 }, from: 0, length: 1_000 }, true);
    assert_eq!(receiver.window(), 0);
    assert!(accepts(&receiver, 1_100, 0) && !accepts(&receiver, 1_101, 0) && !accepts(&receiver, 1_100, 1));
}

/// Section 3.10.7.4, seventh: what is out of order is kept, and nothing is handed on twice or in another order.
#[test]
fn what_is_out_of_order_waits() {
    let mut receiver = Receiver::new(Seq(99), 10_000);
    let piece = |from: u64, length| Piece { of: Name { node: A, number: 1 }, from, length };
    let mut take = |from: u32, length| {
        let taken = receiver.take(Seq(100 + from), piece(u64::from(from), length), true);
        (taken, receiver.next.0 - 100, receiver.waiting())
    };
    assert_eq!(take(2_000, 1_000), (Taken::Kept, 0, 0));
    assert_eq!(take(500, 1_000), (Taken::Kept, 0, 0));
    assert_eq!(take(2_500, 1_000), (Taken::Kept, 0, 0), "half of it is new");
    assert_eq!(take(0, 600), (Taken::FilledHole, 1_500, 1_500));
    assert_eq!(take(0, 600), (Taken::Nothing, 1_500, 1_500));
    assert_eq!(take(1_400, 700), (Taken::FilledHole, 3_500, 3_500));
    assert_eq!(take(9_500, 1_000), (Taken::Kept, 3_500, 3_500), "what lies beyond the window is cut off");
    assert_eq!((receiver.kept[0].1.length, receiver.blocks()), (500, vec![(Seq(9_600), Seq(10_100))]));
    assert_eq!(receiver.read(9_999), 3_500);
    assert_eq!(receiver.read, [piece(0, 3_500)]);
}

/// Section 3.10.7.4, fifth: an acknowledgment of what was never sent is answered and dropped; an old segment moves no window (WL1,
/// WL2).
#[test]
fn acknowledgments_and_windows() {
    let mut pair = Pair::connected(config(calm()));
    pair.inject(0, Segment { window: 9, ..bare(false, 301, Some(102)) });
    assert!(pair.acts.contains(&(0, Act::AckAhead)));
    assert_eq!((pair.end(0).sender.una, pair.end(0).sender.window), (Seq(101), 32_000));
    pair.write(1, 1_000);
    pair.run_for(WAY_US);
    assert_eq!(pair.end(0).sender.wl1, Seq(301));
    pair.inject(0, Segment { window: 5_000, ..bare(false, 1_301, Some(101)) });
    assert_eq!((pair.end(0).sender.wl1, pair.end(0).sender.window), (Seq(1_301), 5_000));
}

/// RFC 6298, section 2, and its order: the deviation is taken from the mean before.
#[test]
fn the_timeout_follows_mean_and_deviation() {
    let sample = |us| Sample { us, number: 1, echo: 1 };
    let mut known = RoundTrip::new(1_000_000);
    known.measure(sample(100_000), 0, Formula::Deviation, 0);
    assert_eq!((known.smoothed_us(), known.deviation_us(), known.rto_us), (Some(100_000), Some(50_000), 300_000));
    known.measure(sample(180_000), 0, Formula::Deviation, 0);
    // RTTVAR = 3/4 · 50 + 1/4 · |100 − 180| = 57.5; SRTT = 7/8 · 100 + 1/8 · 180 = 110.
    assert_eq!((known.smoothed_us(), known.deviation_us(), known.rto_us), (Some(110_000), Some(57_500), 340_000));
    known.back_off();
    assert_eq!(known.rto_us, 680_000);
    (0..20).for_each(|_| known.back_off());
    assert_eq!(known.rto_us, 60_000_000);
    known.measure(sample(110_000), 0, Formula::Deviation, 1_000_000);
    assert_eq!(known.rto_us, 1_000_000, "section 2.4: at least a second");
    let mut old = RoundTrip::new(1_000_000);
    old.measure(sample(100_000), 0, Formula::TwiceTheMean, 0);
    assert_eq!(old.rto_us, 200_000);
}

/// RFC 6298, section 3: Karn's algorithm. The one that was sent twice is not measured.
#[test]
fn what_was_sent_twice_is_not_measured() {
    for (settings, samples) in [(calm(), 1), (without("karn"), 2)] {
        let mut pair = Pair::connected(config(settings));
        assert_eq!(pair.end(0).round_trip.count, 1, "the SYN");
        pair.write(0, 1_000);
        assert_eq!(pair.lose(|segment| segment.bytes() > 0), 1);
        pair.run_for(2_000_000);
        assert_eq!(pair.end(0).sender.una, Seq(1_101));
        assert_eq!(pair.end(0).round_trip.count, samples);
    }
}

/// RFC 6298, sections 5.5 and 5.7, and RFC 5681, section 3.1: after a lost SYN the timeout is 3 s and the window one segment.
#[test]
fn a_lost_syn_makes_careful() {
    let mut pair = Pair::new(config(calm()));
    pair.open(0, 100);
    pair.lose(|segment| segment.syn);
    pair.run_for(1_000_000 + 3 * WAY_US);
    assert_eq!(pair.states(), [Some(State::Established); 2]);
    let end = pair.end(0);
    assert_eq!((end.round_trip.rto_us, end.congestion.cwnd, end.round_trip.count), (3_000_000, 1_000, 0));
}

/// RFC 5681, section 3.1: the initial window.
#[test]
fn the_first_window_depends_on_the_size_of_segments() {
    let start = |segments, mss| {
        let mut congestion = Congestion::new(Algorithm::Reno, Seq(0));
        congestion.start(segments, mss, false);
        congestion.cwnd
    };
    assert_eq!([start(4, 1_000), start(4, 1_095), start(4, 1_460), start(4, 2_200)], [4_000, 4_380, 4_380, 4_400]);
    assert_eq!(start(10, 1_460), 14_600, "RFC 6928");
}

/// RFC 5681, section 3.1: slow start adds a segment an acknowledgment, avoidance one a round trip.
#[test]
fn windows_grow() {
    let mut congestion = Congestion::new(Algorithm::NewReno, Seq(0));
    congestion.start(2, 1_000, false);
    congestion.ssthresh = 4_000;
    let mut grow = |bytes| {
        congestion.acknowledge(bytes, Seq(1), 1_000, 1_000, false);
        congestion.cwnd
    };
    assert_eq!([grow(1_000), grow(2_000), grow(500), grow(3_500)], [3_000, 4_000, 4_000, 5_000]);
}

/// RFC 5681, section 3.2; RFC 6582, section 3.2: three duplicates, a partial acknowledgment, and the end of the recovery.
#[test]
fn three_duplicates_fill_a_hole_and_partial_acknowledgments_the_next() {
    let mut congestion = Congestion::new(Algorithm::NewReno, Seq(0));
    congestion.start(10, 1_000, false);
    let (una, next) = (Seq(1), Seq(10_001));
    let mut third = || congestion.duplicate(una, next, 10_000, 1_000, false);
    assert_eq!([third(), third(), third(), third()], [false, false, true, false]);
    assert_eq!((congestion.ssthresh, congestion.cwnd), (5_000, 9_000));
    let partial = congestion.acknowledge(3_000, Seq(3_001), 7_000, 1_000, false);
    assert_eq!((partial, congestion.cwnd), (Progress::Partial { is_first: true }, 7_000));
    let whole = congestion.acknowledge(7_000, Seq(10_001), 0, 1_000, false);
    assert_eq!((whole, congestion.cwnd, congestion.is_recovering), (Progress::Recovered, 2_000, false));
    // Section 3.2, step 2: duplicates of the same loss halve nothing again.
    (0..4).for_each(|_| assert!(!congestion.duplicate(Seq(10_001), next, 4_000, 1_000, false)));
}

/// RFC 5681, section 3.1: at a timeout the window is one segment, and the threshold is set at the first one of a segment only.
#[test]
fn a_timeout_begins_anew() {
    let mut congestion = Congestion::new(Algorithm::Reno, Seq(0));
    congestion.start(10, 1_000, false);
    congestion.time_out(true, Seq(10_001), 10_000, 1_000);
    assert_eq!((congestion.cwnd, congestion.ssthresh), (1_000, 5_000));
    congestion.time_out(false, Seq(10_001), 10_000, 1_000);
    assert_eq!(congestion.ssthresh, 5_000);
}

/// RFC 5681, section 3.2, from end to end: one loss, no timeout, each byte once.
#[test]
fn one_loss_is_mended_without_a_timer() {
    for sack in [false, true] {
        let mut pair = Pair::connected(config(calm().with("sack", Value::Flag(sack))));
        pair.write(0, 10_000);
        assert_eq!(pair.lose(|segment| segment.data.is_some_and(|data| data.from == 2_000)), 1);
        pair.run_for(5 * WAY_US);
        assert!(pair.acts.iter().any(|(_, act)| matches!(act, Act::FastRetransmit { .. })));
        assert!(!pair.acts.iter().any(|(_, act)| matches!(act, Act::TimedOut { .. })));
        assert_eq!((pair.end(0).sender.resent, pair.end(1).receiver.waiting()), (1, 10_000));
    }
}

/// RFC 6675: with blocks, two holes are filled in one round trip; RFC 6582 without them takes two.
#[test]
fn blocks_show_both_holes() {
    let is_lost = |segment: &Segment| segment.data.is_some_and(|data| data.from == 1_000 || data.from == 4_000);
    for (sack, after_round_trip) in [(true, 10_000), (false, 4_000)] {
        let mut pair = Pair::connected(config(calm().with("sack", Value::Flag(sack))));
        pair.write(0, 10_000);
        assert_eq!(pair.lose(is_lost), 2);
        pair.run_for(3 * WAY_US);
        assert_eq!(pair.end(1).receiver.waiting(), after_round_trip, "with blocks: {sack}");
        pair.run_for(5 * WAY_US);
        assert_eq!((pair.end(1).receiver.waiting(), pair.end(0).sender.resent), (10_000, 2));
    }
}

/// RFC 1122, section 4.2.3.2, and RFC 5681, section 4.2: every second segment is acknowledged, a single one after a while, what is
/// out of order at once.
#[test]
fn acknowledgments_are_put_off() {
    let mut pair = Pair::connected(config(calm().with("delayed_ack_ms", number(200))));
    let sent = pair.sent[1].len();
    pair.write(0, 3_000);
    pair.run_for(WAY_US);
    assert_eq!(pair.sent[1].len() - sent, 1);
    pair.run_for(199_000);
    assert_eq!(pair.sent[1].len() - sent, 1);
    pair.run_for(2_000);
    assert_eq!(pair.sent[1].len() - sent, 2);
    pair.write(0, 3_000);
    pair.lose(|segment| segment.data.is_some_and(|data| data.from == 3_000));
    pair.run_for(WAY_US);
    assert_eq!(pair.sent[1].len() - sent, 4);
}

/// RFC 9293, section 3.8.6: nothing beyond the window; section 3.8.6.1: a probe, with back-off, for ever.
#[test]
fn a_full_buffer_stops_the_sender_and_probes_go_on() {
    let mut pair = Pair::connected(config(calm().with("buffer", number(4)).with("give_up", number(3))));
    pair.write(0, 8_000);
    pair.run_for(2_000_000);
    assert_eq!((pair.end(1).receiver.waiting(), pair.end(0).sender.window), (4_000, 0));
    pair.run_for(600_000_000);
    let probes = pair.sent[0].iter().filter(|segment| segment.marks.is_probe).count();
    assert!((10..20).contains(&probes), "{probes}");
    assert!(pair.sent[0].iter().filter(|segment| segment.marks.is_probe).all(|probe| probe.bytes() == 1));
    // The update that opens the window is lost; the next probe finds out.
    pair.read(1, 4_000);
    assert_eq!(pair.lose(|segment| segment.window > 0), 1);
    pair.run_for(70_000_000);
    assert_eq!(pair.end(1).receiver.waiting(), 4_000);
    assert_eq!(pair.end(0).sender.una, Seq(8_101));
}

/// RFC 1122, section 4.2.3.3: the window opens by a segment or half of the buffer, or not at all.
#[test]
fn no_silly_windows() {
    let mut receiver = Receiver::new(Seq(99), 4_000);
    receiver.take(Seq(100), Piece { of: Name { node: A, number: 1 }, from: 0, length: 4_000 }, true);
    receiver.read(999);
    assert_eq!((receiver.open(4_000, 1_000), receiver.window()), (0, 0));
    receiver.read(1);
    assert_eq!((receiver.open(4_000, 1_000), receiver.window()), (1_000, 1_000));
}

/// Section 3.6, Figure 12: a normal close; who closes first waits for two lives of a segment.
#[test]
fn figure_12_a_normal_close() {
    let mut pair = Pair::connected(config(calm()));
    pair.close(0);
    pair.run_for(WAY_US);
    assert_eq!(pair.states(), [Some(State::FinWait1), Some(State::CloseWait)]);
    pair.run_for(WAY_US);
    assert_eq!(pair.states(), [Some(State::FinWait2), Some(State::CloseWait)]);
    // Half-closed: B may go on writing.
    pair.write(1, 2_000);
    pair.run_for(2 * WAY_US);
    assert_eq!(pair.end(0).receiver.waiting(), 2_000);
    pair.close(1);
    pair.run_for(2 * WAY_US);
    assert_eq!(pair.states(), [Some(State::TimeWait), None]);
    pair.run_for(3_900_000);
    assert_eq!(pair.states()[0], Some(State::TimeWait));
    pair.run_for(100_000);
    assert_eq!(pair.states()[0], None);
}

/// Section 3.6, Figure 13: simultaneous close.
#[test]
fn figure_13_both_close_at_once() {
    let mut pair = Pair::connected(config(calm()));
    pair.close(0);
    pair.close(1);
    pair.run_for(WAY_US);
    assert_eq!(pair.states(), [Some(State::Closing); 2]);
    pair.run_for(WAY_US);
    assert_eq!(pair.states(), [Some(State::TimeWait); 2]);
}

/// Section 3.10.7.4: in TIME-WAIT, a FIN that comes again is acknowledged, and the wait begins again.
#[test]
fn a_fin_that_comes_again_is_answered() {
    for (settings, answers) in [(calm(), true), (without("time_wait"), false)] {
        let mut pair = Pair::connected(config(settings));
        pair.close(0);
        pair.run_for(2 * WAY_US);
        pair.close(1);
        pair.run_for(WAY_US);
        // The last acknowledgment is lost, and B sends its FIN again after a second.
        assert_eq!(pair.lose(|segment| segment.to == SERVER), 1);
        pair.run_for(1_000_000 + WAY_US);
        assert_eq!(pair.acts.contains(&(0, Act::TimeWaitAgain)), answers);
        pair.run_for(WAY_US);
        assert_eq!(pair.states()[1], None);
        assert_eq!(pair.acts.contains(&(1, Act::Reset)), !answers);
    }
}

/// Section 3.10.7.4, eighth: a FIN is the end only once all before it is there.
#[test]
fn a_fin_waits_for_what_comes_before() {
    for (settings, state) in [(calm(), State::Established), (without("fin_in_order"), State::CloseWait)] {
        let mut pair = Pair::connected(config(settings));
        pair.write(0, 1_000);
        pair.close(0);
        assert_eq!(pair.lose(|segment| segment.bytes() > 0), 1);
        pair.run_for(WAY_US);
        assert_eq!(pair.states()[1], Some(state));
    }
}

/// RFC 1122, section 4.2.3.5: after R2 timeouts in a row the user is told.
#[test]
fn it_is_given_up_at_last() {
    let mut pair = Pair::connected(config(calm().with("give_up", number(4))));
    pair.ends[1] = None;
    pair.write(0, 1_000);
    pair.wire.clear();
    // 1 + 2 + 4 + 8 + 16 s.
    for _ in 0..310 {
        pair.wire.clear();
        pair.run_for(100_000);
    }
    assert!(pair.acts.contains(&(0, Act::GaveUp)), "{:?}", pair.acts);
    assert_eq!(pair.ends[0].as_ref().map(|end| end.end), None::<Option<End>>);
}

/// RFC 793, section 3.7, and 4.2BSD: without congestion control a timeout sends all again that is under way.
#[test]
fn before_1988_all_was_sent_again() {
    let settings = calm().with("algorithm", word("none")).with("timeout", word("twice"));
    let mut pair = Pair::connected(config(settings));
    pair.write(0, 8_000);
    pair.lose(|segment| segment.data.is_some_and(|data| data.from == 0));
    pair.run_for(1_050_000);
    assert!(!pair.acts.iter().any(|(_, act)| matches!(act, Act::FastRetransmit { .. })));
    assert_eq!(pair.end(0).sender.resent, 8);
}
