/** Prices: what was read out, corrections proposed and voted on, and the chair's word that all are checked. */

import { html, nothing, type TemplateResult } from "lit";
import { confirmTyped, Said } from "../app/ask.ts";
import { amount, moment } from "../app/format.ts";
import { _ } from "../app/texts.ts";
import { keepTyped, typed } from "../app/typed.ts";
import { minorOf } from "../bidder/money.ts";
import { button, type Scene, waiting } from "./scene.ts";
import { type Correction, isChair, nameOf } from "./view.ts";

/** Order 87, article 59, in its order. */
const GROUNDS = ["opening_list", "words", "decimal", "unit_price"] as const;
const [PRICE, REASON, MINUTES] = ["correction-price", "correction-reason", "correction-minutes"];
const MOST_REASON = 1_000;
const [SHORTEST_MINUTES, LONGEST_MINUTES, USUAL_MINUTES] = [5, 7 * 24 * 60, 60];
const MINUTE_MS = 60_000;

/** The panel of prices; it keeps which bid and which ground were chosen. */
export class Pricing {
  #bid = "";
  #ground = "";

  render(scene: Scene): TemplateResult {
    const { view } = scene;
    if (view.step !== "prices") return waiting(_("The prices are checked once the second envelopes are opened."));
    return html`<p class="prose">${_("Check the arithmetic of every offer. Where it comes to another price, propose a correction: most members decide, and the bidder has to confirm.")}</p>
      ${prices(scene)} ${corrections(scene)} ${this.#form(scene)} ${checked(scene)}`;
  }

