"""The same engine and the same report, inside the visitor's own browser.

``packing`` makes the bundles that a browser loads, at set-up; ``session`` is what runs there,
in a worker, under Python for WebAssembly (Pyodide). There is no second engine and no second
page: what finds and what renders are ``companion.scans`` and ``companion.web.scans.report``.
docs/adr/0005 says why, and what keeps the scan from leaving.
"""
