//! Chang and Roberts 1979: numbers go round a ring, and only the highest comes home.

use sim::{NodeId, t};

use super::member::{Hop, Member, Standing};
use super::messages::{Message, Token};
use super::{Effects, Timer};

impl Member {
    /// Sends its own number round.
    pub(super) fn start_round(&mut self, effects: &mut Effects<'_>) {
        let me = effects.me();
        self.leave_office(effects);
        self.takes_part = true;
        effects.note(|| t!("{node} sends its own number round the ring.", node = me));
        self.wait(effects);
        let token = Token { owner: me, call: self.call(), hops: 0, is_elected: false };
        self.pass(token, 1, effects);
    }

    /// Sends something so many places further.
    fn pass(&mut self, token: Token, places: u16, effects: &mut Effects<'_>) {
        let me = effects.me();
        let to = effects.config().after(me, places);
        if to == me {
            // All others are silent: the ring is this one node.
            return self.on_token(token, effects);
        }
        let token = Token { hops: token.hops + 1, ..token };
        if usize::from(token.hops) > 2 * effects.config().numbers.len() {
            effects.note(|| t!("{node} drops it: it has gone round twice, so its owner is down.", node = me));
            return;
        }
        self.hops_sent += 1;
        let number = self.hops_sent;
        self.hops.push(Hop { number, places, token });
        effects.set_timer(Timer::Hop(number), effects.config().answer_us);
        self.send(to, Message::Pass { hop: number, token }, effects);
    }

    /// The neighbour is silent: the one behind it is asked.
    pub(super) fn skip(&mut self, number: u64, effects: &mut Effects<'_>) {
        let me = effects.me();
        let Some(place) = self.hops.iter().position(|hop| hop.number == number) else { return };
        let hop = self.hops.remove(place);
        let silent = effects.config().after(me, hop.places);
        effects.note(|| t!("{other} does not answer {node}, which skips it", other = silent, node = me));
        let token = Token { hops: hop.token.hops.saturating_sub(1), ..hop.token };
        self.pass(token, hop.places + 1, effects);
    }

    pub(super) fn on_receipt(&mut self, number: u64, effects: &mut Effects<'_>) {
        let me = effects.me();
        self.hops.retain(|hop| hop.number != number);
        effects.cancel_timer(Timer::Hop(number));
        effects.note(|| t!("{node} knows that its neighbour has it", node = me));
        effects.routine("receipt");
    }

    pub(super) fn on_pass(&mut self, from: NodeId, hop: u64, token: Token, effects: &mut Effects<'_>) {
        self.send(from, Message::Receipt(hop), effects);
        self.on_token(token, effects);
    }

    fn on_token(&mut self, token: Token, effects: &mut Effects<'_>) {
        if token.is_elected { self.on_elected(token, effects) } else { self.on_number(token, effects) }
    }

    /// A number comes: a higher one goes on, in the place of a lower one goes its own, and its own has won.
    fn on_number(&mut self, token: Token, effects: &mut Effects<'_>) {
        let (me, owner) = (effects.me(), token.owner);
        let (mine, theirs) = (effects.config().number(me), effects.config().number(owner));
        effects.rule("replace_smaller");
        if owner == me {
            if token.call.life != self.life || self.standing != Standing::Election {
                effects.note(|| t!("Its own number comes back to {node} once more", node = me));
                effects.note(|| t!("That election is over."));
                return;
            }
            self.takes_part = false;
            self.take_office(effects);
            effects.note(|| t!("Its own number has come back to {node}: it is elected", node = me));
            effects.note(|| t!("Nobody on the way had a higher number. It tells all, once round."));
            // It asks nobody whether they work under it before all can know.
            self.wait(effects);
            let token = Token { owner: me, call: self.call(), hops: 0, is_elected: true };
            return self.pass(token, 1, effects);
        }
        if theirs > mine {
            self.stop(effects);
            self.leave_office(effects);
            self.takes_part = true;
            effects.note(|| t!("{node} passes the number of {other} on: it is higher", node = me, other = owner));
            self.wait(effects);
            return self.pass(token, 1, effects);
        }
        if self.takes_part {
            effects.note(|| t!("{node} swallows the number of {other}: it is lower", node = me, other = owner));
            effects.note(|| t!("It has sent its own on already."));
            return;
        }
        effects.note(|| t!("{node} does not pass the number of {other} on: it is lower", node = me, other = owner));
        self.start(effects);
    }

    /// Somebody is elected.
    fn on_elected(&mut self, token: Token, effects: &mut Effects<'_>) {
        let (me, owner) = (effects.me(), token.owner);
        let (mine, theirs) = (effects.config().number(me), effects.config().number(owner));
        if owner == me {
            effects.note(|| t!("All know that {node} is elected", node = me));
            if self.leads(me) {
                self.wait_no_more(effects);
            }
            return;
        }
        if theirs < mine {
            effects.note(|| {
                t!(
                    "{other} is elected, and {node} has a higher number: it starts an election",
                    other = owner,
                    node = me
                )
            });
            return self.start(effects);
        }
        self.takes_part = false;
        self.follow(owner, effects);
        effects.note(|| t!("{node} follows {other}, and tells the next one", node = me, other = owner));
        self.pass(token, 1, effects);
    }
}
