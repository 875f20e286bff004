use super::*;
use sim::{Director, World};

#[test]
fn scan_seeds() {
    for prepared in Raft::scenarios() {
        let mut good = vec![];
        for seed in 1..200 {
            let mut settings = Settings::default();
            for (n, v) in &prepared.settings { settings = settings.with(n, v.clone()); }
            let world = World::<Raft>::new(settings, seed).unwrap();
            let mut d = Director::new(world);
            (prepared.direct)(&mut d);
            let (world, inputs, refusals) = d.finish();
            let fired = inputs.iter().filter(|t| matches!(t.input, sim::Input::FireTimer{..})).count();
            if refusals.is_empty() && fired == 0 { good.push((seed, world.event(), inputs.len())); }
            if good.len() > 4 { break; }
        }
        println!("{}: {:?}", prepared.name, good);
    }
}
