// Checks whose failure explains that of others: a device that is down, and silences, the wider those of the narrower.
import { DEVICE_DOWN } from './check-book.ts';
import type { OwnCheck } from './own-checks.ts';

/** From the widest. */
export const SILENCES: readonly string[] = ['console.cut-off', 'site.silent', 'relay.silent'] satisfies OwnCheck[];
const ROOTS: ReadonlySet<string> = new Set([DEVICE_DOWN, ...SILENCES]);

export const isRootCheck = (check: string): boolean => ROOTS.has(check);
