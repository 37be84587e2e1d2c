/** Clarifications on the pages of those who act in them: a bidder's answer, the supervisor's checks. */

import { loadTexts } from "../app/texts.ts";
import { Answer } from "./answer.ts";
import { Check } from "./check.ts";
import { Confirm } from "./confirm.ts";

await loadTexts("clarification");
customElements.define("kb-answer", Answer);
customElements.define("kb-check", Check);
customElements.define("kb-confirm", Confirm);
