/**
 * Builds the browser's code with esbuild; it must not be needed by anything at run time.
 *
 *   node web/browser/build.mjs pages [OUT]   every web/browser/<folder>/{main,worker}.ts and main.css,
 *                                            with hashed names and manifest.json, to web/static/dist
 *   node web/browser/build.mjs tests [OUT]   tests/browser_unit/*.test.ts for Node, to var/browser_unit
 *   node web/browser/build.mjs node [OUT]    web/browser/node/*.ts for Node, to var/node
 */

import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const browser = join(root, "web/browser");
const shared = {
  absWorkingDir: root,
  bundle: true,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  logLevel: "warning",
  tsconfig: join(root, "tsconfig.json"),
};

/**
 * Files of a folder by a pattern, as full paths in a fixed order; none where there is no folder.
 */
async function filesIn(folder, pattern) {
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => pattern.test(name))
    .sort()
    .map((name) => join(folder, name));
}

/** Every page's and worker's entry point, by the name its output carries. */
async function entryPoints() {
  const entries = {};
  for (const item of await readdir(browser, { withFileTypes: true })) {
    if (!item.isDirectory()) continue;
    for (const file of await filesIn(join(browser, item.name), /^(?:main|worker)\.(?:ts|css)$/u)) {
      const kind = basename(file).startsWith("worker") ? `${item.name}-worker` : item.name;
      entries[file.endsWith(".css") ? `${kind}-style` : kind] = file;
    }
  }
  return entries;
}

/**
 * Build what pages load. New files come first, then the manifest, then what is stale goes: a
 * server may be reading.
 */
async function buildPages(out) {
  await mkdir(out, { recursive: true });
  const result = await build({
    ...shared,
    entryPoints: await entryPoints(),
    outdir: out,
    entryNames: "[name]-[hash]",
    chunkNames: "shared-[hash]",
    assetNames: "[name]-[hash]",
    splitting: true,
    minify: true,
    sourcemap: true,
    metafile: true,
  });
  const outputs = Object.entries(result.metafile.outputs).map(([path, { entryPoint }]) => [
    basename(path),
    entryPoint,
  ]);
  const entries = outputs
    .filter(([, entryPoint]) => entryPoint !== undefined)
    .map(([name]) => [plainName(name), name]);
  const manifest = Object.fromEntries(entries.sort());
  await writeFile(join(out, "manifest.json.new"), `${JSON.stringify(manifest, null, 2)}\n`);
  await rename(join(out, "manifest.json.new"), join(out, "manifest.json"));
  const kept = new Set([...outputs.map(([name]) => name), "manifest.json"]);
  const stale = (await readdir(out)).filter((name) => !kept.has(name));
  await Promise.all(stale.map((name) => rm(join(out, name), { recursive: true })));
}

/**
 * The name of an output without its hash, as templates ask for it: hall.js, hall-style.css,
 * seal-worker.js.
 */
function plainName(name) {
  return name.replace(/-[A-Z0-9]{8}(?=\.(?:js|css)$)/u, "");
}

/** Build programs that Node runs. */
async function buildForNode(files, out) {
  await build({
    ...shared,
    entryPoints: files,
    outdir: out,
    outExtension: { ".js": ".mjs" },
    platform: "node",
    target: "node20",
    sourcemap: "inline",
  });
}

const [what = "pages", folder] = process.argv.slice(2);
const out = (usual) => resolve(folder ?? join(root, usual));
if (what === "pages") {
  await buildPages(out("web/static/dist"));
} else if (what === "tests") {
  const target = out("var/browser_unit");
  await rm(target, { recursive: true, force: true });
  await buildForNode(await filesIn(join(root, "tests/browser_unit"), /\.test\.ts$/u), target);
} else if (what === "node") {
  await buildForNode(await filesIn(join(browser, "node"), /\.ts$/u), out("var/node"));
} else {
  console.error(
    `unknown: ${what}; see the head of ${relative(process.cwd(), fileURLToPath(import.meta.url))}`,
  );
  process.exitCode = 2;
}
