//! What a replica knows of one number.

use serde::Serialize;
use sim::NodeId;

use super::{Certificate, Digest, Signers, Vote};

/// One number, in the log of one replica.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Slot {
    /// The pre-prepare that it has taken, with the view.
    pub accepted: Option<(u64, Digest)>,
    /// A pre-prepare of a view that it has not entered yet.
    pub early: Option<(u64, Digest)>,
    /// Who has sent prepares, for each view and digest.
    pub prepares: Vec<Certificate>,
    /// Who has sent commits, for each view and digest.
    pub commits: Vec<Certificate>,
    /// What it has prepared last.
    pub prepared: Option<Certificate>,
    /// What is settled for this number, with who has signed that.
    pub committed: Option<Certificate>,
    /// When its own messages for this number went out last, by the clock that nobody sets.
    pub since_us: u64,
}

impl Slot {
    /// Whether it has taken this pre-prepare.
    pub fn has_accepted(&self, view: u64, digest: &Digest) -> bool {
        self.accepted.as_ref().is_some_and(|(of_view, taken)| *of_view == view && taken == digest)
    }

    /// Whether it has prepared this.
    pub fn has_prepared(&self, view: u64, digest: &Digest) -> bool {
        self.prepared.as_ref().is_some_and(|prepared| prepared.is_of(view, digest))
    }

    /// Forgets the votes of earlier views.
    pub fn enter(&mut self, view: u64) {
        self.prepares.retain(|votes| votes.view >= view);
        self.commits.retain(|votes| votes.view >= view);
    }

    /// All digests that it knows.
    pub fn digests(&self) -> impl Iterator<Item = &Digest> {
        let taken = [&self.accepted, &self.early].into_iter().flatten().map(|(_, digest)| digest);
        taken.chain([&self.prepared, &self.committed].into_iter().flatten().map(|certificate| &certificate.digest))
    }
}

/// Who has voted for this.
pub fn voters(votes: &[Certificate], view: u64, digest: &Digest) -> Signers {
    votes.iter().find(|votes| votes.is_of(view, digest)).map(|votes| votes.signers).unwrap_or_default()
}

/// Counts a vote. Returns whether it is new.
pub fn count(votes: &mut Vec<Certificate>, vote: &Vote, from: NodeId) -> bool {
    let Vote { view, digest, .. } = vote;
    let place = votes.iter().position(|votes| votes.is_of(*view, digest)).unwrap_or_else(|| {
        votes.push(Certificate { view: *view, digest: digest.clone(), signers: Signers::default() });
        votes.len() - 1
    });
    let is_new = !votes[place].signers.has(from);
    votes[place].signers = votes[place].signers.with(from);
    is_new
}
