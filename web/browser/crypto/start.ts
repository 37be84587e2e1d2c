/** The message that starts a key ceremony: who takes part and under which terms. */

import type { Bytes } from "./bytes.ts";
import { loads } from "./canonical.ts";
import { Fields } from "./fields.ts";
import { must } from "./invalid.ts";
import { SUITE } from "./params.ts";

/** A custodian as the ceremony names it; `key` is SubjectPublicKeyInfo. */
export interface RosterMember {
  readonly name: string;
  readonly organisation: string;
  readonly key: Bytes;
}

/** The terms of one attempt; times are milliseconds UTC. */
export interface CeremonyStart {
  readonly project: string;
  readonly section: string;
  readonly envelope: 1 | 2;
  readonly attempt: number;
  readonly n: number;
  readonly k: number;
  readonly roster: readonly RosterMember[];
  readonly timekeeper: { readonly name: string; readonly key: Bytes; readonly witness: string };
  readonly joinBy: number;
  readonly dealBy: number;
  readonly certifyBy: number;
  /** Whether each bidder keeps a secret without which its bid cannot be opened. */
  readonly coOpen: boolean;
}

/** Read the payload of `ceremony-start` strictly. */
export function readStart(payload: Uint8Array): CeremonyStart {
  const fields = new Fields(loads(payload), "ceremony-start").version();
  must(fields.text("suite") === SUITE, "ceremony.suite");
  const envelope = fields.integer("envelope", 1);
  must(envelope === 1 || envelope === 2, "ceremony.envelope");
  const timekeeper = new Fields(fields.take("timekeeper"), "timekeeper");
  const start: CeremonyStart = {
    project: fields.text("project"),
    section: fields.text("section"),
    envelope,
    attempt: fields.integer("attempt", 1),
    n: fields.integer("n", 2),
    k: fields.integer("k", 2),
    roster: fields.list("roster").map((value) => {
      const member = new Fields(value, "roster");
      const read = {
        name: member.text("name"),
        organisation: member.text("organisation"),
        key: member.bytes("key"),
      };
      member.done();
      return read;
    }),
    timekeeper: {
      name: timekeeper.text("name"),
      key: timekeeper.bytes("key"),
      witness: timekeeper.text("witness"),
    },
    joinBy: fields.integer("join_by"),
    dealBy: fields.integer("deal_by"),
    certifyBy: fields.integer("certify_by"),
    coOpen: fields.flag("co_open"),
  };
  timekeeper.done();
  fields.done();
  must(start.k <= start.n && start.roster.length === start.n, "ceremony.roster");
  return start;
}
