// Joins the link to the console with everybody it speaks for: spool, roster, charter, commands, certificate.
import os from 'node:os';
import { type RefusalLog, refusalOf } from '#relay/execute/refusal-log.ts';
import type { CharterStore } from '#relay/pin/charter-store.ts';
import { type IdentityStore, linkTls, linkUrl } from '#relay/pin/identity.ts';
import { type LinkRenewRequest, renewIfDue } from '#relay/pin/renew.ts';
import type { RosterKeeper } from '#relay/poll/roster.ts';
import type { Spool } from '#relay/spool/spool.ts';
import { dialConsole } from '#relay/uplink/dial-console.ts';
import { agentFor } from '#relay/uplink/proxy.ts';
import type { LinkStreams, UplinkCallbacks } from '#relay/uplink/receiver.ts';
import { Uplink } from '#relay/uplink/uplink.ts';
import type { Clock } from '#shared/base/clock.ts';
import { AppError, describeError } from '#shared/base/errors.ts';
import type { Charter, SignedCharter } from '#shared/model/charter.ts';
import type { RelayHealth } from '#shared/model/relay-health.ts';
import type { RelayVault } from '#shared/model/relay-vault.ts';
import type { Logger } from '#shared/runtime/logger.ts';
import type { StopStack } from '#shared/runtime/stop-stack.ts';
import { VERSION } from '#shared/runtime/version.ts';
import { inTurn } from './in-turn.ts';

interface Deps {
  clock: Clock;
  log: Logger;
  stack: StopStack;
}

interface Parts
  extends Pick<
    UplinkCallbacks,
    | 'onRoster'
    | 'onCommand'
    | 'onLive'
    | 'onProbe'
    | 'onCredential'
    | 'onFreeze'
    | 'onStanding'
    | 'onWatch'
    | 'onCheckpoint'
    | 'onHistory'
  > {
  spool: Spool;
  identity: IdentityStore;
  charters: CharterStore;
  roster: RosterKeeper;
  refusals: RefusalLog;
  health: () => RelayHealth;
  vault: () => RelayVault;
  streams: LinkStreams;
}

/** A certificate lives 14 days and is renewed in its last third: every hour is soon enough. */
const RENEW_EVERY_MS = 3_600_000;
/** Due and no way to the console: the way may be back in a minute. */
const RENEW_AGAIN_MS = 60_000;
const ANSWER_MS = 30_000;
const CHARTER_REFUSED = 'charter.refuse';

export function composeUplink({ clock, log, stack }: Deps, parts: Parts): Uplink {
  const { spool, identity, charters, roster } = parts;
  const answers = new RenewAnswers(clock);
  // An order under a new charter follows it on the heels: it waits until that one is verified and pinned, or refused.
  let pinning: Promise<unknown> = Promise.resolve();
  const takeCharter = inTurn<SignedCharter>({
    take: (signed) => acceptCharter(parts, signed, clock),
    refuse: (error) => void parts.refusals.tell(refusalOf(CHARTER_REFUSED, clock.now(), error)),
  });
  const uplink = new Uplink({
    clock,
    random: Math.random,
    spool,
    log: log.room('uplink'),
    dial: dialConsole({
      url: () => linkUrl(enrolmentOf(identity)),
      tls: () => linkTls(identity),
      env: process.env,
    }),
    facts: () => ({
      version: VERSION,
      hostname: os.hostname(),
      rosterVersion: roster.version,
      charterVersion: charters.charter.version,
    }),
    health: parts.health,
    vault: parts.vault,
    streams: parts.streams,
    callbacks: {
      onRoster: parts.onRoster,
      onCommand: async (command) => {
        await pinning;
        await parts.onCommand(command);
      },
      onLive: parts.onLive,
      onProbe: parts.onProbe,
      onCheckpoint: parts.onCheckpoint,
      onHistory: parts.onHistory,
      // One of a new signer follows that one's charter on the heels.
      onCredential: async (sealed) => {
        await pinning;
        await parts.onCredential(sealed);
      },
      onStanding: async (signed) => {
        await pinning;
        await parts.onStanding(signed);
      },
      onWatch: async (message) => {
        await pinning;
        await parts.onWatch(message);
      },
      onFreeze: async (signed) => {
        await pinning;
        await parts.onFreeze(signed);
      },
      onCharter: (signed) => {
        const turn = takeCharter(signed);
        // Who hears of a failure is the caller; the next in line must not.
        pinning = Promise.allSettled([pinning, turn]);
        return turn;
      },
      onRenewAnswer: (certificate) => answers.take(certificate),
    },
  });
  uplink.start();
  stack.add('uplink', () => uplink.stop());

  const stopping = new AbortController();
  const renewing = keepRenewing({ clock, log, identity, uplink, answers }, stopping.signal);
  stack.add('renewal', async () => {
    stopping.abort();
    await renewing;
  });
  return uplink;
}

function enrolmentOf({ enrolment }: IdentityStore) {
  if (enrolment === undefined) throw new AppError('certificate-unknown', 'this relay is not enrolled');
  return enrolment;
}

/** Taken or refused, the audit says so: a charter decides what may run here. */
export async function acceptCharter(
  { charters, spool, refusals }: Pick<Parts, 'charters' | 'spool' | 'refusals'>,
  signed: SignedCharter,
  clock: Clock,
): Promise<void> {
  const at = clock.now();
  let charter: Charter;
  try {
    charter = await charters.accept(signed);
  } catch (error) {
    refusals.tell(refusalOf(CHARTER_REFUSED, at, error));
    return;
  }
  spool.addRecord(0, { type: 'audit', at, verb: 'charter.accept', detail: `charter ${charter.version}` });
}

/** The one renewal that may be under way, and its answer. */
class RenewAnswers {
  readonly #clock: Clock;
  #waiting: ((pem: string) => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  take(pem: string): void {
    this.#waiting?.(pem);
  }

  async ask(send: () => boolean, signal: AbortSignal): Promise<string> {
    const answer = new Promise<string>((resolve) => {
      this.#waiting = resolve;
    });
    if (!send()) throw new AppError('unavailable', 'the link closed before the renewal was asked for');
    const done = new AbortController();
    const late = this.#clock.sleep(ANSWER_MS, AbortSignal.any([done.signal, signal])).then(() => {
      throw new AppError('timed-out', 'the console did not answer the renewal');
    });
    try {
      return await Promise.race([answer, late]);
    } finally {
      late.catch(() => undefined); // the race is over
      done.abort();
      this.#waiting = undefined;
    }
  }
}

interface Renewing {
  clock: Clock;
  log: Logger;
  identity: IdentityStore;
  uplink: Uplink;
  answers: RenewAnswers;
}

async function keepRenewing({ clock, log, identity, uplink, answers }: Renewing, signal: AbortSignal): Promise<void> {
  const askOverLink = ({ spki, proof }: LinkRenewRequest) =>
    answers.ask(() => uplink.requestRenewal(spki, proof), signal);
  while (!signal.aborted) {
    let waitMs = RENEW_EVERY_MS;
    try {
      const agent = agentFor(new URL(enrolmentOf(identity).consoleUrl), process.env);
      const way = uplink.isConnected ? { askOverLink } : { agent };
      const came = await renewIfDue({ store: identity, clock, signal, ...way });
      if (came === 'renewed') log.info({}, 'the certificate was renewed');
      if (came === 'no-way') waitMs = RENEW_AGAIN_MS;
    } catch (error) {
      waitMs = RENEW_AGAIN_MS;
      log.warn(describeError(error), 'the certificate was not renewed');
    }
    await clock.sleep(waitMs, signal).catch(() => undefined); // stopped
  }
}
