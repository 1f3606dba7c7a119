// Sites of simulated devices that are watched by released programs, and one person who is told by mail: what an outage is measured on.
import { loadSigner } from '#console/cli/signer-key.ts';
import { systemClock } from '#shared/base/clock.ts';
import type { DeviceId, IncidentId } from '#shared/base/id.ts';
import type { IncidentSummary } from '#shared/contract/alert-contract.ts';
import type { Severity } from '#shared/model/alert-words.ts';
import type { PartWish } from '#shared/model/watch-part.ts';
import { readWatch, signWatch } from '#shared/seal/watch-seal.ts';
import { ensureBundles } from '#test/chaos/bundles.ts';
import { type Estate, type EstateRelay, startEstate } from '#test/chaos/estate.ts';
import { makeTempFolder, type TempFolder } from '#test/fixtures/temp-folder.ts';
import { type SinkMail, type SmtpSink, startSmtpSink } from '#test/peers/smtp-sink.ts';
import { type FastTime, fastTime } from './fast-time.ts';

export interface WatchSize {
  sites: number;
  devices: number;
  seed: number;
  /** How much faster time passes for the programs. */
  speed?: number;
  intervalMs?: number;
  /** Told of what is at least so bad. */
  atLeast?: readonly Severity[];
  /** Further variables of console and relays. */
  env?: Readonly<Record<string, string>>;
  say: (line: string) => void;
}

/** Whom the console tells. */
export const DUTY = 'duty@hq.test';
const FROM = 'rmm@hq.test';

/** A first contact of 300 devices on two busy cores. */
const FIRST_CONTACT_MS = 240_000;
const LOOK_MS = 200;

export class WatchRig {
  readonly estate: Estate;
  readonly sink: SmtpSink;
  readonly time: FastTime;
  readonly #folder: TempFolder;

  constructor(parts: { estate: Estate; sink: SmtpSink; time: FastTime; folder: TempFolder }) {
    this.estate = parts.estate;
    this.sink = parts.sink;
    this.time = parts.time;
    this.#folder = parts.folder;
  }

  relay(index: number): EstateRelay {
    const relay = this.estate.relays[index];
    if (relay === undefined) throw new Error(`there is no relay ${index}`);
    return relay;
  }

  device(site: number, index: number): DeviceId {
    const id = this.relay(site).ids[index];
    if (id === undefined) throw new Error(`site ${site} has no device ${index}`);
    return id;
  }

  /** Turns switches of the `index`th device of a site. */
  async set(site: number, index: number, change: Parameters<Estate['lab']['set']>[1]): Promise<void> {
    await this.estate.lab.set(this.#inLab(site, index), change);
  }

  async power(site: number, indices: readonly number[], isOn: boolean): Promise<void> {
    await Promise.all(indices.map((index) => this.set(site, index, { isDown: !isOn })));
  }

  /** Signs what is drafted with the key of the command line, as `rmm policy sign` does, and hands it over. */
  async say(parts: readonly PartWish[]): Promise<void> {
    const { api, consoleData } = this.estate;
    for (const part of parts) await api.policies.create({ customerId: null, part });
    const signer = await loadSigner(consoleData);
    for (const draft of (await api.policies.draft({})).items) {
      const signed = await signWatch(readWatch({ text: draft.text }), [signer]);
      const { state, lacks } = await api.policies.put({ signed });
      if (state !== 'active') throw new Error(`the watch document is not in force: ${lacks}`);
    }
  }

  /** Waits until so many devices have a state. */
  async untilStatus(status: string, count: number, patienceMs = FIRST_CONTACT_MS): Promise<void> {
    const { api } = this.estate;
    const seen = await this.until(
      async () => (await api.devices.list({ q: `status:${status}`, limit: 1 })).total,
      (total) => total >= count,
      patienceMs,
    );
    if (seen < count) throw new Error(`${seen} of ${count} devices are ${status}`);
  }

  /** Asks until it is so or the patience, of our own clock, is over; the last answer. A console that is away is asked again. */
  async until<T>(ask: () => Promise<T>, isSo: (value: T) => boolean, patienceMs: number): Promise<T> {
    const deadline = systemClock.monotonic() + patienceMs;
    for (;;) {
      const value = await ask().catch((error: unknown) => {
        if (systemClock.monotonic() > deadline) throw error;
        return undefined;
      });
      if (value !== undefined && (isSo(value) || systemClock.monotonic() > deadline)) return value;
      await systemClock.sleep(LOOK_MS);
    }
  }

  async incidents(state: 'open' | 'any' = 'open'): Promise<readonly IncidentSummary[]> {
    return (await this.estate.api.incidents.list({ state, limit: 200 })).items;
  }

  /** Waits until nothing more is told for so long, in the programs' time. */
  async quiet(forMs: number): Promise<void> {
    let count = this.sink.mails.length;
    for (;;) {
      await this.time.sleep(forMs);
      if (this.sink.mails.length === count) return;
      count = this.sink.mails.length;
    }
  }

  /** Mails that were taken after the first `mark`, of one address. */
  mailsSince(mark: number, to = DUTY): SinkMail[] {
    return this.sink.mails.slice(mark).filter((mail) => mail.to.includes(to));
  }

  async show(id: IncidentId) {
    return this.estate.api.incidents.show({ id });
  }

  #inLab(site: number, index: number): number {
    const device = this.relay(site).devices[index];
    if (device === undefined) throw new Error(`site ${site} has no device ${index}`);
    return device.index;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.estate[Symbol.asyncDispose]();
    await this.sink.stop();
    await this.#folder[Symbol.asyncDispose]();
  }
}

