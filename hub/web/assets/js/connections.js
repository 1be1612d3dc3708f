// Connections: on to the vendor's page, looking again while a vendor answers, copying an address.

export function start(root) {
  const away = root.querySelector("[data-leave]");
  if (away) location.assign(away.href);
  const waits = root.querySelector("[data-again]");
  if (waits) setTimeout(() => location.reload(), 1500);
  for (const button of root.querySelectorAll("[data-copy]")) offer(button);
}

// Hidden where the browser does not let a page copy: without https there is no clipboard.
function offer(button) {
  if (!navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const words = document.getElementById(button.dataset.copy)?.textContent ?? "";
    await navigator.clipboard.writeText(words);
    button.classList.add("copied-now");
  });
}
