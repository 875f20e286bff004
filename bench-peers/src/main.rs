//! Two loads. First, five nodes, one of them the leader: every 50 ms (of virtual time) it sends a heartbeat to the four others, which
//! reply and start their election timers again. How many messages does each simulator deliver in a second of real time?
//! Second, a search for a broken check of Raft with five servers: how many states does each look at in a second?

#[cfg(not(madsim))]
compile_error!(
    "madsim simulates only with --cfg madsim: run this from the folder bench-peers, or by `cargo xtask bench --peers`"
);

mod load;
mod netsplit;
#[cfg(madsim)]
mod peer_madsim;
mod peer_stateright;

fn main() {
    let (checked, plain) = (netsplit::run(true), netsplit::run(false));
    load::print("netsplit, stamps and checks", &checked);
    load::print("netsplit, stamps, no checks", &plain);
    #[cfg(madsim)]
    {
        let madsim = peer_madsim::run();
        load::print("madsim", &madsim);
        println!(
            "ratio to madsim: {:.1} with checks, {:.1} without",
            checked.rate() / madsim.rate(),
            plain.rate() / madsim.rate()
        );
    }
    let hunts = netsplit::hunts();
    let (breadth_first, walks) = peer_stateright::run();
    println!("netsplit, hunt in all of Raft: {hunts:.0} states/s");
    println!("stateright, elections only, breadth first: {breadth_first:.0} states/s");
    println!("stateright, elections only, random walks: {walks:.0} states/s");
    println!("ratio to stateright: {:.1} and {:.1}", hunts / breadth_first, hunts / walks);
}
