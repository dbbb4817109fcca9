// The worker that reads on the device, and the watch over it: how long ago it gave its last sign.
"use strict";

window.deviceWatch = (() => {
  const START_SECONDS = 120;
  const SLEPT_MS = 5000;
  const TICK_MS = 1000;

  // `given()` says with what a worker begins; `hear(message)` is given what it says; `broke()` is
  // told where its own script fails, and `silent(seconds)`, each second, how long it said nothing.
  const start = ({ given, hear, broke, silent }) => {
    let worker = null;
    let ready = Promise.reject(new Error("none"));
    ready.catch(() => {});
    let lastSign = 0;
    let lastTick = 0;

    // Ends the worker that is there, with all it holds, and starts another one.
    const renew = () => {
      worker?.terminate();
      const { modules, ...more } = given();
      ready = new Promise((resolve, reject) => {
        const made = new Worker(modules["device-worker.js"], { type: "module" });
        worker = made;
        // Who waits for one that was ended meanwhile has nothing more to do, and waits for good.
        const late = setTimeout(() => { if (made === worker) reject(new Error("late")); }, START_SECONDS * 1000);
        made.addEventListener("error", (event) => {
          event.preventDefault();
          if (made === worker) broke();
          reject(new Error("worker"));
        });
        made.addEventListener("message", ({ data }) => {
          if (made !== worker) return;
          lastSign = performance.now();
          if (data.kind === "ready") {
            clearTimeout(late);
            resolve();
          } else if (data.kind === "failed" && data.task === "begin") reject(new Error(data.fault));
          else hear(data);
        });
        made.postMessage({ task: "begin", modules, ...more });
      });
      ready.catch(() => {});
      return ready;
    };

    // A worker that still starts is asked once it can hear; one that was ended is not.
    const ask = (message) => {
      const asked = worker;
      lastSign = performance.now();
      ready.then(() => {
        if (asked !== worker) return;
        lastSign = performance.now();
        asked.postMessage(message);
      }, () => {});
    };

    const end = () => {
      worker?.terminate();
      worker = null;
    };

    setInterval(() => {
      const now = performance.now();
      // A tab in the background, or a machine that slept: nothing is known of the time between.
      if (now - lastTick > SLEPT_MS) lastSign = now;
      lastTick = now;
      silent((now - lastSign) / 1000);
    }, TICK_MS);

    // `ready()`: once the worker can be asked. Rejects with the kind of fault where it cannot.
    return { renew, ready: () => ready, ask, end };
  };

  return { start };
})();
