/**
 * The worker that seals: files in, one sealed file in this browser's own disk space out; and, as
 * another one beside it, the worker that reads them.
 *
 * What opens the bid lives in the first alone and ends with it; the page stays free to answer.
 */

import { Invalid } from "../crypto/invalid.ts";
import type { PackageFile } from "../crypto/package.ts";
import { FileSink, PRACTICE_FILE } from "./disk.ts";
import { Gate } from "./gate.ts";
import { practise } from "./practice.ts";
import { probe } from "./probe.ts";
import type { FromWorker, JobOnLine, ToWorker } from "./protocol.ts";
import { Reader, readFor } from "./reading.ts";
import { seal } from "./seal.ts";

interface Scope {
  postMessage(message: FromWorker): void;
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
}

const scope = globalThis as unknown as Scope;
const gate = new Gate((message) => scope.postMessage(message));

scope.onmessage = ({ data }): void => {
  if (data.kind === "hold") gate.hold(data.isHeld);
  else if (data.kind === "seal" || data.kind === "practise") void run(data);
  else if (data.kind === "read") readFor(data.port);
  else void probe(data.name).then((probed) => scope.postMessage({ kind: "probed", probed }));
};

async function run(job: JobOnLine): Promise<void> {
  const reader = new Reader(job.port);
  let sink: FileSink | undefined;
  try {
    sink = await FileSink.create(job.kind === "seal" ? job.order.bid : PRACTICE_FILE);
    const made = await makeBy(job, job.files.map((one) => reader.file(one)), sink);
    sink.close();
    scope.postMessage(made);
  } catch (error) {
    sink?.close();
    scope.postMessage({ kind: "failed", ...told(error) });
  }
}

async function makeBy(
  job: JobOnLine,
  files: readonly PackageFile[],
  sink: FileSink,
): Promise<FromWorker> {
  return job.kind === "seal"
    ? { kind: "sealed", sealed: await seal(job.order, files, sink, gate) }
    : { kind: "practised", practised: await practise(files, sink, gate) };
}

function told(error: unknown): { code: string; about: string } {
  if (error instanceof Invalid) return { code: error.code, about: error.message };
  if (error instanceof DOMException) return { code: error.name, about: error.message };
  return { code: "failed", about: String(error) };
}
