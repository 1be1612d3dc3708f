// The page of figures as a picture, drawn here from what the page shows: nothing is sent anywhere.
const WIDE = 1200;
const EDGE = 48;

for (const button of document.querySelectorAll("[data-picture]")) {
  button.hidden = false;
  button.addEventListener("click", () => save(button.dataset.picture));
}

function save(name) {
  picture().toBlob((blob) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });
}

export function picture() {
  const stages = [...document.querySelectorAll(".funnel > li")];
  const lines = document.querySelector(".over-time canvas");
  const canvas = document.createElement("canvas");
  const sheet = { canvas, pen: canvas.getContext("2d"), y: EDGE };
  canvas.width = WIDE;
  const tall = lines ? ((WIDE - 2 * EDGE) * lines.height) / lines.width : 0;
  canvas.height = 320 + stages.length * 56 + (lines ? tall + 64 : 0);
  sheet.pen.fillStyle = token("--sheet");
  sheet.pen.fillRect(0, 0, WIDE, canvas.height);
  write(sheet, `${words(".rail .brand")} · ${words("h1")}`, EDGE, 30, "600");
  write(sheet, words("[data-period]"), EDGE, 18, "400", "--ink-soft", 40);
  trio(sheet);
  stages.forEach((stage) => bar(sheet, stage));
  if (lines) {
    sheet.y += 16;
    legend(sheet);
    sheet.pen.drawImage(lines, EDGE, sheet.y, WIDE - 2 * EDGE, tall);
  }
  return canvas;
}

function trio(sheet) {
  const top = sheet.y + 40;
  document.querySelectorAll(".trio .large").forEach((one, n) => {
    const x = EDGE + (n * (WIDE - 2 * EDGE)) / 3;
    sheet.y = top;
    write(sheet, words(".large-words", one), x, 18, "600", "--ink", 0);
    write(sheet, words(".huge", one), x, 40, "600", "--ink", 48);
    write(sheet, words(".small", one), x, 15, "400", "--ink-soft", 28);
  });
  sheet.y += 64;
}

function bar(sheet, stage) {
  const [name, count] = stage.querySelectorAll(".funnel-line > span");
  const wide = WIDE - 2 * EDGE;
  const share = Number(stage.querySelector(".fill").getAttribute("width")) / 100;
  write(sheet, name.textContent, EDGE, 18, "400", "--ink", 0);
  sheet.pen.textAlign = "right";
  write(sheet, words("strong", count), EDGE + wide, 18, "600", "--ink", 0);
  sheet.pen.textAlign = "left";
  for (const [colour, width] of [["--still-ground", wide], ["--tblr-primary", wide * share]]) {
    sheet.pen.fillStyle = token(colour);
    sheet.pen.fillRect(EDGE, sheet.y + 12, width, 8);
  }
  sheet.y += 56;
}

function legend(sheet) {
  let x = EDGE;
  for (const one of document.querySelectorAll(".legend span")) {
    sheet.pen.fillStyle = getComputedStyle(one.querySelector("i")).backgroundColor;
    sheet.pen.fillRect(x, sheet.y - 6, 24, 4);
    write(sheet, one.textContent, x + 32, 16, "400", "--ink", 0);
    x += 64 + sheet.pen.measureText(one.textContent.trim()).width;
  }
  sheet.y += 24;
}

function write(sheet, said, x, size, weight, colour = "--ink", down = 0) {
  sheet.y += down;
  sheet.pen.font = `${weight} ${size}px system-ui, sans-serif`;
  sheet.pen.fillStyle = token(colour);
  sheet.pen.fillText(said.trim().replace(/\s+/g, " "), x, sheet.y);
}

function words(selector, root = document) {
  return root.querySelector(selector)?.textContent ?? "";
}

function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
