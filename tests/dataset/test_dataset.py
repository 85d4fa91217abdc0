# SPDX-License-Identifier: MIT
"""`ReampDataset`: what its items are, and that they are the same wherever they are made."""

from __future__ import annotations

import multiprocessing
import pickle
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import nam_factory
import numpy as np
import pytest
from measured_models import demo_nam, with_head_tap, with_output_gain
from pedalboard.io import AudioFile
from playing import assert_same_bits, noise

from pedalboard_nam import Model, ModelError, ReampDataset, measure_delay, render
from pedalboard_nam.audio.reader import AudioFileError
from pedalboard_nam.audio.resampled import open_resampled

WINDOW = 4_000
RANGES: dict[str, Any] = {"input_gain_db": (-12.0, 6.0), "size": ["full", "lite"]}


def write(path: Path, channels: int, frames: int, rate_hz: int = 48_000) -> Path:
    bits = 24 if path.suffix == ".flac" else 32
    with AudioFile(str(path), "w", rate_hz, channels, bit_depth=bits) as file:
        file.write(0.5 * noise(channels, frames, seed=frames))
    return path


def read(path: Path, rate_hz: float) -> np.ndarray:
    """All of a file at a rate, from its start."""
    with open_resampled(str(path), rate_hz) as file:
        return np.concatenate(list(file.blocks(5_000)), axis=1)


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """4, 2 x 3, 0 and 5 windows: 15."""
    folder = tmp_path_factory.mktemp("inputs")
    return [
        write(folder / "mono.wav", 1, 4 * WINDOW + 10),
        write(folder / "stereo.flac", 2, 3 * WINDOW),
        write(folder / "short.wav", 1, WINDOW - 1),
        write(folder / "after.wav", 1, 5 * WINDOW),
    ]


@pytest.fixture(scope="module")
def models() -> list[Model]:
    return [
        Model.load(nam_factory.container(seed, metadata={"name": str(seed)})) for seed in (0, 9)
    ]


def rendered(draw: Any, rate_hz: float) -> tuple[np.ndarray, np.ndarray]:
    """The whole channel that the item is from, and what `render` makes of it."""
    dry = read(Path(draw.path), rate_hz)[draw.channel]
    return dry, render(draw.model, dry, rate_hz, threads=1, **draw.settings)


def test_an_item_with_what_is_not_a_number_names_the_frame(
    tmp_path: Path, models: list[Model]
) -> None:
    audio = noise(1, 4 * WINDOW)
    audio[0, WINDOW + 5] = np.nan
    with AudioFile(str(tmp_path / "nan.wav"), "w", 48_000, 1, bit_depth=32) as file:
        file.write(audio)
    pairs = ReampDataset(tmp_path / "nan.wav", models, window_frames=WINDOW)
    assert np.isfinite(pairs[0]).all()
    with pytest.raises(AudioFileError, match=f"nan.wav: frame {WINDOW + 5} is not a number"):
        pairs[1]


@pytest.mark.parametrize("rate_hz", [48_000.0, 44_100.0, 96_000.0])
def test_items_are_the_bits_of_render_at_their_place(
    inputs: list[Path], models: list[Model], rate_hz: float
) -> None:
    pairs = ReampDataset(inputs, models, window_frames=WINDOW, sample_rate=rate_hz, **RANGES)
    for index in range(0, len(pairs), 1 if rate_hz == 48_000.0 else 5):
        draw, (dry, wet) = pairs.draw(index), pairs[index]
        whole_dry, whole_wet = rendered(draw, rate_hz)
        window = slice(draw.start_frame, draw.start_frame + WINDOW)
        assert_same_bits(dry, whole_dry[window])
        assert_same_bits(wet, whole_wet[window])


@pytest.mark.parametrize("rate_hz", [44_100, 88_200, 96_000, 48_000, 32_000])
@pytest.mark.parametrize("duration_s", [1, 10])
def test_no_window_is_lost_at_another_rate(
    tmp_path: Path, models: list[Model], rate_hz: int, duration_s: int
) -> None:
    path = write(tmp_path / "di.wav", 1, duration_s * rate_hz, rate_hz)
    assert len(ReampDataset([path], models[:1], window_frames=48_000)) == duration_s


