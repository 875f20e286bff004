// Says so when the app cannot start. The app replaces the page's content when it does,
// so as long as the loading text stands, nothing has started yet.
"use strict";

const isFigure = /[?&]view=embed(&|$)/.test(location.search + location.hash.replace(/^[^?]*/, ""));

// The page around a figure hears at once that Netsplit is there, and later if it fails; for all else there is a port (src/embed).
globalThis.netsplitTell = (type, payload) => {
  if (isFigure && parent !== window) parent.postMessage({ netsplit: 1, id: 0, type, payload }, "*");
};
netsplitTell("loading", {});

(() => {
  function explain(reason) {
    if (document.readyState === "loading") {
      document.addEventListener("DOMContentLoaded", () => explain(reason));
      return;
    }
    const text = document.getElementById("boot");
    if (!text) return;
    text.setAttribute("role", "alert");
    text.textContent = `Netsplit could not start: ${reason} Reload the page, or try a current version of Firefox, Chrome, Edge or Safari.`;
    netsplitTell("error", { message: text.textContent });
  }

  if (typeof WebAssembly !== "object") {
    explain("this browser does not run WebAssembly, or it is switched off.");
    return;
  }
  // With `capture`, this also hears of a script that could not be loaded.
  window.addEventListener("error", (event) => {
    if (event.target === window) explain(`${event.message}.`);
    else if (event.target instanceof HTMLScriptElement) explain("a part of the page could not be loaded.");
  }, true);
  window.addEventListener("unhandledrejection", (event) => {
    explain(`${event.reason?.message ?? event.reason}.`);
  });
})();

// The texts of another language than English. The single file has its own way (xtask/src/inline.rs).
globalThis.netsplitTexts = async (language) => {
  // The name is the same in every version: the browser asks whether its copy is still the right one.
  const answer = await fetch(`locales/${language}.txt`, { cache: "no-cache" });
  if (!answer.ok) throw new Error(`locales/${language}.txt: ${answer.status}`);
  return answer.text();
};

// A file with a part of the module (xtask/src/parts.js asks). What has been fetched in advance is used once, so that whoever
// tries again fetches it again. The single file has its own way for this too.
globalThis.netsplitFetched = new Map();
globalThis.netsplitPart = async (file) => {
  const begun = netsplitFetched.get(file) ?? fetch(file);
  netsplitFetched.delete(file);
  const answer = await begun;
  if (!answer.ok) throw new Error(`${file}: ${answer.status}`);
  return answer.arrayBuffer();
};

/** The lab that the address names: `#/lab/NAME/…`, or the first text in what a link of a moment packs. */
async function labOfAddress() {
  const [, name, packed] = /^#(?:\/lab\/([\w-]+)|\d+;([\w-]+))/.exec(location.hash) ?? [];
  if (!packed) return name;
  const bytes = Uint8Array.from(atob(packed.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt());
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  const { value } = await stream.getReader().read();
  return new TextDecoder().decode(value.slice(1, 1 + value[0]));
}

/** Begins to fetch the module, and the parts of it that the first picture needs. */
async function fetchAhead() {
  const content = (name) => document.querySelector(`meta[name="netsplit-${name}"]`)?.content;
  const module = content("module");
  // The single file names none.
  if (!module) return;
  globalThis.netsplitModule = fetch(module);
  const parts = JSON.parse(content("parts") ?? "{}");
  const lab = (await labOfAddress())?.replaceAll("-", "_");
  const needed = lab ? [lab] : /^(#\/?)?$/.test(location.hash) ? ["gallery"] : [];
  for (const file of new Set(needed.flatMap((name) => parts[name] ?? []))) {
    netsplitFetched.set(file, fetch(file));
    // Whoever asks for it hears of what went wrong.
    netsplitFetched.get(file).catch(() => {});
  }
}

// When the app may be loaded: at once, or for a figure in another page when somebody is about to see it.
globalThis.netsplitInSight = new Promise((resolve) => {
  if (!isFigure) {
    fetchAhead().catch(() => {});
    return resolve();
  }
  new IntersectionObserver((entries, observer) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    observer.disconnect();
    resolve();
  }, { rootMargin: "300px" }).observe(document.documentElement);
});
