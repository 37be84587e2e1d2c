/** The committee's result of the first envelopes, recorded by a signed message: passed, or failed and why. */

import { html, type TemplateResult } from "lit";
import { confirmTyped } from "../app/ask.ts";
import { command, get } from "../app/api.ts";
import { _ } from "../app/texts.ts";
import type { Evaluation, StageView } from "../committee/view.ts";
import { tag } from "../hall/pieces.ts";
import type { HallView } from "../hall/view.ts";
import { choice, field } from "./fields.ts";
import { stageDecision } from "./messages.ts";
import { bytesBox } from "./preview.ts";
import { Kept, Step } from "./step.ts";
import type { Project, Section } from "./view.ts";

interface Judged {
  readonly verdict: "passed" | "failed";
  readonly reason: string;
}

interface Bidder {
  readonly organisation: string;
  readonly name: string;
}

/** `<kb-clerk-result data-project>`. */
export class Result extends Step {
  #judged: Readonly<Record<string, Judged>> = {};
  #hall: HallView = {};
  #found: Readonly<Record<string, StageView | undefined>> = {};

  protected override async load(): Promise<void> {
    this.#judged = (await this.#kept().read()) ?? this.#judged;
    this.#hall = (
      await get<{ view: HallView }>(`/api/projects/${this.project}/channels/hall`)
    ).view;
    const scored = this.known().sections.filter((one) => isDue(one) && one.rule !== undefined);
    const stages = scored.map(async (one) => [one.section, await this.#stage(one)] as const);
    this.#found = Object.fromEntries(await Promise.all(stages));
    for (const stage of Object.values(this.#found)) {
      if (stage !== undefined) this.#judged = { ...this.#judged, ...judgedBy(stage) };
    }
  }

  /** What the committee of a section found, once its marks are locked. */
  async #stage(section: Section): Promise<StageView | undefined> {
    if (section.evaluation === undefined) return undefined;
    const path = `/api/projects/${this.project}/sections/${section.section}/evaluation`;
    return (await get<Evaluation>(path)).stage;
  }

  #kept(): Kept<Readonly<Record<string, Judged>>> {
    return new Kept<Readonly<Record<string, Judged>>>(`${this.project}/result`);
  }

  protected shown(view: Project): TemplateResult {
    const due = view.sections.filter(isDue);
    if (due.length === 0)
      return html`<p class="note">${_("No first session waits for its result.")}</p>`;
    return html`${due.map((one) => this.#section(one))}`;
  }

  /** Those whose first envelope was opened; each is judged exactly once. */
  #bidders(section: Section): readonly Bidder[] {
    const rows = Object.values(this.#hall.sessions?.[`${section.section}-1`]?.bids ?? {});
    return rows
      .filter((one) => one.opened !== undefined)
      .map((one) => ({ organisation: one.organisation ?? "", name: one.name ?? "" }));
  }

