# SPDX-License-Identifier: MIT
"""Reads `.nam` files: JSON of many origins goes in, a few checked values and the weights come out.

Everything a file may get wrong ends here, as a `ModelError` that names the file and the field.
"""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass, replace
from typing import Annotated, Any, TypeVar, cast

import msgspec
import numpy as np
import numpy.typing as npt

from ..errors import ModelError
from ..wording.quoted import is_list, is_object, quoted
from .nam_json import Source, open_source, parse

max_sizes = 16
max_models = 64
max_metadata_bytes = 256 << 10
min_sample_rate_hz = 8_000.0
max_sample_rate_hz = 384_000.0
default_sample_rate_hz = 48_000.0
weight_counts = {3: 1_871, 8: 12_146}


@dataclass(frozen=True, slots=True, eq=False)
class NamSize:
    """One playable network: it is chosen by sizes below `max_value`, and the last by all others."""

    max_value: float
    loudness_db: float | None
    channels: int
    weights: npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class NamFile:
    """What a valid `.nam` file says, defaults filled in and nested containers flattened."""

    name: str
    version: str
    sample_rate_hz: float
    input_level_dbu: float | None
    output_level_dbu: float | None
    metadata: dict[str, Any]
    sizes: tuple[NamSize, ...]


def load(source: Source) -> NamFile:
    """Read and check a `.nam` file.

    Parameters
    ----------
    source
        A path; the file's bytes; a binary file object, read to its end; or the parsed JSON object,
        which is not changed and not kept.

    Raises
    ------
    ModelError
        If this is not a usable A2 model. The message names the file and the field.
    OSError
        If a path does not exist or cannot be read.
    TypeError
        If `source` is none of the above.
    """
    label, stem, content = open_source(source)
    try:
        tree = content if isinstance(content, dict) else parse(content)
        return _Reader().read(tree, stem)
    except RecursionError:
        raise ModelError(f"{label}: the JSON is nested too deeply") from None
    except ModelError as error:
        raise ModelError(f"{label}: {error}") from None


# --- The schema -----------------------------------------------------------------------------------

# Bounds also keep NaN and infinities out, which Python's JSON reader accepts.
_Finite = Annotated[float, msgspec.Meta(ge=-sys.float_info.max, le=sys.float_info.max)]
_Decibels = Annotated[float, msgspec.Meta(ge=-200.0, le=200.0)]
_Rate = Annotated[float, msgspec.Meta(ge=min_sample_rate_hz, le=max_sample_rate_hz)]


class _Header(msgspec.Struct):
    """Read before the rest, because a later version may have changed the rest."""

    version: str
    architecture: str


class _Metadata(msgspec.Struct):
    name: str | None = None
    loudness: _Decibels | None = None
    gain: _Finite | None = None
    input_level_dbu: _Decibels | None = None
    output_level_dbu: _Decibels | None = None


class _Model(_Header):
    config: dict[str, Any]
    weights: list[float] | None = None
    sample_rate: _Rate | None = None
    metadata: dict[str, Any] | None = None


class _Submodel(msgspec.Struct):
    max_value: _Finite
    model: dict[str, Any]


class _Container(msgspec.Struct):
    submodels: list[_Submodel]


_off = (None, False, {"active": False})
_leaky_relu = {"type": "LeakyReLU", "negative_slope": (None, 0.01)}

# The one WaveNet that is A2, in the words of its JSON. A tuple holds alternatives; None is a field
# that is absent or null. What the reference fills in by default may be left out here too.
_a2_config: dict[str, Any] = {
    "condition_dsp": None,
    "head": None,
    "in_channels": (None, 1),
    "layers": [
        {
            "slimmable": None,
            "gated": (None, False),
            "gating_mode": (None, "none", ["none"] * 23),
            "conv_pre_film": _off,
            "conv_post_film": _off,
            "input_mixin_pre_film": _off,
            "input_mixin_post_film": _off,
            "activation_pre_film": _off,
            "activation_post_film": _off,
            "layer1x1_post_film": _off,
            "head1x1_post_film": _off,
            "head1x1": _off,
            "layer1x1": (None, {"active": True, "groups": (None, 1)}),
            "groups_input": (None, 1),
            "groups_input_mixin": (None, 1),
            "input_size": 1,
            "condition_size": 1,
            "channels": tuple(weight_counts),
            "kernel_size": None,
            "kernel_sizes": [6] * 14 + [15] * 2 + [6] * 7,
            "dilations": [1, 3, 7, 17, 41, 101, 239] * 2 + [1, 13] + [1, 3, 7, 17, 41, 101, 239],
            "activation": ("LeakyReLU", _leaky_relu, [("LeakyReLU", _leaky_relu)] * 23),
            "head": {
                "out_channels": 1,
                "kernel_size": 16,
                "head_dilation": (None, 1),
                "bias": True,
            },
        }
    ],
}


