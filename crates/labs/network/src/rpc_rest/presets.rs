//! TODO
use super::RpcRest;
impl sim::Presets for RpcRest {}
