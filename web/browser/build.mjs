/**
 * Builds the browser's code with esbuild; it must not be needed by anything at run time.
 *
 *   node web/browser/build.mjs pages [OUT]   every web/browser/<folder>/{main,worker}.ts and main.css,
 *                                            with hashed names and manifest.json, to web/static/dist,
 *                                            packed as .br and .gz too; said.json names what each
 *                                            page's code may say; the offline sealer is beside them
 *   node web/browser/build.mjs offline [OUT] the offline sealer alone: one HTML file that depends on
 *                                            nothing but its sources, and a file with its hash
 *   node web/browser/build.mjs tests [OUT]   tests/browser_unit/*.test.ts for Node, to var/browser_unit
 *   node web/browser/build.mjs node [OUT]    web/browser/node/*.ts for Node, to var/node
 */

import { createHash } from "node:crypto";
import { copyFile, mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, gzip } from "node:zlib";
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
  const pdf = await copyPdfParts(out);
  entries.push(["pdf", pdf]);
  const built = [...outputs.map(([name]) => name), pdf];
  const packed = await pack(out, built);
  await writeWhole(join(out, "said.json"), told(await said(result.metafile)));
  await writeWhole(join(out, "manifest.json"), told(Object.fromEntries(entries.sort())));
  const kept = new Set([...built, ...packed, "said.json", "manifest.json", ...(await buildOffline(out))]);
  const stale = (await readdir(out)).filter((name) => !kept.has(name));
  await Promise.all(stale.map((name) => rm(join(out, name), { recursive: true })));
}

/** Write a file so that whoever reads it meanwhile finds the old one or the new one. */
async function writeWhole(path, content) {
  await writeFile(`${path}.new`, content);
  await rename(`${path}.new`, path);
}

