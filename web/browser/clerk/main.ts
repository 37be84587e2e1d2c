/** The clerk's pages: words first, then the steps. */

import { loadTexts } from "../app/texts.ts";
import { About } from "./about.ts";
import { Amend } from "./amend.ts";
import { Committee } from "./committee.ts";
import { Documents } from "./documents.ts";
import { Keys } from "./keys.ts";
import { Manage } from "./manage.ts";
import { NewProject } from "./new.ts";
import { NoticeStep } from "./notice.ts";
import { People } from "./people.ts";
import { PreflightStep } from "./preflight.ts";
import { Publication } from "./publication.ts";
import { Questions } from "./questions.ts";
import { Result } from "./result.ts";
import { SectionTerms } from "./section.ts";
import { Scoring } from "./scoring.ts";
import { Sections } from "./sections.ts";

await loadTexts("clerk");
const steps: Readonly<Record<string, CustomElementConstructor>> = {
  "kb-clerk-new": NewProject,
  "kb-clerk-about": About,
  "kb-clerk-sections": Sections,
  "kb-clerk-section": SectionTerms,
  "kb-clerk-people": People,
  "kb-clerk-documents": Documents,
  "kb-clerk-keys": Keys,
  "kb-clerk-notice": NoticeStep,
  "kb-clerk-questions": Questions,
  "kb-clerk-amend": Amend,
  "kb-clerk-manage": Manage,
  "kb-clerk-result": Result,
  "kb-clerk-preflight": PreflightStep,
  "kb-clerk-scoring": Scoring,
  "kb-clerk-committee": Committee,
  "kb-clerk-publication": Publication,
};
for (const [name, step] of Object.entries(steps)) customElements.define(name, step);
