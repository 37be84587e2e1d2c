/**
 * Forms and buttons that are one command of the registry each.
 *
 *     <form data-registry="registry.register_organisation" data-told="…"> its fields are the command's
 *     <button data-registry="registry.revoke_key" data-body='{"account": "…"}' data-title="…"
 *             data-action="…" data-told="…"> asks first: for a reason where there is `data-reason`
 *
 * It must not send what the page does not show: the body is what the template wrote.
 */

import { registry } from "../app/api.ts";
import { askText, confirmTyped } from "../app/ask.ts";
import type { JsonObject } from "../crypto/canonical.ts";
import { all, onClick, onSubmit, reload } from "./doing.ts";

/** Make every such form and button of the page work. */
export function commands(): void {
  for (const form of all<HTMLFormElement>("form[data-registry]")) {
    onSubmit(form, async (said) => {
      await registry({ type: form.dataset["registry"], ...fields(form, said) });
      reload(form.dataset["told"] ?? "");
    });
  }
  for (const button of all<HTMLButtonElement>("button[data-registry]")) {
    onClick(button, () => press(button));
  }
}

/** Return a form's fields; those of `data-list` as lists, with what is checked. */
export function fields(form: HTMLFormElement, said: FormData): JsonObject {
  const lists = new Set((form.dataset["list"] ?? "").split(" ").filter((name) => name !== ""));
  const found: Record<string, string | string[]> = {};
  for (const name of lists) found[name] = said.getAll(name).map(String);
  for (const [name, value] of said) {
    if (!lists.has(name) && typeof value === "string") found[name] = value.trim();
  }
  return found;
}

async function press(button: HTMLButtonElement): Promise<void> {
  const { title = "", text = "", action = "", reason, told = "", body = "{}" } = button.dataset;
  const more: Record<string, string> = {};
  if (reason === undefined) {
    if (!(await confirmTyped({ title, text, action, isGrave: true }))) return;
  } else {
    const why = await askText({ title, text, label: reason, action });
    if (why === undefined) return;
    more["reason"] = why;
  }
  const asked = JSON.parse(body) as JsonObject;
  await registry({ type: button.dataset["registry"], ...asked, ...more });
  reload(told);
}
