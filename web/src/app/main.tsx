import "./styles.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Root } from "./Root";

const element = document.getElementById("root");
if (element) createRoot(element).render(<StrictMode><Root /></StrictMode>);

// A deploy replaces the hashed files; a page opened before it must fetch the new list of them once.
addEventListener("vite:preloadError", () => {
  const last = Number(sessionStorage.getItem("reloaded") ?? 0);
  if (Date.now() - last < 60_000) return;
  sessionStorage.setItem("reloaded", String(Date.now()));
  location.reload();
});
