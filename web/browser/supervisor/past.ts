/** An evaluation as it was at a moment, read from the supervisor's channel folded up to there. */

import type { Evaluation, MemberView, ReportView } from "../committee/view.ts";
import type { JsonObject } from "../hall/merge.ts";
import type { Line } from "../hall/view.ts";

type Rows = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Whether a line is about a section's evaluation. */
export function isOf(line: Line, section: string): boolean {
  return line.type.startsWith("evaluation.") && line.section === section;
}

/** The committee as it was; who sits where is told by the channel, the rule and the bids by now. */
export function asItWas(now: Evaluation, view: JsonObject): Evaluation {
  const all = (view["evaluations"] ?? {}) as Readonly<Record<string, Rows>>;
  const then = all[now.section] ?? {};
  const seats = Object.entries((then["members"] ?? {}) as Readonly<Record<string, MemberView>>);
  const members = seats.map(([seat, one]) => ({ ...one, seat }));
  const reviewed = Object.entries((then["reviewed"] ?? {}) as Rows);
  const { chair: _chair, report: _report, ...rest } = now;
  return {
    ...rest,
    members,
    ...(then["chair"] === undefined ? {} : { chair: String(then["chair"]["seat"]) }),
    progress: {
      reviewed: Object.fromEntries(reviewed.map(([seat, bids]) => [seat, Object.keys(bids).length])),
      bids: now.progress.bids,
      marked: Object.keys(then["marked"] ?? {}),
    },
    ...(then["report"] === undefined
      ? {}
      : {
          report: {
            facts: "",
            pdf: "",
            pdf_size: 0,
            signed: signedThen(now, then["report"]),
            finished: then["report"]["finished"] !== undefined,
          },
        }),
  };
}

/**
 * Who had signed a report. One that stands again, as a re-evaluation was given up, is told without its
 * signatures: they are those it has now, if it still stands.
 */
function signedThen(now: Evaluation, report: Readonly<Record<string, unknown>>): ReportView["signed"] {
  const { signed, finished, facts } = report;
  if (signed === undefined && finished !== undefined && facts === now.report?.facts) return now.report?.signed ?? {};
  const told = Object.entries((signed ?? {}) as Readonly<Record<string, { opinion: "agrees" | "dissents" }>>);
  return Object.fromEntries(told.map(([seat, { opinion }]) => [seat, opinion]));
}
