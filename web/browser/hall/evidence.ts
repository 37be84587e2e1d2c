/**
 * The evidence pack: the record, what the verifier said of it, the log's head and keys and the
 * minutes in one file, with the hash of each. It proves nothing by itself; the record in it does.
 */

import { bytes } from "../app/api.ts";
import { moment } from "../app/format.ts";
import { _ } from "../app/texts.ts";
import { hex, utf8, type Bytes } from "../crypto/bytes.ts";
import { crc32 } from "../crypto/crc32.ts";
import { sha256 } from "../crypto/hashing.ts";
import { zipFrame } from "../crypto/zip.ts";

interface Part {
  readonly name: string;
  readonly content: Bytes;
}

/** Where the pieces of a pack come from. */
export interface Sources {
  readonly project: string;
  /** The address of the session's minutes, without their form; empty before they are drawn up. */
  readonly minutes: string;
  /** What the verifier said, and when, ms. */
  readonly outcome: object;
  readonly at: number;
}

/** Gather everything and return it as a ZIP file. */
export async function evidencePack({ project, minutes, outcome, at }: Sources): Promise<Blob> {
  const found: Part[] = [
    { name: "record.tar", content: await bytes(`/api/projects/${project}/record`) },
    { name: "verification.json", content: utf8(JSON.stringify(outcome, null, 1)) },
    { name: "log-checkpoint.txt", content: await bytes("/api/log/checkpoint") },
    { name: "log-keys.json", content: await bytes("/api/log/keys") },
    ...(minutes === "" ? [] : await minutesOf(minutes)),
  ];
  const sums = found.map(({ name, content }) => `${hex(sha256(content))}  ${name}\n`).join("");
  const read = { name: "README.txt", content: utf8(`${readMe(at)}\n\n${sums}`) };
  return zipped([read, ...found]);
}

async function minutesOf(path: string): Promise<Part[]> {
  return [
    { name: "minutes.pdf", content: await bytes(`${path}/pdf`) },
    { name: "minutes.json", content: await bytes(`${path}/json`) },
  ];
}

function readMe(at: number): string {
  return [
    _("Evidence pack, put together {at}", { at: moment(at) }),
    _("record.tar is the project's record as this seat may have it; it proves itself. verification.json is what the verifier said on the server."),
    _("To check it without the service: Python 3.11 with the package cryptography, then"),
    "    python verifier.pyz record.tar",
    _("Get the verifier, and compare the log's keys, from elsewhere than this service. The hashes (SHA-256) of the files:"),
  ].join("\n");
}

function zipped(parts: readonly Part[]): Blob {
  const { heads, tail } = zipFrame(
    parts.map(({ name, content }) => ({ name, size: content.length, crc: crc32(content) })),
  );
  const pieces = parts.flatMap(({ content }, at) => [heads[at] ?? new Uint8Array(0), content]);
  return new Blob([...pieces, tail], { type: "application/zip" });
}
