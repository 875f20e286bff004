//! What the lab counts.

use sim::frame::{Measure, Unit};
use sim::{Measures, WorldOf, t};

use super::client::Verdict;
use super::{Config, Tls, TlsNode};

impl Measures for Tls {
    fn measures(world: WorldOf<'_, Tls>) -> Vec<Measure> {
        let (nodes, config) = (world.nodes(), world.config());
        let mallory = nodes.state(Config::MALLORY).and_then(TlsNode::mallory);
        let knowledge = mallory.map(|mallory| &mallory.knowledge);
        let disk = &nodes.disk(Config::MALLORY).mallory;
        let game = mallory.and_then(|mallory| mallory.games.back()).filter(|game| !game.is_over);
        let secrets = game.map_or(0, |game| usize::from(game.has_server()) + usize::from(game.has_answered()));
        let mut measures = vec![
            Measure::count("secrets", t!("secrets that Mallory has with others now"), secrets),
            Measure::count(
                "read",
                t!("sealed requests and answers that Mallory has read"),
                knowledge.map_or(0, |known| known.learned().len()),
            ),
            Measure::count("shut", t!("recorded records that stay shut"), knowledge.map_or(0, |known| known.locked())),
            Measure::count("tampered", t!("how often Mallory has interfered at random"), disk.tampered as usize),
            Measure::count("stolen", t!("private keys that she has stolen"), disk.loot.len()),
        ];
        for client in config.clients() {
            let known = nodes.state(client).and_then(TlsNode::client);
            let last = known.and_then(|known| known.ended.back());
            let refused = known.map_or(0, |known| {
                known.ended.iter().filter(|ended| matches!(ended.verdict, Verdict::Refused(_))).count()
            });
            let first_us = last.and_then(|ended| ended.first_us).unwrap_or(0);
            let trips = (first_us + config.round_trip_us() / 2) / config.round_trip_us().max(1);
            measures.extend([
                Measure::count("connections", t!("connections so far"), nodes.disk(client).client.made as usize)
                    .of(client),
                Measure::count(
                    "answers",
                    t!("whole answers of the shop"),
                    known.map_or(0, |known| known.answers as usize),
                )
                .of(client),
                Measure::count("refused", t!("lately refused"), refused).of(client),
                Measure::count(
                    "padlock",
                    t!("connections with a padlock now"),
                    usize::from(known.and_then(|known| known.open.as_ref()).is_some_and(|open| open.session.is_some())),
                )
                .of(client),
                Measure::new("first-byte", t!("first byte of the last answer after"), Unit::Time, first_us as i64)
                    .of(client),
                Measure::count("round-trips", t!("the same in round trips"), trips as usize).of(client),
            ]);
        }
        for server in config.servers() {
            let known = nodes.state(server).and_then(TlsNode::server);
            measures.extend([
                Measure::count("bought", t!("purchases carried out"), nodes.disk(server).server.posts.len()).of(server),
                Measure::count("early", t!("early data taken"), known.map_or(0, |known| known.early as usize))
                    .of(server),
                Measure::count("late", t!("early data refused"), known.map_or(0, |known| known.refused as usize))
                    .of(server),
            ]);
        }
        measures
    }
}
