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

/** noVNC awaits at its top level whether the browser plays H.264, which splits everybody's first page into more files; here it learns of it later. */
const withoutWaiting: Plugin = {
  name: "without-novnc-waiting",
  enforce: "pre",
  transform: (code, id) => (id.endsWith("novnc/core/util/browser.js")
    ? code.replace(/^supportsWebCodecsH264Decode = await (.+);$/m, "void $1.then((plays) => { supportsWebCodecsH264Decode = plays; });") : undefined),
};

const opened = /\/(\w+Layout|LandingPage|PlansPage|OrderFormPage|LogInPage|HomePage|ServersPage|ServerPage|ConsolePage|InvoicesPage)-/;
const always = /\/(react|net|rolldown-runtime|index|Button|States|format|Badge)-/;
const api = process.env.SKYPANEL_API ?? "http://127.0.0.1:8000";

export default defineConfig({
  plugins: [withoutFetchAdapter, withoutWaiting, react(), tailwindcss()],
  server: { port: 5173, proxy: { "/api": { target: api, changeOrigin: false, ws: true } } },
  preview: { proxy: { "/api": { target: api, changeOrigin: false, ws: true } } },
  build: {
    manifest: true,
    target: "es2022",
    assetsInlineLimit: 0,
    // The first page names the files of the pages that people open by their address, so that these come at once;
    // the others' are found when they are opened, or before, while nothing else happens.
    modulePreload: {
      resolveDependencies: (page, files, { hostType }) => (hostType === "html" || opened.test(page) ? files.filter((file) => hostType === "html" || !always.test(file)) : []),
    },
    rolldownOptions: {
      input: ["index.html", "api-docs.html"], // the API's page is no part of the client's bundles
      output: {
        chunkFileNames: "assets/[hash].js", // each name is listed in the first file that is fetched
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
