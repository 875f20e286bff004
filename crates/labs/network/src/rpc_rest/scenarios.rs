//! TODO
use super::RpcRest;
impl sim::Scenarios for RpcRest { fn scenarios() -> Vec<sim::Prepared<RpcRest>> { vec![] } }
