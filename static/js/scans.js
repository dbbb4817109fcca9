// The scan journey's small comforts: progress, drag and drop, search, and a thorough
// "forget". Everything here also works without this file, by plain forms and links.
"use strict";

(() => {
  const $ = (id) => document.getElementById(id);
  const { fill, size, walk } = window.choosing;
  const language = document.documentElement.lang;
  const say = (words) => { $("status").textContent = words; };

  // What was dropped has no place in a file input, so it is kept here until it is sent.
  let dropped = [];

  const chosenFiles = (form) => {
    const picked = [...form.querySelectorAll("input[type=file]")].flatMap(
      (input) => [...input.files].map((file) => ({ file, path: file.webkitRelativePath || file.name })),
    );
    return [...picked, ...dropped];
  };

  const startChoosing = (form) => {
    const words = form.dataset;
    form.querySelectorAll(".js-only").forEach((part) => { part.hidden = false; });
    const count = (n) => (n === 1 ? words.oneFile : fill(words.files, { n: n.toLocaleString(language) }));
    const show = () => {
      const files = chosenFiles(form);
      const bytes = files.reduce((sum, { file }) => sum + file.size, 0);
      $("chosen").textContent = files.length
        ? fill(words.chosen, { files: count(files.length), size: size(bytes) }) : "";
    };
    form.addEventListener("change", () => {
      dropped = [];
      form.classList.remove("has-dropped");
      show();
    });
    form.addEventListener("dragover", (event) => { event.preventDefault(); form.classList.add("is-over"); });
    form.addEventListener("dragleave", () => form.classList.remove("is-over"));
    form.addEventListener("drop", async (event) => {
      event.preventDefault();
      form.classList.remove("is-over");
      const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry()).filter(Boolean);
      const { files } = event.dataTransfer;
      const plain = [...files].map((file) => ({ file, path: file.name }));
      form.reset();
      form.classList.remove("has-dropped");
      dropped = [];
      if (entries.some((entry) => entry.isDirectory)) {
        try {
          dropped = (await Promise.all(entries.map((entry) => walk(entry, "")))).flat();
        } catch {
          dropped = plain;
        }
        form.classList.add("has-dropped");
      } else {
        $("id_files").files = files;
      }
      show();
      $("read-files").focus();
    });
    form.addEventListener("submit", (event) => {
      document.querySelector("main > .error-summary")?.remove();
      const files = chosenFiles(form);
      if (!files.length) return; // the server says what is missing
      event.preventDefault();
      send(form, files);
    });
    dropped = [];
    show();
  };

  const send = (form, files) => {
    const words = form.dataset;
    const body = new FormData();
    for (const { file, path } of files) body.append("files", file, path);
    const total = files.reduce((sum, { file }) => sum + file.size, 0);
    const ends = [];
    files.reduce((sum, { file }) => { ends.push(sum + file.size); return sum + file.size; }, 0);

    const title = $("progress-title");
    const bar = $("progress-bar");
    const sendingTitle = title.textContent;
    const began = performance.now();
    let said = 0;
    form.hidden = true;
    $("progress").hidden = false;
    title.focus();

    const back = () => {
      $("progress").hidden = true;
      title.textContent = sendingTitle;
      bar.value = 0;
      form.hidden = false;
    };
    const failed = () => {
      back();
      say("");
      const summary = $("cut-off").content.cloneNode(true);
      document.querySelector(".page-header").after(summary);
      $("error-summary-title").focus();
    };
    const cancelled = () => {
      back();
      say(words.cancelled);
      $("chosen").textContent = words.cancelled;
      $("read-files").focus();
    };

    const request = new XMLHttpRequest();
    const watch = watchLine(() => { request.abort(); failed(); });
    request.upload.addEventListener("progress", (event) => {
      watch.moved();
      const part = event.total ? event.loaded / event.total : 0;
      const done = part * total;
      bar.value = part * 100;
      $("progress-bytes").textContent = fill(words.sent, { done: size(done), total: size(total) });
      const filesDone = ends.filter((end) => end <= done).length;
      $("progress-files").textContent = fill(words.sentFiles, {
        done: filesDone.toLocaleString(language), total: files.length.toLocaleString(language),
      });
      const seconds = (performance.now() - began) / 1000;
      if (seconds > 2 && part > 0.02 && part < 1) {
        const left = Math.ceil((seconds / part) * (1 - part));
        $("progress-left").textContent = left < 90
          ? fill(words.leftSeconds, { n: left })
          : fill(words.leftMinutes, { n: Math.round(left / 60) });
      }
      if (part < 1 && Math.floor(part * 4) > said) {
        said = Math.floor(part * 4);
        say(fill(words.percent, { n: said * 25 }));
      }
    });
    request.upload.addEventListener("load", () => {
      watch.sent();
      bar.removeAttribute("value");
      title.textContent = title.dataset.reading;
      $("progress-left").textContent = "";
      say(words.reading);
    });
    request.addEventListener("load", () => {
      if (!showPage(request)) failed();
      else if (request.status === 200) say(words.ready);
    });
    request.addEventListener("error", failed);
    request.addEventListener("loadend", watch.end);
    $("cancel").addEventListener("click", () => { request.abort(); cancelled(); }, { once: true });
    request.open("POST", form.action);
    request.send(body);
  };

  // A line that is cut sends no error, and the page would wait for ever. Whenever nothing
  // moves, the server is asked whether it lives; one that is silent for long is given up.
  // While something is being sent, a phone in a lift gets more time.
  const watchLine = (givenUp) => {
    let moved = true;
    let silent = 0;
    let most = 10;
    let over = false;
    const look = async () => {
      if (over) return;
      if (moved) {
        silent = 0;
      } else {
        try {
          silent = (await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(2000) })).ok
            ? 0 : silent + 1;
        } catch {
          silent += 1;
        }
      }
      moved = false;
      if (over) return;
      if (silent >= most) { over = true; givenUp(); } else setTimeout(look, 1000);
    };
    setTimeout(look, 1000);
    return {
      moved: () => { moved = true; },
      sent: () => { moved = true; most = 3; },
      end: () => { over = true; },
    };
  };

  // The answer is a whole page, the same that a browser without script shows. False where
  // it is none of ours, such as the bare error page of a proxy.
  const showPage = (request) => {
    if (!(request.getResponseHeader("Content-Type") || "").startsWith("text/html")) return false;
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    if (!page.querySelector("main")) return false;
    for (const part of ["main", ".site-nav"]) {
      const fresh = page.querySelector(part);
      if (fresh) document.querySelector(part).replaceWith(document.adoptNode(fresh));
    }
    document.title = page.title;
    start();
    window.scrollTo(0, 0);
    const target = document.querySelector("main [autofocus]") || document.querySelector("main");
    if (!target.hasAttribute("tabindex")) target.tabIndex = -1;
    target.focus({ preventScroll: true });
    return true;
  };

  // A report that was not saved is nowhere else: the browser asks before it goes.
  let unsaved = false;
  window.addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });

  const startReport = (report) => {
    const words = report.dataset;
    unsaved = "unsaved" in words;
    $("report-form").addEventListener("submit", (event) => {
      unsaved = false;
      // The pictures go along only where the answer shows them; a moment later the form has
      // them again.
      const asked = event.submitter?.value;
      const needed = asked === "pdf" ? $("pdf-pictures")?.checked : !["json", "csv"].includes(asked);
      const pictures = report.querySelectorAll('input[name="picture"]');
      pictures.forEach((picture) => { picture.disabled = !needed; });
      setTimeout(() => pictures.forEach((picture) => { picture.disabled = false; }));
    });
    const shown = $("show-values");
    shown?.addEventListener("change", () => say(shown.checked ? words.shown : words.hidden));
    if (shown && !CSS.supports("selector(:has(*))")) {
      const set = () => report.classList.toggle("hide-values", !shown.checked);
      shown.addEventListener("change", set);
      set();
    }
    report.addEventListener("click", (event) => {
      const link = event.target.closest('a[href^="#"]');
      if (link) $(link.hash.slice(1))?.closest("details")?.setAttribute("open", "");
    });
    report.querySelectorAll(".stacks").forEach(keepTable);
    report.querySelectorAll(".js-only").forEach((part) => { part.hidden = false; });
    const search = $("element-search");
    if (search) startSearch(search);
    report.querySelectorAll(".forget").forEach((link) => link.addEventListener("click", (event) => {
      event.preventDefault();
      const goodbye = link.href;
      unsaved = false;
      document.querySelector("main").replaceChildren();
      window.location.replace(goodbye);
    }));
  };

  // Rows that the style sheet lays out as cards stay rows of a table for who listens.
  const keepTable = (table) => {
    const roles = { thead: "rowgroup", tbody: "rowgroup", tr: "row", td: "cell" };
    table.setAttribute("role", "table");
    for (const [tag, role] of Object.entries(roles)) {
      table.querySelectorAll(tag).forEach((part) => part.setAttribute("role", role));
    }
    table.querySelectorAll("th").forEach((head) => {
      head.setAttribute("role", head.scope === "row" ? "rowheader" : "columnheader");
    });
  };

  // Paper has no folds; for browsers that do not take this from the style sheet.
  const folded = [];
  window.addEventListener("beforeprint", () => {
    document.querySelectorAll(".more-cards:not([open]), .limits > details:not([open])").forEach((fold) => {
      fold.open = true;
      folded.push(fold);
    });
  });
  window.addEventListener("afterprint", () => {
    folded.splice(0).forEach((fold) => { fold.open = false; });
  });

  const startSearch = (search) => {
    const count = $("element-count");
    const rows = [...$("element-table").tBodies[0].rows];
    // A tag may be typed as 0010,0010 or (0010,0010) or without either.
    const plain = (text) => text.toLowerCase().replace(/[(),]/g, "").replace(/\s+/g, " ").trim();
    const texts = rows.map((row) => plain(row.textContent));
    search.addEventListener("input", () => {
      const wanted = plain(search.value).split(" ");
      let found = 0;
      rows.forEach((row, i) => {
        const fits = wanted.every((word) => texts[i].includes(word));
        row.hidden = !fits;
        found += fits ? 1 : 0;
      });
      count.textContent = fill(count.dataset.words, { n: found, total: rows.length });
    });
  };

  const start = () => {
    const form = $("scan-form");
    if (form) startChoosing(form);
    const report = $("report");
    if (report) startReport(report);
  };

  // A page that the browser kept in memory must not come back with a report in it.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted && $("report")) {
      unsaved = false;
      document.querySelector("main").replaceChildren();
      window.location.reload();
    }
  });

  // A page that puts a report into itself, instead of getting one from the server, says so.
  document.addEventListener("report-shown", start);

  start();
})();
