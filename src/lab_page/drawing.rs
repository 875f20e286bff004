//! How the page of a lab is put together from its parts.

use sim::frame::Frame;
use sim::{Input, NodeId, Text, t};
use yew::prelude::*;

use super::around::SideOfLab;
use super::{LabPage, LabPageProps, Moment, Source};
use crate::branches;
use crate::caption;
use crate::checks;
use crate::command::{Command, Look, Notice, Read, Topic};
use crate::dialog;
use crate::divider::Divider;
use crate::dom::css;
use crate::hint;
use crate::icons::{Shape, icon};
use crate::inspector::{self, Inspector};
use crate::lanes::{self, LanesProps};
use crate::panels::{Dock, Pane, Panel, Room};
use crate::rescue;
use crate::scenarios::Scenarios;
use crate::shared::Shared;
use crate::stage::Stage;
use crate::stage::tool;
use crate::stage::zoom::Zoom;
use crate::top_bar;
use crate::transport::{self, Transport};
use crate::wait;
use crate::words::{name, say};

impl LabPage {
    /// The whole page, or why there is none.
    pub(super) fn draw(&self, props: &LabPageProps) -> Html {
        let session = match &self.session {
            Ok(session) => session,
            Err(sentence) => return html! { <main class="plain-page"><p role="alert">{ say(sentence) }</p></main> },
        };
        let Some(moment) = &self.moment else { return Html::default() };
        let is_lab = matches!(props.source, Source::Lab(_));
        let about = session.about();
        let commands = self.commands.clone();
        let Moment { frame, shown, chronicle, branches, rulebook, cards, checks, records, .. } = moment.clone();
        let panels = self.desk.panels;
        let sizes = Panel::ALL.map(|panel| format!("--{}:{}px", panel.name(), panels.size_px(panel))).join(";");
        let divider =
            |panel: Panel| html! { <Divider {panel} size_px={panels.size_px(panel)} commands={commands.clone()} /> };
        let node = inspector::node::shown(&shown, self.reading.selection).map(|node| node.id);
        let scenarios = Scenarios {
            chapter: say(&about.chapter),
            lab: say(&about.title),
            cards,
            current: self.places.scenario.clone(),
            commands: commands.clone(),
        };
        let around = self.around();
        let inspector = || {
            let Some(around) = around else { return html! { <aside class="inspector"></aside> } };
            (around.inspector)(&Inspector {
                frame: shown.clone(),
                chronicle: chronicle.clone(),
                selection: self.reading.selection,
                event: self.events.selected,
                other_event: self.events.other,
                compared: self.events.compared.clone(),
                tab: self.reading.tab,
                why: self.reading.answer.as_ref().map(|answer| answer.why.clone()),
                records,
                consistency: self.reading.judged.as_ref().map(|judged| judged.consistency.clone()),
                playing: self.playing.is_on,
                knower: self.reading.knower,
                commands: commands.clone(),
            })
        };
        let transport = transport::draw(&Transport {
            frame: frame.clone(),
            playing: self.playing.is_on,
            pace: self.playing.pace,
            pace_us: about.pace_us,
            node,
            new_leader: about.new_leader.clone(),
            dock: self.dock(),
            marks: around.map(|around| (around.marks)(session.weights(), &frame)).unwrap_or_default(),
            commands: commands.clone(),
        });
        let side = || match (around, &props.source) {
            (None, _) => Html::default(),
            (Some(around), Source::Log(recording)) => (around.side_of_log)(recording, &scenarios.lab, &props.on_close),
            (Some(around), Source::Lab(lab)) => {
                let side = SideOfLab { lab: lab.clone(), seed: frame.seed, rulebook, checks };
                (around.side_of_lab)(&scenarios, side)
            }
        };
        let lanes = || match around {
            None => lanes::draw_room(panels.size_px(Panel::Lanes)),
            Some(around) if self.dock() == Some(Dock::Charts) => (around.charts)(&frame, panels.room),
            Some(around) => (around.lanes)(LanesProps {
                frame: frame.clone(),
                chronicle: chronicle.clone(),
                node,
                event: self.events.selected,
                other: self.events.other,
                compared: self.events.compared.clone(),
                knower: self.reading.knower,
                playing: self.playing.is_on,
                height_px: panels.size_px(Panel::Lanes),
                motion: self.playing.motion.clone(),
                commands: commands.clone(),
            }),
        };
        html! {
            <div class="lab-page" data-room={panels.room.name()} data-pane={panels.pane.name()} ~style={css(sizes)}>
                { top_bar::draw(&scenarios, &panels, self.desk.has_text, is_lab) }
                <main>
                    <h1 class="unseen">{ say(t!("{chapter}: {lab}", chapter = about.chapter.clone(), lab = about.title.clone())) }</h1>
                    if panels.shows(Panel::Side) {
                        <div class="side" data-testid="side">{ side() }</div>
                        { divider(Panel::Side) }
                    }
                    <section class="centre" aria-label={say(t!("The system"))}>
                        { self.reading.knower.map(|knower| draw_knows_banner(&shown, knower, &commands)).unwrap_or_default() }
                        { self.draw_system(moment, &commands) }
                        if let (Some(tried), true) = (self.notices.tried, is_lab) {
                            { hint::draw(tried, &commands) }
                        }
                        if !self.desk.has_text && self.places.comparison.is_none() && self.reading.knower.is_none() {
                            { tool::draw(&frame, self.tool, &commands) }
                        }
                        // Two branches have captions of their own; this one is still read out.
                        <div class={classes!("caption-row", self.places.comparison.is_some().then_some("unseen"))}>
                            { caption::draw(self.caption(&shown), self.playing.flows()) }
                            if is_lab && self.places.comparison.is_none() {
                                { draw_tools(self.desk.zoom, &commands) }
                            }
                        </div>
                        { self.draw_notice(&commands) }
                    </section>
                    if panels.shows(Panel::Inspector) {
                        { divider(Panel::Inspector) }
                        { inspector() }
                    }
                    if panels.has_sheet() {
                        <button class="button icon sheet-close" data-testid="sheet-close" aria-label={say(t!("Close"))}
                            onclick={commands.reform(|_: MouseEvent| Look::CloseSheet.into())}>{ icon(Shape::Close) }</button>
                    }
                </main>
                <section class="dock" aria-label={say(t!("Time"))}>
                    { transport }
                    if panels.shows(Panel::Lanes) {
                        { divider(Panel::Lanes) }
                        { lanes() }
                    }
                    { branches::draw(&branches, self.places.comparison.as_ref(), &self.places.bookmarks, &commands) }
                </section>
                if is_lab {
                    { checks::draw(&shown, &commands) }
                }
                if panels.room == Room::Narrow {
                    { draw_panes(panels.pane, &commands) }
                }
                // One place, filled or not: a list that grows would have everything before it made anew, focus and all.
                { self.draw_dialog(moment) }
            </div>
        }
    }

