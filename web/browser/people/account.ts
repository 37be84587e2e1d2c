/** One's own page: password, sessions and language; keys and passkeys are commands like others. */

import { post, registry, remove } from "../app/api.ts";
import { confirmTyped, Said } from "../app/ask.ts";
import { ownKey } from "../app/signing.ts";
import { _ } from "../app/texts.ts";
import { keyId } from "../crypto/dsse.ts";
import { all, onClick, onSubmit, reload, text } from "./doing.ts";

/** Make one's own page work. */
export function account(): void {
  for (const form of all<HTMLFormElement>("form[data-password]")) onSubmit(form, changePassword);
  for (const form of all<HTMLFormElement>("form[data-choose-language]")) onSubmit(form, choose);
  for (const button of all<HTMLButtonElement>("button[data-end-session]")) {
    onClick(button, async () => {
      await remove(`/api/account/sessions/${button.dataset["endSession"] ?? ""}`);
      reload(_("The session has ended."));
    });
  }
  for (const button of all<HTMLButtonElement>("button[data-end-others]")) {
    onClick(button, async () => {
      const title = _("End all other sessions?");
      const words = _("Every other browser and program that is signed in to your account is signed out at once.");
      const action = _("End all others");
      if (!(await confirmTyped({ title, text: words, action }))) return;
      await remove("/api/account/sessions");
      reload(_("All other sessions have ended."));
    });
  }
  void markOwnKey();
}

async function changePassword(said: FormData): Promise<void> {
  const chosen = String(said.get("new"));
  if (chosen !== String(said.get("again"))) throw new Said(_("The two new passwords differ."));
  await post("/api/account/password", { old: String(said.get("old")), new: chosen });
  reload(_("The password is changed. All other sessions have ended."));
}

async function choose(said: FormData): Promise<void> {
  const language = text(said, "language");
  await registry({ type: "registry.choose_language", language });
  location.assign(`/language/${language}?back=/me`);
}

/** Say which of the listed keys is this browser's. */
async function markOwnKey(): Promise<void> {
  const tags = all("[data-own-key]");
  if (tags.length === 0) return;
  const own = await ownKey();
  if (own === undefined) return;
  const id = keyId(own.spki);
  for (const tag of tags) tag.hidden = tag.dataset["ownKey"] !== id;
}
