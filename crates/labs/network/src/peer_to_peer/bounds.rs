//! How long it takes at the least until everybody has the file (Kurose and Ross, section 2.5; Kumar and Ross 2006, theorem 1).

use super::settings::{Config, Mode};

/// The least time from one server, and the least time as a swarm, in microseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    pub client_server_us: u64,
    pub swarm_us: u64,
}

impl Bounds {
    /// For `peers` that want `bytes`, where the server sends with `seed_kbps`, and each peer sends and receives with these.
    pub fn new(bytes: u64, peers: u64, seed_kbps: u64, up_kbps: u64, down_kbps: u64) -> Bounds {
        // Kilobits a second are bits a millisecond.
        let us = |bytes: u64, kbps: u64| (u128::from(bytes) * 8_000 / u128::from(kbps.max(1))) as u64;
        let down_us = us(bytes, down_kbps);
        let client_server_us = us(peers * bytes, seed_kbps).max(down_us);
        let swarm_us = us(bytes, seed_kbps).max(down_us).max(us(peers * bytes, seed_kbps + peers * up_kbps));
        Bounds { client_server_us, swarm_us }
    }

    /// For what is set: free riders send nothing.
    pub fn of(config: &Config) -> Bounds {
        let peers = u64::from(config.peers);
        let givers = peers - u64::from(config.free_riders).min(peers);
        // What all send together is shared out among all.
        let up_kbps = config.peer_kbps * givers / peers.max(1);
        Bounds::new(config.bytes(), peers, config.seed_kbps, up_kbps, config.down_kbps)
    }

    /// The one that counts now.
    pub fn in_mode(self, mode: Mode) -> u64 {
        match mode {
            Mode::Swarm => self.swarm_us,
            Mode::ClientServer => self.client_server_us,
        }
    }
}
