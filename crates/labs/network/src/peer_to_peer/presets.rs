//! Settings as real systems have them.

use parts::values::{number, word};
use sim::{Preset, Presets, t};

use super::PeerToPeer;

impl Presets for PeerToPeer {
    fn presets() -> Vec<Preset> {
        vec![Preset {
            name: "bep-3",
            title: t!(
                "BEP 3: rounds of 10 s, four places with one for anybody, blocks of 16 KB, pieces chosen at random"
            ),
            source: "bittorrent.org/beps/bep_0003.html: peer protocol",
            settings: vec![
                ("choke_s", number(10)),
                ("unchoked", number(4)),
                ("optimistic_s", number(30)),
                ("block_kb", number(16)),
                ("selection", word("random")),
            ],
        }]
    }
}
