// Keeps the app for visits without a network. A frame in somebody's page keeps nothing.
"use strict";
if (window === window.parent && navigator.serviceWorker) {
  window.addEventListener("load", () => navigator.serviceWorker.register("sw.js").catch(() => {}));
}
