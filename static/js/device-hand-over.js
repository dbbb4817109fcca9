// Takes the words for a letter from the page on the device that opened this one, and shows them.
// They are sent by the visitor's own press on the form, and by nothing else.
"use strict";

(() => {
  const $ = (id) => document.getElementById(id);
  const { opener } = window;
  if (!opener) return; // opened by itself: the page says that nothing came

  const isWord = (field) => typeof field?.name === "string" && typeof field.value === "string";

  window.addEventListener("message", ({ origin, source, data }) => {
    if (origin !== location.origin || source !== opener || !Array.isArray(data?.fields)) return;
    const action = new URL(String(data.action), location.href);
    if (action.origin !== location.origin || !data.fields.every(isWord)) return;
    window.opener = null; // it holds a report, which is no business of what comes next
    const form = $("hand-over-form");
    form.action = action.href;
    for (const { name, value, label, said } of data.fields) {
      const input = document.createElement("input");
      Object.assign(input, { type: "hidden", name, value });
      form.append(input);
      if (!said) continue;
      const item = document.createElement("li");
      item.textContent = label ? `${label}: ${value}` : value;
      $("hand-over-list").append(item);
    }
    $("hand-over-nothing").hidden = true;
    $("hand-over").hidden = false;
    $("hand-over-send").focus();
  });
  opener.postMessage("hand-over-ready", location.origin);
})();
