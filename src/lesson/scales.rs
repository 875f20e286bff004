//! Goals that take long are weighed in a worker: the stage stays at hand meanwhile.

use lessons::{Moment, Standing, Weighing};
use serde::{Deserialize, Serialize};
use sim::{Text, t};
use yew::Callback;

use super::player::{Player, in_words};
use crate::command::Lesson;
use crate::lab_page::LabPage;
use crate::worker::{Errand, Helper, Work};

/// Goals on their way to a worker. What they are is unpacked there, so that the page does without the code for that.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Parcel {
    /// The lab of the run.
    pub lab: String,
    weighing: Vec<u8>,
}

impl Parcel {
    fn of(weighing: &Weighing) -> Parcel {
        Parcel { lab: weighing.lab().to_string(), weighing: postcard::to_stdvec(weighing).unwrap_or_default() }
    }
}

impl From<Parcel> for Errand {
    fn from(parcel: Parcel) -> Errand {
        Errand::Weigh(parcel)
    }
}

impl Work for Parcel {
    /// The places of the goals that are met.
    type Report = Vec<usize>;

    fn run(self, _tell: &dyn Fn(Vec<usize>)) -> Result<Vec<usize>, Text> {
        let weighing: Weighing =
            postcard::from_bytes(&self.weighing).map_err(|_| t!("the worker was told something unreadable"))?;
        weighing.weigh(labs::registry::lab(&self.lab)?).map_err(in_words)
    }
}

/// What is being weighed, or was last.
#[derive(Debug)]
pub(super) struct Scales {
    asked: Weighing,
    /// The places of those that are met, as far as that is known.
    met: Vec<usize>,
    /// Who does it, until that is known.
    helper: Option<Helper>,
}

impl Player {
    /// Has goals weighed, unless they are or have been. While time runs, the moment that is on the scales comes first: it counts if all
    /// is met there.
    pub(super) fn weigh(&mut self, page: &mut LabPage, weighing: &Weighing, is_playing: bool) {
        if self.scales.as_ref().is_some_and(|scales| scales.asked == *weighing || is_playing && scales.helper.is_some())
        {
            return;
        }
        let commands = page.commands();
        let report = Callback::from(move |met| commands.emit(Lesson::Weighed(met).into()));
        let parcel = Parcel::of(weighing);
        let helper = Helper::send(parcel.clone(), report);
        let is_alone = helper.is_none();
        self.scales = Some(Scales { asked: weighing.clone(), met: Vec::new(), helper });
        self.notebook.is_weighing = !is_alone && !is_playing;
        if is_alone {
            self.take_weighed(page, parcel.run(&|_| {}));
        } else {
            self.show();
        }
    }

    /// What has come of it.
    pub(super) fn take_weighed(&mut self, page: &mut LabPage, met: Result<Vec<usize>, Text>) {
        let Some(scales) = &mut self.scales else { return };
        scales.helper = None;
        self.notebook.is_weighing = false;
        match met {
            Ok(met) => scales.met = met,
            Err(sentence) => page.remark(Some(sentence)),
        }
        match scales.asked.done(&scales.met).cloned() {
            Some(moment) => self.finish(page, moment),
            // Some may be met.
            None => self.seen = None,
        }
        self.show();
    }

    /// All goals were met at a moment.
    fn finish(&mut self, page: &mut LabPage, moment: Moment) {
        let goals = self.notebook.task().map_or(0, |task| task.goals.len());
        self.note(page, &vec![Standing::Met; goals], Some(moment));
    }

    /// How the goals stand with what was weighed at this moment.
    pub(super) fn add_weighed(&self, weighing: &Weighing, standings: &mut [Standing]) {
        let scales = self.scales.iter().filter(|scales| scales.asked == *weighing);
        for place in scales.flat_map(|scales| &scales.met) {
            if let Some(standing) = standings.get_mut(*place) {
                *standing = Standing::Met;
            }
        }
    }
}
