// The typed client of the API, over the OpenAPI link.
import { createORPCClient, ORPCError } from '@orpc/client';
import type { ContractRouterClient } from '@orpc/contract';
import type { JsonifiedClient } from '@orpc/openapi-client';
import { OpenAPILink } from '@orpc/openapi-client/fetch';
import { z } from 'zod';
import { AppError, ERROR_CODES, type ErrorCode } from '#shared/base/errors.ts';
import { API_PREFIX, contract } from '#shared/contract/contract.ts';
import { fieldFaults, problemError, readableProblem } from '#shared/contract/problem-answer.ts';
import { pinnedFetch } from './pinned-fetch.ts';

export type Api = JsonifiedClient<ContractRouterClient<typeof contract>>;

/** Where a console is, the token it is asked with, and the authority it is trusted by, where it is no public one. */
export interface ConsoleAddress {
  url: string;
  token: string;
  authority?: string | undefined;
}

export function apiClient(profile: ConsoleAddress): Api {
  const send = profile.authority === undefined ? undefined : pinnedFetch(profile.authority);
  const link = new OpenAPILink(contract, {
    url: `${profile.url.replace(/\/$/, '')}${API_PREFIX}`,
    customErrorResponseBodyDecoder: problemError,
    headers: () => ({ authorization: `Bearer ${profile.token}` }),
    fetch: async (request, init) => {
      try {
        return readableProblem(await (send === undefined ? fetch(request, init) : send(request)));
      } catch (error) {
        throw new AppError('unavailable', `no console answers at ${profile.url}`, { cause: error });
      }
    },
  });
  return createORPCClient(link);
}

/** The first wrong field stands in the message already; a command line tells the others too. */
const MAX_FIELDS = 10;

function messageOf(error: ORPCError<string, unknown>): string {
  const faults = fieldFaults(error);
  if (faults.length < 2) return error.message;
  const told = faults.slice(0, MAX_FIELDS).map(({ field, message }) => `${field} ${message}`);
  return [...told, ...(faults.length > MAX_FIELDS ? [`${faults.length - MAX_FIELDS} more`] : [])].join('; ');
}

const isErrorCode = (code: unknown): code is ErrorCode => ERROR_CODES.some((known) => known === code);

/** An API error as an AppError with the console's own code and words. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof ORPCError) {
    const data: unknown = error.data;
    const code = typeof data === 'object' && data !== null && 'code' in data ? data.code : undefined;
    return new AppError(isErrorCode(code) ? code : 'internal', messageOf(error), { cause: error });
  }
  // An answer of a console that is older or newer, or not ours at all.
  if (error instanceof z.ZodError)
    return new AppError('internal', `unexpected form: ${z.prettifyError(error)}`, { cause: error });
  return new AppError('internal', error instanceof Error ? error.message : String(error), { cause: error });
}
