// The editor's form beside the text itself: counters of RCS fields, what only serves without
// scripts, and a warning before what was written is left behind.
export function start(root) {
  for (const spare of root.querySelectorAll("[data-without-scripts]")) spare.hidden = true;
  const form = root.querySelector("[data-editor]:not([data-ready])");
  if (!form) return;
  form.dataset.ready = "";
  form.addEventListener("input", (event) => {
    count(event.target);
    if (event.target.name && !["channel", "sample"].includes(event.target.name)) changed(form);
  });
  form.addEventListener("submit", () => removeEventListener("beforeunload", warn));
  const saved = form.querySelector("[data-saved]");
  if (saved && saved.textContent.trim() === saved.dataset.unsaved) changed(form);
}

function count(field) {
  if (!field.dataset?.most) return;
  const shown = document.getElementById(`${field.id}-left`);
  const length = [...field.value].length;
  shown.querySelector("[data-count]").textContent = length;
  shown.classList.toggle("over", length > Number(field.dataset.most));
}

function changed(form) {
  const saved = form.querySelector("[data-saved]");
  if (!saved || form.dataset.changed !== undefined) return;
  form.dataset.changed = "";
  saved.textContent = saved.dataset.unsaved;
  if (form.querySelector("button[value=save]")) addEventListener("beforeunload", warn);
}

function warn(event) {
  event.preventDefault();
}
