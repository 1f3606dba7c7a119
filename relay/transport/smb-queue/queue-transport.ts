// The transport to devices that let nothing in but file sharing: jobs are left on their share, and their own task runs them.
import type { JobKey } from '#relay/pin/job-key.ts';
import type { CredentialBreaker } from '#relay/transport/credential-breaker.ts';
import type { CredentialGate } from '#relay/transport/credential-gate.ts';
import { loginAsker } from '#relay/transport/login-authority.ts';
import type { Login, Session, Transport } from '#relay/transport/transport.ts';
import type { WayKeeper } from '#relay/transport/way-keeper.ts';
import { type Outcome, succeed } from '#shared/base/outcome.ts';
import type { Purpose } from '#shared/model/credential.ts';
import type { RosterEntry } from '#shared/model/device.ts';
import { JobRunner } from './job-runner.ts';
import { meetDevice, QueueSession } from './queue-session.ts';
import { sweepQueue } from './queue-sweep.ts';
import { type ReachDeps, type ReachedShare, reachShare } from './reach-share.ts';

export interface SmbQueueDeps extends ReachDeps {
  logins: Pick<CredentialGate, 'offer' | 'pick'>;
  breaker: Pick<CredentialBreaker, 'permit' | 'refusal'>;
  ways: Pick<WayKeeper, 'isAllowed' | 'lost'>;
  /** Asked for when the first session is opened: a site without file queues makes no key. */
  jobKey: () => JobKey;
}

/** What this transport rests on at best; a device that was reached by more is not tried over it. */
const STRENGTH = { auth: 'ntlm', seal: 'sealed' } as const;

export class SmbQueueTransport implements Transport {
  readonly kind = 'smb';
  readonly #deps: SmbQueueDeps;

  constructor(deps: SmbQueueDeps) {
    this.#deps = deps;
  }

  login(entry: RosterEntry, purpose: Purpose): Outcome<Login> {
    const picked = this.#deps.logins.pick(entry, purpose);
    if (!picked.ok) return picked;
    const { name, version, serves } = picked.value;
    return succeed({ serves, stamp: `${name} ${version} ${entry.share ?? ''}` });
  }

  async open(entry: RosterEntry, signal: AbortSignal, purpose: Purpose): Promise<Outcome<Session>> {
    const { logins, breaker, ways } = this.#deps;
    const picked = logins.pick(entry, purpose);
    if (!picked.ok) return picked;
    // Asked before a packet is sent: a paused credential leaves no line in the device's log.
    const paused = breaker.refusal(picked.value, loginAsker(picked.value.user, entry));
    if (paused !== undefined) return paused;
    if (!ways.isAllowed(entry, STRENGTH)) return ways.lost(entry, 'it is set to be reached through a file queue');
    const reached = await reachShare(entry, purpose, this.#deps, signal);
    return reached.ok ? this.#meet(entry, reached.value, signal, purpose) : reached;
  }

  async #meet(
    entry: RosterEntry,
    reached: ReachedShare,
    signal: AbortSignal,
    purpose: Purpose,
  ): Promise<Outcome<Session>> {
    const { clock, random, jobKey } = this.#deps;
    const { connection, share, address, way } = reached;
    const { name } = entry;
    const closing = new AbortController();
    const runner = new JobRunner({ clock, random, key: jobKey(), share, name });
    const close = () => {
      closing.abort();
      connection.close();
      // It settles who still waits, and never rejects.
      void runner.close();
    };
    const met = await meetDevice(runner, purpose, name, signal);
    if (!met.ok) {
      close();
      return met;
    }
    // Beside the first poll; what it cannot do is done after the next login.
    sweepQueue(share, clock.now(), closing.signal).catch(close);
    const isOpen = () => connection.isOpen && !closing.signal.aborted;
    return succeed(new QueueSession({ name, clock, runner, met: met.value, address, way, isOpen, close, connection }));
  }
}
