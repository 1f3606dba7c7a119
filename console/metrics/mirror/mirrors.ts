// All mirrors of a console, from their configuration to their queue: told of each sealed hour, started and stopped together.
import { type GuardDeps, guardedFetch } from '#console/outgoing/guarded-fetch.ts';
import type { Store } from '#console/store/database.ts';
import type { Clock } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import type { DeviceId, SiteId } from '#shared/base/id.ts';
import type { Logger } from '#shared/runtime/logger.ts';
import { Mirror, type MirrorRules, type MirrorStats } from './mirror.ts';
import type { DeviceLabels } from './mirror-batches.ts';
import { MirrorRepository } from './mirror-repository.ts';
import { RemoteWrite } from './remote-write.ts';
import type { SealedHours } from './sealed-hours.ts';

/** A large batch over a slow line; a receiver that takes longer has lost it. */
const SEND_MS = 30_000;
/** Receivers say nothing, or why not. */
const MAX_ANSWER_BYTES = 64 * 1024;
/** Visible ASCII, as a header must be. */
const SECRET = /^[!-~]{1,4096}$/;

export interface MirrorTarget extends MirrorRules {
  name: string;
  url: string;
  /** Files that are read anew for each request, so that a secret is changed without a restart. */
  bearer: string | undefined;
  basic: { user: string; password: string } | undefined;
  /** PEM of the authority of the receiver's certificate; the system's when absent. */
  ca: string | undefined;
}

interface MirrorsDeps {
  targets: readonly MirrorTarget[];
  store: Pick<Store, 'db' | 'transaction'>;
  sealed: SealedHours;
  rules: GuardDeps['rules'];
  readFile: (file: string) => string;
  describe: (device: DeviceId) => DeviceLabels | undefined;
  clock: Clock;
  random: () => number;
  log: Logger;
}

export class Mirrors {
  readonly #deps: MirrorsDeps;
  readonly #queue = new MirrorRepository();
  readonly #mirrors: readonly Mirror[];

  constructor(deps: MirrorsDeps) {
    this.#deps = deps;
    this.#mirrors = deps.targets.map(
      (target) => new Mirror({ ...deps, queue: this.#queue, rules: target, sink: this.#sinkOf(target) }),
    );
  }

  /** The hour is on disk, for the first time or again. Whoever calls this has it told once more when it fails. */
  async sealed(place: { site: SiteId; hour: number }): Promise<void> {
    const names = this.#mirrors.map(({ name }) => name);
    if (names.length === 0) return;
    await this.#deps.store.transaction((tx) => this.#queue.add(tx, names, place));
    for (const mirror of this.#mirrors) mirror.wake();
  }

  stats(): MirrorStats[] {
    return this.#mirrors.map((mirror) => mirror.stats());
  }

  async run(signal: AbortSignal): Promise<void> {
    const names = this.#mirrors.map(({ name }) => name);
    await this.#deps.store.transaction((tx) => this.#queue.forgetOthers(tx, names));
    await Promise.all(this.#mirrors.map((mirror) => mirror.run(signal)));
  }

  #sinkOf(target: MirrorTarget): RemoteWrite {
    const guard: GuardDeps = { rules: this.#deps.rules, wholeMs: SEND_MS, maxAnswerBytes: MAX_ANSWER_BYTES };
    if (target.ca !== undefined) guard.ca = this.#deps.readFile(target.ca);
    return new RemoteWrite({
      name: target.name,
      url: target.url,
      fetch: guardedFetch(guard),
      authorization: () => this.#authorization(target),
    });
  }

  #authorization({ name, bearer, basic }: MirrorTarget): string | undefined {
    const secret = (file: string) => {
      const text = this.#deps.readFile(file).trim();
      if (!SECRET.test(text))
        throw new AppError('config-invalid', `mirror ${name}: ${file} holds no secret of one line`);
      return text;
    };
    if (bearer !== undefined) return `Bearer ${secret(bearer)}`;
    if (basic === undefined) return undefined;
    return `Basic ${Buffer.from(`${basic.user}:${secret(basic.password)}`).toString('base64')}`;
  }
}