  #section(section: Section): TemplateResult {
    if (section.rule !== undefined && this.#found[section.section] === undefined) {
      return html`<p class="note">
        <strong>${section.title}</strong> ${_("is scored by a committee: the result follows from its marks, once they are locked.")}
        <a href="/clerk/${this.project}/committee/${section.section}">${_("Committee")}</a>
      </p>`;
    }
    const isFound = this.#found[section.section] !== undefined;
    const bidders = this.#bidders(section);
    const isWhole = bidders.every((one) => {
      const judged = this.#judged[one.organisation];
      return (
        judged?.verdict === "passed" ||
        (judged?.verdict === "failed" && judged.reason.trim() !== "")
      );
    });
    return html`<section class="card form" aria-labelledby="result-${section.section}">
      <h2 id="result-${section.section}">
        ${section.title} ${tag(_("{count} opened", { count: bidders.length }), "blue")}
      </h2>
      <p class="hint">${_("Only the second envelopes of those who passed are ever opened.")}</p>
      ${isFound ? html`<p class="note note-green">${_("Filled in from what the committee found; it can only be signed as it is.")}</p>` : ""}
      ${bidders.map((one) => (isFound ? this.#outcome(one) : this.#bidder(one)))}
      ${isWhole ? bytesBox(this.#payload(section, bidders)) : ""}
      <div class="acts">
        ${this.button(
          `decide-${section.section}`,
          _("Sign and record the result"),
          () => this.#decide(section, bidders),
          { isBlocked: !isWhole },
        )}
      </div>
    </section>`;
  }

  /** What the committee found of a bidder. */
  #outcome(one: Bidder): TemplateResult {
    const judged = this.#judged[one.organisation];
    const isIn = judged?.verdict === "passed";
    return html`<p class="verdict">
      <strong>${one.name}</strong> ${tag(isIn ? _("passed") : _("failed"), isIn ? "green" : "red")}
      ${isIn ? "" : html`<span class="sub">${judged?.reason ?? ""}</span>`}
    </p>`;
  }

  #bidder(one: Bidder): TemplateResult {
    const judged = this.#judged[one.organisation];
    const options = [
      ["passed", _("passed")],
      ["failed", _("failed")],
    ] as const;
    return html`<div class="verdict">
      ${choice<Judged["verdict"] | "">(
        `v-${one.organisation}`,
        one.name,
        judged?.verdict ?? "",
        options,
        (verdict) => {
          if (verdict !== "") this.#put(one, { verdict, reason: judged?.reason ?? "" });
        },
      )}
      ${judged?.verdict === "failed"
        ? field({
            name: `r-${one.organisation}`,
            label: _("Why {name} failed", { name: one.name }),
            value: judged.reason,
            changed: (reason) => this.#put(one, { verdict: "failed", reason }),
          })
        : ""}
    </div>`;
  }

  #put(one: Bidder, judged: Judged): void {
    this.#judged = { ...this.#judged, [one.organisation]: judged };
    void this.#kept().write(this.#judged);
    this.requestUpdate();
  }

  #payload(section: Section, bidders: readonly Bidder[]): ReturnType<typeof stageDecision> {
    const verdict = (one: Bidder): Judged["verdict"] | undefined =>
      this.#judged[one.organisation]?.verdict;
    const passed = bidders
      .filter((one) => verdict(one) === "passed")
      .map((one) => one.organisation);
    const failed = bidders
      .filter((one) => verdict(one) === "failed")
      .map(({ organisation }) => ({
        organisation,
        reason: this.#judged[organisation]?.reason.trim() ?? "",
      }));
    return stageDecision(this.project, section.section, passed, failed);
  }

  async #decide(section: Section, bidders: readonly Bidder[]): Promise<void> {
    const isSure = await confirmTyped({
      title: _("Record the result of the first envelope"),
      text: html`<ul>
        ${bidders.map(
          (one) =>
            html`<li>
              ${one.name}:
              ${this.#judged[one.organisation]?.verdict === "passed" ? _("passed") : _("failed")}
            </li>`,
        )}
      </ul>`,
      word: this.known().number,
      action: _("Sign and record"),
      isGrave: true,
    });
    if (!isSure) return;
    const message = await this.signed("stage-decision", this.#payload(section, bidders));
    await command(this.project, { type: "project.decide_stage", message });
    await this.#kept().drop();
    await this.refresh();
    this.say(_("The result is recorded; the second session can be announced."));
  }
}

function isDue(section: Section): boolean {
  return section.phase === "evaluating1";
}

/** What a committee found, as it is signed: whoever failed with the reason in words. */
function judgedBy(stage: StageView): Readonly<Record<string, Judged>> {
  const why = (code: string): string => {
    if (code === "competition_lacking") return _("impossible competition_lacking");
    return code === "too_low" ? _("unpriced too_low") : _(`ground ${code}`);
  };
  return Object.fromEntries([
    ...stage.passed.map((one) => [one, { verdict: "passed", reason: "" }] as const),
    ...stage.failed.map((one) => [one.organisation, { verdict: "failed", reason: why(one.why) }] as const),
  ]);
}
