// Keeps the phone, the record, the road and the connections fresh, and presses buttons without a
// reload.

const page = document.body;
const byId = (id) => document.getElementById(id);
const EVERY = 1000;

function parse(html) {
  return new DOMParser().parseFromString(html, "text/html");
}

async function read(address) {
  const answer = await fetch(address, { headers: { Accept: "text/html" } });
  return answer.ok ? answer.text() : null;
}

// Only what is new is added, so that a screen reader says only what is new.
function showPhone(html) {
  const list = byId("bubbles");
  const known = new Set([...list.querySelectorAll("[data-key]")].map((one) => one.dataset.key));
  const fresh = [...parse(html).querySelectorAll("[data-key]")];
  const added = fresh.filter((one) => !known.has(one.dataset.key));
  if (!added.length) return;
  list.querySelector(".nothing")?.remove();
  for (const one of added) {
    one.classList.add("arriving");
    list.append(one);
  }
  toTheEnd();
}

function toTheEnd() {
  const list = byId("bubbles");
  list.scrollTop = list.scrollHeight;
}

const lastShown = new Map();

// A part of the page as the server draws it now; folds stay open and the focus stays where it was.
function show(part, html) {
  if (html === lastShown.get(part.id)) return;
  lastShown.set(part.id, html);
  const open = new Set([...part.querySelectorAll("details[open]")].map((one) => one.dataset.key));
  const focused = part.contains(document.activeElement) ? nameOf(document.activeElement) : null;
  const scrolled = [...part.querySelectorAll(".scroll")].map((one) => one.scrollLeft);
  part.replaceChildren(...parse(html).body.childNodes);
  for (const one of part.querySelectorAll("details")) one.open = open.has(one.dataset.key);
  part.querySelectorAll(".scroll").forEach((one, n) => (one.scrollLeft = scrolled[n] ?? 0));
  if (!focused) return;
  const all = [...part.querySelectorAll("a, summary, button, .scroll")];
  all.find((one) => nameOf(one) === focused)?.focus();
}

function nameOf(element) {
  const own = element.getAttribute("href") ?? element.getAttribute("value");
  return own ?? element.parentElement?.dataset.key ?? element.getAttribute("aria-label");
}

let turn = 0;

async function refresh() {
  turn += 1;
  const due = [...document.querySelectorAll("[data-live]")].filter(
    (part) => turn % Number(part.dataset.every ?? 1) === 0,
  );
  const [phone, ...parts] = await Promise.all(
    [page.dataset.phone, ...due.map((part) => part.dataset.live)].map(read),
  );
  if (phone !== null) showPhone(phone);
  due.forEach((part, n) => parts[n] !== null && show(part, parts[n]));
}

async function press(event) {
  const button = event.submitter;
  if (!button?.name) return;
  event.preventDefault();
  const body = new URLSearchParams([[button.name, button.value]]);
  const answer = await fetch(event.target.action, { method: "POST", body });
  if (!answer.ok) return;
  byId("said").replaceChildren(parse(await answer.text()).getElementById("said").textContent);
  byId("way").dataset.live = page.dataset.newest;
  turn = -1; // everything is looked at next
  history.replaceState(null, "", page.dataset.newest.replace("/demo/road", "/demo"));
  await tick();
}

let busy = false;

async function tick() {
  if (busy || document.hidden) return;
  busy = true;
  try {
    await refresh();
  } catch {
    // The hub or this page is starting again; the next second asks anew.
  } finally {
    busy = false;
  }
}

document.addEventListener("submit", (event) => void press(event));
toTheEnd();
setInterval(tick, EVERY);
