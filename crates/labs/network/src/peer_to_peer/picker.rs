//! Which block to ask for next (BEP 3; Cohen 2003, section 2.4; Legout et al. 2006, section 2.2.1).

use sim::{Map, NodeId};

use super::file::{BlockId, Pieces};
use super::neighbour::Neighbour;
use super::pieces::Begun;
use super::settings::Selection;

/// How many pieces are chosen at random before the rarest is looked for.
const AT_RANDOM: u32 = 4;

/// What a peer knows that asks a neighbour.
#[derive(Clone, Copy, Debug)]
pub struct Picker<'a> {
    pub all: Pieces,
    pub have: Pieces,
    pub begun: &'a [Begun],
    /// Blocks that were asked for in vain, where nothing is asked for again.
    pub in_vain: &'a [BlockId],
    pub selection: Selection,
}

/// What to ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pick {
    /// A block that is asked of nobody.
    Fresh(BlockId),
    /// All missing blocks are asked for: this one is asked of one more.
    Endgame(BlockId),
}

impl Picker<'_> {
    /// The next block to ask of a neighbour. `draw` draws a number below its argument.
    pub fn next(
        &self,
        of: &Neighbour,
        neighbours: &Map<NodeId, Neighbour>,
        draw: &mut dyn FnMut(u64) -> u64,
    ) -> Option<Pick> {
        let there = of.has.without(self.have);
        let begun = self.begun.iter().filter(|begun| there.has(begun.piece));
        if let Some(id) = begun.clone().find_map(Begun::unasked) {
            return Some(Pick::Fresh(id));
        }
        let known = self.begun.iter().fold(Pieces::default(), |known, begun| known.and(Pieces::one(begun.piece)));
        if let Some(piece) = self.choose(there.without(known), neighbours, draw) {
            return Some(Pick::Fresh(BlockId { piece, block: 0 }));
        }
        let is_all_asked = self.all.without(self.have).without(known).is_empty()
            && self.begun.iter().all(|begun| begun.unasked().is_none());
        let mut again =
            begun.flat_map(Begun::missing).filter(|id| !of.asked.contains(id) && !self.in_vain.contains(id));
        if is_all_asked { again.next().map(Pick::Endgame) } else { None }
    }

    /// One of these pieces.
    fn choose(
        &self,
        from: Pieces,
        neighbours: &Map<NodeId, Neighbour>,
        draw: &mut dyn FnMut(u64) -> u64,
    ) -> Option<u8> {
        if from.is_empty() {
            return None;
        }
        let mut one_of = |pieces: Pieces| pieces.iter().nth(draw(u64::from(pieces.count())) as usize);
        match self.selection {
            Selection::InOrder => from.iter().next(),
            Selection::Rarest if self.have.count() >= AT_RANDOM => {
                let copies = |piece: u8| neighbours.values().filter(|neighbour| neighbour.has.has(piece)).count();
                let (mut least, mut rarest) = (usize::MAX, Pieces::default());
                for piece in from.iter() {
                    let copies = copies(piece);
                    if copies < least {
                        (least, rarest) = (copies, Pieces::default());
                    }
                    if copies == least {
                        rarest.add(piece);
                    }
                }
                one_of(rarest)
            }
            Selection::Rarest | Selection::Random => one_of(from),
        }
    }
}
