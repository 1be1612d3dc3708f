// A conversation shows its newest words: on the page, and again when something new came in.
const followed = new WeakSet();

export function start(root) {
  const screen = root.querySelector(".talk .screen");
  if (!screen || followed.has(screen)) return;
  followed.add(screen);
  let count = 0;
  const follow = () => {
    if (screen.childElementCount === count) return;
    count = screen.childElementCount;
    screen.scrollTop = screen.scrollHeight;
  };
  follow();
  new MutationObserver(follow).observe(screen, { childList: true });
}
