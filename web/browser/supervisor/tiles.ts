/** All rooms of one project at a glance: stage, who is there, how far; it leads to each and acts in none. */

import { html, nothing, type TemplateResult } from "lit";
import { Beside } from "../app/beside.ts";
import { moment } from "../app/format.ts";
import { _ } from "../app/texts.ts";
import type { Evaluation } from "../committee/view.ts";
import { tag, type Tone } from "../hall/pieces.ts";
import { Room, type Standing } from "./room.ts";

type Section = Standing["sections"][number];

const TONES: Readonly<Record<string, Tone>> = {
  open: "blue",
  keys: "blue",
  closed: "amber",
  opening1: "red",
  opening2: "red",
  evaluating1: "amber",
  suspended: "amber",
  opened1: "green",
  opened2: "green",
  awarded: "green",
};
/** Who is told of, in the order in which they are. */
const ROLES = ["clerk", "bidder", "expert", "custodian", "timekeeper", "supervisor"] as const;

/** `<kb-tiles data-project>`; what the service wrote stays until there is more to show. */
export class Tiles extends Beside {
  #room: Room | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#room = Room.of(this.dataset["project"] ?? "");
    const again = (): void => this.requestUpdate();
    this.#room.addEventListener("line", again);
    this.#room.addEventListener("read", again);
  }

  protected override shouldUpdate(): boolean {
    return this.#room?.standing !== undefined;
  }

  protected override render(): TemplateResult | typeof nothing {
    const [room, standing] = [this.#room, this.#room?.standing];
    if (room === undefined || standing === undefined) return nothing;
    const tiles = standing.sections.flatMap((section) =>
      Array.from({ length: section.envelopes }, (_one, index) => this.#tile(room, standing, section, index + 1)),
    );
    return html`${here(room)}
      <ul class="tiles">
        ${tiles.length === 0 ? html`<li class="tile"><p class="quiet">${_("No section is defined yet.")}</p></li>` : tiles}
      </ul>`;
  }

  #tile(room: Room, standing: Standing, section: Section, envelope: number): TemplateResult {
    const { project } = room;
    const session = standing.sessions.find((one) => one.section === section.section && one.envelope === envelope);
    const stage = session?.stage ?? "lobby";
    const evaluation = room.evaluations.find((one) => one.section === section.section);
    const open = waiting(room, section.section);
    const title = section.envelopes > 1 ? html`${section.title} · ${_("envelope {n}", { n: envelope })}` : section.title;
    return html`<li class="tile">
      <p class="tile-title">${title}</p>
      <p>${tag(_(`phase ${section.phase}`), TONES[section.phase] ?? "grey")} ${tag(_(`stage ${stage}`), stage === "ended" ? "green" : stage === "lobby" ? "blue" : "red")}</p>
      ${evaluation === undefined ? nothing : committee(room, evaluation)}
      <p class="sub">${_("Deadline and opening")} <time>${moment(section.deadline)}</time></p>
      ${open === 0 ? nothing : html`<p>${tag(_("{n} notices not acknowledged", { n: open }), "amber")}</p>`}
      <p class="links"><a href="/projects/${project}/hall/${section.section}-${envelope}">${_("Go to the hall")}<span class="unseen"> · ${title}</span></a>
        ${evaluation === undefined ? nothing : html`<a href="#watch-${project}-${section.section}">${_("Evaluation")}<span class="unseen"> · ${title}</span></a>`}</p>
    </li>`;
  }
}

/** How many notices about a section wait for the clerk's reply. */
function waiting(room: Room, section: string): number {
  const notices = room.connection.channels.view("supervisor")["notices"] ?? {};
  const all = Object.values(notices) as { readonly section?: string; readonly reply?: string }[];
  return all.filter((one) => one.section === section && one.reply === undefined).length;
}

/** Who is in the project's rooms, by role. */
function here(room: Room): TemplateResult | typeof nothing {
  if (room.state !== "live") return nothing;
  const up = Object.values(room.connection.here).filter(({ line }) => line === "up");
  const told = ROLES.map((role) => [role, up.filter((one) => one.role === role).length] as const)
    .filter(([, count]) => count > 0)
    .map(([role, count]) => `${_(`role ${role}`)} ${count}`);
  return told.length === 0 ? nothing : html`<p class="quiet here-line">${_("Here now")}: ${told.join(" · ")}</p>`;
}

/** How far a committee is, and how many of it are at their desks. */
function committee(room: Room, one: Evaluation): TemplateResult {
  const all = one.members.length;
  const count = one.members.filter(({ name }) => room.connection.here[`expert/${name}`]?.line === "up").length;
  const [done, of, told] = progress(one);
  return html`<p>${tag(_("Evaluation: {progress}", { progress: _(`progress ${one.step}`) }), one.step === "finished" ? "green" : "amber")}</p>
    ${told === "" ? nothing : html`<p class="tile-progress"><progress max=${of} value=${done} aria-label=${told}></progress> <span class="sub">${told}</span></p>`}
    ${one.step === "finished" || room.state !== "live" ? nothing : html`<p class="sub">${_("{count} of {all} members at their desks", { count, all })}</p>`}`;
}

/** What is counted at a step: how many of how many, and in words; no words where nothing is. */
function progress(one: Evaluation): readonly [number, number, string] {
  const all = one.members.length;
  const counted = (count: number, of: number, words: string): [number, number, string] => [count, of, words];
  switch (one.step) {
    case "convened": {
      const count = one.members.filter(({ standing }) => standing === "confirmed").length;
      return counted(count, all, _("{count} of {all} have confirmed the names", { count, all }));
    }
    case "chair": {
      const count = one.ballot.voted.length;
      return counted(count, all, _("{count} of {all} have voted", { count, all }));
    }
    case "review": {
      const count = Object.values(one.progress.reviewed).reduce((sum, n) => sum + n, 0);
      const of = all * one.progress.bids;
      return counted(count, of, _("{count} of {all} reviews given", { count, all: of }));
    }
    case "marks": {
      const count = one.progress.marked.length;
      return counted(count, all, _("{count} of {all} have submitted", { count, all }));
    }
    case "reevaluation": {
      const count = one.reevaluations?.at(-1)?.submitted.length ?? 0;
      return counted(count, all, _("{count} of {all} have marked again", { count, all }));
    }
    case "report": {
      const count = Object.keys(one.report?.signed ?? {}).length;
      return counted(count, all, _("{count} of {all} have signed", { count, all }));
    }
    default:
      return counted(0, all, "");
  }
}
