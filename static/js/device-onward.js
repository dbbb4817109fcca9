// The way from the locked page to a letter. This page cannot send: it shows, word by word, what a
// letter would take along, and hands that to a tab of its own (device-hand-over.js), where nothing
// goes on without another press.
"use strict";

window.deviceOnward = (() => {
  const $ = (id) => document.getElementById(id);
  // Which page it came from, whose law, and which answer of the letter's form fits: codes of ours.
  const CODES = ["from", "place", "problem"];
  let carried = null; // { action, fields }
  let tab = null;

  // What a form would send: ticked details, a question in one's own words, the account of a comparison.
  const isSent = ({ type, checked, value }) => (
    type === "hidden" || (type === "checkbox" && checked) || (type === "textarea" && value.trim())
  );
  const fieldsOf = (form) => [...form.elements]
    .filter((field) => field.name && isSent(field))
    .map((field) => ({
      name: field.name,
      value: field.value,
      label: form.querySelector(`label[for="${field.id}"]`)?.firstChild.textContent.replace(/:\s*$/, "") ?? "",
      said: !CODES.includes(field.name),
    }));

  const show = (form, action) => {
    const fields = fieldsOf(form);
    carried = { action, fields };
    const said = fields.filter((field) => field.said);
    $("device-onward-list").replaceChildren(...said.map(({ label, value }) => {
      const item = document.createElement("li");
      item.textContent = label ? `${label}: ${value}` : value;
      return item;
    }));
    $("device-onward-body").hidden = !said.length;
    $("device-onward-none").hidden = said.length > 0;
    $("device-onward-take").hidden = !said.length;
    $("device-onward-link").href = action;
    $("device-onward").showModal();
  };

  const forget = () => {
    carried = null;
    tab = null;
    $("device-onward-list")?.replaceChildren();
    if ($("device-onward")?.open) $("device-onward").close();
  };

  window.addEventListener("message", ({ origin, source, data }) => {
    if (origin !== location.origin || !tab || source !== tab || data !== "hand-over-ready" || !carried) return;
    tab.postMessage(carried, location.origin);
    forget();
  });
  $("device-onward-take")?.addEventListener("click", ({ currentTarget }) => {
    tab = window.open(currentTarget.dataset.address, "_blank");
  });
  $("device-onward-close")?.addEventListener("click", forget);

  return { show, forget };
})();
