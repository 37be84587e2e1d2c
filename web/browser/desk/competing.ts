/** Fewer than three valid bids: each member judges the competition, and sees the others' once decided. */

import { html, nothing, type TemplateResult } from "lit";
import { confirmTyped } from "../app/ask.ts";
import { _ } from "../app/texts.ts";
import { keepTyped, typed } from "../app/typed.ts";
import { button, type Scene, waiting } from "./scene.ts";

const REASON = "competition";
const MOST_REASON = 1_000;

/** The judgement of the competition; nothing where enough bids are valid. */
export class Competing {
  #isLacking: boolean | undefined;

  render(scene: Scene): TemplateResult | typeof nothing {
    const { competition, members, seat } = scene.view;
    if (competition === undefined) return nothing;
    return html`<section class="votes" aria-labelledby="h-competition">
      <h3 id="h-competition">${_("Is competition lacking?")}</h3>
      <p class="prose">${_("Only {count} bids are valid. The committee decides whether competition is lacking; if it is, all bids are rejected.", { count: scene.view.valid?.length ?? 0 })}</p>
      <p class="hint">${_("{count} of {all} have voted", { count: competition.judged.length, all: members.length })}</p>
      ${competition.lacking === undefined ? this.#open(scene, competition.judged.includes(seat)) : said(scene)}
    </section>`;
  }

  #open(scene: Scene, isDone: boolean): TemplateResult {
    if (isDone) return waiting(_("You have judged. What the others judge is shown once it is decided."));
    const reason = typed(REASON);
    const choice = (value: boolean, text: string): TemplateResult => html`<label class="choice"
      ><input type="radio" name="lacking" .checked=${this.#isLacking === value}
        @change=${(): void => this.#choose(scene, value)} /><span>${text}</span></label>`;
    return html`<div class="form"><fieldset class="choices">
        <legend>${_("Your judgement")}</legend>
        ${choice(false, _("Competition is enough; the bids are evaluated"))}
        ${choice(true, _("Competition is lacking; all bids are rejected"))}
      </fieldset>
      <div class="field"><label for="competition-reason">${_("Reason; it stands in the report")}</label>
        <textarea id="competition-reason" rows="3" maxlength=${MOST_REASON} .value=${reason}
          @input=${(event: Event): void => {
            keepTyped(REASON, (event.target as HTMLTextAreaElement).value);
            scene.again();
          }}></textarea></div>
      <div>${button(scene, {
        name: "judge-competition",
        text: _("Submit the judgement"),
        run: () => this.#judge(scene),
        isBlocked: this.#isLacking === undefined || reason.trim() === "",
      })}</div></div>`;
  }

  #choose(scene: Scene, value: boolean): void {
    this.#isLacking = value;
    scene.again();
  }

  async #judge(scene: Scene): Promise<void> {
    const lacking = this.#isLacking === true;
    const isSure = await confirmTyped({
      title: _("Submit the judgement?"),
      text: lacking ? _("Competition is lacking; all bids are rejected") : _("Competition is enough; the bids are evaluated"),
      action: _("Submit the judgement"),
      isGrave: lacking,
    });
    if (!isSure) return;
    await scene.send(_("Submit the judgement"), "judge_competition", { lacking, reason: typed(REASON).trim() });
    keepTyped(REASON, "");
  }
}

/** What was decided, and what each said. */
function said({ view }: Scene): TemplateResult {
  const { lacking, votes = {} } = view.competition ?? {};
  const name = (seat: string): string => view.members.find((one) => one.seat === seat)?.name ?? seat;
  return html`<p class="note ${lacking === true ? "note-amber" : "note-green"}">${lacking === true
      ? _("Most members found competition lacking: all bids are rejected.")
      : _("Most members found competition enough.")}</p>
    <ul class="names-list">${Object.entries(votes).map(
      ([seat, one]) => html`<li>${name(seat)}: ${one.lacking ? _("lacking") : _("enough")}<span class="sub">${one.reason}</span></li>`,
    )}</ul>`;
}
