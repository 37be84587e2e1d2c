/** The bell of every page of somebody who is signed in. */

import { loadTexts } from "../app/texts.ts";
import { Bell } from "./bell.ts";

await loadTexts("inbox");
customElements.define("kb-bell", Bell);
