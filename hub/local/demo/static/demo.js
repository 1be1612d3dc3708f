// Keeps the phone and the road fresh each second, and presses buttons without a reload.

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

let lastRoad = "";

function showRoad(html) {
  if (html === lastRoad) return;
  lastRoad = html;
  const way = byId("way");
  const open = new Set([...way.querySelectorAll("details[open]")].map((one) => one.dataset.key));
  const focused = way.contains(document.activeElement) ? nameOf(document.activeElement) : null;
  way.replaceChildren(...parse(html).body.childNodes);
  for (const one of way.querySelectorAll("details")) one.open = open.has(one.dataset.key);
  if (focused) [...way.querySelectorAll("a, summary")].find((one) => nameOf(one) === focused)?.focus();
}

function nameOf(element) {
  return element.getAttribute("href") ?? element.parentElement?.dataset.key ?? null;
}

async function refresh() {
  const [phone, road] = await Promise.all([read(page.dataset.phone), read(page.dataset.road)]);
  if (phone !== null) showPhone(phone);
  if (road !== null) showRoad(road);
}

async function press(event) {
  const button = event.submitter;
  if (!button?.name) return;
  event.preventDefault();
  const body = new URLSearchParams([[button.name, button.value]]);
  const answer = await fetch(event.target.action, { method: "POST", body });
  if (!answer.ok) return;
  byId("said").replaceChildren(parse(await answer.text()).getElementById("said").textContent);
  page.dataset.road = page.dataset.newest;
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
