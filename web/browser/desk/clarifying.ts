/**
 * Questions to bidders 询标 at the desk: drafted, agreed, sent by the supervisor, answered, judged.
 *
 * It shows an answer only as the service does: once the supervisor let it through.
 */

import { html, nothing, type TemplateResult } from "lit";
import { confirmTyped } from "../app/ask.ts";
import { iso, moment } from "../app/format.ts";
import { _ } from "../app/texts.ts";
import { attachedList, attachmentsOf } from "../clarification/attached.ts";
import { askAnew, asking } from "./asking.ts";
import { button, type Scene } from "./scene.ts";
import { type Clarification, type Evaluation, isChair, nameOf } from "./view.ts";

const ENDED = new Set(["accepted", "not_accepted", "expired", "dropped"]);
const KINDS: Readonly<Record<string, string>> = {
  drafted: "tag-amber", agreed: "tag-amber", sent: "tag-blue", answered: "tag-blue", shown: "tag-amber",
  accepted: "tag-green", not_accepted: "tag-red",
};

/** A question, with the number by which people talk of it. */
interface Numbered extends Clarification {
  readonly number: number;
}

/** The desk's panel of questions; it keeps what it showed last, to say aloud what changed. */
export class Clarifying {
  #seen: ReadonlyMap<string, string> | undefined;
  #told = "";

  render(scene: Scene): TemplateResult | typeof nothing {
    const { view } = scene;
    if (view.bids === undefined || view.chair === undefined) return nothing;
    this.#listen(view);
    const all = (view.clarifications ?? []).map((one, index) => ({ ...one, number: index + 1 }));
    const [open, ended] = [all.filter((one) => !hasEnded(one)), all.filter(hasEnded)];
    return html`<section class="card clarifying" aria-labelledby="h-clarifying">
      <div class="card-bar"><h2 id="h-clarifying">${_("Questions to bidders")}</h2>${open.length === 0
        ? nothing
        : html`<span class="tag tag-amber">${_("{count} open", { count: open.length })}</span>`}</div>
      <p class="unseen" role="status">${this.#told}</p>
      ${all.length === 0 ? html`<p class="quiet">${_("The committee has asked nothing.")}</p>` : nothing}
      ${open.length > 0 && view.step === "marks" ? html`<p class="note note-amber">${_("No marks are taken while a question about a bid that is still in is open.")}</p>` : nothing}
      ${open.map((one) => question(scene, one))}
      ${ended.length === 0
        ? nothing
        : html`<details class="asked-ended"><summary>${_("Questions that have their end: {count}", { count: ended.length })}</summary>${ended.map((one) => question(scene, one))}</details>`}
      ${mayAsk(view) ? asking(scene) : nothing}
    </section>`;
  }

  /** Say aloud what became of questions since they were shown last. */
  #listen(view: Evaluation): void {
    const found = view.clarifications ?? [];
    const seen = this.#seen;
    this.#seen = new Map(found.map((one) => [one.clarification, state(one)]));
    if (seen === undefined) return;
    const changed = found.filter((one) => seen.get(one.clarification) !== state(one));
    if (changed.length === 0) return;
    this.#told = changed
      .map((one) => `${nameOf(view, one.bid)} ${_(`clarification ${one.status}`)}`)
      .join(_("name separator"));
  }
}

/** What changes of a question are worth to be said. */
function state(one: Clarification): string {
  return `${one.status} ${one.due ?? 0} ${one.returned ?? ""}`;
}

function hasEnded(one: Clarification): boolean {
  return ENDED.has(one.status);
}

/** Questions are drafted until the first marks are in. */
function mayAsk(view: Evaluation): boolean {
  return (view.step === "review" || view.step === "marks") && view.progress.marked.length === 0;
}

function question(scene: Scene, one: Numbered): TemplateResult {
  return html`<article class="asked" aria-labelledby="asked-${one.clarification}">
    <h3 id="asked-${one.clarification}"><span class="nums">${one.number}.</span> ${nameOf(scene.view, one.bid)} <span class="tag ${KINDS[one.status] ?? ""}">${_(`clarification ${one.status}`)}</span></h3>
    <blockquote class="asked-text">${one.question}</blockquote>
    <dl class="asked-facts">${facts(scene, one)}</dl>
    ${one.returned === undefined ? nothing : returned(one)}
    ${one.answer === undefined
      ? nothing
      : html`<h4>${_("The bidder's answer")}</h4><blockquote class="asked-text asked-answer">${one.answer}</blockquote>
          ${attachedList(one.attachments, attachmentsOf(scene.project, scene.section, one.clarification))}`}
    ${acts(scene, one)}
  </article>`;
}

function facts(scene: Scene, one: Numbered): TemplateResult {
  const { view } = scene;
  const seats = (list: readonly string[]): string => list.map((seat) => seatOf(view, seat)).join(_("name separator"));
  const fact = (term: string, told: TemplateResult | string): TemplateResult => html`<div><dt>${term}</dt><dd>${told}</dd></div>`;
  return html`${fact(_("Drafted by"), seatOf(view, one.seat))}
    ${fact(_("Agreed by"), one.agreed.length === 0 ? _("nobody yet") : seats(one.agreed))}
    ${one.due === undefined
      ? fact(_("Time for the answer"), inUnits(one.period))
      : fact(_("Answer due"), html`<time class="nums" datetime=${iso(one.due)}>${moment(one.due)}</time>${one.status === "sent" ? html` <kb-remaining .due=${one.due} .now=${scene.now}></kb-remaining>` : nothing}`)}
    ${one.judged.length === 0 ? nothing : fact(_("Judged by"), seats(one.judged))}`;
}

