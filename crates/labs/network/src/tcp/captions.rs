//! What a connection has done, in sentences.

use sim::{NodeId, Text, t, time_us};

use super::connection::{Act, Connection, End, Out};
use super::host::is_telling;
use super::receiver::Taken;
use super::segment::Segment;
use super::seq::Seq;
use super::{Effects, view};

/// What the application has done besides.
#[derive(Clone, Copy, Debug, Default)]
pub struct Told {
    pub read: u32,
    pub has_ended: bool,
    /// Whether reading has opened the window, so that the other end is told.
    pub has_opened: bool,
    /// Whether the headline is said already.
    pub is_silent: bool,
}

/// A number as it is told: from the first one of its stream on.
pub fn relative(seq: Seq, first: Seq) -> u32 {
    seq.since(first)
}

/// So many bytes, in words.
pub fn bytes(count: u32) -> Text {
    if count == 1 { t!("1 byte") } else { t!("{count} bytes", count = count) }
}

/// Tells what has happened: a headline, and why where it matters.
pub fn tell(connection: &Connection, segment: Option<&Segment>, told: &Told, out: &Out, effects: &mut Effects<'_>) {
    let telling: Vec<Act> = out.acts.iter().copied().filter(|act| is_telling(*act)).collect();
    if told.is_silent {
        return;
    }
    if telling.is_empty() && !told.has_ended {
        tell_routine(connection, segment, told, out, effects);
        return;
    }
    for act in &telling {
        tell_act(*act, connection, segment, effects);
    }
    if told.has_ended {
        let (me, peer) = (connection.local.node, connection.remote.node);
        effects.note(|| {
            t!("The application of {node} has read the end of {peer}'s stream, and closes too", node = me, peer = peer)
        });
    }
}

/// What happens all the time.
fn tell_routine(connection: &Connection, segment: Option<&Segment>, told: &Told, out: &Out, effects: &mut Effects<'_>) {
    let (me, peer) = (connection.local.node, connection.remote.node);
    let (sender, receiver) = (&connection.sender, &connection.receiver);
    let window = receiver.window();
    let act = out.acts.iter().find(|act| !matches!(act, Act::WindowUpdate { .. })).or(out.acts.first());
    match act {
        Some(Act::Took { .. }) => {
            effects.routine("data");
            let label = segment.map(view::label).unwrap_or_default();
            effects.note(|| t!("{node} gets “{segment}”, the next one in order", node = me, segment = label));
            if window == 0 {
                effects.note(|| t!("Its buffer is full: {peer} may send nothing more for now", peer = peer));
            }
        }
        Some(Act::Acknowledged) => {
            effects.routine("ack");
            let ack = relative(sender.una, sender.iss);
            effects.note(|| t!("{node} hears that {peer} has all up to {ack}", node = me, peer = peer, ack = ack));
            tell_window(connection, effects);
        }
        Some(Act::WindowUpdate { window }) => {
            let window = *window;
            effects.routine("window");
            effects.note(|| {
                t!("{node} hears that {peer} has room for {window}", node = me, peer = peer, window = bytes(window))
            });
        }
        Some(Act::DelayedAck) => {
            effects.routine("late-ack");
            let ack = relative(receiver.next, receiver.irs);
            effects
                .note(|| t!("{node} acknowledges all up to {ack}: no second segment has come", node = me, ack = ack));
        }
        Some(Act::Early) => {
            effects.routine("early");
            effects.note(|| t!("{node} looks at its clock: nothing is due yet", node = me));
        }
        _ if told.read > 0 => {
            effects.routine("read");
            effects.note(|| t!("The application of {node} reads {bytes}", node = me, bytes = bytes(told.read)));
            if told.has_opened {
                effects.note(|| {
                    t!("There is room again, and {peer} is told: {window}", peer = peer, window = bytes(window))
                });
            }
        }
        _ => {
            effects.routine("ack");
            effects.note(|| t!("{node} hears from {peer} nothing that is new", node = me, peer = peer));
        }
    }
}

/// How much may be under way now.
fn tell_window(connection: &Connection, effects: &mut Effects<'_>) {
    let congestion = &connection.congestion;
    if !congestion.is_limited() {
        return;
    }
    let cwnd = congestion.cwnd;
    if congestion.is_slow_start() {
        effects.note(|| t!("So {cwnd} bytes may be under way: each acknowledgment adds a segment", cwnd = cwnd));
    } else {
        effects.note(|| t!("So {cwnd} bytes may be under way: each round trip adds a segment", cwnd = cwnd));
    }
}

