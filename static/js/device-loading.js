// Loads what the page needs to read on the device, from what this browser kept or from this site,
// and checks each part. All of it happens before the page locks itself.
"use strict";

window.deviceLoading = (() => {
  const { deviceKept } = window;

  const hexOf = (bytes) => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

  const isWhole = async (part, data) => (
    data.length === part.bytes && hexOf(await crypto.subtle.digest("SHA-256", data)) === part.sha256
  );

  // A part's bytes, and whether they came over the line.
  const loadPart = async (part, moved) => {
    const kept = await deviceKept.bytes(part.url);
    if (kept && await isWhole(part, kept)) {
      moved(part.bytes);
      return { data: kept.buffer, fresh: false };
    }
    const response = await fetch(part.url);
    if (!response.ok) throw new Error("refused");
    const data = new Uint8Array(part.bytes);
    let at = 0;
    const reader = response.body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      if (at + value.length > data.length) throw new Error("changed");
      data.set(value, at);
      at += value.length;
      moved(value.length);
    }
    // An update of the site may have come between this page and its parts.
    if (at !== data.length || !await isWhole(part, data)) throw new Error("changed");
    return { data: data.buffer, fresh: true };
  };

  const loadScript = async (url) => {
    try {
      const response = await fetch(url);
      if (response.ok) return { data: await response.arrayBuffer(), fresh: true };
    } catch { /* no network: the kept one follows */ }
    const kept = await deviceKept.bytes(url);
    if (!kept) throw new Error("refused");
    return { data: kept.buffer, fresh: false };
  };

  // `moved` is told the bytes of parts as they come. Gives the parts as buffers and the scripts as
  // blob addresses, both by name, and whether all is kept for a visit without a network. Throws
  // "changed" where a part is not the one that the page names, anything else where none came.
  const load = async (setup, moved) => {
    const found = await Promise.all([
      ...setup.parts.map(async (part) => ({ ...part, ...await loadPart(part, moved) })),
      ...Object.entries(setup.scripts).map(async ([name, url]) => ({ name, url, ...await loadScript(url) })),
    ]);
    const kept = await deviceKept.keep(found, setup.offline);
    const loaded = {};
    const modules = {};
    for (const { name, data } of found) {
      if (/\.m?js$/.test(name)) modules[name] = URL.createObjectURL(new Blob([data], { type: "text/javascript" }));
      else loaded[name] = data;
    }
    return { loaded, modules, kept };
  };

  return { load };
})();
