//! What stands beside the stage.
