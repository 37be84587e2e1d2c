/** The clerk's desk in the hall: what is next, and the buttons for it; the service decides. */

import { html, LitElement, nothing, type TemplateResult } from "lit";
import { Act } from "../app/act.ts";
import { askText, confirmTyped } from "../app/ask.ts";
import { clock } from "../app/format.ts";
import { _ } from "../app/texts.ts";
import { ahead, type Step, type StepName } from "./ahead.ts";
import { drawForm } from "./draw_form.ts";
import { signMinutes } from "./minuting.ts";
import { orderOpening } from "./ordering.ts";
import { keyCard } from "./pieces.ts";
import { atPlace, openNotices, type Scene, unread } from "./scene.ts";

const MINUTE = 60_000;
const LONGER = [5, 10, 15, 30, 60];

/** `<kb-clerk-desk>` with `scene`; light DOM. */
export class ClerkDesk extends LitElement {
  static override properties = { scene: { attribute: false } };
  declare scene: Scene;
  readonly #act = new Act(this);
  #isDrawing = false;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const { say, steps } = ahead(this.scene);
    const [acts, stops] = [
      steps.filter((step) => step.tone !== "grave"),
      steps.filter((step) => step.tone === "grave"),
    ];
    return html`<section class="card desk" aria-labelledby="h-desk">
      <div class="card-bar">
        <h2 id="h-desk">${_("What is next")}</h2>
        <p class="quiet">${_("You chair this session")}</p>
      </div>
      <p class="desk-say" aria-live="polite">${say}</p>
      ${this.#needsKey(steps) ? keyCard(this.scene, "clerk") : nothing}
      <div class="desk-steps">${acts.map((step) => this.#button(step))}</div>
      ${this.#isDrawing ? this.#draw() : nothing} ${this.#longer()} ${this.#objections()}
      ${this.#notices()} ${this.#act.problem()}
      ${stops.length === 0
        ? nothing
        : html`<details class="desk-stops">
            <summary>${_("Pause or suspend")}</summary>
            <div class="desk-steps">${stops.map((step) => this.#button(step))}</div>
          </details>`}
    </section>`;
  }

  #needsKey(steps: readonly Step[]): boolean {
    return steps.some((step) => step.name === "order" || step.name === "sign");
  }

