//! `mdbook-netsplit`: mdBook calls it with a book on its standard input.

use std::env;
use std::io::{Read, Write, stdin, stdout};
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    if let [question, renderer] = arguments.as_slice()
        && question == "supports"
    {
        return if renderer == "html" { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    }
    match preprocess() {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("mdbook-netsplit: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn preprocess() -> Result<(), String> {
    let mut input = String::new();
    stdin().read_to_string(&mut input).map_err(|error| format!("cannot read the book: {error}"))?;
    let book = mdbook_netsplit::preprocess(&input)?;
    stdout().write_all(book.as_bytes()).map_err(|error| format!("cannot write the book: {error}"))
}
