/** The administrator's page of templates: words first, then the list with its form. */

import { loadTexts } from "../app/texts.ts";
import { Templates } from "./templates.ts";

await loadTexts("templates");
customElements.define("kb-templates", Templates);
