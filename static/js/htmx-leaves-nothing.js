// htmx writes down the page's address as it is loaded, whatever its settings say: where
// somebody was, for whoever uses the tab next. Nothing here reads it; it goes at once.
"use strict";
try {
  sessionStorage.removeItem("htmx-current-path-for-history");
} catch {
  // Storage is switched off: then there is nothing in it.
}
