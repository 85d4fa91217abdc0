# SPDX-License-Identifier: MIT
"""The audition page at work in a browser, from disk."""

from __future__ import annotations

import html
import json
import shutil
import subprocess
import threading
import time
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from batch_files import new_batch

from pedalboard_nam.report import write_report

names = ["chromium", "chromium-browser", "google-chrome"]
browser = next(filter(None, map(shutil.which, names)), "")
pytestmark = pytest.mark.skipif(not browser, reason="there is no Chromium on this machine")

a1, a2, a10, b1, b2 = "a 1.wav", "a 2.wav", "a 10.wav", "b 1.wav", "b 2.wav"
views = {
    "": [a1, a10, a2, b1, b2],
    "#sort=output": [a1, a2, a10, b1, b2],
    "#sort=output&order=down": [b2, b1, a10, a2, a1],
    "#sort=peak": [b2, b1, a1, a10, a2],
    "#sort=peak&order=down": [b1, b2, a2, a10, a1],
    "#sort=loudness": [b2, b1, a10, a2, a1],  # what has none, a1, comes last
    "#sort=loudness&order=down": [b1, b2, a2, a10, a1],
    "#filter=TWIN": [a1, a10, b2],
    "#filter=twin%20lite": [a10],
    "#filter=b.wav": [b1, b2],  # of an input, all of it
    "#filter=twin&sort=peak&order=down": [a10, a1, b2],
    "#filter=marshall": [],
    "#sort=%22%5D&filter=": [a1, a10, a2, b1, b2],
}
driver = """
<script>
const answers = {};
const settled = () => new Promise((done) => setTimeout(done, 50));
const look = (name) => {
  const rows = [...document.querySelectorAll("tbody:not([hidden]) tr:not([hidden])")];
  const head = document.querySelector("[aria-sort]");
  answers[name] = {
    outputs: rows.filter((row) => !row.matches(".input")).map((row) => row.dataset.output),
    inputs: rows.filter((row) => row.matches(".input")).length,
    count: document.querySelector("output").textContent,
    sort: head && [head.dataset.sort, head.getAttribute("aria-sort")],
    filter: document.querySelector("#filter").value,
    address: location.hash,
  };
};
(async () => {
  for (const view of VIEWS) {
    location.hash = view;
    await settled();
    look(view);
  }
  location.hash = "";
  await settled();
  for (const time of ["once", "twice"]) {
    document.querySelector("[data-sort=peak] button").click();
    await settled();
    look(`clicked ${time}`);
  }
  const filter = document.querySelector("#filter");
  filter.value = "plexi";
  filter.dispatchEvent(new Event("input"));
  await settled();
  look("typed");
  const players = [...document.querySelectorAll("audio")].slice(0, 2);
  const ready = (player) => new Promise((done) => {
    player.onloadedmetadata = () => done(player.duration);
    player.onerror = () => done(player.error.message);
    player.load();
  });
  answers.durations = await Promise.all(players.map(ready));
  const pre = document.createElement("pre");
  pre.id = "answers";
  pre.textContent = JSON.stringify(answers);
  document.body.append(pre);
})();
</script>
"""


listener = """
<img src="http://127.0.0.1:PORT/" alt="">
<script>
const wait = () => new Promise((done) => setTimeout(done, 700));
(async () => {
  const [first, second, other] = document.querySelectorAll("tr:not(.input) audio");
  const heard = {};
  await first.play();
  await wait();
  heard.left = first.currentTime;
  await second.play();
  heard.taken = second.currentTime;
  await wait();
  await other.play();
  heard.afresh = other.currentTime;
  heard.paused = [first, second, other].map((player) => player.paused);
  heard.marked = [...document.querySelectorAll(".playing")].map((row) => row.dataset.output);
  const pre = document.createElement("pre");
  pre.id = "answers";
  pre.textContent = JSON.stringify(heard);
  document.body.append(pre);
})();
</script>
"""


