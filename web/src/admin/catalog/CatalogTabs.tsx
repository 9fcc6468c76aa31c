import { useState } from "react";
import { syncCatalog } from "../../api/admin";
import { Button } from "../../ui/Button";
import { PageTabs } from "../../ui/Tabs";
import { toast, toastError } from "../../ui/Toast";

export function CatalogTabs({ current }: { current: string }) {
  return <PageTabs label="Catalog" current={current} tabs={[{ href: "/admin/plans", label: "Plans" }, { href: "/admin/locations", label: "Locations" }, { href: "/admin/images", label: "Images" }]} />;
}

/** Fetches packages, groups and templates from VirtFusion anew; it runs as a job. */
export function SyncButton() {
  const [sending, setSending] = useState(false);
  const sync = () => {
    setSending(true);
    syncCatalog().then(() => toast("Asking the panel; changes appear as they come"), toastError).finally(() => setSending(false));
  };
  return <Button icon="refresh" busy={sending} onClick={sync}>Fetch from panel</Button>;
}
