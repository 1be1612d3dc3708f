// The template editor: CodeMirror in place of the text's field, which goes on holding the text.
// It lives in a shadow of its own: its styles are adopted there, and the page needs no inline ones.
import { acceptCompletion, autocompletion, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { lintKeymap, setDiagnostics } from "@codemirror/lint";
import { EditorState, Prec } from "@codemirror/state";
import { Decoration, EditorView, MatchDecorator, ViewPlugin, keymap } from "@codemirror/view";

const form = document.querySelector("[data-editor]");
const field = form?.querySelector("#words");
if (field && !field.readOnly) begin();

function begin() {
  const names = JSON.parse(field.dataset.variables);
  const filters = JSON.parse(field.dataset.filters);
  const place = document.createElement("div");
  place.className = "words-editor";
  field.after(place);
  field.hidden = true;
  const root = place.attachShadow({ mode: "open" });
  const view = new EditorView({
    root,
    parent: root,
    doc: field.value,
    extensions: [
      history(),
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({
        "aria-label": field.dataset.label, "aria-describedby": "", lang: field.lang, spellcheck: "true",
      }),
      autocompletion({ override: [offered(names, filters)], icons: false }),
      Prec.high(keymap.of([{ key: "Tab", run: acceptCompletion }])),
      keymap.of([...completionKeymap, ...lintKeymap, ...historyKeymap, ...defaultKeymap]),
      tags(),
      look(),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) keep(update.state.doc.toString());
      }),
    ],
  });
  form.relaisView = view;
  document.querySelector("label[for=words]").addEventListener("click", () => view.focus());
  mends(view);
  inserts(view);
  underline(view);
  const findings = document.querySelector("#findings");
  new MutationObserver(() => underline(view)).observe(findings, { childList: true, subtree: true });
}

function keep(text) {
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

// Within {{ }}: the variables; after a bar, the filters. Elsewhere two brackets begin a variable.
function offered(names, filters) {
  const variables = names.map(({ name, says, insert }) => ({ label: name, info: says, apply: insert, type: "variable" }));
  const steps = filters.map((label) => ({ label, type: "function" }));
  return (context) => {
    const tag = context.matchBefore(/\{[{%][^{}]*$/);
    if (!tag) return null;
    const step = context.matchBefore(/\|\s*\w*$/);
    const word = context.matchBefore(/\w*$/);
    if (!word.text && !step && !context.explicit && !/[{%]\s?$/.test(tag.text)) return null;
    const close = context.state.sliceDoc(context.pos, context.pos + 3).trimStart().startsWith("}");
    const end = tag.text.startsWith("{{") && !close ? " }}" : "";
    const space = tag.text === "{{" ? " " : "";
    const options = step ? steps : variables.map((one) => ({ ...one, apply: space + one.apply + end }));
    return { from: word.from, options, validFor: /^\w*$/ };
  };
}

// Variables and conditions stand out from the words.
function tags() {
  const mark = (name) => Decoration.mark({ class: name });
  const known = { "{": mark("tag-value"), "%": mark("tag-rule"), "#": mark("tag-note") };
  const matcher = new MatchDecorator({
    regexp: /\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}/g,
    decoration: (match) => known[match[0][1]],
  });
  return ViewPlugin.fromClass(
    class {
      constructor(view) { this.decorations = matcher.createDeco(view); }
      update(update) { this.decorations = matcher.updateDeco(update, this.decorations); }
    },
    { decorations: (plugin) => plugin.decorations },
  );
}

// What the hub noticed, underlined where it stands. Its places count characters as people do.
function underline(view) {
  const text = view.state.doc.toString();
  const at = (count) => [...text].slice(0, count).join("").length;
  const found = [...document.querySelectorAll("#findings [data-from]")].map((item) => {
    const button = item.querySelector("[data-mend]");
    const from = Math.min(at(Number(item.dataset.from)), text.length);
    const to = Math.min(at(Number(item.dataset.to)), text.length);
    return {
      from,
      to,
      severity: item.dataset.severity,
      message: item.querySelector("[data-words]").textContent,
      actions: button ? [{ name: button.innerText.trim(), apply: () => mend(view, item, from, to) }] : [],
    };
  });
  view.dispatch(setDiagnostics(view.state, found));
}

function mend(view, item, from, to) {
  const { instead, whole } = item.dataset;
  if (instead === undefined) return replace(view, whole);
  view.dispatch({ changes: { from, to, insert: instead }, userEvent: "input.mend" });
}

function replace(view, text) {
  view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text }, userEvent: "input.mend" });
}

