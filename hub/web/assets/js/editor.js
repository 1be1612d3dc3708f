// The template editor: CodeMirror, loaded by the page that edits.
export {};
