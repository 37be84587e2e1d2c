/** The custodian's page: words first, then the live surface. */

import { loadTexts } from "../app/texts.ts";
import { Custodian } from "./custodian.ts";
import { KitCard } from "./kit_card.ts";

await loadTexts("custodian");
customElements.define("kb-kit", KitCard);
customElements.define("kb-custodian", Custodian);
