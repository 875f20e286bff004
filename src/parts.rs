//! Parts of the program that are loaded when they are asked for. In a release each is a file of its own, which the script
//! in front of the app's glue fetches (`xtask/src/parts.js`); in any other build all of them are there from the beginning.

use std::fmt::{self, Debug};
use std::pin::Pin;
use std::sync::OnceLock;

use sim::{Text, t};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// A part, as the table of what the rest of the program may call in it. Made with [`part!`](crate::part).
pub struct Part<T: 'static> {
    there: OnceLock<T>,
    source: Source<T>,
}

/// Where parts are files, it takes time to get one.
#[cfg(all(feature = "lazy", target_family = "wasm"))]
pub type Source<T> = fn() -> Pin<Box<dyn Future<Output = Result<T, wasm_split_helpers::SplitLoaderError>>>>;

/// Where all is one module, a part is there.
#[cfg(not(all(feature = "lazy", target_family = "wasm")))]
pub type Source<T> = fn() -> T;

/// Makes a part: `part!(why: Answers = Answers { … });` is a static `PART` and a function `why`, which stands for the part
/// in the names of files. The rest of the program may name what is in it only through `PART`: whatever is reached in
/// another way is in the main module.
#[macro_export]
macro_rules! part {
    ($name:ident: $table:ty = $value:expr) => {
        /// What the rest of the program can call here, once it is loaded.
        #[cfg(all(feature = "lazy", target_family = "wasm"))]
        pub static PART: $crate::parts::Part<$table> = $crate::parts::Part::new(|| Box::pin($name()));

        #[cfg(all(feature = "lazy", target_family = "wasm"))]
        #[wasm_split_helpers::wasm_split($name, fallible)]
        fn $name() -> Result<$table, wasm_split_helpers::SplitLoaderError> {
            Ok($value)
        }

        /// What the rest of the program can call here.
        #[cfg(not(all(feature = "lazy", target_family = "wasm")))]
        pub static PART: $crate::parts::Part<$table> = $crate::parts::Part::new(|| $value);
    };
}

impl<T: 'static> Part<T> {
    /// A part that comes from there.
    pub const fn new(source: Source<T>) -> Part<T> {
        Part { there: OnceLock::new(), source }
    }

    /// What it lets others call, once it is loaded.
    #[cfg(all(feature = "lazy", target_family = "wasm"))]
    pub fn get(&'static self) -> Option<&'static T> {
        self.there.get()
    }

    /// What it lets others call.
    #[cfg(not(all(feature = "lazy", target_family = "wasm")))]
    pub fn get(&'static self) -> Option<&'static T> {
        Some(self.there.get_or_init(self.source))
    }

    /// Loads it, unless it is there. What did not come can be asked for again.
    ///
    /// # Errors
    ///
    /// Says why it did not come.
    pub async fn load(&'static self) -> Result<&'static T, Missing> {
        #[cfg(all(feature = "lazy", target_family = "wasm"))]
        if self.there.get().is_none() {
            match (self.source)().await {
                Ok(table) => drop(self.there.set(table)),
                Err(_) => return Err(Missing::why().await),
            }
        }
        self.get().ok_or(Missing::Unreachable)
    }
}

/// Something on its way.
pub type Loading = Pin<Box<dyn Future<Output = Result<(), Missing>>>>;

/// A part, whatever is in it.
pub trait Piece {
    /// Whether it is there.
    fn is_there(&'static self) -> bool;
    /// Loads it, unless it is there.
    fn bring(&'static self) -> Loading;
}

impl<T> Piece for Part<T> {
    fn is_there(&'static self) -> bool {
        self.get().is_some()
    }

    fn bring(&'static self) -> Loading {
        Box::pin(async { self.load().await.map(drop) })
    }
}

impl<T> Debug for Part<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Part").field("is_there", &self.there.get().is_some()).finish()
    }
}

/// Why a part did not come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// The host could not be reached, or did not give it.
    Unreachable,
    /// The host has another release now, without the parts of this one.
    Outdated,
}

impl Missing {
    /// Finds out why a part did not come.
    pub async fn why() -> Missing {
        match is_old().await {
            Ok(is_old) if is_old.is_truthy() => Missing::Outdated,
            _ => Missing::Unreachable,
        }
    }

    /// What has happened, and what helps.
    pub fn sentence(self) -> Text {
        match self {
            Missing::Unreachable => t!("A part of Netsplit could not be loaded. Check the connection and try again."),
            Missing::Outdated => {
                t!(
                    "There is a newer version of Netsplit than the one on this page. Load it to go on; your run is kept."
                )
            }
        }
    }

    /// What the button says that does what helps.
    pub fn remedy(self) -> Text {
        match self {
            Missing::Unreachable => t!("Try again"),
            Missing::Outdated => t!("Load the new version"),
        }
    }
}

/// The parts of these names in a form that can be sent to a worker.
///
/// # Errors
///
/// Says why one of them did not come.
pub async fn packed(names: &[String]) -> Result<JsValue, Missing> {
    // Without the script, all parts are in the module.
    if cfg!(not(all(feature = "lazy", target_family = "wasm"))) {
        return Ok(JsValue::UNDEFINED);
    }
    match pack(names.iter().map(|name| JsValue::from_str(name)).collect()).await {
        Ok(parts) => Ok(parts),
        Err(_) => Err(Missing::why().await),
    }
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = netsplitParts, js_name = isOld, catch)]
    async fn is_old() -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_namespace = netsplitParts, catch)]
    async fn pack(names: js_sys::Array) -> Result<JsValue, JsValue>;
}
