//! How many tests passed, of each kind and in all.

use anyhow::{Result, bail};

/// The outcome of one kind of test.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    pub passed: u64,
    pub failed: u64,
    pub skipped: u64,
    /// Of those that passed, how many did so only when they were run again.
    pub flaky: u64,
}

impl std::fmt::Display for Count {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { passed, failed, skipped, flaky } = self;
        write!(formatter, "{passed} passed, {failed} failed")?;
        if *skipped > 0 {
            write!(formatter, ", {skipped} skipped")?;
        }
        if *flaky > 0 {
            write!(formatter, " ({flaky} passed only when run again)")?;
        }
        Ok(())
    }
}

/// The outcomes so far.
#[derive(Default)]
pub struct Tally {
    kinds: Vec<(&'static str, Count)>,
    broken: Vec<String>,
}

impl Tally {
    /// Takes in one kind; tests that could not run do not keep the others from running.
    pub fn add(&mut self, kind: &'static str, outcome: Result<Count>) {
        match outcome {
            Ok(count) if count.passed + count.failed == 0 => {
                self.broken.push(format!("{kind}: no test ran"));
            }
            Ok(count) => {
                println!("{kind}: {count}");
                self.kinds.push((kind, count));
            }
            Err(problem) => {
                eprintln!("{kind}: {problem:#}");
                self.broken.push(format!("{kind}: {problem:#}"));
            }
        }
    }

    /// Prints the summary, and fails if anything did.
    pub fn close(self) -> Result<()> {
        let mut total = Count::default();
        println!();
        for (kind, count) in &self.kinds {
            println!("{kind}: {count}");
            total.passed += count.passed;
            total.failed += count.failed;
            total.skipped += count.skipped;
            total.flaky += count.flaky;
        }
        for problem in &self.broken {
            println!("{problem}");
        }
        println!("total: {total}");
        if !self.broken.is_empty() {
            bail!("some tests could not run");
        }
        if total.failed > 0 {
            bail!("some tests failed");
        }
        Ok(())
    }
}
