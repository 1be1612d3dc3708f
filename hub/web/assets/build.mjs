// Builds what the browser gets into ../static/built: bundles with the hash of their content in
// their names, icons as one file, each compressed beforehand. `node build.mjs`, after `npm ci`.

import { build } from "esbuild";
import { createHash } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const place = join(here, "..", "static", "built");
const out = `${place}-${process.pid}`; // becomes the place itself once it is whole
const entries = ["app.css", "theme.js", "app.js", "editor.js", "lines.js", "figures.js"];

const made = await build({
  entryPoints: entries.map((name) => join(here, extname(name) === ".js" ? `js/${name}` : name)),
  entryNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  outdir: out,
  bundle: true,
  minify: true,
  format: "esm",
  target: ["chrome111", "firefox115", "safari16.4"],
  loader: { ".woff2": "file", ".svg": "dataurl" },
  legalComments: "none",
  metafile: true,
  write: false,
  logLevel: "warning",
});

await mkdir(out, { recursive: true });

const manifest = {};
for (const file of made.outputFiles) {
  await keep(basename(file.path), file.contents);
}
for (const [path, output] of Object.entries(made.metafile.outputs)) {
  if (output.entryPoint) manifest[basename(output.entryPoint)] = basename(path);
}
const icons = await iconsOf(JSON.parse(await readFile(join(here, "icons.json"), "utf8")));
manifest["icons.svg"] = await keepHashed("icons", ".svg", Buffer.from(icons));
await writeFile(join(out, "manifest.json"), JSON.stringify(manifest, null, 1));
const old = `${out}-old`;
await rename(place, old).catch(() => {});
await rename(out, place);
await rm(old, { recursive: true, force: true });
console.log(`Built ${Object.keys(manifest).length} files for the browser.`);

// Each icon once, as a symbol: pages name it and hold no drawing.
async function iconsOf(names) {
  const symbols = await Promise.all(
    names.map(async (name) => {
      const path = join(here, "node_modules/@tabler/icons/icons/outline", `${name}.svg`);
      const drawn = await readFile(path, "utf8");
      const inner = drawn.slice(drawn.indexOf(">", drawn.indexOf("<svg")) + 1, drawn.indexOf("</svg>"));
      return `<symbol id="${name}" viewBox="0 0 24 24">${inner.replace(/\s+/g, " ").trim()}</symbol>`;
    }),
  );
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`;
}

async function keepHashed(name, kind, content) {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 8);
  await keep(`${name}-${hash}${kind}`, content);
  return `${name}-${hash}${kind}`;
}

async function keep(name, content) {
  await writeFile(join(out, name), content);
  if (extname(name) === ".woff2") return;
  await writeFile(join(out, `${name}.gz`), gzipSync(content, { level: 9 }));
  const most = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
  await writeFile(join(out, `${name}.br`), brotliCompressSync(content, most));
}