// The buttons below do at once what they would do by sending the page.
function mends(view) {
  document.querySelector("#findings").addEventListener("click", (event) => {
    const all = event.target.closest("[data-mend-all]");
    const button = event.target.closest("[data-mend]");
    const item = button?.closest("[data-from]");
    if (!all && !item) return;
    event.preventDefault();
    if (all) replace(view, all.dataset.mendAll);
    else {
      const text = [...view.state.doc.toString()];
      const at = (count) => text.slice(0, count).join("").length;
      mend(view, item, at(Number(item.dataset.from)), at(Number(item.dataset.to)));
    }
    view.focus();
  });
}

// A variable goes to where somebody last wrote: the text, or a field of a card.
function inserts(view) {
  let last = null;
  form.addEventListener("focusin", (event) => {
    if (event.target.matches(".rcs textarea, .rcs input:not([type=hidden])")) last = event.target;
    else if (event.target.matches(".words-editor")) last = null;
  });
  form.addEventListener("click", (event) => {
    const chip = event.target.closest("[data-insert]");
    if (!chip) return;
    event.preventDefault();
    if (last?.isConnected) {
      last.setRangeText(chip.dataset.insert, last.selectionStart, last.selectionEnd, "end");
      last.dispatchEvent(new Event("input", { bubbles: true }));
      last.focus();
    } else {
      view.dispatch(view.state.replaceSelection(chip.dataset.insert), { userEvent: "input" });
      view.focus();
    }
  });
}

function look() {
  return EditorView.theme({
    "&": { background: "var(--sheet)", color: "var(--ink)", border: "1px solid var(--still)", borderRadius: "8px" },
    "&.cm-focused": { outline: "3px solid var(--tblr-primary)", outlineOffset: "2px" },
    ".cm-scroller": { fontFamily: "inherit", lineHeight: "1.6", minHeight: "184px" },
    ".cm-content": { padding: "12px", caretColor: "var(--ink)" },
    ".cm-line": { padding: "0" },
    ".tag-value": { background: "var(--good-ground)", color: "var(--good)", borderRadius: "4px", padding: "2px 0" },
    ".tag-rule": { color: "var(--waits)" },
    ".tag-note": { color: "var(--ink-soft)", fontStyle: "italic" },
    ".cm-lintRange-warning": { backgroundImage: "none", borderBottom: "2px dotted var(--waits)", background: "var(--waits-ground)" },
    ".cm-lintRange-error": { backgroundImage: "none", borderBottom: "2px solid var(--bad)" },
    ".cm-lintRange-info": { backgroundImage: "none", borderBottom: "1px dotted var(--still)" },
    ".cm-tooltip": { background: "var(--sheet)", color: "var(--ink)", border: "1px solid var(--line)", borderRadius: "8px",
      boxShadow: "0 8px 24px -12px rgb(0 0 0 / 0.4)", maxWidth: "360px", overflow: "hidden" },
    ".cm-tooltip.cm-completionInfo": { padding: "8px 12px" },
    ".cm-diagnostic": { borderLeft: "4px solid var(--waits)", padding: "8px 12px" },
    ".cm-diagnostic-error": { borderLeftColor: "var(--bad)" },
    ".cm-diagnostic-info": { borderLeftColor: "var(--still)" },
    ".cm-diagnosticAction": { display: "block", minHeight: "32px", margin: "8px 0 0", padding: "4px 12px", borderRadius: "8px",
      background: "var(--tblr-primary)", color: "var(--sheet)", fontWeight: "600", font: "inherit" },
    ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "inherit", maxHeight: "240px" },
    ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "6px 12px", lineHeight: "1.4" },
    ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": { background: "var(--tblr-primary)", color: "var(--sheet)" },
  });
}
