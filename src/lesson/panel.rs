//! The panel of a lesson beside the stage.

use lessons::{Answer, Block, Goal, LONGEST_LABEL, Passage, Prediction, PredictionKind, Step, Task};
use sim::{Text, t};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::notebook::{Effort, GoalState, Notebook, Phase, Place, Question, Told};
use super::{amount, text};
use crate::command::{Commands, Lesson};
use crate::courses;
use crate::glossary::use_words;
use crate::icons::{Shape, icon};
use crate::language::{self, use_language};
use crate::shared::Shared;
use crate::words::say;

/// What gets the focus when something new stands there.
pub const FEEDBACK: &str = "#lesson-feedback";
pub const TITLE: &str = "#lesson-title";
pub const QUESTION: &str = "#lesson-question";
pub const FORWARD: &str = "[data-testid=lesson-go-on]";

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct PanelProps {
    pub notebook: Shared<Notebook>,
    pub commands: Commands,
}

/// The whole panel.
#[component]
pub fn Panel(props: &PanelProps) -> Html {
    use_language();
    use_words(true);
    draw(&props.notebook, &props.commands)
}

/// What the panel shows.
pub fn draw(notebook: &Notebook, commands: &Commands) -> Html {
    let sheet = Sheet { notebook, commands };
    let lesson = &notebook.lesson;
    html! {
        <aside class="lesson" id="lesson" data-testid="lesson" data-phase={phase(notebook)}
            aria-label={say(t!("Lesson: {title}", title = lesson.title.clone()))}>
            { sheet.draw_head() }
            <div class="lesson-body prose" lang={lesson.language.clone()} dir={language::dir_of(&lesson.language)}>
                { match notebook.shown() {
                    Some(step) => sheet.draw_step(step),
                    None => sheet.draw_end(),
                } }
            </div>
            { sheet.draw_foot() }
            <p class="unseen" role="status" aria-live="polite" data-testid="lesson-said">{ for notebook.said.as_ref().map(say) }</p>
        </aside>
    }
}

fn phase(notebook: &Notebook) -> &'static str {
    match notebook.phase {
        _ if notebook.shown().is_none() => "over",
        Phase::Reading => "reading",
        Phase::Asking => "asking",
        Phase::Locked => "locked",
        Phase::Running => "running",
        Phase::Told => "told",
        Phase::Doing => "doing",
    }
}

struct Sheet<'a> {
    notebook: &'a Notebook,
    commands: &'a Commands,
}

