/** The hall's page: words first, then the live surface and what each seat may do in it. */

import { loadTexts } from "../app/texts.ts";
import { BidderTurn } from "./bidder.ts";
import { ClerkDesk } from "./clerk.ts";
import { Hall } from "./hall.ts";
import { DrawParty } from "./party.ts";
import { SupervisorSeat } from "./supervisor.ts";
import { Verification } from "./verification.ts";

await loadTexts("hall");
customElements.define("kb-clerk-desk", ClerkDesk);
customElements.define("kb-bidder-turn", BidderTurn);
customElements.define("kb-draw-party", DrawParty);
customElements.define("kb-supervisor-seat", SupervisorSeat);
customElements.define("kb-verification", Verification);
customElements.define("kb-hall", Hall);
