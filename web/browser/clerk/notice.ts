/** The last steps before bids are taken: check the answers, read the notice as it will be, publish. */

import { html, nothing, type TemplateResult } from "lit";
import { command } from "../app/api.ts";
import { confirmTyped } from "../app/ask.ts";
import { _ } from "../app/texts.ts";
import { moment, named } from "../app/format.ts";
import { receipt } from "../app/trust.ts";
import type { Rule } from "../committee/rule.ts";
import { area, summary, type FieldProblem } from "./fields.ts";
import { keyOf, notice } from "./messages.ts";
import { bytesBox, noticePreview } from "./preview.ts";
import { Kept, Step } from "./step.ts";
import { tag } from "../hall/pieces.ts";
import { bound, drafted, envelopes, type Project } from "./view.ts";

const DAY = 86_400_000;

interface Published {
  readonly at: number;
  readonly command: string;
}

interface Point {
  readonly name: string;
  readonly said: string;
  readonly where: string;
  readonly state: "good" | "open" | "wrong";
}

/** `<kb-clerk-notice data-project>`. */
export class NoticeStep extends Step {
  #remedy = "";
  #wrong: readonly FieldProblem[] = [];
  #published: Published | undefined;
  #seen = false;

  protected override async load(): Promise<void> {
    this.#remedy = (await this.#kept().read()) ?? (this.#remedy || usualRemedy());
  }

  #kept(): Kept<string> {
    return new Kept<string>(`${this.project}/remedy`);
  }

  protected shown(view: Project): TemplateResult {
    if (this.#published !== undefined) return this.#panel(this.#published);
    if (view.published)
      return html`<p class="note">
        ${_("The notice is published.")}
        <a href="/projects/${this.project}">${_("The project's page")}</a>
      </p>`;
    const points = pointsOf(view);
    const isReady = points.every((one) => one.state !== "wrong");
    const payload = notice(view, this.#remedy.trim());
    return html`${summary(this.#wrong)}
      <section class="card" aria-labelledby="check">
        <h2 id="check">${_("Check your answers")}</h2>
        <ol class="tasks">
          ${points.map((one) => this.#point(one))}
        </ol>
      </section>
      <section class="card form" aria-labelledby="remedy-title">
        <h2 id="remedy-title">${_("If the keys are lost")}</h2>
        ${area({
          name: "remedy",
          label: _("What happens to the bids if fewer custodians than needed can release"),
          value: this.#remedy,
          rows: 4,
          problem: this.#wrong.find((one) => one.field === "remedy")?.text,
          changed: (text) => this.#write(text),
        })}
      </section>
      <h2 class="preview-head">${_("The notice as it will be published")}</h2>
      ${noticePreview(payload, rulesOf(view))} ${bytesBox(payload)}
      <section class="card" aria-labelledby="publish">
        <h2 id="publish">${_("Publish")}</h2>
        <p class="prose">${_("Publishing signs these bytes with this browser's key and opens every section for bids. The notice never changes afterwards; amendments follow it.")}</p>
        <div class="acts">
          ${this.button("publish", _("Sign and publish the notice"), () => this.#publish(view), {
            isBlocked: !isReady,
          })}
        </div>
        ${
          isReady
            ? nothing
            : html`<p class="hint">${_("What is marked red above is needed first.")}</p>`
        }
      </section>`;
  }

  #point(one: Point): TemplateResult {
    const tones = { good: "green", open: "amber", wrong: "red" } as const;
    const words = { good: _("in order"), open: _("look at it"), wrong: _("needed") };
    return html`<li>
      <span class="task-name"
        ><a href="/clerk/${this.project}/${one.where}">${one.name}</a
        ><span class="sub">${one.said}</span></span
      >
      ${tag(words[one.state], tones[one.state])}
    </li>`;
  }

  #panel(done: Published): TemplateResult {
    return html`<section class="card panel" aria-labelledby="done" tabindex="-1">
      <h2 id="done">${_("The notice is published")}</h2>
      <p>${_("Bids are taken from now on.")} ${moment(done.at)}</p>
      <p class="sub">${_("Number of the command")} <code>${done.command}</code></p>
      <p role="status">
        ${
          this.#seen
            ? tag(_("seen by the timekeeper; the receipt was checked in this browser"), "green")
            : tag(_("received; the timekeeper has not seen it yet"), "amber")
        }
      </p>
      <p class="links">
        <a href="/projects/${this.project}">${_("The project's page")}</a>
        <a
          href="/api/projects/${this.project}/receipts/${done.command}"
          download="${this.known().number}-notice-${named(done.at)}-receipt.json"
          >${_("Receipt (JSON)")}</a
        >
        <a href="/clerk/${this.project}">${_("Back to the project")}</a>
      </p>
      ${this.act.problem("publish")}
    </section>`;
  }

  #write(text: string): void {
    this.#remedy = text;
    void this.#kept().write(text);
    this.requestUpdate();
  }

  async #publish(view: Project): Promise<void> {
    this.#wrong = this.#remedy.trim() === "" ? [{ field: "remedy", text: _("Fill this in.") }] : [];
    this.requestUpdate();
    if (this.#wrong.length > 0) return;
    const isSure = await confirmTyped({
      title: _("Publish the notice"),
      text: _(
        "The notice is public at once and cannot be taken back. Bidders rely on every word of it.",
      ),
      word: view.number,
      action: _("Sign and publish"),
      isGrave: true,
    });
    if (!isSure) return;
    const message = await this.signed("notice", notice(view, this.#remedy.trim()));
    const done = await command(this.project, { type: "project.publish_notice", message });
    await this.#kept().drop();
    this.#published = { at: Number(done.events[0]?.["at"] ?? view.now), command: done.command };
    this.requestUpdate();
    void this.updateComplete.then(() => this.querySelector<HTMLElement>(".panel")?.focus());
    await this.#prove(done.command);
  }

  /** Wait for the receipt and check it; what contradicts what was seen before is told. */
  async #prove(command: string): Promise<void> {
    this.#seen = (await receipt(this.project, command)) !== undefined;
    this.requestUpdate();
  }
}

