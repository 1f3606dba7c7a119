// Every error of the HTTP face as RFC 9457 wants it: one shape, a stable type, and never a word of the console's inside.
import { ORPCError } from '@orpc/server';
import { AppError, describeError, ERROR_CODES, type ErrorCode } from '#shared/base/errors.ts';
import { type FieldFault, PROBLEM_TYPE, type Problem, problemType } from '#shared/contract/problem.ts';
import { fieldFaultsOf } from './field-faults.ts';

const STATUS: Partial<Record<ErrorCode, number>> = {
  'bad-request': 400,
  'manifest-invalid': 400,
  'signature-invalid': 400,
  'charter-invalid': 400,
  unauthenticated: 401,
  'token-unknown': 401,
  'token-used': 401,
  'token-expired': 401,
  denied: 403,
  'step-up-required': 403,
  'not-found': 404,
  conflict: 409,
  'charter-rollback': 409,
  'too-large': 413,
  'rate-limited': 429,
  internal: 500,
  unavailable: 503,
  'timed-out': 504,
};
/** A refusal by a rule of ours that HTTP has no number for. */
const REFUSED = 409;

const BROKEN = 'something broke inside the console; its log says what';

export const statusOf = (code: ErrorCode): number => STATUS[code] ?? REFUSED;

export interface ProblemParts {
  code: ErrorCode;
  detail: string;
  /** Where HTTP says it more exactly than the code. */
  status?: number;
  errors?: readonly FieldFault[];
}

const titleOf = (code: ErrorCode): string => {
  const words = code.replaceAll('-', ' ');
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`;
};

export function problemOf({ code, detail, status, errors = [] }: ProblemParts): Problem {
  const said = { type: problemType(code), title: titleOf(code), status: status ?? statusOf(code), detail, code };
  return errors.length === 0 ? said : { ...said, errors: [...errors] };
}

export function problemResponse(parts: ProblemParts, headers: Record<string, string> = {}): Response {
  const problem = problemOf(parts);
  const all = { 'cache-control': 'no-store', ...headers, 'content-type': PROBLEM_TYPE };
  return new Response(JSON.stringify(problem), { status: problem.status, headers: all });
}

/** One wrong field, said as a whole answer. */
export const wrongField = (field: string, message: string, status?: number): ProblemParts => ({
  code: 'bad-request',
  detail: `${field} ${message}`,
  errors: [{ field, message }],
  ...(status === undefined ? {} : { status }),
});

/** Anything thrown, with our code in it; an unexpected fault says nothing of its inside. */
export function toApiError(error: unknown): ORPCError<string, { code: ErrorCode }> {
  const { code, message } = describeError(error);
  const isOurs = error instanceof AppError && code !== 'internal';
  return new ORPCError(code.toUpperCase().replaceAll('-', '_'), {
    status: isOurs ? statusOf(code) : 500,
    message: isOurs ? message : BROKEN,
    data: { code: isOurs ? code : 'internal' },
    cause: error,
  });
}

/** What oRPC throws by itself, before an operation begins or after it ended. */
const ITS_OWN: Readonly<Record<string, ErrorCode>> = { BAD_REQUEST: 'bad-request', NOT_FOUND: 'not-found' };

function codeOf(error: ORPCError<string, unknown>): ErrorCode {
  const { data } = error;
  const said = typeof data === 'object' && data !== null && 'code' in data ? data.code : undefined;
  return ERROR_CODES.find((code) => code === said) ?? ITS_OWN[error.code] ?? 'internal';
}

/** For `customErrorResponseBodyEncoder`. */
export function encodeProblem(error: ORPCError<string, unknown>): Problem {
  const code = codeOf(error);
  if (code === 'internal') return problemOf({ code, detail: BROKEN, status: error.status });
  const { data } = error;
  const issues = typeof data === 'object' && data !== null && 'issues' in data ? data.issues : undefined;
  const errors = fieldFaultsOf(issues);
  if (errors.length > 0) return problemOf({ code, status: error.status, errors, detail: inputText(errors) });
  const isUnread = error.code === 'BAD_REQUEST' && error.message.startsWith('Malformed request');
  return problemOf({ code, status: error.status, detail: isUnread ? 'the body is not JSON' : error.message });
}

/** What is wrong first, in one sentence: enough for a command line. */
function inputText(errors: readonly FieldFault[]): string {
  const [first] = errors;
  const rest = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return `${first?.field || 'the input'} ${first?.message}${rest}`.slice(0, 1_000);
}
