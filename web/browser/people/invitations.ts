/**
 * Invites people: this browser makes the token, the service gets its hash, the link is shown once.
 *
 * It must not keep a token, nor put one anywhere but behind the # of a link.
 */

import { html, nothing, render, type TemplateResult } from "lit";
import { registry } from "../app/api.ts";
import { _ } from "../app/texts.ts";
import { hex } from "../crypto/bytes.ts";
import { fields } from "./commands.ts";
import { all, onClick, onSubmit, text } from "./doing.ts";

/** Invite somebody and return the link to hand over. */
export async function invite(account: string): Promise<string> {
  const token = hex(crypto.getRandomValues(new Uint8Array(32)));
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(token));
  const token_hash = hex(new Uint8Array(digest));
  await registry({ type: "registry.invite_account", account, token_hash });
  return `${location.origin}/join#${token}`;
}

/**
 * Show an invitation's link, once, in an element of the page.
 *
 * @param keeperOf where a timekeeper is invited: the folder of what runs by `up --empty`, or nothing.
 */
export function showLink(
  place: HTMLElement,
  account: string,
  link: string,
  keeperOf?: string,
): void {
  const copy = async (event: Event): Promise<void> => {
    const button = event.currentTarget as HTMLButtonElement;
    try {
      await navigator.clipboard.writeText(link);
      button.textContent = _("Copied");
    } catch {
      // this browser lets no page do it: the link is marked, to be copied by hand
      place.querySelector<HTMLInputElement>("#invitation-link")?.select();
    }
  };
  const select = (event: Event): void => (event.target as HTMLInputElement).select();
  const shown: TemplateResult = html`<section class="card invitation" role="status">
    <h3>${_("Invitation for {account}", { account })}</h3>
    <p>
      ${_("Hand this link to the person and to nobody else. It is shown this once, works once, and is void after seven days.")}
    </p>
    <div class="field">
      <label for="invitation-link">${_("Link")}</label>
      <input id="invitation-link" class="mono" readonly .value=${link} @focus=${select} />
    </div>
    <p><button type="button" class="button" @click=${copy}>${_("Copy the link")}</button></p>
    ${keeperOf === undefined ? nothing : keeper(keeperOf)}
  </section>`;
  render(shown, place);
  place.querySelector<HTMLInputElement>("#invitation-link")?.focus();
}

/** Make every button and form of the page that invites work. */
export function invitations(): void {
  for (const button of all<HTMLButtonElement>("button[data-invite]")) {
    const account = button.dataset["invite"] ?? "";
    const keeperOf = button.dataset["keeper"];
    onClick(button, async () => showLink(placeOf(button), account, await invite(account), keeperOf));
  }
  for (const form of all<HTMLFormElement>("form[data-open-account]")) {
    onSubmit(form, async (said) => {
      const account = text(said, "account");
      await registry({ type: "registry.open_account", ...fields(form, said) });
      const link = await invite(account);
      form.reset();
      const isKeeper = said.getAll("roles").includes("timekeeper");
      showLink(placeOf(form), account, link, isKeeper ? form.dataset["keeper"] : undefined);
    });
  }
}

function placeOf(at: HTMLElement): HTMLElement {
  const found = document.getElementById(at.dataset["place"] ?? "");
  if (found === null) throw new Error("there is no place for the invitation");
  return found;
}

function keeper(folder: string): TemplateResult {
  const where = folder === "" ? "--home HOME --second SECOND" : `--folder ${folder}`;
  const program = folder === "" ? "kaibiao" : ".venv/bin/python -m client";
  return html`<p>
      ${_("A timekeeper does not open the link. On its machine, the command below asks for it, sets the password and registers the signing key.")}
    </p>
    <pre class="command"><code>${program} timekeeper enrol ${where}</code></pre>`;
}
