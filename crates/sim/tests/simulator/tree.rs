//! Branches that are kept and opened again (DESIGN, section 1: nothing is ever lost).

use sim::share::{pack, unpack};
use sim::{Fork, Input, LabSession, NodeId, Of, Tree, Work};

use crate::echo::EchoLab;

fn work() -> Work {
    Work::new(Of::<EchoLab>::LAB).unwrap()
}

/// Three branches: B forks from A, and C from B before that.
fn branched() -> Work {
    let mut work = work();
    work.restart(Vec::new(), 7).unwrap();
    work.seek(60);
    work.seek(30);
    work.act(Input::Crash(NodeId(1)), None).unwrap();
    work.seek(80);
    work.seek(20);
    work.act(Input::Crash(NodeId(2)), None).unwrap();
    work.rename_branch(1, "N1 is gone".to_string()).unwrap();
    work.seek(25);
    work
}

/// What there is to see of each branch at its moment.
fn seen(work: &mut Work) -> Vec<(u64, u64)> {
    let count = work.branches().len();
    let look = |branch| {
        work.select_branch(branch).unwrap();
        (work.scenario().cursor, work.digest())
    };
    (0..count).map(look).collect()
}

#[test]
fn branches_come_back_as_they_were_left() {
    let mut work = branched();
    let tree = work.tree();
    let mut other = self::work();
    other.plant(&unpack(&pack(&tree)).expect("a tree")).unwrap();
    assert_eq!(other.branches(), work.branches().into_iter().map(|row| other_length(row, 2, 0)).collect::<Vec<_>>());
    // The branch that is shown is led to its moment by who shows it.
    assert_eq!(other.scenario().cursor, 0);
    other.seek(25);
    assert_eq!(other.tree(), tree);
    assert_eq!(seen(&mut other), seen(&mut work));
    assert_eq!(other.branches(), work.branches());
}

/// The row with another number of computed events, if it is that branch.
fn other_length(mut row: sim::BranchRow, branch: usize, length: u64) -> sim::BranchRow {
    if row.letter == ["A", "B", "C"][branch] {
        row.length = length;
    }
    row
}

#[test]
fn a_branch_knows_how_much_of_its_past_it_shares() {
    let rows = branched().branches();
    let fork = |letter: &str, event| Fork { letter: letter.to_string(), event };
    assert_eq!(rows[1].past, [fork("A", 30)]);
    assert_eq!(rows[2].past, [fork("B", 20), fork("A", 20)]);
    assert!(rows[2].has("C", 99) && rows[2].has("A", 20) && !rows[2].has("A", 21) && !rows[0].has("B", 1));
}

#[test]
fn a_removed_branch_comes_back() {
    let mut work = branched();
    let (rows, before) = (work.branches(), seen(&mut work));
    work.remove_branch(1).unwrap();
    assert_eq!(work.branches().len(), 2);
    work.regrow().unwrap();
    let selected = |row: sim::BranchRow| sim::BranchRow { selected: row.letter == "B", ..row };
    assert_eq!(work.branches(), rows.into_iter().map(selected).collect::<Vec<_>>());
    assert_eq!(seen(&mut work), before);
    assert_eq!(work.regrow().unwrap_err().to_string(), "no branch has been removed");
}

/// What a link has brought for later is a run too: acting before it makes a branch.
#[test]
fn acting_removes_no_input_that_lies_ahead() {
    let mut work = work();
    work.restart(Vec::new(), 7).unwrap();
    work.seek(40);
    work.act(Input::Crash(NodeId(1)), None).unwrap();
    let mut scenario = work.scenario();
    scenario.cursor = 10;
    let mut other = self::work();
    other.load(&scenario).unwrap();
    other.act(Input::Crash(NodeId(2)), None).unwrap();
    assert_eq!(other.branches().len(), 2);
    other.select_branch(0).unwrap();
    assert_eq!(other.scenario(), scenario);
}

#[test]
fn a_tree_that_cannot_be_opened_changes_nothing() {
    let mut work = branched();
    let tree = work.tree();
    for (wrong, sentence) in [
        (Tree { version: 9, ..tree.clone() }, "another version of Netsplit"),
        (Tree { selected: 3, ..tree.clone() }, "it is damaged"),
        (Tree { branches: Vec::new(), ..tree.clone() }, "it is damaged"),
    ] {
        let refusal = work.plant(&wrong).unwrap_err().to_string();
        assert!(refusal.contains(sentence), "{refusal}");
        assert_eq!(work.tree(), tree);
    }
}

/// Equal inputs of branches pack into next to nothing: ten branches of forty inputs are no larger than a picture's icon.
#[test]
fn branches_pack_well() {
    let mut work = work();
    work.restart(Vec::new(), 7).unwrap();
    for round in 1..=20 {
        work.seek(round * 40);
        work.act(Input::Crash(NodeId(1)), None).unwrap();
        work.seek(round * 40 + 20);
        work.act(Input::Restart(NodeId(1)), None).unwrap();
    }
    let one = pack(&work.tree()).len();
    for _ in 0..9 {
        work.seek(810);
        work.act(Input::Crash(NodeId(2)), None).unwrap();
        work.select_branch(0).unwrap();
        work.seek(815);
    }
    let ten = pack(&work.tree()).len();
    assert!(ten < 3 * one && ten < 2_000, "{one} and {ten} characters");
}

#[test]
fn damaged_letters_are_no_tree() {
    let letters = pack(&branched().tree());
    for length in 0..letters.len() {
        assert_eq!(unpack::<Tree>(&letters[..length]), None, "the first {length} characters");
    }
    assert_eq!(unpack::<Tree>("***"), None);
}
