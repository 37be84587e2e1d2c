/**
 * Decides applications of organisations: approving enters the organisation, opens the account and
 * invites its holder, each a command of its own; what was done before a cut is not done again.
 */

import { post, registry } from "../app/api.ts";
import { askText } from "../app/ask.ts";
import { _ } from "../app/texts.ts";
import { all, onClick, onSubmit, reload, text } from "./doing.ts";
import { invite, showLink } from "./invitations.ts";

/** Make every application of the page work. */
export function applications(): void {
  for (const form of all<HTMLFormElement>("form[data-approve]")) {
    onSubmit(form, (said) => approve(form, said));
  }
  for (const button of all<HTMLButtonElement>("button[data-decline]")) {
    onClick(button, () => decline(button.dataset["decline"] ?? ""));
  }
}

async function approve(form: HTMLFormElement, said: FormData): Promise<void> {
  const account = text(said, "account");
  const organisation = await entered(form, said);
  if (form.dataset["opened"] !== account) {
    const name = text(said, "person");
    const roles = ["bidder"];
    await registry({ type: "registry.open_account", account, name, organisation, roles });
    form.dataset["opened"] = account;
  }
  const link = await invite(account);
  await decided(form.dataset["approve"] ?? "", "approved", "");
  const place = form.closest<HTMLElement>("[data-application]");
  if (place === null) throw new Error("an application stands in no card");
  showLink(place, account, link);
}

/** Return the organisation's id, entering it where nobody did before. */
async function entered(form: HTMLFormElement, said: FormData): Promise<string> {
  const known = form.dataset["known"] ?? "";
  if (known !== "") return known;
  const done = await registry({
    type: "registry.register_organisation",
    name: text(said, "organisation"),
    kind: "uscc",
    code: form.dataset["code"],
  });
  const organisation = String(done.events[0]?.["organisation"]);
  form.dataset["known"] = organisation;
  return organisation;
}

async function decline(application: string): Promise<void> {
  const reason = await askText({
    title: _("Decline the application?"),
    text: _("The applicant reads the reason with the reference number."),
    label: _("Reason"),
    action: _("Decline"),
  });
  if (reason === undefined) return;
  await decided(application, "declined", reason);
  reload(_("The application is declined."));
}

async function decided(application: string, decision: string, reason: string): Promise<void> {
  await post(`/api/registry/applications/${application}/decision`, { decision, reason });
}
