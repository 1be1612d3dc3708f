// What every page needs: htmx, and one small module for each behaviour. Each `start` is called for
// the page, and again for each part that htmx puts in.
import htmx from "htmx.org";
import * as automations from "./automations.js";
import * as connections from "./connections.js";
import * as inbox from "./inbox.js";
import * as messages from "./messages.js";
import * as palette from "./palette.js";
import * as people from "./people.js";
import * as phone from "./phone.js";
import * as sandbox from "./sandbox.js";
import * as sends from "./sends.js";
import * as settings from "./settings.js";
import * as templates from "./templates.js";

const parts = [automations, connections, inbox, messages, palette, people, phone, sandbox, sends, settings, templates];
const begin = (root) => parts.forEach((part) => part.start(root));

// A part's form carries the page's mark, as every form does.
const mark = document.querySelector("meta[name=relais-mark]")?.content ?? "";
document.addEventListener("htmx:config:request", (event) => {
  event.detail.ctx.request.headers["X-Relais-Mark"] = mark;
});
document.addEventListener("htmx:after:process", (event) => {
  if (event.target !== document.body) begin(event.target.parentElement ?? event.target);
});
htmx.config.includeIndicatorCSS = false;
window.htmx = htmx;
begin(document);
