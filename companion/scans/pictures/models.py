"""The two models that read: where words are, and which. Loaded when this is imported.

They are those of PP-OCRv6 (small) in the wheel of ``rapidocr`` (Apache-2.0), whose own code
is not used: it would need OpenCV. They run in one thread, without an arena: that halves the
peak of memory. Import this before any byte of an upload is there.
"""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

# As it is imported, the runner would write a number for this machine to the disk, and send it.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import onnxruntime

Batch = NDArray[np.float32]
"""One picture as 1 x 3 x rows x columns, in blue, green and red from -1 to 1."""


def _folder() -> Path:
    """Of the models; ``ImportError`` where the wheel is not installed."""
    found = find_spec("rapidocr")  # finding is not importing: the package needs OpenCV
    if found is None or not found.submodule_search_locations:
        raise ImportError("The models that read words in pictures are not installed.")
    return Path(found.submodule_search_locations[0]) / "models"


def _session(name: str) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = options.enable_mem_pattern = False
    options.log_severity_level = 4  # what it would print may quote nothing, and is not read
    return onnxruntime.InferenceSession(
        str(_folder() / name), options, providers=["CPUExecutionProvider"]
    )


_WHERE = _session("PP-OCRv6_det_small.onnx")
_WHICH = _session("PP-OCRv6_rec_small.onnx")
ALPHABET = (
    "",
    *_WHICH.get_modelmeta().custom_metadata_map["character"].split("\n"),
    " ",
)
"""The characters by their numbers; the first is "none"."""


def writing(picture: Batch) -> NDArray[np.float32]:
    """How likely each pixel is to be writing. Both sides have to be multiples of 32."""
    return np.asarray(_WHERE.run(None, {"x": picture})[0][0, 0], dtype=np.float32)


def characters(line: Batch) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """A line of 48 rows -> the likeliest character at each step, and how likely it is."""
    steps = _WHICH.run(None, {"x": line})[0][0]
    return np.argmax(steps, axis=1), np.max(steps, axis=1)
