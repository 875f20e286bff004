//! The one loop that moves things between events. It writes attributes straight into the page, so that Yew draws only
//! when something happens; while nothing moves it does not run.
//!
//! What moves says so itself, in times of the simulation:
//! - `data-path="x1 y1 x2 y2 sent arrives rest"` travels along a line, or rests on it,
//! - `data-span="set fires"` is a ring that runs empty,
//! - `data-axis="x time pixels-per-microsecond"` moves along a time axis.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::Element;
use yew::Callback;

use crate::dom;
use crate::math;
use crate::stage::crowd::Crowd;
use crate::story;
use crate::words::number;

const GLIDE_MS: f64 = 350.0;

/// A place in virtual time, and whether it moves.
#[derive(Clone, Debug)]
pub struct Motion(Rc<RefCell<Loop>>);

impl PartialEq for Motion {
    fn eq(&self, other: &Motion) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

#[derive(Debug)]
struct Loop {
    clock_us: f64,
    /// When the last event happened.
    event_us: f64,
    course: Course,
    next_at_us: Option<u64>,
    tracks: [Vec<Track>; 2],
    crowd: Option<Crowd>,
    last_ms: Option<f64>,
    request: Option<i32>,
    tick: Option<Closure<dyn FnMut(f64)>>,
    report: Callback<Report>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Course {
    Still,
    Playing { us_per_ms: f64 },
    Telling { way: story::Way, gone_ms: f64 },
    Gliding { from_us: f64, to_us: f64, gone_ms: f64 },
}

/// The parts of the page that hold things that move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Stage,
    Lanes,
}

/// What the loop tells the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Report {
    /// While playing, virtual time has come to this moment, and something is due.
    Due(u64),
    /// While playing, nothing is due any more.
    Idle,
    /// A step has been shown to its end.
    Settled,
}

#[derive(Debug)]
struct Track {
    element: Element,
    way: Way,
}

/// How a thing moves with virtual time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Way {
    /// `rest` is where it stands when nothing may travel: the part of its way that lies behind it.
    Line {
        from: (f64, f64),
        to: (f64, f64),
        begin: f64,
        end: f64,
        rest: f64,
    },
    Ring {
        begin: f64,
        end: f64,
    },
    Axis {
        x: f64,
        time: f64,
        scale: f64,
    },
}

impl Way {
    /// Reads a data attribute.
    fn of(element: &Element) -> Option<Way> {
        let numbers =
            |name: &str| -> Option<Vec<f64>> { element.get_attribute(name)?.split(' ').map(math::parse).collect() };
        if let Some(&[x1, y1, x2, y2, begin, end, rest]) = numbers("data-path").as_deref() {
            return Some(Way::Line { from: (x1, y1), to: (x2, y2), begin, end, rest });
        }
        if let Some(&[begin, end]) = numbers("data-span").as_deref() {
            return Some(Way::Ring { begin, end });
        }
        if let Some(&[x, time, scale]) = numbers("data-axis").as_deref() {
            return Some(Way::Axis { x, time, scale });
        }
        None
    }

    /// The data attribute of a line, as [`Way::of`] reads it.
    pub fn path(&self) -> String {
        let Way::Line { from, to, begin, end, rest } = self else { return String::new() };
        let place = [from.0, from.1, to.0, to.1].map(number).join(" ");
        let times = [*begin, *end, *rest].map(|time| math::digits(time, 3)).join(" ");
        format!("{place} {times}")
    }

    /// Where a line leads to at this moment.
    pub fn place(&self, clock_us: f64, travels: bool) -> (f64, f64) {
        let Way::Line { from, to, begin, end, rest } = *self else { return (0.0, 0.0) };
        let part = if travels { part(clock_us, begin, end) } else { rest };
        (from.0 + (to.0 - from.0) * part, from.1 + (to.1 - from.1) * part)
    }

    /// The attribute that shows this moment, and its value.
    pub fn at(&self, clock_us: f64, travels: bool) -> (&'static str, String) {
        match *self {
            Way::Line { .. } => {
                let (x, y) = self.place(clock_us, travels);
                ("transform", format!("translate({} {})", number(x), number(y)))
            }
            Way::Ring { begin, end } => {
                let left = 1.0 - part(clock_us, begin, end);
                ("stroke-dasharray", math::digits(left, 3) + " 2")
            }
            Way::Axis { x, time, scale } => {
                ("transform", format!("translate({} 0)", number(x + (clock_us - time) * scale)))
            }
        }
    }
}

/// How much of the time between two moments is over, from 0 to 1.
fn part(clock: f64, begin: f64, end: f64) -> f64 {
    if end > begin { ((clock - begin) / (end - begin)).clamp(0.0, 1.0) } else { 1.0 }
}

