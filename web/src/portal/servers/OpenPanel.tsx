import { openPanel } from "../../api/servers";
import type { Server } from "../../api/types";
import { Button } from "../../ui/Button";
import { toastError } from "../../ui/Toast";

/** Into the panel, logged in, on this server. */
export function OpenPanel({ server }: { server: Server }) {
  return server.can.includes("open_panel") ? <Button icon="external" onClick={() => void openPanel(server.id).catch(toastError)}>Open in panel</Button> : null;
}
