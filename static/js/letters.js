// What scripts add to a letter's page: the form follows the place, texts can be copied,
// the page can be printed. Everything else works without them.
"use strict";

const form = document.getElementById("letter-form");

function showScriptOnly() {
  for (const one of document.querySelectorAll(".only-script")) one.hidden = false;
}

// The preview follows by itself, and a new place needs new questions.
document.getElementById("update-preview").hidden = true;
document.getElementById("use-place").hidden = true;
document.getElementById("id_place").addEventListener("change", () => {
  form.requestSubmit(document.getElementById("use-place"));
});

// Where another office gets the letter, the form asks other questions.
form.addEventListener("change", (event) => {
  if (event.target.name === "stage") form.requestSubmit(document.getElementById("use-place"));
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
  showScriptOnly();
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest(".copy-text");
  if (button) {
    const area = document.getElementById(button.dataset.copies);
    try {
      await navigator.clipboard.writeText(area.value);
    } catch {
      area.select();
      document.execCommand("copy");
    }
    document.getElementById("status").textContent = button.dataset.done;
  }
  if (event.target.closest("#print-letter")) window.print();
});

showScriptOnly();
