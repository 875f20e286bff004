// Calls one exported function of a module that wasm-bindgen wrote for Node, and prints what it returns.
// `cargo xtask` runs it: node call.cjs FILE FUNCTION
"use strict";
const [file, name] = process.argv.slice(2);
try {
  process.stdout.write(require(file)[name]());
} catch (problem) {
  // A Rust function that returns an error throws it; a panic comes as an Error.
  console.error(`${name}() in WebAssembly failed: ${problem?.stack ?? problem}`);
  process.exitCode = 1;
}
