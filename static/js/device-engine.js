// Starts Python and the engine from their parts. The worker of the page uses it, and so do the
// tests under Node, so that both run the same. Nothing here fetches.

const HOME = "/companion";

const bytesFrom = (made) => {
  const bytes = made.toJs();
  made.destroy();
  return bytes;
};

// `parts` holds the bundles as bytes; `settings` is what companion.ondevice.door.start takes.
export const openSession = (pyodide, parts, settings) => {
  pyodide.FS.mkdirTree(HOME);
  for (const name of ["engine.pack", "report.pack"]) {
    pyodide.unpackArchive(parts[name], "zip", { extractDir: HOME });
  }
  const path = pyodide.pyimport("sys").path;
  path.insert(0, HOME);
  // Before anything else of ours: a module may keep what it imports, or makes of it, for good.
  pyodide.pyimport("companion.ondevice.runtime").settle();
  const door = pyodide.pyimport("companion.ondevice.door");
  const session = door.start(JSON.stringify(settings));
  return {
    // bytesOf(file, offset) -> Uint8Array, or undefined where the file cannot be read
    read: (job, bytesOf, progress) => door.read(session, JSON.stringify(job), bytesOf, progress),
    // take(Uint8Array) is given the ZIP, piece by piece; the number of files in it comes back.
    clean: (job, bytesOf, progress, take) => door.clean(
      session, JSON.stringify(job), bytesOf, progress,
      (piece) => { const bytes = piece.toJs ? piece.toJs() : piece; piece.destroy?.(); take(bytes); },
    ),
    receipt: (job, bytesOf, progress) => door.receipt(session, JSON.stringify(job), bytesOf, progress),
    // Gives the reason where there is no comparison, and "" where there is one.
    compare: (job, bytesOf, progress) => door.compare(session, JSON.stringify(job), bytesOf, progress),
    proofHtml: (language) => session.proof_html(language),
    sheetHtml: (language, giver, received) => session.sheet_html(language, giver, received),
    html: (language) => session.html(language),
    spokenHtml: (language) => session.spoken_html(language),
    accountHtml: (language) => session.account_html(language),
    saved: (kind) => bytesFrom(session.saved(kind)),
    // The report, for a session that follows this one.
    kept: () => bytesFrom(session.kept()),
    restore: (kept) => door.restore(session, kept),
  };
};