def test_every_window_of_every_channel_is_there_in_turn(
    inputs: list[Path], models: list[Model]
) -> None:
    pairs = ReampDataset(inputs, models, window_frames=WINDOW)
    places = [
        (Path(draw.path).name, draw.channel, draw.start_frame // WINDOW)
        for draw in map(pairs.draw, range(len(pairs)))
    ]
    assert places == (
        [("mono.wav", 0, window) for window in range(4)]
        + [("stereo.flac", channel, window) for channel in range(2) for window in range(3)]
        + [("after.wav", 0, window) for window in range(5)]
    )


def test_a_window_is_played_by_all_models_before_one_plays_it_again(
    inputs: list[Path], models: list[Model]
) -> None:
    pairs = ReampDataset(inputs, models, window_frames=WINDOW, draws=4)
    assert len(pairs) == 60
    orders = set()
    for window in range(15):
        names = [pairs.draw(4 * window + draw).model.name for draw in range(4)]
        assert sorted(names[:2]) == sorted(names[2:]) == ["0", "9"]
        orders.add(tuple(names))
    assert len(orders) == 4


def test_settings_are_drawn_for_each_item_and_heard(
    inputs: list[Path], models: list[Model]
) -> None:
    pairs = ReampDataset(inputs, models[:1], window_frames=WINDOW, draws=3, **RANGES)
    gains = [pairs.draw(index).settings["input_gain_db"] for index in range(len(pairs))]
    assert len(set(gains)) == len(pairs)
    assert -12.0 <= min(gains) < -9.0 < 3.0 < max(gains) <= 6.0
    (dry, wet), (same_dry, other_wet) = pairs[0], pairs[1]
    assert_same_bits(dry, same_dry)
    assert not np.array_equal(wet, other_wet)


def test_another_seed_is_another_draw(inputs: list[Path], models: list[Model]) -> None:
    def drawn(seed: int) -> list[Any]:
        pairs = ReampDataset(inputs, models, window_frames=WINDOW, seed=seed, **RANGES)
        return [(d.model.name, *d.settings.values()) for d in map(pairs.draw, range(len(pairs)))]

    assert drawn(1) == drawn(1)
    assert drawn(1) != drawn(2)


def test_iteration_ends_and_negative_numbers_count_from_the_end(
    inputs: list[Path], models: list[Model]
) -> None:
    pairs = ReampDataset(inputs[0], models[0], window_frames=WINDOW)
    items = list(pairs)
    assert len(items) == len(pairs) == 4
    for found, expected in zip(pairs[-1], items[3], strict=True):
        assert_same_bits(found, expected)
    for index in (4, -5, 10**20):
        with pytest.raises(IndexError, match=f"index is {index}; there are 4 items"):
            pairs[index]


def test_items_are_the_callers_to_change(inputs: list[Path], models: list[Model]) -> None:
    pairs = ReampDataset(inputs, models, window_frames=WINDOW, align=True)
    for audio in pairs[2]:
        assert (audio.flags.writeable, audio.flags.owndata, audio.shape) == (True, True, (WINDOW,))


def test_align_takes_an_amps_own_delay_and_polarity_out(inputs: list[Path]) -> None:
    late_nam = with_output_gain(with_head_tap(demo_nam(), 12), -1.0)
    for size in ("full", "lite"):
        late = Model.load(late_nam)
        delay = measure_delay(late, size=size)
        assert (delay.frames >= 12, delay.inverted) == (True, True)
        pairs = ReampDataset(inputs[0], late, window_frames=WINDOW, align=True, size=size)
        dry = np.pad(read(inputs[0], 48_000)[0], (0, 100))
        expected = -render(late, dry, 48_000, size=size)[delay.frames :]
        for index, (_, wet) in enumerate(pairs):
            assert_same_bits(wet, expected[index * WINDOW : (index + 1) * WINDOW])


def test_an_aligned_amp_and_its_late_inverted_copy_are_one_amp(inputs: list[Path]) -> None:
    prompt = with_head_tap(demo_nam(), 0)
    late = with_output_gain(with_head_tap(demo_nam(), 15), -1.0)
    for rate_hz, closest in ((48_000.0, 0.0), (96_000.0, 1e-6)):
        first, second = (
            ReampDataset(inputs, nam, window_frames=WINDOW, align=True, sample_rate=rate_hz)
            for nam in (prompt, late)
        )
        for (_, wet), (_, other) in zip(first, second, strict=True):
            np.testing.assert_allclose(wet, other, rtol=0.0, atol=closest)


def items_of(pickled: bytes, indices: list[int]) -> list[tuple[np.ndarray, np.ndarray]]:
    pairs = pickle.loads(pickled)
    return [pairs[index] for index in indices]


def test_spawned_workers_make_the_same_items_in_any_order(
    inputs: list[Path], models: list[Model]
) -> None:
    pairs = ReampDataset(inputs, models, window_frames=WINDOW, draws=2, align=True, **RANGES)
    pickled, indices = pickle.dumps(pairs), list(range(len(pairs)))
    expected = [pairs[index] for index in indices]
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, mp_context=context) as pool:
        chunks = [indices[29::-2], indices[28::-2]]
        for chunk, items in zip(
            chunks, pool.map(items_of, [pickled] * 2, chunks, chunksize=1), strict=True
        ):
            for index, item in zip(chunk, items, strict=True):
                for found, wanted in zip(item, expected[index], strict=True):
                    assert_same_bits(found, wanted)


