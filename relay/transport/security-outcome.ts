// What the refusal of a security context means to whoever asked a device for something.
import { type Failure, type FailureReason, fail } from '#shared/base/outcome.ts';
import { SecurityFailure, type SecurityFailureKind } from './security-context.ts';

const REASONS: Record<SecurityFailureKind, FailureReason> = {
  malformed: 'malformed',
  downgrade: 'refused',
  denied: 'denied',
  integrity: 'malformed',
  unsupported: 'unsupported',
  refused: 'refused',
  unreachable: 'unreachable',
  unanswered: 'timed-out',
};

/** Anything that is no SecurityFailure is a fault of ours and goes on up. */
export function securityOutcome(name: string, error: unknown): Failure {
  if (!(error instanceof SecurityFailure)) throw error;
  return fail(REASONS[error.kind], `${name}: ${error.message}`);
}
