//! Regular expressions of the browser, the same that ShiViz uses.

use std::ops::Range;

use js_sys::{Array, Function, JsString, Object, Reflect, RegExp};
use sim::log::{self, Match};
use sim::{Text, t};
use wasm_bindgen::{JsCast, JsValue};

/// Every match, `^` and `$` at the lines, and the places of all groups.
const FLAGS: &str = "gmd";

/// A regular expression of the browser.
#[derive(Debug)]
pub struct Expression {
    regex: RegExp,
    names: Vec<String>,
}

impl Expression {
    /// Reads an expression.
    ///
    /// # Errors
    ///
    /// Says what the browser says is wrong with it.
    pub fn new(written: &str) -> Result<Expression, Text> {
        let regex = compiled(written)?;
        // An expression that matches nothing at all still tells the names of all its groups.
        let names = matches(&compiled(&format!("{written}|"))?, &JsString::from(""))
            .find_map(|found| Reflect::get(&found, &"groups".into()).ok().filter(JsValue::is_object))
            .map_or_else(Vec::new, |groups| {
                Object::keys(groups.unchecked_ref::<Object>()).iter().filter_map(|name| name.as_string()).collect()
            });
        Ok(Expression { regex, names })
    }
}

impl log::Expression for Expression {
    fn names(&self) -> Vec<String> {
        self.names.clone()
    }

    fn matches<'a>(&'a self, text: &'a str) -> Box<dyn Iterator<Item = Match> + 'a> {
        let bytes = bytes(text);
        let found = matches(&self.regex, &JsString::from(text));
        Box::new(found.filter_map(move |found| {
            let indices = Reflect::get(&found, &"indices".into()).ok()?;
            let groups = Reflect::get(&indices, &"groups".into()).ok()?;
            let whole = Reflect::get_u32(&indices, 0).ok()?;
            let caught = |name: &String| range(&Reflect::get(&groups, &name.as_str().into()).ok()?, &bytes);
            Some(Match { range: range(&whole, &bytes)?, groups: self.names.iter().map(caught).collect() })
        }))
    }
}

fn compiled(written: &str) -> Result<RegExp, Text> {
    let constructor = Reflect::get(&js_sys::global(), &"RegExp".into()).map(Function::from);
    let built = constructor.and_then(|new| Reflect::construct(&new, &Array::of2(&written.into(), &FLAGS.into())));
    built.map(JsCast::unchecked_into).map_err(|error| {
        let said = error.dyn_into::<js_sys::Error>().map_or_else(|_| String::new(), |error| error.message().into());
        // Browsers repeat the expression before they say what is wrong with it.
        t!("it is no regular expression: {why}", why = said.rsplit(": ").next().unwrap_or_default().to_string())
    })
}

/// All matches. The browser itself goes on behind a match of nothing.
fn matches(regex: &RegExp, text: &JsString) -> impl Iterator<Item = JsValue> + use<> {
    text.match_all(regex).into_iter().map_while(Result::ok)
}

/// A pair of places as the browser gives them; none where a group took no part.
fn range(pair: &JsValue, bytes: &[usize]) -> Option<Range<usize>> {
    let place = |end: u32| bytes.get(pair.dyn_ref::<Array>()?.get(end).as_f64()? as usize).copied();
    Some(place(0)?..place(1)?)
}

/// The byte at which each UTF-16 unit of a text begins, and its end. Half a character counts as the whole one's beginning.
fn bytes(text: &str) -> Vec<usize> {
    let units = text.char_indices().flat_map(|(start, letter)| std::iter::repeat_n(start, letter.len_utf16()));
    units.chain([text.len()]).collect()
}

#[cfg(test)]
mod tests {
    use super::bytes;

    #[test]
    fn places_in_units_become_places_in_bytes() {
        assert_eq!(bytes("ab"), [0, 1, 2]);
        assert_eq!(bytes("é€😀x"), [0, 2, 5, 5, 9, 10]);
    }
}
