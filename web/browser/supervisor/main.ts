/** The supervisor's list: words first, then the evaluations as they go on. */

import { loadTexts } from "../app/texts.ts";
import { Watch } from "./watch.ts";

await loadTexts("supervisor");
customElements.define("kb-watch", Watch);
