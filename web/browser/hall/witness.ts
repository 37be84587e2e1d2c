/** How recently the timekeeper cosigned the log, asked for now and then; it judges nothing. */

import { get, request } from "../app/api.ts";
import { parseNote } from "../crypto/notes.ts";

const EVERY_MS = 15_000;
/** A cosignature: key id, time in seconds, Ed25519 signature. */
const COSIGNATURE_LENGTH = 72;

/** Asks for the newest cosigned checkpoint until it is stopped. */
export class WitnessWatch {
  /** When it was cosigned, ms; 0 before the first time, undefined where there is no timekeeper. */
  at: number | undefined;
  readonly #timer: number;

  constructor(private readonly changed: () => void) {
    this.#timer = window.setInterval(() => void this.#look(), EVERY_MS);
    void this.#look();
  }

  stop(): void {
    window.clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    try {
      const { witness } = await get<{ witness: string }>("/api/log/keys");
      if (witness === "") return;
      this.at ??= 0;
      const note = await (await request("/api/log/checkpoint", {})).text();
      this.at = cosignedAt(note) ?? 0;
    } catch {
      // none yet, or no line: the banner tells of the line
    }
    this.changed();
  }
}

/** Return when a checkpoint says it was cosigned, ms; what signs it is the verifier's matter. */
export function cosignedAt(note: string): number | undefined {
  const times = parseNote(note)
    .signatures.map((one) => one.signature.slice(4))
    .filter((signature) => signature.length === COSIGNATURE_LENGTH)
    .map((signature) => Number(new DataView(signature.buffer, signature.byteOffset, 8).getBigUint64(0)));
  return times.length === 0 ? undefined : Math.max(...times) * 1000;
}
