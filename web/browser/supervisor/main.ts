/** The supervisor's list: words first, then the evaluations as they go on. */

import { loadTexts } from "../app/texts.ts";
import { Documents } from "../desk/documents.ts";
import { Tiles } from "./tiles.ts";
import { Watch } from "./watch.ts";

await loadTexts("supervisor");
customElements.define("kb-documents", Documents);
customElements.define("kb-tiles", Tiles);
customElements.define("kb-watch", Watch);
