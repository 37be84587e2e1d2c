/** What a clerk decides about a section outside its session: pause it, go on, end it, answer for it. */

import { html, nothing, type TemplateResult } from "lit";
import { askText, confirmTyped, Said } from "../app/ask.ts";
import { moment } from "../app/format.ts";
import { _ } from "../app/texts.ts";
import { tag, when } from "../hall/pieces.ts";
import { area, field } from "./fields.ts";
import { LiveStep } from "./live.ts";
import { fromLocal, toLocal } from "./units.ts";
import type { Project, Section } from "./view.ts";

interface SupervisorNotice {
  readonly section: string;
  readonly text: string;
  readonly pause: boolean;
  readonly at: number;
  readonly reply?: string;
}

const HOUR = 3_600_000;
const SUSPENDABLE = new Set([
  "open",
  "closed",
  "failed",
  "opening1",
  "opened1",
  "evaluating1",
  "opening2",
  "opened2",
]);

/** `<kb-clerk-manage data-project>`. */
export class Manage extends LiveStep {
  #replies: Readonly<Record<string, string>> = {};
  #until: Readonly<Record<string, string>> = {};

  protected shown(view: Project): TemplateResult {
    const notices = (this.channel.clerk["notices"] ?? {}) as Readonly<
      Record<string, SupervisorNotice>
    >;
    return html`${this.lineTag()}
    ${Object.entries(notices).map(([id, one]) => this.#notice(view, id, one))}
    ${view.sections.map((one) => this.#section(one))}`;
  }

