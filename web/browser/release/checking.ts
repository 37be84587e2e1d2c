/** The page's side of checking an opening: fetches the record and has it checked in a worker. */

import { request } from "../app/api.ts";
import { pinned, see } from "../app/trust.ts";
import { startWorker } from "../app/worker.ts";
import type { Keys } from "../record/checkpoints.ts";
import { NotTrusted, type Fault } from "../record/not_trusted.ts";
import type { Place } from "../record/state.ts";
import type { Progress, Step } from "./opening.ts";
import type { Report } from "./report.ts";

/** What the worker is asked. */
export interface Asked {
  readonly record: Blob;
  readonly keys: Keys;
  readonly project: string;
  readonly place: Place;
}

/** What the worker says: steps, then one of the others. */
export type Answer =
  | { readonly kind: "step"; readonly step: Step; readonly done: number; readonly all: number }
  | { readonly kind: "report"; readonly report: Report }
  | { readonly kind: "not_trusted"; readonly fault: Fault; readonly about: string; readonly rule: string }
  | { readonly kind: "broken"; readonly message: string };

/** Fetch the record of a project, as the service shows it to whoever is signed in. */
export async function fetchRecord(project: string): Promise<Blob> {
  return (await request(`/api/projects/${project}/record`, {})).blob();
}

/**
 * Check an opening on a record, and that the log continues what this browser saw before.
 *
 * @param worker the address of the worker.
 * @throws NotTrusted something does not hold; nothing is to be released.
 */
export async function checkRecord(
  worker: string,
  record: Blob,
  project: string,
  place: Place,
  progress: Progress,
): Promise<Report> {
  const trust = await pinned();
  const keys: Keys = { log: trust.log, timekeeper: trust.timekeeper };
  const report = await inWorker(worker, { record, keys, project, place }, progress);
  await see(report.first, trust);
  await see(report.newest, trust);
  return report;
}

async function inWorker(address: string, asked: Asked, progress: Progress): Promise<Report> {
  const worker = startWorker(address);
  try {
    return await new Promise<Report>((resolve, reject) => {
      worker.onerror = (event): void => reject(new Error(event.message));
      worker.onmessage = ({ data }: MessageEvent<Answer>): void => {
        if (data.kind === "step") progress(data.step, data.done, data.all);
        else if (data.kind === "report") resolve(data.report);
        else if (data.kind === "broken") reject(new Error(data.message));
        else reject(new NotTrusted(data.fault, data.about, data.rule));
      };
      worker.postMessage(asked);
    });
  } finally {
    worker.terminate();
  }
}
