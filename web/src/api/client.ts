import { type AxiosError, create, isCancel } from "axios";
import { ApiError, type FieldError } from "../lib/errors";
import { randomId } from "../lib/uuid";

type Problem = { code?: string; message?: string; title?: string; request_id?: string; errors?: FieldError[] };
export type Params = Record<string, string | number | boolean | null | undefined>;

const http = create({ baseURL: "/api/v1", withCredentials: true, timeout: 45_000 });

function toApiError(error: AxiosError<Problem>): ApiError {
  const answer = error.response;
  if (!answer) {
    return new ApiError({ status: 0, code: "unreachable", message: "We could not reach the server. Check your connection and try again." });
  }
  const problem: Problem = typeof answer.data === "object" && answer.data !== null ? answer.data : {};
  const wait = Number(answer.headers["retry-after"]);
  return new ApiError({
    status: answer.status,
    code: problem.code ?? `http_${answer.status}`,
    message: problem.message ?? problem.title ?? "The server could not answer. Try again in a moment.",
    request_id: problem.request_id ?? (answer.headers["x-request-id"] as string | undefined) ?? null,
    errors: problem.errors ?? [],
    retryAfterSeconds: Number.isFinite(wait) ? wait : null,
  });
}

http.interceptors.response.use(undefined, (error: AxiosError<Problem>) =>
  Promise.reject(isCancel(error) ? error : toApiError(error)),
);

function present(params?: Params): Params | undefined {
  return params && Object.fromEntries(Object.entries(params).filter(([, value]) => value !== undefined && value !== null && value !== ""));
}

export async function get<T>(path: string, params?: Params, signal?: AbortSignal): Promise<T> {
  const answer = await http.get<T>(path, { params: present(params), ...(signal ? { signal } : {}) });
  return answer.data;
}

type Verb = "post" | "put" | "patch" | "delete";

/**
 * Sends a change. Every change carries an Idempotency-Key, so a request whose answer was lost is asked once
 * more under the same key without happening twice; pass `key` to keep one key over a person's own retries.
 */
export async function send<T>(verb: Verb, path: string, body?: unknown, key: string = randomId()): Promise<T> {
  const ask = () => http.request<T>({ method: verb, url: path, data: body, headers: { "Idempotency-Key": key } });
  try {
    return (await ask()).data;
  } catch (error) {
    const lost = error instanceof ApiError && (error.status === 0 || error.status === 502 || error.status === 504);
    if (!lost || !navigator.onLine) throw error;
    return (await ask()).data;
  }
}