  #notice(view: Project, id: string, one: SupervisorNotice): TemplateResult {
    const title =
      view.sections.find((section) => section.section === one.section)?.title ?? one.section;
    const name = `notice-${id.slice(0, 8)}`;
    const reply = this.#replies[id] ?? "";
    return html`<section class="card form" aria-labelledby=${name}>
      <h2 id=${name}>
        ${_("Supervisor's notice")} · ${title}
        ${one.reply === undefined
          ? tag(_("waits for your reply"), "red")
          : tag(_("acknowledged"), "green")}
      </h2>
      <div>
        <p class="sub">${when(one.at)}${one.pause ? ` · ${_("asks for a pause")}` : ""}</p>
        <p class="prose">${one.text}</p>
      </div>
      ${one.reply === undefined
        ? html`${area({
              name: `${name}-reply`,
              label: _("Your reply"),
              value: reply,
              rows: 3,
              changed: (text) => this.#reply(id, text),
            })}
            <div class="acts">
              ${this.button(
                name,
                _("Acknowledge with this reply"),
                () =>
                  this.ask(
                    { type: "project.acknowledge_notice", notice: id, reply: reply.trim() },
                    _("The notice is acknowledged."),
                  ),
                { isBlocked: reply.trim() === "" },
              )}
            </div>`
        : html`<p class="prose answer">${one.reply}</p>`}
    </section>`;
  }

  #reply(id: string, text: string): void {
    this.#replies = { ...this.#replies, [id]: text };
    this.requestUpdate();
  }

  #section(one: Section): TemplateResult {
    const name = `manage-${one.section}`;
    return html`<section class="card" aria-labelledby=${name}>
      <div class="card-head">
        <h2 id=${name}>
          ${one.title} ${tag(_(`phase ${one.phase}`), one.phase === "suspended" ? "amber" : "blue")}
        </h2>
      </div>
      ${this.#outage(one)} ${one.phase === "failed" ? this.#failed(one) : nothing}
      ${one.phase === "terminated"
        ? html`<p class="quiet">${_("This section ended without a result.")}</p>`
        : one.phase === "awarded"
          ? html`<p class="quiet">${_("The section is awarded.")}</p>`
          : html`<div class="acts">
            ${one.phase === "suspended"
              ? this.button(`resume-${one.section}`, _("Resume"), () => this.#resume(one), {
                  about: one.title,
                })
              : nothing}
            ${SUSPENDABLE.has(one.phase)
              ? this.button(`suspend-${one.section}`, _("Suspend"), () => this.#suspend(one), {
                  isQuiet: true,
                  about: one.title,
                })
              : nothing}
            ${this.button(
              `end-${one.section}`,
              _("End without a result"),
              () => this.#terminate(one),
              { isQuiet: true, isGrave: true, about: one.title },
            )}
          </div>`}
    </section>`;
  }

  #outage(one: Section): TemplateResult | typeof nothing {
    const outage = one.outage;
    if (outage === undefined) return nothing;
    const until =
      this.#until[one.section] ?? toLocal(Math.ceil((outage.decide_by + HOUR) / 60_000) * 60_000);
    return html`<div class="note note-amber form">
      <p>
        <strong
          >${_("The service was away shortly before the deadline, from {since} to {until}.", {
            since: moment(outage.since),
            until: moment(outage.until),
          })}</strong
        >
      </p>
      <p>
        ${_("The close waits for your decision until {at}; without one it closes.", {
          at: moment(outage.decide_by),
        })}
      </p>
      ${field({
        name: `until-${one.section}`,
        label: _("New deadline"),
        type: "datetime-local",
        value: until,
        changed: (text) => this.#setUntil(one, text),
      })}
      <div class="acts">
        ${this.button(`extend-${one.section}`, _("Extend for everyone"), () =>
          this.#decide(one, fromLocal(until)),
        )}
        ${this.button(`close-${one.section}`, _("Close now"), () => this.#decide(one, null), {
          isQuiet: true,
        })}
      </div>
    </div>`;
  }

  #setUntil(one: Section, text: string): void {
    this.#until = { ...this.#until, [one.section]: text };
    this.requestUpdate();
  }

  async #decide(one: Section, deadline: number | null | undefined): Promise<void> {
    if (deadline === undefined) throw new Said(_("Give day and time."));
    const reason = await askText({
      title: deadline === null ? _("Close now") : _("Extend for everyone"),
      text: deadline === null ? one.title : `${one.title} · ${moment(deadline)}`,
      label: _("Reason, on the record"),
      action: _("Record the decision"),
    });
    if (reason === undefined) return;
    const decision = deadline === null ? { decision: "close" } : { decision: "extend", deadline };
    await this.ask(
      { type: "project.decide_outage", section: one.section, ...decision, reason },
      _("The decision is recorded."),
    );
  }

  #failed(one: Section): TemplateResult {
    return html`<div class="note note-amber">
      <p>
        ${_(
          "Fewer bidders than the minimum: nothing is opened. Tender anew, or go on if an authority approved of it.",
        )}
      </p>
      <div class="acts">
        ${this.button(
          `approve-${one.section}`,
          _("Go on with an approval"),
          () => this.#approve(one),
          { isQuiet: true },
        )}
      </div>
    </div>`;
  }

  async #approve(one: Section): Promise<void> {
    const approval = await askText({
      title: _("Go on with an approval"),
      label: _("Number of the approval"),
      action: _("Next"),
    });
    if (approval === undefined) return;
    const reason = await askText({
      title: _("Go on with an approval"),
      label: _("Reason, on the record"),
      action: _("Go on with the opening"),
      isLong: true,
    });
    if (reason === undefined) return;
    const body = { type: "opening.approve_continuation", section: one.section, approval, reason };
    await this.ask(body, _("The approval is recorded; the session can be announced."));
  }

  async #suspend(one: Section): Promise<void> {
    const reason = await askText({
      title: _("Suspend"),
      text: _(
        "Nothing goes on in {section} until you resume it; its times come later by as long.",
        { section: one.title },
      ),
      label: _("Reason, on the record"),
      action: _("Suspend"),
    });
    if (reason === undefined) return;
    await this.ask(
      { type: "project.suspend_section", section: one.section, reason },
      _("{section} is suspended.", { section: one.title }),
    );
  }

  async #resume(one: Section): Promise<void> {
    await this.ask(
      { type: "project.resume_section", section: one.section },
      _("{section} goes on.", { section: one.title }),
    );
  }

  async #terminate(one: Section): Promise<void> {
    const reason = await askText({
      title: _("End without a result"),
      text: one.title,
      label: _("Reason, on the record"),
      action: _("Next"),
    });
    if (reason === undefined) return;
    const isSure = await confirmTyped({
      title: _("End without a result"),
      text: _("{section} ends for good. Bids that are not opened stay sealed for ever.", {
        section: one.title,
      }),
      word: this.known().number,
      action: _("End without a result"),
      isGrave: true,
    });
    if (!isSure) return;
    await this.ask(
      { type: "project.terminate_section", section: one.section, reason },
      _("{section} has ended.", { section: one.title }),
    );
  }
}
