/**
 * The clerk's order that the committee marks again 复评: which marks, why; and its end where it comes to
 * nothing. What may be ordered the rules decide.
 */

import { html, nothing, type TemplateResult } from "lit";
import { command, get, Problem } from "../app/api.ts";
import { confirmTyped } from "../app/ask.ts";
import { moment } from "../app/format.ts";
import { _ } from "../app/texts.ts";
import { GROUNDS, namesOf, openOne, reevaluationBox, type Cell, type Ground, type Names } from "../committee/reevaluation.ts";
import { scoredItems, type PointsItem } from "../committee/rule.ts";
import type { Evaluation } from "../committee/view.ts";
import { area, choice, select } from "./fields.ts";
import type { Objection, Shown } from "./messages.ts";
import type { Clerking } from "./pausing.ts";
import { Kept } from "./step.ts";

const MOST = 1_000;
/** What the service takes: marks named at once, and orders in a section. */
const [MOST_CELLS, MOST_ORDERS] = [100, 3];
/** How much of an objection stands in the list of them, characters. */
const BEGINNING = 24;
/** Where a link says which objection the order is to follow from. */
const ASKED = "objection";

/** What of the report's facts is needed to choose by. */
interface Facts {
  readonly review: readonly { readonly bid: string; readonly name: string }[];
  readonly marks: readonly {
    readonly bid: string;
    readonly items: readonly { readonly item: string; readonly marks: readonly { readonly seat: string; readonly mark: string }[] }[];
  }[];
}

/** The form as far as it is filled in; what is chosen as `bid/item`. */
interface Draft {
  readonly ground: Ground | "";
  readonly reason: string;
  readonly cells: readonly string[];
  readonly objection: string;
}

const EMPTY: Draft = { ground: "", reason: "", cells: [], objection: "" };

/** The order's form, what came of every order, and the giving up of one that is open. */
export class Reevaluating {
  #facts: Facts | undefined;
  #of = "";
  #objections: readonly Objection[] = [];
  #draft: Draft | undefined;
  #why = "";
  #asked = new URLSearchParams(location.search).get(ASKED) ?? "";

  /** Whether the page was opened to order one. */
  get isAsked(): boolean {
    return this.#asked !== "";
  }

  /** Read what the form chooses from; nothing before there was a report. */
  async load(project: string, section: string, one: Evaluation): Promise<void> {
    const base = `/api/projects/${project}/sections/${section}`;
    const open = openOne(one.reevaluations);
    if (one.report === undefined && open === undefined) return;
    const of = one.report === undefined ? `${base}/report/json?before=${open?.reevaluation ?? ""}` : `${base}/report/json`;
    const seen = `${of} ${one.report?.facts ?? ""}`;
    if (seen !== this.#of) {
      this.#facts = await get<Facts>(of);
      this.#of = seen;
    }
    this.#objections = await objectionsTo(base);
    this.#draft ??= { ...EMPTY, ...(await kept(project, section).read()), ...(this.isAsked && { objection: this.#asked }) };
  }

  /** Every re-evaluation there was; the last one can be given up while it is open. */
  past(page: Clerking, one: Evaluation): TemplateResult | typeof nothing {
    const all = one.reevaluations ?? [];
    if (all.length === 0) return nothing;
    const names = this.#names(one);
    const more = { path: `/api/projects/${page.project}/sections/${page.section}/report`, seats: one.members.map(({ seat }) => seat) };
    const isOpen = openOne(all) !== undefined && one.paused === undefined;
    return html`<section class="card" aria-labelledby="again">
      <h2 id="again">${_("Re-evaluation by the committee")}</h2>
      ${all.map((each, index) => {
        const isLast = index === all.length - 1;
        return reevaluationBox(each, index + 1, names, isLast && isOpen ? { ...more, acts: this.#giveUp(page) } : more);
      })}
    </section>`;
  }

