/** Hands files to the person, under names that say what they are. */

/** Offer content to be saved; the browser asks where, or keeps it with its downloads. */
export function saveAs(name: string, content: Blob | string, type = "application/json"): void {
  const blob = typeof content === "string" ? new Blob([content], { type }) : content;
  const address = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = address;
  link.download = name.replaceAll(/[^\p{L}\p{N}._-]+/gu, "-");
  link.click();
  // the browser reads it after the click; a minute is plenty
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
