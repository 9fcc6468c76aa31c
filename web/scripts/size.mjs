// Prints how much JavaScript a first visit loads (gzip) and fails above the limits.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const dist = new URL("../dist/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL(".vite/manifest.json", dist), "utf8"));

const pages = [
  { name: "Landing", limit: 120, roots: ["index.html", "src/app/layouts/PublicLayout.tsx", "src/portal/home/LandingPage.tsx"] },
  { name: "Portal home", limit: 200, roots: ["index.html", "src/app/layouts/PortalLayout.tsx", "src/portal/home/HomePage.tsx"] },
];

function closure(keys) {
  const seen = new Set();
  const visit = (key) => {
    if (seen.has(key)) return;
    const chunk = manifest[key];
    if (!chunk) throw new Error(`${key} is not in the manifest: the page moved, correct size.mjs`);
    seen.add(key);
    for (const next of chunk.imports ?? []) visit(next);
  };
  for (const key of keys) visit(key);
  return ["theme.js", ...[...seen].map((key) => manifest[key].file).filter((file) => file.endsWith(".js"))];
}

const kilobytes = (file) => gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length / 1000;

let over = false;
for (const page of pages) {
  const files = [...new Set(closure(page.roots))].map((file) => [file, kilobytes(file)]);
  const total = files.reduce((sum, [, size]) => sum + size, 0);
  over ||= total > page.limit;
  process.stdout.write(`${page.name}: ${total.toFixed(1)} kB gzip of ${page.limit}${total > page.limit ? "  OVER" : ""}\n`);
  if (process.argv.includes("--files")) {
    for (const [file, size] of files.toSorted((a, b) => b[1] - a[1])) process.stdout.write(`  ${size.toFixed(1).padStart(6)}  ${file}\n`);
  }
}
process.exit(over ? 1 : 0);
