//! Who goes by which members.

use sim::frame::Panel;
use sim::{NodeId, Text, WorldOf, t};

use super::RaftMembers;
use crate::raft::Server;
use crate::raft::staging::server;

/// A row for each server: whom it takes for members, where that stands in its log, and what it is by that itself.
pub(super) fn members(world: WorldOf<'_, RaftMembers>) -> Panel {
    let name = |id: NodeId| Text::verbatim(world.label(id).to_string());
    let row = |id: NodeId| match server(world, id) {
        Some(server) => {
            vec![name(id), server.members().text(), stands_in(server), part(id, server)]
        }
        None => vec![name(id), t!("crashed"), t!("–"), t!("–")],
    };
    Panel::Table {
        title: t!("Members, as each server knows them"),
        head: vec![t!("server"), t!("those that vote"), t!("entry"), t!("so it")],
        rows: (0..world.config().servers).map(NodeId).map(row).collect(),
    }
}

fn stands_in(server: &Server) -> Text {
    match server.configured.index {
        0 => t!("at the start"),
        index if index <= server.commit_index => t!("{index}, committed", index = index),
        index => t!("{index}, not committed yet", index = index),
    }
}

fn part(id: NodeId, server: &Server) -> Text {
    let members = server.members();
    if members.all_voters().contains(id) {
        t!("votes")
    } else if members.learners.contains(id) {
        t!("learns")
    } else {
        t!("takes no part")
    }
}