impl Sheet<'_> {
    fn on(&self, wish: Lesson) -> Callback<MouseEvent> {
        self.commands.reform(move |_: MouseEvent| wish.clone().into())
    }

    fn button(&self, id: &'static str, class: &'static str, title: Text, wish: Lesson) -> Html {
        html! { <button type="button" class={classes!("button", class)} data-testid={id} onclick={self.on(wish)}>{ say(title) }</button> }
    }

    fn draw_head(&self) -> Html {
        let Notebook { lesson, step, .. } = self.notebook;
        let count = lesson.steps.len();
        let place = match self.notebook.shown() {
            Some(_) => t!("Step {step} of {count}", step = *step, count = count),
            None => t!("The end"),
        };
        let left = lesson.minutes as usize * (count + 1 - (*step).min(count + 1)) / count.max(1);
        html! {
            <header class="lesson-head">
                <p class="lesson-name"><b lang={lesson.language.clone()} dir="auto">{ &lesson.title }</b>
                    if left > 0 {
                        <span class="hint">{ say(t!("about {minutes} min left", minutes = left)) }</span>
                    }
                    <button type="button" class="button icon tiny" data-testid="lesson-print" aria-label={say(t!("Worksheet"))}
                        title={say(t!("Worksheet, to print"))} onclick={self.on(Lesson::Print { with_key: false })}>{ icon(Shape::Printer) }</button>
                    <button type="button" class="button icon tiny" data-testid="lesson-leave" aria-label={say(t!("Leave for the lab"))}
                        title={say(t!("Leave for the lab"))} onclick={self.on(Lesson::Leave)}>{ icon(Shape::Close) }</button>
                </p>
                <nav class="lesson-steps" aria-label={say(t!("Steps of the lesson"))}>
                    <span data-testid="lesson-place">{ say(place) }</span>
                    <ol>{ for (1..=count).map(|number| self.draw_dot(number)) }</ol>
                </nav>
            </header>
        }
    }

    fn draw_dot(&self, number: usize) -> Html {
        let Some(step) = self.notebook.lesson.step(number) else { return Html::default() };
        let (is_here, is_over) = (number == self.notebook.step, self.notebook.is_step_over(number));
        let is_begun = is_over
            && self.notebook.questions.keys().chain(self.notebook.tasks.keys()).any(|(step, _)| *step == number);
        let title = match is_begun {
            true => t!("Step {step}: {title}, done", step = number, title = step.title.clone()),
            false => t!("Step {step}: {title}", step = number, title = step.title.clone()),
        };
        let title = say(title);
        html! {
            <li key={number}>
                <button type="button" class={classes!(is_begun.then_some("done"))} data-testid={format!("lesson-step-{number}")} aria-current={is_here.then_some("step")}
                    aria-label={title.clone()} {title} onclick={self.on(Lesson::GoTo(number))}>
                    { if is_begun && !is_here { "✓".to_string() } else { number.to_string() } }
                </button>
            </li>
        }
    }

    fn draw_step(&self, step: &Step) -> Html {
        let Notebook { lesson, block, phase, .. } = self.notebook;
        let begins = self.notebook.begins();
        let prose = |from: usize, to: usize| -> Vec<Passage> {
            let blocks = step.blocks[from.min(step.blocks.len())..to.min(step.blocks.len())].iter();
            blocks
                .filter_map(|block| if let Block::Prose(passage) = block { Some(passage.clone()) } else { None })
                .collect()
        };
        // What was read before the answer was locked makes room for what happens.
        let is_read = matches!(phase, Phase::Locked | Phase::Running | Phase::Told);
        let here = prose(begins, *block);
        let introduction = if step.number == 1 && begins == 0 { &lesson.introduction[..] } else { &[] };
        let before = self.draw_before(step, begins);
        let has_before = begins > 0;
        // Who comes back to a step that is over wants to see what became of it.
        let is_reread = *phase == Phase::Reading && here.is_empty();
        html! {
            <>
                <h2 id="lesson-title" tabindex="-1">{ &step.title }</h2>
                if has_before || is_read {
                    <details class="lesson-before" open={is_reread} key={format!("before-{}-{begins}", step.number)}>
                        <summary>{ say(t!("Read the situation again")) }</summary>
                        { before }
                        if is_read {
                            { text::draw(introduction) }
                            { text::draw(&here) }
                        }
                    </details>
                }
                if !is_read {
                    { text::draw(introduction) }
                    { text::draw(&here) }
                }
                { for self.notebook.together((step.number, *block)).into_iter().filter(|other| other <= block).map(|block| self.draw_question((step.number, block))) }
                if let Some(task) = self.notebook.task() {
                    { self.draw_task(task, &self.notebook.effort((step.number, *block))) }
                }
            </>
        }
    }

    /// What has been done in the step so far.
    fn draw_before(&self, step: &Step, to: usize) -> Html {
        let draw = |(place, block): (usize, &Block)| match block {
            Block::Prose(passage) => text::draw(std::slice::from_ref(passage)),
            Block::Predict(_) => self.draw_question((step.number, place)),
            Block::Do(task) => html! { <div class="lesson-done">{ text::draw(&task.text) }</div> },
            Block::Sim(_) | Block::Teacher(_) => Html::default(),
        };
        step.blocks.iter().enumerate().take(to).map(draw).collect()
    }

    fn draw_question(&self, place: Place) -> Html {
        let Some(prediction) = self.notebook.prediction_at(place) else { return Html::default() };
        let question = self.notebook.question(place);
        let is_open = place == (self.notebook.step, self.notebook.block);
        let is_asked = is_open && self.notebook.phase == Phase::Asking;
        // Others stand folded in what was before.
        let is_here =
            place.0 == self.notebook.step && self.notebook.together((place.0, self.notebook.block)).contains(&place.1);
        let id = is_open.then_some("lesson-question");
        html! {
            <section class="lesson-question" key={format!("question-{}-{}", place.0, place.1)}>
                <form onsubmit={self.commands.reform(|event: SubmitEvent| { event.prevent_default(); Lesson::GoOn.into() })}>
                    <fieldset>
                        <legend {id} tabindex="-1">{ for prediction.question.iter().map(text::line) }</legend>
                        { match &prediction.kind {
                            PredictionKind::One | PredictionKind::Any => self.draw_choices(prediction, &question, is_asked, is_here),
                            PredictionKind::Number { unit, .. } => self.draw_number(unit, &question, is_asked),
                            PredictionKind::Node { .. } | PredictionKind::Message { .. } => self.draw_options(prediction, &question, is_asked),
                        } }
                    </fieldset>
                </form>
                if is_asked {
                    { self.draw_hints(&prediction.hints, question.hints) }
                }
                if let Some(told) = &question.told {
                    { self.draw_told(place, prediction, &question, told, is_here) }
                }
            </section>
        }
    }

    fn draw_choices(&self, prediction: &Prediction, question: &Question, is_asked: bool, is_here: bool) -> Html {
        let testid = |number: usize| is_here.then(|| format!("choice-{number}"));
        let is_one = prediction.kind == PredictionKind::One;
        let chosen = chosen(question.answer.as_ref());
        let right: Option<Vec<usize>> =
            question.told.as_ref().map(|told| told.feedback.right.iter().flat_map(chosen_of).collect());
        let choice = |(place, choice): (usize, &lessons::Choice)| {
            let number = place + 1;
            let (is_chosen, is_right) =
                (chosen.contains(&number), right.as_ref().is_some_and(|right| right.contains(&number)));
            let marks = html! {
                <>
                    if question.is_locked && is_chosen {
                        <small class="mark yours">{ say(if is_one { t!("Your answer, locked") } else { t!("You ticked this") }) }</small>
                    }
                    if is_right {
                        <small class="mark happened">{ "✓ " }{ say(t!("What happened")) }</small>
                    }
                </>
            };
            let class = classes!(
                "choice",
                (question.is_locked && is_chosen).then_some("yours"),
                is_right.then_some("happened")
            );
            let letter = html! { <b class="letter" aria-hidden="true">{ Notebook::letter(place) }</b> };
            if !is_asked {
                return html! { <div {class} key={place} data-testid={testid(number)}>{ letter }<span>{ marks }{ text::label(&choice.text) }</span></div> };
            }
            let onchange = self.commands.reform(move |_: Event| Lesson::Choose(number).into());
            html! {
                <label {class} key={place} data-testid={testid(number)}>
                    <input type={if is_one { "radio" } else { "checkbox" }} name="lesson-choice" checked={is_chosen} {onchange} />
                    { letter }<span>{ text::label(&choice.text) }</span>
                </label>
            }
        };
        html! { <div class="choices">{ for prediction.choices.iter().enumerate().map(choice) }</div> }
    }

    fn draw_number(&self, unit: &str, question: &Question, is_asked: bool) -> Html {
        if !is_asked {
            return draw_yours(&question.typed_or(unit));
        }
        let oninput = self.commands.reform(|event: InputEvent| {
            Lesson::Write(event.target_unchecked_into::<HtmlInputElement>().value()).into()
        });
        html! {
            <label class="with-unit">
                <input type="text" inputmode="decimal" autocomplete="off" data-testid="lesson-number" aria-labelledby="lesson-question" value={question.typed.clone()} {oninput} />
                { unit }
            </label>
        }
    }

    fn draw_options(&self, prediction: &Prediction, question: &Question, is_asked: bool) -> Html {
        let options = &self.notebook.options;
        let label =
            |answer: &Answer| options.iter().find(|(other, _)| other == answer).map(|(_, label)| label.to_string());
        let chosen = question.answer.as_ref();
        if !is_asked {
            return draw_yours(&chosen.and_then(|answer| label(answer).or(said(answer, ""))).unwrap_or_default());
        }
        let onchange = self.commands.reform(|event: Event| {
            let place = event.target_unchecked_into::<HtmlSelectElement>().value().parse().unwrap_or(0);
            Lesson::Choose(place).into()
        });
        let is_node = matches!(prediction.kind, PredictionKind::Node { .. });
        let wish = if is_node {
            t!("Press a node on the stage, or choose it here.")
        } else {
            t!("Press a message on the stage, or choose it here.")
        };
        html! {
            <label class="lesson-options">
                <span class="hint">{ say(wish) }</span>
                <select data-testid="lesson-options" {onchange}>
                    <option value="0" selected={chosen.is_none()}>{ "–" }</option>
                    { for options.iter().enumerate().map(|(place, (answer, label))| html! {
                        <option value={(place + 1).to_string()} selected={chosen == Some(answer)}>{ label }</option>
                    }) }
                </select>
            </label>
        }
    }

    fn draw_hints(&self, hints: &[Passage], opened: usize) -> Html {
        let hint = |(place, hint): (usize, &Passage)| {
            html! {
                <div class="lesson-hint" key={place}>
                    <small class="mark">{ say(t!("Hint {place} of {count}", place = place + 1, count = hints.len())) }</small>
                    { text::draw(std::slice::from_ref(hint)) }
                </div>
            }
        };
        html! {
            <>
                { for hints.iter().enumerate().take(opened).map(hint) }
                if opened < hints.len() {
                    { self.button("lesson-hint", "", if opened == 0 { t!("Hint") } else { t!("Another hint") }, Lesson::Hint) }
                }
            </>
        }
    }

    fn draw_told(
        &self,
        place: Place,
        prediction: &Prediction,
        question: &Question,
        told: &Told,
        is_here: bool,
    ) -> Html {
        let is_latest =
            self.notebook.phase == Phase::Told && self.notebook.block == place.1 && self.notebook.step == place.0;
        let id = is_latest.then_some("lesson-feedback");
        let heading =
            if told.feedback.is_right { t!("Yes, that is how it came out.") } else { t!("It came out differently.") };
        let is_any = prediction.kind == PredictionKind::Any;
        let chosen = chosen(question.answer.as_ref());
        let unit = if let PredictionKind::Number { unit, .. } = &prediction.kind { unit.as_str() } else { "" };
        let happened: Vec<String> = told.feedback.right.iter().filter_map(|answer| self.said(answer, unit)).collect();
        let remark = |place_of: &usize| {
            let choice = &prediction.choices[*place_of];
            let is_right = told.feedback.right.iter().any(|answer| chosen_of(answer).contains(&(place_of + 1)));
            let mark = match (is_right, chosen.contains(&(place_of + 1))) {
                (true, true) => t!("true, as you said"),
                (true, false) => t!("true, and you did not tick it"),
                (false, true) => t!("not true, and you ticked it"),
                (false, false) => t!("not true, as you said"),
            };
            html! {
                <div key={*place_of}>
                    if is_any {
                        <small class="mark">{ Notebook::letter(*place_of) }{ ": " }{ say(mark) }</small>
                    }
                    { text::draw(std::slice::from_ref(&choice.say)) }
                    if is_latest && told.shows.contains(place_of) {
                        { self.button("lesson-show", "", t!("Show me"), Lesson::Show(place.1, *place_of)) }
                    }
                </div>
            }
        };
        html! {
            <div class={classes!("lesson-told", told.feedback.is_right.then_some("right"))} data-testid={is_here.then_some("lesson-told")}>
                <h3 {id} tabindex="-1">{ if told.feedback.is_right { "✓ " } else { "" } }{ say(heading) }</h3>
                if !happened.is_empty() {
                    <p><b>{ say(t!("What happened")) }{ ": " }</b>{ happened.join(", ") }</p>
                }
                { for told.feedback.remarks.iter().map(remark) }
            </div>
        }
    }

    /// An answer that is no choice, in words.
    fn said(&self, answer: &Answer, unit: &str) -> Option<String> {
        let known = self.notebook.options.iter().find(|(other, _)| other == answer).map(|(_, label)| label.to_string());
        known.or_else(|| said(answer, unit))
    }

    fn draw_task(&self, task: &Task, effort: &Effort) -> Html {
        let goal = |(place, goal): (usize, &Goal)| {
            self.draw_goal(goal, effort.goals.get(place).unwrap_or(&GoalState::Open), place)
        };
        let has_all_hints = effort.hints >= task.hints.len();
        html! {
            <section class="lesson-task" data-testid="lesson-task" aria-labelledby="lesson-question">
                <div id="lesson-question" tabindex="-1">{ text::draw(&task.text) }</div>
                <ul class="lesson-goals">{ for task.goals.iter().enumerate().map(goal) }</ul>
                if let Some(only) = &task.only {
                    <p class="hint">{ say(t!("Open in this task: {controls}.", controls = only.join(", "))) }</p>
                }
                if effort.done.is_some() {
                    <div class="lesson-told right" data-testid="lesson-done"><h3 id="lesson-feedback" tabindex="-1">{ "✓ " }{ say(t!("Done. All goals are met.")) }</h3></div>
                }
                { self.draw_hints(&task.hints, effort.hints) }
                <div class="lesson-ways">
                    if has_all_hints && effort.solutions < task.solutions.len() {
                        { self.button("lesson-solve", "", if effort.solutions == 0 { t!("Show a solution") } else { t!("Show another solution") }, Lesson::Solve) }
                    }
                    { self.button("lesson-again", "", t!("Begin the task again"), Lesson::Again) }
                </div>
            </section>
        }
    }

    fn draw_goal(&self, goal: &Goal, state: &GoalState, place: usize) -> Html {
        let (sign, words) = match state {
            // All others are met.
            GoalState::Open if self.notebook.is_weighing => ("–", t!("being tried out")),
            GoalState::Open => ("–", t!("not yet")),
            GoalState::Met(_) => ("✓", t!("met")),
            GoalState::Lost(..) => ("✕", t!("can no longer be met")),
        };
        html! {
            <li key={place} data-state={state.name()} data-testid={format!("goal-{}", place + 1)}>
                <b aria-hidden="true">{ sign }</b>
                <div>
                    { text::line(&goal.text) }{ " " }
                    { match state {
                        GoalState::Open => html! { <small>{ say(words) }</small> },
                        GoalState::Met(event) if *event <= self.notebook.start => html! { <small>{ say(t!("so far")) }</small> },
                        GoalState::Met(event) => html! {
                            <button type="button" class="link" data-testid="goal-event" onclick={self.on(Lesson::Visit(*event))}>{ say(t!("met at event {event}", event = *event)) }</button>
                        },
                        GoalState::Lost(event, told) => html! {
                            <>
                                <small>{ say(words) }</small>
                                <p class="hint">
                                    <button type="button" class="link" data-testid="goal-event" onclick={self.on(Lesson::Visit(*event))}>{ say(t!("event {event}", event = *event)) }</button>
                                    if let Some(told) = told { { ": " }{ say(told) } }
                                </p>
                                { self.button("lesson-go-back", "", t!("Go back"), Lesson::GoBack(*event)) }
                            </>
                        },
                    } }
                </div>
            </li>
        }
    }

    fn draw_end(&self) -> Html {
        let (right, of, done, tasks) = self.notebook.score();
        html! {
            <>
                <h2 id="lesson-title" tabindex="-1">{ say(t!("You have gone through it.")) }</h2>
                <p data-testid="lesson-score">{ say(t!("You saw {right} of {of} things coming, and did {done} of {tasks} tasks.", right = right, of = of, done = done, tasks = tasks)) }</p>
                <p>{ say(t!("Your answers are kept in this browser. You can go back to any step above, or play on in the lab.")) }</p>
                { courses::draw_next(&self.notebook.lesson.id) }
                { self.draw_label() }
                <div class="lesson-ways">
                    { self.button("lesson-save", "", t!("Save my answers"), Lesson::Save) }
                    { self.button("lesson-worksheet", "", t!("Worksheet"), Lesson::Print { with_key: false }) }
                    { self.button("lesson-key", "", t!("Worksheet and key"), Lesson::Print { with_key: true }) }
                    { self.button("lesson-forget", "", t!("Forget my answers"), Lesson::Forget) }
                </div>
            </>
        }
    }

    /// What the file of answers is to be called, for a class whose files come together.
    fn draw_label(&self) -> Html {
        let onchange = self
            .commands
            .reform(|event: Event| Lesson::Label(event.target_unchecked_into::<HtmlInputElement>().value()).into());
        html! {
            <div class="control words">
                <label for="lesson-label">{ say(t!("A word for your file of answers: your group, say")) }<small>{ say(t!("may be left empty")) }</small></label>
                <input id="lesson-label" data-testid="lesson-label" type="text" maxlength={LONGEST_LABEL.to_string()} autocomplete="off"
                    value={self.notebook.label.clone()} {onchange} />
            </div>
        }
    }

    /// What comes next.
    fn draw_foot(&self) -> Html {
        let Notebook { phase, ways, way, is_aside, .. } = self.notebook;
        let go_on = |title: Text, is_ready: bool| {
            html! {
                <button type="button" class="button strong" data-testid="lesson-go-on" aria-disabled={(!is_ready).then_some("true")} onclick={self.on(Lesson::GoOn)}>{ say(title) }</button>
            }
        };
        let has_task_to_do =
            *phase == Phase::Doing && !self.notebook.is_over((self.notebook.step, self.notebook.block));
        html! {
            <footer class="lesson-foot">
                if ways.len() > 1 && *phase == Phase::Told {
                    <div class="segments" role="group" aria-label={say(t!("How it went on"))}>
                        { for ways.iter().enumerate().map(|(place, (_, name))| html! {
                            <button type="button" class="button" data-testid={format!("lesson-way-{name}")} aria-pressed={(place == *way).to_string()} onclick={self.on(Lesson::ShowWay(place))}>{ name }</button>
                        }) }
                    </div>
                }
                if *is_aside {
                    { self.button("lesson-return", "", if *phase == Phase::Doing { t!("Back to my run") } else { t!("Back to what happened") }, Lesson::Return) }
                }
                { match phase {
                    _ if self.notebook.shown().is_none() => self.button("lesson-go-on", "strong", t!("Open the lab"), Lesson::Leave),
                    Phase::Asking => go_on(t!("Lock"), self.notebook.is_answered()),
                    Phase::Locked => go_on(t!("Run"), true),
                    Phase::Running => self.button("lesson-skip", "strong", t!("Skip"), Lesson::Skip),
                    Phase::Doing if has_task_to_do => self.button("lesson-go-on", "", t!("Go on without it"), Lesson::GoOn),
                    Phase::Reading | Phase::Told | Phase::Doing => go_on(t!("Next"), true),
                } }
            </footer>
        }
    }
}

impl Question {
    /// The number that was answered, as it was typed or in its unit.
    fn typed_or(&self, unit: &str) -> String {
        self.answer.as_ref().and_then(|answer| said(answer, unit)).unwrap_or_default()
    }
}

fn draw_yours(said: &str) -> Html {
    html! { <div class="choice yours"><span><small class="mark yours">{ say(t!("Your answer, locked")) }</small>{ said.to_string() }</span></div> }
}

/// The places of the choices of an answer, counted from 1.
fn chosen(answer: Option<&Answer>) -> Vec<usize> {
    answer.map(chosen_of).unwrap_or_default()
}

fn chosen_of(answer: &Answer) -> Vec<usize> {
    if let Answer::Choices(chosen) = answer { chosen.clone() } else { Vec::new() }
}

/// An answer in words, where it is no choice.
fn said(answer: &Answer, unit: &str) -> Option<String> {
    match answer {
        Answer::Choices(_) | Answer::Message(_) => None,
        Answer::Number(number) => Some(amount::write(*number, unit)),
        Answer::Node(label) => Some(label.clone()),
    }
}
