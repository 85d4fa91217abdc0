"use strict";
// What is shown is in the address, #sort=loudness&order=down&filter=words, so a view can be kept.
const table = document.querySelector("table.outputs");
const filter = document.querySelector("#filter");
const groups = [...table.tBodies].map((body) => ({
  body,
  rows: [...body.rows]
    .filter((row) => !row.classList.contains("input"))
    .map((row) => ({ row, words: `${body.rows[0].textContent} ${row.textContent}`.toLowerCase() })),
}));
const total = groups.reduce((sum, group) => sum + group.rows.length, 0);
const byText = new Intl.Collator(undefined, { numeric: true }).compare;

function view() {
  return new URLSearchParams(location.hash.slice(1));
}

function change(settings) {
  const next = view();
  for (const [name, value] of Object.entries(settings)) {
    if (value) next.set(name, value);
    else next.delete(name);
  }
  location.replace(`#${next}`); // shown by hashchange
}

// What has no value comes last, whichever way round.
function compare(a, b, key, sign) {
  const x = a.row.dataset[key] ?? "";
  const y = b.row.dataset[key] ?? "";
  if (x === "" || y === "") return (x === "") - (y === "");
  const isText = key === "output" || key === "model";
  return sign * (isText ? byText(x, y) : x - y);
}

function show() {
  const key = view().get("sort");
  const sign = view().get("order") === "down" ? -1 : 1;
  const words = (view().get("filter") ?? "").toLowerCase().split(/\s+/).filter(Boolean);
  if (document.activeElement !== filter) filter.value = view().get("filter") ?? "";

  let shown = 0;
  const heads = groups.map((group) => {
    const rows = table.querySelector(`th[data-sort="${CSS.escape(key ?? "")}"]`)
      ? [...group.rows].sort((a, b) => compare(a, b, key, sign))
      : group.rows;
    const visible = rows.filter(({ words: text }) => words.every((word) => text.includes(word)));
    const kept = new Set(visible);
    for (const item of rows) item.row.hidden = !kept.has(item);
    group.body.hidden = visible.length === 0;
    group.body.append(...rows.map(({ row }) => row));
    shown += visible.length;
    return { body: group.body, row: (visible[0] ?? rows[0]).row };
  });
  if (key) heads.sort((a, b) => compare(a, b, key, sign));
  table.append(...heads.map(({ body }) => body));

  for (const head of table.querySelectorAll("th[data-sort]")) {
    if (head.dataset.sort === key) {
      head.setAttribute("aria-sort", sign > 0 ? "ascending" : "descending");
    } else head.removeAttribute("aria-sort");
  }
  document.querySelector(".tools output").textContent = `${shown} of ${total} outputs`;
  document.querySelector(".none").hidden = shown > 0 || total === 0;
}

for (const head of table.querySelectorAll("th[data-sort]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.append(...head.childNodes);
  button.addEventListener("click", () => {
    const again = view().get("sort") === head.dataset.sort && view().get("order") !== "down";
    change({ sort: head.dataset.sort, order: again ? "down" : "" });
  });
  head.append(button);
}
filter.addEventListener("input", () => change({ filter: filter.value }));
filter.form.addEventListener("submit", (event) => event.preventDefault());
filter.form.hidden = false;
window.addEventListener("hashchange", show);
show();

// One plays at a time, and versions of one input take over from each other where they are.
let playing = null;
table.addEventListener("play", ({ target }) => {
  if (playing && playing !== target) {
    const isVersion = playing.closest("tbody") === target.closest("tbody");
    if (isVersion && !playing.paused && target.currentTime === 0) target.currentTime = playing.currentTime;
    playing.pause();
    playing.closest("tr").classList.remove("playing");
  }
  playing = target;
  target.closest("tr").classList.add("playing");
}, true);