function told(value) {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** Write scripts and styles in both packings that browsers ask for; the names of what was written. */
async function pack(out, names) {
  const packings = { br: promisify(brotliCompress), gz: promisify(gzip) };
  const wanted = names.filter((name) => /\.(?:js|css)$/u.test(name));
  const writing = wanted.flatMap((name) =>
    Object.entries(packings).map(async ([ending, packing]) => {
      const content = await readFile(join(out, name));
      await writeWhole(join(out, `${name}.${ending}`), await packing(content));
      return `${name}.${ending}`;
    }),
  );
  return Promise.all(writing);
}

/** The sentences that each page's code may say, by the name of its script. */
async function said(metafile) {
  const known = [...new Set(await allSentences())].sort();
  const found = {};
  for (const [name, file] of Object.entries(await entryPoints())) {
    if (basename(file) !== "main.ts") continue;
    const sources = await Promise.all(
      reached(metafile, relative(root, file)).map((path) => readFile(join(root, path), "utf8")),
    );
    found[name] = known.filter(mayBeSaid(sources.join("\n")));
  }
  return found;
}

/** Every file of ours that an entry point imports, itself among them. */
function reached(metafile, entry) {
  const seen = new Set([entry]);
  for (const path of seen) {
    for (const one of metafile.inputs[path].imports) if (one.path.startsWith("web/")) seen.add(one.path);
  }
  return [...seen];
}

/**
 * Whether code may say a sentence: it stands there as a whole, or is of a family (`stage draw`)
 * whose first word begins a template or is named there.
 */
function mayBeSaid(code) {
  return (sentence) => {
    if (code.includes(JSON.stringify(sentence))) return true;
    const [, family] = /^([a-z]+) \S+$/u.exec(sentence) ?? [];
    return family !== undefined && (code.includes(`\`${family} \${`) || code.includes(`"${family}"`));
  };
}

/** The names of all sentences; those of refusals as timelines name them. */
async function allSentences() {
  const names = [];
  for (const file of await filesIn(join(root, "web/locale/en/LC_MESSAGES"), /\.po$/u)) {
    const text = await readFile(file, "utf8");
    names.push(...sentences(text).map(([sentence]) => sentence));
    names.push(...[...text.matchAll(/^msgctxt "refusal"\nmsgid "(.+)"$/gmu)].map(([, code]) => `refused ${code}`));
  }
  return names;
}

/** What pdf.js reads while it shows a file: tables of characters, fonts, and programs for old pictures. */
const PDF_PARTS = {
  cmaps: /\.bcmap$/u,
  standard_fonts: /\.(?:pfb|ttf)$/u,
  wasm: /_nowasm_fallback\.js$/u,
};

/** Copy those, under a name that changes with the version; that name. */
async function copyPdfParts(out) {
  const from = join(root, "node_modules/pdfjs-dist");
  const { version } = JSON.parse(await readFile(join(from, "package.json"), "utf8"));
  const name = `pdf-${version}`;
  for (const [folder, pattern] of Object.entries(PDF_PARTS)) {
    const to = join(out, name, folder);
    await mkdir(to, { recursive: true });
    for (const file of await filesIn(join(from, folder), pattern)) await copyFile(file, join(to, basename(file)));
  }
  return name;
}

const SEALER = "kaibiao-sealer.html";

/** Build the offline sealer; the names of what was written. */
async function buildOffline(out) {
  await mkdir(out, { recursive: true });
  const from = (name) => join(browser, "offline", name);
  const worker = await bundled(from("sealing.ts"), { format: "iife" });
  const style = await bundled(from("style.css"), {});
  const bare = await bundled(from("page.ts"), { define: { WORKER_PROGRAM: '""', CATALOGUES: "{}" } });
  const define = {
    WORKER_PROGRAM: JSON.stringify(worker),
    CATALOGUES: JSON.stringify(await catalogues(bare)),
  };
  const script = inert(await bundled(from("page.ts"), { define }));
  const policy = [
    "default-src 'none'",
    // its worker hashes with a small module of its own
    `script-src ${hashed(script)} 'wasm-unsafe-eval'`,
    `style-src ${hashed(style)}`,
    "worker-src blob:",
    "connect-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
  ].join("; ");
  const frame = await readFile(from("frame.html"), "utf8");
  const parts = { policy, style, script };
  const page = frame.replace(/\{\{(policy|style|script)\}\}/gu, (_, name) => parts[name]);
  const sha256 = createHash("sha256").update(page).digest("hex");
  const written = { [SEALER]: page, [`${SEALER}.sha256`]: `${sha256}  ${SEALER}\n` };
  for (const [name, content] of Object.entries(written)) {
    await writeWhole(join(out, name), content);
  }
  return Object.keys(written);
}

/** One file and all it imports, as text. */
async function bundled(file, options) {
  const { outputFiles } = await build({
    ...shared,
    entryPoints: [file],
    write: false,
    minify: true,
    legalComments: "none",
    ...options,
  });
  return outputFiles[0].text.trim();
}

/** What stands in a policy for one inline part. */
function hashed(content) {
  return `'sha256-${createHash("sha256").update(content).digest("base64")}'`;
}

/** A script that does not end the element it stands in; only texts have these letters. */
function inert(script) {
  return script.replaceAll(/<(?=\/script|!--)/giu, "\\x3c");
}

/** The sentences that a script says, in each language. */
async function catalogues(script) {
  const all = {};
  for (const [language, folder] of [
    ["zh-CN", "zh_CN"],
    ["en", "en"],
  ]) {
    const said = {};
    for (const file of await filesIn(join(root, "web/locale", folder, "LC_MESSAGES"), /\.po$/u)) {
      for (const [sentence, words] of sentences(await readFile(file, "utf8"))) {
        if (script.includes(sentence.replaceAll('"', '\\"'))) said[sentence] = words;
      }
    }
    all[language] = Object.fromEntries(Object.entries(said).sort());
  }
  return all;
}

/** The sentences of a catalogue without a context. */
function sentences(text) {
  const quoted = '((?:"(?:[^"\\\\]|\\\\.)*"\\s*)+)';
  const entry = new RegExp(`(?<!msgctxt[^\\n]*\\n)^msgid ${quoted}msgstr ${quoted}`, "gmu");
  const joined = (parts) =>
    [...parts.matchAll(/"(?:[^"\\]|\\.)*"/gu)].map(([part]) => JSON.parse(part)).join("");
  return [...text.matchAll(entry)]
    .map(([, sentence, words]) => [joined(sentence), joined(words)])
    .filter(([sentence, words]) => sentence !== "" && words !== "");
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
} else if (what === "offline") {
  await buildOffline(out("web/static/dist"));
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
