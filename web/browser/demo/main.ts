/** The strip of a demo, on every page of it. */

import { loadTexts } from "../app/texts.ts";
import { DemoBar } from "./bar.ts";

await loadTexts("demo");
customElements.define("kb-demo", DemoBar);

/** How soon a guide is read again in which somebody's sign-in is still being prepared, ms. */
const AGAIN = 4_000;

if (document.querySelector(".demo-preparing") !== null) window.setTimeout(() => location.reload(), AGAIN);
