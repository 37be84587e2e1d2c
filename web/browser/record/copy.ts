/**
 * A client's own copy of a record: read, every proof checked, and folded. It must not decide
 * anything about an opening; `release/opening.ts` does.
 */

import { readRecord, within, type Container } from "./container.ts";
import type { Keys } from "./checkpoints.ts";
import { fold, nothing } from "./fold.ts";
import { sessionAt, type State } from "./state.ts";

/** For how long after a deadline the service's word for a time before it is taken, ms. */
const BELIEVED = 60_000;

/** A record as this browser has checked it. */
export interface RecordCopy {
  readonly container: Container;
  readonly state: State;
}

/** A finding about time; it does not change the list, whoever opens looks at it before. */
export interface Warning {
  readonly kind: "early_close" | "late" | "late_witness" | "hidden_sections";
  /** The entry it is about; absent where it is about many. */
  readonly seq?: number;
  readonly at?: number;
  readonly deadline?: number;
}

/**
 * Read a record from its file.
 *
 * @throws NotTrusted something in it does not hold.
 */
export async function readCopy(
  source: Blob,
  keys: Keys,
  project: string,
  progress?: (read: number, all: number) => void,
): Promise<RecordCopy> {
  const state = nothing(project);
  const container = await readRecord(source, keys, project, {
    entry: (told) => within("record.message", told.stamp.seq, () => fold(state, told)),
    ...(progress !== undefined && { progress }),
  });
  return { container, state };
}

/** Name what came too late for its deadline, or a close too early; V6 of the record's checks. */
export function lateIn(state: State): Warning[] {
  const closes = state.closes.map(({ deadline, stamp }) => ({ deadline, stamp, isClose: true }));
  const acts = [...state.admissions, ...state.withdrawals].flatMap(({ bid, stamp }) => {
    const closed = sessionAt(state, state.bids.get(bid)?.place ?? "").closed;
    if (closed === undefined || stamp.seq > closed.stamp.seq) return [];
    return [{ deadline: closed.deadline, stamp, isClose: false }];
  });
  return [...closes, ...acts]
    .sort((a, b) => a.stamp.seq - b.stamp.seq)
    .flatMap(({ deadline, stamp, isClose }) => {
      const { seq, at } = stamp;
      const found: Warning[] = [];
      if (isClose && at < deadline) found.push({ kind: "early_close", seq, at, deadline });
      if (!isClose && at >= deadline) found.push({ kind: "late", seq, at, deadline });
      const seen = stamp.cosignedAt * 1000;
      if (seen > deadline + BELIEVED) found.push({ kind: "late_witness", seq, at: seen, deadline });
      return found;
    });
}