impl Motion {
    /// Nothing moves yet.
    pub fn new(report: Callback<Report>) -> Motion {
        Motion(Rc::new(RefCell::new(Loop {
            clock_us: 0.0,
            event_us: 0.0,
            course: Course::Still,
            next_at_us: None,
            tracks: [Vec::new(), Vec::new()],
            crowd: None,
            last_ms: None,
            request: None,
            tick: None,
            report,
        })))
    }

    /// The moment of virtual time that is shown.
    pub fn clock_us(&self) -> u64 {
        self.0.borrow().clock_us.max(0.0) as u64
    }

    /// The moment at which virtual time stands, or will stand after a step.
    pub fn stands_at_us(&self) -> u64 {
        let inner = self.0.borrow();
        match inner.course {
            Course::Gliding { to_us, .. } => to_us.max(0.0) as u64,
            Course::Still | Course::Playing { .. } | Course::Telling { .. } => inner.clock_us.max(0.0) as u64,
        }
    }

    /// Says when the last event happened and when the next one is due.
    pub fn expect(&self, event_us: u64, next_at_us: Option<u64>) {
        let mut inner = self.0.borrow_mut();
        inner.event_us = event_us as f64;
        inner.next_at_us = next_at_us;
    }

    /// Stands still at a moment.
    pub fn stand_at(&self, at_us: u64) {
        let mut inner = self.0.borrow_mut();
        inner.clock_us = at_us as f64;
        inner.course = Course::Still;
    }

    /// Stops where it is.
    pub fn pause(&self) {
        self.0.borrow_mut().course = Course::Still;
    }

    /// Moves to the moment of an event without stopping, while playing.
    pub fn catch_up(&self, at_us: u64) {
        let mut inner = self.0.borrow_mut();
        inner.clock_us = inner.clock_us.max(at_us as f64);
    }

    /// Lets virtual time run.
    pub fn play(&self, us_per_ms: f64) {
        self.0.borrow_mut().course = Course::Playing { us_per_ms };
        self.run();
    }

    /// Goes this way of a story; where it ends, something is due.
    pub fn tell(&self, way: story::Way) {
        self.0.borrow_mut().course = Course::Telling { way, gone_ms: 0.0 };
        self.run();
    }

    /// Shows the way from the moment that is shown to another one, quickly; where nothing may travel, the other one at
    /// once, while what arrives there fades.
    pub fn glide_to(&self, at_us: u64) {
        {
            let mut inner = self.0.borrow_mut();
            if dom::reduced_motion() {
                inner.clock_us = at_us as f64;
            }
            inner.course = Course::Gliding { from_us: inner.clock_us, to_us: at_us as f64, gone_ms: 0.0 };
        }
        self.run();
    }

    /// Looks up what moves in a part of the page, after it has been drawn, and puts it where it belongs.
    pub fn collect(&self, part: Part, root: &Element) {
        let mut inner = self.0.borrow_mut();
        inner.tracks[part as usize] = dom::find_all(root, "[data-path],[data-span],[data-axis]")
            .into_iter()
            .filter_map(|element| Way::of(&element).map(|way| Track { element, way }))
            .collect();
        inner.place();
    }

    /// Lets go of a part of the page that is there no longer.
    pub fn release(&self, part: Part) {
        let mut inner = self.0.borrow_mut();
        inner.tracks[part as usize].clear();
        if part == Part::Stage {
            inner.crowd = None;
        }
    }

    /// Paints these messages from now on, or none.
    pub fn paint(&self, crowd: Option<Crowd>) {
        let mut inner = self.0.borrow_mut();
        inner.crowd = crowd;
        inner.place();
    }

    fn run(&self) {
        let mut inner = self.0.borrow_mut();
        if inner.tick.is_none() {
            let weak = Rc::downgrade(&self.0);
            inner.tick = Some(Closure::new(move |now_ms| {
                if let Some(inner) = weak.upgrade() {
                    Motion(inner).tick(now_ms);
                }
            }));
        }
        if inner.request.is_none() {
            inner.last_ms = None;
            inner.ask();
        }
    }

    fn tick(&self, now_ms: f64) {
        let news = {
            let mut inner = self.0.borrow_mut();
            inner.request = None;
            // After a hidden page comes back, time goes on where it was.
            let passed_ms = inner.last_ms.map_or(0.0, |last| (now_ms - last).clamp(0.0, 100.0));
            inner.last_ms = Some(now_ms);
            let news = inner.pass(passed_ms);
            inner.place();
            if inner.course != Course::Still {
                inner.ask();
            }
            news.map(|news| (inner.report.clone(), news))
        };
        if let Some((report, news)) = news {
            report.emit(news);
        }
    }
}

