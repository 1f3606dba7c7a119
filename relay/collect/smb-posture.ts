// What port 445 of a device says to somebody without a login, as security checks of their own; any device that has the port open.
import { startDeadline } from '#relay/transport/deadline.ts';
import type { SmbPosture } from '#relay/transport/smb/smb-files.ts';
import type { Session } from '#relay/transport/transport.ts';
import type { Clock } from '#shared/base/clock.ts';
import { type Failure, type Outcome, succeed } from '#shared/base/outcome.ts';
import { type SecurityCheck, securityScan } from '#shared/model/security-scan.ts';
import type { ColdReading, Collector, Fact } from './collector.ts';
import type { CollectorFor } from './collector-list.ts';
import { securityCheck, verdictOf } from './security-check.ts';

const SMB_PORT = 445;
// 20 s: seven connections one after another; a machine on a LAN answers each in milliseconds.
const PROBE_MS = 20_000;

const yes = (isGood: boolean, id: string, evidence: string): SecurityCheck =>
  securityCheck(id, verdictOf(isGood), evidence);

function dialectCheck({ dialects }: SmbPosture): SecurityCheck {
  if (dialects.length === 0) return yes(false, 'smb-dialect', 'It takes no dialect of SMB 2 or 3.');
  const isNew = dialects.includes('3.1.1');
  const tail = isNew ? '' : ': not 3.1.1, the one that notices a weakened negotiation.';
  return yes(isNew, 'smb-dialect', `It takes SMB ${dialects.join(', ')}${tail || '.'}`);
}

/** Pure: four checks of what a server has said; all of them unknown where it said nothing that could be read. */
export function judgeSmbPosture(probed: Outcome<SmbPosture>): SecurityCheck[] {
  if (!probed.ok) return unknown(probed);
  const { value: posture } = probed;
  const { isSigningRequired, cipher, hasSmb1 } = posture;
  return [
    yes(
      !hasSmb1,
      'smb1',
      hasSmb1 ? 'It answers SMB 1, which nothing protects: switch it off.' : 'It does not answer SMB 1.',
    ),
    yes(
      isSigningRequired,
      'smb-signing',
      isSigningRequired
        ? 'It requires that everything is signed.'
        : 'It signs when asked and does not require it: logins can be carried from elsewhere to it.',
    ),
    yes(
      cipher !== undefined,
      'smb-encryption',
      cipher === undefined ? 'It cannot encrypt.' : `It can encrypt with ${cipher}.`,
    ),
    dialectCheck(posture),
  ];
}

const unknown = ({ reason }: Failure): SecurityCheck[] =>
  ['smb1', 'smb-signing', 'smb-encryption', 'smb-dialect'].map((id) =>
    securityCheck(id, 'unknown', `Its port was open and gave no answer that could be read (${reason}).`),
  );

/** Nothing listens there, or nobody got through: then there is nothing to say about it. */
const isClosed = ({ reason }: Failure): boolean =>
  reason === 'unreachable' || reason === 'refused' || reason === 'timed-out' || reason === 'cancelled';

export interface SmbPostureDeps {
  clock: Clock;
  /** Negotiates and hangs up; offers no login. */
  probe: (target: { name: string; host: string; port: number }, signal: AbortSignal) => Promise<Outcome<SmbPosture>>;
}

async function postureFact(session: Session, deps: SmbPostureDeps, signal: AbortSignal): Promise<Fact | undefined> {
  const { address, way, hostname = 'device' } = session;
  if (address === undefined) return undefined;
  const port = (way?.transport === 'smb' ? way.port : undefined) ?? SMB_PORT;
  using deadline = startDeadline(deps.clock, PROBE_MS, signal);
  const probed = await deps.probe({ name: hostname, host: address, port }, deadline.signal);
  if (!probed.ok && isClosed(probed)) return undefined;
  return { kind: 'smb-posture', body: { ...securityScan(judgeSmbPosture(probed)) } };
}

/** The same collectors, whose inventory also tells how port 445 answers, beside what the machine itself says. */
export function withSmbPosture(collectorFor: CollectorFor, deps: SmbPostureDeps): CollectorFor {
  const wrapped = new WeakMap<Collector, Collector>();
  return (system) => {
    const inner = collectorFor(system);
    if (inner === undefined) return undefined;
    const known = wrapped.get(inner) ?? withPosture(inner, deps);
    wrapped.set(inner, known);
    return known;
  };
}

function withPosture(inner: Collector, deps: SmbPostureDeps): Collector {
  const collectCold = async (session: Session, signal: AbortSignal): Promise<Outcome<ColdReading>> => {
    const reading = await inner.collectCold(session, signal);
    if (!reading.ok) return reading;
    const fact = await postureFact(session, deps, signal);
    return fact === undefined ? reading : succeed({ ...reading.value, facts: [...reading.value.facts, fact] });
  };
  const { system, collectEvents } = inner;
  const collectHot: Collector['collectHot'] = (session, signal) => inner.collectHot(session, signal);
  const logs: Partial<Collector> = collectEvents === undefined ? {} : { collectEvents: collectEvents.bind(inner) };
  return { system, collectHot, collectCold, ...logs };
}
