//! The events of one execution as the log has them, in the order of the file.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use super::clock;
use super::expression::Expression;
use super::problems::Problems;
use super::source::{PassedOver, Section, Source};
use crate::base::order::{pair, sort_by_key};
use crate::base::text::Text;
use crate::t;

/// How many hosts an execution may have.
const MOST_HOSTS: usize = 4_096;

/// Which groups of a parser expression say what.
#[derive(Clone, Debug)]
pub(super) struct Groups {
    host: usize,
    clock: usize,
    event: usize,
    /// All other groups, by place and name.
    fields: Vec<(usize, String)>,
}

/// The events of one execution. All places are in bytes of its part of the log.
#[derive(Debug)]
pub(super) struct Entries {
    /// In the order of their first events.
    pub hosts: Vec<String>,
    /// In the order of the file.
    pub list: Vec<Entry>,
    /// The entries of all clocks, one clock after the other.
    counts: Vec<(u16, u32)>,
    /// The hosts of which it is not known how many events they had.
    pub doubtful: Vec<bool>,
    /// What the other groups have caught, all of one event after all of another.
    pub fields: Vec<Option<Range<usize>>>,
    pub passed_over: PassedOver,
}

/// One event.
#[derive(Debug)]
pub(super) struct Entry {
    pub host: u16,
    /// The host's own count; 0 where the clock could not be read.
    pub own: u32,
    /// The line of the clock.
    pub line: u64,
    pub text: Range<usize>,
    counts: Range<usize>,
}

impl Groups {
    /// Finds the groups of a parser expression. The error says which one is missing.
    pub fn of(parser: &dyn Expression) -> Result<Groups, Text> {
        let names = parser.names();
        let place = |name: &'static str| {
            names.iter().position(|known| known == name).ok_or_else(|| {
                t!(
                    "the parser expression has no group {name}: write {group} round what matches it",
                    name = name,
                    group = format!("(?<{name}>…)")
                )
            })
        };
        let (host, clock, event) = (place("host")?, place("clock")?, place("event")?);
        let others = names.iter().cloned().enumerate().filter(|(place, _)| ![host, clock, event].contains(place));
        Ok(Groups { host, clock, event, fields: others.collect() })
    }

    /// The names of the other groups.
    pub fn fields(&self) -> Vec<String> {
        self.fields.iter().map(|(_, name)| name.clone()).collect()
    }
}

impl Entries {
    /// Reads the events of a section.
    pub fn read(
        source: &Source,
        section: &Section,
        parser: &dyn Expression,
        groups: &Groups,
        problems: &mut Problems,
    ) -> Entries {
        let mut entries = Entries {
            hosts: Vec::new(),
            list: Vec::new(),
            counts: Vec::new(),
            doubtful: Vec::new(),
            fields: Vec::new(),
            passed_over: PassedOver::default(),
        };
        let text = &source.text()[section.range.clone()];
        let line_of = |place: usize| source.line(section.range.start + place);
        let between = |from: usize, to: usize| source.lines_in(section.range.start + from..section.range.start + to);
        let mut end = 0;
        let mut names: BTreeMap<&str, u16> = BTreeMap::new();
        let mut clocks = Vec::new();
        for found in parser.matches(text) {
            let caught = |place: usize| found.groups[place].clone();
            let line = line_of(found.range.start);
            entries.passed_over.add(between(end, found.range.start));
            end = found.range.end;
            let (Some(host), Some(clock), Some(event)) =
                (caught(groups.host), caught(groups.clock), caught(groups.event))
            else {
                problems.add(line, t!("the parser expression matches here without a host, a clock or an event"));
                continue;
            };
            let name = &text[host];
            if !names.contains_key(name) {
                if names.len() == MOST_HOSTS {
                    problems
                        .add(line, t!("here is one host more than {most}: take a part of the log", most = MOST_HOSTS));
                    break;
                }
                names.insert(name, names.len() as u16);
                entries.hosts.push(name.to_string());
            }
            let line = line_of(clock.start);
            entries.list.push(Entry { host: names[name], own: 0, line, text: event, counts: 0..0 });
            entries.fields.extend(groups.fields.iter().map(|(place, _)| caught(*place)));
            clocks.push(clock);
        }
        entries.passed_over.add(between(end, text.len()));
        entries.doubtful = vec![false; entries.hosts.len()];
        entries.read_clocks(text, &names, &clocks, problems);
        entries
    }