def test_a_pytorch_data_loader_takes_it_as_it_is(inputs: list[Path], models: list[Model]) -> None:
    torch_data = pytest.importorskip("torch.utils.data")
    pairs = ReampDataset(inputs, models, window_frames=WINDOW, draws=2, align=True, **RANGES)
    loader = torch_data.DataLoader(
        pairs, batch_size=4, num_workers=2, multiprocessing_context="spawn"
    )
    batches = list(loader)
    assert [tuple(dry.shape) for dry, _ in batches] == [(4, WINDOW)] * 7 + [(2, WINDOW)]
    for column in (0, 1):
        found = np.concatenate([batch[column].numpy() for batch in batches])
        assert_same_bits(found, np.stack([pair[column] for pair in pairs]))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"window_frames": 0}, "window_frames is 0; accepted are 1 and more"),
        ({"draws": 0}, "draws is 0; accepted are 1 and more"),
        ({"window_frames": 10**9}, "no input holds a window of 1000000000 frames at 48000 Hz"),
        ({"seed": -1}, "accepted are integers from 0"),
        ({"sample_rate": 1_000.0}, "0: sample_rate is 1000 Hz; accepted are 8000 to 384000"),
        ({"gain": 3.0}, "'gain' is no setting"),
        ({"input_gain_db": (0.0, 60.0)}, "0: input_gain_db is 60"),
        ({"size": ["full", "huge"]}, "0: size is 'huge'"),
        ({"output_mode": ["raw", "calibrated"]}, "0: output_mode"),
    ],
)
def test_what_cannot_be_made_is_refused_at_once(
    inputs: list[Path], models: list[Model], arguments: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        ReampDataset(inputs, models, **{"window_frames": WINDOW, **arguments})


def test_bad_files_are_refused_at_once(
    inputs: list[Path], models: list[Model], tmp_path: Path
) -> None:
    (tmp_path / "bad").write_text("{}")
    for sources, error in (
        ((tmp_path / "bad", models), AudioFileError),
        ((tmp_path / "none.wav", models), FileNotFoundError),
        ((inputs, tmp_path / "bad"), ModelError),
        ((inputs, []), ValueError),
        (([], models), ValueError),
    ):
        with pytest.raises(error):
            ReampDataset(*sources, window_frames=WINDOW)


def test_a_file_that_has_become_shorter_is_said(models: list[Model], tmp_path: Path) -> None:
    path = write(tmp_path / "di.wav", 1, 3 * WINDOW)
    pairs = ReampDataset(path, models, window_frames=WINDOW)
    write(path, 1, WINDOW + 5)
    pairs[0]
    for index in (1, 2):
        with pytest.raises(AudioFileError, match=r"di\.wav: "):
            pairs[index]
