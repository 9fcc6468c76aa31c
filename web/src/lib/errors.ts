export type FieldError = { field: string; message: string; code?: string };

/** What the server refused or why it could not be reached; status 0 means that no answer came. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly requestId: string | null;
  readonly errors: FieldError[];
  readonly retryAfterSeconds: number | null;

  constructor(fault: {
    status: number; code: string; message: string; request_id?: string | null;
    errors?: FieldError[]; retryAfterSeconds?: number | null;
  }) {
    super(fault.message);
    this.name = "ApiError";
    this.status = fault.status;
    this.code = fault.code;
    this.requestId = fault.request_id ?? null;
    this.errors = fault.errors ?? [];
    this.retryAfterSeconds = fault.retryAfterSeconds ?? null;
  }
}

export function isApiError(error: unknown): error is ApiError {
  return error instanceof ApiError;
}

export function hasStatus(error: unknown, ...statuses: number[]): boolean {
  return isApiError(error) && statuses.includes(error.status);
}

/** The sentence to show for anything that was thrown. */
export function sayError(error: unknown): string {
  if (isApiError(error)) return error.message;
  return "Something in this page broke. Reload it; if it happens again, tell support.";
}
