/** Reads lines aloud with a voice of this machine, when it is switched on; it sends nothing anywhere. */

import { amount } from "../app/format.ts";
import { _, language } from "../app/texts.ts";
import type { BidRow } from "./view.ts";

/** Whether this browser can speak at all. */
export function canSpeak(): boolean {
  return "speechSynthesis" in window;
}

/** Says one thing after the other, in the page's language, by a local voice where there is one. */
export class Speech {
  isOn = false;

  /** Switch it on or off; what is being said ends at once. */
  toggle(): void {
    this.isOn = !this.isOn;
    if (!this.isOn) window.speechSynthesis.cancel();
  }

  /** Say something, after what is being said. */
  say(text: string): void {
    if (!this.isOn || !canSpeak()) return;
    const said = new SpeechSynthesisUtterance(text);
    const tongue = language();
    said.lang = tongue;
    const voices = window.speechSynthesis
      .getVoices()
      .filter((voice) => voice.localService && voice.lang.startsWith(tongue.slice(0, 2)));
    if (voices[0] !== undefined) said.voice = voices[0];
    said.rate = 0.9;
    window.speechSynthesis.speak(said);
  }
}

/** A line of the table as it is read out. */
export function aloud(row: BidRow): string {
  const { line } = row;
  const price = line?.price;
  const told = line?.words ?? price?.capitals ?? price?.rate ?? (price?.amount === undefined ? "" : amount(price.amount));
  const parts = [
    row.name ?? "",
    told === "" ? "" : _("Price: {told}", { told }),
    line?.duration_days === undefined ? "" : _("Time: {n} days", { n: line.duration_days }),
    line?.quality === undefined ? "" : _("Quality: {told}", { told: line.quality }),
    line?.leader === undefined ? "" : _("Leader: {told}", { told: line.leader }),
  ];
  return parts.filter((part) => part !== "").join(_("; "));
}
