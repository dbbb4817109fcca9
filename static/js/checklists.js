/* Counts characters in notes, and, only after "Keep in this browser", keeps the form
   in this browser's own storage. Nothing here sends anything. */
(function () {
  "use strict";
  const KEY = "companion-checklists";
  const NOT_KEPT = new Set(["do", "file", "passphrase", "open_passphrase", "what", "language", "paper", "mode", "here", "all"]);

  function stored() {
    try {
      return JSON.parse(localStorage.getItem(KEY));
    } catch (error) {
      return null;
    }
  }

  function store(form) {
    const fields = [...new FormData(form)].filter(
      ([name, value]) => !NOT_KEPT.has(name) && typeof value === "string" && value);
    if (!form.dataset.posted) {
      // A page opened by a link does not hold what was kept before: add, never empty.
      const told = new Set(fields.map(([name]) => name));
      fields.push(...((stored() || {}).fields || []).filter(([name]) => !told.has(name)));
    }
    try {
      localStorage.setItem(KEY, JSON.stringify({version: 1, slug: form.dataset.walk, fields}));
      document.dispatchEvent(new CustomEvent("work:kept"));
      return true;
    } catch (error) {
      return false;
    }
  }

  function forget() {
    try {
      localStorage.removeItem(KEY);
    } catch (error) {
      /* Storage that cannot be opened holds nothing. */
    }
  }

  function say(words) {
    for (const place of document.querySelectorAll("[data-keep-status]")) place.textContent = words;
  }

  function walk() {
    return document.querySelector("form[data-walk]");
  }

  function prepare() {
    const kept = stored() !== null;
    for (const part of document.querySelectorAll("[data-browser]")) {
      part.hidden = false;
      part.querySelector("[data-keep]").hidden = kept;
      part.querySelector("[data-forget]").hidden = !kept;
      if (kept) part.querySelector("[data-keep-status]").textContent = part.dataset.wordsKept;
    }
    // A page made from a form holds its own answers; one opened by a link may lack the kept ones.
    const holds = walk() && walk().dataset.posted;
    for (const part of document.querySelectorAll("[data-kept]")) part.hidden = !kept || Boolean(holds);
    if (kept && walk()) keepUp();
  }

  /* A page opened fresh, by a link, must not empty what is kept: only what was sent to
     it or changed on it counts. */
  function keepUp() {
    const form = walk();
    if (form && (form.dataset.posted || form.dataset.changed)) store(form);
  }

  function openKept() {
    const kept = stored();
    const begin = document.getElementById("begin");
    if (!kept || !(begin || walk()) || !Array.isArray(kept.fields)) return;
    const form = document.createElement("form");
    form.method = "post";
    if (begin) {
      const known = [...begin.querySelectorAll("input[name=stage]")].map((input) => input.value);
      const slug = known.includes(kept.slug) ? kept.slug : known[0];
      form.action = begin.action.replace(/checklists\//, "checklists/" + slug + "/");
    } else {
      form.action = walk().action;
    }
    for (const [name, value] of kept.fields) {
      const field = document.createElement("input");
      field.type = "hidden";
      field.name = String(name);
      field.value = String(value);
      form.append(field);
    }
    document.body.append(form);
    form.requestSubmit();
  }

  const ANSWER = /^(?:answer|note|who|heard)-|^habit$/;

  /* Back and Forward bring a page of the walk as it was left. What was answered since then,
     on the page that `left` are the nodes of, is the patient's latest word and goes along. */
  function takeAnswers(left) {
    const form = walk();
    const before = left.map((one) => one.querySelector?.("form[data-walk]")).find(Boolean);
    if (!form || before?.dataset.walk !== form.dataset.walk) return;
    const told = [...new FormData(before)].filter(([name, value]) => ANSWER.test(name) && value);
    for (const field of [...form.elements].filter(({name}) => ANSWER.test(name))) {
      const values = told.filter(([name]) => name === field.name).map(([, value]) => value);
      if (field.type === "hidden") field.remove();
      else if (field.type === "radio") field.checked = field.value === (values[0] || "");
      else if (field.type === "checkbox") field.checked = values.includes(field.value);
      else field.value = values[0] || "";
      if (field.matches("textarea[data-most]")) count(field);
      if (values.length && field.closest("details")) field.closest("details").open = true;
    }
    const shown = new Set([...form.elements].map(({name}) => name));
    for (const [name, value] of told.filter(([name]) => !shown.has(name))) {
      const field = document.createElement("input");
      Object.assign(field, {type: "hidden", name, value});
      form.append(field);
    }
    keepUp();
  }

  function count(area) {
    const place = document.getElementById(area.getAttribute("aria-describedby"));
    const left = Number(area.dataset.most) - [...area.value].length;
    if (place) place.textContent = left < 0
      ? -left + " " + place.dataset.over
      : left + " " + place.dataset.left;
  }

  function limit(group) {
    const ticked = group.querySelectorAll("input:checked").length;
    for (const box of group.querySelectorAll("input:not(:checked)")) {
      box.disabled = ticked >= Number(group.dataset.most);
    }
  }

  document.addEventListener("input", (event) => {
    if (event.target.matches("textarea[data-most]")) count(event.target);
  });

  document.addEventListener("change", (event) => {
    const group = event.target.closest("fieldset[data-most]");
    if (group) limit(group);
    const form = event.target.closest("form[data-walk]");
    if (form) {
      form.dataset.changed = "yes";
      if (stored() !== null) store(form);
    }
  });

  document.addEventListener("click", (event) => {
    const part = document.querySelector("[data-browser]");
    if (event.target.closest("[data-keep]")) {
      const done = store(walk());
      prepare();
      if (!done) say(part.dataset.wordsNotKept);
    } else if (event.target.closest("[data-forget]")) {
      forget();
      prepare();
      if (part) say(part.dataset.wordsForgotten);
    } else if (event.target.closest("[data-open-kept]")) {
      openKept();
    }
  });

  function begin() {
    for (const group of document.querySelectorAll("fieldset[data-most]")) limit(group);
    prepare();
  }

  document.addEventListener("page:shown", begin);
  document.addEventListener("page:back", (event) => takeAnswers(event.detail.left));
  begin();
})();
