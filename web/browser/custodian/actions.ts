/**
 * What can be done at a task, and doing it: each step at a click, or by itself where that was
 * asked for. It must not take a step that the proven record does not show as due.
 */

import { html, nothing, type LitElement, type TemplateResult } from "lit";
import { Act } from "../app/act.ts";
import { confirmTyped, Said } from "../app/ask.ts";
import { _ } from "../app/texts.ts";
import type { Step } from "./attempt.ts";
import type { KitHolder } from "./holder.ts";
import type { Opened } from "./kit_use.ts";
import type { KitSeat } from "./seat.ts";
import { partyName, partyNames, words } from "./task_card.ts";
import type { CeremonyTask, KeyTask, ReleaseTask, Task } from "./tasks.ts";
import { Work, type Doing } from "./work.ts";
import { told } from "./words.ts";

/** The actions of all tasks of one page. */
export class Actions {
  readonly act: Act;
  opened: Opened | undefined;
  holder: KitHolder | undefined;
  readonly #work: Work;
  /**
   * Ceremonies whose following steps are taken without asking again, while the page is open, and
   * the step at which that was asked for: it needs its own click.
   */
  readonly #auto = new Map<string, Step>();
  #doing = "";

  /** @param worker address of the release's worker. */
  constructor(
    private readonly host: LitElement,
    seat: KitSeat,
    private readonly worker: string,
  ) {
    this.act = new Act(host);
    this.#work = new Work(seat, (what) => this.#tell(what));
  }

  /** Take the next step that was asked to be taken by itself, if there is one and nothing else runs. */
  goOn(tasks: readonly Task[]): void {
    if (this.act.isBusy()) return;
    for (const task of tasks) {
      if (task.kind !== "ceremony" || !task.isOwn || this.#work.accusations.has(task.sid)) continue;
      const since = this.#auto.get(task.sid);
      if (since === undefined || since === task.step) continue;
      this.#start(task);
      return;
    }
  }

  /** What stands at the foot of a task's card. */
  of(task: Task): TemplateResult | typeof nothing {
    switch (task.kind) {
      case "ceremony":
        return html`${this.#ceremony(task)} ${this.act.problem(task.sid)}`;
      case "key":
        return html`${this.#key(task)} ${this.act.problem(task.sid)}`;
      case "release":
        return this.#release(task);
      case "dead":
        return nothing;
    }
  }

  #ceremony(task: CeremonyTask): TemplateResult {
    const accused = this.#work.accusations.get(task.sid);
    if (accused !== undefined) return this.#accusation(task, accused.offender);
    if (!task.isOwn) {
      return html`<p class="quiet" role="status">
        ${_("Waiting for {names}", { names: partyNames(task, task.missing) })}
      </p>`;
    }
    if (this.opened === undefined) return closed();
    if (this.#isForeign(task)) return foreign();
    const labels = {
      join: _("Join: commit to my part"),
      deal: _("Deal the shares"),
      certify: _("Check my shares and certify"),
    };
    return html`<label class="check">
        <input type="checkbox" .checked=${this.#auto.has(task.sid)}
          @change=${(event: Event): void => this.#setAuto(task, event)} />
        <span>${_("Take the following steps by themselves while this page stays open")}</span>
      </label>
      <div class="kit-actions">
        ${this.#button(task, labels[task.step], () => this.#start(task))}
        <button class="button button-quiet" type="button" ?disabled=${this.act.isBusy()}
          @click=${(): void => void this.#giveUp(task)}>${_("I cannot go on")}</button>
        ${this.#progress(task.sid)}
      </div>`;
  }

  #accusation(task: CeremonyTask, offender: number): TemplateResult {
    const name = partyName(task, offender);
    return html`<div class="summary" role="alert">
        <h4>${_("The share from {name} is bad", { name })}</h4>
        <p>
          ${_("Nothing was certified. The evidence opens your own secret of this attempt, and of this attempt alone: everybody can then see who dealt what. The attempt ends with it.")}
        </p>
      </div>
      <div class="kit-actions">
        <button class="button button-grave" type="button" ?disabled=${this.act.isBusy()}
          @click=${this.act.on(task.sid, () => this.#accuse(task, name))}>
          ${_("End the attempt with the evidence")}
        </button>
      </div>`;
  }

