/** Marking again 复评: what the clerk named, each beside the mark before; a change asks for its reason. */

import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { confirmTyped } from "../app/ask.ts";
import { _ } from "../app/texts.ts";
import { keepTyped, typed } from "../app/typed.ts";
import { changesTable, namesOf, reevaluationBox } from "../committee/reevaluation.ts";
import type { JsonObject } from "../crypto/canonical.ts";
import { exact, plain, wrong } from "./marking.ts";
import { button, type Scene, waiting } from "./scene.ts";
import { nameOf, type PointsItem, type Remarks, scoredParts, titleOf } from "./view.ts";

const MOST_REASON = 1_000;

/** One mark to give again, as far as it is filled in. */
interface Row {
  readonly bid: string;
  readonly item: PointsItem;
  readonly before: string;
  readonly text: string;
  readonly reason: string;
  /** Under what its mark is kept in this tab, and found in the page. */
  readonly id: string;
}

/** What is to be marked again; afterwards for whom one waits. */
export function remarking(scene: Scene): TemplateResult {
  const { view } = scene;
  const one = view.reevaluations?.at(-1);
  const { remarks } = view;
  if (one === undefined || remarks === undefined) return waiting(_("All marks are in. The service is drawing up the new report."));
  const head = html`<dl class="facts">
      <div><dt>${_("Ground")}</dt><dd>${_(`reevaluation ${one.ground}`)}</dd></div>
      <div><dt>${_("Reason")}</dt><dd>${one.reason}${one.objection === undefined ? nothing : html`<span class="sub">${_("It follows from an objection to the result.")}</span>`}</dd></div>
    </dl>`;
  if (remarks.submitted) {
    const left = view.members.length - one.submitted.length;
    return html`${head} ${waiting(_("Your marks are submitted again; {count} members have not submitted yet. What changed is shown when all are in.", { count: left }))}`;
  }
  const rows = rowsOf(scene, remarks);
  const missing = rows.filter(({ text }) => text.trim() === "").length;
  const bad = rows.filter(({ text, item }) => text.trim() !== "" && wrong(item, text) !== undefined).length;
  const unsaid = rows.filter((row) => differs(row) && row.reason.trim() === "").length;
  return html`${head}
    <p class="prose">${_("Mark what is named again, alone, by the rule. Each mark stands as you gave it before: leave it, or enter another one and say why. Nothing else of your marks can change.")}</p>
    <ol class="again-rows">${rows.map((row) => field(scene, row))}</ol>
    <p class="sheet-left" role="status">${left({ missing, bad, unsaid, changed: rows.filter(differs).length })}</p>
    ${scene.keyCard}
    ${button(scene, {
      name: "remarks",
      text: _("Submit my marks again"),
      run: () => submit(scene, remarks, rows),
      isBlocked: missing + bad + unsaid > 0 || !scene.canSign,
    })}`;
}

function rowsOf({ view }: Scene, { reevaluation, marks }: Remarks): Row[] {
  const items = new Map(scoredParts(view).flatMap((part) => part.items.map((item) => [item.item, item] as const)));
  return marks.flatMap(({ bid, item, mark }, index) => {
    const found = items.get(item);
    if (found === undefined) return [];
    const id = `again-${reevaluation.slice(0, 8)}-${index}`;
    // what was emptied is kept as a blank: it is not what was never touched
    const kept = typed(id);
    const text = kept === "" ? mark : kept.trim();
    return [{ bid, item: found, before: mark, text, reason: typed(`${id}-why`), id }];
  });
}

/** Whether it is another mark than before; how it is written does not count. */
function differs({ before, text, item }: Row): boolean {
  return wrong(item, text) === undefined && exact(plain(text)) !== exact(before);
}

function left(of: { missing: number; bad: number; unsaid: number; changed: number }): string {
  if (of.bad > 0) return _("{count} marks cannot be given as they are", { count: of.bad });
  if (of.missing > 0) return _("{count} marks are missing", { count: of.missing });
  if (of.unsaid > 0) return _("{count} changed marks have no reason yet", { count: of.unsaid });
  return of.changed === 0 ? _("No mark is changed") : _("{count} marks are changed", { count: of.changed });
}

