/** A question to a bidder as a member drafts it: kept in this tab until it was taken. */

import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { Said } from "../app/ask.ts";
import { _ } from "../app/texts.ts";
import { keepTyped, typed } from "../app/typed.ts";
import { button, type Scene } from "./scene.ts";
import { scoredBids } from "./view.ts";

/** The longest question the service takes, characters. */
const MOST = 20_000;
const MINUTE = 60_000;
const [SHORTEST, LONGEST] = [5 * MINUTE, 7 * 24 * 60 * MINUTE];
const UNITS = { minutes: MINUTE, hours: 60 * MINUTE, days: 24 * 60 * MINUTE } as const;
type Unit = keyof typeof UNITS;
const [BID, TEXT, NUMBER, UNIT, OPEN] = ["ask-bid", "ask-text", "ask-number", "ask-unit", "ask-open"];
const USUAL = { number: "30", unit: "minutes" };

/** The form to draft a question in, folded away until somebody wants it. */
export function asking(scene: Scene): TemplateResult {
  const opened = (event: Event): void => keepTyped(OPEN, (event.target as HTMLDetailsElement).open ? "open" : "");
  return html`<details class="ask-new" id="ask-new" ?open=${typed(OPEN) !== ""} @toggle=${opened}>
    <summary>${_("Draft a question to a bidder")}</summary>
    <div class="form">
      ${bidField(scene)} ${textField(scene)} ${periodField(scene)}
      <div>${button(scene, {
        name: "ask",
        text: _("Hand the draft to the committee"),
        run: () => handIn(scene),
        isBlocked: typed(BID) === "" || typed(TEXT).trim() === "" || period() === undefined,
      })}</div>
    </div>
  </details>`;
}

/** Begin a new draft with what another question said. */
export function askAnew(scene: Scene, bid: string, text: string): void {
  keepTyped(BID, bid);
  keepTyped(TEXT, text);
  keepTyped(OPEN, "open");
  scene.again();
  window.setTimeout(() => document.querySelector<HTMLElement>("#ask-text")?.focus());
}

function kept(scene: Scene, name: string): (event: Event) => void {
  return (event) => {
    keepTyped(name, (event.target as HTMLInputElement).value);
    scene.again();
  };
}

function bidField(scene: Scene): TemplateResult {
  const chosen = typed(BID);
  return html`<div class="field"><label for="ask-bid">${_("Bidder who is asked")}</label>
    <select id="ask-bid" @change=${kept(scene, BID)}>
      <option value="" ?selected=${chosen === ""}>${_("Choose a bidder")}</option>
      ${scoredBids(scene.view).map(({ bid, name }) => html`<option value=${bid} ?selected=${chosen === bid}>${name}</option>`)}
    </select></div>`;
}

function textField(scene: Scene): TemplateResult {
  const text = typed(TEXT);
  return html`<div class="field"><label for="ask-text">${_("Question")}</label>
    <textarea id="ask-text" rows="5" maxlength=${MOST} aria-describedby="ask-text-hint ask-text-count"
      .value=${live(text)} @input=${kept(scene, TEXT)}></textarea>
    <p class="hint" id="ask-text-hint">${_("Ask only for what is unclear, contradicts itself, or is plainly miswritten or miscounted. Name no member of the committee, and lead to no answer: the supervisor checks both.")}</p>
    <p class="hint nums" id="ask-text-count">${_("{count} of {most} characters", { count: [...text].length, most: MOST })}</p></div>`;
}

function periodField(scene: Scene): TemplateResult {
  const isWrong = period() === undefined;
  const unit = chosenUnit();
  return html`<fieldset class="field ask-period">
    <legend>${_("Time for the answer, from when it is sent")}</legend>
    <div class="ask-period-parts">
      <input id="ask-number" inputmode="numeric" autocomplete="off" maxlength="5" aria-label=${_("How long")}
        aria-invalid=${isWrong ? "true" : "false"} aria-describedby=${isWrong ? "ask-period-wrong" : nothing}
        .value=${live(typed(NUMBER) || USUAL.number)} @input=${kept(scene, NUMBER)} />
      <select id="ask-unit" aria-label=${_("Unit of time")} @change=${kept(scene, UNIT)}>
        ${unitOption("minutes", _("minutes"), unit)} ${unitOption("hours", _("hours"), unit)} ${unitOption("days", _("days"), unit)}
      </select>
    </div>
    ${isWrong ? html`<p class="problem-line" id="ask-period-wrong" role="alert">${_("A whole number that comes to between 5 minutes and 7 days.")}</p>` : nothing}
  </fieldset>`;
}

function unitOption(value: Unit, text: string, chosen: Unit): TemplateResult {
  return html`<option value=${value} ?selected=${value === chosen}>${text}</option>`;
}

function chosenUnit(): Unit {
  const unit = typed(UNIT) || USUAL.unit;
  return unit in UNITS ? (unit as Unit) : "minutes";
}

/** The period as it is typed, ms; undefined where it may not be given. */
function period(): number | undefined {
  const number = (typed(NUMBER) || USUAL.number).normalize("NFKC").trim();
  if (!/^[0-9]{1,5}$/u.test(number)) return undefined;
  const millis = Number(number) * UNITS[chosenUnit()];
  return millis >= SHORTEST && millis <= LONGEST ? millis : undefined;
}

async function handIn(scene: Scene): Promise<void> {
  const [bid, text, millis] = [typed(BID), typed(TEXT).trim(), period()];
  if (!scoredBids(scene.view).some((one) => one.bid === bid) || millis === undefined) {
    throw new Said(_("Choose a bidder whose bid is still in, and say how long it has."));
  }
  await scene.send(_("Draft a question to a bidder"), "draft_clarification", { bid, text, period: millis });
  for (const name of [BID, TEXT, NUMBER, UNIT, OPEN]) keepTyped(name, "");
  scene.again();
}
