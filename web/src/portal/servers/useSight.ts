import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { lookAtServer, sightQuery } from "../../api/serverSight";

/** What is known of a server's network and storage; opening the tab has the panel asked how it is now. */
export function useSight(serverId: string) {
  const query = useQuery(sightQuery(serverId));
  // Looking is a request of its own, made once per opening: the answer comes over the stream.
  useEffect(() => {
    void lookAtServer(serverId).catch(() => undefined);
  }, [serverId]);
  return query;
}
