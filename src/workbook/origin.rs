//! What a run came from.

use sim::{LabSession, Scenario, Text, Timed, t};
use yew::AttrValue;

/// The prepared scenario that a run came from.
#[derive(Clone, Debug, PartialEq)]
pub struct Origin {
    /// Its name.
    pub name: AttrValue,
    /// As the lab has it.
    pub prepared: Scenario,
}

/// What has become of a scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Since {
    /// So many inputs are none of those that it prepares.
    Acts(usize),
    /// It was begun anew, with other settings or another seed, or without what it prepares.
    Anew,
}

impl Origin {
    /// Opens the scenario of this name as the lab has it.
    pub fn open(session: &mut dyn LabSession, name: &str) -> Result<Origin, Text> {
        session.open(name)?;
        Ok(Origin { name: name.to_string().into(), prepared: session.scenario() })
    }

    /// What has become of it in a run.
    pub fn since(&self, run: &Scenario) -> Since {
        let Scenario { settings, seed, inputs, .. } = &self.prepared;
        let acts = further(inputs, &run.inputs);
        let keeps_nothing = !inputs.is_empty() && acts == run.inputs.len();
        if run.seed != *seed || run.settings != *settings || keeps_nothing { Since::Anew } else { Since::Acts(acts) }
    }
}

/// How many inputs come after those that two runs begin with.
pub fn further(before: &[Timed], now: &[Timed]) -> usize {
    now.len() - before.iter().zip(now).take_while(|(before, now)| before == now).count()
}

impl Since {
    /// Where a run that somebody has shared came from.
    pub fn of_shared(self, title: Text) -> Text {
        match self {
            Since::Acts(0) => t!("From: {scenario}", scenario = title),
            Since::Acts(1) => t!("From: {scenario}, with 1 act since", scenario = title),
            Since::Acts(count) => t!("From: {scenario}, with {count} acts since", scenario = title, count = count),
            Since::Anew => {
                t!("From: {scenario}, begun anew with the settings below", scenario = title)
            }
        }
    }

    /// The same of a run of the visitor's own.
    pub fn of_own(self, title: Text) -> Text {
        match self {
            Since::Acts(1) => t!("From: {scenario}, with 1 act of yours", scenario = title),
            Since::Acts(count @ 2..) => {
                t!("From: {scenario}, with {count} acts of yours", scenario = title, count = count)
            }
            Since::Acts(0) | Since::Anew => self.of_shared(title),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sim::{Input, NodeId, Value};

    #[test]
    fn acts_are_what_the_scenario_does_not_prepare() {
        let mut session = labs::registry::open("raft").unwrap();
        let origin = Origin::open(&mut *session, "minority-leader").unwrap();
        assert!(Origin::open(&mut *session, "no-such-scenario").is_err());
        assert!(!origin.prepared.inputs.is_empty());
        assert_eq!(origin.since(&session.scenario()), Since::Acts(0));
        session.act(Input::Crash(NodeId(2)), None).unwrap();
        assert_eq!(origin.since(&session.scenario()), Since::Acts(1));
        // Before all that it prepares nothing of it is left.
        session.seek(0);
        session.act(Input::Crash(NodeId(1)), None).unwrap();
        assert_eq!(origin.since(&session.scenario()), Since::Anew);
        session.restart(vec![("servers".to_string(), Value::Integer(3))], 1).unwrap();
        assert_eq!(origin.since(&session.scenario()), Since::Anew);
    }

    #[test]
    fn a_run_says_what_it_came_from() {
        let title = || t!("Two leaders at once?");
        assert_eq!(Since::Acts(3).of_own(title()).to_string(), "From: Two leaders at once?, with 3 acts of yours");
        assert_eq!(Since::Acts(1).of_shared(title()).to_string(), "From: Two leaders at once?, with 1 act since");
        assert_eq!(Since::Acts(0).of_own(title()).to_string(), "From: Two leaders at once?");
    }
}