  #button(step: Step): TemplateResult {
    const kind = step.tone === "main" ? "" : "button-quiet";
    const doing = (): Promise<void> => this.#do(step.name);
    const isOff = step.blocked !== undefined || this.#act.isBusy();
    return html`<div class="desk-step">
      <button
        class="button ${kind}"
        type="button"
        data-step=${step.name}
        ?disabled=${isOff}
        aria-describedby=${step.blocked === undefined ? nothing : `why-${step.name}`}
        @click=${this.#act.on(step.name, doing)}
      >
        ${step.label}
      </button>
      ${step.blocked === undefined
        ? nothing
        : html`<p class="hint" id="why-${step.name}">${step.blocked}</p>`}
    </div>`;
  }

  async #do(name: StepName): Promise<void> {
    const scene = this.scene;
    const send = (what: string, type: string, fields: object = {}): Promise<void> =>
      scene.outbox.send(what, atPlace(scene, `opening.${type}`, fields));
    switch (name) {
      case "sign_in":
        return send(_("Sign in to the session"), "sign_in", { role: "clerk" });
      case "announce":
        return this.#announce();
      case "order":
        return orderOpening(scene);
      case "read_next":
        return send(_("Read out"), "read_out", { bid: unread(scene.session)[0]?.[0] });
      case "read_all":
        return send(_("Read out"), "read_out");
      case "draw":
        this.#isDrawing = true;
        return;
      case "secrets":
      case "confirm":
      case "objections":
        return send(_(`window ${name}`), "open_window", { window: name });
      case "end_window":
        return send(_("End the window"), "end_window", { window: this.#window()?.[0] });
      case "sign":
        return signMinutes(scene);
      case "end":
        return this.#end();
      case "pause":
        return this.#because(_("Pause the session"), "opening.pause_session");
      case "resume":
        return send(_("Resume the session"), "resume_session");
      default:
        return this.#ofSection(name);
    }
  }

  async #ofSection(name: StepName): Promise<void> {
    const scene = this.scene;
    const { section, outbox } = scene;
    if (name === "resume_section") {
      return outbox.send(_("Resume the section"), { type: "project.resume_section", section });
    }
    if (name === "suspend") return this.#because(_("Suspend the section"), "project.suspend_section");
    if (name === "approve") return this.#approve();
    const decision = name === "outage_close" ? "close" : "extend";
    const title = name === "outage_close" ? _("Close now") : _("Extend for everyone by 30 minutes");
    const reason = await askText({ title, label: _("Reason, for the record"), action: title });
    if (reason === undefined) return;
    const until = decision === "extend" ? { deadline: (scene.now ?? Date.now()) + 30 * MINUTE } : {};
    await outbox.send(title, { type: "project.decide_outage", section, decision, reason, ...until });
  }

  async #announce(): Promise<void> {
    const { session } = this.scene;
    const isSure = await confirmTyped({
      title: _("Announce the bidders"),
      text: _("The names of the {count} bidders become known to everybody in the hall. This cannot be taken back.", {
        count: session.closed?.count ?? 0,
      }),
      word: _("word announce"),
      action: _("Announce"),
    });
    if (!isSure) return;
    const body = atPlace(this.scene, "opening.announce_session");
    await this.scene.outbox.send(_("Announce the bidders"), body);
  }

  async #end(): Promise<void> {
    const isSure = await confirmTyped({
      title: _("End the session"),
      text: _("Whoever has not signed is deemed to accept. The minutes are published. This cannot be taken back."),
      word: _("word end"),
      action: _("End the session"),
      isGrave: true,
    });
    if (!isSure) return;
    await this.scene.outbox.send(_("End the session"), atPlace(this.scene, "opening.end_session"));
  }

  async #because(title: string, type: string): Promise<void> {
    const reason = await askText({ title, label: _("Reason, for the record"), action: title });
    if (reason === undefined) return;
    const { section, outbox } = this.scene;
    const isOfSession = type.startsWith("opening.");
    const body = isOfSession ? atPlace(this.scene, type, { reason }) : { type, section, reason };
    await outbox.send(title, body);
  }

  async #approve(): Promise<void> {
    const title = _("Go on with an approval");
    const approval = await askText({ title, label: _("Number and name of the approval"), action: _("Next") });
    if (approval === undefined) return;
    const reason = await askText({ title, label: _("Reason, for the record"), action: title, isLong: true });
    if (reason === undefined) return;
    const { section, outbox } = this.scene;
    await outbox.send(title, { type: "opening.approve_continuation", section, approval, reason });
  }

  #window(): [string, { readonly until: number }] | undefined {
    return Object.entries(this.scene.session.windows ?? {})[0];
  }

  #longer(): TemplateResult | typeof nothing {
    const open = this.#window();
    if (open === undefined || open[0] === "draw" || this.scene.session.paused !== undefined) return nothing;
    return html`<details class="desk-more">
      <summary>${_("Extend the window")}</summary>
      <form class="form desk-form" @submit=${this.#extend}>
        <div class="field">
          <label for="longer">${_("By how many minutes")}</label>
          <select id="longer" name="minutes">
            ${LONGER.map((one) => html`<option value=${one}>${one}</option>`)}
          </select>
        </div>
        <div class="field">
          <label for="longer-why">${_("Reason, for the record")}</label>
          <input id="longer-why" name="reason" required maxlength="500" autocomplete="off" />
        </div>
        <button class="button button-quiet" ?disabled=${this.#act.isBusy()}>${_("Extend")}</button>
      </form>
    </details>`;
  }

  readonly #extend = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const told = new FormData(form);
    const open = this.#window();
    if (open === undefined) return;
    const [name, { until }] = open;
    const body = atPlace(this.scene, "opening.extend_window", {
      window: name,
      until: until + Number(told.get("minutes")) * MINUTE,
      reason: String(told.get("reason")).trim(),
    });
    void this.#act
      .run("extend", () => this.scene.outbox.send(_("Extend the window"), body))
      .then((isDone) => isDone && form.reset());
  };

  #draw(): TemplateResult {
    return drawForm(
      this.scene,
      this.#act.isBusy(),
      (fields) => {
        const body = atPlace(this.scene, "opening.start_draw", fields);
        void this.#act
          .run("start_draw", () => this.scene.outbox.send(_("Start the draw"), body))
          .then((isDone) => this.#closeDraw(isDone));
      },
      () => this.#closeDraw(true),
    );
  }

  #closeDraw(isDone: boolean): void {
    if (isDone) this.#isDrawing = false;
    this.requestUpdate();
  }

  #objections(): TemplateResult | typeof nothing {
    if (this.scene.session.stage !== "objections") return nothing;
    const open = Object.entries(this.scene.session.objections ?? {}).filter(
      ([, one]) => one.answer === undefined,
    );
    return html`${open.map(
      ([id, one]) => html`<article class="entry desk-entry">
        <p class="entry-head">${clock(one.at)} · ${one.organisation_name}</p>
        <p class="prose">${one.text}</p>
        <button
          class="button"
          type="button"
          ?disabled=${this.#act.isBusy()}
          @click=${this.#act.on(id, () => this.#answer(id, one.text))}
        >
          ${_("Answer the objection")}
        </button>
      </article>`,
    )}`;
  }

  async #answer(objection: string, text: string): Promise<void> {
    const title = _("Answer the objection");
    const answer = await askText({ title, text, label: _("Answer"), action: title, isLong: true, most: 20_000 });
    if (answer === undefined) return;
    await this.scene.outbox.send(title, { type: "opening.answer_objection", objection, answer });
  }

  #notices(): TemplateResult | typeof nothing {
    return html`${openNotices(this.scene).map(
      ([id, one]) => html`<article class="entry desk-entry note note-amber">
        <p class="entry-head">
          ${_("Notice of the supervisor")} · ${clock(one.at)}
          ${one.pause ? html`<strong>${_("asks for a pause")}</strong>` : nothing}
        </p>
        <p class="prose">${one.text}</p>
        <button
          class="button"
          type="button"
          ?disabled=${this.#act.isBusy()}
          @click=${this.#act.on(id, () => this.#acknowledge(id, one.text))}
        >
          ${_("Acknowledge the notice")}
        </button>
      </article>`,
    )}`;
  }

  async #acknowledge(notice: string, text: string): Promise<void> {
    const title = _("Acknowledge the notice");
    const reply = await askText({ title, text, label: _("Reply"), action: title, isLong: true, most: 20_000 });
    if (reply === undefined) return;
    await this.scene.outbox.send(title, { type: "project.acknowledge_notice", notice, reply });
  }
}
