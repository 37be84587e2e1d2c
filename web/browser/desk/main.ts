/** The expert's desk: words first, then the live surface. */

import { loadTexts } from "../app/texts.ts";
import { Desk } from "./desk.ts";
import { Remaining } from "../clarification/remaining.ts";

await loadTexts("desk");
customElements.define("kb-remaining", Remaining);
customElements.define("kb-desk", Desk);
