// The phone: a carousel that moves by the arrow keys, and shows its newest message.
export function start(root) {
  for (const row of root.querySelectorAll(".carousel:not([data-ready])")) {
    row.dataset.ready = "";
    row.addEventListener("keydown", (event) => {
      const way = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!way) return;
      event.preventDefault();
      row.scrollBy({ left: way * row.firstElementChild.offsetWidth });
    });
  }
  for (const screen of root.querySelectorAll(".phone .screen")) screen.scrollTop = screen.scrollHeight;
}
