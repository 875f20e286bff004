//! Turns fenced blocks of a book into live figures of Netsplit:
//!
//! ````text
//! ```netsplit
//! lab = "raft"
//! scenario = "split-vote"
//! controls = "step"
//! picture = "split-vote.svg"
//! caption = "Three candidates share the votes"
//! ```
//! ````
//!
//! `book.toml` says where the release is: `[preprocessor.netsplit]` with `src = "https://example.org/netsplit/"`. The
//! picture, such as `snapshot()` of the element gives, stands there until the figure comes, and in print.

use serde_json::Value;

mod block;

/// Does its work on what mdBook writes, `[context, book]`, and gives back the book.
///
/// The protocol is read as plain JSON, so that it works with the books of mdBook 0.4 and 0.5 alike.
pub fn preprocess(input: &str) -> Result<String, String> {
    let (context, mut book): (Value, Value) =
        serde_json::from_str(input).map_err(|error| format!("this is not what mdBook writes: {error}"))?;
    let src = context
        .pointer("/config/preprocessor/netsplit/src")
        .and_then(Value::as_str)
        .ok_or("book.toml has to say where Netsplit is: [preprocessor.netsplit] src = \"https://…/\"")?;
    visit(&mut book, &mut |chapter, content| {
        block::replace(content, src).map_err(|problem| format!("in the chapter “{chapter}”, {problem}"))
    })?;
    Ok(book.to_string())
}

/// Changes the content of each chapter, wherever it stands in the book.
fn visit(value: &mut Value, change: &mut impl FnMut(&str, &str) -> Result<String, String>) -> Result<(), String> {
    match value {
        Value::Array(values) => values.iter_mut().try_for_each(|value| visit(value, change)),
        Value::Object(fields) => {
            let name = fields.get("name").and_then(Value::as_str).unwrap_or_default().to_string();
            if let (true, Some(Value::String(content))) = (fields.contains_key("sub_items"), fields.get_mut("content"))
            {
                *content = change(&name, content)?;
            }
            fields.values_mut().try_for_each(|value| visit(value, change))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(items: &str, content: &str) -> String {
        let content = Value::from(content);
        format!(
            r#"[{{"root":"/b","config":{{"preprocessor":{{"netsplit":{{"src":"https://a.b/n"}}}}}},"renderer":"html"}},
               {{"{items}":["Separator",{{"Chapter":{{"name":"One","content":"","number":[1],"sub_items":[
                 {{"Chapter":{{"name":"Two","content":{content},"number":[1,1],"sub_items":[],"path":"2.md"}}}}],"path":"1.md"}}}}]}}]"#
        )
    }

    #[test]
    fn chapters_of_both_kinds_of_books_get_their_figures() {
        for items in ["items", "sections"] {
            let book = preprocess(&input(items, "```netsplit\nlab = \"raft\"\n```\n")).unwrap();
            let book: Value = serde_json::from_str(&book).unwrap();
            let chapter = &book[items][1]["Chapter"]["sub_items"][0]["Chapter"];
            assert!(chapter["content"].as_str().unwrap().contains("<netsplit-lab lab=\"raft\""), "{chapter}");
            assert_eq!(chapter["path"], "2.md");
        }
    }

    #[test]
    fn a_problem_names_its_chapter() {
        let problem = preprocess(&input("items", "```netsplit\nlab = raft\n```\n")).unwrap_err();
        assert!(problem.starts_with("in the chapter “Two”, line 2"), "{problem}");
        assert!(preprocess("[{}, {}]").unwrap_err().contains("book.toml has to say where Netsplit is"));
        assert!(preprocess("{}").unwrap_err().contains("this is not what mdBook writes"));
    }
}
