// The documented exit codes of the command line: scripts may rely on them.
import type { ErrorCode } from '#shared/base/errors.ts';

export const EXIT_CODES = { ok: 0, failed: 1, usage: 2, unreachable: 3, denied: 4, 'not-found': 5 } as const;

export function exitCodeOf(code: ErrorCode): number {
  switch (code) {
    case 'bad-request':
    case 'config-invalid':
      return EXIT_CODES.usage;
    case 'unavailable':
    case 'timed-out':
      return EXIT_CODES.unreachable;
    case 'denied':
    case 'unauthenticated':
      return EXIT_CODES.denied;
    case 'not-found':
      return EXIT_CODES['not-found'];
    default:
      return EXIT_CODES.failed;
  }
}
