// The client's side of problem.ts, without a schema: what an error answer says, as the error that pages and commands catch.
import { ORPCError } from '@orpc/client';
import { inert } from '#shared/base/inert-text.ts';
import type { FieldFault, Problem } from './problem.ts';

/** What stands in the `data` of an ORPCError of ours. */
interface ProblemData {
  code: Problem['code'];
  errors: readonly FieldFault[];
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const isFault = (value: unknown): value is FieldFault =>
  isRecord(value) && typeof value['field'] === 'string' && typeof value['message'] === 'string';

/** For the `fetch` of an OpenAPILink, which reads answers of application/json alone. */
export function readableProblem(response: Response): Response {
  if (response.headers.get('content-type')?.startsWith('application/problem+json') !== true) return response;
  const headers = new Headers(response.headers);
  headers.set('content-type', 'application/json');
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}

/** For `customErrorResponseBodyDecoder` of an OpenAPILink; undefined for an answer that is no problem of a console. */
export function problemError(body: unknown, answer: { status: number }): ORPCError<string, ProblemData> | undefined {
  if (!isRecord(body)) return undefined;
  const { code, detail, errors } = body;
  if (typeof code !== 'string' || typeof detail !== 'string') return undefined;
  const faults = Array.isArray(errors) ? errors.filter(isFault) : [];
  return new ORPCError(code.toUpperCase().replaceAll('-', '_'), {
    status: answer.status,
    message: inert(detail),
    data: {
      // A console of a later release may have more codes: readers compare, they do not switch.
      code: code as Problem['code'],
      errors: faults.map((fault) => ({ field: inert(fault.field), message: inert(fault.message) })),
    },
  });
}

/** The wrong fields that an error of the API names; none for any other error. */
export function fieldFaults(error: unknown): readonly FieldFault[] {
  const data: unknown = error instanceof ORPCError ? error.data : undefined;
  return isRecord(data) && Array.isArray(data['errors']) ? data['errors'].filter(isFault) : [];
}
