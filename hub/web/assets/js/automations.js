// The sentence of an automation: each change looks again, without keeping anything. A change of the
// sentence itself (another event, a condition more) brings it anew; any other only what is beside it.
import htmx from "htmx.org";

const PAUSE = 400; // milliseconds after the last key
const FIRST = { conditions: "conditions-", cancel_on: "cancels-", steps: "steps-" };
let begun = false;
let waiting = 0;
let bringing = 0; // how many new sentences are on their way
const meanwhile = new Map(); // what is typed until they are there

export function start(_root) {
  if (!sentence()) return;
  document.documentElement.classList.add("with-looks");
  if (begun) return;
  begun = true;
  document.addEventListener("input", typed);
  document.addEventListener("change", changed);
  document.addEventListener("click", pressed);
  document.addEventListener("keydown", entered);
}

const sentence = () => document.getElementById("sentence");
const ours = (element) => sentence() && element.form === sentence();

function typed(event) {
  if (event.target.tagName !== "INPUT" || !ours(event.target)) return;
  if (kept(event.target)) return;
  clearTimeout(waiting);
  waiting = setTimeout(() => look("#seen"), PAUSE);
}

function changed(event) {
  if (event.target.tagName !== "SELECT" || !ours(event.target)) return;
  const whole = "shape" in event.target.dataset;
  if (whole || !kept(event.target)) look(whole ? "#whole" : "#seen");
}

function kept(element) {
  if (bringing) meanwhile.set(element.name, element.value);
  return bringing > 0;
}

function pressed(event) {
  const button = event.target.closest?.("button[data-shape]");
  if (!button || !ours(button)) return;
  event.preventDefault();
  look("#whole", button.value);
}

function entered(event) {
  if (event.key !== "Enter" || event.target.tagName !== "INPUT" || !ours(event.target)) return;
  event.preventDefault();
  look("#seen");
}

async function look(target, action = "") {
  clearTimeout(waiting);
  const active = document.activeElement?.id;
  const options = { source: sentence(), target, select: target, swap: "outerHTML" };
  if (action) options.values = { do: action };
  const whole = target === "#whole";
  bringing += whole;
  await htmx.ajax("POST", sentence().dataset.looks, options).finally(() => (bringing -= whole));
  if (!whole) return;
  refocus(active, action);
  if (!bringing) catchUp();
}

// Whoever types on while the sentence comes anew loses nothing of it.
function catchUp() {
  if (!meanwhile.size) return;
  for (const [name, value] of meanwhile) {
    const input = sentence().elements.namedItem(name);
    if (input) input.value = value;
  }
  meanwhile.clear();
  look("#seen");
}

// Where the keyboard was; after a row more, its first word; after one less, the button that adds.
function refocus(active, action) {
  const [what, rows] = action.split(":");
  if (what === "add") {
    const own = [...document.querySelectorAll(`#sentence [id^="w-${FIRST[rows]}"]`)];
    const last = Math.max(...own.map(place));
    own.find((one) => place(one) === last)?.focus();
  } else if (what === "drop") {
    document.querySelector(`#sentence button[value="add:${rows}"]`)?.focus();
  } else if (active && document.activeElement?.id !== active) {
    document.getElementById(active)?.focus();
  }
}

const place = (element) => Number(element.name.split(".")[1]);
