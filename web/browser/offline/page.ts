/** The offline sealer: one page without a line, from the key's file to a sealed bid to carry back. */

import { language, useTexts } from "../app/texts.ts";
import { BidFiles } from "../bidder/filesstep.ts";
import { BidForm } from "../bidder/formstep.ts";
import { OfflineSealer } from "./sealer.ts";

/** Put in by the build: language -> sentence -> what is said. */
declare const CATALOGUES: Readonly<Record<string, Readonly<Record<string, string>>>>;

const asked = new URLSearchParams(location.hash.slice(1)).get("language");
const chosen = asked ?? (navigator.language.startsWith("zh") ? "zh-CN" : "en");
document.body.dataset["language"] = chosen in CATALOGUES ? chosen : "en";
document.documentElement.lang = language();
useTexts(CATALOGUES[language()] ?? {});
window.addEventListener("hashchange", () => location.reload());
customElements.define("kb-bid-files", BidFiles);
customElements.define("kb-bid-form", BidForm);
customElements.define("kb-offline-sealer", OfflineSealer);
