import { useEffect } from "react";

let brand = "";

export function setBrandName(name: string): void {
  brand = name;
}

/** Writes the browser's title: the page's name first, then whose site it is. */
export function useTitle(title: string): void {
  // The document's title lies outside React's tree.
  useEffect(() => {
    document.title = brand && title !== brand ? `${title} · ${brand}` : title;
  }, [title]);
}
