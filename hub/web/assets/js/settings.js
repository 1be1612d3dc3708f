// Behaviours of the pages of settings. Called for the page, and for each part that htmx puts in.
export function start(root) {
  // On a phone the sections are a strip: the one that is open stands in view.
  root.querySelector(".sections [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  for (const form of root.querySelectorAll("[data-hours]")) {
    const chosen = form.elements.namedItem("choice");
    const own = form.querySelector("[data-own]");
    const follow = () => { own.hidden = chosen.value !== "own"; };
    chosen.addEventListener("change", follow);
    follow();
  }
}
