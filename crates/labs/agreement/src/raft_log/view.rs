//! How the lab looks, which is how Raft looks, and what it counts.

use sim::frame::{CellState, Frame, LegendRow, Measure, Sign, Unit};
use sim::{Look, Measures, MessageLook, NodeId, Text, View, WorldOf, t};

use super::RaftLog;
use crate::raft::{Message, Raft, RaftNode, Timer};

impl View for RaftLog {
    const ESSENTIAL_FIELDS: usize = 5;

    fn look(node: NodeId, state: Option<&RaftNode>) -> Look {
        Raft::look(node, state)
    }

    fn message_look(message: &Message) -> MessageLook {
        Raft::message_look(message)
    }

    fn timer_name(timer: &Timer) -> Text {
        Raft::timer_name(timer)
    }

    fn legend() -> Vec<LegendRow> {
        let folded = LegendRow::new(
            Sign::Cell(CellState::Plain, t!("…{index}", index = 6)),
            t!("log compaction: a snapshot stands for the entries up to here"),
        );
        let unwritten = LegendRow::new(
            Sign::Cell(CellState::Unwritten, Text::verbatim("x=4")),
            t!("an entry that is not on the server's disk yet: a crash takes it away"),
        );
        Raft::legend().into_iter().chain([unwritten.in_era(2), folded.in_era(2).of("log compaction")]).collect()
    }

    fn view(world: WorldOf<'_, Self>, frame: &mut Frame) {
        Raft::view(world.of(), frame);
    }
}

impl Measures for RaftLog {
    /// What Raft counts of terms and commands, and of each server how many entries its log holds.
    fn measures(world: WorldOf<'_, Self>) -> Vec<Measure> {
        let servers = world.nodes().ids().filter_map(|id| Some((id, world.nodes().state(id)?.server()?)));
        let held = servers.map(|(id, server)| {
            Measure::new("held", t!("entries that its log holds"), Unit::Count, server.log.length() as i64).of(id)
        });
        let parts = world.messages().filter(|envelope| matches!(envelope.payload, Message::InstallSnapshot { .. }));
        let mut measures: Vec<Measure> = Raft::measures(world.of())
            .into_iter()
            .filter(|measure| !matches!(measure.name, "log" | "uncommitted"))
            .collect();
        measures.push(Measure::count("parts", t!("parts of snapshots on their way"), parts.count()));
        measures.extend(held);
        measures
    }
}
