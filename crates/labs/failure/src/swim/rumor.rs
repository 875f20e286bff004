//! Epidemics in synchronous rounds, as the papers on them model them: no messages under way, no failures, everybody acts at
//! once. SWIM's own dissemination runs in the lab's world; these are the models that it descends from.

use sim::rng::Rng;

/// Who tells whom when two sites are in touch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exchange {
    /// The caller tells.
    Push,
    /// The caller asks.
    Pull,
    /// Both.
    PushPull,
}

/// In each round every site calls another one at random. Returns after how many rounds all of `n` know what one knew.
pub fn spread(n: usize, exchange: Exchange, rng: &mut Rng) -> u32 {
    let mut knows = vec![false; n];
    knows[0] = true;
    let (mut count, mut rounds) = (1, 0);
    while count < n {
        rounds += 1;
        let knew = knows.clone();
        for caller in 0..n {
            let called = another(caller, n, rng);
            let told = match exchange {
                Exchange::Push | Exchange::PushPull if knew[caller] => called,
                Exchange::Pull | Exchange::PushPull if knew[called] => caller,
                _ => continue,
            };
            count += usize::from(!knows[told]);
            knows[told] = true;
        }
    }
    rounds
}

/// A site other than this one.
fn another(site: usize, n: usize, rng: &mut Rng) -> usize {
    let drawn = rng.below(n as u64 - 1) as usize;
    drawn + usize::from(drawn >= site)
}

/// When a site loses interest in a rumor (Demers et al. 1987, section 1.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mongering {
    pub n: usize,
    pub k: u64,
    /// Push or pull.
    pub is_pull: bool,
    /// With feedback only a contact that was in vain counts; blind, every contact does.
    pub has_feedback: bool,
    /// Interest is lost after k contacts that count, one after the other; or else at each with probability 1/k.
    pub has_counter: bool,
}

/// What became of a rumor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The sites that never heard of it.
    pub missed: u64,
    /// The updates that were sent.
    pub traffic: u64,
    /// The sum over all sites of the cycle in which it reached them.
    pub delays: u64,
    /// The same, but where several sites brought it to one in the same cycle, once for each of them.
    pub delays_of_all: u64,
    /// The cycle in which it reached the last one that it reached.
    pub last: u64,
}

/// A site, as far as the rumor goes: susceptible, infective, or removed.
#[derive(Clone, Copy, Debug, Default)]
struct Site {
    knows: bool,
    is_interested: bool,
    in_vain: u64,
}

impl Outcome {
    /// The mean over the sites that it reached of a sum of delays, in millionths of a cycle.
    pub fn mean_delay(&self, delays: u64, n: usize) -> u64 {
        delays * 1_000_000 / (n as u64 - 1 - self.missed).max(1)
    }
}

impl Mongering {
    /// Lets a rumor run until nobody is interested in it any more. Within a cycle all act on what was at its start.
    pub fn run(&self, rng: &mut Rng) -> Outcome {
        let mut sites = vec![Site::default(); self.n];
        sites[0] = Site { knows: true, is_interested: true, in_vain: 0 };
        let mut outcome = Outcome { missed: self.n as u64 - 1, traffic: 0, delays: 0, delays_of_all: 0, last: 0 };
        let mut cycle = 0;
        while sites.iter().any(|site| site.is_interested) {
            cycle += 1;
            let before = sites.clone();
            // For each site that told the rumor, whether anybody needed it.
            let mut needed = vec![None; self.n];
            for caller in 0..self.n {
                let called = another(caller, self.n, rng);
                let (from, to) = if self.is_pull { (called, caller) } else { (caller, called) };
                if !before[from].is_interested {
                    continue;
                }
                outcome.traffic += 1;
                let is_needed = !before[to].knows;
                needed[from] = Some(needed[from].unwrap_or(false) || is_needed);
                if is_needed {
                    outcome.delays_of_all += cycle;
                }
                if !sites[to].knows {
                    sites[to] = Site { knows: true, is_interested: true, in_vain: 0 };
                    outcome.missed -= 1;
                    outcome.delays += cycle;
                    outcome.last = cycle;
                }
            }
            for (site, needed) in sites.iter_mut().zip(needed) {
                if let Some(needed) = needed {
                    self.judge(site, needed, rng);
                }
            }
        }
        outcome
    }

    /// After a cycle in which a site told the rumor. If anybody needed it, the counter starts anew (Table 3, note).
    fn judge(&self, site: &mut Site, was_needed: bool, rng: &mut Rng) {
        if self.has_feedback && was_needed {
            site.in_vain = 0;
        } else if self.has_counter {
            site.in_vain += 1;
            site.is_interested = site.in_vain < self.k;
        } else {
            site.is_interested = rng.below(self.k) > 0;
        }
    }
}
