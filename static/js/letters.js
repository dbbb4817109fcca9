// What scripts add to a letter's page: the form follows the place, texts can be copied,
// the page can be printed. Everything else works without them.
"use strict";
(() => {
  const letterForm = () => document.getElementById("letter-form");
  const taken = () => document.dispatchEvent(new CustomEvent("work:kept"));

  function prepare() {
    for (const one of document.querySelectorAll(".only-script")) one.hidden = false;
    // The preview follows by itself, and a new place needs new questions.
    document.querySelector(".reach")?.classList.add("live");
    const use = document.getElementById("use-place");
    if (use && letterForm()) use.hidden = true;
  }

  document.addEventListener("change", (event) => {
    const {id, name, form} = event.target;
    if (!form || form !== letterForm()) return;
    // Where another office gets the letter, the form asks other questions.
    if (id === "id_place" || name === "stage") form.requestSubmit(document.getElementById("use-place"));
  });

  // Which parts of the preview are open is the reader's choice: keep it over an update.
  let opened = [];
  document.addEventListener("htmx:beforeSwap", () => {
    opened = [...document.querySelectorAll("#preview details[open][id]")].map((one) => one.id);
  });
  document.addEventListener("htmx:afterSettle", () => {
    for (const id of opened) {
      const one = document.getElementById(id);
      if (one) one.open = true;
    }
    prepare();
    // The place was only assumed, and the address names another: the letter follows it.
    const follow = document.querySelector("#preview [data-follow]");
    const typing = document.activeElement?.matches("textarea, input[type=text]");
    if (follow && letterForm().elements.preset && !typing) letterForm().requestSubmit(follow);
  });

  async function copy(area, words) {
    try {
      await navigator.clipboard.writeText(area.value);
    } catch {
      area.closest("details").open = true;
      area.select();
      document.execCommand("copy");
    }
    document.getElementById("status").textContent = words;
    const said = document.getElementById("copied");
    if (said) said.textContent = words;
    taken();
  }

  document.addEventListener("click", (event) => {
    const copies = event.target.closest("[data-copies]");
    if (copies) copy(document.getElementById(copies.dataset.copies), copies.dataset.done);
    if (event.target.closest(".takes-away")) taken();
    if (event.target.closest("#print-letter")) {
      window.print();
      taken();
    }
    if (event.target.closest("#see-letter")) {
      event.preventDefault();
      const title = document.getElementById("preview-title");
      title.focus({preventScroll: true});
      title.scrollIntoView();
    }
    // What a link within the page leads to may be folded away.
    const link = event.target.closest('a[href^="#id_"]');
    const fold = link && document.querySelector(link.hash)?.closest("details");
    if (fold) fold.open = true;
  });

  document.addEventListener("page:shown", prepare);
  // Its preview may have been brought up to date for the choice that led away.
  document.addEventListener("page:back", () => letterForm()?.dispatchEvent(new Event("change")));
  prepare();
})();
