/** The messages of room.v1 as this page reads and writes them. */

import type { JsonObject, Patch } from "./merge.ts";
import type { Here, Line } from "./view.ts";

export const SUBPROTOCOL = "room.v1";

export interface Frame {
  readonly ch: string;
  readonly n: number;
  readonly event: Line;
  readonly patch: Patch;
}

export type FromRoom =
  | {
      readonly t: "welcome";
      readonly now: number;
      readonly channels: Readonly<
        Record<string, { readonly n: number; readonly epoch: string; readonly reset: boolean }>
      >;
    }
  | { readonly t: "snapshot"; readonly ch: string; readonly n: number; readonly view: JsonObject }
  | ({ readonly t: "frame" } & Frame)
  | { readonly t: "presence"; readonly ch: string; readonly here: Here }
  | { readonly t: "gone"; readonly ch: string }
  | { readonly t: "pong"; readonly id: number; readonly now: number };

/** Close codes after which coming back cannot help. */
export const SIGNED_OUT = 4401;
export const WRONG = new Set([4400, 4429, 1003, 1009]);
