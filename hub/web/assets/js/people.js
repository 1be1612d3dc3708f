// Imports: the next lines are asked for while the page is open, and a file that is too large is told
// of before it is sent.
export function start(root) {
  for (const form of root.querySelectorAll("form[data-goes-on]:not([data-ready])")) {
    form.dataset.ready = "";
    setTimeout(() => form.requestSubmit(), 300);
  }
  for (const form of root.querySelectorAll("form[data-largest]:not([data-ready])")) {
    form.dataset.ready = "";
    watch(form);
  }
}

function watch(form) {
  const input = form.querySelector("input[type=file]");
  const said = document.getElementById(input.getAttribute("aria-describedby"));
  input.addEventListener("change", () => {
    const tooLarge = (input.files[0]?.size ?? 0) > Number(form.dataset.largest);
    input.setCustomValidity(tooLarge ? form.dataset.tooLarge : "");
    if (!tooLarge) return;
    said.textContent = form.dataset.tooLarge;
    said.className = "wrong";
  });
}
