// The door of sessions for browsers and the command line: a ticket that is good once, then a socket that carries what neither end lets us read.
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import { actorName, can } from '#console/access/can.ts';
import { EVERYTHING_SCOPE } from '#console/access/scope.ts';
import { SingleUse } from '#console/access/single-use.ts';
import type { CarriedStream, StreamDesk } from '#console/gateway/stream-desk.ts';
import { AppError, describeError } from '#shared/base/errors.ts';
import type { ManifestId, RandomBytes, RelayId } from '#shared/base/id.ts';
import { SESSION_SUBPROTOCOL, TICKET_PREFIX } from '#shared/contract/session-door.ts';
import { MAX_STREAM_BYTES, STREAM_WINDOW, type StreamEnd } from '#shared/protocol/stream.ts';
import { toBase64url } from '#shared/seal/base64url.ts';
import type { ApiContext } from './api-context.ts';
import { readScope } from './guard.ts';
import type { ApiServices } from './services.ts';

/** From the answer to the socket is one round trip. */
const TICKET_MS = 30_000;
const MAX_TICKETS = 1_000;
/** Whoever is told at once asks at once; this is for what ends by time, or at another console. */
const CHECK_MS = 4_000;
/** A socket that answers no ping is gone; a proxy cuts a silent one after 60 s. */
const PING_MS = 20_000;
/** Above the private range of the relays' port: the reason holds the word of StreamEnd. */
const CLOSE_ENDED = 4100;

const Credit = z.strictObject({ credit: z.int().min(1).max(STREAM_WINDOW) });

type Rooms = Pick<ApiServices, 'actions' | 'audit' | 'store' | 'clock' | 'log' | 'fleet' | 'rightsChanged'>;

interface Ticket {
  session: ManifestId;
  relay: RelayId;
  context: ApiContext;
}

/** Somebody's session, from the first attachment until it is settled: who may no more loses it at once. */
interface Held {
  context: ApiContext;
  release: () => void;
  ends: Set<(reason: StreamEnd) => void>;
  isEnding: boolean;
}

export class StreamDoor {
  readonly #rooms: Rooms;
  readonly #desk: StreamDesk;
  readonly #random: RandomBytes;
  readonly #tickets: SingleUse<Ticket>;
  readonly #held = new Map<ManifestId, Held>();
  readonly #sockets: WebSocketServer;

