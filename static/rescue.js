// Keeps the last moment of each branch outside of the app, and offers them when the app itself fails. The app tells of
// its moments and of its panics by events (src/rescue.rs); what stops it without a word is an error of WebAssembly.
"use strict";
(() => {
  const moments = new Map();
  let failed = false;

  window.addEventListener("netsplit:keep", ({ detail: [letter, state, file] }) => moments.set(letter, { state, file }));
  window.addEventListener("netsplit:forget", () => moments.clear());
  window.addEventListener("netsplit:panic", ({ detail }) => fail(detail));
  window.addEventListener("error", ({ error }) => isFatal(error) && fail(String(error)));
  window.addEventListener("unhandledrejection", ({ reason }) => isFatal(reason) && fail(String(reason)));

  // A module that has not started yet is the matter of boot.js.
  const isFatal = (error) =>
    (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) && !document.getElementById("boot");

  function fail(reason) {
    if (failed) return;
    failed = true;
    // Nothing that is left of the app shall hear of anything.
    window.addEventListener("keydown", (event) => event.stopImmediatePropagation(), true);
    window.addEventListener("hashchange", (event) => event.stopImmediatePropagation(), true);
    const page = element("main", { className: "plain-page" },
      element("h1", { textContent: "Netsplit has failed" }),
      element("p", { textContent: "This is a mistake in Netsplit, and not in what you did. Your run is not lost: go on from the last moment, or save it as a file and send it along when you report this." }),
      ...[...moments].map(([letter, moment]) => offer(letter, moment)),
      element("p", {}, button("Open the start page", () => open("#/"))),
      element("details", {}, element("summary", { textContent: "What the program said" }), element("pre", { textContent: reason })),
    );
    page.role = "alert";
    document.body.replaceWith(element("body", {}, page));
  }

  function offer(letter, { state, file }) {
    const link = element("a", {
      className: "button",
      textContent: "Save it as a file",
      download: `branch-${letter}.netsplit`,
      href: URL.createObjectURL(new Blob([file], { type: "application/json" })),
    });
    return element("p", {}, `Branch ${letter}: `, button("Go on from its last moment", () => open(`#${state}`)), " ", link);
  }

  /** Starts the app again, at another place. */
  function open(hash) {
    history.replaceState(null, "", hash);
    location.reload();
  }

  const button = (text, onclick) => element("button", { className: "button", textContent: text, onclick });

  function element(name, properties, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  }
})();
