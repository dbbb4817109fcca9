// What is to be read on the device: chosen files, a folder, or what was dragged onto the page.
"use strict";

window.deviceChoosing = (() => {
  const { fill, size, walk } = window.choosing;
  const $ = (id) => document.getElementById(id);
  const named = (file) => ({ file, path: file.webkitRelativePath || file.name });

  // `words`: what the page says, by name; `count(n)` writes a number; `read(files)` is given what
  // was chosen, each { file, path }.
  const start = ({ words, count, read }) => {
    const form = $("device-form");
    let dropped = [];

    const chosen = () => {
      const picked = [...form.querySelectorAll("input[type=file]")].flatMap((input) => [...input.files].map(named));
      return [...picked, ...dropped];
    };

    const showChosen = () => {
      const files = chosen();
      const bytes = files.reduce((sum, { file }) => sum + file.size, 0);
      $("device-chosen").textContent = files.length
        ? fill(words.chosen, { files: files.length === 1 ? words.oneFile : fill(words.files, { n: count(files.length) }), size: size(bytes) })
        : "";
    };

    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const files = chosen();
      if (files.length) {
        read(files);
        return;
      }
      $("device-chosen").textContent = words.empty;
      $("device-files").focus();
    });
    form.addEventListener("change", () => { dropped = []; showChosen(); });
    form.addEventListener("dragover", (event) => { event.preventDefault(); form.classList.add("is-over"); });
    form.addEventListener("dragleave", () => form.classList.remove("is-over"));
    form.addEventListener("drop", async (event) => {
      event.preventDefault();
      form.classList.remove("is-over");
      const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry()).filter(Boolean);
      const plain = [...event.dataTransfer.files].map((file) => ({ file, path: file.name }));
      form.reset();
      try {
        dropped = entries.length ? (await Promise.all(entries.map((entry) => walk(entry, "")))).flat() : plain;
      } catch {
        dropped = plain;
      }
      showChosen();
      $("device-read").focus();
    });

    // Without a file, the sentence that asks for one stays, if it was said.
    const speak = () => {
      if (chosen().length) showChosen();
      else if ($("device-chosen").textContent) $("device-chosen").textContent = words.empty;
    };

    const forget = () => {
      form.reset();
      dropped = [];
      showChosen();
    };

    return { forget, speak };
  };

  return { start, named };
})();
