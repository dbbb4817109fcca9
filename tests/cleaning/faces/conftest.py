"""A light installation has nothing that looks at pictures, and cleans none."""

from __future__ import annotations

from importlib.util import find_spec

collect_ignore_glob = [] if find_spec("onnxruntime") and find_spec("rapidocr") else ["test_*.py"]
