/** The expert's desk: words first, then the live surface. */

import { loadTexts } from "../app/texts.ts";
import { Desk } from "./desk.ts";

await loadTexts("desk");
customElements.define("kb-desk", Desk);
