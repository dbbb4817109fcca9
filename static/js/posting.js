// Sends a page's forms without leaving the page. The browser's history then holds addresses only,
// so Back never asks to send a form again; the pages themselves are kept here, in this tab's
// memory and nowhere else, and Back and Forward bring them back with all that was typed.
// Without this script each form works as any form does: Back to a page that a form made is the
// browser's question whether to send it again.
"use strict";
(() => {
  const pages = new Map(); // the number of a history entry -> the page that was shown there
  let here = history.state?.page ?? 0;
  let last = here;
  let unsaved = false;
  let busy = false;
  const late = new Map(); // what was typed while an answer was on its way, by the id of its field

  history.replaceState({page: here}, "");

  function keep() {
    const {lang, dir} = document.documentElement;
    pages.set(here, {title: document.title, lang, dir, nodes: [...document.body.childNodes], top: scrollY});
  }

  function show({title, lang, dir, nodes}) {
    document.title = title;
    Object.assign(document.documentElement, {lang, dir});
    document.body.replaceChildren(...nodes);
    window.htmx?.process(document.body);
    document.dispatchEvent(new CustomEvent("page:shown"));
  }

  // Styles and scripts of the page to come that this one did not need.
  function fetchParts(made) {
    for (const [selector, name] of [["link[rel=stylesheet]", "href"], ["script[src]", "src"]]) {
      for (const one of made.head.querySelectorAll(selector)) {
        if (document.head.querySelector(`[${name}="${one.getAttribute(name)}"]`)) continue;
        const copy = document.createElement(one.localName);
        for (const {name: key, value} of one.attributes) copy.setAttribute(key, value);
        document.head.append(copy);
      }
    }
  }

  function focusAfter(sameQuestion, anchor) {
    const first = document.querySelector("[autofocus]");
    const target = first || document.getElementById(sameQuestion) || document.getElementById(anchor);
    (target || document.getElementById("main")).focus({preventScroll: Boolean(sameQuestion) && !first});
    if (!target) scrollTo(0, 0);
  }

  function take(response, body) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(body);
    link.download = /filename="([^"]+)"/.exec(response.headers.get("Content-Disposition"))?.[1] || "";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    unsaved = false;
  }

  async function answer(response, button, action) {
    if (/^attachment/.test(response.headers.get("Content-Disposition") || "")) {
      take(response, await response.blob());
      return;
    }
    const made = new DOMParser().parseFromString(await response.text(), "text/html");
    const address = made.querySelector("[data-address]")?.dataset.address || response.url;
    const where = new URL(address, location.href);
    const stays = where.pathname === location.pathname;
    // On the same page the person goes on at the question where they were.
    const question = stays && button?.dataset.stays !== undefined ? document.activeElement?.id : "";
    const top = scrollY;
    // What was chosen belongs to the page to come: the one left behind keeps its own place.
    for (const one of document.querySelectorAll("[data-decides] option")) one.selected = one.defaultSelected;
    keep();
    fetchParts(made);
    if (response.ok) {
      here = ++last;
      history.pushState({page: here}, "", where.pathname + where.search);
    }
    const {lang, dir} = made.documentElement;
    const nodes = [...made.body.childNodes].map((one) => document.adoptNode(one));
    show({title: made.title, lang, dir, nodes});
    for (const [id, {value, checked}] of late) {
      const field = document.getElementById(id);
      if (!field) continue;
      Object.assign(field, {value, checked});
      field.dispatchEvent(new Event("input", {bubbles: true}));
    }
    const news = document.querySelector("[data-news]");
    if (news) document.getElementById("status").textContent = news.textContent.trim();
    if (question) scrollTo(0, top);
    focusAfter(question, new URL(action).hash.slice(1));
  }

  // A question may be called "method": only the attribute is the form's own.
  function said(form, button, name) {
    return button?.getAttribute(`form${name}`) || form.getAttribute(name) || "";
  }

  async function send(form, button) {
    const action = new URL(said(form, button, "action"), location.href).href;
    const data = new FormData(form);
    if (button?.name) data.append(button.name, button.value);
    const isMultipart = said(form, button, "enctype") === "multipart/form-data";
    const body = isMultipart ? data : new URLSearchParams(data);
    const response = await fetch(action, {method: "POST", body});
    await answer(response, button, action);
  }

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    const button = event.submitter;
    if (event.defaultPrevented || form.getAttribute("method") !== "post") return;
    if (said(form, button, "target") === "_blank") return;
    event.preventDefault();
    if (busy) return;
    busy = true;
    late.clear();
    document.getElementById("main").setAttribute("aria-busy", "true");
    try {
      await send(form, button);
    } catch {
      // No network, or no answer: the browser's own way says so, and keeps the form.
      unsaved = false;
      const field = document.createElement("input");
      Object.assign(field, {type: "hidden", name: button?.name || "", value: button?.value || ""});
      form.append(field);
      form.setAttribute("action", said(form, button, "action"));
      HTMLFormElement.prototype.submit.call(form);
    } finally {
      busy = false;
      document.getElementById("main")?.removeAttribute("aria-busy");
    }
  });

  addEventListener("popstate", (event) => {
    if (event.state?.page === undefined) {
      // A link within the page: the page is the same.
      history.replaceState({page: here}, "");
      return;
    }
    const page = pages.get(event.state.page);
    if (event.state.page === here) return;
    if (!page) {
      location.reload();
      return;
    }
    keep();
    const left = pages.get(here).nodes;
    here = event.state.page;
    show(page);
    document.dispatchEvent(new CustomEvent("page:back", {detail: {left}}));
    scrollTo(0, page.top);
  });

  // --- a warning before unsent work is left

  document.addEventListener("input", (event) => {
    if (busy && event.target.id && event.target.type !== "file") late.set(event.target.id, event.target);
    if (event.target.form?.dataset.warns !== undefined && event.target.type !== "search") unsaved = true;
  });

  document.addEventListener("work:kept", () => {
    unsaved = false;
  });

  addEventListener("beforeunload", (event) => {
    if (unsaved) event.preventDefault();
  });

  // --- the next person at the same machine finds nothing of the one before

  let anew = false;
  document.addEventListener("click", (event) => {
    anew = Boolean(event.target.closest("[data-anew]"));
  });
  addEventListener("pagehide", () => {
    pages.clear();
    if (anew) document.body.replaceChildren();
  });
})();
