// Says in good time that the charter expires: from then on a site takes no orders, though it is watched on.
import type { Clock, EpochMs } from '#shared/base/clock.ts';
import type { Charter } from '#shared/model/charter.ts';
import type { RelayEventRecord } from '#shared/model/record.ts';

const DAY_MS = 86_400_000;
/** A fortnight to find the owner key, and a last word before a long weekend. */
const WARN_DAYS = [30, 14, 3] as const;
const LOOK_EVERY_MS = 3_600_000;

/** The step of `charter` at `now`: 30, 14 or 3 days before its end, 0 after it; undefined while there is time. */
export function expiryStep(charter: Pick<Charter, 'expiresAt'>, now: EpochMs): number | undefined {
  if (now >= charter.expiresAt) return 0;
  return WARN_DAYS.findLast((days) => charter.expiresAt - now <= days * DAY_MS);
}

interface Watch {
  clock: Clock;
  charter: () => Charter;
  onWarning: (record: RelayEventRecord) => void;
}

/** Warns once per charter, step and life of this process. Returns what stops it. */
export function warnBeforeExpiry(watch: Watch): () => Promise<void> {
  const stopping = new AbortController();
  const looking = look(watch, stopping.signal);
  return async () => {
    stopping.abort();
    await looking;
  };
}

async function look({ clock, charter, onWarning }: Watch, signal: AbortSignal): Promise<void> {
  let told = '';
  while (!signal.aborted) {
    const held = charter();
    const step = expiryStep(held, clock.now());
    const key = `${held.version} ${step}`;
    if (step !== undefined && key !== told) onWarning(warning(held, step, clock.now()));
    told = key;
    await clock.sleep(LOOK_EVERY_MS, signal).catch(() => undefined); // stopped
  }
}

function warning({ version, expiresAt }: Charter, step: number, at: EpochMs): RelayEventRecord {
  const day = new Date(expiresAt).toISOString();
  const text = step === 0 ? `has expired on ${day}: this site takes no orders` : `expires on ${day}`;
  const severity = step === 0 ? 'critical' : 'warning';
  const detail = `charter ${version} ${text}; an owner signs the next one with \`rmm charter propose\``;
  return { type: 'relay-event', at, code: 'charter-expired', severity, detail };
}
