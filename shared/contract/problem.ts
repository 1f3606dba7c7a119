// How every error of the API looks: RFC 9457, with our stable code and the fields that were wrong.
import { z } from 'zod';
import { ERROR_CODES } from '#shared/base/errors.ts';

export const PROBLEM_TYPE = 'application/problem+json';

/** One wrong field: where in the input, as "devices[3].address", and what is wrong with it. */
export const FieldFault = z.object({ field: z.string(), message: z.string() });
export type FieldFault = z.infer<typeof FieldFault>;

export const Problem = z.object({
  /** "urn:rmm:problem:not-found": stable, one for each code. */
  type: z.string(),
  title: z.string(),
  status: z.int(),
  /** Names the thing; never a secret. */
  detail: z.string(),
  code: z.enum(ERROR_CODES),
  /** Present when fields of the input are wrong. */
  errors: z.array(FieldFault).optional(),
});
export type Problem = z.infer<typeof Problem>;

export const problemType = (code: string): string => `urn:rmm:problem:${code}`;