function field(scene: Scene, row: Row): TemplateResult {
  const { bid, item, before, text, id } = row;
  const who = nameOf(scene.view, bid);
  const found = text === "" ? undefined : wrong(item, text);
  const changed = (event: Event): void => {
    const value = (event.target as HTMLInputElement).value.slice(0, 40).trim();
    keepTyped(id, value === "" ? " " : value);
    scene.again();
  };
  const said = (event: Event): void => {
    keepTyped(`${id}-why`, (event.target as HTMLTextAreaElement).value);
    scene.again();
  };
  return html`<li class="again-row ${differs(row) ? "is-changed" : ""}" data-bid=${bid} data-item=${item.item}>
    <p><strong>${who}</strong><span class="sub">${titleOf(scene.view, item.item)} · ${_("{lowest} to {highest}", { lowest: item.lowest, highest: item.highest })} · ${_("in steps of {step}", { step: item.step })}</span></p>
    <div class="again-marks">
      <p><span class="sub">${_("Mark before")}</span> <b class="nums">${before}</b></p>
      <div class="field"><label for=${id}>${_("Mark now")}<span class="unseen"> · ${_("{bidder}: {item}", { bidder: who, item: item.title })}</span></label>
        <input id=${id} inputmode="decimal" autocomplete="off" maxlength="40"
          aria-invalid=${found === undefined ? "false" : "true"} aria-describedby=${found === undefined ? nothing : `${id}-wrong`}
          .value=${live(text)} @input=${changed} />
        ${found === undefined ? nothing : html`<span class="cell-wrong" id="${id}-wrong" role="alert">${_(`wrong ${found}`)}</span>`}</div>
    </div>
    ${differs(row)
      ? html`<div class="field"><label for="${id}-why">${_("Why the mark changes; it stands in the report")}<span class="unseen"> · ${_("{bidder}: {item}", { bidder: who, item: item.title })}</span></label>
          <textarea id="${id}-why" rows="2" maxlength=${MOST_REASON} required .value=${row.reason} @input=${said}></textarea></div>`
      : nothing}
  </li>`;
}

async function submit(scene: Scene, remarks: Remarks, rows: readonly Row[]): Promise<void> {
  const changed = rows.filter(differs);
  const isSure = await confirmTyped({
    title: _("Submit the marks again, for good?"),
    text: html`<p>${_("You sign {count} marks, {changed} of them changed. Nobody, not even you, can change them afterwards; they are shown when every member has submitted.", { count: rows.length, changed: changed.length })}</p>
      ${changed.length === 0
        ? nothing
        : html`<ul>${changed.map((row) => html`<li>${_("{bidder}: {item}", { bidder: nameOf(scene.view, row.bid), item: row.item.title })} <span class="nums">${row.before} → ${plain(row.text)}</span></li>`)}</ul>`}`,
    word: _("SUBMIT"),
    action: _("Submit my marks again"),
    isGrave: true,
  });
  if (!isSure) return;
  const marks = rows.map((row): JsonObject => {
    const named = { bid: row.bid, item: row.item.item };
    return differs(row) ? { ...named, mark: plain(row.text), reason: row.reason.trim() } : { ...named, mark: row.before };
  });
  const message = await scene.sign("remarks", { reevaluation: remarks.reevaluation, rule: scene.view.rule_hash, marks });
  await scene.send(_("Submit my marks again"), "give_marks_again", { message });
  for (const { id } of rows) [id, `${id}-why`].forEach((name) => keepTyped(name, ""));
}

/** What the report says that the last re-evaluation changed; nothing where that was given up. */
export function changed({ view }: Scene): TemplateResult | typeof nothing {
  const changes = view.reevaluations?.at(-1)?.changes;
  return changes === undefined ? nothing : changesTable(changes, namesOf(view, (bid) => nameOf(view, bid)));
}

/** What became of every re-evaluation. */
export function remarked(scene: Scene): TemplateResult[] {
  const { view } = scene;
  const names = namesOf(view, (bid) => nameOf(view, bid));
  const path = `/api/projects/${scene.project}/sections/${scene.section}/report`;
  const seats = view.members.map(({ seat }) => seat);
  return (view.reevaluations ?? []).map((one, index) => reevaluationBox(one, index + 1, names, { path, seats }));
}
