// A relay that watches nothing and says what it is told to: the real spool, the real link, and findings of our own.
import path from 'node:path';
import { IdentityStore, linkTls, linkUrl } from '#relay/pin/identity.ts';
import { DurableSpool } from '#relay/spool/durable-spool.ts';
import { dialConsole } from '#relay/uplink/dial-console.ts';
import { Uplink } from '#relay/uplink/uplink.ts';
import { systemClock } from '#shared/base/clock.ts';
import type { Finding } from '#shared/model/finding.ts';
import { Ballast } from '#shared/runtime/ballast.ts';
import { silentLogger } from '#shared/runtime/logger.ts';

/** The lane of states and alerts. */
const LANE = 1;

export class FindingRelay {
  readonly #spool: DurableSpool;
  readonly #uplink: Uplink;

  /** `folder` of a relay that is enrolled and does not run. */
  constructor(folder: string) {
    const identity = new IdentityStore(folder);
    const { enrolment } = identity;
    if (enrolment === undefined) throw new Error(`${folder}: not enrolled`);
    this.#spool = new DurableSpool({
      file: path.join(folder, 'spool.db'),
      clock: systemClock,
      ballast: new Ballast(path.join(folder, 'ballast'), { sizeBytes: 4_096, freeBytes: () => 1e12 }),
    });
    this.#uplink = new Uplink({
      clock: systemClock,
      random: Math.random,
      spool: this.#spool,
      log: silentLogger,
      dial: dialConsole({ url: () => linkUrl(enrolment), tls: () => linkTls(identity), env: {} }),
      facts: () => ({ version: '0.1.0', hostname: 'says-findings', rosterVersion: 0, charterVersion: 1 }),
      callbacks: {
        onRoster: () => undefined,
        onCharter: () => undefined,
        onCommand: () => undefined,
        onLive: () => undefined,
        onProbe: () => undefined,
        onFreeze: () => undefined,
        onCredential: () => undefined,
        onStanding: () => undefined,
        onWatch: () => undefined,
        onCheckpoint: () => undefined,
        onHistory: () => undefined,
        onRenewAnswer: () => undefined,
      },
    });
  }

  start(): void {
    this.#uplink.start();
  }

  tell(finding: Finding): void {
    this.#spool.addRecord(LANE, finding);
  }

  /** Resolves when the console has stored all that was told; throws when it does not in time. */
  async delivered(patienceMs: number): Promise<void> {
    this.#spool.flush();
    const deadline = systemClock.monotonic() + patienceMs;
    for (;;) {
      const lane = this.#spool.stats().lanes.find((one) => one.lane === LANE);
      if (lane !== undefined && lane.durable >= lane.next - 1) return;
      if (systemClock.monotonic() > deadline) throw new Error(`the console stored ${lane?.durable} of ${lane?.next}`);
      await systemClock.sleep(50);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#uplink.stop();
    await this.#spool.stop();
  }
}
