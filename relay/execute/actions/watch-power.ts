// Sees from outside what became of a machine that was asked to reboot, to go down or to wake: nothing else proves any of it.
import type { Session, SessionPool } from '#relay/transport/transport.ts';
import type { Clock } from '#shared/base/clock.ts';
import type { Outcome } from '#shared/base/outcome.ts';
import type { RosterEntry } from '#shared/model/device.ts';
import { type DeviceIdentity, matchIdentity } from '#shared/model/device-identity.ts';
import { BOOT_SCRIPTS } from './scripts-of.ts';

export interface PowerWatch {
  clock: Clock;
  pool: SessionPool;
  entry: RosterEntry;
  identity: DeviceIdentity;
  order: Parameters<SessionPool['session']>[2];
  signal: AbortSignal;
  /** By the monotonic clock. */
  until: number;
}

/** What was seen; undefined when the time was up, or nobody waits any more. */
type Seen = string | undefined;

// Starts quick for machines that boot in seconds; at its longest a login every 10 s is no load.
const FIRST_WAIT_MS = 1_000;
const LAST_WAIT_MS = 10_000;
/** One refusal may be a full table of connections; two in a row are a machine that is gone. */
const GONE_AFTER = 2;
const BOOT_LINE = /^boot ([\w-]{1,64})$/m;
/** How far a clock that is set moves the moment of a boot; a real one moves it by more, as it takes longer. */
const CLOCK_SLACK_S = 30;

const bootIn = (stdout: Uint8Array | undefined): string | undefined =>
  BOOT_LINE.exec(Buffer.from(stdout ?? new Uint8Array()).toString('latin1'))?.[1];

/** Ids of a boot differ or not; moments of one are told in seconds, and are read with some slack. */
export function isOtherBoot(before: string, after: string): boolean {
  if (!/^\d+$/.test(before) || !/^\d+$/.test(after)) return before !== after;
  return Math.abs(Number(after) - Number(before)) > CLOCK_SLACK_S;
}

/** Back, as the same machine, with another boot. */
export async function seeReboot(watch: PowerWatch, before: string): Promise<Seen> {
  const { clock } = watch;
  const startedAt = clock.monotonic();
  return lookUntil(watch, async (opened) => {
    if (!opened.ok) return undefined;
    const boot = await bootOf(opened.value, watch.signal);
    if (boot === undefined || !isOtherBoot(before, boot)) return undefined;
    return `rebooted: back after ${Math.round((clock.monotonic() - startedAt) / 1_000)} s with another boot`;
  });
}

/** Does not answer any more. */
export async function seeGone(watch: PowerWatch): Promise<Seen> {
  let missed = 0;
  return lookUntil(watch, (opened) => {
    missed = !opened.ok && isSilent(opened.reason) ? missed + 1 : 0;
    return Promise.resolve(missed >= GONE_AFTER ? 'is down: it does not answer any more' : undefined);
  });
}

/** Answers, as the machine that was meant. */
export const seeAwake = (watch: PowerWatch): Promise<Seen> =>
  lookUntil(watch, (opened) => Promise.resolve(opened.ok ? 'awake: it answers' : undefined));

const isSilent = (reason: string): boolean => ['unreachable', 'refused', 'timed-out', 'lost'].includes(reason);

async function lookUntil(watch: PowerWatch, judge: (opened: Outcome<Session>) => Promise<Seen>): Promise<Seen> {
  const { clock, pool, entry, order, signal, until, identity } = watch;
  let wait = FIRST_WAIT_MS;
  while (!signal.aborted && clock.monotonic() + wait < until) {
    await clock.sleep(wait, signal).catch(() => undefined); // only the signal rejects a sleep, and the condition sees it
    wait = Math.min(LAST_WAIT_MS, wait * 1.5);
    // A session of before proves nothing.
    pool.drop(entry.device);
    const opened = await pool.session(entry, signal, order);
    // Somebody else at its address is no word about this machine.
    if (opened.ok && matchIdentity(identity, opened.value.identity).verdict !== 'same') continue;
    const seen = await judge(opened);
    if (seen !== undefined) return seen;
  }
  return undefined;
}

/** Another word after each boot; undefined where none can be had. */
export async function bootOf(session: Session, signal: AbortSignal): Promise<string | undefined> {
  const script = BOOT_SCRIPTS[session.system];
  if (script === undefined) return undefined;
  // 10 s: it is one line of a file.
  const ran = await session.run({ script, timeoutMs: 10_000, maxOutputBytes: 1_024 }, signal);
  return ran.ok ? bootIn(ran.value.stdout) : undefined;
}
