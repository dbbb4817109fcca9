// Compiles modules by the Python of Pyodide itself, once, so that no browser has to.
//   node compile.mjs FOLDER-OF-PYODIDE ZIP-OF-SOURCES ZIP-TO-WRITE
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { resolve } from "node:path";

const [folder, sources, out] = process.argv.slice(2).map((path) => resolve(path));
const { loadPyodide } = await import(pathToFileURL(`${folder}/pyodide.mjs`));
const pyodide = await loadPyodide({ indexURL: `${folder}/` });
pyodide.FS.writeFile("/sources.zip", readFileSync(sources));
pyodide.runPython(`
import hashlib, importlib.util, marshal, zipfile

def compiled(data, name):
    # The name by which Python would have compiled it; a file without its source checks no hash.
    code = compile(data, name, "exec", dont_inherit=True)
    return importlib.util.MAGIC_NUMBER + (1).to_bytes(4, "little") + bytes(8) + marshal.dumps(code)

with zipfile.ZipFile("/sources.zip") as sources, zipfile.ZipFile("/compiled.zip", "w") as made:
    for entry in sources.infolist():
        data = sources.read(entry)
        module = zipfile.ZipInfo(entry.filename + "c", (1980, 1, 1, 0, 0, 0))
        module.comment = hashlib.sha256(data).hexdigest().encode()
        made.writestr(module, compiled(data, entry.filename))
`);
writeFileSync(out, pyodide.FS.readFile("/compiled.zip"));
