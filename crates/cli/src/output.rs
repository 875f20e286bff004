//! What goes to the standard output and to the standard error. Where nobody reads any more, as after `| head`, it is passed
//! over: the exit code says what there is to say.

use std::fmt::Arguments;
use std::io::{self, ErrorKind, Write, stderr, stdout};

use sim::text::excerpt;

/// How many characters a sentence on the standard error has at most, so that it is read.
const LONGEST_SENTENCE: usize = 300;

/// Prints a line.
macro_rules! say {
    ($($text:tt)*) => { $crate::output::write(format_args!("{}\n", format_args!($($text)*))) };
}
pub(crate) use say;

/// Prints a text as it is.
pub fn write(text: Arguments<'_>) {
    finish(stdout().write_fmt(text));
}

/// Says on the standard error what is wrong, or what to know beside the result, in one sentence.
pub fn remark(sentence: &str) {
    finish(writeln!(stderr(), "{}", excerpt(sentence, LONGEST_SENTENCE)));
}

/// Shows how far something is, in place of what was shown before.
pub fn show_progress(text: Arguments<'_>) {
    finish(stderr().write_fmt(text).and_then(|()| stderr().flush()));
}

fn finish(result: io::Result<()>) {
    match result {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => panic!("the output cannot be written: {error}"),
        _ => {}
    }
}
