//! The worker that searches: the same module, started without a page.

use js_sys::{Array, Reflect, Uint8Array};
use sim::hunt::{Breadth, Hunt, Searched};
use sim::{Text, t};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, DedicatedWorkerGlobalScope, MessageEvent, Url, Worker};
use yew::Callback;

use super::{MOST_MOMENTS, MOST_RUNS, Quarry, Report, Way};
use crate::dom;

/// How many runs lie between two reports of a search at random.
const RUNS_A_REPORT: u64 = 100;

/// A worker at its search. It stops when this is dropped.
#[derive(Debug)]
pub struct Searcher {
    worker: Worker,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(JsValue)>,
}

impl Searcher {
    /// Starts a worker and sends it to search. None where the browser allows no worker.
    pub fn start(quarry: Quarry, report: Callback<Report>) -> Option<Searcher> {
        let address = script_address()?;
        let worker = Worker::new(&address).ok();
        let _ = Url::revoke_object_url(&address);
        let worker = worker?;
        worker.post_message(&wasm_bindgen::module()).ok()?;
        let on_message = {
            let (worker, report) = (worker.clone(), report.clone());
            Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
                let Ok(bytes) = event.data().dyn_into::<Uint8Array>() else { return };
                match postcard::from_bytes(&bytes.to_vec()) {
                    Ok(Report::Ready) => send(&quarry, |bytes| worker.post_message(bytes)),
                    Ok(said) => report.emit(said),
                    Err(_) => report.emit(Report::Failed(t!("the worker said something unreadable"))),
                }
            })
        };
        let on_error = Closure::<dyn FnMut(JsValue)>::new(move |_| {
            report.emit(Report::Failed(t!("the worker has stopped: it may have run out of memory")));
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        Some(Searcher { worker, _on_message: on_message, _on_error: on_error })
    }
}

impl Drop for Searcher {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

/// A script that starts the module it is sent, with the page's own script between the two: that is a file, or, where the
/// page is one file, stands in it.
fn script_address() -> Option<String> {
    let element = dom::find("script#glue")?;
    let file = Reflect::get(element.as_ref(), &"src".into()).ok()?.as_string().filter(|file| !file.is_empty());
    let glue = match file {
        Some(file) => format!("importScripts({file:?});"),
        None => element.text_content()?,
    };
    let text = format!("{glue}\nonmessage = ({{ data }}) => wasm_bindgen({{ module_or_path: data }});");
    let kind = BlobPropertyBag::new();
    kind.set_type("text/javascript");
    let blob = Blob::new_with_str_sequence_and_options(&Array::of1(&text.into()), &kind).ok()?;
    Url::create_object_url_with_blob(&blob).ok()
}

/// Waits for a quarry and searches, in a worker.
pub fn serve() {
    let Ok(scope) = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() else { return };
    let tell = {
        let scope = scope.clone();
        move |report: Report| send(&report, |bytes| scope.post_message(bytes))
    };
    let on_message = {
        let tell = tell.clone();
        Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let bytes = event.data().dyn_into::<Uint8Array>().map(|bytes| bytes.to_vec()).unwrap_or_default();
            match postcard::from_bytes::<Quarry>(&bytes) {
                Ok(quarry) => tell(search(&quarry, &tell).unwrap_or_else(Report::Failed)),
                Err(_) => tell(Report::Failed(t!("the page asked something unreadable"))),
            }
        })
    };
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget();
    tell(Report::Ready);
}

fn send(what: &impl serde::Serialize, post: impl FnOnce(&JsValue) -> Result<(), JsValue>) {
    if let Ok(bytes) = postcard::to_stdvec(what) {
        let _ = post(&Uint8Array::from(bytes.as_slice()));
    }
}

/// Searches and shortens. Returns the last report.
pub(super) fn search(quarry: &Quarry, tell: &impl Fn(Report)) -> Result<Report, Text> {
    let lab = labs::registry::lab(&quarry.lab)?;
    let mut hunt = Hunt::new(lab, quarry.settings.clone()).for_check(&quarry.check)?;
    hunt.hazards.clone_from(&quarry.hazards);
    let find = match quarry.way {
        Way::Random { first_seed } => {
            let seeds = first_seed..first_seed.saturating_add(MOST_RUNS);
            let found = hunt.search(seeds, |progress| {
                if progress.runs % RUNS_A_REPORT == 1 {
                    tell(Report::Progress(progress));
                }
                true
            });
            match found? {
                Some(find) => find,
                None => return Ok(Report::RanOut),
            }
        }
        Way::All { events } => {
            let limits = Breadth { events, moments: MOST_MOMENTS };
            let watch = |progress| {
                tell(Report::Progress(progress));
                true
            };
            match hunt.search_all(limits, watch)? {
                Searched::Found(find) => find,
                Searched::Full { events } => return Ok(Report::Nothing { events, is_full: true }),
                Searched::Nothing { events } | Searched::Stopped { events } => {
                    return Ok(Report::Nothing { events, is_full: false });
                }
            }
        }
    };
    tell(Report::Found { inputs: find.scenario.inputs.len() as u64 });
    hunt.shorten(find).map(|find| Report::Shortened(find.scenario))
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use sim::hunt::Hazard;
    use sim::{Settings, Value};

    use super::*;

    fn quarry(check: &str, way: Way) -> Quarry {
        let settings = [("servers", 3), ("clients", 0)]
            .iter()
            .fold(Settings::default(), |settings, (name, number)| settings.with(name, Value::Integer(*number)));
        Quarry { lab: "raft".into(), settings, check: check.into(), hazards: vec![Hazard::Timer], way }
    }

    fn run(quarry: &Quarry) -> (Vec<Report>, Result<Report, Text>) {
        let said = RefCell::new(Vec::new());
        let last = search(quarry, &|report| said.borrow_mut().push(report));
        (said.into_inner(), last)
    }

    #[test]
    fn a_search_reports_what_it_does_and_how_it_ends() {
        let (said, last) = run(&quarry("election-safety", Way::All { events: 3 }));
        assert_eq!(last, Ok(Report::Nothing { events: 3, is_full: false }));
        assert!(matches!(said.last(), Some(Report::Progress(progress)) if progress.depth == 3));
        let mut broken = quarry("election-safety", Way::Random { first_seed: 0 });
        broken.settings = broken.settings.with("majority", Value::Flag(false));
        let (said, last) = run(&broken);
        assert!(matches!(said.last(), Some(Report::Found { .. })));
        assert!(matches!(last, Ok(Report::Shortened(_))));
    }

    #[test]
    fn what_cannot_be_searched_is_said() {
        let (_, last) = run(&quarry("love", Way::All { events: 3 }));
        assert!(last.unwrap_err().to_string().starts_with("there is no check love"));
    }

    #[test]
    fn reports_pass_through_the_wire() {
        let (_, last) = run(&quarry("election-safety", Way::All { events: 1 }));
        let report = last.unwrap();
        assert_eq!(postcard::from_bytes::<Report>(&postcard::to_stdvec(&report).unwrap()), Ok(report));
    }
}
