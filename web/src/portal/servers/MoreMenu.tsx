import { useState } from "react";
import { queryClient } from "../../api/query";
import { changeServer, openPanel, resetServerPassword } from "../../api/servers";
import type { Server } from "../../api/types";
import { setMasked, useMasked } from "../../lib/mask";
import { serverName } from "../../parts/servers/words";
import { Button } from "../../ui/Button";
import { Confirm, type ConfirmRequest } from "../../ui/Confirm";
import { Menu, type MenuItem } from "../../ui/Menu";
import { toastError } from "../../ui/Toast";
import { whyNot } from "./power";

const roleForbids = "Your role does not allow it";

/** What else can be done with a server, beside its power. */
export function MoreMenu({ server, rename }: { server: Server; rename: () => void }) {
  const [asking, setAsking] = useState<ConfirmRequest | null>(null);
  const masked = useMasked();
  const reset = () => setAsking({
    title: `Reset the password of ${serverName(server)}?`, verb: "Reset password", danger: true,
    body: <p>The administrator gets another password, set inside the running system; the old one no longer counts. Keys stay as they are. The new one is shown once, on this page, within a day.</p>,
    run: async () => {
      await resetServerPassword(server.id);
      await queryClient.invalidateQueries({ queryKey: ["servers"] });
    },
  });
  const can = (verb: string) => server.can.includes(verb);
  const items: MenuItem[] = [
    { label: "Rename", icon: "rows", onSelect: rename, disabledReason: can("rename_label") ? undefined : roleForbids },
    { label: server.favourite ? "No longer a favourite" : "Make it a favourite", icon: "pin", onSelect: () => void changeServer(server.id, { favourite: !server.favourite }).catch(toastError), disabledReason: can("rename_label") ? undefined : roleForbids },
    { label: masked ? "Show addresses" : "Mask addresses", icon: masked ? "eye" : "eyeOff", hint: "For screenshots; only in this browser", checked: masked, onSelect: () => setMasked(!masked) },
    { label: "Reset password", icon: "key", onSelect: reset, disabledReason: can("reset_password") ? undefined : (whyNot(server) ?? (server.power === "stopped" ? "Start the server first" : roleForbids)) },
    { label: "Open in panel", icon: "external", hint: "Logs you in there, for all servers of the account", onSelect: () => void openPanel(server.id).catch(toastError),
      disabledReason: can("open_panel") ? undefined : server.ready_at ? roleForbids : "The server is not ready yet" },
  ];
  return (
    <>
      <Menu items={items} trigger={<Button icon="dots">More</Button>} />
      <Confirm request={asking} onClose={() => setAsking(null)} />
    </>
  );
}