const UNITS = [["days", 86_400_000], ["hours", 3_600_000], ["minutes", 60_000]] as const;

/** A length of time in the largest unit it is whole in. */
function inUnits(millis: number): string {
  const [unit, size] = UNITS.find(([, each]) => millis % each === 0) ?? UNITS[2];
  return _(`span ${unit}`, { n: Math.ceil(millis / size) });
}

/** Why the supervisor gave back the question, to its writers, or the answer, to the bidder. */
function returned(one: Numbered): TemplateResult {
  const reason = one.returned ?? "";
  return html`<p class="note note-amber">${one.due === undefined
    ? _("The supervisor gave the question back: {reason}", { reason })
    : _("The supervisor gave an answer back to the bidder: {reason}", { reason })}</p>`;
}

function seatOf(view: Evaluation, seat: string): string {
  const name = view.members.find((one) => one.seat === seat)?.name ?? "";
  const said = _("seat {seat}", { seat });
  return name === "" ? said : `${said} ${name}`;
}

function acts(scene: Scene, one: Numbered): TemplateResult | typeof nothing {
  if (scene.view.step !== "review" && scene.view.step !== "marks") return nothing;
  switch (one.status) {
    case "drafted":
      return html`${agreeing(scene, one)}<div class="panel-actions">${agree(scene, one)} ${drop(scene, one)} ${anew(scene, one)}</div>`;
    case "agreed":
      return html`<p class="waits">${_("The supervisor checks the question before the bidder is sent it.")}</p><div class="panel-actions">${drop(scene, one)}</div>`;
    case "sent":
      return html`<p class="waits">${_("The bidder has the question. Its answer goes to the supervisor first.")}</p>`;
    case "answered":
      return html`<p class="waits">${_("The bidder has answered. The supervisor checks the answer before it is shown here.")}</p>`;
    case "shown":
      return judging(scene, one);
    case "accepted":
    case "not_accepted":
    case "expired":
    case "dropped":
      return nothing;
  }
}

function about(one: Numbered): string {
  return _("question {number}", { number: one.number });
}

function agreeing(scene: Scene, one: Numbered): TemplateResult {
  return html`<p class="hint">${isChair(scene.view)
    ? _("Your agreement as the chair sends it to the supervisor.")
    : _("It goes to the supervisor once the chair, or more than half of the members, agree: {count} of {all} so far.", { count: one.agreed.length, all: scene.view.members.length })}</p>`;
}

function agree(scene: Scene, one: Numbered): TemplateResult {
  const { clarification } = one;
  if (one.agreed.includes(scene.view.seat)) return html`<p class="quiet">${_("You have agreed.")}</p>`;
  const run = async (): Promise<void> => scene.send(_("Agree to ask it"), "agree_clarification", { clarification });
  return html`<div>${button(scene, { name: `agree-${clarification}`, text: _("Agree to ask it"), about: about(one), run })}</div>`;
}

function drop(scene: Scene, one: Numbered): TemplateResult | typeof nothing {
  if (one.seat !== scene.view.seat && !isChair(scene.view)) return nothing;
  const action = _("Take the question back");
  const run = async (): Promise<void> => {
    const isSure = await confirmTyped({ title: action, text: html`<p class="asked-text">${one.question}</p>`, action });
    if (isSure) await scene.send(action, "drop_clarification", { clarification: one.clarification });
  };
  return html`<div>${button(scene, { name: `drop-${one.clarification}`, text: action, about: about(one), isQuiet: true, run })}</div>`;
}

/** What was given back is drafted anew: the words of a question never change. */
function anew(scene: Scene, one: Numbered): TemplateResult | typeof nothing {
  if (one.returned === undefined || !mayAsk(scene.view)) return nothing;
  const run = (): Promise<void> => Promise.resolve(askAnew(scene, one.bid, one.question));
  return html`<div>${button(scene, { name: `anew-${one.clarification}`, text: _("Draft it in other words"), about: about(one), isQuiet: true, run })}</div>`;
}

function judging(scene: Scene, one: Numbered): TemplateResult {
  const { view } = scene;
  const count = html`<p class="hint">${_("{count} of {all} have judged; more than half of all members decide.", { count: one.judged.length, all: view.members.length })}</p>`;
  if (one.judged.includes(view.seat)) return html`${count}<p class="quiet">${_("You have judged.")}</p>`;
  return html`${count}
    <ul class="hint judge-means">
      <li>${_("Accept: it explains, completes or corrects, and changes neither the price nor the substance of the bid. The bid is judged with it.")}</li>
      <li>${_("Do not accept: it changes the substance of the bid, or does not answer. The bid is judged as it was.")}</li>
    </ul>
    <div class="panel-actions">
      ${judge(scene, one, true, _("Accept the answer"))} ${judge(scene, one, false, _("Do not accept it"))}
    </div>`;
}

function judge(scene: Scene, one: Numbered, accepts: boolean, action: string): TemplateResult {
  const { clarification } = one;
  const run = async (): Promise<void> => {
    const text = _("Your judgement is recorded and cannot be changed.");
    if (await confirmTyped({ title: action, text, action })) {
      await scene.send(action, "judge_answer", { clarification, accepts });
    }
  };
  const name = `${accepts ? "accept" : "refuse"}-${clarification}`;
  return html`<div>${button(scene, { name, text: action, about: about(one), isQuiet: !accepts, run })}</div>`;
}
