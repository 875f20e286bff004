// Keeps the app for visits without a network. A frame in somebody's page keeps nothing.
"use strict";
if (window === window.parent && navigator.serviceWorker) {
  // What it fetches comes after the first picture: the app has taken the place of the loading text then.
  const later = globalThis.requestIdleCallback ?? setTimeout;
  new MutationObserver((_, observer) => {
    if (document.getElementById("boot")) return;
    observer.disconnect();
    later(() => navigator.serviceWorker.register("sw.js").catch(() => {}));
  }).observe(document, { childList: true, subtree: true });
  // The texts of another language were loaded before there was anybody to keep them.
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    const language = document.documentElement.lang;
    if (language !== "en") globalThis.netsplitText(`locales/${language}.txt`).catch(() => {});
  });
}
