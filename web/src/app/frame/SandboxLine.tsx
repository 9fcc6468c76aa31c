import { useQuery } from "@tanstack/react-query";
import { brandQuery } from "../../api/catalog";

export function SandboxLine() {
  const brand = useQuery(brandQuery).data;
  return brand?.sandbox ? <aside aria-label="Sandbox" className="no-print bg-info-soft px-4 py-1 text-center text-xs text-info">Sandbox: no real money moves, no real servers are built.</aside> : null;
}
