import { QueryClientProvider, useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { brandQuery } from "../api/catalog";
import { queryClient } from "../api/query";
import { setAccent } from "../lib/theme";
import { setBrandName } from "../lib/title";
import { Toasts } from "../ui/Toast";
import { Boundary } from "./Boundary";
import { NavGuard } from "./NavGuard";
import { Routes } from "./routes";

function Brand() {
  const brand = useQuery(brandQuery).data;
  // The brand's colour and name go to the document, outside React.
  useEffect(() => {
    if (!brand) return;
    setAccent(brand.accent);
    setBrandName(brand.name);
    if (!document.title.includes(brand.name)) document.title = `${document.title} · ${brand.name}`;
  }, [brand]);
  return null;
}

export function Root() {
  return (
    <QueryClientProvider client={queryClient}>
      <Boundary>
        <NavGuard>
          <Brand />
          <Routes />
          <Toasts />
        </NavGuard>
      </Boundary>
    </QueryClientProvider>
  );
}
