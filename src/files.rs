//! Files that a visitor opens, drops on the page, or saves.

use js_sys::{Array, ArrayBuffer, Uint8Array};
use sim::encoding::text_of;
use sim::{Text, t};
use wasm_bindgen::JsCast;
use web_sys::{Blob, BlobPropertyBag, DragEvent, File, FileList, FileReader, HtmlElement, HtmlInputElement, Url};
use yew::Callback;

use crate::dom::{self, Listener};

/// A file that is being read, until it is dropped.
#[derive(Debug)]
pub struct Reading {
    _reader: FileReader,
    _listener: Listener,
}

impl Reading {
    /// Begins to read a text of up to so many bytes, in UTF-8 or UTF-16, and reports it, or why there is none.
    pub fn begin(file: &File, most_bytes: usize, report: Callback<Result<String, Text>>) -> Option<Reading> {
        if file.size() > most_bytes as f64 {
            report.emit(Err(too_large(file.size() as usize, most_bytes)));
            return None;
        }
        let reader = FileReader::new().ok()?;
        let source = reader.clone();
        let listener = Listener::new(&reader, "loadend", move |_| {
            let bytes = source.result().ok().and_then(|result| result.dyn_into::<ArrayBuffer>().ok());
            let bytes = bytes.map(|bytes| Uint8Array::new(&bytes).to_vec());
            report.emit(bytes.ok_or_else(|| t!("the browser cannot read it")).and_then(|bytes| text_of(&bytes)));
        });
        reader.read_as_array_buffer(file).ok()?;
        Some(Reading { _reader: reader, _listener: listener })
    }
}

/// Why a text is not read.
pub fn too_large(bytes: usize, most_bytes: usize) -> Text {
    t!("it has {bytes} bytes, and at most {most} are read", bytes = bytes, most = most_bytes)
}

/// The file that a visitor has chosen; the same one can then be chosen again.
pub fn chosen(input: &HtmlInputElement) -> Option<File> {
    let file = input.files()?.get(0);
    input.set_value("");
    file
}

/// Lets a file that is dragged be dropped: without this the browser would leave the page and show the file.
pub fn take_drag(event: &DragEvent) {
    let carried = event.data_transfer().map(|dragged| dragged.types());
    if carried.is_some_and(|types| types.includes(&"Files".into(), 0)) {
        event.prevent_default();
    }
}

/// The file that has been dropped on the page.
pub fn dropped(event: &DragEvent) -> Option<File> {
    let file = event.data_transfer()?.files()?.get(0)?;
    event.prevent_default();
    Some(file)
}

/// All files that a visitor has chosen; the same ones can then be chosen again.
pub fn all_chosen(input: &HtmlInputElement) -> Vec<File> {
    let files = input.files().map(listed).unwrap_or_default();
    input.set_value("");
    files
}

/// All files that have been dropped on the page.
pub fn all_dropped(event: &DragEvent) -> Vec<File> {
    let files = event.data_transfer().and_then(|dragged| dragged.files()).map(listed).unwrap_or_default();
    event.prevent_default();
    files
}

fn listed(files: FileList) -> Vec<File> {
    (0..files.length()).filter_map(|place| files.get(place)).collect()
}

/// Gives the visitor a file to keep.
pub fn save(name: &str, kind: &str, content: &[u8]) {
    let _ = try_save(name, kind, content);
}

fn try_save(name: &str, kind: &str, content: &[u8]) -> Option<()> {
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    let parts = Array::of1(&Uint8Array::from(content));
    save_blob(name, &Blob::new_with_u8_array_sequence_and_options(&parts, &options).ok()?)
}

/// Gives the visitor a file that the browser has made. None where it cannot.
pub fn save_blob(name: &str, blob: &Blob) -> Option<()> {
    let address = Url::create_object_url_with_blob(blob).ok()?;
    let link = dom::document()?.create_element("a").ok()?;
    link.set_attribute("href", &address).ok()?;
    link.set_attribute("download", name).ok()?;
    link.unchecked_ref::<HtmlElement>().click();
    Url::revoke_object_url(&address).ok()
}
