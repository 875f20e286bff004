//! Tests of the lab, each with the place in the literature that it checks.

mod theory;
mod trial;