  constructor({ rooms, desk, random }: { rooms: Rooms; desk: StreamDesk; random: RandomBytes }) {
    this.#rooms = rooms;
    this.#desk = desk;
    this.#random = random;
    this.#tickets = new SingleUse({ clock: rooms.clock, lifeMs: TICKET_MS, capacity: MAX_TICKETS });
    this.#sockets = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false, // what is sealed does not shrink
      maxPayload: MAX_STREAM_BYTES,
      handleProtocols: (offered) => (offered.has(SESSION_SUBPROTOCOL) ? SESSION_SUBPROTOCOL : false),
    });
  }

  /** For who handed the order over and may still do so; throws `not-found`, or `conflict` while there is no session to go to. */
  async ticket(context: ApiContext, id: ManifestId): Promise<string> {
    const action = await this.#own(context, id);
    if (action.state !== 'sent')
      throw new AppError('conflict', `session ${id} is ${action.state === 'settled' ? 'over' : 'not open yet'}`);
    const ticket = toBase64url(this.#random(new Uint8Array(32)));
    this.#tickets.keep(ticket, { session: id, relay: action.relayId, context });
    return ticket;
  }

  /** Who brings no ticket is refused without a word on why. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const offered = (request.headers['sec-websocket-protocol'] ?? '').split(/\s*,\s*/);
    const said = offered.find((one) => one.startsWith(TICKET_PREFIX))?.slice(TICKET_PREFIX.length);
    const ticket = said === undefined ? undefined : this.#tickets.take(said);
    if (ticket === undefined) {
      socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
      return;
    }
    this.#sockets.handleUpgrade(request, socket, head, (ws) => {
      this.#carry(ws, ticket).catch((error: unknown) => {
        this.#rooms.log.error(describeError(error), 'a session could not be carried');
        ws.terminate();
      });
    });
  }

  /** The console stops. */
  stop(): void {
    for (const { release } of this.#held.values()) release();
    this.#held.clear();
    this.#desk.stop();
    this.#sockets.close();
  }

  async #own({ actor, actorNow }: ApiContext, id: ManifestId) {
    const { actions, clock, fleet } = this.#rooms;
    const may = can(await actorNow(), 'action.attach', undefined, clock.now());
    const action = may.allowed ? await actions.session(await readScope(fleet, may.scope), id) : undefined;
    if (action === undefined || action.createdBy !== actorName(actor))
      throw new AppError('not-found', `no session ${id} of yours`);
    return action;
  }

  async #carry(ws: WebSocket, { session, relay, context }: Ticket): Promise<void> {
    ws.on('error', () => undefined); // 'close' follows
    const closed = new AbortController();
    ws.once('close', () => closed.abort());
    const close = (reason: StreamEnd) => ws.close(CLOSE_ENDED, reason);
    let line: CarriedStream;
    try {
      line = this.#desk.open(relay, session, {
        data: (bytes) => ws.send(bytes),
        credit: (credit) => ws.send(JSON.stringify({ credit })),
        close,
      });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return close(error.code === 'rate-limited' ? 'full' : 'left');
    }
    ws.on('message', (data, isBinary) => hear(line, data, isBinary));
    const held = this.#hold(session, context);
    const end = (reason: StreamEnd) => line.end(reason);
    held.ends.add(end);
    const began = this.#rooms.clock.monotonic();
    void this.#watch(ws, session, closed.signal);
    await this.#audit(context, session, 'action.attach', {});
    if (!closed.signal.aborted) await new Promise((resolve) => closed.signal.addEventListener('abort', resolve));
    held.ends.delete(end);
    line.end('left');
    const seconds = Math.round((this.#rooms.clock.monotonic() - began) / 1_000);
    await this.#audit(context, session, 'action.detach', { seconds, bytesIn: line.bytes.in, bytesOut: line.bytes.out });
  }

  /** Pings, and asks again and again whether they may: a store that does not answer says nothing. */
  async #watch(ws: WebSocket, session: ManifestId, signal: AbortSignal): Promise<void> {
    let pinged = 0;
    let isAlive = true;
    ws.on('pong', () => {
      isAlive = true;
    });
    for (let waited = 0; !signal.aborted; waited += CHECK_MS) {
      // Only the signal rejects a sleep.
      await this.#rooms.clock.sleep(CHECK_MS, signal).catch(() => undefined);
      if (signal.aborted) return;
      await this.#check(session);
      if (waited - pinged < PING_MS) continue;
      if (!isAlive) ws.terminate();
      isAlive = false;
      pinged = waited;
      ws.ping();
    }
  }

  #hold(session: ManifestId, context: ApiContext): Held {
    const known = this.#held.get(session);
    if (known !== undefined) return known;
    const person = context.actor.kind === 'person' ? context.actor.id : undefined;
    const onRights = (changed: string) => void (changed === person ? this.#check(session) : undefined);
    const stops = [context.onRevoked(() => this.#revoke(session)), this.#rooms.rightsChanged.listen(onRights)];
    const held: Held = {
      context,
      ends: new Set(),
      isEnding: false,
      release: () => stops.forEach((stop) => void stop()),
    };
    this.#held.set(session, held);
    return held;
  }

  async #check(session: ManifestId): Promise<void> {
    const held = this.#held.get(session);
    if (held === undefined) return;
    try {
      if ((await this.#own(held.context, session)).state === 'settled') this.#forget(session);
    } catch (error) {
      if (error instanceof AppError && error.code === 'not-found') this.#revoke(session);
    }
  }

  #forget(session: ManifestId): void {
    this.#held.get(session)?.release();
    this.#held.delete(session);
  }

  /** The bytes stop now; the relay hears that the order is cancelled, and ends what runs. */
  #revoke(session: ManifestId): void {
    const held = this.#held.get(session);
    if (held === undefined || held.isEnding) return;
    held.isEnding = true;
    for (const end of [...held.ends]) end('revoked');
    this.#forget(session);
    const caller = { actor: { kind: 'system' as const, part: 'sessions' } };
    this.#rooms.actions
      .cancel(caller, EVERYTHING_SCOPE, session)
      .catch((error: unknown) => this.#rooms.log.error(describeError(error), 'a session could not be cancelled'));
  }

  async #audit({ actor, address }: ApiContext, session: ManifestId, verb: string, detail: Record<string, number>) {
    const { store, audit } = this.#rooms;
    const row = {
      actor: actorName(actor),
      address,
      verb,
      resource: `action:${session}`,
      outcome: 'ok' as const,
      detail,
    };
    await store.transaction((tx) => audit.append(tx, row));
  }
}

function hear(line: CarriedStream, data: unknown, isBinary: boolean): void {
  if (!Buffer.isBuffer(data)) line.end('flooded');
  else if (isBinary) line.data(data);
  else hearText(line, data);
}

function hearText(line: CarriedStream, data: Buffer): void {
  const said = Credit.safeParse(parseText(data));
  if (said.success) line.credit(said.data.credit);
  else line.end('flooded');
}

function parseText(data: Buffer): unknown {
  try {
    return JSON.parse(data.toString('utf8', 0, 100));
  } catch {
    return undefined;
  }
}
