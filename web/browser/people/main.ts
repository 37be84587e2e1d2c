/** What the pages about people do: each part looks for its own marks on the page. */

import { loadTexts } from "../app/texts.ts";
import { account } from "./account.ts";
import { applications } from "./applications.ts";
import { codes } from "./codes.ts";
import { commands } from "./commands.ts";
import { sayWhatWasDone } from "./doing.ts";
import { invitations } from "./invitations.ts";
import { Join } from "./join.ts";
import { passkeys } from "./passkeys.ts";

await loadTexts("people");
sayWhatWasDone();
commands();
invitations();
applications();
passkeys();
account();
codes();
customElements.define("kb-join", Join);
