// Calls one exported function of a module that wasm-bindgen wrote for Node, and prints what it returns: once, or with the text of
// each of these files. `cargo xtask` runs it: node call.cjs FILE FUNCTION [TEXTS…]
"use strict";
const { readFileSync } = require("node:fs");
const [file, name, ...texts] = process.argv.slice(2);
try {
  const call = require(file)[name];
  if (texts.length === 0) process.stdout.write(call());
  for (const text of texts) process.stdout.write(call(readFileSync(text, "utf8")));
} catch (problem) {
  // A Rust function that returns an error throws it; a panic comes as an Error.
  console.error(`${name}() in WebAssembly failed: ${problem?.stack ?? problem}`);
  process.exitCode = 1;
}
