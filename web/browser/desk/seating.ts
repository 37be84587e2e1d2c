/** Sitting down: the commitment, one's ties, the bidders' names, and the ballot for the chair. */

import { html, nothing, type TemplateResult } from "lit";
import { _ } from "../app/texts.ts";
import { keepTyped, typed } from "../app/typed.ts";
import { hex, utf8 } from "../crypto/bytes.ts";
import { sha256 } from "../crypto/hashing.ts";
import { button, type Scene, waiting } from "./scene.ts";

/** The commitment, whole, and the signature under it. */
export function signIn(scene: Scene): TemplateResult {
  const text = hex(sha256(utf8(scene.promise)));
  const run = async (): Promise<void> => {
    const message = await scene.sign("commitment", { text });
    await scene.send(_("Sign the commitment"), "take_seat", { message });
  };
  return html`<div class="promise" lang="zh-CN" tabindex="0">${scene.promise}</div>
    <p class="hint">
      ${_("You sign this text as it stands, by its SHA-256:")} <code class="hash-whole">${text}</code>
    </p>
    ${scene.keyCard}
    ${button(scene, { name: "sign_in", text: _("Sign the commitment"), run, isBlocked: !scene.canSign })}`;
}

const TIES = "ties";
const MOST_TIES = 50;

/** One's own ties, before any name is shown; "none" is a choice of its own. */
export class Ties {
  #hasNone = false;

  render(scene: Scene): TemplateResult {
    const text = typed(TIES);
    const lines = text.split("\n").map((one) => one.trim()).filter((one) => one !== "");
    const isReady = this.#hasNone ? lines.length === 0 : lines.length > 0 && lines.length <= MOST_TIES;
    const changed = (event: Event): void => {
      keepTyped(TIES, (event.target as HTMLTextAreaElement).value);
      scene.again();
    };
    const none = (event: Event): void => {
      this.#hasNone = (event.target as HTMLInputElement).checked;
      scene.again();
    };
    const run = async (): Promise<void> => {
      await scene.send(_("Declare my ties"), "declare_ties", { ties: lines });
      keepTyped(TIES, "");
    };
    return html`<p class="prose">${_("Before you are shown who has bid: name every organisation you are or were employed by within three years, hold shares in, or in which a close relative works, one a line and by its full name.")}</p>
      <div class="form">
        <div class="field">
          <label for="ties">${_("My ties")}</label>
          <textarea id="ties" rows="5" ?disabled=${this.#hasNone} .value=${text} @input=${changed}></textarea>
        </div>
        <label class="check"><input type="checkbox" ?checked=${this.#hasNone} ?disabled=${lines.length > 0} @change=${none} />${_("I have none")}</label>
        ${lines.length > MOST_TIES ? html`<p class="problem-line" role="alert">${_("At most {most} lines.", { most: MOST_TIES })}</p>` : nothing}
        <div>${button(scene, { name: "ties", text: _("Declare my ties"), run, isBlocked: !isReady })}</div>
      </div>`;
  }
}

/** What was declared. */
export function declared(scene: Scene): TemplateResult {
  const { ties } = scene.view.own;
  if (ties.length === 0) return html`<p>${_("No ties declared.")}</p>`;
  return html`<ul class="names-list">${ties.map((one) => html`<li>${one}</li>`)}</ul>`;
}

/** The bidders' names, and nothing else of their bids. */
export function names(scene: Scene, aside: () => void): TemplateResult {
  const run = async (): Promise<void> => scene.send(_("Nothing speaks against it"), "confirm_names", {});
  return html`<p class="prose">${_("These have bid. If you are tied to one of them in any way, stand aside now: nothing of the bids has been shown to you yet.")}</p>
    ${bidders(scene)}
    <div class="panel-actions">
      ${button(scene, { name: "names", text: _("Nothing speaks against it"), run })}
      <button class="button button-quiet" type="button" @click=${aside}>${_("I have to stand aside")}</button>
    </div>`;
}

/** The bare list. */
export function bidders(scene: Scene): TemplateResult {
  return html`<ol class="names-list">${(scene.view.bidders ?? []).map((one) => html`<li>${one}</li>`)}</ol>`;
}

/** The ballot for the chair: who may be chosen, who has voted, and nothing of how. */
export class Ballot {
  #choice = "";

  render(scene: Scene): TemplateResult {
    const { view } = scene;
    if (view.step === "convened") {
      return waiting(_("The chair is elected once every member has confirmed the names."));
    }
    const { voted, among, round } = view.ballot;
    const told = html`<p class="hint">${_("{count} of {all} have voted", { count: voted.length, all: view.members.length })}</p>`;
    if (voted.includes(view.seat)) {
      return html`${waiting(_("Your vote is in. The others are to vote as well."))} ${told}`;
    }
    const run = async (): Promise<void> => {
      await scene.send(_("Vote for the chair"), "vote_chair", { choice: this.#choice });
      this.#choice = "";
    };
    const again = round > 1 ? html`<p class="note note-amber">${_("Ballot {round}: several had most votes, and the choice is between them.", { round })}</p>` : nothing;
    return html`${again}
      <fieldset class="choices">
        <legend>${_("Whom do you vote for?")}</legend>
        ${view.members
          .filter(({ seat }) => among.includes(seat))
          .map(
            ({ seat, name, place }) => html`<label class="choice"><input
                type="radio" name="chair" value=${seat} .checked=${this.#choice === seat}
                @change=${(): void => this.#choose(scene, seat)}
              /><span><strong>${name}</strong><span class="sub">${_("seat {seat}", { seat })} · ${place}</span></span></label>`,
          )}
      </fieldset>
      ${told}
      ${button(scene, { name: "ballot", text: _("Vote for the chair"), run, isBlocked: !among.includes(this.#choice) })}`;
  }

  #choose(scene: Scene, seat: string): void {
    this.#choice = seat;
    scene.again();
  }
}

/** Who was elected. */
export function chair(scene: Scene): TemplateResult | typeof nothing {
  const found = scene.view.members.find((one) => one.seat === scene.view.chair);
  if (found === undefined) return nothing;
  return html`<p>${_("{name}, chair", { name: found.name })} · ${_("seat {seat}", { seat: found.seat })}</p>`;
}