# --- From a tree to a NamFile ---------------------------------------------------------------------


class _Reader:
    """Walks one file; the sample rate, and a count against endless nesting, span its models."""

    def __init__(self) -> None:
        self.models = 0
        self.rate_hz: float | None = None
        self.rate_field = ""

    def read(self, tree: Any, stem: str | None) -> NamFile:
        model = _model(tree, "")
        sizes = self.sizes(model, "", None)
        metadata = _known_metadata(model, "")
        name = metadata.name or stem or "untitled"
        return NamFile(
            # A file name may hold what is not Unicode; the model image may not.
            name=name.encode("utf-8", "replace").decode("utf-8"),
            version=model.version,
            sample_rate_hz=self.rate_hz or default_sample_rate_hz,
            input_level_dbu=metadata.input_level_dbu,
            output_level_dbu=metadata.output_level_dbu,
            metadata=_json_copy(model.metadata or {}),
            sizes=tuple(sizes),
        )

    def sizes(self, model: _Model, where: str, outer_loudness_db: float | None) -> list[NamSize]:
        self.models += 1
        if self.models > max_models:
            raise ModelError(f"{where}config.submodels: more than {max_models} models in one file")
        self.agree_on_rate(model.sample_rate, f"{where}sample_rate")
        loudness_db = _known_metadata(model, where).loudness
        if loudness_db is None:
            loudness_db = outer_loudness_db
        if model.architecture == "WaveNet":
            channels = _a2_channels(model.config, f"{where}config")
            weights = _weights(model.weights, channels, f"{where}weights")
            return [NamSize(1.0, loudness_db, channels, weights)]
        return self.container_sizes(model, f"{where}config", loudness_db)

    def container_sizes(
        self, container: _Model, where: str, loudness_db: float | None
    ) -> list[NamSize]:
        submodels = _convert(container.config, _Container, where).submodels
        if not 1 <= len(submodels) <= max_sizes:
            raise ModelError(
                f"{where}.submodels has {len(submodels)} entries; accepted are 1 to {max_sizes}"
            )
        sizes: list[NamSize] = []
        for i, submodel in enumerate(submodels):
            field = f"{where}.submodels[{i}]"
            max_value, is_last = submodel.max_value, i == len(submodels) - 1
            if sizes and max_value <= sizes[-1].max_value:
                raise ModelError(f"{field}.max_value is {max_value}; it must exceed the previous")
            if is_last and max_value < 1.0:
                raise ModelError(f"{field}.max_value is {max_value}; the last must reach 1.0")
            # A container's loudness is that of its last, full network and of no other. The same
            # network stands for a container inside a container: the reference never sizes it.
            model = _model(submodel.model, f"{field}.model.")
            chosen = self.sizes(model, f"{field}.model.", loudness_db if is_last else None)[-1]
            sizes.append(replace(chosen, max_value=max_value))
        return sizes

    def agree_on_rate(self, rate_hz: float | None, field: str) -> None:
        if rate_hz is None:
            return
        if self.rate_hz is None:
            self.rate_hz, self.rate_field = rate_hz, field
        if rate_hz != self.rate_hz:
            raise ModelError(
                f"{field} is {rate_hz} but {self.rate_field} is {self.rate_hz}; "
                "all models of a file share one rate"
            )


def _model(tree: Any, where: str) -> _Model:
    """The outer fields of a model; `where` is empty at the root, or ends in a dot."""
    header = _convert(tree, _Header, where.removesuffix("."))
    _check_version(header.version, f"{where}version")
    if header.architecture not in ("SlimmableContainer", "WaveNet"):
        raise ModelError(
            f"{where}architecture is {quoted(header.architecture)}; only A2 models are supported: "
            '"SlimmableContainer", or an A2 "WaveNet"'
        )
    return _convert(tree, _Model, where.removesuffix("."))


def _known_metadata(model: _Model, where: str) -> _Metadata:
    return _convert(model.metadata or {}, _Metadata, f"{where}metadata")


def _check_version(version: str, where: str) -> None:
    """Patch levels and suffixes pass: within a minor version every field still is checked."""
    numbers = re.fullmatch(
        r"([0-9]{1,6})\.([0-9]{1,6})\.[0-9]{1,6}([-+][0-9A-Za-z.+-]{,60})?", version
    )
    if numbers is None:
        raise ModelError(f'{where} is {quoted(version)}; expected three numbers, as in "0.7.0"')
    minor = int(numbers[1]), int(numbers[2])
    if minor > (0, 7):
        raise ModelError(
            f"{where} is {quoted(version)}; this release reads 0.5 to 0.7: "
            "upgrade pedalboard-nam, or export the model as 0.7"
        )
    if minor < (0, 5):
        raise ModelError(
            f"{where} is {quoted(version)}, which is too old; accepted are 0.5 to 0.7: "
            "train the model again with a current trainer"
        )


