//! What not everybody asks of a session. A function of the trait [`LabSession`] is in every program that has a session; these
//! are in those that call them.

use crate::base::id::NodeId;
use crate::base::text::Text;
use crate::explain::relation::Compared;
use crate::explain::why::{Subject, Why};
use crate::frame::Frame;
use crate::judge::history::consistency::Consistency;
use crate::log::LogSession;
use crate::session::LabSession;
use crate::session::tree::Tree;
use crate::session::work::Work;

impl dyn LabSession + '_ {
    /// Why something is as it is at this moment: the chain of events that led to it and the rules that decided.
    pub fn why(&mut self, subject: &Subject) -> Why {
        let session = self.as_any();
        match session.downcast_mut::<Work>() {
            Some(work) => work.why(subject),
            None => session.downcast_mut::<LogSession>().map(|log| log.why(subject)).unwrap_or_default(),
        }
    }

    /// This moment as one node can know it at the best, from the messages that it has got (see [`Node::known`]).
    ///
    /// [`Node::known`]: crate::frame::Node::known
    pub fn known_by(&mut self, node: NodeId) -> Frame {
        if let Some(work) = self.as_any().downcast_mut::<Work>() {
            return work.known_by(node);
        }
        match self.as_any().downcast_mut::<LogSession>() {
            Some(log) => log.known_by(node),
            None => self.frame(),
        }
    }

    /// How two computed events stand to each other, and what each kind of clock tells of it; none where one of them is not
    /// there.
    pub fn compare_events(&mut self, a: u64, b: u64) -> Option<Compared> {
        let labels: Vec<String> = self.frame().nodes.into_iter().map(|node| node.label).collect();
        let (a, b) = (self.trace(a, a).pop()?, self.trace(b, b).pop()?);
        Some(Compared::new(&a, &b, &labels))
    }

    /// From here on the histories of operations are judged, and the checks that look at them have verdicts.
    pub fn judge_histories(&mut self) {
        if let Some(work) = self.as_any().downcast_mut::<Work>() {
            work.judge_histories();
        }
    }

    /// The branches as data, to be kept; none where nobody can make any.
    pub fn tree(&mut self) -> Option<Tree> {
        Some(self.as_any().downcast_mut::<Work>()?.tree())
    }

    /// Puts branches that have been kept in the place of all there are (see [`Work::plant`]).
    ///
    /// # Errors
    ///
    /// Says why they cannot be opened.
    pub fn plant(&mut self, tree: &Tree) -> Result<(), Text> {
        self.as_any().downcast_mut::<Work>().map_or(Ok(()), |work| work.plant(tree))
    }

    /// Puts the branch back that was removed last, and goes to it.
    ///
    /// # Errors
    ///
    /// Says so when there is none.
    pub fn regrow(&mut self) -> Result<(), Text> {
        self.as_any().downcast_mut::<Work>().map_or(Ok(()), Work::regrow)
    }

    /// How the operations of clients up to this moment are judged; none where clients record none. This may take long, and
    /// should be asked only where it is shown.
    pub fn consistency(&mut self) -> Option<Consistency> {
        self.as_any().downcast_mut::<Work>()?.consistency()
    }
}
