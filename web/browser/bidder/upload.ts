/**
 * Brings a sealed file to the service over tus, from where it stopped: after a reload, a crash or on
 * another network. It must not know what the bytes mean.
 */

import { Upload, type DetailedError, type UrlStorage } from "tus-js-client";
import { Problem, Unreachable } from "../app/api.ts";
import { language } from "../app/texts.ts";
import type { JsonObject } from "../crypto/canonical.ts";

/** Bytes of one part; after a cut at most these are sent again. */
const PART = 64 << 20;
const PAUSES = [0, 1000, 2000, 4000, 8000];
/** What the service answers for good: the same part sent again would be answered the same. */
const FINAL = new Set([400, 401, 403, 404, 410, 412, 413, 415, 422]);
const OVER = new Set(["uploads.late", "uploads.not_open"]);

/** What a sealed file is for. */
export interface Purpose {
  readonly project: string;
  readonly section: string;
  readonly envelope: number;
}

/** What is told and kept while a file goes up. */
export interface Uploading {
  /** The address kept from before, where there is one. */
  readonly known: string | undefined;
  keep(address: string): Promise<void>;
  sent(done: number, total: number): void;
  /** The line is down; sending goes on by itself after `pause` ms, or when the line is back. */
  cut(): void;
  readonly pause: number;
}

/** A file on its way; it can be held and let go on. */
export class Sending {
  readonly done: Promise<string>;
  readonly #upload: Upload;
  #isHeld = false;
  #again = 0;
  #settle: { resolve: (id: string) => void; reject: (error: unknown) => void } | undefined;

  constructor(file: Blob, bid: string, purpose: Purpose, uploading: Uploading) {
    this.done = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    this.#upload = new Upload(file as File, {
      endpoint: "/api/uploads",
      ...(uploading.known !== undefined && { uploadUrl: uploading.known }),
      chunkSize: PART,
      retryDelays: PAUSES,
      headers: { "accept-language": language() },
      metadata: {
        project: purpose.project,
        section: purpose.section,
        envelope: String(purpose.envelope),
      },
      fingerprint: async () => bid,
      urlStorage: keeping(uploading),
      storeFingerprintForResuming: true,
      removeFingerprintOnSuccess: false,
      onShouldRetry: (error) => mayGoOn(error),
      onProgress: (sent, total) => uploading.sent(sent, total),
      onError: (error) => this.#failed(asProblem(error), uploading),
      onSuccess: () => this.#settle?.resolve(idOf(this.#upload.url ?? "")),
    });
    this.#upload.start();
  }

  /** Stop sending; what arrived is kept. */
  async hold(): Promise<void> {
    this.#isHeld = true;
    window.clearTimeout(this.#again);
    await this.#upload.abort();
  }

  /** Go on from what the service has. */
  goOn(): void {
    this.#isHeld = false;
    window.clearTimeout(this.#again);
    this.#upload.start();
  }

  #failed(problem: Error, uploading: Uploading): void {
    if (!(problem instanceof Unreachable)) {
      this.#settle?.reject(problem);
      return;
    }
    uploading.cut();
    if (this.#isHeld) return;
    this.#again = window.setTimeout(() => this.goOn(), uploading.pause);
    window.addEventListener("online", () => this.#isHeld || this.goOn(), { once: true });
  }
}

/** Return the id of an upload out of its address. */
export function idOf(address: string): string {
  return new URL(address, "https://any.example").pathname.split("/").at(-1) ?? "";
}

/** Keeps the address in the bid's own record, durable before the first part is sent. */
function keeping(uploading: Uploading): UrlStorage {
  return {
    findAllUploads: async () => [],
    findUploadsByFingerprint: async () => [],
    removeUpload: async () => undefined,
    addUpload: async (_fingerprint, upload) => {
      const address = upload.uploadUrl ?? "";
      await uploading.keep(new URL(address, location.origin).pathname);
      return address;
    },
  };
}

/** Tell whether the same part may be sent again: the line broke, or another request had it. */
function mayGoOn(error: Error | DetailedError): boolean {
  const told = asProblem(error);
  return !(told instanceof Problem) || !(FINAL.has(told.status) || OVER.has(told.code));
}

function asProblem(error: Error | DetailedError): Error {
  const answer = (error as DetailedError).originalResponse;
  if (answer === null || answer === undefined) return new Unreachable();
  try {
    const told = JSON.parse(answer.getBody()) as JsonObject;
    const detail = String(told["detail"] ?? told["code"]);
    return new Problem(answer.getStatus(), String(told["code"]), detail, told);
  } catch {
    // an answer to HEAD has no body; the status alone tells
    return new Problem(answer.getStatus(), "uploads.unknown", "", {});
  }
}