  #form(scene: Scene): TemplateResult | typeof nothing {
    const rows = scene.view.prices ?? [];
    if (rows.length === 0) return nothing;
    const isReady = this.#bid !== "" && this.#ground !== "" && typed(PRICE).trim() !== "" && typed(REASON).trim() !== "";
    const kept = (name: string) => (event: Event): void => {
      keepTyped(name, (event.target as HTMLInputElement | HTMLTextAreaElement).value);
      scene.again();
    };
    return html`<details class="correction-form"><summary>${_("Propose a correction")}</summary><div class="form">
      ${this.#select(scene, "correction-bid", _("Bid"), rows.map(({ bid }) => [bid, nameOf(scene.view, bid)]), this.#bid, (value) => (this.#bid = value))}
      ${this.#select(scene, "correction-ground", _("What rules"), GROUNDS.map((one) => [one, _(`corrects ${one}`)]), this.#ground, (value) => (this.#ground = value))}
      <div class="field"><label for=${PRICE}>${_("Corrected price")}</label>
        <input id=${PRICE} inputmode="decimal" autocomplete="off" .value=${typed(PRICE)} @input=${kept(PRICE)} /></div>
      <div class="field"><label for=${REASON}>${_("Reason; for the committee and the report")}</label>
        <textarea id=${REASON} rows="3" maxlength=${MOST_REASON} aria-describedby="${REASON}-hint" .value=${typed(REASON)} @input=${kept(REASON)}></textarea>
        <p class="hint" id="${REASON}-hint">${_("Without a name of a member or a bidder. The bidder is not shown it.")}</p></div>
      <div class="field"><label for=${MINUTES}>${_("Minutes to confirm")}</label>
        <input id=${MINUTES} type="number" min=${SHORTEST_MINUTES} max=${LONGEST_MINUTES} .value=${typed(MINUTES) || String(USUAL_MINUTES)} @input=${kept(MINUTES)} /></div>
      <div>${button(scene, { name: "propose-correction", text: _("Propose the correction"), run: () => this.#propose(scene), isBlocked: !isReady })}</div>
    </div></details>`;
  }

  #select(
    scene: Scene,
    id: string,
    label: string,
    options: readonly (readonly [string, string])[],
    chosen: string,
    choose: (value: string) => void,
  ): TemplateResult {
    const changed = (event: Event): void => {
      choose((event.target as HTMLSelectElement).value);
      scene.again();
    };
    return html`<div class="field"><label for=${id}>${label}</label>
      <select id=${id} @change=${changed}>
        <option value="" ?selected=${chosen === ""}>${_("Choose")}</option>
        ${options.map(([value, text]) => html`<option value=${value} ?selected=${chosen === value}>${text}</option>`)}
      </select></div>`;
  }

  async #propose(scene: Scene): Promise<void> {
    const price = minorOf(typed(PRICE));
    if (price === undefined || price === 0) throw new Said(_("Enter the corrected price as an amount above zero."));
    const minutes = Number(typed(MINUTES) || USUAL_MINUTES);
    const period = Math.round(minutes * MINUTE_MS);
    const reason = typed(REASON).trim();
    await scene.send(_("Propose the correction"), "propose_correction", { bid: this.#bid, ground: this.#ground, price, reason, period });
    for (const name of [PRICE, REASON]) keepTyped(name, "");
    [this.#bid, this.#ground] = ["", ""];
  }
}

/** What every bid that is still in asks for. */
function prices({ view }: Scene): TemplateResult {
  const rows = view.prices ?? [];
  if (rows.length === 0) return html`<p>${_("No bid has an amount that could be corrected.")}</p>`;
  return html`<table class="table table-stack prices-table">
    <caption class="unseen">${_("Prices")}</caption>
    <thead><tr><th scope="col">${_("Bid")}</th><th scope="col">${_("As read out")}</th><th scope="col">${_("As it stands")}</th></tr></thead>
    <tbody>${rows.map(
      (one) => html`<tr><th scope="row" class="cell-main">${nameOf(view, one.bid)}</th>
        <td class="nums" data-label=${_("As read out")}>${amount(one.read_out)}</td>
        <td class="nums" data-label=${_("As it stands")}>${amount(one.price)}</td></tr>`,
    )}</tbody>
  </table>`;
}

/** Every correction, and a vote on those that are not decided. */
export function corrections(scene: Scene): TemplateResult | typeof nothing {
  const all = scene.view.corrections ?? [];
  if (all.length === 0) return nothing;
  return html`<h3>${_("Corrected prices")}</h3>
    <ul class="vote-list">${all.map((one) => html`<li class="vote">${correction(scene, one)}</li>`)}</ul>`;
}

function correction(scene: Scene, one: Correction): TemplateResult {
  const { view } = scene;
  const who = nameOf(view, one.bid);
  const from = one.read_out === null ? "—" : amount(one.read_out);
  const cast = (agrees: boolean): TemplateResult =>
    button(scene, {
      name: `${agrees ? "agree" : "refuse"}-${one.correction}`,
      text: agrees ? _("Agree") : _("Do not agree"),
      about: who,
      isQuiet: true,
      run: () => scene.send(_("Vote"), "vote_correction", { correction: one.correction, agrees }),
    });
  const kind = one.status === "accepted" ? "tag-green" : one.status === "refused" || one.status === "expired" ? "tag-red" : "";
  const isOpen = one.status === "proposed" && view.step === "prices" && !(view.seat in one.votes);
  return html`<p class="vote-what">${who}: <span class="nums">${from} → ${amount(one.price)}</span> <span class="tag ${kind}">${_(`correction ${one.status}`)}</span></p>
    <p>${_(`corrects ${one.ground}`)}<span class="sub">${one.reason}</span></p>
    <p class="hint">${_("{count} of {all} have voted", { count: Object.keys(one.votes).length, all: view.members.length })}${one.due === undefined ? "" : html` · ${_("to confirm by {at}", { at: moment(one.due) })}`}</p>
    ${isOpen ? html`<div class="panel-actions">${cast(true)}${cast(false)}</div>` : nothing}`;
}

/** The chair's word that the prices are checked. */
function checked(scene: Scene): TemplateResult {
  const { view } = scene;
  const isOpen = (view.corrections ?? []).some(
    ({ status, bid }) => (status === "proposed" || status === "asked") && view.valid?.includes(bid) === true,
  );
  if (isOpen) return waiting(_("A correction is open: it waits for votes or for the bidder."));
  if (!isChair(view)) return waiting(_("The chair says when the prices are checked."));
  const run = async (): Promise<void> => {
    const text = _("No price is corrected any more then.");
    const isSure = await confirmTyped({ title: _("Are the prices checked?"), text, action: _("The prices are checked") });
    if (isSure) await scene.send(_("The prices are checked"), "check_prices", {});
  };
  return html`<div class="panel-actions">${button(scene, { name: "check-prices", text: _("The prices are checked"), run })}</div>`;
}
