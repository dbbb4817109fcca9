// A copy to share, by sending: the preview comes into the page of the form, which keeps the files.
// Without this file it opens in a tab of its own, and the copy is a plain download either way.
"use strict";

(() => {
  const form = document.getElementById("clean-form");
  if (!form) return;
  const $ = (id) => document.getElementById(id);
  const { fill, size, walk } = window.choosing;
  const words = form.dataset;
  const language = document.documentElement.lang;
  const say = (text) => { $("status").textContent = text; };
  const inputs = [...form.querySelectorAll("input[type=file]")];
  const paths = form.elements.paths;

  const files = () => inputs.flatMap((input) => [...input.files]);

  const show = () => {
    const chosen = files();
    const bytes = chosen.reduce((sum, file) => sum + file.size, 0);
    const count = chosen.length === 1 ? words.oneFile : fill(words.files, { n: chosen.length.toLocaleString(language) });
    $("chosen").textContent = chosen.length ? fill(words.chosen, { files: count, size: size(bytes) }) : "";
  };
  // Other files, another copy: what was shown of the last ones is true of them no longer.
  const changed = () => {
    $("clean-preview")?.replaceChildren();
    if ($("clean-download")) $("clean-download").hidden = true;
    show();
  };

  form.addEventListener("change", () => {
    paths.disabled = true;
    changed();
  });
  form.addEventListener("dragover", (event) => { event.preventDefault(); form.classList.add("is-over"); });
  form.addEventListener("dragleave", () => form.classList.remove("is-over"));
  form.addEventListener("drop", async (event) => {
    event.preventDefault();
    form.classList.remove("is-over");
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry()).filter(Boolean);
    const plain = [...event.dataTransfer.files].map((file) => ({ file, path: file.name }));
    let found = plain;
    try {
      if (entries.length) found = (await Promise.all(entries.map((entry) => walk(entry, "")))).flat();
    } catch { /* a folder that cannot be walked: what the browser gave by itself */ }
    // In an input they go along with a plain download too; their folders go in a field beside it.
    const held = new DataTransfer();
    for (const { file } of found) held.items.add(file);
    inputs.forEach((input) => { input.value = ""; });
    $("id_files").files = held.files;
    paths.value = JSON.stringify(found.map(({ path }) => path));
    paths.disabled = false;
    changed();
    $("clean-look").focus();
  });

  const look = (submitter) => {
    // A page of the server's own shows what is wrong in the same place.
    const body = new FormData(form, submitter);
    const bar = $("progress-bar");
    const title = $("progress-title");
    const sending = title.textContent;
    form.hidden = true;
    $("clean-progress").hidden = false;
    $("clean-preview").replaceChildren();
    document.querySelector("main > .error-summary")?.remove();
    title.focus();
    const request = new XMLHttpRequest();
    const back = (focus) => {
      $("clean-progress").hidden = true;
      title.textContent = sending;
      bar.value = 0;
      $("progress-bytes").textContent = "";
      form.hidden = false;
      focus?.focus();
    };
    const failed = () => {
      document.querySelector(".page-header").after($("cut-off").content.cloneNode(true));
      back($("error-summary-title"));
    };
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
      const preview = page.querySelector("#preview");
      const problem = page.querySelector("main .error-summary");
      if (preview) {
        shown(document.adoptNode(preview));
        back($("preview").querySelector("h1"));
        if (request.status === 200) say(words.ready);
      } else if (problem) {
        document.querySelector(".page-header").after(document.adoptNode(problem));
        back($("error-summary-title"));
      } else failed();
    });
    request.addEventListener("error", failed);
    $("cancel").onclick = () => {
      request.abort();
      back($("clean-look"));
      say(words.cancelled);
    };
    request.open("POST", form.action);
    request.send(body);
  };

  const shown = (preview) => {
    // Whose files are meant is asked in the form that still has them.
    const whose = preview.querySelector("#clean-form fieldset");
    preview.querySelector("#clean-form")?.replaceWith(whose ?? "");
    form.querySelector("fieldset")?.remove();
    if (whose) form.querySelector(".pickers").before(whose);
    const back = preview.querySelector("#preview-back");
    if (back) back.hidden = true;
    const get = preview.querySelector("#preview-get");
    if (get) get.hidden = false;
    const below = preview.querySelector("#preview-get-below");
    if (below) below.hidden = false;
    // The files are still chosen in this page: nobody has to choose them again.
    preview.querySelector("#whose-again")?.remove();
    preview.querySelector("[autofocus]")?.removeAttribute("autofocus");
    $("clean-preview").replaceChildren(preview);
  };

  form.addEventListener("submit", (event) => {
    if (event.submitter?.value === "copy") {
      const made = $("clean-download");
      if (made && files().length) {
        made.hidden = false;
        made.querySelector("h2").focus();
        say(made.textContent.trim());
      }
      return;
    }
    if (!$("clean-progress") || !files().length) {
      form.target = "_self"; // the server says what is missing
      event.submitter?.removeAttribute("formtarget");
      return;
    }
    event.preventDefault();
    look(event.submitter);
  });

  form.querySelectorAll(".js-only").forEach((part) => { part.hidden = false; });
  if ($("clean-progress")) {
    $("clean-how").hidden = true;
    $("clean-how-here").hidden = false;
  }
  show();
})();
