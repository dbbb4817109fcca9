// Runs the engine under Node as the page's worker runs it: one JSON request a line, one answer.
//   node engine.mjs FOLDER-OF-PARTS ENGINE-SCRIPT
import { openSync, readSync, closeSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const [folder, script] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${folder}/pyodide.mjs`));
const { openSession } = await import(pathToFileURL(script));

// Pyodide tells of its own end there; standard output is for answers alone.
console.log = console.error;

let session = null;
let pyodide = null;
const said = []; // what would stand in the browser's console
const note = (text) => said.push(text);
const parts = () => Object.fromEntries(
  ["engine.pack", "report.pack"].map((name) => [name, new Uint8Array(readFileSync(`${folder}/${name}`))]),
);

const open = async (settings) => {
  pyodide = await loadPyodide({
    stdout: note, stderr: note, indexURL: folder, stdLibURL: `${folder}/python.pack`, lockFileContents: JSON.parse(readFileSync(`${folder}/parts.json`)).lock,
  });
  session = openSession(pyodide, parts(), settings);
};

const CHUNK = 1 << 20;
const reader = (paths) => (
  (number, offset) => {
    try {
      const file = openSync(paths[number], "r");
      const data = new Uint8Array(CHUNK);
      const count = readSync(file, data, 0, CHUNK, offset);
      closeSync(file);
      return data.subarray(0, count);
    } catch {
      return undefined;
    }
  }
);
const read = ({ names, paths, given_up }) => session.read({ names, given_up }, reader(paths), () => {});

const answers = {
  open: async ({ settings }) => { await open(settings); return "ready"; },
  read: async (request) => {
    const began = performance.now();
    read(request);
    return { seconds: (performance.now() - began) / 1000, memory: process.memoryUsage().rss };
  },
  receipt: async ({ paths, ...job }) => session.receipt(job, reader(paths), () => {}) ?? null,
  compare: async ({ paths, ...job }) => session.compare(job, reader(paths), () => {}),
  clean: async ({ paths, ...job }) => session.clean(job, reader(paths), () => {}, () => {}),
  said: async () => said.splice(0),
  proof: async ({ language }) => session.proofHtml(language),
  sheet: async ({ language, giver, received }) => session.sheetHtml(language, giver, received),
  spoken: async ({ language }) => session.spokenHtml(language),
  html: async ({ language }) => session.html(language),
  kept: async () => Buffer.from(session.kept()).toString("base64"),
  restore: async ({ kept }) => session.restore(new Uint8Array(Buffer.from(kept, "base64"))) ?? null,
  saved: async ({ kind }) => Buffer.from(session.saved(kind)).toString("utf8"),
  mount: async ({ here, there }) => {
    pyodide.FS.mkdirTree(there);
    pyodide.mountNodeFS(there, here);
    return null;
  },
  python: async ({ code }) => pyodide.runPython(code),
};

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  let answer;
  try {
    answer = { ok: await answers[request.do](request) };
  } catch (error) {
    answer = { error: String(error.stack || error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
