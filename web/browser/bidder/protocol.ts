/** What the page and its sealing worker say to each other. */

import type { Practised } from "./practice.ts";
import type { Probed } from "./probe.ts";

/** Where a bid belongs and what it is sealed to; everything was checked by the page before. */
export interface SealOrder {
  readonly project: string;
  readonly section: string;
  readonly envelope: 1 | 2;
  /** The section's key, 130 hex characters, and its id. */
  readonly pk: string;
  readonly keyId: string;
  readonly bidder: string;
  readonly bid: string;
  readonly revision: number;
  readonly supersedes?: string;
  readonly created: number;
  /** The bidder's own secret, 64 hex characters, where the bidder co-opens. */
  readonly secret?: string;
  /** The value of bid-form.json, as canonical text. */
  readonly form: string;
}

/** A file and the name it has in the package. */
export interface NamedFile {
  readonly name: string;
  readonly file: File;
}

export type Phase = "seal" | "check" | "compare";

/** What a worker is started for; practice has no order, for it goes nowhere. */
export type Job =
  | { readonly kind: "seal"; readonly order: SealOrder; readonly files: readonly NamedFile[] }
  | { readonly kind: "practise"; readonly files: readonly NamedFile[] };

/** A job, with the line to the worker that reads. */
export type JobOnLine = Job & { readonly port: MessagePort };

export type ToWorker =
  | JobOnLine
  | { readonly kind: "read"; readonly port: MessagePort }
  | { readonly kind: "hold"; readonly isHeld: boolean }
  | { readonly kind: "probe"; readonly name: string };

/** A bid that is sealed to disk and was opened again. */
export interface SealedBid {
  /** The payload of the `bid` message, as text. */
  readonly payload: string;
  readonly size: number;
  readonly root: string;
  /** Bytes of the package inside. */
  readonly length: number;
}

export type FromWorker =
  | { readonly kind: "progress"; readonly phase: Phase; readonly done: number; readonly total: number }
  | {
      readonly kind: "sealed";
      readonly sealed: SealedBid;
      /** The sealed file with its checksum, where it is not kept on a disk of our own. */
      readonly blob?: Blob;
      readonly crc?: number;
    }
  | { readonly kind: "practised"; readonly practised: Practised }
  | { readonly kind: "probed"; readonly probed: Probed }
  | { readonly kind: "failed"; readonly code: string; readonly about: string };
