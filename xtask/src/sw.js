// Keeps the whole folder, so that it works without a network after the first visit; the texts of another language only
// once they have been read. `cargo xtask dist` writes VERSION, FILES and TEXTS above this. A new version is fetched as a whole, and the next load shows it.
"use strict";
const PREFIX = `netsplit ${registration.scope} `;
const CACHE = PREFIX + VERSION;

addEventListener("install", (event) => event.waitUntil(fill()));
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || !request.url.startsWith(registration.scope)) return;
  event.respondWith(answer(request));
  if (request.mode === "navigate") event.waitUntil(tidy());
});

async function fill() {
  const cache = await caches.open(CACHE);
  const read = await Promise.all(TEXTS.map((file) => caches.match(file)));
  const files = [...FILES, ...TEXTS.filter((_, index) => read[index])];
  await cache.addAll(files.map((file) => new Request(file, { cache: "no-cache" })));
  await skipWaiting();
}

/** A page of an older version that is still open finds its files in its own cache. */
async function answer(request) {
  const address = new URL(request.url);
  address.search = address.hash = "";
  address.pathname = address.pathname.replace(/index\.html$/, "");
  const cache = await caches.open(CACHE);
  const kept = (await cache.match(address.href)) ?? (await caches.match(address.href));
  if (kept) return kept;
  const response = await fetch(request);
  if (response.ok && TEXTS.some((file) => new URL(file, registration.scope).href === address.href)) {
    await cache.put(address.href, response.clone());
  }
  return response;
}

/** Once a page of this version is opened, the older ones are of no use. */
async function tidy() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(PREFIX) && name !== CACHE).map((name) => caches.delete(name)));
}
