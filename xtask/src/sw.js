// Keeps the whole folder, so that it works without a network after the first visit; the texts of another language only
// once it has been read, and then all of them. `cargo xtask dist` writes VERSION, FILES and TEXTS above this. A new version is fetched as a whole, and the next load shows it.
"use strict";
const PREFIX = `netsplit ${registration.scope} `;
const CACHE = PREFIX + VERSION;

addEventListener("install", (event) => event.waitUntil(fill()));
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || !request.url.startsWith(registration.scope)) return;
  event.respondWith(answer(event));
  if (request.mode === "navigate") event.waitUntil(tidy());
});

async function fill() {
  const cache = await caches.open(CACHE);
  const kept = await Promise.all(TEXTS.map((file) => caches.match(file)));
  const read = new Set(TEXTS.filter((_, index) => kept[index]).map(language));
  const files = [...FILES, ...TEXTS.filter((file) => read.has(language(file)))];
  await cache.addAll(requests(files));
  await skipWaiting();
}

const requests = (files) => files.map((file) => new Request(file, { cache: "no-cache" }));

/** The language of `locales/de.txt`, `locales/de/raft.txt`, `cards/de.txt`, `words/de.txt` and `articles/de/raft.txt`. */
const language = (file) => file.split(/[/.]/)[1];

/** A page of an older version that is still open finds its files in its own cache. */
async function answer(event) {
  const { request } = event;
  const address = new URL(request.url);
  address.search = address.hash = "";
  address.pathname = address.pathname.replace(/index\.html$/, "");
  const cache = await caches.open(CACHE);
  const kept = (await cache.match(address.href)) ?? (await caches.match(address.href));
  if (kept) return kept;
  const response = await fetch(request);
  // Every page in another language asks for what the screen says in it.
  const [, spoken] = /^locales\/([\w-]+)\.txt$/.exec(address.href.slice(registration.scope.length)) ?? [];
  if (response.ok && spoken) event.waitUntil(cache.addAll(requests(TEXTS.filter((file) => language(file) === spoken))));
  return response;
}

/** Once a page of this version is opened, the older ones are of no use. */
async function tidy() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(PREFIX) && name !== CACHE).map((name) => caches.delete(name)));
}
