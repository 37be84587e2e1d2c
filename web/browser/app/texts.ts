/** The sentences of the service's own catalogue, said in the page's language; it decides no words. */

export type Facts = Readonly<Record<string, string | number>>;

let sentences: Readonly<Record<string, string>> = {};

/** Load the catalogue that the page names; without it sentences are said as they are written. */
export async function loadTexts(): Promise<void> {
  const address = document.body.dataset["texts"];
  if (address === undefined) return;
  const answer = await fetch(address);
  if (answer.ok) sentences = (await answer.json()) as Record<string, string>;
}

/** Put a catalogue in place; for tests. */
export function useTexts(catalogue: Readonly<Record<string, string>>): void {
  sentences = catalogue;
}

/** Say a sentence with facts in it. */
export function _(sentence: string, facts: Facts = {}): string {
  const said = sentences[sentence] ?? sentence;
  return said.replace(/\{(\w*)\}/gu, (_whole, name: string) => String(facts[name] ?? "…"));
}

/** The page's language. */
export function language(): string {
  return document.body.dataset["language"] ?? "zh-CN";
}
