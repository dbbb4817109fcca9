// A receipt or a comparison, by sending: how far the files are, a way to stop, and folders that
// are dropped. Without this file the forms work as any form does.
"use strict";

(() => {
  const form = document.getElementById("choose-form");
  if (!form) return;
  const $ = (id) => document.getElementById(id);
  const { fill, size, walk } = window.choosing;
  const words = form.dataset;
  const language = document.documentElement.lang;
  const say = (text) => { $("status").textContent = text; };
  // Where files of one field are chosen or dropped: the form as a whole, or a part of it.
  const places = [form, ...form.querySelectorAll("[data-drops]")].filter(({ dataset }) => dataset.drops);
  const receipt = $("id_receipt");

  // A folder that was dropped has no place in a file input, so it is kept here until it is sent.
  const dropped = new Map();

  const inputsOf = (place) => [...place.querySelectorAll(`input[type=file][name="${place.dataset.drops}"]`)];
  const filesOf = (place) => [
    ...inputsOf(place).flatMap((input) => [...input.files])
      .map((file) => ({ file, path: file.webkitRelativePath || file.name })),
    ...(dropped.get(place) ?? []),
  ];

  // In the order in which the server wants them: what was kept goes first.
  const parts = () => [
    ...[...(receipt?.files ?? [])].map((file) => ({ name: "receipt", file, path: file.name })),
    ...places.flatMap((place) => filesOf(place).map((one) => ({ name: place.dataset.drops, ...one }))),
  ];

  const show = (place) => {
    const files = filesOf(place);
    const bytes = files.reduce((sum, { file }) => sum + file.size, 0);
    const count = files.length === 1 ? words.oneFile : fill(words.files, { n: files.length.toLocaleString(language) });
    place.querySelector(".chosen").textContent = files.length
      ? fill(words.chosen, { files: count, size: size(bytes) }) : "";
  };

  const take = async (place, transfer) => {
    const entries = [...transfer.items].map((item) => item.webkitGetAsEntry()).filter(Boolean);
    const plain = [...transfer.files].map((file) => ({ file, path: file.name }));
    let found = plain;
    try {
      if (entries.length) found = (await Promise.all(entries.map((entry) => walk(entry, "")))).flat();
    } catch { /* a folder that cannot be walked: what the browser gave by itself */ }
    if (receipt && place.contains(receipt) && found.length === 1 && found[0].path.endsWith(".json")) {
      receipt.files = transferOf(found);
      return;
    }
    inputsOf(place).forEach((input) => { input.value = ""; });
    dropped.set(place, found);
    place.classList.add("has-dropped");
    show(place);
  };

  const transferOf = (found) => {
    const held = new DataTransfer();
    for (const { file } of found) held.items.add(file);
    return held.files;
  };

  for (const place of places) {
    place.addEventListener("change", (event) => {
      if (event.target === receipt) return;
      dropped.delete(place);
      place.classList.remove("has-dropped");
      show(place);
    });
    place.addEventListener("dragover", (event) => { event.preventDefault(); place.classList.add("is-over"); });
    place.addEventListener("dragleave", () => place.classList.remove("is-over"));
    place.addEventListener("drop", (event) => {
      event.preventDefault();
      place.classList.remove("is-over");
      take(place, event.dataTransfer);
    });
  }

  const send = (chosen) => {
    const body = new FormData();
    body.append("paths", JSON.stringify(chosen.map(({ path }) => path)));
    for (const { name, file } of chosen) body.append(name, file, file.name);
    const bar = $("progress-bar");
    const title = $("progress-title");
    const sending = title.textContent;
    document.querySelector("main > .error-summary")?.remove();
    form.hidden = true;
    $("progress").hidden = false;
    title.focus();
    const request = new XMLHttpRequest();
    const back = (focus) => {
      $("progress").hidden = true;
      title.textContent = sending;
      bar.value = 0;
      $("progress-bytes").textContent = "";
      form.hidden = false;
      focus?.focus();
    };
    const failed = (summary) => {
      document.querySelector(".page-header").after(summary);
      back($("error-summary-title"));
    };
    const cutOff = () => failed($("cut-off").content.cloneNode(true));
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      bar.value = total ? (loaded / total) * 100 : 0;
      $("progress-bytes").textContent = fill(words.sent, { done: size(loaded), total: size(total) });
    });
    request.upload.addEventListener("load", () => {
      bar.removeAttribute("value");
      title.textContent = title.dataset.reading;
      say(words.reading);
    });
    request.addEventListener("load", () => {
      const page = new DOMParser().parseFromString(request.responseText, "text/html");
      const main = page.querySelector("main");
      const problem = main?.querySelector(".error-summary");
      // What was chosen stays: only what is wrong comes into the page.
      if (problem) failed(document.adoptNode(problem));
      else if (main && request.status === 200) shown(page, main);
      else cutOff();
    });
    request.addEventListener("error", cutOff);
    $("cancel").onclick = () => {
      request.abort();
      back(form.querySelector("button"));
      say(words.cancelled);
    };
    request.open("POST", form.action);
    request.send(body);
  };

  let answered = false;

  const shown = (page, main) => {
    answered = true;
    dropped.clear();
    document.querySelector("main").replaceWith(document.adoptNode(main));
    document.title = page.title;
    window.scrollTo(0, 0);
    const heading = document.querySelector("main h1");
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
    say(words.ready);
  };

  form.addEventListener("submit", (event) => {
    const chosen = parts();
    if (!chosen.length) return; // the server says what is missing
    event.preventDefault();
    send(chosen);
  });

  // A page that the browser kept in memory must not come back with an answer in it.
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted || !answered) return;
    document.querySelector("main").replaceChildren();
    window.location.reload();
  });

  form.querySelectorAll(".js-only").forEach((part) => { part.hidden = false; });
  places.forEach(show);
})();