    /// The stage, or what stands in its place.
    fn draw_system(&self, moment: &Moment, commands: &Callback<Command>) -> Html {
        let Moment { frame, shown, branches, other, .. } = moment;
        let Some(around) = self.around() else { return self.draw_stage(shown, commands) };
        if let (Some(comparison), Some(other)) = (&self.places.comparison, other) {
            let here_row = branches.iter().find(|row| row.selected);
            let there_row = branches.iter().find(|row| row.letter == comparison.letter);
            if let (Some(here_row), Some(there_row)) = (here_row, there_row) {
                return (around.compare)((frame, here_row), (other, there_row), comparison.by, commands);
            }
        }
        if self.desk.has_text {
            return (around.text)(shown, commands);
        }
        self.draw_stage(shown, commands)
    }

    fn draw_stage(&self, shown: &Shared<Frame>, commands: &Callback<Command>) -> Html {
        html! {
            <Stage frame={shown.clone()} arriving={self.playing.arriving.clone()} selection={self.reading.selection} has_tool={self.tool.is_some() && self.reading.knower.is_none()}
                zoom={self.desk.zoom} motion={self.playing.motion.clone()} commands={commands.clone()} />
        }
    }

    /// The dialog that is open.
    pub(super) fn draw_dialog(&self, moment: &Moment) -> Html {
        let matter = dialog::Matter {
            frame: &moment.frame,
            branches: &moment.branches,
            bookmarks: &self.places.bookmarks,
            moment: self.desk.shared.as_ref(),
            commands: &self.commands,
        };
        let dialogs = dialog::PART.get();
        self.desk.topic.zip(dialogs).map(|(topic, dialogs)| (dialogs.draw)(topic, &matter)).unwrap_or_default()
    }

