//! What can be looked at when a condition is asked: a moment of a run, and what stands around it.

use std::cell::OnceCell;

use sim::frame::{Frame, Message, TraceEvent};
use sim::{AnyLab, Check, NodeId, Text, Timed, World};

use super::register::Register;
use crate::course::{Course, Start};
use crate::value::Value;

/// Another run that can be asked.
pub(crate) struct Other<'a> {
    pub(crate) name: &'a str,
    pub(crate) course: &'a Course,
    /// What each expression that is asked remembers of it.
    pub(crate) registers: &'a [Register],
}

/// Who looks at a moment.
#[derive(Clone, Copy)]
pub(crate) struct Eye<'a> {
    pub(crate) lab: &'static dyn AnyLab,
    pub(crate) world: &'a World,
    pub(super) inputs: &'a [Timed],
    pub(crate) start: Start,
    /// The moment, in microseconds of virtual time.
    pub(crate) now_us: u64,
    pub(crate) registers: &'a [Register],
    /// The answer, or the node that is counted.
    pub(super) it: Option<&'a It<'a>>,
    /// The right number.
    pub(super) value: Option<i64>,
    /// The runs that a moment goes on in.
    pub(super) others: &'a [Other<'a>],
    /// The whole run, where more than the moment is asked.
    pub(super) course: Option<&'a Course>,
    /// The frame of a node that knows only its past.
    pub(super) known: Option<&'a Frame>,
    /// Whether what takes long is asked too.
    pub(super) is_thorough: bool,
}

/// What `it` stands for.
pub(crate) enum It<'a> {
    Value(Value),
    Node(NodeId),
    Message(&'a Message),
}

/// What is asked of a moment more than once, made when it is first asked for.
#[derive(Debug, Default)]
pub(crate) struct Shown {
    pub(super) frame: OnceCell<Frame>,
    pub(super) roles: OnceCell<Vec<Text>>,
    pub(super) event: OnceCell<TraceEvent>,
    /// The same at all moments.
    pub(super) checks: OnceCell<Vec<Check>>,
}

impl Shown {
    pub(crate) fn new() -> Shown {
        Shown::default()
    }

    /// The next moment has come.
    pub(crate) fn turn(&mut self) {
        self.frame.take();
        self.roles.take();
        self.event.take();
    }

    pub(super) fn event(&self, eye: &Eye<'_>) -> &TraceEvent {
        self.event.get_or_init(|| eye.course.map_or_else(|| eye.world.last_event(), Course::last_event))
    }
}

impl<'a> Eye<'a> {
    pub(crate) fn new(
        lab: &'static dyn AnyLab,
        world: &'a World,
        inputs: &'a [Timed],
        start: Start,
        now_us: u64,
    ) -> Eye<'a> {
        Eye {
            lab,
            world,
            inputs,
            start,
            now_us,
            registers: &[],
            it: None,
            value: None,
            others: &[],
            course: None,
            known: None,
            is_thorough: false,
        }
    }

    /// The end of a stretch, where all can be asked.
    pub(crate) fn at_end(course: &'a Course, registers: &'a [Register]) -> Eye<'a> {
        let eye = Eye::new(course.lab, course.timeline.world(), course.timeline.inputs(), course.start, course.now_us);
        Eye { registers, course: Some(course), is_thorough: true, ..eye }
    }

    pub(crate) fn with_it(self, it: Option<&'a It<'a>>, value: Option<i64>) -> Eye<'a> {
        Eye { it, value, ..self }
    }

    pub(crate) fn among(self, others: &'a [Other<'a>]) -> Eye<'a> {
        Eye { others, ..self }
    }

    pub(crate) fn remembering(self, registers: &'a [Register]) -> Eye<'a> {
        Eye { registers, ..self }
    }

    pub(super) fn recorded(self) -> bool {
        self.world.event() > self.start.event
    }
}

pub(super) fn ids(eye: &Eye<'_>) -> impl Iterator<Item = NodeId> + use<> {
    eye.world.nodes().ids()
}
