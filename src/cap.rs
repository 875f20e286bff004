//! CAP side by side: two systems of five servers and the same two clients, under the same cut. Each button acts on both.

use sim::frame::Frame;
use sim::{Input, LabSession, NodeId, Text, Value, t};
use yew::prelude::*;

use crate::caption;
use crate::command::{Commands, Item};
use crate::dom::Listener;
use crate::icons::{Shape, icon};
use crate::language;
use crate::motion::{Motion, Report};
use crate::page_bar;
use crate::part;
use crate::route::Route;
use crate::shared::Shared;
use crate::speed;
use crate::stage::Stage;
use crate::words::{cite, say};

/// The page: a part of its own.
#[derive(Debug)]
pub struct SideBySide {
    pub draw: fn() -> Html,
}

part!(cap: SideBySide = SideBySide { draw: || html! { <Cap /> } });

/// The labs that have to be there.
pub const LABS: [&str; 2] = [SYSTEMS[0].lab, SYSTEMS[1].lab];

/// Events that one picture may compute while time runs.
const MOST_PER_PICTURE: u64 = 2_000;

const SOURCES: &str = "Brewer, “Towards robust distributed systems”, 2000. Gilbert and Lynch, “Brewer’s conjecture and the feasibility of consistent, available, partition-tolerant web services”, 2002.";

/// One of the two systems: a scenario of a lab.
#[derive(Clone, Copy, Debug)]
struct System {
    lab: &'static str,
    scenario: &'static str,
    /// Its clients, each with the server of its own side that it asks. One of the systems has an observer before them.
    clients: [(NodeId, &'static str); 2],
}

const SYSTEMS: [System; 2] = [
    System { lab: "primary-replicas", scenario: "cap-consistent", clients: [(NodeId(6), "S1"), (NodeId(7), "S4")] },
    System { lab: "leaderless-quorum", scenario: "cap-available", clients: [(NodeId(5), "S2"), (NodeId(6), "S5")] },
];

/// What a button does to both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    Back,
    Step,
    Play,
    Read,
    Heal,
    Again,
}

/// A system as it stands.
#[derive(Debug)]
struct Side {
    system: System,
    session: Box<dyn LabSession>,
    frame: Shared<Frame>,
    motion: Motion,
    /// Why it did not do what it was told.
    refusal: Option<Text>,
    /// Whether time runs there.
    is_running: bool,
}

impl Side {
    fn open(system: System, report: Callback<Report>) -> Result<Side, Text> {
        let mut session = labs::registry::open_unjudged(system.lab)?;
        session.open(system.scenario)?;
        let frame = Shared::new(session.frame());
        let mut side = Side { system, session, frame, motion: Motion::new(report), refusal: None, is_running: false };
        side.stand();
        Ok(side)
    }

    fn look(&mut self) {
        self.frame = Shared::new(self.session.frame());
        self.motion.expect(self.frame.at_us, self.frame.next_at_us);
    }

    /// Shows the moment without any way to it.
    fn stand(&mut self) {
        self.look();
        self.motion.stand_at(self.frame.at_us);
    }

    fn go_to(&mut self, event: u64) {
        self.session.seek(event);
        self.look();
        self.motion.glide_to(self.frame.at_us);
    }

    fn run(&mut self) {
        self.is_running = true;
        self.motion.play(speed::us_per_ms(0, self.session.about().pace_us));
    }

    fn stop(&mut self) {
        self.is_running = false;
        self.motion.pause();
    }

    fn act(&mut self, input: Input) {
        if let Err(sentence) = self.session.act(input, Some(self.motion.clock_us())) {
            self.refusal = Some(sentence);
        }
        self.stand();
    }

    fn obey(&mut self, deed: Deed) {
        let was_running = self.is_running;
        self.refusal = None;
        self.stop();
        let event = self.frame.event;
        match deed {
            Deed::Back => self.go_to(event.saturating_sub(1)),
            Deed::Step => self.go_to(event + 1),
            Deed::Play => self.run(),
            Deed::Read => {
                for (node, server) in self.system.clients {
                    let values = ["x", server].map(|word| Value::Word(word.to_string())).to_vec();
                    self.act(Input::Operate { node, action: "get".to_string(), values });
                }
            }
            Deed::Heal => self.act(Input::HealAll),
            Deed::Again => {
                self.refusal = self.session.open(self.system.scenario).err();
                self.stand();
            }
        }
        // What is done while time runs does not stop it.
        if was_running && matches!(deed, Deed::Read | Deed::Heal) {
            self.run();
        }
    }

    fn hear(&mut self, report: Report) {
        match report {
            Report::Due(to_us) if self.is_running => {
                self.session.advance(to_us, MOST_PER_PICTURE);
                self.look();
            }
            Report::Idle => self.is_running = false,
            Report::Due(_) | Report::Settled => {}
        }
    }
}

/// The page.
#[derive(Debug)]
pub struct Cap {
    sides: Result<Vec<Side>, Text>,
    /// Others after each change of language, so that the stages are drawn again.
    commands: Commands,
    _listener: Option<Listener>,
}

#[derive(Debug)]
pub enum CapMessage {
    Deed(Deed),
    Report(usize, Report),
    Translated,
}

impl Component for Cap {
    type Message = CapMessage;
    type Properties = ();

