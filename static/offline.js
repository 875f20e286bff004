// Keeps the app for visits without a network. A frame in somebody's page keeps nothing.
"use strict";
if (window === window.parent && navigator.serviceWorker) {
  window.addEventListener("load", () => navigator.serviceWorker.register("sw.js").catch(() => {}));
  // The texts of another language were loaded before there was anybody to keep them.
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    const language = document.documentElement.lang;
    if (language !== "en") globalThis.netsplitTexts(language).catch(() => {});
  });
}
