// Parts that stay true while they are open: each asks its own address (`data-live`) every few
// seconds, with the `data-mark` of what it shows; nothing comes back while nothing changed.
import htmx from "htmx.org";

const EVERY = 3000;
const watched = new WeakSet();
htmx.config.morphIgnore.push("open"); // a fold that somebody opened stays open

export function start(root) {
  for (const part of root.querySelectorAll("[data-live]")) {
    if (!watched.has(part)) watch(part);
  }
}

function watch(part) {
  watched.add(part);
  let asking = false;
  const timer = setInterval(async () => {
    if (!part.isConnected || !part.dataset.live) return clearInterval(timer);
    if (document.hidden || asking) return;
    asking = true;
    await ask(part).catch(() => {}); // away for a moment: asked again
    asking = false;
  }, EVERY);
}

async function ask(part) {
  const address = new URL(part.dataset.live, location.href);
  address.searchParams.set("mark", part.dataset.mark);
  const answer = await fetch(address, { headers: { "HX-Request": "true" } });
  if (answer.status !== 200 || answer.redirected) return;
  const text = await answer.text();
  await htmx.swap({ text, target: part, sourceElement: part, swap: "outerMorph", transition: false });
  const title = part.dataset.title;
  const heading = document.querySelector("main h1");
  if (title && heading) heading.textContent = title;
}
