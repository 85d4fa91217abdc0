"""The engine, without policy: see pedalboard_nam."""

import enum
from typing import Annotated

import numpy
from numpy.typing import NDArray


class Size:
    @property
    def max_value(self) -> float: ...

    @property
    def channels(self) -> int: ...

    @property
    def weight_count(self) -> int: ...

    @property
    def loudness_db(self) -> float | None: ...

class Model:
    def __init__(self, image: bytes) -> None: ...

    @property
    def sample_rate(self) -> float: ...

    @property
    def input_level_dbu(self) -> float | None: ...

    @property
    def output_level_dbu(self) -> float | None: ...

    @property
    def metadata(self) -> bytes: ...

    @property
    def sizes(self) -> list[Size]: ...

    @property
    def receptive_field(self) -> int: ...

    def size_index(self, value: float) -> int: ...

class OutputMode(enum.Enum):
    raw = 0

    normalized = 1

    calibrated = 2

class Settings:
    def __init__(self, size: float, input_gain_db: float, output_gain_db: float, output_mode: OutputMode, target_loudness_db: float, interface_level_dbu: float | None) -> None: ...

    @property
    def size(self) -> float: ...

    @property
    def input_gain_db(self) -> float: ...

    @property
    def output_gain_db(self) -> float: ...

    @property
    def output_mode(self) -> OutputMode: ...

    @property
    def target_loudness_db(self) -> float: ...

    @property
    def interface_level_dbu(self) -> float | None: ...

class Stream:
    def __init__(self, model: Model, sample_rate: float, num_channels: int, settings: Settings) -> None: ...

    def process(self, in_: Annotated[NDArray[numpy.float32], dict(shape=(None, None), device='cpu', writable=False)], out: Annotated[NDArray[numpy.float32], dict(shape=(None, None), device='cpu')]) -> None: ...

    def reset(self) -> None: ...

    def set_gains_db(self, input_gain_db: float, output_gain_db: float) -> None: ...

    @property
    def settings(self) -> Settings: ...

    @property
    def num_channels(self) -> int: ...

    @property
    def latency(self) -> int: ...

    @property
    def lookback(self) -> int: ...

    @property
    def period(self) -> int: ...

def isa() -> str:
    """The kernels in use: baseline, avx2, avx512 or neon."""

def available_isas() -> list[str]:
    """What PEDALBOARD_NAM_ISA may be on this machine, the widest first."""

def compiler() -> str: ...

def seconds_per_block(model: Model, size_index: int, block_frames: int, blocks: int) -> float: ...

def seconds_per_reset(model: Model, size_index: int, resets: int) -> float: ...

def fma_peak(rounds: int) -> float: ...
