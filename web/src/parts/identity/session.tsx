import { useQuery } from "@tanstack/react-query";
import { createContext, type ReactNode, use, useMemo, useState } from "react";
import { meQuery } from "../../api/identity";
import type { Me, Membership } from "../../api/types";
import { recall, remember } from "../../lib/store";

type Viewer = { me: Me; account: Membership; choose: (accountId: string) => void };

const ViewerContext = createContext<Viewer | null>(null);

/** Gives the pages below the one who looks and the account that is looked at. */
export function ViewerProvider({ me, children }: { me: Me; children: ReactNode }) {
  const [chosen, setChosen] = useState(() => recall<string | null>("account", null));
  const account = me.accounts.find((each) => each.id === chosen) ?? me.accounts[0];
  const viewer = useMemo(() => account && {
    me, account,
    choose: (accountId: string) => {
      remember("account", accountId);
      setChosen(accountId);
    },
  }, [me, account]);
  return viewer ? <ViewerContext value={viewer}>{children}</ViewerContext> : null;
}

export function useViewer(): Viewer {
  const viewer = use(ViewerContext);
  if (!viewer) throw new Error("useViewer needs the portal's frame around it");
  return viewer;
}

/** For pages that visitors see too: undefined while unknown, null for a visitor. */
export function useMe(): Me | null | undefined {
  return useQuery(meQuery).data;
}

/** Whether the staff member who looks may do this. */
export function useStaffMay(permission: string): boolean {
  return Boolean(useMe()?.staff?.permissions.includes(permission));
}

export function mayIn(account: Membership, permission: string): boolean {
  return account.permissions.includes(permission);
}

export const roleWords: Record<Membership["role"], { word: string; help: string }> = {
  owner: { word: "Owner", help: "Everything, including removing others." },
  admin: { word: "Admin", help: "Everything except changing the owner." },
  billing: { word: "Billing", help: "Sees and pays invoices." },
  technical: { word: "Technical", help: "Runs servers and SSH keys." },
  read_only: { word: "Read only", help: "Sees servers, changes nothing." },
};
