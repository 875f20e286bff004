//! Who has how much of the hash power, in millionths.

use super::settings::{Attacker, Powers};

const ALL: u64 = 1_000_000;

/// The shares of so many miners. The last one is the attacker, if there is one.
pub fn shares(miners: u16, powers: Powers, attacker: Attacker, attacker_percent: u64) -> Vec<u64> {
    let count = usize::from(miners);
    let attacks = attacker != Attacker::None;
    let others = if attacks { count - 1 } else { count };
    let left = if attacks { ALL - attacker_percent * 10_000 } else { ALL };
    let mut shares = match powers {
        Powers::Equal => split(left, others),
        Powers::OneThird => {
            let mut shares = split(left - left / 3, others - 1);
            shares.insert(0, left / 3);
            shares
        }
        Powers::SixtyForty => {
            let half = others.div_ceil(2);
            let mut shares = split(left * 3 / 5, half);
            shares.extend(split(left - left * 3 / 5, others - half));
            shares
        }
    };
    if attacks {
        shares.push(attacker_percent * 10_000);
    }
    shares
}

/// In equal parts; what is left over goes to the first.
fn split(all: u64, count: usize) -> Vec<u64> {
    let count = count.max(1) as u64;
    (0..count).map(|place| all / count + if place == 0 { all % count } else { 0 }).collect()
}
