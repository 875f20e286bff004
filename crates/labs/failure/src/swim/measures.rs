//! What the lab counts: how many members run, and about how many the others are wrong.

use sim::frame::{Measure, Status};
use sim::{Measures, WorldOf, t};

use super::Swim;
use super::view::{Opinion, Opinions};

impl Measures for Swim {
    fn measures(world: WorldOf<'_, Swim>) -> Vec<Measure> {
        let opinions = Opinions::new(world);
        let runs = |place: usize| world.nodes().status(sim::NodeId::at(place)) != Status::Crashed;
        let count = |is_meant: &dyn Fn(usize, &Opinion) -> bool| {
            opinions.of.iter().enumerate().filter(|(place, opinion)| is_meant(*place, opinion)).count()
        };
        vec![
            Measure::count("members", t!("members that run"), opinions.members),
            Measure::count(
                "suspected",
                t!("running members that somebody suspects"),
                count(&|place, opinion| runs(place) && opinion.suspect > 0),
            ),
            Measure::count(
                "falsely-faulty",
                t!("running members that somebody believes faulty"),
                count(&|place, opinion| runs(place) && opinion.faulty > 0),
            ),
            Measure::count(
                "unnoticed",
                t!("crashed members that somebody believes alive"),
                count(&|place, opinion| !runs(place) && opinion.alive > 0),
            ),
        ]
    }
}
