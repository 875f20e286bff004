//! The lab of vector clocks: one number a node for every node.

use sim::experiment::Experiment;
use sim::frame::{Action, Frame, Layout};
use sim::{
    About, Check, Lab, Look, MessageLook, NodeId, Prepared, Rule, Setting, Settings, Setup, Text, Value, WorldOf, t,
};

use super::monitor::{self, VectorMonitor};
use super::process::{Message, Operation, Process, Timer};
use super::settings::Config;
use super::stamp::Kind;
use super::{rules, scenarios, settings, view};

/// The lab of vector clocks: one number a node for every node.
#[derive(Clone, Copy, Debug)]
pub struct VectorClocks;

impl Lab for VectorClocks {
    type Protocol = Process;
    type Monitor = VectorMonitor;

    fn about() -> About {
        About {
            id: "vector-clocks",
            title: t!("Vector clocks"),
            chapter: t!("Time"),
            summary: t!(
                "Each node counts the events of all nodes that it has heard of. Two vectors tell which event could know of which, and which could not."
            ),
            layout: Layout::Ring,
            new_leader: None,
        }
    }

    fn settings() -> Vec<Setting> {
        settings::settings()
    }

    fn rules() -> Vec<Rule> {
        rules::vector_rules()
    }

    fn checks() -> Vec<Check> {
        monitor::vector_checks()
    }

    fn scenarios() -> Vec<Prepared<VectorClocks>> {
        scenarios::vector_scenarios()
    }

    fn experiments() -> Vec<Experiment> {
        Vec::new()
    }

    fn setup(settings: &Settings) -> Setup<Process> {
        super::setup(settings)
    }

    fn configure(settings: &Settings) -> Config {
        Config::new(Kind::Vector, settings)
    }

    fn actions(world: WorldOf<'_, VectorClocks>) -> Vec<Action> {
        super::actions(world)
    }

    fn operation(action: &str, values: &[Value]) -> Result<Operation, Text> {
        super::operation(action, values)
    }

    fn look(_node: NodeId, state: Option<&Process>) -> Look {
        view::look(state)
    }

    fn stamp(process: &Process) -> Option<Text> {
        Some(process.clock.badge())
    }

    fn message_look(message: &Message) -> MessageLook {
        view::message_look(message)
    }

    fn timer_name(timer: &Timer) -> Text {
        super::timer_name(*timer)
    }

    fn view(world: WorldOf<'_, VectorClocks>, frame: &mut Frame) {
        view::nodes(world, frame);
        frame.panels.push(view::comparison(world));
    }
}
