/**
 * What is to be sealed, as it is put together: the checked key, the files, the form as typed. The
 * signed-in page and the offline sealer share it; it sends nothing.
 */

import { hex } from "../crypto/bytes.ts";
import { dumps, type JsonObject } from "../crypto/canonical.ts";
import { fingerprint } from "../crypto/fingerprint.ts";
import { uncompressed } from "../crypto/points.ts";
import { lookAtBlind, type BlindFault } from "./blind.ts";
import { badNames, sealedSizeOf, totalOf } from "./files.ts";
import { written, type Filled, type Written } from "./filled.ts";
import { formProblems, termsOf, type FormProblem, type FormTerms } from "./form.ts";
import type { TrustedKey } from "./notices.ts";
import type { NamedFile, SealOrder } from "./protocol.ts";

/** Where a bid goes, and whose it is. */
export interface Place {
  readonly project: string;
  readonly section: string;
  readonly envelope: 1 | 2;
  readonly account: string;
  readonly organisation: string;
}

/** What stands against sealing some files. */
export interface FileProblem {
  readonly kind: "none" | "name" | "size";
  readonly name: string;
}

/** What one bid is besides its content. */
export interface Numbered {
  readonly bid: string;
  readonly revision: number;
  readonly supersedes?: string;
  readonly created: number;
}

export class Draft {
  trusted: TrustedKey | undefined;
  files: readonly NamedFile[] = [];
  filled: Filled = {};
  /** What was found in the blind part of these files. */
  blindFaults: readonly BlindFault[] = [];

  /** The revision that this one would replace, 0 where there is none. */
  get replaces(): number {
    return 0;
  }

  /** The most bytes a sealed file may have. */
  get most(): number {
    return this.trusted?.section.max_size ?? 0;
  }

  get terms(): FormTerms {
    const { trusted } = this;
    if (trusted === undefined) return { fields: [], priced: true };
    return termsOf(trusted.section, trusted.envelope, trusted.notice.currency);
  }

  /** The eight words of the key, English and Chinese side by side. */
  get words(): ReturnType<typeof fingerprint> {
    return this.trusted === undefined ? [] : fingerprint(this.trusted.key.keyId);
  }

  /** The form as it would be sealed. */
  get form(): Written {
    return written(this.filled, this.terms);
  }

  /** Everything that is wrong with the form, as typed and as the read-out would show it. */
  get formProblems(): readonly FormProblem[] {
    const { form, problems } = this.form;
    const unread = new Set(problems.map(({ field }) => field));
    const judged = formProblems(form, this.terms).filter(({ field }) => !unread.has(field));
    return [...problems, ...judged];
  }

  /** What is to be put right before sealing; a price above the limit is the bidder's to know. */
  get blocking(): readonly FormProblem[] {
    return this.formProblems.filter(({ problem }) => problem !== "over_limit");
  }

  get fileProblems(): readonly FileProblem[] {
    return [
      ...(this.files.length === 0 ? [{ kind: "none" as const, name: "" }] : []),
      ...badNames(this.files).map((name) => ({ kind: "name" as const, name })),
      ...(this.sealedSize > this.most ? [{ kind: "size" as const, name: "" }] : []),
    ];
  }

  /** Whether the section has blind items; not known to a machine without a line. */
  get wantsBlind(): boolean {
    return false;
  }

  /** Look at the blind part again: its files or its bidder's name have changed. */
  async lookAtBlind(): Promise<void> {
    const { files } = this;
    const names = ["bidder", "leader"].map((field) => (this.filled[field] ?? "").trim());
    const found = await lookAtBlind(files, names, this.wantsBlind);
    if (files === this.files) this.blindFaults = found;
  }

  get total(): number {
    return totalOf(this.files);
  }

  /** About how large the sealed file will be. */
  get sealedSize(): number {
    return sealedSizeOf(this.files, dumps(this.form.form).length);
  }

  /** Take over what was typed into one field. */
  async type(path: string, text: string): Promise<void> {
    this.filled = { ...this.filled, [path]: text };
  }

  /** Return what the worker is told to seal. */
  order(
    { key, project, section, envelope }: TrustedKey,
    numbered: Numbered,
    organisation: string,
    form: JsonObject,
    secret: string | undefined,
  ): SealOrder {
    return {
      project,
      section: section.section,
      envelope,
      pk: hex(uncompressed(key.pk)),
      keyId: hex(key.keyId),
      bidder: organisation,
      bid: numbered.bid,
      revision: numbered.revision,
      ...(numbered.supersedes !== undefined && { supersedes: numbered.supersedes }),
      created: numbered.created,
      ...(secret !== undefined && { secret }),
      form: new TextDecoder().decode(dumps(form)),
    };
  }
}
