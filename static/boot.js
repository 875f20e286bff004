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

// What the page is read in: what the address asks for, what was chosen before, or the first of the browser's languages that there is.
globalThis.netsplitLanguage = (() => {
  // As in src/language.rs.
  const codes = ["en", "de", "fa", "en-XA"];
  const known = (tag) => {
    const asked = tag.toLowerCase();
    return codes.find((code) => code.toLowerCase() === asked) ?? codes.find((code) => code === asked.split("-")[0]);
  };
  const queries = [location.search, location.hash.replace(/^[^?]*/, "")].flatMap((query) => [...new URLSearchParams(query)]);
  const asked = queries.filter(([name]) => name === "lang").map(([, tag]) => tag).reverse();
  let chosen;
  // A frame may have no storage.
  try { chosen = localStorage.getItem("netsplit.language"); } catch {}
  return [...asked, chosen ?? "", ...navigator.languages].map(known).find(Boolean) ?? "en";
})();

// A file with a part of the module (xtask/src/parts.js asks) or with a lesson or an article (src/language.rs), and one with texts
// (src/cards.rs too). What has been fetched in advance is used once, so that whoever tries again fetches it again.
// The single file has its own way for both (xtask/src/inline.rs).
globalThis.netsplitPart = async (file) => (await fetched(file)).arrayBuffer();
globalThis.netsplitText = (file) => {
  // Some ask while others wait for it.
  const read = async () => (await fetched(file)).text();
  if (!texts.has(file)) texts.set(file, read().finally(() => texts.delete(file)));
  return texts.get(file);
};

const [ahead, texts] = [new Map(), new Map()];

// The name of a file with texts is the same in every version: the browser asks whether its copy is still the right one.
const begin = (file) => fetch(file, { cache: file.endsWith(".txt") ? "no-cache" : "default" });

async function fetched(file) {
  const begun = ahead.get(file) ?? begin(file);
  ahead.delete(file);
  const answer = await begun;
  if (!answer.ok) throw new Error(`${file}: ${answer.status}`);
  return answer;
}

function fetchInAdvance(file) {
  if (file.endsWith(".css")) {
    // As what it is, so that its link finds it.
    const { head } = document;
    head.append(Object.assign(document.createElement("link"), { rel: "preload", as: "style", href: `./${file}` }));
    return;
  }
  ahead.set(file, begin(file));
  // Whoever asks for it hears of what went wrong.
  ahead.get(file).catch(() => {});
}

/** The lab that the address names: `#/lab/NAME/…`, or the first text in what a link of a moment packs. */
async function labOfAddress() {
  const [, name, packed] = /^#(?:\/(?:lab|run)\/([\w-]+)|\d+;([\w-]+))/.exec(location.hash) ?? [];
  if (!packed) return name;
  const bytes = Uint8Array.from(atob(packed.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt());
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  const { value } = await stream.getReader().read();
  return new TextDecoder().decode(value.slice(1, 1 + value[0]));
}

/** Begins to fetch the module, the parts of it that the first picture needs, and what that is written in. */
async function fetchAhead() {
  const content = (name) => document.querySelector(`meta[name="netsplit-${name}"]`)?.content;
  const module = content("module");
  // The single file names none.
  if (!module) return;
  globalThis.netsplitModule = fetch(module);
  const isEnglish = netsplitLanguage === "en";
  if (!isEnglish) fetchInAdvance(`locales/${netsplitLanguage}.txt`);
  const parts = JSON.parse(content("parts") ?? "{}");
  const lab = await labOfAddress();
  const part = lab?.replaceAll("-", "_") ?? (/^(#\/?)?$/.test(location.hash) ? "gallery" : "");
  const files = [...new Set([part, ...(lab ? ["page"] : [])].flatMap((part) => parts[part] ?? []))];
  files.forEach(fetchInAdvance);
  if (files.length > 0 && !lab) fetchInAdvance(`cards/${netsplitLanguage}.txt`);
  if (files.length > 0 && lab && !isEnglish) fetchInAdvance(`locales/${netsplitLanguage}/${lab}.txt`);
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
