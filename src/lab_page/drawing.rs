//! How the page of a lab is put together from its parts.

use sim::frame::Frame;
use sim::{Input, NodeId, Text, t};
use yew::prelude::*;

use super::notices::Offer;
use super::{LabPage, LabPageProps, Moment, Source};
use crate::article;
use crate::band;
use crate::caption;
use crate::checks;
use crate::command::{Command, Look, Notice, Read, Topic};
use crate::courses;
use crate::dialog;
use crate::divider::Divider;
use crate::dom::css;
use crate::glossary;
use crate::hint;
use crate::hunt::show::ShowingProps;
use crate::icons::{Shape, icon};
use crate::inspector::{self, Inspector};
use crate::lanes::{self, LanesProps};
use crate::panels::{Dock, Level, Pane, Panel, Panels, Room, SideTab};
use crate::rescue;
use crate::scenarios::Scenarios;
use crate::shared::Shared;
use crate::side::Side;
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
        let has_article = is_lab && !panels.has_lesson && (panels.has_article || article::is_there(about.id));
        let scenarios = Scenarios {
            chapter: say(&about.chapter),
            lab: say(&about.title),
            cards,
            current: self.places.scenario.clone(),
            story: self.places.story(moment),
            lessons: if is_lab { courses::draw_of_lab(about.id) } else { Html::default() },
            runs: self.places.page.rows.clone(),
            run: self.places.page.id,
            article: has_article.then_some(panels.has_article),
            commands: commands.clone(),
        };
        let around = self.around();
        let inspector = || {
            let Some(around) = around else { return html! { <aside class="inspector"></aside> } };
            (around.inspector)(&Inspector {
                lab: about.id,
                frame: shown.clone(),
                chronicle: chronicle.clone(),
                selection: self.reading.selection,
                event: self.events.selected,
                other_event: self.events.other,
                compared: self.events.compared.clone(),
                tab: self.reading.tab,
                is_brief: panels.level == Level::Learn,
                why: self.reading.answer.as_ref().map(|answer| answer.why.clone()),
                records,
                consistency: self.reading.judged.as_ref().map(|judged| judged.consistency.clone()),
                playing: self.playing.is_on,
                knower: self.reading.knower,
                commands: commands.clone(),
            })
        };
        let transport = Transport {
            frame: frame.clone(),
            playing: self.playing.is_on,
            pace: self.playing.pace,
            stretch: self.playing.stretch,
            pace_us: about.pace_us,
            node,
            new_leader: about.new_leader.clone(),
            dock: self.dock(),
            marks: around.map(|around| (around.marks)(session.weights(), &frame)).unwrap_or_default(),
            commands: commands.clone(),
        };
        let side = || match (around, &props.source) {
            (None, _) => Html::default(),
            (Some(around), Source::Log(recording)) => (around.side_of_log)(recording, &scenarios.lab, &props.on_close),
            (Some(around), Source::Lab(lab)) => {
                let side = Side { lab: lab.clone(), seed: frame.seed, rulebook, checks, tab: self.desk.side };
                (around.side_of_lab)(&scenarios, &side)
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
        let goals = || around.map(|around| (around.goals)(&transport, panels.level)).unwrap_or_default();
        let caption = || caption::draw(self.caption(&shown), self.playing.is_on, self.playing.flows());
        let hint =
            || self.notices.tried.filter(|_| is_lab).map(|tried| hint::draw(tried, &commands)).unwrap_or_default();
        let compares = self.places.comparison.is_some();
        html! {
            <div class="lab-page" data-room={panels.room.name()} data-pane={panels.pane.name()} data-level={panels.level.name()} data-whole={around.is_some().to_string()} ~style={css(sizes)}>
                { top_bar::draw(&scenarios, &panels, self.desk.has_text, is_lab) }
                if is_lab && panels.shows_band() {
                    { band::draw(&scenarios) }
                }
                { self.lesson.as_ref().map(|tutor| tutor.draw(&commands)).unwrap_or_default() }
                <main>
                    <h1 class="unseen">{ say(t!("{chapter}: {lab}", chapter = about.chapter.clone(), lab = about.title.clone())) }</h1>
                    if panels.has_article {
                        { self.draw_article(about.id) }
                    }
                    if panels.shows(Panel::Side) {
                        <div class="side" data-testid="side">{ side() }</div>
                        { divider(Panel::Side) }
                    }
                    <section class="centre" aria-label={say(t!("The system"))}>
                        { self.reading.knower.map(|knower| draw_knows_banner(&shown, knower, &commands)).unwrap_or_default() }
                        { self.draw_system(moment, &commands) }
                        if !panels.has_one_row() { { hint() } }
                        if !self.desk.has_text && self.places.comparison.is_none() && self.reading.knower.is_none() {
                            { tool::draw(&frame, self.tool, &commands) }
                        }
                        // Two branches have captions of their own; this one is still read out.
                        <div class={classes!("caption-row", compares.then_some("unseen"))}>
                            if panels.has_one_row() {
                                { draw_ways_in(&commands) }
                                { hint() }
                            } else {
                                { caption() }
                            }
                            if is_lab && !compares {
                                { draw_tools(self.desk.zoom, &commands) }
                            }
                        </div>
                        { self.draw_showing(moment, props) }
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
                    if panels.level == Level::Learn {
                        { transport::draw_row(&transport, if panels.has_one_row() { caption() } else { Html::default() }, goals(), checks::draw_chip(&shown, &commands)) }
                        { transport::draw_strip(&transport, self.clock_us(&shown), panels.has_strip(), lanes()) }
                    } else {
                        { transport::draw(&transport, goals()) }
                        if panels.shows(Panel::Lanes) {
                            { divider(Panel::Lanes) }
                            { lanes() }
                        }
                    }
                    if panels.level == Level::All || branches.len() > 1 || !self.places.bookmarks.is_empty() {
                        { around.map_or_else(|| html! { <div class="branches"></div> }, |around| (around.branches)(&branches, self.places.comparison.as_ref(), &self.places.bookmarks, &commands)) }
                    }
                </section>
                if is_lab && panels.level == Level::All {
                    { self.draw_checks(&shown) }
                }
                if panels.room == Room::Narrow {
                    { draw_panes(&panels, has_article, &commands) }
                }
                // One place, filled or not: a list that grows would have everything before it made anew, focus and all.
                { self.draw_dialog(moment) }
                { self.draw_card(about.id) }
            </div>
        }
    }

    /// The article of the lab, once its part is there.
    fn draw_article(&self, lab: &'static str) -> Html {
        let label = say(t!("Close"));
        let onclick = self.commands.reform(|_: MouseEvent| Look::ShowArticle(false).into());
        html! {
            <aside class="article" id="article" aria-label={say(t!("Article"))}>
                <p class="eyebrow">{ say(t!("Article")) }</p>
                <button class="button icon tiny" data-testid="article-close" aria-label={label.clone()} title={label} {onclick}>{ icon(Shape::Close) }</button>
                { article::PART.get().map(|reader| (reader.draw)(&lab.into(), &self.commands)).unwrap_or_default() }
            </aside>
        }
    }

    /// What shows the card of a word that is pressed.
    pub(super) fn draw_card(&self, lab: &'static str) -> Html {
        glossary::PART.get().map(|glossary| (glossary.draw_card)(Some(lab.into()))).unwrap_or_default()
    }

    /// The stage, or what stands in its place.
    fn draw_system(&self, moment: &Moment, commands: &Callback<Command>) -> Html {
        let Moment { frame, shown, branches, other, .. } = moment;
        let Some(around) = self.around() else { return self.draw_stage(shown, commands) };
        if let (Some(comparison), Some(other)) = (&self.places.comparison, other) {
            let here_row = branches.iter().find(|row| row.selected);
            let there_row = branches.iter().find(|row| row.letter == comparison.letter);
            if let (Some(here_row), Some(there_row)) = (here_row, there_row) {
                return (around.compare)((frame, here_row), (other, there_row), comparison, commands);
            }
        }
        if self.desk.has_text {
            return (around.text)(shown, self.reading.pointed(frame), commands);
        }
        self.draw_stage(shown, commands)
    }

    /// What the clock shows: while time stands still, the same as the playhead, which may have gone on from the last event.
    fn clock_us(&self, shown: &Frame) -> u64 {
        if self.playing.is_on { shown.at_us } else { self.playing.motion.stands_at_us().max(shown.at_us) }
    }

    fn draw_stage(&self, shown: &Shared<Frame>, commands: &Callback<Command>) -> Html {
        html! {
            <Stage frame={shown.clone()} arriving={self.playing.arriving.clone()} selection={self.reading.selection} pointed={self.reading.pointed(shown).cloned()} has_tool={self.tool.is_some() && self.reading.knower.is_none()} inspected=true
                zoom={self.desk.zoom} motion={self.playing.motion.clone()} commands={commands.clone()} />
        }
    }

    /// The search for what somebody wants to be shown.
    fn draw_showing(&self, moment: &Moment, props: &LabPageProps) -> Html {
        let (Some(around), Some(wish), Source::Lab(lab)) = (self.around(), &self.places.wish, &props.source) else {
            return Html::default();
        };
        let props = ShowingProps {
            lab: lab.clone(),
            wish: wish.clone(),
            title: moment.title_of(wish),
            commands: self.commands.clone(),
        };
        (around.show_me)(props)
    }

    /// The row of checks; where there is little room, their verdict.
    fn draw_checks(&self, shown: &Frame) -> Html {
        let at_us = self.clock_us(shown);
        match self.desk.panels {
            Panels { room: Room::Wide, is_low: false, .. } => checks::draw_row(shown, at_us, &self.commands),
            _ => checks::draw_footer(shown, at_us, checks::draw_chip(shown, &self.commands)),
        }
    }

    /// The dialog that is open.
    pub(super) fn draw_dialog(&self, moment: &Moment) -> Html {
        let matter = dialog::Matter {
            lab: self.session.as_ref().map_or("", |session| session.about().id),
            frame: &moment.frame,
            branches: &moment.branches,
            bookmarks: &self.places.bookmarks,
            moment: self.desk.shared.as_ref(),
            scenario: self.places.scenario.as_ref(),
            checks: &moment.checks,
            rulebook: &moment.rulebook,
            commands: &self.commands,
        };
        let dialogs = dialog::PART.get();
        self.desk.topic.zip(dialogs).map(|(topic, dialogs)| (dialogs.draw)(topic, &matter)).unwrap_or_default()
    }

    pub(super) fn draw_notice(&self, commands: &Callback<Command>) -> Html {
        let close = || {
            let label = say(t!("Close"));
            html! {
                <button class="button icon tiny" aria-label={label.clone()} title={label}
                    onclick={commands.reform(|_: MouseEvent| Notice::Dismiss.into())}>{ icon(Shape::Close) }</button>
            }
        };
        html! {
            <div class="notice" role="status" aria-live="polite" data-testid="notice">
                if let Some((why, command)) = &self.notices.missing {
                    { wait::draw_missing(*why, &commands.reform({ let command = command.clone(); move |()| command.clone() }), rescue::renew) }
                } else if let Some(notice) = &self.notices.sentence {
                    <p>{ say(notice) }</p>
                    { close() }
                } else if let Some(Offer { sentence, label, id, wish }) = self.notices.offer.clone() {
                    <p>{ say(sentence) }</p>
                    <button class="button" data-testid={id} onclick={commands.reform(move |_: MouseEvent| wish.clone().into())}>{ say(label) }</button>
                    { close() }
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

/// The ways to what stands in the side panel, where that is not open.
fn draw_ways_in(commands: &Callback<Command>) -> Html {
    let way = |id: &'static str, tab: SideTab| {
        let onclick = commands.reform(move |_: MouseEvent| Look::ShowSide(tab).into());
        html! { <button class="button" data-testid={id} {onclick}>{ say(tab.title()) }</button> }
    };
    html! {
        <div class="ways-in">
            { way("break-a-rule", SideTab::Rules) }
            { way("settings", SideTab::Settings) }
        </div>
    }
}

fn draw_tools(zoom: f64, commands: &Callback<Command>) -> Html {
    let split = commands.reform(|_: MouseEvent| Look::ShowDialog(Some(Topic::Split)).into());
    let heal = commands.reform(|_: MouseEvent| Command::Act(vec![Input::HealAll]));
    let legend = commands.reform(|_: MouseEvent| Look::ShowDialog(Some(Topic::Legend)).into());
    html! {
        <div class="stage-tools" role="group" aria-label={say(t!("The network"))}>
            <button class="button" data-testid="legend" onclick={legend}>{ say(t!("Legend")) }</button>
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
fn draw_panes(panels: &Panels, has_article: bool, commands: &Callback<Command>) -> Html {
    let current = panels.pane;
    let is_there = |pane: &Pane| match pane {
        Pane::Article => has_article,
        Pane::Lesson => panels.has_lesson,
        Pane::Lab => !panels.has_lesson,
        Pane::Stage | Pane::Time | Pane::Node => true,
    };
    let tab = |pane: Pane| {
        html! {
            <button data-testid={format!("pane-{}", pane.name())} aria-current={(pane == current).then_some("page")}
                onclick={commands.reform(move |_: MouseEvent| Look::ShowPane(pane).into())}>{ say(pane.title()) }</button>
        }
    };
    html! { <nav class="panes" aria-label={say(t!("Parts of the page"))}>{ for Pane::ALL.into_iter().filter(is_there).map(tab) }</nav> }
}
