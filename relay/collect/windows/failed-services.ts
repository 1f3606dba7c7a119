// Counts services that should run by themselves and failed; one that ended well or waits for its trigger did not.
import type { Rows } from './ask-cim.ts';
import type { STOPPED_SERVICES } from './performance-questions.ts';

/** Ended well, by itself or by somebody's hand (ERROR_SUCCESS). Many of Windows' own begin with the machine, do their work and end. */
const ENDED_WELL = 0;
/** ERROR_SERVICE_NEVER_STARTED: it waits for its trigger. */
const NEVER_STARTED = 1_077;

/** The same meaning as systemd's failed units: it is stopped, and it did not end well. */
export function failedServices(rows: Rows<(typeof STOPPED_SERVICES)['stopped']>): number {
  return rows.filter(
    ({ State, ExitCode }) =>
      State === 'Stopped' && ExitCode !== undefined && ExitCode !== ENDED_WELL && ExitCode !== NEVER_STARTED,
  ).length;
}
