//! The lab of Lamport clocks: one number a node.

use sim::experiment::Experiment;
use sim::frame::{Action, Frame, Layout};
use sim::{
    About, Check, Lab, Look, MessageLook, NodeId, Prepared, Rule, Setting, Settings, Setup, Text, Value, WorldOf, t,
};

use super::monitor::{self, LamportMonitor};
use super::process::{Message, Operation, Process, Timer};
use super::settings::Config;
use super::stamp::Kind;
use super::{rules, scenarios, settings, view};

/// The lab of Lamport clocks: one number a node.
#[derive(Clone, Copy, Debug)]
pub struct LamportClocks;

impl Lab for LamportClocks {
    type Protocol = Process;
    type Monitor = LamportMonitor;

    fn about() -> About {
        About {
            id: "lamport-clocks",
            title: t!("Lamport clocks"),
            chapter: t!("Time"),
            summary: t!(
                "Each node counts, and messages carry the count. All events get one order, though some of them have nothing to do with each other."
            ),
            layout: Layout::Ring,
            new_leader: None,
        }
    }

    fn settings() -> Vec<Setting> {
        settings::settings()
    }

    fn rules() -> Vec<Rule> {
        rules::lamport_rules()
    }

    fn checks() -> Vec<Check> {
        monitor::lamport_checks()
    }

    fn scenarios() -> Vec<Prepared<LamportClocks>> {
        scenarios::lamport_scenarios()
    }

    fn experiments() -> Vec<Experiment> {
        Vec::new()
    }

    fn setup(settings: &Settings) -> Setup<Process> {
        super::setup(settings)
    }

    fn configure(settings: &Settings) -> Config {
        Config::new(Kind::Lamport, settings)
    }

    fn actions(world: WorldOf<'_, LamportClocks>) -> Vec<Action> {
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

    fn view(world: WorldOf<'_, LamportClocks>, frame: &mut Frame) {
        view::nodes(world, frame);
        frame.panels.push(view::total_order(world));
    }
}