  #key(task: KeyTask): TemplateResult | typeof nothing {
    if (task.isClosed) return nothing;
    if (this.opened === undefined) return closed();
    if (this.#isForeign(task)) return foreign();
    const isFirst = task.rehearsed === undefined;
    const text = isFirst ? _("Rehearse: show that I still have my share") : _("Rehearse again");
    return html`<div class="kit-actions">
      ${this.#button(task, text, () => void this.#do(task.sid, () => this.#work.rehearse(task.project, task.sid)))}
      ${this.#progress(task.sid)}
    </div>`;
  }

  #release(task: ReleaseTask): TemplateResult {
    return html`${words(task.keyId)}
      <kb-release
        data-project=${task.project}
        data-section=${task.section}
        data-envelope=${task.envelope}
        data-worker=${this.worker}
        .holder=${this.holder}
      ></kb-release>`;
  }

  #button(task: Task, text: string, doing: () => void): TemplateResult {
    return html`<button class="button" type="button" ?disabled=${this.act.isBusy()} @click=${doing}>
      ${this.act.isBusy(task.sid) ? _("One moment …") : text}
    </button>`;
  }

  #progress(name: string): TemplateResult | typeof nothing {
    if (!this.act.isBusy(name)) return nothing;
    return html`<span class="quiet" role="status">${this.#doing}</span>`;
  }

  /** Whether the kit that is open is another one than the roster names. */
  #isForeign(task: Task): boolean {
    return task.attempt.roster[task.i - 1]?.key !== this.opened?.spki;
  }

  #setAuto({ sid, step }: CeremonyTask, event: Event): void {
    if ((event.target as HTMLInputElement).checked) this.#auto.set(sid, step);
    else this.#auto.delete(sid);
  }

  #start(task: CeremonyTask): void {
    if (this.opened === undefined || this.#isForeign(task)) return;
    void this.#do(task.sid, async () => {
      const outcome = await this.#work.step(task.project, task.sid, task.step);
      if (outcome !== "waiting") return;
      throw new Said(_("The timekeeper has not witnessed it yet; try again in a moment."));
    });
  }

  async #do(name: string, doing: () => Promise<unknown>): Promise<void> {
    await this.act.run(name, async () => {
      try {
        await doing();
      } catch (error) {
        this.#auto.delete(name);
        throw told(error);
      }
    });
  }

  async #accuse(task: CeremonyTask, name: string): Promise<void> {
    const isSure = await confirmTyped({
      title: _("End this attempt?"),
      text: _("The record will show that the share from {name} was bad. This cannot be taken back.", { name }),
      action: _("End the attempt with the evidence"),
      isGrave: true,
    });
    if (isSure) await this.#work.accuse(task.project, task.sid);
  }

  async #giveUp(task: CeremonyTask): Promise<void> {
    const isSure = await confirmTyped({
      title: _("End this attempt?"),
      text: _("The record will say that you cannot go on. The clerk then starts another attempt, with you or with somebody else."),
      action: _("End the attempt"),
      isGrave: true,
    });
    if (isSure) await this.#do(task.sid, () => this.#work.giveUp(task.project, task.sid));
  }

  #tell(what: Doing): void {
    const said: Readonly<Record<Doing, string>> = {
      proof: _("Fetching what the timekeeper has witnessed"),
      computing: _("Checking and computing in your kit"),
      sending: _("Sending"),
      receipt: _("Waiting for the receipt"),
    };
    this.#doing = said[what];
    this.host.requestUpdate();
  }
}

function closed(): TemplateResult {
  return html`<p class="note">${_("Open your kit to go on.")}</p>`;
}

function foreign(): TemplateResult {
  return html`<p class="note note-amber">
    ${_("The kit that is open is not the one this ceremony names. Close it and open the other.")}
  </p>`;
}
