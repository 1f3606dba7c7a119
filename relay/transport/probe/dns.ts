// Names to addresses and back by the system's own resolver, so that files, mDNS and search domains count as they do for a login.
import { promises as dns, type LookupAddress } from 'node:dns';
import { isIP } from 'node:net';
import { startDeadline } from '#relay/transport/deadline.ts';
import type { Clock } from '#shared/base/clock.ts';
import { ProbeAddress, type ProbeResult } from '#shared/model/probe.ts';

/** A resolver that is there answers in milliseconds; the rest of the 5 s is for the machine itself. */
const LOOKUP_MS = 2_000;
/** As the result holds. */
const MAX_ADDRESSES = 16;
/** Not a text: a machine may well be called "late". */
const LATE = Symbol('late');

export interface DnsDeps {
  clock: Clock;
  signal: AbortSignal;
  /** The system's, or a test's. */
  lookup?: (name: string) => Promise<readonly LookupAddress[]>;
  reverse?: (address: string) => Promise<string>;
}

const systemLookup = (name: string) => dns.lookup(name, { all: true, order: 'verbatim' });
// The port has a name too, which nobody asks for.
const systemReverse = async (address: string) => (await dns.lookupService(address, 22)).hostname;

export type Resolved = Pick<ProbeResult, 'lookup' | 'addresses'>;

export async function resolveAddress(address: string, deps: DnsDeps): Promise<Resolved> {
  if (isIP(address) !== 0) return { lookup: 'literal', addresses: [address] };
  const { lookup = systemLookup } = deps;
  const found = await inTime(deps, () => lookup(address));
  if (found === LATE) return { lookup: 'timed-out', addresses: [] };
  if (found === undefined || found.length === 0) return { lookup: 'not-found', addresses: [] };
  const distinct = [...new Set(found.map((one) => one.address))].filter((one) => isIP(one) !== 0);
  return { lookup: 'found', addresses: distinct.slice(0, MAX_ADDRESSES) };
}

/** Undefined without a name, in time, that is one: whoever runs the reverse zone may write anything there. */
export async function reverseName(address: string, deps: DnsDeps): Promise<string | undefined> {
  const { reverse = systemReverse } = deps;
  const name = await inTime(deps, () => reverse(address));
  const parsed = ProbeAddress.safeParse(name);
  return parsed.success && parsed.data !== address ? parsed.data : undefined;
}

/**
 * What is too late goes on in the system's resolver, which cannot be called off. It holds two of the process's four threads
 * for such calls at most, and the bound on probes keeps the line before them short.
 */
async function inTime<T>({ clock, signal }: DnsDeps, ask: () => Promise<T>): Promise<T | typeof LATE | undefined> {
  using deadline = startDeadline(clock, LOOKUP_MS, signal);
  const late = new Promise<typeof LATE>((resolve) => {
    if (deadline.signal.aborted) resolve(LATE);
    deadline.signal.addEventListener('abort', () => resolve(LATE), { once: true });
  });
  // A name that does not exist and a resolver that is not there are both no name.
  const answer = ask().catch(() => undefined);
  // Awaited here: the deadline ends with this block.
  return await Promise.race([answer, late]);
}
