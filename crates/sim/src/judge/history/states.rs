//! The states that a search meets, numbered, and the steps between them: the model is asked once for each.

use std::hash::{Hash, Hasher};

use super::script::Class;
use super::sets::{Index, mix};
use super::{Model, State};

/// States and steps. State 0 is the one before the first operation.
pub(super) struct States<'a> {
    model: &'a Model,
    classes: &'a [Class<'a>],
    looks: Vec<bool>,
    states: Vec<State>,
    by_state: Index,
    steps: Vec<(u64, Option<u32>)>,
    by_step: Index,
    bytes: u64,
}

impl<'a> States<'a> {
    pub(super) fn new(model: &'a Model, start: &State, classes: &'a [Class<'a>]) -> Self {
        let mut states = Self {
            model,
            classes,
            looks: classes.iter().map(Class::only_looks).collect(),
            states: Vec::new(),
            by_state: Index::new(),
            steps: Vec::new(),
            by_step: Index::new(),
            bytes: 0,
        };
        states.number(start.clone());
        states
    }

    /// Whether operations of this class leave every state as they find it.
    pub(super) fn only_looks(&self, class: u32) -> bool {
        self.looks[class as usize]
    }

    /// A state by its number.
    pub(super) fn state(&self, state: u32) -> &State {
        &self.states[state as usize]
    }

    /// About how much memory they take.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The state after an operation of this class, if it may take effect in this state.
    pub(super) fn after(&mut self, state: u32, class: u32) -> Option<u32> {
        let key = u64::from(state) << 32 | u64::from(class);
        if let Some(step) = self.by_step.find(mix(0, key), |step| self.steps[step as usize].0 == key) {
            return self.steps[step as usize].1;
        }
        let asked = &self.classes[class as usize];
        let after = self.model.step(&self.states[state as usize], asked.call, asked.result);
        let after = after.map(|after| if self.looks[class as usize] { state } else { self.number(after) });
        let steps = &self.steps;
        self.by_step.insert(mix(0, key), steps.len() as u32, |step| mix(0, steps[step as usize].0));
        self.steps.push((key, after));
        self.bytes += STEP_BYTES;
        after
    }

    fn number(&mut self, state: State) -> u32 {
        let hash = hash_of(&state);
        let states = &self.states;
        if let Some(number) = self.by_state.find(hash, |number| states[number as usize] == state) {
            return number;
        }
        let number = states.len() as u32;
        self.by_state.insert(hash, number, |number| hash_of(&states[number as usize]));
        self.bytes += STATE_BYTES + state.bytes();
        self.states.push(state);
        number
    }
}

/// A step, with its place in the index, which is between a quarter and half full.
const STEP_BYTES: u64 = 32;
/// A state without its texts and lists, likewise.
const STATE_BYTES: u64 = 48;

fn hash_of(state: &State) -> u64 {
    let mut mixer = Mixer(0);
    state.hash(&mut mixer);
    mixer.finish()
}

/// A hash that is the same in each run. It may differ between machines: it finds what is there, and orders nothing.
struct Mixer(u64);

impl Hasher for Mixer {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.0 = mix(self.0, u64::from_le_bytes(word));
        }
    }
}
