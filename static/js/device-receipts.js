// A receipt of the files that were read, and a comparison with what somebody kept: what the page
// asks, its progress, and the page of what came of it. The worker makes them.
"use strict";

window.deviceReceipts = (() => {
  const $ = (id) => document.getElementById(id);
  const PATIENCE_SECONDS = 120;

  // The day where the visitor is, which need not be the one in Greenwich.
  const today = () => {
    const now = new Date();
    return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
  };

  // `prove(task, more, receipt, old)` hands the report's files, and what was kept, to the worker and
  // says how many bytes there are in all; `ask(task, more)` asks for more of what it made;
  // `show(view)` shows a part of the page, `back()` the report; `leave()` goes back to choosing files;
  // `goOn()` ends the worker that makes it and keeps the report, `halt()` says so as well; `language`
  // is that of the page.
  const start = ({ prove, ask, show, back, leave, goOn, halt, language }) => {
    const form = $("device-compare-form");
    const page = $("device-proof-page");
    let making = null; // { total, by }, by: the button that began it

    const refuse = (why) => {
      const key = why.replaceAll("-", "_");
      for (const part of form.querySelectorAll("[data-refused]")) part.hidden = part.dataset.refused !== key;
    };
    const begin = (task, receipt, old) => {
      refuse("");
      $("device-receipts-failed").hidden = true;
      for (const title of document.querySelectorAll("[data-proving]")) title.hidden = title.dataset.proving !== task;
      $("device-proving-bar").value = 0;
      show("device-proving");
      const by = $(task === "receipt" ? "device-receipt-make" : "device-compare");
      making = { total: prove(task, { today: today() }, receipt, old), by };
    };
    const forget = () => {
      making = null;
      page.replaceChildren();
      $("device-sheet").replaceChildren();
      form.reset();
      refuse("");
      $("device-receipts-failed").hidden = true;
    };
    const isShown = () => !$("device-proof").hidden;
    const saveAs = (form_, as) => {
      if (as !== "pdf") return ask("save", { as: "receipt" });
      const typed = new FormData(form_);
      return ask("sheet", { giver: typed.get("from_whom"), received: typed.get("received_on") });
    };

    $("device-receipt-make").addEventListener("click", () => begin("receipt", null, []));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const [receipt] = $("device-kept-receipt").files;
      const old = [...$("device-kept-files").files];
      if (receipt || old.length) begin("compare", receipt, old);
      else {
        refuse("nothing-old");
        $("device-kept-receipt").focus();
      }
    });
    page.addEventListener("submit", (event) => {
      event.preventDefault();
      if (event.target.id === "receipt-form") saveAs(event.target, event.submitter.value);
      else window.deviceOnward.show(event.target, event.target.action);
    });
    // Its way to make another one leads to the page that sends.
    page.addEventListener("click", (event) => {
      const link = event.target.closest("a");
      if (!link) return;
      event.preventDefault();
      leave();
    });
    $("device-proof-back").addEventListener("click", back);
    $("device-proving-stop").addEventListener("click", () => {
      const { by } = making;
      making = null;
      halt();
      show("device-report");
      by.focus();
    });
    window.addEventListener("afterprint", () => $("device-sheet").replaceChildren());

    return {
      forget,
      isShown,
      progress: (bytes) => {
        if (!making) return false;
        $("device-proving-bar").value = making.total ? Math.min(100, (bytes / making.total) * 100) : 0;
        return true;
      },
      proven: ({ html, refused, language: spoken }) => {
        making = null;
        if (refused) {
          back();
          refuse(refused);
          $("device-kept-receipt").focus();
          return;
        }
        const isLed = !isShown() || language.isAtSwitch();
        window.deviceLanguage.fill(page, html, spoken)();
        if (isLed) {
          show("device-proof");
          window.scrollTo(0, 0);
        }
        if (spoken !== language.now()) ask("showProof");
      },
      sheet: ({ html }) => {
        $("device-sheet").innerHTML = html;
        window.print();
      },
      // Nothing was made; true if something was being made.
      failed: () => {
        if (!making) return false;
        making = null;
        goOn();
        show("device-report");
        $("device-receipts-failed").hidden = false;
        $("device-receipts-failed").focus();
        return true;
      },
      isLate: (seconds) => making && seconds >= PATIENCE_SECONDS,
    };
  };

  return { start };
})();