impl Loop {
    fn ask(&mut self) {
        let (Some(window), Some(tick)) = (dom::window(), &self.tick) else { return };
        self.request = window.request_animation_frame(tick.as_ref().unchecked_ref()).ok();
    }

    fn pass(&mut self, passed_ms: f64) -> Option<Report> {
        match self.course {
            Course::Still => None,
            Course::Playing { us_per_ms } => {
                let Some(next) = self.next_at_us else {
                    self.course = Course::Still;
                    return Some(Report::Idle);
                };
                self.clock_us += passed_ms * us_per_ms;
                (self.clock_us >= next as f64).then_some(Report::Due(self.clock_us as u64))
            }
            Course::Telling { way, gone_ms } => {
                let gone_ms = gone_ms + passed_ms;
                self.course = Course::Telling { way, gone_ms };
                let Some(clock_us) = way.at(gone_ms) else {
                    self.clock_us = way.to_us();
                    return Some(Report::Due(self.clock_us as u64));
                };
                self.clock_us = clock_us;
                let is_due = gone_ms > way.still_ms && self.next_at_us.is_some_and(|next| clock_us >= next as f64);
                is_due.then_some(Report::Due(clock_us as u64))
            }
            Course::Gliding { from_us, to_us, gone_ms } => {
                let gone_ms = gone_ms + passed_ms;
                let part = (gone_ms / GLIDE_MS).min(1.0);
                let eased = 1.0 - (1.0 - part) * (1.0 - part);
                self.clock_us = from_us + (to_us - from_us) * eased;
                if part < 1.0 {
                    self.course = Course::Gliding { from_us, to_us, gone_ms };
                    return None;
                }
                self.clock_us = to_us;
                self.course = Course::Still;
                Some(Report::Settled)
            }
        }
    }

    fn place(&self) {
        let travels = !dom::reduced_motion();
        // Where nothing may travel, time goes from event to event; else nothing goes past one that has not been drawn yet.
        let clock_us = match (self.course, self.next_at_us) {
            (Course::Playing { .. } | Course::Telling { .. }, _) if !travels => self.event_us,
            (Course::Playing { .. } | Course::Telling { .. }, Some(next)) => self.clock_us.min(next as f64),
            _ => self.clock_us,
        };
        if let Some(crowd) = &self.crowd {
            crowd.paint(clock_us, travels);
        }
        for Track { element, way } in self.tracks.iter().flatten() {
            let (attribute, value) = way.at(clock_us, travels);
            let _ = element.set_attribute(attribute, &value);
        }
    }
}

impl Drop for Loop {
    fn drop(&mut self) {
        if let Some(request) = self.request
            && let Some(window) = dom::window()
        {
            let _ = window.cancel_animation_frame(request);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_where_its_time_puts_it() {
        let way = Way::Line { from: (0.0, 10.0), to: (100.0, 10.0), begin: 1000.0, end: 2000.0, rest: 0.6 };
        assert_eq!(way.at(1500.0, true), ("transform", "translate(50 10)".to_string()));
        assert_eq!(way.at(0.0, true).1, "translate(0 10)");
        assert_eq!(way.at(9000.0, true).1, "translate(100 10)");
    }

    /// Reports come when something is due on the way, and where it ends; nothing is due while a caption is read.
    #[test]
    fn a_story_stands_then_moves_then_turns_the_page() {
        let motion = Motion::new(Callback::noop());
        let mut inner = motion.0.borrow_mut();
        inner.next_at_us = Some(10_000);
        inner.course = Course::Telling { way: story::Way::new(0, 20_000, 20_000).after(3_000.0), gone_ms: 0.0 };
        assert_eq!((inner.pass(3_000.0), inner.clock_us), (None, 0.0));
        assert_eq!((inner.pass(400.0), inner.clock_us), (None, 8_000.0));
        assert_eq!((inner.pass(100.0), inner.clock_us), (Some(Report::Due(10_000)), 10_000.0));
        inner.next_at_us = Some(20_000);
        assert_eq!((inner.pass(400.0), inner.clock_us), (None, 18_000.0));
        assert_eq!((inner.pass(200.0), inner.clock_us), (Some(Report::Due(20_000)), 20_000.0));
    }

    #[test]
    fn without_motion_a_message_stands_on_its_line() {
        let way = Way::Line { from: (0.0, 10.0), to: (100.0, 10.0), begin: 1000.0, end: 2000.0, rest: 0.6 };
        assert_eq!(way.at(1100.0, false), way.at(1900.0, false));
    }

    #[test]
    fn a_ring_shows_what_is_left() {
        let way = Way::Ring { begin: 0.0, end: 200.0 };
        assert_eq!(way.at(50.0, true).1, "0.75 2");
        assert_eq!(Way::Ring { begin: 7.0, end: 7.0 }.at(7.0, true).1, "0 2");
    }
}
