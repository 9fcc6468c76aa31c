import { defineConfig } from "orval";

type Operation = { operationId?: string };
type Spec = { paths?: Record<string, Record<string, Operation>>; components?: { schemas?: Record<string, object> } };

/**
 * Readies the document for types: one name for the amounts that every domain declares for itself, and
 * operation names made of method and path, because customers' and staff's doors share theirs.
 */
function prepare(document: object): object {
  const spec = JSON.parse(JSON.stringify(document).replaceAll(/skypanel__\w+__schemas__Amount/g, "Money")) as Spec;
  for (const [path, operations] of Object.entries(spec.paths ?? {})) {
    for (const [method, operation] of Object.entries(operations)) operation.operationId = `${method}${path}`;
  }
  return spec;
}

export default defineConfig({
  skypanel: {
    input: { target: "./openapi.json", override: { transformer: prepare as never } },
    output: { mode: "single", target: "src/api/gen/skypanel.ts", client: "axios-functions", clean: true },
  },
});
