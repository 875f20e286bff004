//! Work beside the page: the same module, started in a worker, where it does one errand and reports.

use js_sys::{Array, Reflect, Uint8Array};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sim::{Text, t};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{Blob, BlobPropertyBag, DedicatedWorkerGlobalScope, MessageEvent, Url, Worker};
use yew::Callback;

use crate::dom;
use crate::hunt::Quarry;
use crate::hunt::show::Search;
use crate::lesson::scales::Parcel;
use crate::log_page::Manuscript;
use crate::part;
use crate::parts::packed;
use crate::write::proof;

/// What a worker can be asked for.
#[derive(Debug, Serialize, Deserialize)]
pub enum Errand {
    Hunt(Quarry),
    Show(Search),
    ReadLog(Manuscript),
    Prove(proof::Manuscript),
    Weigh(Parcel),
}

impl Errand {
    /// The lab that it is about.
    fn lab(&self) -> Option<&str> {
        match self {
            Errand::Hunt(quarry) => Some(&quarry.lab),
            Errand::Show(search) => Some(&search.lab),
            Errand::Prove(draft) => Some(&draft.lab),
            Errand::Weigh(parcel) => Some(&parcel.lab),
            Errand::ReadLog(_) => None,
        }
    }

    /// The parts that a worker needs for it.
    fn parts(&self) -> Vec<String> {
        let lab = self.lab().map(|lab| lab.replace('-', "_"));
        let errands = if matches!(self, Errand::Prove(_)) { "proof" } else { "errands" };
        lab.into_iter().chain([errands.to_string()]).collect()
    }
}

/// Something that takes long, and what it says while it goes on and at its end.
pub trait Work: Into<Errand> {
    type Report: Serialize + DeserializeOwned + 'static;

    /// Does it, in a worker. Returns the last report.
    ///
    /// # Errors
    ///
    /// Says why it cannot be done.
    fn run(self, tell: &dyn Fn(Self::Report)) -> Result<Self::Report, Text>;
}

/// What goes from a worker to the page.
#[derive(Debug, Serialize, Deserialize)]
enum Letter<R> {
    /// The worker is there and waits for its errand.
    Ready,
    Report(R),
    Failed(Text),
}

/// A worker at its errand. It stops when this is dropped.
#[derive(Debug)]
pub struct Helper {
    worker: Worker,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(JsValue)>,
}

impl Helper {
    /// Starts a worker and gives it its errand. None where the browser allows no worker.
    pub fn send<W: Work>(work: W, report: Callback<Result<W::Report, Text>>) -> Option<Helper> {
        let address = script_address()?;
        let worker = Worker::new(&address).ok();
        let _ = Url::revoke_object_url(&address);
        let worker = worker?;
        let work = work.into();
        let parts = work.parts();
        let mut errand = Some(work);
        let on_message = {
            let (worker, report) = (worker.clone(), report.clone());
            Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
                let Ok(bytes) = event.data().dyn_into::<Uint8Array>() else { return };
                match postcard::from_bytes(&bytes.to_vec()) {
                    Ok(Letter::Ready) => post(&errand.take(), |bytes| worker.post_message(bytes)),
                    Ok(Letter::Report(said)) => report.emit(Ok(said)),
                    Ok(Letter::Failed(why)) => report.emit(Err(why)),
                    Err(_) => report.emit(Err(t!("the worker said something unreadable"))),
                }
            })
        };
        let missing = report.clone();
        let on_error = Closure::<dyn FnMut(JsValue)>::new(move |_| {
            report.emit(Err(t!("the worker has stopped: it may have run out of memory")));
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        {
            let worker = worker.clone();
            spawn_local(async move {
                match packed(&parts).await {
                    Ok(parts) => drop(worker.post_message(&Array::of2(&wasm_bindgen::module(), &parts))),
                    Err(why) => missing.emit(Err(why.sentence())),
                }
            });
        }
        Some(Helper { worker, _on_message: on_message, _on_error: on_error })
    }
}

impl Drop for Helper {
    fn drop(&mut self) {
        // What it has said already would still be delivered.
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

/// What the worker does with the module and the parts that it is sent.
const STARTER: &str = "onmessage = ({ data: [module, parts] }) => {
  globalThis.netsplitParts?.unpack(parts);
  wasm_bindgen({ module_or_path: module });
};";

/// A script that starts the module it is sent, with the page's own script between the two: that is a file, or, where the
/// page is one file, stands in it.
fn script_address() -> Option<String> {
    let element = dom::find("script#glue")?;
    let file = Reflect::get(element.as_ref(), &"src".into()).ok()?.as_string().filter(|file| !file.is_empty());
    let glue = match file {
        Some(file) => format!("importScripts({file:?});"),
        None => element.text_content()?,
    };
    let text = format!("{glue}\n{STARTER}");
    let kind = BlobPropertyBag::new();
    kind.set_type("text/javascript");
    let blob = Blob::new_with_str_sequence_and_options(&Array::of1(&text.into()), &kind).ok()?;
    Url::create_object_url_with_blob(&blob).ok()
}

/// Waits for an errand and does it, in a worker.
pub fn serve() {
    let Ok(scope) = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() else { return };
    let on_message = {
        let scope = scope.clone();
        Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let bytes = event.data().dyn_into::<Uint8Array>().map(|bytes| bytes.to_vec()).unwrap_or_default();
            match postcard::from_bytes(&bytes) {
                Ok(Some(errand)) => spawn_local(serve_errand(errand, scope.clone())),
                Ok(None) | Err(_) => write(&scope, &Letter::<()>::Failed(t!("the page asked something unreadable"))),
            }
        })
    };
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget();
    write(&scope, &Letter::<()>::Ready);
}

async fn serve_errand(errand: Errand, scope: DedicatedWorkerGlobalScope) {
    if let Some(lab) = errand.lab()
        && let Err(sentence) = labs::registry::load(lab).await
    {
        return write(&scope, &Letter::<()>::Failed(sentence));
    }
    // Who proves a draft reads it first.
    let part = if matches!(errand, Errand::Prove(_)) { &proof::PART } else { &PART };
    match part.load().await {
        Ok(errands) => (errands.run)(errand, &scope),
        Err(why) => write(&scope, &Letter::<()>::Failed(why.sentence())),
    }
}

/// What a worker does.
#[derive(Debug)]
pub struct Errands {
    pub run: fn(Errand, &DedicatedWorkerGlobalScope),
}

part!(errands: Errands = Errands { run: run_errand });

fn run_errand(errand: Errand, scope: &DedicatedWorkerGlobalScope) {
    match errand {
        Errand::Hunt(quarry) => run(quarry, scope),
        Errand::Show(search) => run(search, scope),
        Errand::ReadLog(manuscript) => run(manuscript, scope),
        Errand::Weigh(parcel) => run(parcel, scope),
        Errand::Prove(_) => {}
    }
}

/// Does something that takes long, and reports.
pub fn run<W: Work>(work: W, scope: &DedicatedWorkerGlobalScope) {
    let last = work.run(&|report| write(scope, &Letter::Report(report)));
    write(scope, &last.map_or_else(Letter::Failed, Letter::Report));
}

fn write(scope: &DedicatedWorkerGlobalScope, letter: &impl Serialize) {
    post(letter, |bytes| scope.post_message(bytes));
}

fn post(what: &impl Serialize, post: impl FnOnce(&JsValue) -> Result<(), JsValue>) {
    if let Ok(bytes) = postcard::to_stdvec(what) {
        let _ = post(&Uint8Array::from(bytes.as_slice()));
    }
}
