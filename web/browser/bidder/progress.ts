/** What is told of work that runs for a while. */

import type { Phase } from "./protocol.ts";

/** How far something is; `left` in ms, undefined while that is unknown. */
export interface Progress {
  readonly phase: Phase | "upload";
  readonly done: number;
  readonly total: number;
  readonly speed: number;
  readonly left: number | undefined;
}

/** Work that is shown, and can be held. */
export interface Running {
  readonly progress: Progress | undefined;
  readonly isHeld: boolean;
  /** Whether the line is down at the moment. */
  readonly isOffline: boolean;
  hold(isHeld: boolean): Promise<void>;
}
