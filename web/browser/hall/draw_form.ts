/** The form by which the clerk starts a draw: what for, and who takes part; it sends nothing itself. */

import { html, type TemplateResult } from "lit";
import { _ } from "../app/texts.ts";
import type { Scene } from "./scene.ts";

/** Somebody who can be a party. */
interface Party {
  readonly account: string;
  readonly label: string;
}

/** What starts a draw. */
export interface DrawFields {
  readonly purpose: string;
  readonly parties: readonly string[];
}

/** Show the form. */
export function drawForm(
  scene: Scene,
  isBusy: boolean,
  start: (fields: DrawFields) => void,
  leave: () => void,
): TemplateResult {
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const told = new FormData(event.currentTarget as HTMLFormElement);
    start({ purpose: String(told.get("purpose")).trim(), parties: parties(scene, told) });
  };
  return html`<form class="form desk-form" @submit=${submit}>
    <div class="field">
      <label for="draw-purpose">${_("What is drawn")}</label>
      <input
        id="draw-purpose"
        name="purpose"
        required
        maxlength="500"
        autocomplete="off"
        .value=${_("Coefficient for the base price of the evaluation")}
      />
      <p class="hint">${_("{field}: {problem}", { field: _("Values"), problem: scene.terms.draw.join(_(", ")) })}</p>
    </div>
    ${choice("supervisor", _("role supervisor"), office(scene, "supervisor"))}
    ${choice("bidder", _("Bidder"), bidders(scene))}
    <p class="hint">
      ${_("You and the timekeeper take part as well. Each commits to a secret first; nobody can choose the result.")}
    </p>
    <div class="desk-steps">
      <button class="button" ?disabled=${isBusy}>${_("Start the draw now")}</button>
      <button class="button button-quiet" type="button" @click=${leave}>${_("Go back")}</button>
    </div>
  </form>`;
}

function choice(name: string, label: string, offered: readonly Party[]): TemplateResult | string {
  if (offered.length === 0) return "";
  return html`<div class="field">
    <label for="draw-${name}">${label}</label>
    <select id="draw-${name}" name=${name}>
      ${offered.map((one) => html`<option value=${one.account}>${one.label}</option>`)}
    </select>
  </div>`;
}

function parties(scene: Scene, told: FormData): string[] {
  const keepers = office(scene, "timekeeper").map((one) => one.account);
  const chosen = ["supervisor", "bidder"]
    .map((name) => told.get(name))
    .filter((one) => typeof one === "string");
  return [scene.seat.account, ...chosen, ...keepers.slice(0, 1)];
}

function office(scene: Scene, role: string): Party[] {
  const people = scene.seat.about?.participants ?? [];
  return people
    .filter((one) => one.role === role)
    .map((one) => ({
      account: one.account,
      label: _("{name} ({of})", { name: one.name, of: one.organisation_name }),
    }));
}

/** The bidders that signed in, by the names the announcement gave them. */
function bidders(scene: Scene): Party[] {
  const names = new Map(
    Object.values(scene.session.bids ?? {}).map((row) => [row.organisation, row.name]),
  );
  const told = scene.seat.session(scene.section, scene.envelope)?.sign_ins ?? [];
  return told
    .filter((one) => one.role === "bidder")
    .map((one) => ({
      account: one.account,
      label: _("{name} ({of})", { name: names.get(one.organisation) ?? one.organisation, of: one.account }),
    }));
}