    pub(super) fn draw_notice(&self, commands: &Callback<Command>) -> Html {
        let close = say(t!("Close"));
        html! {
            <div class="notice" role="status" aria-live="polite" data-testid="notice">
                if let Some((why, command)) = &self.notices.missing {
                    { wait::draw_missing(*why, &commands.reform({ let command = command.clone(); move |()| command.clone() }), rescue::renew) }
                } else if let Some(notice) = &self.notices.sentence {
                    <p>{ say(notice) }</p>
                    <button class="button icon tiny" aria-label={close.clone()} title={close}
                        onclick={commands.reform(|_: MouseEvent| Notice::Dismiss.into())}>{ icon(Shape::Close) }</button>
                }
            </div>
        }
    }
}

fn draw_knows_banner(frame: &Frame, knower: NodeId, commands: &Callback<Command>) -> Html {
    let words = t!("You see what {node} knows at event {event}", node = name(frame, knower), event = frame.event);
    html! {
        <div class="knows-banner" role="status" data-testid="knows-banner">
            <p>{ say(words) }</p>
            <button class="button" data-testid="knows-off" onclick={commands.reform(|_: MouseEvent| Read::ShowKnown(None).into())}>
                { say(t!("Show everything")) }
            </button>
        </div>
    }
}

fn draw_tools(zoom: f64, commands: &Callback<Command>) -> Html {
    let split = commands.reform(|_: MouseEvent| Look::ShowDialog(Some(Topic::Split)).into());
    let heal = commands.reform(|_: MouseEvent| Command::Act(vec![Input::HealAll]));
    html! {
        <div class="stage-tools" role="group" aria-label={say(t!("The network"))}>
            <button class="button" data-testid="split" onclick={split}>{ say(t!("Split…")) }</button>
            <button class="button" data-testid="heal-all" onclick={heal}>{ say(t!("Heal all")) }</button>
            { draw_zoom("zoom-out", t!("Show more of the stage"), Shape::Minus, (Zoom::Farther, zoom), commands) }
            { draw_zoom("zoom-in", t!("Come nearer to the stage"), Shape::Plus, (Zoom::Nearer, zoom), commands) }
        </div>
    }
}

fn draw_zoom(
    id: &'static str,
    title: Text,
    shape: Shape,
    (wish, now): (Zoom, f64),
    commands: &Callback<Command>,
) -> Html {
    let title = say(title);
    // Not disabled where it ends: that would take the focus away.
    html! {
        <button class="button icon" data-testid={id} aria-label={title.clone()} {title} aria-disabled={(!wish.is_possible(now)).then_some("true")}
            onclick={commands.reform(move |_: MouseEvent| Look::Zoom(wish).into())}>{ icon(shape) }</button>
    }
}

/// The tabs at the foot of a narrow window.
fn draw_panes(current: Pane, commands: &Callback<Command>) -> Html {
    let tab = |pane: Pane| {
        html! {
            <button data-testid={format!("pane-{}", pane.name())} aria-current={(pane == current).then_some("page")}
                onclick={commands.reform(move |_: MouseEvent| Look::ShowPane(pane).into())}>{ say(pane.title()) }</button>
        }
    };
    html! { <nav class="panes" aria-label={say(t!("Parts of the page"))}>{ for Pane::ALL.map(tab) }</nav> }
}
