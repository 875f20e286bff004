//! Checkpoints (the paper, section 4.3): what all have carried out need not be remembered.

use std::rc::Rc;

use sim::{NodeId, t};

use super::replica::{Checkpoint, Claim};
use super::{Effects, Message, Replica, Signers, Stable};

impl Replica {
    /// After every so many requests the replicas tell each other the digests of their states.
    pub(super) fn check_point(&mut self, number: u64, effects: &mut Effects<'_>) {
        if !number.is_multiple_of(effects.config().checkpoint_every) {
            return;
        }
        let (me, since_us) = (effects.me(), effects.monotonic_now());
        let hash = self.state.hash();
        self.checkpoints.push(Checkpoint { number, state: Rc::clone(&self.state), since_us });
        effects.rule("checkpoint");
        effects.note(|| t!("It makes a checkpoint at {number} and tells the others its digest.", number = number));
        self.tell(&Message::Checkpoint { number, hash }, effects);
        let signers = self.claim(me, number, hash);
        self.settle(number, hash, signers, effects);
    }

    /// Notes who says that the state after so many requests has this hash. Returns all who say so.
    fn claim(&mut self, from: NodeId, number: u64, hash: u64) -> Signers {
        let place = self.claims.iter().position(|claim| (claim.number, claim.hash) == (number, hash));
        let place = place.unwrap_or_else(|| {
            self.claims.push(Claim { number, hash, signers: Signers::default() });
            self.claims.len() - 1
        });
        self.claims[place].signers = self.claims[place].signers.with(from);
        self.claims[place].signers
    }

    pub(super) fn on_checkpoint(&mut self, from: NodeId, number: u64, hash: u64, effects: &mut Effects<'_>) {
        let me = effects.me();
        effects.rule("checkpoint");
        if number <= self.stable.number {
            effects.note(|| t!("{node} has a stable checkpoint at {number} already", node = me, number = number));
            effects.routine("checkpoint");
            return;
        }
        let signers = self.claim(from, number, hash);
        if self.settle(number, hash, signers, effects) {
            return;
        }
        let (got, needed) = (signers.count(), effects.config().quorum());
        if got >= needed && number > self.executed {
            self.is_late(effects);
        }
        effects.note(|| {
            t!("{node} hears that {from} has a checkpoint at {number}", node = me, from = from, number = number)
        });
        effects.note(|| t!("Equal digests: {got} of {needed} needed.", got = got, needed = needed));
        effects.routine("checkpoint");
    }

    /// Makes a checkpoint stable if enough say the same as this replica. Returns whether it did.
    pub(super) fn settle(&mut self, number: u64, hash: u64, signers: Signers, effects: &mut Effects<'_>) -> bool {
        let me = effects.me();
        let is_it = |own: &&Checkpoint| own.number == number && own.state.hash() == hash;
        let own = self.checkpoints.iter().find(is_it).map(|own| Rc::clone(&own.state));
        let Some(state) = own.filter(|_| signers.count() >= effects.config().quorum()) else { return false };
        effects.note(|| t!("The checkpoint at {number} is stable at {node}", number = number, node = me));
        effects.note(|| t!("Enough have signed the same digest: it forgets all messages up to there."));
        self.start_from(Stable { number, hash, signers, state });
        if self.leads(effects.config(), me) {
            self.hand_out(effects);
        }
        true
    }

    /// A stable checkpoint: what lies before it is forgotten.
    pub(super) fn start_from(&mut self, stable: Stable) {
        let number = stable.number;
        self.stable = Rc::new(stable);
        self.given = self.given.max(number);
        self.slots.retain(|of, _| *of > number);
        self.checkpoints.retain(|own| own.number > number);
        self.claims.retain(|claim| claim.number > number);
        let (slots, waiting) = (&self.slots, &self.waiting);
        let is_named = |hash: u64| slots.values().flat_map(|slot| slot.digests()).any(|digest| digest.hash == hash);
        self.requests.retain(|hash, request| {
            waiting.get(&request.client).is_some_and(|open| open.request.serial == request.serial) || is_named(*hash)
        });
    }

    /// Others are further than this replica: it will ask each of them.
    pub(super) fn is_late(&mut self, effects: &Effects<'_>) {
        self.asks = effects.config().replicas;
    }
}