  /** Ask for an order, folded away until somebody wants it. */
  form(page: Clerking, one: Evaluation): TemplateResult | typeof nothing {
    const [facts, draft] = [this.#facts, this.#draft];
    if (facts === undefined || draft === undefined) return nothing;
    const left = MOST_ORDERS - (one.reevaluations ?? []).length;
    const rows = facts.marks.filter(({ items }) => items.length > 0);
    return html`<details class="card form reevaluate" ?open=${this.isAsked}>
      <summary id="reevaluate">${_("Order a re-evaluation")}</summary>
      ${left <= 0
        ? html`<p class="note">${_("This section has had {most} re-evaluations; there can be no more.", { most: MOST_ORDERS })}</p>`
        : rows.length === 0
          ? html`<p class="note">${_("Nothing was marked in this section, so there is nothing to mark again.")}</p>`
          : this.#fields(page, one, draft, left)}
    </details>`;
  }

  #fields(page: Clerking, one: Evaluation, draft: Draft, left: number): TemplateResult {
    const put = (change: Partial<Draft>): void => this.#put(page, change);
    const count = draft.cells.length;
    const isWhole = draft.ground !== "" && draft.reason.trim() !== "" && count > 0 && count <= MOST_CELLS;
    return html`<p class="note note-amber">${_("The report no longer stands then, and what is published is withdrawn. Every member of the committee that signed marks what you choose again, alone; nothing else can change. Then a new report is signed, and the result is published anew.")}
        <span class="sub">${_("It can be ordered {left} more times in this section.", { left })}</span></p>
      ${choice<Ground | "">("again-ground", _("Ground"), draft.ground, GROUNDS.map((ground) => [ground, _(`reevaluation ${ground}`)] as const), (ground) => put({ ground }))}
      ${area({ name: "again-reason", label: _("Reason, for the committee and on the record"), value: draft.reason, rows: 3, most: MOST, changed: (reason) => put({ reason }) })}
      ${this.#objections.length === 0
        ? nothing
        : select("again-objection", _("The objection it follows from"), draft.objection, [["", _("no objection")], ...this.#objections.map((each) => [each.objection, titleOf(each)] as const)], (objection) => put({ objection }))}
      ${this.#chosen(draft)} ${this.#choosing(page, one, draft)}
      <p class="again-count" role="status">${count > MOST_CELLS ? _("At most {most} can be chosen", { most: MOST_CELLS }) : _("{count} chosen; each of {all} members marks them again", { count, all: one.members.length })}</p>
      <div class="acts">
        ${page.button("reevaluate", _("Order the re-evaluation"), () => this.#order(page, one), { isGrave: true, isBlocked: !isWhole })}
      </div>
      <p class="hint">${_("What you fill in is kept in this browser until it is ordered.")}</p>`;
  }

