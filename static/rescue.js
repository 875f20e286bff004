// Keeps the last moment of each branch outside of the app, and offers them when the app itself fails, or is older than the
// parts that its host has. The app tells of its moments, of its panics and of what is then to be said by events
// (src/rescue.rs); what stops it without a word is an error of WebAssembly.
"use strict";
(() => {
  const moments = new Map();
  // In the language of the page.
  let words = [];
  let failed = false;

  window.addEventListener("netsplit:words", ({ detail }) => (words = detail));
  window.addEventListener("netsplit:keep", ({ detail: [letter, state, file] }) => moments.set(letter, { state, file }));
  window.addEventListener("netsplit:forget", ({ detail }) => (detail ? moments.delete(detail) : moments.clear()));
  window.addEventListener("netsplit:renew", ({ detail }) => renew(detail));
  window.addEventListener("netsplit:panic", ({ detail }) => fail(detail));
  window.addEventListener("error", ({ error }) => isFatal(error) && fail(String(error)));
  window.addEventListener("unhandledrejection", ({ reason }) => isFatal(reason) && fail(String(reason)));

  // A module that has not started yet is the matter of boot.js.
  const isFatal = (error) =>
    (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) && !document.getElementById("boot");

  function fail(reason) {
    const [title, explanation, home, program] = words;
    netsplitTell("error", { message: `${title}: ${reason}`.slice(0, 300) });
    stop(title, explanation,
      element("p", {}, button(home, () => open("#/"))),
      element("details", {}, element("summary", { textContent: program }), element("pre", { textContent: reason })),
    );
  }

  /** Another release is on the host: the one moment that there is opens in it, or the visitor chooses. */
  function renew([title, explanation]) {
    const [first, ...others] = moments.values();
    if (others.length > 0) stop(title, explanation);
    else open(first ? `#${first.state}` : location.hash);
  }

  /** Puts a page with what is kept in the place of the app. */
  function stop(title, explanation, ...further) {
    if (failed) return;
    failed = true;
    // Nothing that is left of the app shall hear of anything.
    window.addEventListener("keydown", (event) => event.stopImmediatePropagation(), true);
    window.addEventListener("hashchange", (event) => event.stopImmediatePropagation(), true);
    const [, , , , branch, goOn, save] = words;
    const offer = ([letter, { state, file }]) => {
      const link = element("a", {
        className: "button",
        textContent: save,
        download: `branch-${letter}.netsplit`,
        href: URL.createObjectURL(new Blob([file], { type: "application/json" })),
      });
      return element("p", {}, branch.replace("{letter}", letter), " ", button(goOn, () => open(`#${state}`)), " ", link);
    };
    const page = element("main", { className: "plain-page" },
      element("h1", { textContent: title }),
      element("p", { textContent: explanation }),
      ...[...moments].map(offer),
      ...further,
    );
    page.role = "alert";
    document.body.replaceWith(element("body", {}, page));
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
