//! Story pace: a run is told from one telling moment to the next. Each caption stands for as long as it takes to read; what lies
//! between flows by, and a long wait is shortened and said.
//!
//! All of it is a function of what the session says, so that tests look at the same as a visitor.

use sim::frame::{Caption, Frame, Scale};
use sim::{Ahead, LabSession, Text, t, time_us};

use crate::math;
use crate::words::decimal;

/// How many words a reader of the screen reads in a second.
pub const WORDS_A_SECOND: f64 = 3.5;
/// No caption stands shorter than this.
pub const LEAST_READING_MS: f64 = 1_200.0;
/// A way takes at least so long, so that what travels is seen to travel.
const LEAST_WAY_MS: f64 = 400.0;
/// A way that would take longer at the lab's own pace is shortened to this.
const MOST_WAY_MS: f64 = 2_000.0;
/// The end of a shortened way goes at the lab's own pace, so that what arrives there is seen to come.
const END_MS: f64 = 1_200.0;
/// How many events are looked through for the next telling one.
const MOST_AHEAD: u64 = 4_000;
/// Where there is none among them, the story looks up after what takes so long at the lab's own pace.
const IDLE_SECONDS: u64 = 20;

/// A run as it is told.
#[derive(Debug)]
pub struct Story {
    /// The lab's own pace: virtual microseconds in a second.
    pace_us: u64,
    /// When the moment was that was told last, in microseconds of virtual time.
    told_us: Option<u64>,
    /// The second sentences that have been said, by their templates: they are not said again.
    explained: Vec<String>,
}

/// A caption that is read, and the way to the next one.
#[derive(Clone, Debug, PartialEq)]
pub struct Chapter {
    pub caption: Caption,
    /// The event that the way leads to.
    pub next: Ahead,
    pub way: Way,
}

impl Story {
    /// A story of which nothing has been told, in a lab of this pace.
    pub fn new(pace_us: u64) -> Story {
        Story { pace_us, told_us: None, explained: Vec::new() }
    }

    /// Tells the moment of a frame; none where nothing more is due. The way to the next one begins at `from_us`, which may be later
    /// than the frame's event.
    pub fn tell(&mut self, session: &dyn LabSession, frame: &Frame, from_us: u64) -> Option<Chapter> {
        let next = session.ahead(MOST_AHEAD, self.pace_us.saturating_mul(IDLE_SECONDS))?;
        let wait_us = self.told_us.replace(frame.at_us).map_or(0, |told_us| frame.at_us.saturating_sub(told_us));
        let mut caption = frame.caption.clone();
        if frame.scale == Scale::Time && is_shortened(wait_us, self.pace_us) {
            caption.headline = later(caption.headline, wait_us);
        }
        caption.detail = caption.detail.filter(|detail| self.is_new(detail.template()));
        Some(Chapter { caption, next, way: Way::new(from_us.max(frame.at_us), next.at_us, self.pace_us) })
    }

    fn is_new(&mut self, explanation: &str) -> bool {
        let is_new = !self.explained.iter().any(|known| known == explanation);
        if is_new {
            self.explained.push(explanation.to_string());
        }
        is_new
    }
}

/// How long a caption stands, in milliseconds: as long as it takes to read what `write` makes of it.
pub fn reading_ms(caption: &Caption, write: impl Fn(&Text) -> String) -> f64 {
    let sentences = [Some(&caption.headline), caption.detail.as_ref()].into_iter().flatten();
    let words: usize = sentences.map(|sentence| write(sentence).split_whitespace().count()).sum();
    (words as f64 * 1_000.0 / WORDS_A_SECOND).max(LEAST_READING_MS)
}

/// The way from one moment to another: it stands, is quick over a long wait, and goes the end at the lab's own pace.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Way {
    from_us: f64,
    to_us: f64,
    /// How long it stands at first, in milliseconds.
    pub still_ms: f64,
    /// How far it goes quickly, in microseconds, and for how long.
    quick_us: f64,
    quick_ms: f64,
    end_ms: f64,
}

impl Way {
    /// The way between two moments in a lab of this pace.
    pub fn new(from_us: u64, to_us: u64, pace_us: u64) -> Way {
        let (from, to) = (from_us as f64, to_us as f64);
        let wait_us = to_us.saturating_sub(from_us);
        let natural_ms = natural_ms(wait_us, pace_us);
        let way = Way { from_us: from, to_us: to, still_ms: 0.0, quick_us: 0.0, quick_ms: 0.0, end_ms: natural_ms };
        if wait_us == 0 {
            return way;
        }
        if !is_shortened(wait_us, pace_us) {
            return Way { end_ms: natural_ms.max(LEAST_WAY_MS), ..way };
        }
        let end_us = END_MS / 1_000.0 * pace_us as f64;
        Way { quick_us: to - from - end_us, quick_ms: MOST_WAY_MS - END_MS, end_ms: END_MS, ..way }
    }