def _a2_channels(config: dict[str, Any], where: str) -> int:
    try:
        _match(config, _a2_config, where)
    except ModelError as error:
        raise ModelError(f"{error} (this is {_kind(config)})") from None
    layer = config["layers"][0]
    channels = int(layer["channels"])
    if layer.get("bottleneck") not in (None, channels):
        raise ModelError(
            f"{where}.layers[0].bottleneck is {quoted(layer['bottleneck'])}; "
            f"an A2 network has its channels, {channels}"
        )
    return channels


def _kind(config: dict[str, Any]) -> str:
    layers = config.get("layers")
    layer = layers[0] if is_list(layers) and layers else None
    if config.get("condition_dsp") is not None:
        return "a conditioned WaveNet"
    if is_object(layer) and layer.get("slimmable") is not None:
        return "a slimmable WaveNet"
    if is_object(layer) and "kernel_size" in layer:
        return "an A1 WaveNet"
    return "a WaveNet of another shape"


def _weights(found: list[float] | None, channels: int, where: str) -> npt.NDArray[np.float32]:
    expected = weight_counts[channels]
    if found is None or len(found) != expected:
        has = "is missing" if found is None else f"has {len(found)} values"
        raise ModelError(
            f"{where} {has}; an A2 network of {channels} channels has exactly {expected}"
        )
    with np.errstate(over="ignore"):
        weights = np.array(found, dtype="<f4")
    finite = np.isfinite(weights)
    if not finite.all():
        first = int(finite.argmin())
        raise ModelError(f"{where}[{first}] is {quoted(found[first])}; expected a finite float32")
    return weights


def _json_copy(metadata: dict[str, Any]) -> dict[str, Any]:
    """A copy nobody else holds, after proof that it is JSON all the way down."""
    try:
        text = json.dumps(metadata, allow_nan=False, ensure_ascii=False)
        size = len(text.encode("utf-8"))
        metadata = msgspec.json.decode(text)
    except (TypeError, ValueError, msgspec.DecodeError) as error:
        raise ModelError(f"metadata is not JSON: {error}") from None
    if size > max_metadata_bytes:
        raise ModelError(f"metadata is {size} bytes; accepted are {max_metadata_bytes}")
    return metadata


# --- Comparing and wording ------------------------------------------------------------------------

_T = TypeVar("_T")


def _convert(tree: Any, schema: type[_T], where: str) -> _T:
    try:
        return msgspec.convert(tree, schema)
    except UnicodeEncodeError:
        raise ModelError(
            f"{where or 'the file'} has a key with half a surrogate pair; keys are Unicode text"
        ) from None
    except msgspec.ValidationError as error:
        problem, _, path = str(error).partition(" - at `$")
        problem = problem.replace("`", "")
        field = (where + path.rstrip("`")).lstrip(".")
        missing = re.fullmatch(r"Object missing required field (\w+)", problem)
        if missing:
            raise ModelError(f"{field}.{missing[1]}".lstrip(".") + " is missing") from None
        found = tree
        for key, index in re.findall(r"\.(\w+)|\[(\d+)\]", path):
            found = found[key or int(index)]
        raise ModelError(
            f"{field or 'the file'} is {quoted(found)}; {problem[:1].lower()}{problem[1:]}"
        ) from None


def _match(found: Any, accepted: Any, where: str) -> None:
    """Compare JSON with a pattern of dicts, lists, alternatives (tuples) and plain values."""
    alternatives = cast("tuple[Any, ...]", accepted if isinstance(accepted, tuple) else (accepted,))
    for alternative in alternatives:
        if is_object(found) and is_object(alternative):
            for key, value in alternative.items():
                _match(found.get(key), value, f"{where}.{key}")
            return
        if is_list(found) and is_list(alternative):
            if len(found) != len(alternative):
                raise ModelError(
                    f"{where} has {len(found)} entries; an A2 network has {len(alternative)}"
                )
            for i, value in enumerate(alternative):
                _match(found[i], value, f"{where}[{i}]")
            return
        if _is_same(found, alternative):
            return
    words = " or ".join(quoted(a) for a in alternatives if a is not None) or "none"
    raise ModelError(f"{where} is {quoted(found)}; an A2 network has {words}")


def _is_same(found: Any, value: Any) -> bool:
    if found is None or isinstance(found, bool) or isinstance(value, bool):
        return found is value
    if isinstance(found, float) and isinstance(value, float):
        return abs(found - value) <= 1e-7  # 0.01 may have been a float32 on its way
    return found == value
