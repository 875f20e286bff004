//! Acting on the system: with inputs, and by hand.

use sim::{Input, NodeId};

use super::LabPage;
use super::course::MOST_PER_FRAME;
use crate::command::{Hand, Item, Tab};
use crate::stage::tool::{Deed, Outcome, Tool};

impl LabPage {
    pub(super) fn act(&mut self, inputs: Vec<Input>) {
        self.act_at(inputs, self.playing.motion.clock_us());
    }

    pub(super) fn handle(&mut self, wish: Hand) {
        match wish {
            Hand::Take(tool) => self.tool = tool,
            Hand::NextTool => self.tool = self.frame().and_then(|frame| Tool::next(self.tool, frame)),
            Hand::Press(node) => self.press(node),
            Hand::Make(deed) => self.make(deed),
        }
    }

    /// A node is pressed with the tool in the hand.
    fn press(&mut self, node: NodeId) {
        let Some(outcome) = self.tool.zip(self.frame()).and_then(|(tool, frame)| tool.press(frame, node)) else {
            return;
        };
        (self.reading.selection, self.reading.tab) = (Some(Item::Node(node)), Tab::Node);
        match outcome {
            Outcome::Waits(tool) => self.tool = Some(tool),
            Outcome::Done(deed) => {
                self.tool = self.tool.map(|tool| Tool { first: None, ..tool });
                self.make(deed);
            }
        }
    }

    /// Does something by hand. While the run stands still, a little time passes first, and what is due by then happens.
    fn make(&mut self, deed: Deed) {
        let Some((input, pause_us)) = self.frame().and_then(|frame| deed.input(frame)) else { return };
        let mut at_us = self.playing.motion.clock_us();
        if let (false, Ok(session)) = (self.playing.is_on, &mut self.session) {
            at_us += pause_us;
            session.advance(at_us, MOST_PER_FRAME);
        }
        self.act_at(vec![input], at_us);
    }

    fn act_at(&mut self, inputs: Vec<Input>, at_us: u64) {
        let Ok(session) = &mut self.session else { return };
        self.events.truncate(self.moment.as_ref().map_or(0, |moment| moment.frame.event));
        self.notices.sentence = None;
        for input in inputs {
            if let Err(refusal) = session.act(input.clone(), Some(at_us)) {
                self.notices.sentence = Some(refusal);
                break;
            }
            self.places.page.is_lent = false;
            if let Some(host) = &mut self.host {
                host.acted.push(input);
                // What a reader does leads on from what the writer wanted to show.
                self.playing.stretch.to = None;
            }
        }
        self.look();
        if self.playing.is_on {
            self.keep_page();
            if let Some(at_us) = self.frame().map(|frame| frame.at_us) {
                self.playing.motion.catch_up(at_us);
            }
            self.turn_the_page();
        } else {
            self.stand();
        }
    }
}
