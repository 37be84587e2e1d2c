/** The clerk's pause of an evaluation, and its going on; what may happen meanwhile the rules decide. */

import { html, type TemplateResult } from "lit";
import { command } from "../app/api.ts";
import { confirmTyped } from "../app/ask.ts";
import { _ } from "../app/texts.ts";
import { CAUSES, pausedBox, type Cause, type Paused } from "../committee/paused.ts";
import { area, choice } from "./fields.ts";

const MOST = 1_000;

/** What the page of the committee lends: where it stands, and how it does one thing at a time. */
export interface Clerking {
  readonly project: string;
  readonly section: string;
  /** The project's number, which is typed to confirm. */
  readonly number: string;
  button(name: string, text: string, doing: () => Promise<unknown>, more?: { readonly isGrave?: boolean; readonly isBlocked?: boolean }): TemplateResult;
  /** Read all again, and say what was done. */
  done(said: string): Promise<void>;
  again(): void;
}

/** The form of a pause, as far as it is filled in. */
export class Pausing {
  #cause: Cause = "lunch";
  #reason = "";

  /** Ask for a pause, folded away until somebody wants it. */
  form(page: Clerking): TemplateResult {
    const options = CAUSES.map((cause) => [cause, _(`pause ${cause}`)] as const);
    return html`<details class="card form pause-form">
      <summary>${_("Pause the evaluation")}</summary>
      <p class="hint">${_("Every site is locked until you resume it, and nobody reads, marks or asks. A bidder cannot answer meanwhile and has its time back afterwards.")}</p>
      ${choice<Cause>("pause-cause", _("Cause"), this.#cause, options, (cause) => {
        this.#cause = cause;
        page.again();
      })}
      ${area({
        name: "pause-reason",
        label: _("Reason, on the record"),
        value: this.#reason,
        rows: 3,
        most: MOST,
        changed: (text) => {
          this.#reason = text;
          page.again();
        },
      })}
      <div class="acts">
        ${page.button("pause", _("Pause the evaluation"), () => this.#pause(page), {
          isGrave: true,
          isBlocked: this.#reason.trim() === "",
        })}
      </div>
    </details>`;
  }

  /** Show the pause that goes on, and what ends it. */
  locked(page: Clerking, paused: Paused): TemplateResult {
    const acts = html`<div class="acts">${page.button("resume", _("Resume the evaluation"), () => this.#resume(page))}</div>`;
    return pausedBox(paused, _("Every site is locked. Resume the evaluation when all are back; before it goes on, its record is read anew and compared with the state of the pause."), { acts });
  }

  async #pause(page: Clerking): Promise<void> {
    const isSure = await confirmTyped({
      title: _("Pause the evaluation"),
      text: html`<p>${_(`pause ${this.#cause}`)}: ${this.#reason.trim()}</p>
        <p>${_("Every site is locked at once. What members are typing is kept.")}</p>`,
      word: page.number,
      action: _("Pause the evaluation"),
      isGrave: true,
    });
    if (!isSure) return;
    const said = { cause: this.#cause, reason: this.#reason.trim() };
    await command(page.project, { type: "evaluation.pause", section: page.section, ...said });
    this.#reason = "";
    await page.done(_("The evaluation is paused."));
  }

  async #resume(page: Clerking): Promise<void> {
    const isSure = await confirmTyped({
      title: _("Resume the evaluation"),
      text: _("Have all sites compared the words of the state? The evaluation goes on at once."),
      word: page.number,
      action: _("Resume the evaluation"),
    });
    if (!isSure) return;
    await command(page.project, { type: "evaluation.resume", section: page.section });
    await page.done(_("The evaluation goes on."));
  }
}
