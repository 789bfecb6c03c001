// Builds makerlab/static/dist: scripts, styles, fonts and the icon sprite. `npm run build`, or `npm run watch`.
import { cp, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { constants, gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import { purged, wordsIn } from "./purge.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);
const dist = join(root, "makerlab/static/dist");
const own = join(here, "icons");
const tabler = join(root, "node_modules/@tabler/icons/icons/outline");

const watching = process.argv.includes("--watch");

/** What is watched keeps all of Bootstrap: a template that begins to use a class needs no new build. */
const leanBootstrap = {
  name: "lean bootstrap",
  setup(build) {
    build.onLoad({ filter: /bootstrap(\.rtl)?\.min\.css$/ }, async ({ path }) => {
      const css = await readFile(path, "utf8");
      if (watching) return { contents: css, loader: "css" };
      return { contents: purged(css, await wordsIn(join(root, "templates"), here)), loader: "css" };
    });
  },
};

const options = {
  entryPoints: ["app.js", "viewer.js", "charts.js", "sw.js", "app.css", "app.rtl.css"].map((name) => join(here, name)),
  outdir: dist,
  bundle: true,
  minify: true,
  format: "esm",
  target: ["chrome109", "firefox115", "safari16.4"],
  plugins: [leanBootstrap],
  loader: { ".woff2": "file" },
  assetNames: "fonts/[name]-[hash]",
  legalComments: "linked",
  logLevel: "warning",
};

/** Every name in icons.txt, and every name written out in a template as icon('…') or icon='…'. */
async function iconNames() {
  const names = new Map();
  for (const name of (await readFile(join(here, "icons.txt"), "utf8")).split(/\s+/).filter(Boolean)) {
    names.set(name, "frontend/icons.txt");
  }
  const folder = join(root, "templates");
  for (const file of await readdir(folder, { recursive: true })) {
    if (!file.endsWith(".html")) continue;
    const text = await readFile(join(folder, file), "utf8");
    for (const [, name] of text.matchAll(/icon(?:\(|=)\s*['"]([a-z0-9-]+)['"]/g)) names.set(name, join("templates", file));
  }
  return names;
}

async function symbol(name, source) {
  const read = (folder) => readFile(join(folder, `${name}.svg`), "utf8");
  const svg = await read(own).catch(() => read(tabler)).catch(() => {
    throw new Error(`${source}: Tabler has no icon "${name}" (see https://tabler.io/icons, outline)`);
  });
  const shapes = svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"));
  const drawn = shapes.replace('<path stroke="none" d="M0 0h24v24H0z" fill="none" />', "").replace(/\s*\n\s*/g, "");
  return `<symbol id="${name}" viewBox="0 0 24 24">${drawn}</symbol>`;
}

async function sprite() {
  const names = [...(await iconNames())].sort(([a], [b]) => (a < b ? -1 : 1));
  const symbols = await Promise.all(names.map(([name, source]) => symbol(name, source)));
  await writeFile(join(dist, "icons.svg"), `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("\n")}</svg>\n`);
}

/** Beside each text its `.gz`: the server sends that, and compresses nothing itself (makerlab/core/compress.py). */
async function compress() {
  for (const name of await readdir(dist)) {
    if (!/\.(css|js|svg)$/.test(name)) continue;
    const packed = gzipSync(await readFile(join(dist, name)), { level: constants.Z_BEST_COMPRESSION });
    await writeFile(join(dist, `${name}.gz`), packed);
  }
}

async function build() {
  await rm(dist, { recursive: true, force: true });
  await mkdir(dist, { recursive: true });
  await Promise.all([
    sprite(),
    cp(join(root, "makerlab/static/favicon.svg"), join(dist, "favicon.svg")),
    esbuild.build(options),
  ]);
  if (!watching) await compress(); // what is watched changes under a .gz
}

await build();
if (watching) {
  await (await esbuild.context(options)).watch();
  console.log(`watching; built into ${relative(root, dist)}`);
}
