/** The expert's desk: words first, then the live surface. */

import { loadTexts } from "../app/texts.ts";
import { Remaining } from "../clarification/remaining.ts";
import { Desk } from "./desk.ts";
import { Documents } from "./documents.ts";

await loadTexts("desk");
customElements.define("kb-documents", Documents);
customElements.define("kb-remaining", Remaining);
customElements.define("kb-desk", Desk);
