/** What is said in writing around an evaluation: a bidder's answer, the supervisor's checks, an objection. */

import { loadTexts } from "../app/texts.ts";
import { Answer } from "./answer.ts";
import { Check } from "./check.ts";
import { Confirm } from "./confirm.ts";
import { Corrections } from "./corrections.ts";
import { ObjectToResult } from "./object.ts";
import { Questions } from "./questions.ts";
import { Queue } from "./queue.ts";
import { Remaining } from "./remaining.ts";

await loadTexts("clarification");
customElements.define("kb-answer", Answer);
customElements.define("kb-check", Check);
customElements.define("kb-confirm", Confirm);
customElements.define("kb-corrections", Corrections);
customElements.define("kb-remaining", Remaining);
customElements.define("kb-questions", Questions);
customElements.define("kb-queue", Queue);
customElements.define("kb-object", ObjectToResult);
