// Reading on the visitor's own device. The page loads all it needs, forbids itself to load or send
// anything more, and only then takes files (device-choosing.js). A worker reads them
// (device-worker.js), which device-watch.js starts, watches and ends. device-language.js puts the page
// into another language.
"use strict";

(() => {
  const place = document.getElementById("device");
  if (!place?.dataset.setup) return; // not installed here: the page says so
  const { fill, size } = window.choosing;
  const {
    deviceChoosing, deviceClean, deviceKept, deviceLanguage, deviceLoading, deviceOnward, deviceReceipts, deviceWatch,
  } = window;
  const setup = JSON.parse(place.dataset.setup);
  const $ = (id) => document.getElementById(id);
  const words = $("device-spoken").dataset; // always those of the page's language
  const say = (text) => { $("status").textContent = text; };
  const bytesOf = (files) => files.reduce((sum, { file }) => sum + file.size, 0);
  // Nothing of it travels and nothing is held, so a whole disc is one set, however large.
  const limitsFor = (files) => ({ ...setup.limits, total_bytes: Math.max(setup.limits.total_bytes, bytesOf(files)) });
  const count = (n) => n.toLocaleString(document.documentElement.lang);

  const HANG_SECONDS = 15;
  const SETTLE_SECONDS = 120;
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
  const isShown = (...names) => names.some((name) => !$(name).hidden);
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
    const [found] = await Promise.all([
      deviceLoading.load(setup, (bytes) => {
        got += bytes;
        $("device-loading-bar").value = (got / total) * 100;
      }),
      language.load(),
    ]);
    ({ loaded, modules } = found);
    $("device-kept").hidden = !found.kept;
    $("device-not-kept").hidden = found.kept;
  };

  const lock = () => {
    const meta = document.createElement("meta");
    meta.httpEquiv = "Content-Security-Policy";
    meta.content = LOCK;
    document.head.append(meta);
  };

  // --- The worker, and what it says --------------------------------------------------------

  let reading = null; // what is being read just now
  let shownOf = null; // the report on the page: its files, those given up, and itself, for another worker

  const heard = {
    file: ({ file }) => { if (reading) reading.file = file; },
    progress: ({ count: files, bytes }) => {
      if (proofs.progress(bytes) || copy.progress(bytes) || !reading) return;
      // What comes after the last file is read is the making of the report.
      reading.settling = bytes >= reading.total && reading.file === reading.last && files >= reading.files.length;
      progress(files, bytes);
    },
    read: ({ kept }) => {
      reading.done = true;
      reading.kept = kept;
      watch.ask({ task: "show", language: language.now() });
    },
    page: ({ html, language: spoken }) => shown(html, spoken),
    spoken: (made) => language.spoken(made),
    saved: ({ as, bytes }) => saved(as, bytes),
    piece: ({ bytes }) => copy.piece(bytes),
    cleaned: ({ files, html, language: spoken }) => {
      $("device-receipts").inert = false;
      copy.done(files, html, spoken);
      if (spoken !== language.now()) copy.speak();
    },
    account: ({ html, language: spoken }) => copy.account(html, spoken),
    proven: (found) => proofs.proven(found),
    sheet: (made) => proofs.sheet(made),
    // A file that breaks Python itself is as one that hangs: it is named, the others are read.
    failed: ({ task, fault: kind }) => {
      if (task === "clean" && copy.failed()) return;
      if (proofs.failed()) return;
      if (task === "read" && kind !== "memory" && passOver()) return;
      reading = null;
      fault(kind);
      watch.renew();
    },
  };

  const silent = (seconds) => {
    for (const part of [copy, proofs]) if (part.isLate(seconds) && part.failed()) return;
    if (!reading || reading.done) return;
    if (seconds < (reading.settling ? SETTLE_SECONDS : HANG_SECONDS) || passOver()) return;
    reading = null;
    watch.renew();
    fault("other");
  };

  const watch = deviceWatch.start({
    given: () => ({ given: loaded, modules, lock: setup.lock, settings: setup.settings }),
    hear: (said) => heard[said.kind]?.(said),
    broke: () => passOver(),
    silent,
  });

  // Reads all again but for the file at hand, which the report names as not read. False where
  // no one file is to blame.
  const passOver = () => {
    if (!reading || reading.settling || reading.file < 0 || reading.givenUp.length >= GIVEN_UP_AT_MOST) return false;
    const { files, givenUp, file } = reading;
    reading = null;
    watch.renew();
    read(files, [...givenUp, file]);
    return true;
  };

  // --- Reading --------------------------------------------------------------------------

  const progress = (files, bytes) => {
    Object.assign(reading, { told: files, bytes });
    $("device-bar").value = reading.total ? Math.min(100, (bytes / reading.total) * 100) : 0;
    $("device-progress").textContent = fill(words.read, { n: count(files), done: size(bytes), total: size(reading.total) });
  };

  const read = async (files, givenUp = []) => {
    const mine = {
      files, givenUp, file: -1, settling: false, done: false,
      total: bytesOf(files), last: files.length - 1,
    };
    try {
      await watch.ready();
    } catch {
      fault("start");
      return;
    }
    reading = mine;
    progress(0, 0);
    watch.ask({
      task: "read", files: files.map(({ file }) => file), names: files.map(({ path }) => path), givenUp, limits: limitsFor(files),
    });
  };

  const choosing = deviceChoosing.start({
    words,
    count,
    read: (files) => {
      show("device-reading");
      say(words.reading);
      read(files);
    },
  });

  // Nothing of a report, of a copy or of a receipt stays in the page.
  const clear = () => {
    reading = null;
    shownOf = null;
    $("device-page").replaceChildren();
    for (const part of [copy, proofs, deviceOnward]) part.forget();
  };

  // The report in the language of the page, where it is not.
  const speakReport = () => {
    if ($("device-page").lang !== language.now()) watch.ask({ task: "show", language: language.now() });
  };

  // Ends the worker that makes something of the files. The report stays: the next one goes on with it.
  const goOn = () => {
    $("device-receipts").inert = false;
    watch.renew().catch(() => fault("start"));
    watch.ask({ task: "restore", kept: shownOf.kept });
    speakReport();
  };
  const halt = () => {
    goOn();
    say(words.halted);
  };

  const stop = () => {
    clear();
    watch.renew();
    show("device-choose");
    say(words.stopped);
  };

  const again = () => {
    clear();
    choosing.forget();
    watch.renew(); // the report that was is gone with its worker
    show("device-choose");
  };

  // --- The report ----------------------------------------------------------------------

  const shown = (html, spoken) => {
    const first = Boolean(reading);
    if (reading) {
      shownOf = { files: reading.files, givenUp: reading.givenUp, kept: reading.kept };
      copy.offer();
      $("device-receipts").inert = false;
    }
    reading = null;
    const isLed = first || (isShown("device-report") && language.isAtSwitch());
    const putBack = deviceLanguage.fill($("device-page"), html, spoken);
    document.dispatchEvent(new Event("report-shown"));
    if (!first) putBack();
    // A report that was made anew for another language leaves whoever went on where they are.
    if (!isLed) return;
    say(first ? words.done : words.switched);
    show("device-report");
    window.scrollTo(0, 0);
    $("report-title")?.focus({ preventScroll: true });
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
    watch.end();
    loaded = null;
    clear(); // also so that the report's own script does not ask whether to leave
    deviceKept.forget();
    Object.values(modules).forEach((address) => URL.revokeObjectURL(address));
    modules = {};
    choosing.forget();
    show("device-forgotten");
    say("");
  };

  $("device-page").addEventListener("submit", (event) => {
    event.preventDefault();
    const { submitter } = event;
    // Of a button without an address of its own, formAction is that of this page.
    const { formAction } = submitter.hasAttribute("formaction") ? submitter : { formAction: event.target.action };
    if (event.target.id !== "report-form") deviceOnward.show(event.target, formAction);
    else if (submitter.value === "pdf") window.print();
    else watch.ask({ task: "save", as: submitter.value });
  });
  $("device-page").addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link) return;
    if (link.classList.contains("forget")) {
      event.preventDefault();
      event.stopPropagation();
      forget();
    } else if (link.pathname.endsWith("/scans/")) { // in any language
      event.preventDefault();
      again();
    }
  }, true);
  // --- Another language --------------------------------------------------------------------

  const language = deviceLanguage.start({
    languages: setup.languages,
    // Before the lock, and after all was forgotten, a link to the page in another language is one.
    isOpen: () => isShown("device-choose", "device-reading", "device-report", "device-proving", "device-proof"),
    ask: (code) => watch.ask({ task: "speak", language: code }),
    changed: (code) => {
      choosing.speak();
      copy.speak();
      if (reading) progress(reading.told, reading.bytes);
      if (proofs.isShown()) watch.ask({ task: "showProof", language: code });
      else if (isShown("device-report")) speakReport();
      else show(views.find((view) => isShown(view)));
      say(words.switched);
    },
  });

  // --- A copy to share --------------------------------------------------------------------

  const askOfFiles = (task, more, extra = []) => {
    const { givenUp } = shownOf;
    const files = [...shownOf.files, ...extra.map(deviceChoosing.named)];
    watch.ask({
      task, files: files.map(({ file }) => file), names: files.map(({ path }) => path), givenUp,
      limits: limitsFor(files), language: language.now(), ...more,
    });
    return bytesOf(files);
  };
  const copy = deviceClean.start({
    halt,
    goOn,
    renew: () => watch.ask({ task: "account", language: language.now() }),
    make: (choice) => {
      $("device-receipts").inert = true;
      return askOfFiles("clean", choice);
    },
  });

  // --- A receipt, and a comparison ----------------------------------------------------------

  const proofs = deviceReceipts.start({
    show,
    goOn,
    halt,
    leave: again,
    language,
    ask: (task, more) => watch.ask({ task, language: language.now(), ...more }),
    prove: (task, more, receipt, old) => {
      const known = shownOf.files.length;
      const kept = receipt ? { receipt: known } : { old: old.map((_, number) => known + number) };
      return askOfFiles(task, { ...more, ...kept }, receipt ? [receipt] : old);
    },
    // Where the language changed since, the report is made anew in it.
    back: () => {
      show("device-report");
      speakReport();
    },
  });

  // --- The first press ------------------------------------------------------------------

  $("device-stop").addEventListener("click", stop);

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
      await watch.renew();
    } catch (error) {
      fault(error.message === "memory" ? "memory" : "start");
      return;
    }
    show("device-choose");
    say(words.ready);
    language.prepare();
  });
})();