fn tell_act(act: Act, connection: &Connection, segment: Option<&Segment>, effects: &mut Effects<'_>) {
    let (me, peer) = (connection.local.node, connection.remote.node);
    match act {
        Act::Opens
        | Act::SynCame
        | Act::BothOpen
        | Act::Established { .. }
        | Act::SynAgain { .. }
        | Act::FinCame
        | Act::FinWaits
        | Act::FinSent
        | Act::TimeWaitBegins
        | Act::TimeWaitAgain
        | Act::Over => tell_life(act, connection, effects),
        Act::Refused | Act::Reset | Act::ResetIgnored | Act::ResetChallenged | Act::Challenged | Act::WrongAck => {
            tell_strange(act, connection, segment, effects);
        }
        Act::NotAcceptable => {
            let label = segment.map(view::label).unwrap_or_default();
            let next = relative(connection.receiver.next, connection.receiver.irs);
            effects.note(|| {
                t!("“{segment}” comes to {node}, and is none that it can use now", node = me, segment = label)
            });
            effects.note(|| t!("It says once more that it waits for {next}", next = next));
        }
        Act::AckAhead => {
            effects.note(|| {
                t!("{node} gets an acknowledgment of what it has not sent yet, and says where it is", node = me)
            });
        }
        Act::Took { taken } => tell_data(taken, connection, segment, effects),
        Act::Probed { probes } => {
            effects.note(|| t!("{node} asks {peer} with a single byte whether there is room", node = me, peer = peer));
            if probes == 1 {
                effects.note(|| {
                    t!("An update that was lost would never be sent again: without this, both would wait for ever")
                });
            }
        }
        Act::Forced => {
            effects.note(|| t!("{node} has waited long enough for more room, and sends what fits", node = me));
        }
        _ => tell_loss(act, me, peer, connection, effects),
    }
}

/// How connections begin and end.
fn tell_life(act: Act, connection: &Connection, effects: &mut Effects<'_>) {
    let (me, peer) = (connection.local.node, connection.remote.node);
    let iss = connection.sender.iss.0;
    match act {
        Act::Opens => {
            effects.note(|| t!("{node} opens a connection with {peer}: SYN {iss}", node = me, peer = peer, iss = iss));
            effects.because(&["fresh_iss"], || {
                t!("Its first number comes from a clock, so that old segments have lower ones")
            });
        }
        Act::SynCame => {
            effects.note(|| {
                t!("A SYN of {peer} comes to {node}, which answers with SYN {iss}", peer = peer, node = me, iss = iss)
            });
            effects.because(&["three_way"], || {
                t!(
                    "It may be an old one: only when {peer} acknowledges this number the connection is there",
                    peer = peer
                )
            });
        }
        Act::BothOpen => {
            effects.note(|| {
                t!(
                    "The SYN of {peer} meets that of {node}: both have opened, and it becomes one connection",
                    peer = peer,
                    node = me
                )
            });
        }
        Act::Established { is_early: true } => {
            effects.note(|| {
                t!(
                    "{node} takes the connection for established, and has not heard that {peer} wants it",
                    node = me,
                    peer = peer
                )
            });
        }
        Act::Established { .. } => {
            effects.note(|| {
                t!("The connection is established at {node}: {peer} has acknowledged its SYN", node = me, peer = peer)
            });
        }
        Act::SynAgain { expiries } => {
            let rto_us = connection.round_trip.rto_us;
            effects.note(|| t!("{node} has no answer, and sends its SYN again", node = me));
            effects.note(|| {
                t!(
                    "It was timeout number {number} in a row; it now waits for {rto}",
                    number = expiries,
                    rto = time_us(rto_us)
                )
            });
        }
        Act::FinCame => {
            effects
                .note(|| t!("{peer} has closed its end, and {node} has all that came before", peer = peer, node = me));
        }
        Act::FinWaits => {
            effects.note(|| {
                t!("{peer} has closed its end, but {node} misses something that comes before", peer = peer, node = me)
            });
        }
        Act::FinSent => {
            effects.note(|| t!("{node} has sent all that was written, and closes its end with a FIN", node = me));
        }
        Act::TimeWaitBegins => {
            let wait_us =
                connection.wait_until_us.zip(connection.last_ack_at_us).map_or(0, |(until, since)| until - since);
            effects.note(|| t!("Both have closed, and {node} closed first", node = me));
            effects.because(&["time_wait"], || {
                t!(
                    "It waits for {wait}: if its last acknowledgment is lost, the FIN comes again",
                    wait = time_us(wait_us)
                )
            });
        }
        Act::TimeWaitAgain => {
            effects.note(|| {
                t!(
                    "The FIN of {peer} comes again: the last acknowledgment was lost, and {node} repeats it",
                    peer = peer,
                    node = me
                )
            });
        }
        _ => match connection.end {
            Some(End::Aborted) => {
                effects.note(|| t!("{node} forgets the connection", node = me));
            }
            _ => effects.note(|| t!("The connection is over at {node}: CLOSED", node = me)),
        },
    }
}

