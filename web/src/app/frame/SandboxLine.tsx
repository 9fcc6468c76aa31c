import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { brandQuery } from "../../api/catalog";
import { setAhead } from "../../lib/now";

const DAY_SECONDS = 86_400;

export function SandboxLine() {
  const brand = useQuery(brandQuery).data;
  const ahead = brand?.ahead_seconds ?? 0;
  const days = Math.round(ahead / DAY_SECONDS);
  // The page's clock is outside React.
  useEffect(() => setAhead(ahead), [ahead]);
  if (!brand?.sandbox) return null;
  return (
    <aside aria-label="Sandbox" className="no-print bg-info-soft px-4 py-1 text-center text-xs text-info">
      Sandbox: no real money moves{brand.real_guests ? "; a server that starts is a small virtual machine on this computer, up to four at once." : ", no real servers are built."}{days > 0 ? ` The company is ${days} ${days === 1 ? "day" : "days"} ahead.` : ""}
    </aside>
  );
}
