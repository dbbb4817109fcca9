// What the page on the device keeps in this browser, so that it opens again without a network: the
// program and the page, never a file or a report. Without a place to keep it (a private window, a
// full disk) all works, but for that.
"use strict";

window.deviceKept = (() => {
  const NAME = "on-this-device";
  const store = () => (window.caches ? caches.open(NAME) : Promise.reject(new Error("nowhere")));
  const address = (url) => new URL(url, location.href).href;

  // Bytes of a kept part, or null; whether they are the right ones is the caller's to check.
  const bytes = async (url) => {
    try {
      const found = await (await store()).match(url, { ignoreSearch: true });
      return found ? new Uint8Array(await found.arrayBuffer()) : null;
    } catch {
      return null;
    }
  };

  // What a hospital's link adds to an address is not kept.
  const bare = (url) => url.split(/[?#]/)[0];
  const inOtherLanguages = () => [...document.querySelectorAll(".site-nav a.language")].map((link) => bare(link.href));

  const ofThisPage = () => [
    ...[...document.querySelectorAll("link[rel=stylesheet], link[rel=icon]")].map((link) => link.href),
    ...[...document.scripts].map((script) => script.src),
    ...performance.getEntriesByType("resource").map((entry) => entry.name),
  ].map(bare).filter((url) => url.startsWith(`${location.origin}/`));

  const late = (seconds) => new Promise((_, reject) => {
    setTimeout(() => reject(new Error("late")), seconds * 1000);
  });

  const worksOffline = async (worker) => {
    // The browser itself looks whether one that is there was renewed.
    if (!await navigator.serviceWorker.getRegistration()) await navigator.serviceWorker.register(worker);
    await Promise.race([navigator.serviceWorker.ready, late(10)]);
  };

  // An answer that can be kept, or null.
  const ask = async (url, how) => {
    try {
      const answer = await fetch(url, how);
      return answer.ok ? answer : null;
    } catch {
      return null;
    }
  };

  // Keeps the parts ({ url, data, fresh }) and the page with all that belongs to it, in the other
  // languages too where these come, drops what is of an earlier version, and has the page opened
  // from there when there is no network, by the service worker at an address. True if it is kept.
  const keep = async (parts, worker) => {
    try {
      if (!navigator.serviceWorker) return false;
      const kept = await store();
      const page = location.origin + location.pathname;
      const loaded = new Map(parts.map((part) => [address(part.url), part]));
      const others = new Set(inOtherLanguages());
      const wanted = new Set([page, ...others, ...ofThisPage(), ...loaded.keys()]);
      const renewed = parts.some(({ sha256, fresh }) => sha256 && fresh);
      await Promise.all([...wanted].map(async (url) => {
        const part = loaded.get(url);
        if (part && !part.fresh) return;
        const answer = part ? new Response(part.data) : await ask(url, url === page ? { cache: "no-store" } : {});
        if (answer) await kept.put(url, answer);
        // Without a network, what was kept before still belongs to the same parts.
        else if (others.has(url) && renewed) await kept.delete(url);
        else if (!others.has(url) && (renewed || !await kept.match(url))) throw new Error("refused");
      }));
      for (const { url } of await kept.keys()) {
        if (!wanted.has(url)) await kept.delete(url);
      }
      await worksOffline(worker);
      return true;
    } catch {
      return false;
    }
  };

  const forget = async () => {
    try {
      await caches.delete(NAME);
      const all = await navigator.serviceWorker.getRegistrations();
      await Promise.all(all.map((one) => one.unregister()));
    } catch { /* nothing was kept */ }
  };

  return { bytes, keep, forget };
})();
