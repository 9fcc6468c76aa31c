import { QueryCache, QueryClient } from "@tanstack/react-query";
import { hasStatus, isApiError } from "../lib/errors";

/** One cache for the whole client; a lost session empties `me`, which sends the viewer to the log-in page. */
export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    onError: (error) => {
      if (hasStatus(error, 401)) queryClient.setQueryData(["me"], null);
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      retry: (count, error) => count < 2 && (!isApiError(error) || error.status === 0 || error.status >= 502),
      refetchOnWindowFocus: true,
    },
  },
});
