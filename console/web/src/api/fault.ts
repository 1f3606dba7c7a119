// What an error of the API means for a page: one sentence, and whether asking again may help.
import { ORPCError } from '@orpc/client';

export const isSignedOut = (error: unknown): boolean => error instanceof ORPCError && error.status === 401;
export const isMissing = (error: unknown): boolean => error instanceof ORPCError && error.status === 404;

export function faultText(error: unknown): string {
  if (error instanceof ORPCError) return error.message;
  if (error instanceof DOMException && error.name === 'TimeoutError') return 'The console took too long to answer.';
  return 'The console did not answer. It may be starting, or this machine is offline.';
}

/** A refusal stays a refusal; only silence and faults are worth a second try. */
export const isWorthRetrying = (count: number, error: unknown): boolean =>
  count < 1 && !(error instanceof ORPCError && error.status < 500);
