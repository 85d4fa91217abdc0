# SPDX-License-Identifier: MIT
"""The config of a WaveNet: its fields, in the words of old files and of today's, and its shape."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from ..errors import ModelError
from ..wording.counted import counted
from . import activations, films, gating, limits
from .activations import Activation, Note
from .films import Film, FilmFields
from .slimmable import SlimmableFields
from .wavenet_shape import Layer, LayerArray, PostConvolution, Shape, film_widths

_Width = Annotated[int, msgspec.Meta(ge=1, le=limits.max_width)]
_Taps = Annotated[int, msgspec.Meta(ge=1, le=limits.max_taps)]
_Dilation = Annotated[int, msgspec.Meta(ge=0, le=limits.max_dilation)]
_Groups = Annotated[int, msgspec.Meta(ge=1)]


class _Head(msgspec.Struct):
    out_channels: _Width
    kernel_size: _Taps
    bias: bool
    head_dilation: _Dilation | None = None


class _Layer1x1(msgspec.Struct):
    active: bool
    groups: _Groups | None = None


class _Head1x1(msgspec.Struct):
    active: bool
    out_channels: _Width | None = None
    groups: _Groups | None = None


class _Array(msgspec.Struct):
    input_size: _Width
    condition_size: _Width
    channels: _Width
    dilations: Annotated[list[_Dilation], msgspec.Meta(min_length=1, max_length=limits.max_layers)]
    activation: Any
    kernel_size: _Taps | None = None
    kernel_sizes: list[_Taps] | None = None
    head: _Head | None = None
    head_size: _Width | None = None
    head_bias: bool | None = None
    gating_mode: Any = None
    gated: bool | None = None
    secondary_activation: Any = None
    bottleneck: _Width | None = None
    groups_input: _Groups | None = None
    groups_input_mixin: _Groups | None = None
    layer1x1: _Layer1x1 | None = None
    head1x1: _Head1x1 | None = None
    conv_pre_film: FilmFields | bool | None = None
    conv_post_film: FilmFields | bool | None = None
    input_mixin_pre_film: FilmFields | bool | None = None
    input_mixin_post_film: FilmFields | bool | None = None
    activation_pre_film: FilmFields | bool | None = None
    activation_post_film: FilmFields | bool | None = None
    layer1x1_post_film: FilmFields | bool | None = None
    head1x1_post_film: FilmFields | bool | None = None
    slimmable: SlimmableFields | None = None


class _PostHead(msgspec.Struct):
    channels: _Width
    out_channels: _Width
    kernel_sizes: Annotated[
        list[_Taps], msgspec.Meta(min_length=1, max_length=limits.max_post_convolutions)
    ]
    activation: Any
    in_channels: int | None = None


class Config(msgspec.Struct):
    layers: Annotated[list[_Array], msgspec.Meta(min_length=1, max_length=limits.max_arrays)]
    in_channels: Annotated[int, msgspec.Meta(ge=1, le=limits.max_channels)] | None = None
    head: _PostHead | None = None
    head_scale: Any = None


def shape_of(config: Config, condition_size: int, where: str, note: Note) -> Shape:
    """The shape of a WaveNet; `where` is the place of its config.

    Raises
    ------
    ModelError
        If what one part gives does not fit the next.
    """
    inputs = config.in_channels or 1
    arrays: list[LayerArray] = []
    for i, fields in enumerate(config.layers):
        field = f"{where}.layers[{i}]"
        before = arrays[-1] if arrays else None
        _check_inputs(fields, before.channels if before else inputs, condition_size, field)
        array = _array(fields, field, note)
        if before is not None and array.head_width != before.head_outputs:
            raise ModelError(
                f"{field} gives its head {counted(array.head_width, 'channel')}; "
                f"the head of the array before gives {before.head_outputs}, which are added"
            )
        arrays.append(array)
    layers = sum(len(array.layers) for array in arrays)
    if layers > limits.max_layers:
        raise ModelError(
            f"{where}.layers has {layers} layers; accepted are at most {limits.max_layers}"
        )
    post_activation, post = _post(config.head, arrays[-1].head_outputs, f"{where}.head", note)
    shape = Shape(inputs, condition_size, tuple(arrays), post_activation, post)
    for i, array in enumerate(arrays):
        _check_groups(shape, array, f"{where}.layers[{i}]")
    return shape


def _check_inputs(fields: _Array, inputs: int, condition_size: int, where: str) -> None:
    if fields.input_size != inputs:
        raise ModelError(
            f"{where}.input_size is {fields.input_size}; "
            f"accepted is {inputs}, as many channels as come in"
        )
    if fields.condition_size != condition_size:
        raise ModelError(
            f"{where}.condition_size is {fields.condition_size}; "
            f"accepted is {condition_size}, as many channels as the condition has"
        )


def _array(fields: _Array, where: str, note: Note) -> LayerArray:
    layers = len(fields.dilations)
    bottleneck = fields.bottleneck or fields.channels
    head = _head(fields, where)
    layer1x1 = fields.layer1x1 or _Layer1x1(active=True)
    if not layer1x1.active and bottleneck != fields.channels:
        raise ModelError(
            f"{where}.bottleneck is {bottleneck}; "
            f"without a layer1x1 it equals the channels, {fields.channels}"
        )
    head1x1 = fields.head1x1 or _Head1x1(active=False)
    if head1x1.active and head1x1.out_channels is None:
        raise ModelError(f"{where}.head1x1.out_channels is missing")
    modes = gating.read_modes(fields.gating_mode, fields.gated, layers, where)
    if fields.gating_mode is not None and fields.gated and gating.Mode.none in modes:
        note(f"{where}.gated is true, but gating_mode says otherwise: the mode counts")
    each_activation = activations.read_each(
        fields.activation, layers, bottleneck, f"{where}.activation", note
    )
    each_secondary = gating.read_secondary(
        None if fields.gating_mode is None else fields.secondary_activation,
        modes,
        bottleneck,
        f"{where}.secondary_activation",
        note,
    )
    each_taps = _taps(fields, where)
    each_dilation = map(_dilation, each_taps, fields.dilations)
    return LayerArray(
        input_size=fields.input_size,
        channels=fields.channels,
        bottleneck=bottleneck,
        head_outputs=head.out_channels,
        head_taps=head.kernel_size,
        head_dilation=_dilation(head.kernel_size, head.head_dilation),
        head_bias=head.bias,
        layer1x1_groups=(layer1x1.groups or 1) if layer1x1.active else 0,
        head1x1_outputs=(head1x1.out_channels or 0) if head1x1.active else 0,
        head1x1_groups=(head1x1.groups or 1) if head1x1.active else 0,
        groups_input=fields.groups_input or 1,
        groups_input_mixin=fields.groups_input_mixin or 1,
        films=_films(fields, layer1x1.active, head1x1.active, where),
        layers=tuple(map(Layer, each_taps, each_dilation, modes, each_activation, each_secondary)),
    )


def _head(fields: _Array, where: str) -> _Head:
    """What old files say in two words is a convolution of one tap."""
    if fields.head is not None:
        return fields.head
    if fields.head_size is None or fields.head_bias is None:
        raise ModelError(f"{where}.head is missing; in its place may be head_size and head_bias")
    return _Head(fields.head_size, 1, fields.head_bias)


def _taps(fields: _Array, where: str) -> list[int]:
    layers = len(fields.dilations)
    if (fields.kernel_size is None) == (fields.kernel_sizes is None):
        found = "missing" if fields.kernel_size is None else "there, and so is kernel_sizes"
        raise ModelError(
            f"{where}.kernel_size is {found}; accepted is one of kernel_size and kernel_sizes"
        )
    if fields.kernel_sizes is None:
        return [fields.kernel_size or 0] * layers
    activations.check_length(fields.kernel_sizes, layers, f"{where}.kernel_sizes")
    return fields.kernel_sizes


def _dilation(taps: int, found: int | None) -> int:
    """Frames between taps, of which a single one has no neighbour."""
    return 1 if found is None or taps == 1 else found


def _films(
    fields: _Array, has_layer1x1: bool, has_head1x1: bool, where: str
) -> tuple[Film | None, ...]:
    found = {
        place: films.read(getattr(fields, place), f"{where}.{place}") for place in films.places
    }
    for place, is_there in (("layer1x1", has_layer1x1), ("head1x1", has_head1x1)):
        if found[f"{place}_post_film"] is not None and not is_there:
            raise ModelError(f"{where}.{place}_post_film is active; there is no {place}")
    return tuple(found.values())


def _check_groups(shape: Shape, array: LayerArray, where: str) -> None:
    for layer in dict.fromkeys(layer._replace(taps=1, dilation=1) for layer in array.layers):
        rows = array.activated_rows(layer)
        for field, groups, widths in (
            ("groups_input", array.groups_input, (array.channels, rows)),
            ("groups_input_mixin", array.groups_input_mixin, (shape.condition_size, rows)),
            ("layer1x1.groups", array.layer1x1_groups, (array.bottleneck, array.channels)),
            ("head1x1.groups", array.head1x1_groups, (array.bottleneck, array.head1x1_outputs)),
        ):
            _check_divides(groups, widths, f"{where}.{field}")
        for place, film, width in zip(
            films.places, array.films, film_widths(shape, array, layer), strict=True
        ):
            if film is not None:
                widths = (shape.condition_size, (1 + film.shift) * width)
                _check_divides(film.groups, widths, f"{where}.{place}.groups")


def _check_divides(groups: int, widths: tuple[int, int], where: str) -> None:
    if groups and any(width % groups for width in widths):
        raise ModelError(
            f"{where} is {groups}; "
            f"it must divide {counted(widths[0], 'channel')} in and {widths[1]} out"
        )


def _post(
    fields: _PostHead | None, width: int, where: str, note: Note
) -> tuple[Activation | None, tuple[PostConvolution, ...]]:
    if fields is None:
        return None, ()
    if fields.in_channels not in (None, width):
        raise ModelError(
            f"{where}.in_channels is {fields.in_channels}; the last layer array gives {width}"
        )
    *before, last = fields.kernel_sizes
    post = [PostConvolution(fields.channels, taps) for taps in before]
    post.append(PostConvolution(fields.out_channels, last))
    # One activation acts on what comes to each convolution: with a slope for each channel, it
    # must fit them all.
    widths = {width, *([fields.channels] if before else [])}
    each = [
        activations.read(fields.activation, one, f"{where}.activation", note)
        for one in sorted(widths)
    ]
    return each[0], tuple(post)