/** The scoring rules that are set. */
function rulesOf(view: Project): readonly Rule[] {
  return view.sections.flatMap((one) => one.rule ?? []);
}

/** Return what a notice is made of, and how each part stands. */
function pointsOf(view: Project): readonly Point[] {
  const sections = drafted(view);
  const keyed = sections.every((one) =>
    envelopes(one).every((envelope) => keyOf(view, one.section, envelope) !== undefined),
  );
  const late = sections.filter(
    (one) => one.deadline < view.now + one.periods.tender || one.deadline <= view.now,
  );
  const asked = sections.filter((one) => one.question_deadline <= view.now);
  const names = (role: "custodian" | "supervisor"): string =>
    bound(view, role)
      .map((one) => one.name)
      .join(_(", ")) || _("None");
  return [
    {
      name: _("About the project"),
      said: `${view.number} ${view.title}`,
      where: "about",
      state: "good",
    },
    {
      name: _("Sections and their terms"),
      said: sections.map((one) => one.title).join(_("; ")) || _("None"),
      where: "sections",
      state: sections.length > 0 ? "good" : "wrong",
    },
    ...late.map((one) => ({
      name: one.title,
      said: _("The deadline leaves less than the {days} days the terms want", {
        days: Math.floor(one.periods.tender / DAY),
      }),
      where: `section-${one.section}`,
      state: "wrong" as const,
    })),
    ...asked.map((one) => ({
      name: one.title,
      said: _("The time for questions is over already"),
      where: `section-${one.section}`,
      state: "wrong" as const,
    })),
    ...sections.map((one) => ({
      name: sections.length > 1 ? `${_("Scoring rule")} · ${one.title}` : _("Scoring rule"),
      said: one.rule?.title ?? _("Without one, this section is not evaluated here"),
      where: `scoring/${one.section}`,
      state: "good" as const,
    })),
    { name: _("Custodians"), said: names("custodian"), where: "people", state: "good" },
    {
      name: _("Supervisor"),
      said: names("supervisor"),
      where: "people",
      state: bound(view, "supervisor").length > 0 ? "good" : "open",
    },
    {
      name: _("Tender documents"),
      said: view.documents.map((one) => one.title).join(_(", ")) || _("None"),
      where: "documents",
      state: view.documents.length > 0 ? "good" : "open",
    },
    {
      name: _("Keys"),
      said: keyed ? _("every place has its key") : _("a ceremony is still to be held"),
      where: "keys",
      state: keyed && sections.length > 0 ? "good" : "wrong",
    },
  ];
}

function usualRemedy(): string {
  return _(
    "If fewer custodians than needed can release their shares, no bid is opened; the sealed bids are returned to the bidders and the tenderer tenders anew. The same holds when the timekeeper's share is lost.",
  );
}
