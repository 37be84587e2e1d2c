/** Opens a PDF as the expert's desk does, and tells how long its first page took. */

import { Pdf } from "../web/browser/desk/pdf.ts";

window.first = async (url, tools) => {
  const begun = performance.now();
  const pdf = await Pdf.open(url, tools, new AbortController().signal);
  const { text } = await pdf.draw(1, 800, 1);
  const took = performance.now() - begun;
  pdf.close();
  return { took, pages: pdf.pages, text: text.textContent };
};
document.documentElement.setAttribute("data-ready", "");
