import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

/** Axios ships two browser adapters; ours asks by XHR, so the fetch one is left out of the bundle (4 kB gzip). */
const withoutFetchAdapter: Plugin = {
  name: "without-axios-fetch-adapter",
  enforce: "pre",
  resolveId: (source, importer) => (source === "./fetch.js" && importer?.includes("axios/lib/adapters") ? "\0no-fetch" : null),
  load: (id) => (id === "\0no-fetch" ? "export const getFetch = () => null;" : null),
};

const api = process.env.SKYPANEL_API ?? "http://127.0.0.1:8000";

export default defineConfig({
  plugins: [withoutFetchAdapter, react(), tailwindcss()],
  server: { port: 5173, proxy: { "/api": { target: api, changeOrigin: false } } },
  preview: { proxy: { "/api": { target: api, changeOrigin: false } } },
  build: {
    manifest: true,
    target: "es2022",
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: ["index.html", "api-docs.html"], // the API's page is no part of the client's bundles
      output: {
        codeSplitting: {
          groups: [
            { name: "react", test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/, priority: 3 },
            { name: "net", test: /node_modules[\\/](@tanstack|axios|wouter|regexparam|mitt|use-sync-external-store)[\\/]/, priority: 2 },
            { name: "radix", test: /node_modules[\\/](radix-ui|@radix-ui|@floating-ui)[\\/]/, priority: 2 },
          ],
        },
      },
    },
  },
});
