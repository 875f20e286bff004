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

// When the app may be loaded: at once, or for a figure in another page when somebody is about to see it.
globalThis.netsplitInSight = new Promise((resolve) => {
  if (!isFigure) {
    const module = document.querySelector('meta[name="netsplit-module"]')?.content;
    if (module) globalThis.netsplitModule = fetch(module);
    return resolve();
  }
  new IntersectionObserver((entries, observer) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    observer.disconnect();
    resolve();
  }, { rootMargin: "300px" }).observe(document.documentElement);
});
