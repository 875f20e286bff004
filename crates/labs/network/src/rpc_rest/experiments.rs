//! TODO
use super::RpcRest;
impl sim::Experiments for RpcRest {}
