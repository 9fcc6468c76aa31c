import { defineConfig } from "orval";

export default defineConfig({
  skypanel: {
    input: "./openapi.json",
    output: { mode: "tags-split", target: "src/api/gen", schemas: "src/api/gen/model", client: "axios", clean: true },
  },
});
