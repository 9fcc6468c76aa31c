// Holds the client to its layout: who may import whom, how long a file or component may grow, no `any`.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../src");
const mayImport = {
  app: ["app", "portal", "admin", "parts", "ui", "api", "lib"],
  portal: ["portal", "parts", "ui", "api", "lib"],
  admin: ["admin", "parts", "ui", "api", "lib"],
  parts: ["parts", "ui", "api", "lib"],
  api: ["api", "lib"],
  ui: ["ui", "lib"],
  lib: ["lib"],
};
const fileLimit = 300;
const componentLimit = 150;
const problems = [];

function walk(folder) {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return path.endsWith(join("api", "gen")) ? [] : walk(path);
    return /\.tsx?$/.test(name) ? [path] : [];
  });
}

function checkImports(path, text, zone) {
  for (const [, from] of text.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)) {
    const target = relative(root, resolve(dirname(path), from)).split("/")[0];
    if (target.startsWith("styles") || from.endsWith("/docs/runbook.md?raw")) continue;
    if (!mayImport[zone].includes(target)) problems.push(`${relative(root, path)}: ${zone} must not import ${target} (${from})`);
  }
}

function checkLengths(path, lines) {
  const name = relative(root, path);
  if (lines.length > fileLimit) problems.push(`${name}: ${lines.length} lines, limit ${fileLimit}`);
  let start = -1;
  let what = "";
  lines.forEach((line, at) => {
    const opening = /^(?:export )?(?:async )?function (\w+)|^(?:export )?const (\w+) = .*=> \{$/.exec(line);
    if (opening) [start, what] = [at, opening[1] ?? opening[2]];
    if (start >= 0 && /^\};?$/.test(line)) {
      const length = at - start + 1;
      if (length > componentLimit) problems.push(`${name}: ${what} has ${length} lines, limit ${componentLimit}`);
      start = -1;
    }
  });
}

for (const path of walk(root)) {
  const text = readFileSync(path, "utf8");
  const zone = relative(root, path).split("/")[0];
  if (!mayImport[zone]) {
    problems.push(`${relative(root, path)}: lies outside the zones`);
    continue;
  }
  checkImports(path, text, zone);
  checkLengths(path, text.trimEnd().split("\n"));
  if (/(:|<|\bas|,)\s*any\b/.test(text.replace(/\/\/.*|"[^"]*"|`[^`]*`|>[^<{]*</g, ""))) problems.push(`${relative(root, path)}: uses any`);
  if (/^(index)\.tsx?$/.test(path.split("/").at(-1))) problems.push(`${relative(root, path)}: barrel file`);
}
for (const problem of problems) process.stderr.write(`${problem}\n`);
process.exit(problems.length > 0 ? 1 : 0);
