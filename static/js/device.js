// Reading on the visitor's own device. The page loads all it needs, forbids itself to load or send
// anything more, and only then takes files. The reading itself happens in a worker (device-worker.js).
"use strict";

(() => {
  const place = document.getElementById("device");
  if (!place?.dataset.setup) return; // not installed here: the page says so
  const { fill, size, walk } = window.choosing;
  const { deviceClean, deviceKept, deviceLoading, deviceOnward, deviceReceipts } = window;
  const setup = JSON.parse(place.dataset.setup);
  const words = place.dataset;
  const $ = (id) => document.getElementById(id);
  const say = (text) => { $("status").textContent = text; };
  const count = (n) => n.toLocaleString(document.documentElement.lang);

  const HANG_SECONDS = 15;
  const SETTLE_SECONDS = 120;
  const START_SECONDS = 120;
  const GIVEN_UP_AT_MOST = 5;
  // Once this is in the page, the browser refuses all that would load or send: fetch, sockets,
  // beacons, forms, frames, style sheets, pictures from anywhere. The worker inherits it.
  const LOCK = "default-src 'none'; script-src blob: 'wasm-unsafe-eval'; worker-src blob:; img-src data: blob:; form-action 'none'; base-uri 'none'";

  const views = ["device-start", "device-loading", "device-choose", "device-reading", "device-report", "device-proving", "device-proof", "device-forgotten", "device-fault"];
  const show = (name) => {
    for (const view of views) $(view).hidden = view !== name;
    $("device-intro").hidden = ["device-report", "device-proof", "device-forgotten"].includes(name);
    const target = $(name).querySelector("[autofocus], h1, h2");
    if (target) {
      target.tabIndex = -1;
      target.focus({ preventScroll: name !== "device-report" });
    }
  };
  const fault = (kind) => {
    for (const part of $("device-fault").querySelectorAll("[data-fault]")) part.hidden = part.dataset.fault !== kind;
    show("device-fault");
    say("");
  };

  // --- Loading, then the lock -----------------------------------------------------------

  let loaded = null; // name -> bytes, kept to start another worker without the network
  let modules = {}; // name -> blob address

  const load = async () => {
    const total = setup.parts.reduce((sum, part) => sum + part.bytes, 0);
    let got = 0;
    const found = await deviceLoading.load(setup, (bytes) => {
      got += bytes;
      $("device-loading-bar").value = (got / total) * 100;
    });
    ({ loaded, modules } = found);
    $("device-kept").hidden = !found.kept;
  };

  const lock = () => {
    const meta = document.createElement("meta");
    meta.httpEquiv = "Content-Security-Policy";
    meta.content = LOCK;
    document.head.append(meta);
  };

  // --- The worker, and the watch over it --------------------------------------------------

  let worker = null;
  let ready = null;
  let reading = null; // what is being read just now
  let lastSign = 0;
  let lastTick = 0;

  const startWorker = () => {
    worker?.terminate();
    ready = new Promise((resolve, reject) => {
      const made = new Worker(modules["device-worker.js"], { type: "module" });
      worker = made;
      const late = setTimeout(() => reject(new Error("late")), START_SECONDS * 1000);
      made.addEventListener("error", (event) => {
        event.preventDefault();
        if (made === worker && reading) passOver();
        reject(new Error("worker"));
      });
      made.addEventListener("message", ({ data }) => {
        if (made !== worker) return;
        lastSign = performance.now();
        if (data.kind === "ready") { clearTimeout(late); resolve(); } else if (data.kind === "failed" && data.task === "begin") reject(new Error(data.fault));
        else heard[data.kind]?.(data);
      });
      const { lock: build, settings } = setup;
      made.postMessage({ task: "begin", given: loaded, modules, lock: build, settings });
    });
    ready.catch(() => {});
    return ready;
  };

  const heard = {
    file: ({ file }) => { if (reading) reading.file = file; },
    progress: ({ count: files, bytes }) => {
      if (proofs.progress(bytes) || copy.progress(bytes) || !reading) return;
      // What comes after the last file is read is the making of the report.
      reading.settling = bytes >= reading.total && reading.file === reading.last && files >= reading.files.length;
      progress(files, bytes);
    },
    read: () => {
      reading.done = true;
      worker.postMessage({ task: "show", language: setup.language });
    },
    page: ({ html, language }) => shown(html, language),
    saved: ({ as, bytes }) => saved(as, bytes),
    piece: ({ bytes }) => copy.piece(bytes),
    cleaned: ({ files, html }) => {
      $("device-receipts").inert = false;
      copy.done(files, html);
    },
    proven: (found) => proofs.proven(found),
    sheet: (made) => proofs.sheet(made),
    // A file that breaks Python itself is as one that hangs: it is named, the others are read.
    failed: ({ task, fault: kind }) => {
      if (task === "clean") copy.failed();
      proofs.failed();
      if (task === "read" && kind !== "memory" && passOver()) return;
      reading = null;
      fault(kind);
      startWorker();
    },
  };

  setInterval(() => {
    const now = performance.now();
    // A tab in the background, or a machine that slept: nothing is known of the time between.
    const slept = now - lastTick > 5000;
    lastTick = now;
    if (slept) lastSign = now;
    const silent = (now - lastSign) / 1000;
    if (copy.late(silent) || proofs.late(silent)) {
      startWorker();
      fault("other");
      return;
    }
    if (!reading || reading.done) return;
    const patience = reading.settling ? SETTLE_SECONDS : HANG_SECONDS;
    if (silent < patience) return;
    if (passOver()) return;
    reading = null;
    startWorker();
    fault("other");
  }, 1000);

  // Reads all again but for the file at hand, which the report names as not read. False where
  // no one file is to blame.
  const passOver = () => {
    if (!reading || reading.settling || reading.file < 0 || reading.givenUp.length >= GIVEN_UP_AT_MOST) return false;
    const { files, givenUp, file } = reading;
    reading = null;
    startWorker();
    read(files, [...givenUp, file]);
    return true;
  };

  // --- Choosing and reading ---------------------------------------------------------------

  let dropped = [];

  const chosen = () => {
    const picked = [...$("device-form").querySelectorAll("input[type=file]")].flatMap(
      (input) => [...input.files].map((file) => ({ file, path: file.webkitRelativePath || file.name })),
    );
    return [...picked, ...dropped];
  };

  const showChosen = () => {
    const files = chosen();
    const bytes = files.reduce((sum, { file }) => sum + file.size, 0);
    $("device-chosen").textContent = files.length
      ? fill(words.chosen, { files: files.length === 1 ? words.oneFile : fill(words.files, { n: count(files.length) }), size: size(bytes) })
      : "";
  };

  const progress = (files, bytes) => {
    $("device-bar").value = reading.total ? Math.min(100, (bytes / reading.total) * 100) : 0;
    $("device-progress").textContent = fill(words.read, { n: count(files), done: size(bytes), total: size(reading.total) });
  };

  const read = async (files, givenUp = []) => {
    const mine = {
      files, givenUp, file: -1, settling: false, done: false,
      total: files.reduce((sum, { file }) => sum + file.size, 0), last: files.length - 1,
    };
    try {
      await ready;
    } catch {
      fault("start");
      return;
    }
    reading = mine;
    lastSign = performance.now();
    progress(0, 0);
    worker.postMessage({
      task: "read", files: files.map(({ file }) => file), names: files.map(({ path }) => path), givenUp, limits: setup.limits,
    });
  };

  const begin = (event) => {
    event.preventDefault();
    const files = chosen();
    if (!files.length) {
      $("device-chosen").textContent = words.empty;
      $("device-files").focus();
      return;
    }
    show("device-reading");
    say(words.reading);
    read(files);
  };

  // Nothing of a report, of a copy or of a receipt stays in the page.
  const clear = () => {
    reading = null;
    shownOf = null;
    $("device-page").replaceChildren();
    for (const part of [copy, proofs, deviceOnward]) part.forget();
  };

  const stop = () => {
    clear();
    startWorker();
    show("device-choose");
    say(words.stopped);
  };

  const again = () => {
    clear();
    $("device-form").reset();
    dropped = [];
    showChosen();
    startWorker(); // the report that was is gone with its worker
    show("device-choose");
  };

  // --- The report ----------------------------------------------------------------------

  const shown = (html, language) => {
    const values = $("show-values")?.checked;
    if (reading) {
      shownOf = { files: reading.files, givenUp: reading.givenUp };
      copy.offer();
      $("device-receipts").inert = false;
    }
    reading = null;
    setup.language = language;
    document.documentElement.lang = language;
    $("device-page").innerHTML = html;
    $("device-page").lang = language;
    document.dispatchEvent(new Event("report-shown"));
    if (values) $("show-values")?.click();
    show("device-report");
    window.scrollTo(0, 0);
    $("report-title")?.focus({ preventScroll: true });
    say(words.done);
  };

  const saved = (as, bytes) => {
    const [name, ending] = as === "receipt" ? [as, "json"] : ["report", as];
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([bytes], { type: { json: "application/json", csv: "text/csv" }[ending] }));
    link.download = `${name}-${new Date().toISOString().slice(0, 10)}.${ending}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  };

  const forget = () => {
    worker?.terminate();
    worker = null;
    loaded = null;
    clear(); // also so that the report's own script does not ask whether to leave
    deviceKept.forget();
    Object.values(modules).forEach((address) => URL.revokeObjectURL(address));
    modules = {};
    $("device-form").reset();
    dropped = [];
    show("device-forgotten");
    say("");
  };

  $("device-page").addEventListener("submit", (event) => {
    event.preventDefault();
    const { submitter } = event;
    if (event.target.id !== "report-form") deviceOnward.show(event.target, submitter.formAction);
    else if (submitter.value === "pdf") window.print();
    else worker.postMessage({ task: "save", as: submitter.value });
  });
  $("device-page").addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link) return;
    if (link.classList.contains("forget")) {
      event.preventDefault();
      event.stopPropagation();
      forget();
    } else if (link.pathname === words.scans) {
      event.preventDefault();
      again();
    }
  }, true);
  document.querySelector(".site-nav").addEventListener("click", (event) => {
    const link = event.target.closest("a.language");
    const proof = proofs.isShown();
    if (!link || ($("device-report").hidden && !proof)) return;
    event.preventDefault();
    const here = setup.languages.find(({ code }) => code === document.documentElement.lang);
    worker.postMessage({ task: proof ? "showProof" : "show", language: link.lang });
    link.textContent = here.name;
    link.lang = here.code;
  });

  // --- A copy to share --------------------------------------------------------------------

  let shownOf = null; // the files of the report on the page, and those that were given up
  const askOfFiles = (task, more, extra = []) => {
    const { givenUp } = shownOf;
    const files = [...shownOf.files, ...extra.map((file) => ({ file, path: file.webkitRelativePath || file.name }))];
    lastSign = performance.now();
    worker.postMessage({
      task, files: files.map(({ file }) => file), names: files.map(({ path }) => path), givenUp,
      limits: setup.limits, language: setup.language, ...more,
    });
    return files.reduce((sum, { file }) => sum + file.size, 0);
  };
  const copy = deviceClean.start((choice) => {
    $("device-receipts").inert = true;
    return askOfFiles("clean", choice);
  });

  // --- A receipt, and a comparison ----------------------------------------------------------

  const proofs = deviceReceipts.start({
    show,
    leave: again,
    ask: (task, more) => worker.postMessage({ task, language: document.documentElement.lang, ...more }),
    prove: (task, more, receipt, old) => {
      const known = shownOf.files.length;
      const kept = receipt ? { receipt: known } : { old: old.map((_, number) => known + number) };
      return askOfFiles(task, { ...more, ...kept }, receipt ? [receipt] : old);
    },
    // Where the language changed since, the report is made anew in it.
    back: () => {
      if (document.documentElement.lang === setup.language) show("device-report");
      else worker.postMessage({ task: "show", language: document.documentElement.lang });
    },
  });

  // --- The first press ------------------------------------------------------------------

  const form = $("device-form");
  form.addEventListener("submit", begin);
  form.addEventListener("change", () => { dropped = []; showChosen(); });
  form.addEventListener("dragover", (event) => { event.preventDefault(); form.classList.add("is-over"); });
  form.addEventListener("dragleave", () => form.classList.remove("is-over"));
  form.addEventListener("drop", async (event) => {
    event.preventDefault();
    form.classList.remove("is-over");
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry()).filter(Boolean);
    const plain = [...event.dataTransfer.files].map((file) => ({ file, path: file.name }));
    form.reset();
    try {
      dropped = entries.length ? (await Promise.all(entries.map((entry) => walk(entry, "")))).flat() : plain;
    } catch {
      dropped = plain;
    }
    showChosen();
    $("device-read").focus();
  });
  document.querySelectorAll(".device-stop").forEach((button) => button.addEventListener("click", stop));
  document.querySelectorAll(".device-again").forEach((button) => button.addEventListener("click", again));

  const able = typeof WebAssembly === "object" && typeof crypto?.subtle === "object" && "showModal" in HTMLDialogElement.prototype;
  if (!able) {
    fault("old");
    return;
  }
  $("device-start").hidden = false;
  $("device-get-ready").addEventListener("click", async () => {
    show("device-loading");
    say(words.loading);
    try {
      await load();
    } catch (error) {
      fault(error.message === "changed" ? "changed" : "line");
      return;
    }
    lock();
    try {
      await startWorker();
    } catch (error) {
      fault(error.message === "memory" ? "memory" : "start");
      return;
    }
    show("device-choose");
    say(words.ready);
  });
})();
