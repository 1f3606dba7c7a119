// Looks at one address from the relay: names, ping, a fixed list of ports, what system it seems to be. It never offers a login.
import { setMaxListeners } from 'node:events';
import { startDeadline } from '#relay/transport/deadline.ts';
import type { Clock } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import { type Ping, PROBED_PORTS, type ProbedPort, type ProbeResult } from '#shared/model/probe.ts';
import { type AddressRule, refusedKind } from './address-rule.ts';
import { detectSystem, suggestTransport } from './detect-system.ts';
import { type DnsDeps, resolveAddress, reverseName } from './dns.ts';
import { averageOf, findFping, pingByFping } from './icmp.ts';
import { knock, rounded } from './tcp.ts';

/** Whoever asked sits before a form. */
const PROBE_MS = 5_000;
const SSH_PORT = 22;

export interface ProbeTarget {
  address: string;
  port?: number | undefined;
}

export interface ProbeDeps extends Pick<DnsDeps, 'lookup' | 'reverse'> {
  clock: Clock;
  signal: AbortSignal;
  rule: AddressRule;
  /** Where fping is; looked for when absent, missing when undefined. */
  fping?: string | undefined;
}

/** Throws `denied` for an address that no relay may probe; what a machine does not answer is in the result. */
export async function probeHost(asked: ProbeTarget, deps: ProbeDeps): Promise<ProbeResult> {
  const { clock, rule } = deps;
  const startedAt = clock.monotonic();
  using deadline = startDeadline(clock, PROBE_MS, deps.signal);
  // Ten ports, fping and the resolver hear of the end; Node takes more than ten for a leak.
  setMaxListeners(PROBED_PORTS.length + 8, deadline.signal);
  const within = { ...deps, signal: deadline.signal };
  const { lookup, addresses } = await resolveAddress(asked.address, within);
  const [first] = addresses;
  // From here on only this very address is spoken to: a name that is resolved again may mean another machine.
  const target = addresses.find((one) => refusedKind(one, rule) === undefined);
  if (first !== undefined && target === undefined)
    throw new AppError('denied', `${asked.address} is ${refusedKind(first, rule)}: not probed`);
  const seen = target === undefined ? NOTHING : await look(target, asked.port, within);
  return {
    lookup,
    addresses: target === undefined ? [] : [target, ...addresses.filter((one) => one !== target)],
    ...seen,
    durationMs: rounded(clock.monotonic() - startedAt),
  };
}

type Seen = Omit<ProbeResult, 'lookup' | 'addresses' | 'durationMs'>;

/** Of a name that leads nowhere. */
const NOTHING: Seen = { ping: { answered: false, method: 'tcp' }, ports: [], system: 'unknown' };

async function look(address: string, asked: number | undefined, deps: ProbeDeps): Promise<Seen> {
  const fping = 'fping' in deps ? deps.fping : findFping();
  const [ports, icmp, name] = await Promise.all([
    knockAll(address, asked, deps),
    pingByFping(address, { ...deps, fping }),
    reverseName(address, deps),
  ]);
  const system = detectSystem(ports);
  return {
    ...(name === undefined ? {} : { reverseName: name }),
    ping: icmp ?? pingByPorts(ports),
    ports,
    system,
    ...suggestTransport(ports, system, asked),
  };
}

function knockAll(
  address: string,
  asked: number | undefined,
  deps: { clock: Clock; signal: AbortSignal },
): Promise<ProbedPort[]> {
  const ports = new Set<number>([...PROBED_PORTS, ...(asked === undefined ? [] : [asked])]);
  const listens = (port: number) => port === SSH_PORT || port === asked;
  return Promise.all([...ports].map((port) => knock({ address, port, listens: listens(port) }, deps)));
}

/** A port that opens or refuses has answered, too. */
export function pingByPorts(ports: readonly ProbedPort[]): Ping {
  const times = ports.flatMap(({ latencyMs }) => latencyMs ?? []);
  if (times.length === 0) return { answered: false, method: 'tcp' };
  return { answered: true, method: 'tcp', bestMs: Math.min(...times), averageMs: averageOf(times) };
}
