/**
 * Drives Firefox over WebDriver BiDi for a test: one JSON request a line in, one JSON answer a line
 * out. It must not know the product; what to press and what to see is the test's.
 */

import { createInterface } from "node:readline";
import { launch } from "puppeteer-core";

const EVERY_MS = 100;
/** For starting and for loading a page: a busy machine is slow, and not at fault. */
const PATIENCE_MS = 180_000;
/** A page that is being left, or an element that was drawn anew meanwhile: ask again. */
const GONE = /detached|destroyed|no such (?:node|frame|element)|stale|navigat|not clickable|not visible/iu;

const [executablePath, preferences] = process.argv.slice(2);
const browser = await launch({
  browser: "firefox",
  executablePath,
  headless: true,
  timeout: PATIENCE_MS,
  extraPrefsFirefox: JSON.parse(preferences),
});
const complaints = [];
let page;

/** Ask again and again until something is found; otherwise fail with what the page shows. */
async function until({ what, patience }, ask) {
  const end = Date.now() + patience;
  for (;;) {
    const found = await ask().catch((error) => {
      if (!GONE.test(String(error))) throw error;
    });
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error(`${what} is not there; the page says:\n${await said()}`);
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
}

async function said() {
  return page.evaluate(() => document.body?.innerText ?? "").catch(String);
}

function named(role, name) {
  return `::-p-aria([name=${JSON.stringify(name)}][role="${role}"])`;
}

/** Do something with the first element that is there and not disabled. */
async function use(selector, patience, doing) {
  await until({ what: selector, patience }, async () => {
    const found = await page.$(selector);
    if (found === null || (await found.evaluate((one) => one.disabled === true))) return undefined;
    await doing(found);
    return true;
  });
}

/** Sign in by a cookie; a private window keeps its cookies apart, so the page sets it. */
async function signIn(url, cookie) {
  await page.goto(url);
  await page.evaluate((value) => {
    document.cookie = `kaibiao=${value};path=/`;
  }, cookie);
}

const doings = {
  async visit({ url, path, cookie, width }) {
    const before = page;
    page = await browser.newPage();
    await before?.close();
    page.setDefaultNavigationTimeout(PATIENCE_MS);
    await page.setViewport({ width, height: 900 });
    await signIn(url + "/sign-in", cookie);
    complaints.length = 0;
    page.on("console", (told) => {
      if (["error", "warn"].includes(told.type())) complaints.push(told.text());
    });
    page.on("pageerror", (error) => complaints.push(String(error)));
    await page.goto(url + path);
  },
  async reload() {
    await page.reload();
  },
  press: ({ name, patience }) => use(named("button", name), patience, (one) => one.click()),
  click: ({ selector, patience }) => use(selector, patience, (one) => one.click()),
  fill: ({ label, text, patience }) =>
    use(named("textbox", label), patience, async (one) => {
      await one.focus();
      await one.type(text);
    }),
  choose: ({ selector, paths, patience }) =>
    use(selector, patience, (one) => one.uploadFile(...paths)),
  /** Wait for elements that say something: so many of them, or any where `count` is negative. */
  sees: ({ selector, text, count, patience }) =>
    until({ what: `${selector} ${text}`, patience }, async () => {
      const told = await page.$$eval(selector, (all) => all.map((one) => one.innerText));
      const found = told.filter((one) => one.includes(text));
      return (count < 0 ? found.length > 0 : found.length === count) ? found : undefined;
    }),
  async shot({ path }) {
    await page.screenshot({ path, fullPage: true });
  },
  complaints: async () => complaints,
};

console.log(JSON.stringify({ answer: await browser.version() }));
for await (const line of createInterface({ input: process.stdin })) {
  const { doing, ...facts } = JSON.parse(line);
  try {
    console.log(JSON.stringify({ answer: (await doings[doing](facts)) ?? null }));
  } catch (error) {
    console.log(JSON.stringify({ problem: String(error) }));
  }
}
await browser.close();
