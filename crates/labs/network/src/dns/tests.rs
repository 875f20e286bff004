//! Tests that cite the RFCs.
