//! How the lab looks, which is how Raft looks, with who is a member, and what it counts.

use sim::frame::{Frame, LegendRow, Measure, Shape, Sign, Tone};
use sim::{Look, Measures, MessageLook, NodeId, Text, View, WorldOf, t};

use super::{RaftMembers, panels};
use crate::raft::staging::{leader, server};
use crate::raft::{Configured, Members, Message, Raft, RaftNode, Timer};

impl View for RaftMembers {
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
        let members = [
            LegendRow::new(
                Sign::Node(Shape::Circle, Tone::Aside),
                t!("a server that is no member, or learns: it has no vote"),
            )
            .of("Raft learner"),
            LegendRow::new(
                Sign::Node(Shape::Diamond, Tone::Plain),
                t!("it asks who would vote for it; no term has begun"),
            )
            .of("pre-vote"),
            LegendRow::new(Sign::Node(Shape::Person, Tone::Plain), t!("an operator: it asks for other members")),
        ];
        Raft::legend().into_iter().chain(members).collect()
    }

    fn view(world: WorldOf<'_, Self>, frame: &mut Frame) {
        Raft::view(world.of(), frame);
        let members = latest(world).members;
        for node in &mut frame.nodes {
            if node.id.0 >= world.config().servers || members.all_voters().contains(node.id) {
                continue;
            }
            if (node.shape, node.tone) == (Shape::Circle, Tone::Plain) {
                node.tone = Tone::Aside;
            }
            let own = server(world, node.id).map(|server| server.members());
            let believes = own.is_some_and(|own| own.all_voters().contains(node.id));
            let remark = if members.learners.contains(node.id) {
                t!("learns")
            } else if believes {
                t!("removed, and does not know")
            } else {
                t!("no member")
            };
            node.tag.get_or_insert(remark);
        }
        frame.panels.insert(0, panels::members(world));
    }
}

/// The members as the leader of the highest term has them; without a leader, as the log has them that is committed furthest.
pub(super) fn latest(world: WorldOf<'_, RaftMembers>) -> Configured {
    let servers = || world.nodes().ids().filter_map(|id| server(world, id));
    let of_leader = leader(world).and_then(|id| server(world, id)).map(|server| server.configured);
    let committed = || servers().max_by_key(|server| server.commit_index).map(|server| server.configured);
    of_leader.or_else(committed).unwrap_or_else(|| Configured::first(world.config()))
}

impl Measures for RaftMembers {
    /// What Raft counts of terms and commands, how many vote and learn, and how many different configurations are gone by.
    fn measures(world: WorldOf<'_, Self>) -> Vec<Measure> {
        let Members { voters, next_voters, learners } = latest(world).members;
        let mut in_use: Vec<Members> = Vec::new();
        for members in world.nodes().ids().filter_map(|id| server(world, id)).map(|server| server.members()) {
            if !in_use.contains(&members) {
                in_use.push(members);
            }
        }
        let mut measures: Vec<Measure> = Raft::measures(world.of())
            .into_iter()
            .filter(|measure| !matches!(measure.name, "log" | "uncommitted" | "answered"))
            .collect();
        measures.push(Measure::count("voters", t!("servers that vote"), voters.with(next_voters).count()));
        measures.push(Measure::count("learners", t!("servers that learn"), learners.count()));
        measures.push(Measure::count("configurations", t!("different members that servers go by"), in_use.len()));
        measures
    }
}
