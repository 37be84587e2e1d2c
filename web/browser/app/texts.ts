/** The sentences of the service's own catalogue, said in the page's language; it decides no words. */

export type Facts = Readonly<Record<string, string | number>>;

let sentences: Readonly<Record<string, string>> = {};

/**
 * Load the sentences that a page's code may say, by the name of its folder; a sentence that is not
 * there is said as it is written.
 */
export async function loadTexts(bundle: string): Promise<void> {
  const address = document.body.dataset["texts"];
  if (address === undefined) return;
  const answer = await fetch(`${address}/${bundle}.json`);
  if (!answer.ok) return;
  const told = (await answer.json()) as Record<string, string>;
  sentences = { ...sentences, ...told };
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
