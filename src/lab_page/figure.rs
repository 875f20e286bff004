//! The compact figure of a lab, for other pages: the stage, one caption and few controls.

use sim::t;
use web_sys::{KeyboardEvent, PointerEvent};
use yew::prelude::*;

use super::{LabPage, LabPageProps};
use crate::caption;
use crate::command::{Command, Course, Item, Notice, Read, Run};
use crate::looks::Controls;
use crate::stage::Stage;
use crate::transport::{self, Transport};
use crate::words::say;

/// The part of the page whose size the stage has no share in.
pub(super) const FOOT: &str = ".figure-foot";

impl Controls {
    /// Whether a key may do this. The others belong to the page around.
    pub(super) fn take(self, command: &Command) -> bool {
        match command {
            Command::Course(Course::Play | Course::Step { .. } | Course::StepTelling { .. }) => self != Controls::None,
            Command::Lesson(_) => true,
            Command::Course(Course::StepNode { .. })
            | Command::Act(_)
            | Command::Read(Read::Select(Some(_)))
            | Command::Run(Run::NextBranch { .. })
            | Command::Notice(Notice::Say(_)) => self == Controls::All,
            _ => false,
        }
    }
}

impl LabPage {
    /// The figure, or why there is none.
    pub(super) fn draw_figure(&self, props: &LabPageProps) -> Html {
        let session = match &self.session {
            Ok(session) => session,
            Err(sentence) => return html! { <main class="plain-page"><p role="alert">{ say(sentence) }</p></main> },
        };
        let Some(moment) = &self.moment else { return Html::default() };
        let (about, frame, controls) = (session.about(), &moment.frame, props.looks.controls);
        let acts = controls == Controls::All;
        let selection = if acts { self.reading.selection } else { self.caption(frame).node.map(Item::Node) };
        let transport = Transport {
            frame: frame.clone(),
            playing: self.playing.is_on,
            pace: self.playing.pace,
            stretch: self.playing.stretch,
            pace_us: about.pace_us,
            node: None,
            new_leader: about.new_leader.clone(),
            dock: None,
            marks: Html::default(),
            commands: self.commands.clone(),
        };
        html! {
            <main class="figure" data-testid="figure">
                <h1 class="unseen">{ say(t!("{chapter}: {lab}", chapter = about.chapter.clone(), lab = about.title.clone())) }</h1>
                <section class="centre" aria-label={say(t!("The system"))}>
                    <Stage frame={frame.clone()} arriving={self.playing.arriving.clone()} {selection} still={!acts}
                        motion={self.playing.motion.clone()} commands={self.commands.clone()} />
                    { self.draw_notice(&self.commands) }
                </section>
                <div class="figure-foot">
                    { self.lesson.as_ref().map(|tutor| tutor.draw(&self.commands)).unwrap_or_default() }
                    if let Some(words) = &props.looks.caption {
                        <p class="figure-words" dir="auto" data-testid="figure-words">{ words }</p>
                    }
                    { caption::draw(self.caption(frame), self.playing.is_on, self.playing.flows()) }
                    <div class="figure-controls">
                        { transport::draw_compact(&transport, controls) }
                        <span class="space"></span>
                        { self.draw_open_full() }
                    </div>
                </div>
                if acts {
                    { self.draw_dialog(moment) }
                }
            </main>
        }
    }

    /// The way to the whole page, at this moment. While time runs, a press stops it first, so that the link is of the
    /// moment of the press.
    fn draw_open_full(&self) -> Html {
        let stop = self.commands.reform(|()| Course::Play.into());
        let onpointerdown = self.playing.is_on.then(|| stop.reform(|_: PointerEvent| ()));
        let onkeydown = self.playing.is_on.then(|| {
            Callback::from(move |event: KeyboardEvent| {
                if event.key() == "Enter" {
                    stop.emit(());
                }
            })
        });
        html! {
            <a class="open-full" data-testid="open-full" href={self.places.address.clone()} target="_blank" rel="noopener"
                {onpointerdown} {onkeydown}>
                { say(t!("Open full")) }<span aria-hidden="true">{ " ↗" }</span>
            </a>
        }
    }
}
