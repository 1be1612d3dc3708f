// What every page needs: htmx, and one small module for each behaviour.
import htmx from "htmx.org";
import { sendAtOnce } from "./sends.js";

window.htmx = htmx;
sendAtOnce(document);
