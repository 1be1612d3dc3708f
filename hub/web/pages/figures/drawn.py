"""Lines and bars as SVG, so that every figure is seen without JavaScript too."""

from collections.abc import Sequence

WIDTH, HEIGHT = 640, 160  # of the line over time
_SPARK = (120, 32)
_EDGE = 2


def line(values: Sequence[float], most: float = 0, size: tuple[int, int] = (WIDTH, HEIGHT)) -> str:
    """The points of a polyline, the highest at `most` (or at their own highest)."""
    wide, high = size
    top = max([most, *values, 1e-9])
    step = (wide - 2 * _EDGE) / max(1, len(values) - 1)
    return " ".join(
        f"{_EDGE + n * step:.1f},{high - _EDGE - value / top * (high - 2 * _EDGE):.1f}"
        for n, value in enumerate(values)
    )


def spark(values: Sequence[float]) -> str:
    """The points of a small one, beside a figure."""
    return line(values, size=_SPARK)


def share(n: int, most: int) -> float:
    """How long a bar is, in hundredths; one that stands for anything is seen."""
    if n <= 0 or most <= 0:
        return 0.0
    return round(max(0.5, min(100.0, n * 100 / most)), 1)
