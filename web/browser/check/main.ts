/** The page on which anybody checks a receipt. */

import { loadTexts } from "../app/texts.ts";
import { ReceiptCheck } from "./check.ts";

await loadTexts("check");
customElements.define("kb-check", ReceiptCheck);
