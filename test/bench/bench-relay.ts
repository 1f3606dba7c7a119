// A relay that has its batches ready: enrolled in earnest, over TLS with its certificate, within the credits the console gives.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Api } from '#console/cli/client.ts';
import { enrol } from '#relay/pin/enrol.ts';
import { IdentityStore, linkTls, linkUrl } from '#relay/pin/identity.ts';
import { dialConsole } from '#relay/uplink/dial-console.ts';
import type { LinkSocket } from '#relay/uplink/link-socket.ts';
import { systemClock } from '#shared/base/clock.ts';
import { DeviceId, newId, type RelayId, type SiteId } from '#shared/base/id.ts';
import type { Batch, Credits } from '#shared/protocol/batch.ts';
import { bundleFrom } from '#shared/protocol/bundle-batches.ts';
import type { Frame, LinkState } from '#shared/protocol/frame.ts';
import { LANES } from '#shared/protocol/lane.ts';
import { PROTOCOL, PROTOCOL_MIN } from '#shared/protocol/version.ts';
import { decodeFrame, encodeFrame } from '#shared/protocol/wire-codec.ts';
import { type Answer, noHistory } from './bench-history.ts';

/** Devices of one call of the API. */
const DEVICES_AT_ONCE = 500;
/** Unencrypted bytes that wait in our own socket: beyond it the console is slower than the loopback. */
const MAX_BUFFERED = 4 * 1024 * 1024;
const LANE = 2;

export interface SiteOptions {
  api: Api;
  /** The relay keeps its identity here. */
  folder: string;
  index: number;
  devices: number;
}

export interface BenchSite {
  site: SiteId;
  relay: RelayId;
  identity: IdentityStore;
  devices: DeviceId[];
}

/** A site with its devices and its relay, made by the API and by enrolment as a person does. */
export async function makeSite({ api, folder, index, devices }: SiteOptions): Promise<BenchSite> {
  const data = path.join(folder, `relay-${index}`);
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const site = await api.sites.create({ name: `Bench ${index}`, isSimulated: true });
  const { token, owner } = await api.relays.createToken({ siteId: site.id, kind: 'site', uses: 1 });
  const identity = new IdentityStore(data);
  const { enrolment } = await enrol({
    ...{ data, store: identity, token, owner, kind: 'site', version: '0.1.0', system: 'linux' },
    identity: { machineId: `be7c4${index.toString(16).padStart(27, '0')}`, macs: [] },
    signal: AbortSignal.timeout(60_000),
  });
  const ids: string[] = [];
  for (let from = 0; from < devices; from += DEVICES_AT_ONCE) {
    const count = Math.min(DEVICES_AT_ONCE, devices - from);
    const made = Array.from({ length: count }, (_, n) => ({
      ...{ relayId: enrolment.relay, name: `bench-${index}-${from + n}`, transport: 'ssh' as const, port: 22 },
      ...{ address: `10.${index}.${(from + n) >> 8}.${(from + n) & 255}`, credential: 'bench', intervalMs: 60_000 },
      isSimulated: true,
    }));
    ids.push(...(await api.devices.createMany({ devices: made })).ids);
  }
  return { site: enrolment.site, relay: enrolment.relay, identity, devices: ids.map((id) => DeviceId.parse(id)) };
}

export class BenchRelay {
  readonly #identity: IdentityStore;
  readonly #epoch = newId(systemClock.now());
  #socket: LinkSocket | undefined;
  #state: LinkState = 'greeting';
  #frameId = 0;
  #credits: Credits = { batches: 1, bytes: 1 };
  #received = 0;
  #durable = 0;
  #inFlight: Array<{ seq: number; bytes: number }> = [];
  #bytes = 0;
  #wake: Array<() => void> = [];
  #fault: string | undefined;
  readonly #answer: Answer;
  readonly #sent = { batchBytes: 0, chunkBytes: 0 };

  /** `answer`: to what the console asks of the past. */
  constructor(identity: IdentityStore, answer: Answer = noHistory) {
    this.#identity = identity;
    this.#answer = answer;
  }

