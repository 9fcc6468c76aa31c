import { useState } from "react";
import { syncCatalog } from "../../api/admin";
import { Button } from "../../ui/Button";
import { PageTabs } from "../../ui/Tabs";
import { toast, toastError } from "../../ui/Toast";

const tabs = [
  { href: "/admin/plans", label: "Plans" }, { href: "/admin/addons", label: "Add-ons" }, { href: "/admin/locations", label: "Locations" }, { href: "/admin/images", label: "Images" },
  { href: "/admin/prices", label: "Price changes" }, { href: "/admin/own-prices", label: "Own prices" }, { href: "/admin/coupons", label: "Coupons" }, { href: "/admin/tax", label: "Tax" },
];

export function CatalogTabs({ current }: { current: string }) {
  return <PageTabs label="Catalog" current={current} tabs={tabs} />;
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
