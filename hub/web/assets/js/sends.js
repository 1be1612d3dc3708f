// A choice that sends its form at once, where there is JavaScript; its button goes.
export function sendAtOnce(within) {
  for (const choice of within.querySelectorAll("[data-sends]")) {
    choice.addEventListener("change", () => choice.form.requestSubmit());
    choice.form.querySelector("button")?.setAttribute("hidden", "");
  }
}
