//! Five nodes, one of them the leader: every 50 ms (of virtual time) it sends a heartbeat to the four others, which
//! reply and start their election timers again. How many messages does each simulator deliver in a second of real time?

#[cfg(not(madsim))]
compile_error!(
    "madsim simulates only with --cfg madsim: run this from the folder bench-peers, or by `cargo xtask bench --peers`"
);

mod load;
#[cfg(madsim)]
mod peer_madsim;

fn main() {
    // Netsplit's own half comes here: `netsplit::run()`, the same load on crates/sim, checks on and checks off.
    #[cfg(madsim)]
    load::print("madsim", &peer_madsim::run());
}
