/**
 * The page's end of the worker that holds the kit; it knows how to ask, and keeps no secret.
 */

import { Said } from "../app/ask.ts";
import { _ } from "../app/texts.ts";
import { startWorker } from "../app/worker.ts";
import type { JsonObject } from "../crypto/canonical.ts";
import { Invalid } from "../crypto/invalid.ts";
import type { KitHolder, PartialRequest } from "./holder.ts";
import type { FromWorker, Kind, Requests } from "./protocol.ts";

interface Waiting {
  readonly done: (told: never) => void;
  readonly failed: (error: Error) => void;
}

/** A kit in its worker, opened or not. */
export class KitSeat {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;
  #broken: Error | undefined;

  /** @param address of the worker's code, as the template names it. */
  constructor(address: string) {
    this.#worker = startWorker(address);
    this.#worker.onmessage = ({ data }: MessageEvent<FromWorker>): void => this.#take(data);
    this.#worker.onerror = (): void => this.#fail(new Said(_("The part of this page that holds the kit does not run. Load the page again.")));
  }

  /** Ask the worker, and wait for its answer. */
  async ask<K extends Kind>(kind: K, asked: Requests[K]["asked"]): Promise<Requests[K]["told"]> {
    this.#last += 1;
    const id = this.#last;
    if (this.#broken !== undefined) throw this.#broken;
    return new Promise<Requests[K]["told"]>((resolve, reject) => {
      this.#waiting.set(id, { done: resolve as (told: never) => void, failed: reject });
      this.#worker.postMessage({ id, kind, asked });
    });
  }

  /** Return the opened kit as other parts of the page may use it. */
  holder(spki: string): KitHolder {
    return {
      spki,
      partial: async (asked: PartialRequest): Promise<JsonObject> => this.ask("partial", asked),
    };
  }

  #take(message: FromWorker): void {
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (waiting === undefined) return;
    if ("told" in message) waiting.done(message.told as never);
    else waiting.failed(thrown(message.failed));
  }

  #fail(error: Error): void {
    this.#broken = error;
    for (const waiting of this.#waiting.values()) waiting.failed(error);
    this.#waiting.clear();
  }
}

function thrown({ code, message }: { code: string; message: string }): Error {
  if (code === "") return new Error(message);
  const detail = message.startsWith(`${code}: `) ? message.slice(code.length + 2) : "";
  return new Invalid(code, detail);
}
