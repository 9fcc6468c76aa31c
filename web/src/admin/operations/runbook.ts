import text from "../../../../docs/runbook.md?raw";

/** The paragraphs of a check's section: what it means, what to look at, what to press. */
export function runbookOf(check: string): string[] {
  const section = text.split(/^## /m).find((each) => each.startsWith(`${check}\n`));
  return section ? section.slice(check.length).trim().split(/\n{2,}/).map((each) => each.replaceAll("\n", " ")) : [];
}
