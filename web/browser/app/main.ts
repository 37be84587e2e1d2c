/** What every page does by itself: tokens out of addresses, time that is left, the signing key. */

import { SigningKey } from "./key.ts";
import { TimeLeft } from "./left.ts";
import { loadTexts } from "./texts.ts";

/** The one-time token of this tab's form, until another page is reached: a refusal must not lose it. */
const TOKEN = "first-token";

/** Move a one-time token from behind the # into its field, and out of the address. */
function takeToken(): void {
  const field = document.querySelector<HTMLInputElement>("form[data-first] input[name=token]");
  if (field === null) {
    sessionStorage.removeItem(TOKEN);
    return;
  }
  const given = location.hash.slice(1);
  field.value = given === "" ? (sessionStorage.getItem(TOKEN) ?? "") : given;
  if (given === "") return;
  sessionStorage.setItem(TOKEN, given);
  history.replaceState(null, "", location.pathname);
  document.querySelector<HTMLInputElement>("#organisation")?.focus();
}

takeToken();
await loadTexts("app");
customElements.define("kb-left", TimeLeft);
customElements.define("kb-signing-key", SigningKey);
