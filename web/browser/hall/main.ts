/** The hall's page: words first, then the live surface. */

import { loadTexts } from "../app/texts.ts";
import { Hall } from "./hall.ts";

await loadTexts();
customElements.define("kb-hall", Hall);
