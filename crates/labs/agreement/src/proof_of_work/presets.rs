//! Settings as real systems have them.

use parts::values::{number, word};
use sim::{Preset, Presets, t};

use super::ProofOfWork;

impl Presets for ProofOfWork {
    fn presets() -> Vec<Preset> {
        vec![
            Preset {
                name: "bitcoin",
                title: t!("Bitcoin: a block every 600 s, the work is set every 2,016 blocks, six confirmations"),
                source: "github.com/bitcoin/bitcoin: src/kernel/chainparams.cpp (nPowTargetTimespan, nPowTargetSpacing), src/pow.cpp (factor 4), src/qt/transactionrecord.h (RecommendedNumConfirmations)",
                settings: vec![
                    ("interval_ms", number(600_000)),
                    ("retarget", word("bitcoin")),
                    ("window", number(2_016)),
                    ("confirmations", number(6)),
                ],
            },
            Preset {
                name: "homestead",
                title: t!(
                    "Ethereum with proof of work: a block every 15 s, the work is set with each block (no uncles here)"
                ),
                source: "eips.ethereum.org/EIPS/eip-2: difficulty adjustment of Homestead",
                settings: vec![("interval_ms", number(15_000)), ("retarget", word("homestead"))],
            },
        ]
    }
}
