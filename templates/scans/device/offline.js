// Opens the page that reads on the device again without a network. It only looks up what the page
// itself kept (device-kept.js): the header that it comes with lets it load and send nothing.
"use strict";

const KEPT = "on-this-device";
const keptPages = new Set(); // clients whose page was the kept one; what belongs to it is kept too

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("activate", (event) => {
  // The browser then asks for the page itself and hands the answer over: nothing is asked for here.
  event.waitUntil(Promise.all([self.registration.navigationPreload?.enable(), self.clients.claim()]));
});

const kept = async (request) => {
  const store = await caches.open(KEPT);
  return await store.match(request, { ignoreSearch: true, ignoreVary: true }) ?? Response.error();
};

const page = async (event) => {
  try {
    const fresh = await event.preloadResponse;
    if (fresh) return fresh;
  } catch { /* no network: the kept page follows */ }
  keptPages.add(event.resultingClientId);
  return kept(event.request);
};

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  // The tab for a letter's words lies below the page, and is never kept.
  if (request.mode === "navigate" && pathname !== new URL(self.registration.scope).pathname) return;
  // Where this answers nothing, the browser asks by itself, as if there were no service worker.
  if (request.mode === "navigate") {
    if (self.registration.navigationPreload || !navigator.onLine) event.respondWith(page(event));
  } else if (request.destination && (!navigator.onLine || keptPages.has(event.clientId))) {
    // What the page's script fetches has no destination: it looks at what is kept by itself.
    event.respondWith(kept(request));
  }
});