  /** Bytes of whole frames, as they went into the socket. */
  get sent(): { batchBytes: number; chunkBytes: number } {
    return { ...this.#sent };
  }

  get durable(): number {
    return this.#durable;
  }

  /** `batches`: as many as will come, as a relay says of its backlog. */
  async connect(batches = 0): Promise<void> {
    const { enrolment } = this.#identity;
    if (enrolment === undefined) throw new Error('not enrolled');
    const dial = dialConsole({ url: () => linkUrl(enrolment), tls: () => linkTls(this.#identity), env: {} });
    const handlers = {
      onMessage: (bytes: Uint8Array) => this.#hear(bytes),
      onPong: () => undefined,
      onClose: (detail: string) => this.#over(`the link is over: ${detail}`),
    };
    this.#socket = await dial(handlers, AbortSignal.timeout(30_000));
    this.#send({
      type: 'HELLO',
      body: {
        ...{ protoMin: PROTOCOL_MIN, protoMax: PROTOCOL, version: '0.1.0', epoch: this.#epoch, hostname: 'bench' },
        lanes: LANES.map((lane) => ({ lane, oldest: 1, next: lane === LANE ? batches + 1 : 1 })),
        ...{ rosterVersion: 0, charterVersion: 1, wall: systemClock.now(), mono: systemClock.monotonic() },
      },
    });
    await this.#until(() => this.#state === 'open');
  }

  /** Resolves when the last of them is received: stored at the console. */
  async deliver(batches: readonly Batch[]): Promise<void> {
    for (let at = 0, next = bundleFrom(batches, at); next !== undefined; next = bundleFrom(batches, at)) {
      const batch = next;
      at += batch.seq - (batch.from ?? batch.seq) + 1;
      await this.#until(() => this.#hasRoom(batch));
      this.#inFlight.push({ seq: batch.seq, bytes: batch.data.length });
      this.#bytes += batch.data.length;
      this.#send({ type: 'BATCH', body: batch });
    }
    await this.#until(() => this.#inFlight.length === 0);
  }

  /** Resolves when batch `seq` is in its final place: sealed. */
  async sealed(seq: number): Promise<void> {
    await this.#until(() => this.#durable >= seq);
  }

  stop(): void {
    this.#socket?.close();
  }

  #hasRoom(batch: Batch): boolean {
    const { batches, bytes } = this.#credits;
    const isFree = this.#inFlight.length === 0 || this.#bytes + batch.data.length <= bytes;
    return this.#inFlight.length < batches && isFree && (this.#socket?.bufferedAmount ?? 0) < MAX_BUFFERED;
  }

  #hear(bytes: Uint8Array): void {
    const decoded = decodeFrame(bytes, { from: 'console', state: this.#state });
    if (!decoded.ok) {
      this.#over(`the console sent what a relay refuses: ${decoded.message}`);
      return;
    }
    const { frame } = decoded;
    if (frame.type === 'WELCOME') {
      this.#state = 'open';
      this.#credits = frame.body.credits;
    } else if (frame.type === 'ACK') {
      for (const mark of frame.body.lanes) if (mark.lane === LANE) this.#mark(mark);
      if (frame.body.pace !== undefined) this.#credits = frame.body.pace.credits;
    } else if (frame.type === 'HISTORY') {
      const body = this.#answer(frame.body);
      if (body !== undefined) this.#send({ type: 'CHUNKS', body });
    } else if (frame.type === 'FAULT') this.#over(`fault: ${frame.body.code} ${frame.body.message}`);
    for (const wake of this.#wake.splice(0)) wake();
  }

  #mark({ received, durable }: { received: number; durable: number }): void {
    this.#received = Math.max(this.#received, received);
    this.#durable = Math.max(this.#durable, durable);
    while ((this.#inFlight[0]?.seq ?? Infinity) <= this.#received) this.#bytes -= this.#inFlight.shift()?.bytes ?? 0;
  }

  #over(why: string): void {
    this.#fault ??= why;
    for (const wake of this.#wake.splice(0)) wake();
  }

  async #until(isSo: () => boolean): Promise<void> {
    while (!isSo()) {
      if (this.#fault !== undefined) throw new Error(this.#fault);
      await new Promise<void>((resolve) => this.#wake.push(resolve));
    }
  }

  #send(frame: Said<'HELLO'> | Said<'BATCH'> | Said<'CHUNKS'>): void {
    this.#frameId += 1;
    const bytes = encodeFrame({ ...frame, id: this.#frameId });
    if (frame.type === 'BATCH') this.#sent.batchBytes += bytes.length;
    if (frame.type === 'CHUNKS') this.#sent.chunkBytes += bytes.length;
    this.#socket?.send(bytes);
  }
}

type Said<T extends Frame['type']> = Omit<Extract<Frame, { type: T }>, 'id'>;
