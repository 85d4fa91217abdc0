# SPDX-License-Identifier: MIT
"""`reamp bench`: how fast this machine is, and how close to what it can do."""

from __future__ import annotations

import sys
from importlib.metadata import version
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .columns import lines, shortened
from .messages import in_short, printable

if TYPE_CHECKING:
    from ..engine.benchmark import IsaReport, Report

_widest_size = 24


def bench(
    isa: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ISA",
            help="Kernels to measure; may be given several times. By default all that work here.",
            show_default=False,
        ),
    ] = None,
    seconds: Annotated[
        float, typer.Option(metavar="S", help="Time for each of the measurements.")
    ] = 0.25,
    model: Annotated[
        Path | None,
        typer.Option(
            "--model",
            "-m",
            metavar="FILE",
            help="A .nam file; the demo's by default.",
            show_default=False,
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON object.")] = False,
) -> None:
    """Measure this machine, with any model.

    Prints how long a block takes, with the part of the core's multiply-adds that it uses and how
    much faster than real time that is. The core's limit is measured between the blocks.
    """
    import msgspec

    with as_file(files("pedalboard_nam") / "demo" / "amp.nam") as demo_amp:
        report = _report(model or demo_amp, isa, seconds)
    if as_json:
        typer.echo(msgspec.json.format(msgspec.json.encode(report), indent=2))
    else:
        _print(report)


def _report(model: Path, wanted: list[str] | None, seconds: float) -> Report:
    from rich.console import Console

    from .._core import available_isas, compiler
    from ..engine import benchmark
    from ..nam.model import Model

    for isa in wanted or []:
        if isa not in available_isas():
            accepted = ", ".join(available_isas())
            raise typer.BadParameter(f"{isa}; accepted are {accepted}", param_hint="'--isa'")
    loaded = Model.load(model)  # to complain here, not from each process
    isas: list[IsaReport] = []
    console = Console(stderr=True, quiet=not sys.stderr.isatty())
    for isa in wanted or available_isas():
        with console.status(f"Measuring {isa}"):
            isas.append(benchmark.measure_isa(isa, model, seconds))
    return benchmark.Report(
        model=loaded.name,
        description=loaded.description,
        version=version("pedalboard-nam"),
        cpu=benchmark.cpu_name(),
        cores=benchmark.core_count(),
        compiler=compiler(),
        isas=isas,
    )


def _print(report: Report) -> None:
    from rich.console import Console

    console = Console(markup=False, highlight=False)
    console.print(f"{printable(report.cpu)}, {report.cores} cores")
    console.print(f"{in_short(report.model)}: {report.description}")
    console.print(f"pedalboard-nam {report.version}, compiled by {report.compiler}")
    for isa in report.isas:
        console.print()
        peaks_hz = sorted(block.fma_peak_hz.median for block in isa.blocks)
        peak = f"{peaks_hz[len(peaks_hz) // 2] / 1e9:.1f} G multiply-adds/s"
        console.print(f"{isa.isa}: at most {peak}", style="bold")
        for line in _block_lines(isa, console.width - 2):
            console.print(f" {line}", soft_wrap=True)
        for line in _other_lines(isa):
            console.print(line)
    console.print()
    console.print("us: microseconds a block, the median, and the 10th to 90th percentile.")
    console.print("of peak: of the multiply-adds that the same core does between the blocks.")
    console.print("x rt: times faster than real time.")


def _block_lines(report: IsaReport, width: int) -> list[str]:
    rows = [["size", "frames", "us", "p10-p90", "of peak", "x rt"]]
    for block in report.blocks:
        is_first = block.block_frames == report.blocks[0].block_frames
        rows.append(
            [
                shortened(block.size, _widest_size) if is_first else "",
                f"{block.block_frames:,}",
                _us(block.block_s.median),
                f"{_us(block.block_s.p10)}-{_us(block.block_s.p90)}",
                _share(block.of_peak.median),
                _times(block.x_real_time),
            ]
        )
    return lines(rows, left=1, limit=width)


def _other_lines(report: IsaReport) -> list[str]:
    resets = ", ".join(f"{one.size} {_us(one.reset_s.median)} us" for one in report.resets)
    threads = ", ".join(f"{t.threads}: {_times(t.x_real_time)} x rt" for t in report.threads)
    return [
        f"  reset: {resets}",
        f"  Model.load: {1e3 * report.load_s.median:.1f} ms",
        f"  render, by threads: {threads}",
    ]


def _share(part: float) -> str:
    return f"{part:.0%}" if part >= 0.1 else f"{part:.1%}"


def _times(speed: float) -> str:
    return f"{speed:.0f}" if speed >= 10.0 else f"{speed:.1f}"


def _us(seconds: float) -> str:
    us = 1e6 * seconds
    return f"{us:.2f}" if us < 100.0 else f"{us:.0f}"