/** Everything is up and known when it returns, and one route tells one person of all that is bad enough. */
export async function startWatchRig(size: WatchSize): Promise<WatchRig> {
  const { say, sites, devices, seed, env: more = {}, intervalMs } = size;
  const bundles = await ensureBundles(say);
  const time = fastTime(size.speed ?? 1);
  const folder = makeTempFolder('rmm-watch');
  const sink = await startSmtpSink();
  const estate = await startEstate({
    ...{ folder: folder.path, bundles, relays: sites, devicesPerRelay: devices, seed, isAudit: false },
    ...(intervalMs === undefined ? {} : { intervalMs }),
    // The mail server stands inside, as most do.
    env: () => ({ RMM_OUTGOING_ALLOW_HOSTS: `127.0.0.1:${sink.port}`, ...more, ...time.env() }),
  }).catch(async (error: unknown) => {
    await sink.stop();
    await folder[Symbol.asyncDispose]();
    throw error;
  });
  const rig = new WatchRig({ estate, sink, time, folder });
  try {
    await tellOnDuty(rig, size.atLeast ?? ['critical', 'high']);
    // A few of the lab's machines have a failed service from the start: no news of theirs comes between.
    const all = estate.relays.flatMap(({ devices: own }) => own.map(({ index }) => index));
    await Promise.all(all.map((index) => estate.lab.set(index, { stress: { failedServices: 0 } })));
    await rig.untilStatus('up', sites * devices);
    say(`${sites} sites with ${devices} devices each are up`);
    return rig;
  } catch (error) {
    await rig[Symbol.asyncDispose]();
    throw error;
  }
}

/** A mail server, a person, a route: as people set them up by pages. The flood guard is wide open: what is counted is what was meant to be told. */
async function tellOnDuty({ estate, sink }: WatchRig, severities: readonly Severity[]): Promise<void> {
  const { api } = estate;
  const settings = { host: '127.0.0.1', port: `${sink.port}`, security: 'none', from: FROM };
  const channel = await api.channels.create({ kind: 'email', name: 'Mail', settings });
  const contact = await api.contacts.create({
    name: 'On duty',
    ways: [{ channel: channel.id, to: DUTY }],
    flood: { messages: 1_000, withinMs: 60_000 },
  });
  await api.routes.create({
    name: 'All that is bad',
    place: 0,
    match: { severities: [...severities] },
    targets: [{ kind: 'contact', contact: contact.id }],
  });
}