    fn read_clocks(
        &mut self,
        log: &str,
        names: &BTreeMap<&str, u16>,
        clocks: &[Range<usize>],
        problems: &mut Problems,
    ) {
        let mut strangers: BTreeMap<String, u64> = BTreeMap::new();
        for (entry, clock) in self.list.iter_mut().zip(clocks) {
            let text = clock::unescaped(&log[clock.clone()]);
            let first = self.counts.len();
            let mut own = None;
            let counts = &mut self.counts;
            let add = |host: Cow<'_, str>, count: u32| match names.get(&*host) {
                Some(known) if *known == entry.host => own = Some(count),
                Some(known) => counts.push((*known, count)),
                None if count > 0 => {
                    strangers.entry(host.into_owned()).or_insert(entry.line);
                }
                None => {}
            };
            let host = || self.hosts[usize::from(entry.host)].clone();
            let problem = match (clock::read(&text, add), own) {
                (Err(problem), _) => Some(problem),
                (Ok(()), None) => Some(t!(
                    "the clock of {host} has no entry for {host} itself: its own entry numbers the event",
                    host = host()
                )),
                (Ok(()), Some(0)) => Some(t!(
                    "{host} counts 0 events of its own here: the first event of a host has the count 1",
                    host = host()
                )),
                (Ok(()), Some(_)) => None,
            };
            if let Some(problem) = problem {
                problems.add(entry.line, problem);
                self.doubtful[usize::from(entry.host)] = true;
                self.counts.truncate(first);
                continue;
            }
            (entry.own, entry.counts) = (own.unwrap_or_default(), first..self.counts.len());
        }
        for (host, line) in strangers {
            problems.add(
                line,
                t!("the clock counts events of {host}, and the log has none of that host: add its lines", host = host),
            );
        }
    }

    /// The clock of an event without the host's own entry.
    pub fn counts(&self, entry: &Entry) -> &[(u16, u32)] {
        &self.counts[entry.counts.clone()]
    }

    /// Whether a host begins to count again, as in the next of several executions; says where.
    pub fn begin_again(&self, problems: &mut Problems) -> bool {
        let mut first: Vec<Option<u64>> = vec![None; self.hosts.len()];
        for entry in self.list.iter().filter(|entry| entry.own == 1) {
            let host = usize::from(entry.host);
            if let Some(line) = first[host] {
                problems.add(
                    entry.line,
                    t!(
                        "{host} counts 1 here, and did so in line {line} already: if another execution begins here, say what stands between the two as the delimiter expression",
                        host = self.hosts[host].clone(),
                        line = line
                    ),
                );
                return true;
            }
            first[host] = Some(entry.line);
        }
        false
    }

    /// The places of the events of each host by its own count, which has to be 1, 2, 3 and so on.
    pub fn by_host(&mut self, problems: &mut Problems) -> Vec<Vec<u32>> {
        let mut by_host: Vec<Vec<u32>> = vec![Vec::new(); self.hosts.len()];
        for (place, entry) in self.list.iter().enumerate() {
            by_host[usize::from(entry.host)].push(place as u32);
        }
        let own = |place: &u32| self.list[*place as usize].own;
        for (host, places) in by_host.iter_mut().enumerate() {
            if !places.is_sorted_by_key(own) {
                sort_by_key(places, |place| pair(own(place).into(), u64::from(*place)));
            }
            if !self.doubtful[host] {
                let entries = places.iter().map(|place| &self.list[*place as usize]);
                self.doubtful[host] = !counts_up(&self.hosts[host], entries, problems);
            }
        }
        by_host
    }
}

/// Whether a host's own count goes up by one from event to event; says where it does not.
fn counts_up<'a>(host: &str, entries: impl Iterator<Item = &'a Entry>, problems: &mut Problems) -> bool {
    let host = || host.to_string();
    let (mut before, mut goes_up) = (None::<&Entry>, true);
    for entry in entries {
        let own = entry.own;
        let problem = match before {
            None if own > 1 => Some(t!(
                "the first event of {host} has the count {own}: a host counts its events from 1, so lines before it are missing",
                host = host(),
                own = own
            )),
            Some(before) if own == before.own => Some(t!(
                "{host} counts {own} here, and did so in line {line} already: each event of a host counts one more than the one before it",
                host = host(),
                own = own,
                line = before.line
            )),
            Some(before) if own > before.own + 1 => Some(t!(
                "the own count of {host} goes from {before} in line {line} to {own} here: the events between are missing",
                host = host(),
                before = before.own,
                line = before.line,
                own = own
            )),
            _ => None,
        };
        if let Some(problem) = problem {
            problems.add(entry.line, problem);
            goes_up = false;
        }
        before = Some(entry);
    }
    goes_up
}