  /** The objection that was chosen, in its words. */
  #chosen({ objection }: Draft): TemplateResult | typeof nothing {
    const found = this.#objections.find((one) => one.objection === objection);
    return found === undefined ? nothing : html`<blockquote class="prose asked">${found.text}</blockquote>`;
  }

  /** Every mark that can be given again, bid by bid, beside what members gave. */
  #choosing(page: Clerking, one: Evaluation, draft: Draft): TemplateResult {
    const items = scoredItems(one.rule);
    const seats = one.members.map(({ seat }) => seat);
    const names = this.#names(one);
    return html`<h3>${_("What is marked again")}</h3>
      ${items.some(({ blind }) => blind)
        ? html`<p class="hint">${_("Blind items are not among them: whose they are is known now, and nobody could mark them blind.")}</p>`
        : nothing}
      ${(this.#facts?.marks ?? []).map(
        ({ bid, items: marked }) => html`<table class="table table-stack again-choice">
          <caption>${names.bid(bid)}</caption>
          <thead><tr><th scope="col">${_("Item of the rule")}</th>${seats.map((seat) => html`<th scope="col" class="num">${_("seat {seat}", { seat })}</th>`)}</tr></thead>
          <tbody>${items.filter(({ blind }) => !blind).map((item) => {
            const given = marked.find((of) => of.item === item.item)?.marks ?? [];
            return html`<tr>
              <th scope="row" class="cell-main">${this.#box(page, draft, { bid, item: item.item }, names.bid(bid), item)}</th>
              ${seats.map((seat) => html`<td class="num" data-label=${_("seat {seat}", { seat })}>${given.find((of) => of.seat === seat)?.mark ?? "—"}</td>`)}
            </tr>`;
          })}</tbody>
        </table>`,
      )}`;
  }

  #box(page: Clerking, draft: Draft, cell: Cell, bidder: string, item: PointsItem): TemplateResult {
    const name = `${cell.bid}/${cell.item}`;
    const changed = (event: Event): void => {
      const others = draft.cells.filter((one) => one !== name);
      this.#put(page, { cells: (event.target as HTMLInputElement).checked ? [...others, name] : others });
    };
    return html`<label class="again-box"><input type="checkbox" .checked=${draft.cells.includes(name)} @change=${changed}
      /><span><span class="unseen">${bidder}: </span>${item.title}<span class="sub">${item.lowest} – ${item.highest}</span></span></label>`;
  }

  #put(page: Clerking, change: Partial<Draft>): void {
    this.#draft = { ...EMPTY, ...this.#draft, ...change };
    void kept(page.project, page.section).write(this.#draft);
    page.again();
  }

  async #order(page: Clerking, one: Evaluation): Promise<void> {
    const { ground, reason, cells: chosen, objection } = this.#draft ?? EMPTY;
    const names = this.#names(one);
    const cells = cellsOf(chosen);
    const isSure = await confirmTyped({
      title: _("Order a re-evaluation"),
      text: html`<p>${_(`reevaluation ${ground}`)}: ${reason.trim()}</p>
        <ul>${cells.map(({ bid, item }) => html`<li>${_("{bidder}: {item}", { bidder: names.bid(bid), item: names.item(item) })}</li>`)}</ul>
        <p>${_("The report no longer stands at once, and what is published is withdrawn. Members are told the ground and the reason.")}</p>`,
      word: page.number,
      action: _("Order the re-evaluation"),
      isGrave: true,
    });
    if (!isSure) return;
    const follows = objection === "" ? {} : { objection };
    await command(page.project, {
      type: "evaluation.order_reevaluation",
      section: page.section,
      ground,
      reason: reason.trim(),
      cells: cells.map(({ bid, item }) => ({ bid, item })),
      ...follows,
    });
    await kept(page.project, page.section).drop();
    [this.#draft, this.#asked] = [EMPTY, ""];
    await page.done(_("The re-evaluation is ordered; the members are told."));
  }

  #giveUp(page: Clerking): TemplateResult {
    return html`<details class="form give-up">
      <summary>${_("Give the re-evaluation up")}</summary>
      <p class="hint">${_("Where a member can take part no longer, or the order was a mistake. What was given again does not count; the former report stands again, and what was published is published for as long as was left.")}</p>
      ${area({
        name: "give-up-reason",
        label: _("Reason, on the record"),
        value: this.#why,
        rows: 3,
        most: MOST,
        changed: (text) => {
          this.#why = text;
          page.again();
        },
      })}
      <div class="acts">
        ${page.button("give-up", _("Give the re-evaluation up for good"), () => this.#drop(page), { isGrave: true, isBlocked: this.#why.trim() === "" })}
      </div>
    </details>`;
  }

  async #drop(page: Clerking): Promise<void> {
    const isSure = await confirmTyped({
      title: _("Give the re-evaluation up"),
      text: html`<p>${this.#why.trim()}</p><p>${_("The former report stands again at once.")}</p>`,
      word: page.number,
      action: _("Give the re-evaluation up for good"),
      isGrave: true,
    });
    if (!isSure) return;
    await command(page.project, { type: "evaluation.drop_reevaluation", section: page.section, reason: this.#why.trim() });
    this.#why = "";
    await page.done(_("The re-evaluation is given up."));
  }

  #names(one: Evaluation): Names {
    const bids = new Map((this.#facts?.review ?? []).map(({ bid, name }) => [bid, name]));
    return namesOf(one, (bid) => bids.get(bid) ?? bid.slice(0, 8));
  }
}

function kept(project: string, section: string): Kept<Draft> {
  return new Kept<Draft>(`${project}/reevaluation/${section}`);
}

function cellsOf(chosen: readonly string[]): Cell[] {
  return chosen.map((name) => {
    const at = name.indexOf("/");
    return { bid: name.slice(0, at), item: name.slice(at + 1) };
  });
}

function titleOf(one: Objection): string {
  const begins = one.text.length > BEGINNING ? `${one.text.slice(0, BEGINNING)}…` : one.text;
  return `${one.name} · ${moment(one.at)} · ${begins}`;
}

/** Every objection to what is or was published, the newest result's last. */
async function objectionsTo(base: string): Promise<readonly Objection[]> {
  try {
    const shown = await get<Shown>(`${base}/result`);
    return [...(shown.former ?? []), shown].flatMap((one) => one.objections ?? []);
  } catch (error) {
    // before the report stands there is no result
    if (error instanceof Problem && error.status === 404) return [];
    throw error;
  }
}
