/** What a page asks of the worker that holds the kit, and what it is answered; no secret is in it. */

import type { Bytes } from "../crypto/bytes.ts";
import type { JsonObject } from "../crypto/canonical.ts";
import type { Origin } from "../crypto/kit.ts";
import type { Proved } from "./attempt.ts";
import type { PartialRequest } from "./holder.ts";
import type { Due } from "./party.ts";

/** An attempt, and what is proved of it. */
export interface OfAttempt {
  readonly project: string;
  readonly sid: string;
  readonly entries: readonly Proved[];
}

/** What can be asked, and its answer; a passphrase goes in, nothing secret comes out. */
export interface Requests {
  /** Make a kit: its file, locked, to be saved and opened again before it can be used. */
  readonly make: {
    readonly asked: { readonly passphrase: string; readonly origin: Origin };
    readonly told: { readonly file: Bytes; readonly keyid: string };
  };
  /** Open a kit from its file; where one was just made it must be that one. */
  readonly open: {
    readonly asked: {
      readonly file: Bytes;
      readonly passphrase: string;
      readonly log: string;
      readonly timekeeper: string;
    };
    readonly told: { readonly spki: string; readonly keyid: string; readonly origin: Origin };
  };
  readonly close: { readonly asked: object; readonly told: object };
  readonly registration: { readonly asked: { readonly account: string }; readonly told: JsonObject };
  readonly next: { readonly asked: OfAttempt; readonly told: Due };
  readonly giveUp: { readonly asked: OfAttempt; readonly told: JsonObject };
  readonly rehearse: {
    readonly asked: OfAttempt & {
      readonly clerks: Readonly<Record<string, string>>;
      readonly checkpoint: string;
    };
    readonly told: JsonObject;
  };
  readonly partial: { readonly asked: PartialRequest; readonly told: JsonObject };
}

export type Kind = keyof Requests;

export type ToWorker = {
  readonly [K in Kind]: { readonly id: number; readonly kind: K; readonly asked: Requests[K]["asked"] };
}[Kind];

export type FromWorker =
  | { readonly id: number; readonly told: Requests[Kind]["told"] }
  | { readonly id: number; readonly failed: { readonly code: string; readonly message: string } };
