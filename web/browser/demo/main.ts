/** The strip of a demo, on every page of it. */

import { loadTexts } from "../app/texts.ts";
import { DemoBar } from "./bar.ts";

await loadTexts("demo");
customElements.define("kb-demo", DemoBar);
