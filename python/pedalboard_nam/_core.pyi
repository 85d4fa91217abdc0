"""The engine, without policy: see pedalboard_nam."""

from typing import Annotated, Any

import numpy
from numpy.typing import NDArray


class NetworkInfo:
    @property
    def max_value(self) -> float: ...

    @property
    def label(self) -> str: ...

    @property
    def width(self) -> int: ...

    @property
    def weight_count(self) -> int: ...

    @property
    def loudness_db(self) -> float | None: ...

    @property
    def lookback(self) -> int | None: ...

    @property
    def settle(self) -> int: ...

    @property
    def multiply_adds(self) -> int: ...

    @property
    def activations(self) -> int: ...

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
    def networks(self) -> list[NetworkInfo]: ...

    def network_index(self, size: float) -> int: ...

class Settings:
    def __init__(self, by_name: dict[str, Any]) -> None: ...

    def to_dict(self) -> dict[str, Any]: ...

class EffectState:
    @property
    def settings(self) -> dict[str, Any]: ...

    @property
    def image(self) -> bytes: ...

    @property
    def refusal(self) -> tuple[str, str] | None:
        """None, or its kind, "setting" or "state", and the reason."""

def read_effect_state(state: bytes) -> EffectState: ...

def write_effect_state(settings: dict[str, Any], image: bytes) -> bytes: ...

min_gain_db: float = -50.0

max_gain_db: float = 50.0

def gain_db_on_grid(gain_db: float) -> float:
    """The nearest gain that the effect can have: a multiple of 0.0001 dB."""

def normalised_of_gain_db(gain_db: float) -> float:
    """The value from 0 to 1 that a host's parameter has for a gain."""

def gain_db_of_normalised(normalised: float) -> float:
    """The gain that the effect makes of a host's parameter."""

class Stream:
    def __init__(self, model: Model, sample_rate: float, num_channels: int, settings: Settings) -> None: ...

    def process(self, in_: Annotated[NDArray[numpy.float32], dict(shape=(None, None), device='cpu', writable=False)], out: Annotated[NDArray[numpy.float32], dict(shape=(None, None), device='cpu')]) -> None: ...

    def process_block(self, block: object, out: object) -> Any: ...

    def reset(self, first_frame: int = 0) -> None: ...

    def set_gains_db(self, input_gain_db: float, output_gain_db: float) -> None: ...

    @property
    def settings(self) -> Settings: ...

    @property
    def silence(self) -> float: ...

    @property
    def num_channels(self) -> int: ...

    @property
    def latency(self) -> int: ...

    @property
    def lookback(self) -> int: ...

class ToModelRate:
    def __init__(self, host_rate: float, model_rate: float, num_channels: int) -> None: ...

    def process(self, in_: Annotated[NDArray[numpy.float32], dict(shape=(None, None), device='cpu', writable=False)]) -> Annotated[NDArray[numpy.float32], dict(shape=(None, None))]: ...

    def reset(self, first_frame: int = 0) -> None: ...

    @property
    def latency(self) -> int: ...

class FromModelRate:
    def __init__(self, host_rate: float, model_rate: float, num_channels: int, silence: float) -> None: ...

    def process(self, in_: Annotated[NDArray[numpy.float32], dict(shape=(None, None), device='cpu', writable=False)], frames: int) -> Annotated[NDArray[numpy.float32], dict(shape=(None, None))]: ...

    def reset(self, first_frame: int = 0) -> None: ...

    @property
    def latency(self) -> int: ...

def isa() -> str:
    """The kernels in use: baseline, avx2, avx512 or neon."""

def available_isas() -> list[str]:
    """What PEDALBOARD_NAM_ISA may be on this machine, the widest first."""

def compiler() -> str: ...

def seconds_per_block(model: Model, network_index: int, block_frames: int, blocks: int) -> float: ...

def seconds_per_reset(model: Model, network_index: int, resets: int) -> float: ...

def fma_peak(rounds: int) -> float: ...
