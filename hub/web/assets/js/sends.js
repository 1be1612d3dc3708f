// A choice that sends its form at once, where there is JavaScript; its button goes.
export function start(root) {
  for (const choice of root.querySelectorAll("[data-sends]:not([data-ready])")) {
    choice.dataset.ready = "";
    choice.addEventListener("change", () => choice.form.requestSubmit());
    choice.form.querySelector("button")?.setAttribute("hidden", "");
  }
}
