use sim::experiment::Experiment;
pub(super) fn experiments() -> Vec<Experiment> {
    vec![]
}