    /// The same way after standing for a while.
    pub fn after(self, still_ms: f64) -> Way {
        Way { still_ms, ..self }
    }

    /// How long the moving takes, in milliseconds.
    pub fn moving_ms(&self) -> f64 {
        self.quick_ms + self.end_ms
    }

    /// The moment of virtual time, in microseconds, after so many milliseconds; none once the way is over.
    pub fn at(&self, gone_ms: f64) -> Option<f64> {
        let moved_ms = gone_ms - self.still_ms;
        if moved_ms >= self.moving_ms() {
            return None;
        }
        let (quick_to_us, end_moved_ms) = (self.from_us + self.quick_us, moved_ms - self.quick_ms);
        Some(if moved_ms <= 0.0 {
            self.from_us
        } else if end_moved_ms < 0.0 {
            self.from_us + self.quick_us * moved_ms / self.quick_ms
        } else {
            quick_to_us + (self.to_us - quick_to_us) * end_moved_ms / self.end_ms
        })
    }

    /// Where it leads, in microseconds.
    pub fn to_us(&self) -> f64 {
        self.to_us
    }
}

fn natural_ms(wait_us: u64, pace_us: u64) -> f64 {
    wait_us as f64 * 1_000.0 / pace_us.max(1) as f64
}

fn is_shortened(wait_us: u64, pace_us: u64) -> bool {
    natural_ms(wait_us, pace_us) > MOST_WAY_MS
}

/// A sentence that says how long nothing was told before it.
fn later(sentence: Text, wait_us: u64) -> Text {
    let wait_us = rounded(wait_us);
    if wait_us < 1_000_000 {
        return t!("{time} later: {sentence}", time = time_us(wait_us), sentence = sentence);
    }
    let seconds = decimal(&math::digits(wait_us as f64 / 1e6, 1));
    t!("{seconds} s later: {sentence}", seconds = seconds, sentence = sentence)
}

/// A number with its first two digits.
fn rounded(number: u64) -> u64 {
    let unit = 10_u64.pow(number.max(1).ilog10().saturating_sub(1));
    (number + unit / 2) / unit * unit
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACE_US: u64 = 20_000;

    fn said(headline: &'static str) -> Caption {
        Caption { headline: Text::new(headline), ..Caption::default() }
    }

    /// `cases/screen.md`: a reader of three and a half words a second.
    #[test]
    fn a_caption_stands_as_long_as_its_words_take() {
        let seven = Caption { detail: Some(Text::new("It waited long.")), ..said("S3 asks for votes") };
        assert_eq!(reading_ms(&seven, Text::to_string), 2_000.0);
        assert_eq!(reading_ms(&said("Votes"), Text::to_string), LEAST_READING_MS);
        assert_eq!(reading_ms(&said("x"), |_| "sieben Wörter stehen hier auf diesem Schirm".to_string()), 2_000.0);
    }

    #[test]
    fn a_short_way_goes_at_the_pace_of_the_lab() {
        let way = Way::new(100_000, 120_000, PACE_US).after(500.0);
        assert_eq!(way.moving_ms(), 1_000.0);
        let moments = [0.0, 500.0, 1_000.0, 1_499.0].map(|gone_ms| way.at(gone_ms));
        assert_eq!(moments, [Some(100_000.0), Some(100_000.0), Some(110_000.0), Some(119_980.0)]);
        assert_eq!(way.at(1_500.0), None);
        assert_eq!(Way::new(5, 6, PACE_US).moving_ms(), LEAST_WAY_MS);
        assert_eq!(Way::new(5, 5, PACE_US).at(0.0), None);
    }

    #[test]
    fn a_long_way_is_shortened_and_ends_at_the_pace_of_the_lab() {
        let way = Way::new(0, 10_000_000, PACE_US);
        assert_eq!(way.moving_ms(), MOST_WAY_MS);
        // What arrives at the end has been seen for as long as it would take to travel 10 ms.
        assert_eq!(way.at(MOST_WAY_MS - 500.0), Some(9_990_000.0));
        let moments: Vec<f64> = (0..200).filter_map(|tenth| way.at(f64::from(tenth) * 10.0)).collect();
        assert!(moments.len() == 200 && moments.is_sorted(), "{moments:?}");
    }

    #[test]
    fn a_shortened_wait_is_said() {
        assert_eq!(later(Text::new("S1 commits"), 140_312).to_string(), "140 ms later: S1 commits");
        assert_eq!(later(Text::new("S1 commits"), 61_700_000).to_string(), "62 s later: S1 commits");
        assert_eq!(later(Text::new("S1 commits"), 1_249_000).to_string(), "1.2 s later: S1 commits");
        assert!(is_shortened(140_000, PACE_US) && !is_shortened(40_000, PACE_US));
        assert_eq!([0, 7, 99, 996].map(rounded), [0, 7, 99, 1_000]);
    }
}
