"""Who calls the decoders of compressed pictures: this process, or one beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.generic]


class Decoder(Protocol):
    """Calls a function that decodes, where a crash of it does the least harm."""

    seconds: float
    """Of processor time that was spent elsewhere for it so far."""

    def __call__(self, function: Callable[..., Samples], *arguments: Any) -> Samples:
        """What the function makes of its arguments, which can be sent to another process.

        Raises ``decode.UndecodedError``, and whatever else the function raises.
        """
        ...


class Here:
    """In this process, which ends with a decoder that crashes."""

    seconds = 0.0

    def __call__(self, function: Callable[..., Samples], *arguments: Any) -> Samples:
        """Call it."""
        return function(*arguments)


HERE = Here()


def packed(samples: Samples) -> tuple[dict[str, Any], memoryview]:
    """Samples as what is said of them, for JSON, and their bytes."""
    whole = np.ascontiguousarray(samples)
    return {"dtype": whole.dtype.str, "shape": whole.shape}, whole.data.cast("B")


def unpacked(head: dict[str, Any], raw: bytearray) -> Samples:
    """Samples as ``packed`` gave them. Raises ``ValueError``, ``KeyError`` or ``TypeError``."""
    return np.frombuffer(raw, np.dtype(head["dtype"])).reshape(head["shape"])
