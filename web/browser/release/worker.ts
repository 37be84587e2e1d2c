/**
 * Checks openings away from the page, so that it stays quick; it fetches nothing, holds no secret
 * and says nothing in words.
 */

import { NotTrusted } from "../record/not_trusted.ts";
import { checkOpening, type Progress } from "./opening.ts";
import { reportOf } from "./report.ts";
import type { Asked, Answer } from "./checking.ts";

/** How often a step is told at most, ms. */
const OFTEN = 100;

self.onmessage = ({ data }: MessageEvent<Asked>): void => void answer(data);

async function answer({ record, keys, project, place }: Asked): Promise<void> {
  let last = 0;
  const tell: Progress = (step, done, all) => {
    const now = performance.now();
    if (now - last < OFTEN && done !== all) return;
    last = now;
    post({ kind: "step", step, done, all });
  };
  try {
    const opening = await checkOpening(record, keys, project, place, tell);
    post({ kind: "report", report: await reportOf(opening, tell) });
  } catch (error) {
    if (error instanceof NotTrusted) {
      const { fault, about, rule } = error;
      post({ kind: "not_trusted", fault, about, rule });
    } else {
      post({ kind: "broken", message: String(error) });
    }
  }
}

function post(said: Answer): void {
  self.postMessage(said);
}
