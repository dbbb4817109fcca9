// The worker in which the visitor's own browser reads scans. The page makes it of blobs, after it
// has locked itself, and hands it everything; it can load nothing.
const TYPES = { "pyodide.asm.wasm": "application/wasm" };
const CHUNK = 1 << 20;
const NOTHING = new Uint8Array(0);
const TELL_MS = 100;
const HERE = "https://parts.invalid/";

let parts = {};
let session = null;

// Pyodide asks for its files by address. What it gets is what the page handed over.
self.fetch = (address) => {
  const name = new URL(address).pathname.slice(1);
  const data = parts[name];
  return data
    ? Promise.resolve(new Response(data, { headers: { "Content-Type": TYPES[name] || "application/octet-stream" } }))
    : Promise.reject(new TypeError("nothing is loaded here"));
};

const say = (kind, more = {}, handed = []) => self.postMessage({ kind, ...more }, handed);

const begin = async ({ given, modules, lock, settings }) => {
  parts = given;
  const [{ loadPyodide }, made, { openSession }] = await Promise.all([
    import(modules["pyodide.mjs"]), import(modules["pyodide.asm.mjs"]), import(modules["device-engine.js"]),
  ]);
  const pyodide = await loadPyodide({
    indexURL: HERE, stdLibURL: `${HERE}python.pack`, lockFileContents: lock, createPyodideModule: made.default,
  });
  session = openSession(
    pyodide,
    { "engine.pack": new Uint8Array(parts["engine.pack"]), "report.pack": new Uint8Array(parts["report.pack"]) },
    settings,
  );
  parts = {};
  say("ready");
};

const bytesOfFiles = (files) => {
  const reader = new FileReaderSync();
  let number = -1;
  return (file, offset) => {
    if (file !== number) {
      number = file;
      say("file", { file });
    }
    // To ask for what lies behind the end costs as much as to ask for a megabyte.
    if (offset && offset >= files[file].size) return NOTHING;
    try {
      return new Uint8Array(reader.readAsArrayBuffer(files[file].slice(offset, offset + CHUNK)));
    } catch {
      return undefined;
    }
  };
};
// The page draws each sign that it gets; of the last one it must know.
const teller = (files) => {
  const total = files.reduce((sum, { size }) => sum + size, 0);
  let told = 0;
  return (count, bytes) => {
    const now = performance.now();
    if (bytes < total && now - told < TELL_MS) return;
    told = now;
    say("progress", { count, bytes });
  };
};

const read = ({ files, names, givenUp, limits }) => {
  session.read({ names, given_up: givenUp, limits }, bytesOfFiles(files), teller(files));
  // Should this worker be ended, the next one goes on with the report without reading again.
  const kept = session.kept();
  say("read", { kept }, [kept.buffer]);
};

// The copy leaves this worker piece by piece: a whole disc would not fit beside its own reading.
const clean = ({ files, names, givenUp, limits, preset, face, person, language }) => {
  const out = session.clean(
    { names, given_up: givenUp, limits, preset, face, person, language }, bytesOfFiles(files), teller(files),
    (bytes) => say("piece", { bytes }, [bytes.buffer]),
  );
  say("cleaned", { files: out, html: session.accountHtml(language), language });
};

const receipt = ({ files, names, givenUp, limits, today, language }) => {
  session.receipt({ names, given_up: givenUp, limits, today }, bytesOfFiles(files), teller(files));
  say("proven", { html: session.proofHtml(language), language });
};

const compare = ({ files, names, givenUp, limits, today, language, receipt: kept, old }) => {
  const why = session.compare({ names, given_up: givenUp, limits, today, receipt: kept, old }, bytesOfFiles(files), teller(files));
  say("proven", why ? { refused: why } : { html: session.proofHtml(language), language });
};

const tasks = {
  begin,
  read,
  clean,
  receipt,
  compare,
  restore: ({ kept }) => session.restore(kept),
  speak: ({ language }) => say("spoken", { language, html: session.spokenHtml(language) }),
  account: ({ language }) => say("account", { language, html: session.accountHtml(language) }),
  showProof: ({ language }) => say("proven", { html: session.proofHtml(language), language }),
  sheet: ({ language, giver, received }) => say("sheet", { html: session.sheetHtml(language, giver, received) }),
  show: ({ language }) => say("page", { language, html: session.html(language) }),
  save: ({ as }) => {
    const bytes = session.saved(as);
    say("saved", { as, bytes }, [bytes.buffer]);
  },
};

// What is told is the kind of fault; its text may hold a value.
const failed = (task, error) => {
  say("failed", { task, fault: /MemoryError|allocation|memory/i.test(String(error)) ? "memory" : "other" });
};

// Where WebAssembly gets no memory, Pyodide's start neither ends nor fails, but leaves a promise behind.
self.addEventListener("unhandledrejection", (event) => {
  if (session) return;
  event.preventDefault();
  failed("begin", event.reason);
});

self.addEventListener("message", async ({ data }) => {
  try {
    await tasks[data.task](data);
  } catch (error) {
    failed(data.task, error);
  }
});
