/** The bidder's pages: the task list and a bid at one place. */

import { loadTexts } from "../app/texts.ts";
import { Bid } from "./bid.ts";
import { BidFiles } from "./filesstep.ts";
import { BidForm } from "./formstep.ts";
import { Countdown } from "./countdown.ts";
import { Practice } from "./practicecard.ts";
import { sweepPractice } from "./practicerun.ts";
import { FetchDocument, LocalState, Question, TakePart } from "./tasks.ts";

await loadTexts("bidder");
customElements.define("kb-bid-files", BidFiles);
customElements.define("kb-bid-form", BidForm);
customElements.define("kb-bid", Bid);
customElements.define("kb-countdown", Countdown);
customElements.define("kb-fetch", FetchDocument);
customElements.define("kb-question", Question);
customElements.define("kb-take-part", TakePart);
customElements.define("kb-local-bid", LocalState);
customElements.define("kb-practice", Practice);
// a window without disk space of its own has nothing left of it either
void sweepPractice().catch(() => undefined);
