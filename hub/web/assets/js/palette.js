// The search box as a window over every page: Ctrl-K, Cmd-K or «/» opens it, arrow keys go through
// what was found, Esc closes it; the focus goes back to where it was.
import htmx from "htmx.org";

const TYPING = "input, textarea, select, [contenteditable], .cm-editor";
let box = null;
let came = null; // who had the focus before

export function start(root) {
  if (root !== document || !document.querySelector("[data-palette]")) return;
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("[data-palette]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(link.href);
  });
}

function onKey(event) {
  const chord = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k";
  const slash = event.key === "/" && !event.ctrlKey && !event.metaKey && !event.target.closest?.(TYPING);
  if ((!chord && !slash) || event.shiftKey || event.altKey || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  open(document.querySelector("[data-palette]").href);
}

async function open(address) {
  try {
    box ??= await load(address);
  } catch {
    location.href = address; // the page does the same
    return;
  }
  if (!box.open) {
    came = document.activeElement;
    box.showModal();
  }
  box.querySelector("input").select();
}

async function load(address) {
  const answer = await fetch(`${address}?box=1`, { headers: { "HX-Request": "true" } });
  if (!answer.ok || answer.redirected) throw new Error("signed out");
  const made = document.createElement("dialog");
  made.className = "palette";
  made.innerHTML = await answer.text();
  made.setAttribute("aria-label", made.querySelector("label").textContent);
  made.addEventListener("keydown", (event) => onMove(made, event));
  made.addEventListener("click", (event) => {
    if (event.target === made || event.target.closest("[data-palette-close]")) made.close();
  });
  made.addEventListener("close", () => came?.focus());
  made.querySelector("form").addEventListener("submit", (event) => {
    const first = made.querySelector(".found a");
    if (!first) return; // the page says it in full
    event.preventDefault();
    location.href = first.href;
  });
  document.body.append(made);
  htmx.process(made);
  return made;
}

function onMove(made, event) {
  if (event.key === "Escape") {
    event.preventDefault(); // a search field would only be emptied by it
    made.close();
    return;
  }
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  const stops = [made.querySelector("input"), ...made.querySelectorAll(".found a")];
  const at = stops.indexOf(document.activeElement);
  event.preventDefault();
  stops[(at + step + stops.length) % stops.length].focus();
}
