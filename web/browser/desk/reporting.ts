/** The report: fetched and compared with its hashes, then signed or dissented from; the chair ends it. */

import { html, nothing, type TemplateResult } from "lit";
import { bytes } from "../app/api.ts";
import { confirmTyped, Said } from "../app/ask.ts";
import { _ } from "../app/texts.ts";
import { ReportFacts } from "../committee/outcome.ts";
import { keepTyped, typed } from "../app/typed.ts";
import { hex } from "../crypto/bytes.ts";
import { sha256 } from "../crypto/hashing.ts";
import { changed } from "./remarking.ts";
import { button, type Scene, waiting } from "./scene.ts";
import { isChair, type Opinion, type Report } from "./view.ts";

const REASONS = "dissent";
const MOST_REASONS = 5_000;

/** The report's panel; it keeps which opinion was chosen. */
export class Reporting {
  #opinion: Opinion | undefined;
  #facts: ReportFacts | undefined;

  render(scene: Scene): TemplateResult {
    const { report } = scene.view;
    if (report === undefined) {
      if (scene.view.competition?.lacking === true) return waiting(_("Competition is lacking and all bids are rejected. The service draws up the report when it is due."));
      return waiting(_("All marks are locked. The service is drawing up the report."));
    }
    this.#facts ??= new ReportFacts(() => scene.again());
    return html`${this.#facts.render(pathOf(scene), report.facts, scene.view.rule)}
      ${changed(scene)} ${this.#about(scene, report)} ${signatures(scene, report)}
      ${scene.view.seat in report.signed || report.finished ? nothing : this.#sign(scene, report)}
      ${finish(scene, report)}`;
  }

  #about(scene: Scene, report: Report): TemplateResult {
    const path = pathOf(scene);
    return html`<p class="links">
        <a href="${path}/pdf">${_("Evaluation report (PDF)")}</a>
        <a href="${path}/json">${_("Facts of the report (JSON)")}</a>
      </p>
      <dl class="report-hashes">
        <div><dt>${_("SHA-256 of the PDF")}</dt><dd><code class="hash-whole">${report.pdf}</code></dd></div>
        <div><dt>${_("SHA-256 of the facts")}</dt><dd><code class="hash-whole">${report.facts}</code></dd></div>
      </dl>`;
  }

  #sign(scene: Scene, report: Report): TemplateResult {
    const reasons = typed(REASONS);
    const isReady = this.#opinion === "agrees" || (this.#opinion === "dissents" && reasons.trim() !== "");
    const choice = (value: Opinion, text: string): TemplateResult => html`<label class="choice"
      ><input type="radio" name="opinion" value=${value} .checked=${this.#opinion === value}
        @change=${(): void => this.#choose(scene, value)} /><span>${text}</span></label>`;
    return html`<fieldset class="choices">
        <legend>${_("Your opinion")}</legend>
        ${choice("agrees", _("I agree with the report"))}
        ${choice("dissents", _("I dissent, for reasons I give"))}
      </fieldset>
      ${this.#opinion === "dissents"
        ? html`<div class="field"><label for="reasons">${_("Reasons of the dissent")}</label>
            <textarea id="reasons" rows="6" maxlength=${MOST_REASONS} .value=${reasons}
              @input=${(event: Event): void => {
                keepTyped(REASONS, (event.target as HTMLTextAreaElement).value);
                scene.again();
              }}></textarea></div>`
        : nothing}
      <p class="hint">${_("Whoever neither signs nor gives reasons is deemed to agree.")}</p>
      ${scene.keyCard}
      ${button(scene, {
        name: "sign",
        text: this.#opinion === "dissents" ? _("Sign my dissent") : _("Sign the report"),
        run: () => this.#signed(scene, report),
        isBlocked: !isReady || !scene.canSign,
      })}`;
  }

  #choose(scene: Scene, value: Opinion): void {
    this.#opinion = value;
    scene.again();
  }

  async #signed(scene: Scene, report: Report): Promise<void> {
    const opinion = this.#opinion ?? "agrees";
    await check(scene, report);
    const reasons = opinion === "dissents" ? { reasons: typed(REASONS).trim() } : {};
    const message = await scene.sign("report", { facts: report.facts, pdf: report.pdf, opinion, ...reasons });
    await scene.send(_("Sign the report"), "sign_report", { message });
    keepTyped(REASONS, "");
  }
}

/** Nobody signs what the service would hand out differently: both files are what their hashes say. */
async function check(scene: Scene, report: Report): Promise<void> {
  const path = pathOf(scene);
  const [pdf, facts] = await Promise.all([bytes(`${path}/pdf`), bytes(`${path}/json`)]);
  if (hex(sha256(pdf)) !== report.pdf || hex(sha256(facts)) !== report.facts) {
    throw new Said(_("The report that can be fetched is not the one on the record. Do not sign; tell the supervisor."));
  }
}

function pathOf({ project, section }: Scene): string {
  return `/api/projects/${project}/sections/${section}/report`;
}

function signatures(scene: Scene, report: Report): TemplateResult {
  const rows = scene.view.members.map(({ seat, name }) => {
    const opinion = report.signed[seat];
    const told = opinion === undefined ? (report.finished ? _("opinion deemed") : _("not signed yet")) : _(`opinion ${opinion}`);
    const kind = opinion === "agrees" ? "tag-green" : opinion === "dissents" ? "tag-red" : "";
    return html`<li><span>${name} <span class="quiet">${_("seat {seat}", { seat })}</span></span> <span class="tag ${kind}">${told}</span></li>`;
  });
  return html`<ul class="signatures" aria-label=${_("Signatures and dissent")}>${rows}</ul>`;
}

function finish(scene: Scene, report: Report): TemplateResult | typeof nothing {
  if (report.finished) return html`<p class="note note-green">${_("The report stands. Your work here is done.")}</p>`;
  const isSigned = scene.view.seat in report.signed;
  if (!isSigned) return nothing;
  if (!isChair(scene.view)) return waiting(_("You have signed. The chair ends the evaluation."));
  const missing = scene.view.members.filter(({ seat }) => !(seat in report.signed));
  const run = async (): Promise<void> => {
    const isSure = await confirmTyped({
      title: _("Let the report stand?"),
      text: missing.length === 0
        ? _("Every member has signed or dissented.")
        : _("These neither signed nor gave reasons and are deemed to agree: {names}", { names: missing.map(({ name }) => name).join(_("name separator")) }),
      word: _("FINISH"),
      action: _("Let the report stand"),
      isGrave: missing.length > 0,
    });
    if (isSure) await scene.send(_("Let the report stand"), "finish_report", {});
  };
  return html`<div class="panel-actions">${button(scene, { name: "finish", text: _("Let the report stand"), run })}</div>`;
}