def dom_of(page: Path, profile: Path, view: str = "", *, options: Sequence[str] = ()) -> str:
    usual = ["--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr"]
    done = subprocess.run(
        [
            browser,
            *usual,
            f"--user-data-dir={profile}",
            *options,
            "--dump-dom",
            page.as_uri() + view,
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert ":CONSOLE" not in done.stderr, done.stderr  # where an error of a script would be
    return done.stdout


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("100% #1 & é")
    add = new_batch(folder)
    add(a1, input="a.wav", level_db=-12.0, model_name="Twin", loudness_db=None)
    add(a2, input="a.wav", level_db=-3.0, model_name="Plexi")
    add(a10, input="a.wav", level_db=-6.0, model_name="twin", settings={"size": "lite"})
    manifest = add(b1, input="b.wav", level_db=-2.0, model_name="Plexi")
    add(b2, input="b.wav", level_db=-90.0, model_name="Twin")
    write_report(manifest, folder / "report.html")
    return folder / "report.html"


@pytest.fixture(scope="module")
def answers(page: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the page showed for each view, and after clicking and typing."""
    script = driver.replace("VIEWS", json.dumps(list(views)))
    profile = tmp_path_factory.mktemp("profile")
    return answers_of(page, script, profile, "--virtual-time-budget=20000")


def answers_of(page: Path, script: str, profile: Path, *options: str) -> dict[str, Any]:
    """What a script that is added to the page has to say."""
    driven = page.with_name("driven.html")
    driven.write_text(page.read_text("utf-8").replace("</body>", f"{script}</body>"), "utf-8")
    for _ in range(5):  # virtual time does not wait for a slow machine to open the audio
        dom = dom_of(driven, profile, options=options)
        text = dom.partition('<pre id="answers">')[2].partition("</pre>")[0]
        if text:
            break
    return json.loads(html.unescape(text))


class Slow(BaseHTTPRequestHandler):
    """A picture that takes 6 s: so long the browser waits before it gives the page back."""

    def do_GET(self) -> None:
        time.sleep(6.0)
        self.send_error(404)

    def log_message(self, *_: object) -> None:
        pass


@pytest.mark.parametrize("view", views)
def test_a_view_shows_these_outputs_in_this_order(answers: dict[str, Any], view: str) -> None:
    seen = answers[view]
    assert seen["outputs"] == views[view]
    assert seen["count"] == f"{len(views[view])} of 5 outputs"
    assert seen["inputs"] == len({name[0] for name in views[view]})


def test_a_view_from_the_start_shows_the_same(page: Path, tmp_path: Path) -> None:
    dom = dom_of(page, tmp_path, "#filter=twin%20lite&sort=peak&order=down")
    assert "1 of 5 outputs" in dom
    assert 'data-sort="peak" class="number" aria-sort="descending"' in dom


def test_the_sorted_column_says_so(answers: dict[str, Any]) -> None:
    assert answers[""]["sort"] is None
    assert answers["#sort=peak"]["sort"] == ["peak", "ascending"]
    assert answers["#sort=peak&order=down"]["sort"] == ["peak", "descending"]


def test_a_click_on_a_column_sorts_and_another_turns_it_round(answers: dict[str, Any]) -> None:
    assert answers["clicked once"]["outputs"] == views["#sort=peak"]
    assert answers["clicked twice"]["outputs"] == views["#sort=peak&order=down"]
    assert answers["clicked twice"]["address"] == "#sort=peak&order=down"


def test_words_typed_filter_what_was_sorted_and_stand_in_the_address(
    answers: dict[str, Any],
) -> None:
    assert answers["typed"]["outputs"] == [b1, a2]
    assert answers["typed"]["address"] == "#sort=peak&order=down&filter=plexi"


def test_the_filter_of_the_address_stands_in_the_field(answers: dict[str, Any]) -> None:
    assert answers["#filter=twin%20lite"]["filter"] == "twin lite"


def test_players_find_their_files(answers: dict[str, Any]) -> None:
    assert answers["durations"] == pytest.approx([0.1, 0.1])


@pytest.mark.slow
def test_a_version_that_is_played_takes_over_where_the_other_is(tmp_path: Path) -> None:
    add = new_batch(tmp_path)
    for name in (a1, a2, b1):
        manifest = add(name, input=f"{name[0]}.wav", duration_s=10.0)
    write_report(manifest, tmp_path / "report.html")
    with HTTPServer(("127.0.0.1", 0), Slow) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        heard = answers_of(
            tmp_path / "report.html",
            listener.replace("PORT", str(server.server_port)),
            tmp_path,
            "--autoplay-policy=no-user-gesture-required",
        )
        server.shutdown()
    assert heard["left"] > 0.2
    assert heard["taken"] == pytest.approx(heard["left"], abs=0.2)
    assert heard["afresh"] < 0.2
    assert heard["paused"] == [True, True, False]
    assert heard["marked"] == [b1]
