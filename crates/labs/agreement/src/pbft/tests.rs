//! Tests that cite the paper.
