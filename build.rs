//! Lets the linker keep what the release is cut by (`xtask/src/split.rs`): what each function and each table refers to.

fn main() {
    let is_wasm = std::env::var_os("CARGO_CFG_TARGET_FAMILY").is_some_and(|family| family == "wasm");
    if is_wasm && std::env::var_os("CARGO_FEATURE_LAZY").is_some() {
        println!("cargo::rustc-link-arg-bins=--emit-relocs");
    }
    println!("cargo::rerun-if-changed=build.rs");
}
