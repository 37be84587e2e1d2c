/** What every panel of the desk is handed: the evaluation, how to act in it, and its words. */

import { html, nothing, type TemplateResult } from "lit";
import type { Act } from "../app/act.ts";
import type { JsonObject } from "../crypto/canonical.ts";
import type { Draft } from "./draft.ts";
import type { Evaluation } from "./view.ts";

export interface Scene {
  readonly project: string;
  readonly section: string;
  readonly view: Evaluation;
  readonly act: Act;
  readonly draft: Draft;
  /** The commitment's text, as it is shown and signed. */
  readonly promise: string;
  /** Whether this browser's key signs in this project. */
  readonly canSign: boolean;
  /** The signing key's card. */
  readonly keyCard: TemplateResult;
  /** Ask for something of this section until it is answered; what it does, in words. */
  send(what: string, type: string, fields: JsonObject): Promise<void>;
  /** Sign a message as this member. */
  sign(message: string, fields: JsonObject): Promise<JsonObject>;
  /** The service's time, ms UTC; undefined before the room has told it. */
  readonly now: () => number | undefined;
  /** Draw the panels again. */
  again(): void;
}

interface Doing {
  readonly name: string;
  readonly text: string;
  readonly run: () => Promise<unknown>;
  readonly isBlocked?: boolean;
  readonly isQuiet?: boolean;
  readonly isGrave?: boolean;
  /** What tells it from others of its kind, for those who listen. */
  readonly about?: string;
}

/** A button that does one thing, with what went wrong beside it. */
export function button(scene: Scene, doing: Doing): TemplateResult {
  const kind = doing.isGrave === true ? "button-grave" : doing.isQuiet === true ? "button-quiet" : "";
  return html`<button
      class="button ${kind}"
      type="button"
      data-step=${doing.name}
      ?disabled=${doing.isBlocked === true || scene.act.isBusy()}
      aria-label=${doing.about === undefined ? nothing : `${doing.text} ${doing.about}`}
      @click=${scene.act.on(doing.name, doing.run)}
    >
      ${doing.text}
    </button>
    ${scene.act.problem(doing.name)}`;
}

/** What a member waits for. */
export function waiting(text: string): TemplateResult {
  return html`<p class="waits" role="status">${text}</p>`;
}
