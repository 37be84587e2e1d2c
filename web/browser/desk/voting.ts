/** What members disagree on: votes, and the end of the review, which the chair brings about. */

import { html, nothing, type TemplateResult } from "lit";
import { confirmTyped } from "../app/ask.ts";
import { _ } from "../app/texts.ts";
import { button, type Scene, waiting } from "./scene.ts";
import { type AboutItem, isChair, nameOf, titleOf, type Vote } from "./view.ts";

/** The seven grounds of the law, in its order. */
const GROUNDS = ["unsigned", "consortium", "unqualified", "several_bids", "price_limit", "unresponsive", "collusion"];

function about(scene: Scene, of: AboutItem): string {
  return _("{bidder}: {item}", { bidder: nameOf(scene.view, of.bid), item: titleOf(scene.view, of.item) });
}

/** Every vote there is and, for the chair, every one that has to be opened. */
export function votes(scene: Scene): TemplateResult | typeof nothing {
  const { votes: all = [], to_vote: due = [] } = scene.view;
  if (all.length + due.length === 0) return nothing;
  return html`<section class="votes" aria-labelledby="h-votes">
    <h3 id="h-votes">${_("Votes of the committee")}</h3>
    <ul class="vote-list">
      ${due.map((one) => html`<li class="vote">${toOpen(scene, one)}</li>`)}
      ${all.map((one) => html`<li class="vote">${vote(scene, one)}</li>`)}
    </ul>
  </section>`;
}

function toOpen(scene: Scene, one: AboutItem): TemplateResult {
  const what = about(scene, one);
  const run = async (): Promise<void> => scene.send(_("Open the vote"), "open_vote", { ...one });
  return html`<p class="vote-what">${what}</p>
    <p class="hint">${_("Members do not agree; most votes of the whole committee decide.")}</p>
    ${isChair(scene.view)
      ? button(scene, { name: `open-${one.bid}-${one.item}`, text: _("Open the vote"), run, about: what })
      : html`<p class="waits">${_("The chair opens the vote.")}</p>`}`;
}

function vote(scene: Scene, one: Vote): TemplateResult {
  const what = about(scene, one);
  const cast = (passes: boolean): TemplateResult =>
    button(scene, {
      name: `${passes ? "pass" : "fail"}-${one.bid}-${one.item}`,
      text: passes ? _("It passes") : _("It fails"),
      about: what,
      isQuiet: true,
      run: () => scene.send(_("Vote"), "cast_vote", { bid: one.bid, item: one.item, passes }),
    });
  const kind = one.outcome === "passed" ? "tag-green" : one.outcome === "failed" ? "tag-red" : "";
  return html`<p class="vote-what">${what} <span class="tag ${kind}">${_(`verdict ${one.outcome}`)}</span></p>
    <p class="hint">${_("{count} of {all} have voted", { count: one.voted.length, all: scene.view.members.length })}</p>
    ${one.voted.includes(scene.view.seat) || scene.view.step !== "review"
      ? nothing
      : html`<div class="panel-actions">${cast(true)}${cast(false)}</div>`}`;
}

/** The chair's last act of the review; nothing before everything is decided. */
export class Closing {
  readonly #grounds = new Map<string, string>();

  render(scene: Scene): TemplateResult | typeof nothing {
    const { view } = scene;
    if (!isChair(view) || !isDecided(scene)) return nothing;
    const failed = view.failed ?? [];
    const isReady = failed.every((bid) => this.#grounds.has(bid));
    return html`<section class="closing" aria-labelledby="h-closing">
      <h3 id="h-closing">${_("Close the review")}</h3>
      <p class="prose">${failed.length === 0
        ? _("Every bid passed every item.")
        : _("These bids failed an item. A bid is rejected only on one of the law's grounds.")}</p>
      <div class="form">
        ${failed.map((bid) => this.#ground(scene, bid))}
        <div>${button(scene, { name: "close", text: _("Close the review"), run: () => this.#close(scene), isBlocked: !isReady })}</div>
      </div>
    </section>`;
  }

  #ground(scene: Scene, bid: string): TemplateResult {
    const changed = (event: Event): void => {
      const ground = (event.target as HTMLSelectElement).value;
      if (ground === "") this.#grounds.delete(bid);
      else this.#grounds.set(bid, ground);
      scene.again();
    };
    return html`<div class="field"><label for="ground-${bid}">${_("Ground for rejecting {bidder}", { bidder: nameOf(scene.view, bid) })}</label>
      <select id="ground-${bid}" @change=${changed}>
        <option value="">${_("Choose a ground")}</option>
        ${GROUNDS.map((one) => html`<option value=${one} ?selected=${this.#grounds.get(bid) === one}>${_(`ground ${one}`)}</option>`)}
      </select></div>`;
  }

  async #close(scene: Scene): Promise<void> {
    const failed = scene.view.failed ?? [];
    const isSure = await confirmTyped({
      title: _("Close the review?"),
      text: failed.length === 0
        ? _("Every bid is scored then.")
        : _("{count} bids are rejected then, and are not scored.", { count: failed.length }),
      action: _("Close the review"),
      isGrave: failed.length > 0,
    });
    if (!isSure) return;
    const rejected = Object.fromEntries(failed.map((bid) => [bid, this.#grounds.get(bid) ?? ""]));
    await scene.send(_("Close the review"), "close_review", { rejected });
  }
}

/** What a member who has reviewed everything waits for; nothing where there is something to do. */
export function awaited(scene: Scene): TemplateResult | typeof nothing {
  if (!isReviewed(scene)) {
    return waiting(_("You have reviewed every bid. What the others find is shown once all have reviewed it."));
  }
  if (!isDecided(scene) || isChair(scene.view)) return nothing;
  return waiting(_("Everything is decided. The chair closes the review."));
}

function isReviewed({ view }: Scene): boolean {
  return view.members.every(({ seat }) => view.progress.reviewed[seat] === view.progress.bids);
}

/** Everybody reviewed every bid, and no item is open. */
function isDecided(scene: Scene): boolean {
  const { view } = scene;
  const isOpen = (view.votes ?? []).some(({ outcome }) => outcome === "open");
  return isReviewed(scene) && (view.to_vote ?? []).length === 0 && !isOpen;
}

/** What came of the review. */
export function rejected(scene: Scene): TemplateResult {
  const found = Object.entries(scene.view.rejected ?? {});
  if (found.length === 0) return html`<p>${_("No bid was rejected.")}</p>`;
  return html`<ul class="names-list">${found.map(
    ([bid, ground]) => html`<li>${nameOf(scene.view, bid)}<span class="sub">${_(`ground ${ground}`)}</span></li>`,
  )}</ul>`;
}
