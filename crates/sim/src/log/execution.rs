//! One execution of a log: its hosts and events, and the order that the clocks put them in.

use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::clocks::{Clocks, Raises};
use super::edges::{self, Edge};
use super::entries::Entries;
use super::extension::{self, Name};
use super::problems::Problems;
use super::source::PassedOver;
use crate::base::id::NodeId;
use crate::t;

/// One execution. Its events are counted by their places from 0, in an order in which nothing comes before its causes and
/// which is otherwise that of the file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Execution {
    name: String,
    /// Its part of the log.
    log: String,
    hosts: Vec<String>,
    events: Vec<Event>,
    /// The places of the events of each host.
    places: Vec<Vec<u32>>,
    clocks: Clocks,
    /// By the event that they lead to.
    edges: Vec<Edge>,
    field_names: Arc<Vec<String>>,
    /// What the other groups of the parser have caught, by the order of the file.
    fields: Vec<Option<Range<usize>>>,
    passed_over: PassedOver,
}

/// One event.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Event {
    /// The host, by its place in [`Execution::hosts`].
    pub host: NodeId,
    /// The host's own count: 1 for its first event.
    pub own: u32,
    /// The line of its clock, counted from 1.
    pub line: u64,
    text: Range<usize>,
    /// Its place in the order of the file.
    nth: usize,
}

impl Execution {
    /// Puts events in order. None where something is wrong with them, which the problems then say.
    pub(super) fn new(
        name: String,
        log: String,
        mut entries: Entries,
        field_names: Arc<Vec<String>>,
        problems: &mut Problems,
    ) -> Option<Execution> {
        if entries.begin_again(problems) {
            return None;
        }
        let mut found = Problems::default();
        let by_host = entries.by_host(&mut found);
        let stated = Raises::stated(&entries, &by_host, &mut found);
        if !found.is_empty() || entries.doubtful.contains(&true) {
            problems.append(found);
            return None;
        }
        let nth = |(host, own): &Name| by_host[usize::from(*host)][*own as usize - 1] as usize;
        let order = match extension::linear(&by_host, &stated) {
            Ok(order) => order,
            Err(event) => {
                problems.add(
                    entries.list[nth(&event)].line,
                    t!("the clocks go round in a circle: this event knows of one that knows of it, directly or through others"),
                );
                return None;
            }
        };
        let mut places: Vec<Vec<u32>> = vec![Vec::new(); by_host.len()];
        order.iter().zip(0..).for_each(|((host, _), place)| places[usize::from(*host)].push(place));
        let raises = stated.completed(&order);
        let clocks = Clocks::new(&raises);
        let edges = edges::reduce(&order, &places, &raises, &clocks);
        let event = |name: &Name| {
            let nth = nth(name);
            let entry = &entries.list[nth];
            Event { host: NodeId(name.0), own: name.1, line: entry.line, text: entry.text.clone(), nth }
        };
        let events = order.iter().map(event).collect();
        let Entries { hosts, fields, passed_over, .. } = entries;
        Some(Execution { name, log, hosts, events, places, clocks, edges, field_names, fields, passed_over })
    }

    /// Its name, from the delimiter before it; empty where there is none.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The lines of its part of the log, and of what stands before the first one, that are in no event.
    pub fn passed_over(&self) -> PassedOver {
        self.passed_over
    }

    /// The hosts, in the order in which the file first has an event of theirs.
    pub fn hosts(&self) -> &[String] {
        &self.hosts
    }

    /// All events, in order.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// The event at a place.
    pub fn event(&self, place: usize) -> &Event {
        &self.events[place]
    }

    /// What an event says of itself.
    pub fn text(&self, place: usize) -> &str {
        &self.log[self.events[place].text.clone()]
    }

    /// What the parser's other groups have caught of an event: their names and the texts.
    pub fn fields(&self, place: usize) -> Vec<(&str, &str)> {
        let first = self.events[place].nth * self.field_names.len();
        let caught = self.field_names.iter().zip(&self.fields[first..]);
        caught.filter_map(|(name, range)| Some((&**name, &self.log[range.clone()?]))).collect()
    }

    /// The place of a host's event by its own count.
    pub fn place(&self, host: NodeId, own: u32) -> Option<usize> {
        self.places.get(host.index())?.get(own.checked_sub(1)? as usize).map(|place| *place as usize)
    }

    /// The place of the event that is called `host:n`, where n is the host's own count.
    pub fn named(&self, name: &str) -> Option<usize> {
        let (host, own) = name.rsplit_once(':')?;
        let host = self.hosts.iter().position(|known| known == host)?;
        self.place(NodeId::at(host), own.parse().ok()?)
    }

    /// The entry for a host in the clock of the event at a place: how many events of that host it knows of.
    pub fn count(&self, place: usize, host: NodeId) -> u32 {
        let event = &self.events[place];
        self.clocks.count(event.host.0, event.own, host.0)
    }

    /// The whole clock of the event at a place, one entry a host.
    pub fn clock(&self, place: usize) -> Vec<u32> {
        (0..self.hosts.len()).map(|host| self.count(place, NodeId::at(host))).collect()
    }

    /// How many of a host's events are among the first so many events.
    pub fn so_far(&self, host: NodeId, events: usize) -> u32 {
        self.places[host.index()].partition_point(|place| (*place as usize) < events) as u32
    }

    /// How many pairs of events there are of which the first happened before the second.
    pub fn ordered_pairs(&self) -> u64 {
        let lengths: Vec<u64> = self.places.iter().map(|places| places.len() as u64).collect();
        self.clocks.ordered_pairs(&lengths)
    }

    /// The message edges, by the event that they lead to.
    pub fn edges(&self) -> &[Edge] {
        &self.edges
    }

    /// The message edges that lead to an event.
    pub fn edges_to(&self, place: usize) -> &[Edge] {
        let first = self.edges.partition_point(|edge| (edge.to as usize) < place);
        let count = self.edges[first..].partition_point(|edge| edge.to as usize == place);
        &self.edges[first..first + count]
    }
}
