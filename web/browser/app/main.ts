/** What every page does by itself: tokens out of addresses, time that is left, the signing key. */

import { SigningKey } from "./key.ts";
import { TimeLeft } from "./left.ts";
import { loadTexts } from "./texts.ts";

/** Move a one-time token from behind the # into its field, and out of the address. */
function takeToken(): void {
  const field = document.querySelector<HTMLInputElement>("form[data-first] input[name=token]");
  const token = location.hash.slice(1);
  if (field === null || token === "") return;
  field.value = token;
  history.replaceState(null, "", location.pathname);
  document.querySelector<HTMLInputElement>("#organisation")?.focus();
}

takeToken();
await loadTexts("app");
customElements.define("kb-left", TimeLeft);
customElements.define("kb-signing-key", SigningKey);
