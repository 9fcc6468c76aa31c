/** Why a console ended, in the word that the portal closes it with; what is tried again by itself says so. */
export const endings: Record<string, { text: string; again?: boolean }> = {
  broken: { text: "The connection was lost.", again: true },
  restarting: { text: "The portal is restarting.", again: true },
  screen_ended: { text: "The server's screen was closed by the hypervisor, as happens when a server is switched off or moved.", again: true },
  panel_unavailable: { text: "The hypervisor panel does not answer right now. Your server is not affected by that.", again: true },
  panel_refused: { text: "The hypervisor panel gives no screen for this server. If it stays like this, tell support." },
  ticket_spent: { text: "That took too long, so the way in was closed again.", again: true },
  access_ended: { text: "You are logged out, or your role no longer allows the console." },
  server_closed: { text: "This server has no console while it is in its present state." },
  idle: { text: "Nothing was typed for half an hour, so the console was closed." },
  too_long: { text: "A console is open for twelve hours at most." },
  taken_over: { text: "You opened more consoles than can be open at once, so the oldest was closed." },
  too_many: { text: "Others have as many consoles of this server open as can be. Try again when one is closed." },
  not_spoken: { text: "The console could not be understood. Reload the page; if it happens again, tell support." },
  left: { text: "You disconnected." },
};

export const seconds = (count: number) => (count === 1 ? "1 second" : `${count} seconds`);