/// Resets, and what does not fit.
fn tell_strange(act: Act, connection: &Connection, segment: Option<&Segment>, effects: &mut Effects<'_>) {
    let (me, peer) = (connection.local.node, connection.remote.node);
    match act {
        Act::Refused => {
            effects.note(|| {
                t!("{peer} refuses the connection, and the application of {node} is told", peer = peer, node = me)
            });
        }
        Act::Reset => {
            effects.note(|| {
                t!(
                    "{peer} knows nothing of this connection: {node} gives it up, and tells its application",
                    peer = peer,
                    node = me
                )
            });
            effects.because(&["check_reset"], || t!("The reset has the very number that {node} expects", node = me));
        }
        Act::ResetIgnored => {
            effects.note(|| t!("A reset comes to {node} that does not fit: it is passed over", node = me));
        }
        Act::ResetChallenged => {
            effects.note(|| t!("A reset comes to {node} with nearly the right number: it asks back", node = me));
        }
        Act::Challenged => {
            effects.note(|| t!("A SYN comes to {node} in the middle of a connection: it says where it is", node = me));
            effects.note(|| t!("If {peer} has forgotten the connection, it will answer with a reset", peer = peer));
        }
        _ => {
            let acked = segment.and_then(|segment| segment.ack).map_or(0, |ack| ack.0);
            let wished = connection.sender.next.0;
            effects.note(|| {
                t!(
                    "{node} gets an acknowledgment for {acked}, which it has never sent: it answers with a reset",
                    node = me,
                    acked = acked
                )
            });
            effects.note(|| t!("It would have to be for {wished}: this is of an older connection", wished = wished));
        }
    }
}

fn tell_data(taken: Taken, connection: &Connection, segment: Option<&Segment>, effects: &mut Effects<'_>) {
    let (me, receiver) = (connection.local.node, &connection.receiver);
    let label = segment.map(view::label).unwrap_or_default();
    let next = relative(receiver.next, receiver.irs);
    match taken {
        Taken::Kept => {
            effects.note(|| {
                t!("{node} keeps “{segment}”: {next} is missing before it", node = me, segment = label, next = next)
            });
            effects.because(&["in_order"], || {
                t!("It says again what it waits for; its application gets nothing out of order")
            });
        }
        Taken::FilledHole => {
            effects.note(|| {
                t!("“{segment}” fills the hole: {node} has all up to {next}", segment = label, node = me, next = next)
            });
        }
        _ => {
            effects.note(|| t!("“{segment}” comes to {node}, which has it already", segment = label, node = me));
        }
    }
}

/// What is done about loss.
fn tell_loss(act: Act, me: NodeId, peer: NodeId, connection: &Connection, effects: &mut Effects<'_>) {
    let (sender, congestion) = (&connection.sender, &connection.congestion);
    let una = relative(sender.una, sender.iss);
    let of = |seq: Seq| relative(seq, sender.iss);
    match act {
        Act::Repeated { times } => {
            effects.note(|| {
                t!(
                    "{peer} still waits for {una}: duplicate acknowledgment number {times}",
                    peer = peer,
                    una = una,
                    times = times
                )
            });
            if congestion.is_limited() && times < 3 {
                effects.because(&["retransmit"], || t!("At the third one {node} will fill the hole", node = me));
            }
        }
        Act::FastRetransmit { seq } => {
            let cwnd = congestion.ssthresh;
            effects.note(|| {
                t!("The third duplicate: {node} sends {seq} again, and waits for no timer", node = me, seq = of(seq))
            });
            effects.note(|| {
                t!("Something was lost, so the network is full: its window is halved, to {cwnd} bytes", cwnd = cwnd)
            });
        }
        Act::NextHole { seq } => {
            effects.note(|| {
                t!(
                    "One hole is filled, and {peer} waits for {seq}: {node} sends that too",
                    peer = peer,
                    seq = of(seq),
                    node = me
                )
            });
        }
        Act::Recovered => {
            let cwnd = congestion.cwnd;
            effects.note(|| {
                t!("{peer} has all that was lost, up to {una}: {node} goes on", peer = peer, una = una, node = me)
            });
            effects.note(|| t!("{cwnd} bytes may be under way now, and each round trip adds a segment", cwnd = cwnd));
        }
        Act::TimedOut { seq, expiries } => {
            let rto_us = connection.round_trip.rto_us;
            effects.note(|| t!("No acknowledgment came in time: {node} sends {seq} again", node = me, seq = of(seq)));
            effects.note(|| timeout_meaning(expiries, rto_us, congestion.is_limited()));
        }
        Act::GaveUp => {
            effects.note(|| {
                t!("{node} has heard nothing, however often it sent: it gives up, and tells its application", node = me)
            });
        }
        _ => effects.note(|| t!("{node} hears from {peer}", node = me, peer = peer)),
    }
}

fn timeout_meaning(expiries: u32, rto_us: u64, is_limited: bool) -> Text {
    match (is_limited, expiries) {
        (true, 1) => {
            t!("One segment may be under way from now on, and it waits for {rto} the next time", rto = time_us(rto_us))
        }
        (true, _) => t!(
            "It was timeout number {number} in a row: it waits for {rto} the next time",
            number = expiries,
            rto = time_us(rto_us)
        ),
        (false, _) => t!("It sends all again that is not acknowledged: nothing tells it to slow down"),
    }
}
