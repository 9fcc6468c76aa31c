import { exportPath } from "../../api/invoicing";
import { Button } from "../../ui/Button";
import { Menu } from "../../ui/Menu";

/** Every invoice as a file; without an account those of all. */
export function ExportMenu({ accountId }: { accountId: string | null }) {
  const entry = (format: "csv" | "json", label: string) => ({ label, onSelect: () => location.assign(exportPath(accountId, format)) });
  return <Menu trigger={<Button icon="download">Export</Button>} items={[entry("csv", "All invoices as CSV"), entry("json", "All invoices as JSON")]} />;
}
