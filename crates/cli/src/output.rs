//! What goes to the standard output.

use std::fmt::Arguments;
use std::io::{ErrorKind, Write, stdout};

/// Prints a line. Where nobody reads any more, as after `| head`, it is passed over: the exit code says what it says.
macro_rules! say {
    ($($text:tt)*) => { $crate::output::write(format_args!("{}\n", format_args!($($text)*))) };
}
pub(crate) use say;

/// Prints a text as it is.
pub fn write(text: Arguments<'_>) {
    match stdout().write_fmt(text) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => panic!("the output cannot be written: {error}"),
        _ => {}
    }
}
