// A copy to share, made on the visitor's own device: its choice, its progress, its ZIP. The worker
// makes it, piece by piece; the pieces are gathered here, where the browser may put them aside.
"use strict";

window.deviceClean = (() => {
  const $ = (id) => document.getElementById(id);
  const PATIENCE_SECONDS = 120;
  const GATHERED_BYTES = 32 * 1024 * 1024;

  // `make(choice)` asks the worker and says how many bytes it is going to read, twice; `goOn()`
  // ends the worker that makes it and keeps the report, `halt()` says so as well; `renew()` asks for
  // the account in the language of the page.
  const start = ({ make, goOn, halt, renew }) => {
    const form = $("device-clean-form");
    let making = null; // { total, blobs, pieces, held }
    let made = null; // the ZIP
    const { size } = window.choosing;

    const show = (name) => {
      for (const part of ["device-clean-form", "device-cleaning", "device-cleaned"]) $(part).hidden = part !== name;
    };
    const gather = () => {
      making.blobs.push(new Blob(making.pieces));
      making.pieces = [];
      making.held = 0;
    };
    const forget = () => {
      making = null;
      made = null;
      $("device-clean-failed").hidden = true;
      $("device-account").replaceChildren();
      $("device-clean").hidden = true;
    };

    const saySize = () => { $("device-clean-size").textContent = made ? `(${size(made.size)})` : ""; };

    const begin = (person) => {
      made = null;
      $("device-clean-failed").hidden = true;
      show("device-cleaning");
      $("device-clean-bar").value = 0;
      $("device-cleaning-title").focus();
      const chosen = new FormData(form);
      const total = make({ preset: chosen.get("preset"), face: chosen.get("face"), person });
      making = { total, blobs: [], pieces: [], held: 0, read: 0, before: 0 };
    };

    form.addEventListener("submit", (event) => {
      event.preventDefault();
      begin("");
    });
    // Files of several people: the account asks whose are meant, and the copy is made anew.
    $("device-account").addEventListener("submit", (event) => {
      event.preventDefault();
      begin(new FormData(event.target).get("person"));
    });
    $("device-clean-stop").addEventListener("click", () => {
      making = null;
      halt();
      show("device-clean-form");
      $("device-clean-make").focus();
    });
    $("device-clean-again").addEventListener("click", () => {
      made = null;
      $("device-account").replaceChildren();
      show("device-clean-form");
      form.querySelector("input:checked").focus();
    });
    $("device-clean-download").addEventListener("click", () => {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(made);
      link.download = `copy-${new Date().toISOString().slice(0, 10)}.zip`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    });

    return {
      // A report is shown: a copy of its files can be made.
      offer: () => {
        forget();
        form.reset();
        show("device-clean-form");
        $("device-clean").hidden = false;
      },
      forget,
      // All files are read twice; the second time, the count begins anew.
      progress: (bytes) => {
        if (!making) return false;
        if (bytes < making.read) making.before += making.read;
        making.read = bytes;
        $("device-clean-bar").value = making.total ? Math.min(100, ((making.before + bytes) / (2 * making.total)) * 100) : 0;
        return true;
      },
      piece: (bytes) => {
        if (!making) return;
        making.pieces.push(bytes);
        making.held += bytes.length;
        if (making.held > GATHERED_BYTES) gather();
      },
      done: (files, html, language) => {
        if (!making) return;
        gather();
        made = files ? new Blob(making.blobs, { type: "application/zip" }) : null;
        making = null;
        window.deviceLanguage.fill($("device-account"), html, language);
        $("device-clean-save").hidden = !made;
        saySize();
        show("device-cleaned");
        const first = made ? $("device-clean-download") : $("device-account").querySelector("p");
        if (!made) first.tabIndex = -1;
        first.focus();
      },
      // The page changed its language.
      speak: () => {
        saySize();
        if (!$("device-cleaned").hidden) renew();
      },
      account: (html, language) => {
        if (!$("device-cleaned").hidden) window.deviceLanguage.fill($("device-account"), html, language)();
      },
      // There is no copy; true if one was being made.
      failed: () => {
        if (!making) return false;
        making = null;
        goOn();
        show("device-clean-form");
        $("device-clean-failed").hidden = false;
        $("device-clean-failed").focus();
        return true;
      },
      isLate: (seconds) => making && seconds >= PATIENCE_SECONDS,
    };
  };

  return { start };
})();