    fn create(context: &Context<Cap>) -> Cap {
        let link = context.link();
        let open = |(place, system): (usize, System)| {
            Side::open(system, link.callback(move |report| CapMessage::Report(place, report)))
        };
        let translated = link.callback(|()| CapMessage::Translated);
        Cap {
            sides: SYSTEMS.into_iter().enumerate().map(open).collect(),
            commands: Callback::noop(),
            _listener: language::on_change(move || translated.emit(())),
        }
    }

    fn update(&mut self, _: &Context<Cap>, message: CapMessage) -> bool {
        let Ok(sides) = &mut self.sides else { return true };
        match message {
            CapMessage::Deed(Deed::Play) if sides.iter().any(|side| side.is_running) => {
                sides.iter_mut().for_each(Side::stop);
            }
            CapMessage::Deed(deed) => sides.iter_mut().for_each(|side| side.obey(deed)),
            CapMessage::Report(place, report) => sides[place].hear(report),
            CapMessage::Translated => self.commands = Callback::noop(),
        }
        true
    }

    fn view(&self, context: &Context<Cap>) -> Html {
        let sides = match &self.sides {
            Ok(sides) => sides,
            Err(sentence) => return html! { <main class="plain-page"><p role="alert">{ say(sentence) }</p></main> },
        };
        let is_running = sides.iter().any(|side| side.is_running);
        let onclick = |deed: Deed| context.link().callback(move |_: MouseEvent| CapMessage::Deed(deed));
        let step = |deed: Deed, id: &'static str, shape: Shape, title: Text| {
            let title = say(title);
            html! {
                <button class={classes!("button", "icon", (deed == Deed::Play).then_some("primary"))} data-testid={id}
                    aria-label={title.clone()} {title} onclick={onclick(deed)}>{ icon(shape) }</button>
            }
        };
        let act = |deed: Deed, id: &'static str, title: Text| {
            html! { <button class="button" data-testid={id} onclick={onclick(deed)}>{ say(title) }</button> }
        };
        let (shape, play) = if is_running { (Shape::Pause, t!("Pause both")) } else { (Shape::Play, t!("Play both")) };
        html! {
            <div class="cap-page">
                { page_bar::draw(Html::default()) }
                <main>
                    <h1>{ say(t!("CAP: the same cut, side by side")) }</h1>
                    <p>{ say(t!("Two systems of five servers, and the same two clients. The same cut leaves C1 with S1 and S2, and C2 with the others. C1 has put x=2 on its side, and C2 x=3 on the other.")) }</p>
                    <p>{ say(t!("Try this: let both clients read x, step until the answers are there, heal the cut, and read again.")) }</p>
                    <div class="cap-deeds" role="group" aria-label={say(t!("What happens to both"))}>
                        <div class="transport-buttons">
                            { step(Deed::Again, "cap-again", Shape::ToStart, t!("Both as they were at first")) }
                            { step(Deed::Back, "cap-back", Shape::Back, t!("Both back one event")) }
                            { step(Deed::Play, "cap-play", shape, play) }
                            { step(Deed::Step, "cap-step", Shape::Next, t!("Next event of both")) }
                        </div>
                        { act(Deed::Read, "cap-read", t!("C1 and C2 read x")) }
                        { act(Deed::Heal, "cap-heal", t!("Heal the cut")) }
                    </div>
                    <div class="cap-pair">{ for sides.iter().map(|side| self.draw_side(side)) }</div>
                    <p class="hint">{ cite(SOURCES) }</p>
                </main>
            </div>
        }
    }
}

impl Cap {
    fn draw_side(&self, side: &Side) -> Html {
        let (title, promise) = promise(side.system.lab);
        let route = Route::Lab { lab: side.system.lab.to_string(), scenario: Some(side.system.scenario.to_string()) };
        let selection = side.frame.caption.node.map(Item::Node);
        html! {
            <section class="cap-side" data-testid={side.system.scenario}>
                <h2>{ say(title) }</h2>
                <p>{ say(promise) }</p>
                <div class="cap-figure">
                    <Stage frame={side.frame.clone()} {selection} still=true motion={side.motion.clone()} commands={self.commands.clone()} />
                    { caption::draw(&side.frame.caption, side.is_running, side.is_running) }
                </div>
                <p role="status">{ for side.refusal.as_ref().map(say) }</p>
                <a href={route.hash()}>{ say(t!("Open this lab, with its history and checks")) }</a>
            </section>
        }
    }
}

/// What a system is, and what it gives up.
fn promise(lab: &str) -> (Text, Text) {
    if lab == SYSTEMS[0].lab {
        return (
            t!("Consistent: primary and replicas"),
            t!(
                "A write needs all replicas that have not been dropped, and C1 waits for its answer until the cut heals. No answer is wrong."
            ),
        );
    }
    (
        t!("Available: leaderless quorum"),
        t!(
            "Other servers stand in for those behind the cut, and both clients have their answers. Each reads its own value, so the history is not linearizable. After the cut both values are there."
        ),
    )
}
