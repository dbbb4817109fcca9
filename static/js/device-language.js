// The page on the device in another language, in place: its words change, and what was typed,
// ticked, chosen or begun stays. The worker renders the words; this puts them where they belong.
"use strict";

window.deviceLanguage = (() => {
  const $ = (id) => document.getElementById(id);
  const SPOKEN = /^(alt|aria-label|data-.+|href|lang|placeholder|title)$/;
  const FRAME = [".skip-link", ".site-header", ".hospital-banner", ".language-note", ".site-footer"];

  // The words of `fresh` in the elements of `old`, which the same template made. Elements stay, and
  // with them what they hold and who listens to them; only prose of another shape is exchanged.
  const say = (old, fresh) => {
    for (const { name, value } of fresh.attributes) if (SPOKEN.test(name)) old.setAttribute(name, value);
    if ("filled" in old.dataset) return;
    const before = [...old.childNodes];
    const after = [...fresh.childNodes];
    if (before.length === after.length && before.every(({ nodeName }, n) => nodeName === after[n].nodeName)) {
      before.forEach((node, n) => { if (node.attributes) say(node, after[n]); else node.data = after[n].data; });
      return;
    }
    old.replaceChildren(...after.map((node) => {
      const known = node.id && before.find(({ id }) => id === node.id);
      if (known) say(known, node);
      return known || node;
    }));
  };

  // What somebody typed, ticked or opened in a part of the page that is about to be made anew.
  // Gives what puts it back into the new one.
  const remember = (part) => {
    const fields = () => [...part.querySelectorAll("input[id]:not([type=hidden]), textarea[id], select[id]")];
    const details = () => [...part.querySelectorAll("details")];
    const held = new Map(fields().map((field) => [field.id, {
      checked: field.checked, typed: field.value === field.defaultValue ? null : field.value,
    }]));
    const open = details().map((one) => one.open);
    const focused = part.contains(document.activeElement) ? document.activeElement.id : "";
    return () => {
      for (const field of fields()) {
        const { checked, typed } = held.get(field.id) ?? {};
        if (["checkbox", "radio"].includes(field.type)) {
          if (checked !== undefined && field.checked !== checked) {
            field.checked = checked;
            field.dispatchEvent(new Event("change", { bubbles: true }));
          }
        } else if (typeof typed === "string") {
          field.value = typed;
          field.dispatchEvent(new Event("input", { bubbles: true }));
        }
      }
      details().forEach((one, n) => { one.open = open[n] ?? one.open; });
      if (focused) $(focused)?.focus({ preventScroll: true });
    };
  };

  // The page at an address as text, from the site or as it was kept; null without either. Then the
  // frame stays as it came, and says in which language.
  const pageAt = async (address) => {
    try {
      const response = await fetch(address);
      if (response.ok) return await response.text();
    } catch { /* no network: the kept one follows */ }
    const kept = await window.deviceKept.bytes(address);
    return kept && new TextDecoder().decode(kept);
  };

  // Puts HTML that the worker made into a part of the page.
  const fill = (part, html, language) => {
    const putBack = remember(part);
    part.innerHTML = html;
    part.lang = language;
    return putBack;
  };

  // `languages`: { code, name, dir } of each; `isOpen()` says whether the page can change its
  // language just now, `ask(code)` asks the worker for the words of one, and `changed(code)` is told
  // when they are in their place.
  const start = ({ languages, isOpen, ask, changed }) => {
    const root = document.documentElement;
    const first = root.lang;
    const links = [...document.querySelectorAll(".site-nav a.language")];
    const addresses = new Map([[root.lang, location.href], ...links.map((link) => [link.lang, link.href])]);
    const spoken = new Map();
    let wanted = root.lang;

    const dirOf = (code) => languages.find((one) => one.code === code).dir;

    // The site's own frame is not the worker's to render: it comes with the page in each language.
    const frames = new Map([[root.lang, document.cloneNode(true)]]);
    const load = () => Promise.all([...addresses].map(async ([code, address]) => {
      if (frames.has(code)) return;
      const page = await pageAt(address);
      if (page) frames.set(code, new DOMParser().parseFromString(page, "text/html"));
    }));
    const showFrame = () => {
      const code = frames.has(wanted) ? wanted : first;
      for (const selector of FRAME) {
        const part = document.querySelector(selector);
        const there = frames.get(code).querySelector(selector)?.cloneNode(true); // it is shown again
        if (part && there) say(part, there);
        if (part) Object.assign(part, { lang: there?.lang || code, dir: dirOf(code) });
      }
    };
    const nameLinks = () => {
      const others = languages.filter(({ code }) => code !== wanted);
      links.forEach((link, n) => {
        const { code, name } = others[n];
        Object.assign(link, { textContent: name, lang: code, hreflang: code, href: addresses.get(code) });
      });
    };
    const show = () => {
      const fresh = new DOMParser().parseFromString(spoken.get(wanted), "text/html");
      showFrame();
      document.querySelector(".language-offer")?.remove(); // somebody has chosen
      root.lang = wanted;
      root.dir = dirOf(wanted);
      document.title = fresh.title;
      say($("device-spoken"), fresh.getElementById("device-spoken"));
      nameLinks();
      changed(wanted);
    };

    document.addEventListener("click", (event) => {
      const link = event.target.closest(".site-nav a.language, .language-offer a");
      if (!link || !isOpen()) return; // else it leads to the page in that language
      event.preventDefault();
      wanted = link.lang;
      if (spoken.has(wanted)) show();
      else ask(wanted);
    });

    return {
      now: () => root.lang,
      // Loads the site's frame in the other languages: before the lock, or never.
      load,
      // Has the words of all languages made ahead: a worker that reads hears nothing.
      prepare: () => languages.forEach(({ code }) => ask(code)),
      spoken: ({ language, html }) => {
        const waited = language === wanted && language !== root.lang;
        spoken.set(language, html);
        if (waited) show();
      },
      // Whoever changed the language and went nowhere else since is led to what is shown.
      isAtSwitch: () => links.includes(document.activeElement) || document.activeElement === document.body,
    };
  };

  return { start, fill };
})();
