const words: Record<string, string> = {
  "server.rename": "Renamed", "server.annotate": "Tags, notes or favourite changed", "server.reinstall": "Reinstallation asked",
  "server.reset_password": "Password reset asked", "server.reveal_password": "Password shown", "server.open_panel": "Panel opened",
  "server.start": "Start asked", "server.restart": "Restart asked", "server.shutdown": "Shutdown asked", "server.poweroff": "Power off asked",
  "server.backup": "Backup asked", "server.firewall": "Firewall change asked", "server.reverse_dns": "Reverse name asked",
  "server.buy_address": "Address bought", "server.add_address": "Address asked", "server.give_back_address": "Address given back", "server.drop_address": "Address taken", "server.keep_address": "Address kept after all", "server.cancel_address": "Address not bought after all", "server.alert_rules": "Alerts changed",
  "server.resize": "Has another size", "server.suspended": "Suspended", "server.free": "Runs again", "server.gone": "Deleted",
  "server.ask": "Asked with a reason", "server.suspend": "Held", "server.resume": "Hold lifted",
};

/** An audit verb as people say it. */
export function deedWords(verb: string): string {
  return words[verb] ?? verb.replace(/^server\./, "").replaceAll("_", " ").replace(/^./, (first) => first.toUpperCase());
}
