// The sandbox: its parts are asked for again while somebody looks, and its forms answer in place.
const EVERY = 2000; // milliseconds; nothing is asked while the page is out of sight
const SOON = 600; // after something was pressed

export function start(root) {
  const ground = root.querySelector?.("[data-sandbox]:not([data-ready])");
  if (!ground) return;
  ground.dataset.ready = "";
  const look = () => asked(ground, ground.dataset.sandbox);
  setInterval(() => document.hidden || look(), EVERY);
  document.addEventListener("visibilitychange", () => document.hidden || look());
  ground.addEventListener("submit", (event) => {
    if (!event.target.closest("[data-live], .slot")) return;
    event.preventDefault();
    press(ground, event.target, event.submitter).then(() => setTimeout(look, SOON));
  });
  for (const button of document.querySelectorAll("[data-asks]")) {
    button.addEventListener("click", (event) => confirm(button.dataset.asks) || event.preventDefault());
  }
}

async function press(ground, form, button) {
  const sent = new FormData(form, button);
  ground.setAttribute("aria-busy", "true");
  await asked(ground, form.action, { method: "POST", body: new URLSearchParams(sent) });
  ground.removeAttribute("aria-busy");
  if (form.querySelector("input[name=answer]")) form.reset();
}

async function asked(ground, address, more = {}) {
  try {
    const answer = await fetch(address, { ...more, headers: { "HX-Request": "true" } });
    if (answer.ok) show(ground, await answer.text());
  } catch {
    // The hub is starting again; the next look finds it.
  }
}

// Only what has changed is put in, so that what is read or opened stays as it is.
function show(ground, text) {
  const fresh = new DOMParser().parseFromString(text, "text/html");
  const slots = fresh.querySelectorAll("[data-slot]");
  if (ground.hasAttribute("data-waits")) {
    if (slots.length) location.reload();
    return;
  }
  for (const slot of slots) {
    const here = document.getElementById(slot.id);
    if (!here || known.get(slot.id) === slot.innerHTML) continue;
    if (slot.id === "slot-note" && !slot.textContent.trim()) continue; // what was said stays
    if (known.has(slot.id) || here.innerHTML !== slot.innerHTML) put(here, slot.innerHTML);
    known.set(slot.id, slot.innerHTML);
  }
}

const known = new Map();

function put(here, inside) {
  const open = [...here.querySelectorAll("details")].map((one) => one.open);
  here.innerHTML = inside;
  here.querySelectorAll("details").forEach((one, n) => (one.open = open[n] ?? false));
  for (const screen of here.querySelectorAll(".screen")) screen.scrollTop = screen.scrollHeight;
}
