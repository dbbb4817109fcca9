// What the two pages share on which a patient chooses files: walking a dropped folder, and words.
"use strict";

window.choosing = (() => {
  const fill = (words, values) => words.replace(/\{(\w+)\}/g, (_, name) => values[name]);

  const size = (bytes) => {
    const units = ["byte", "kilobyte", "megabyte", "gigabyte"];
    const step = bytes < 1000 ? 0 : Math.min(3, Math.floor(Math.log10(bytes) / 3));
    return new Intl.NumberFormat(document.documentElement.lang, {
      style: "unit", unit: units[step], maximumFractionDigits: step > 1 ? 1 : 0,
      unitDisplay: step ? "short" : "long",
    }).format(bytes / 1000 ** step);
  };

  const walk = async (entry, path) => {
    if (entry.isFile) {
      const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
      return [{ file, path: path + file.name }];
    }
    const reader = entry.createReader();
    const found = [];
    for (;;) {
      // A reader gives at most a hundred entries at a time.
      const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
      if (!some.length) return found;
      for (const child of some) found.push(...await walk(child, `${path}${entry.name}/`));
    }
  };

  return { fill, size, walk };
})();
