/** What a page with `<kb-release>` loads: words first, then the element. */

import { loadTexts } from "../app/texts.ts";
import { Release } from "./element.ts";

await loadTexts("release");
customElements.define("kb-release", Release);
