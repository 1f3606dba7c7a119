// Opens the sessions that proven orders ask for, and leads the streams of the console to them.
import type { Session } from '#relay/transport/transport.ts';
import type { Clock } from '#shared/base/clock.ts';
import { fail, type Outcome, succeed } from '#shared/base/outcome.ts';
import type { Charter } from '#shared/model/charter.ts';
import type { RosterEntry } from '#shared/model/device.ts';
import type { Manifest } from '#shared/model/manifest.ts';
import type { AuditRecord } from '#shared/model/record.ts';
import type { SessionArguments } from '#shared/model/session.ts';
import type { Stream } from '#shared/protocol/stream.ts';
import type { Logger } from '#shared/runtime/logger.ts';
import type { OpeningKey } from '#shared/seal/vault-box.ts';
import type { Attachment } from './attachment.ts';
import { LiveSession } from './live-session.ts';
import type { SessionEnd, SessionKinds, SessionRequest, SessionResult } from './session-end.ts';
import { StreamLane, type StreamLink } from './stream-lane.ts';

/** At one relay: a team of technicians, each with some windows. Each costs two windows of bytes at most, 16 MiB in all. */
export const MAX_SESSIONS = 32;
/** Clients that stand at one session before it is open: the one that ordered it, and itself once or twice more on a shaky line. */
const MAX_EARLY = 4;

export interface SessionDeskDeps {
  clock: Clock;
  log: Logger;
  /** Clients know its public half from the site's charter, or compared it. */
  own: OpeningKey;
  link: () => StreamLink;
  kinds: SessionKinds;
  charter: () => Charter;
  onAudit: (record: AuditRecord) => void;
}

export interface SessionOrder {
  manifest: Manifest;
  args: SessionArguments;
  entry: RosterEntry;
  device: Session;
}

export class SessionDesk {
  readonly #deps: SessionDeskDeps;
  readonly #lane: StreamLane;
  readonly #sessions = new Map<string, LiveSession>();
  readonly #streams = new Map<number, Attachment>();
  /** Clients that came while their session was opening: they hear its hello once it stands. */
  readonly #early = new Map<string, Set<number>>();

  constructor(deps: SessionDeskDeps) {
    this.#deps = deps;
    this.#lane = new StreamLane({ link: deps.link, clock: deps.clock });
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** The order was proven and its machine reached; resolves when the session is over. */
  async run(order: SessionOrder, signal: AbortSignal): Promise<Outcome<SessionResult>> {
    const { manifest, args, entry } = order;
    if (this.#sessions.size + this.#early.size >= MAX_SESSIONS)
      return fail('refused', `${entry.name}: this relay has ${MAX_SESSIONS} sessions open already`);
    const early = new Set<number>();
    this.#early.set(manifest.id, early);
    const opened = await this.#open(order, signal).finally(() => this.#early.delete(manifest.id));
    if (!opened.ok) {
      for (const stream of early) this.#refuse(stream);
      return opened;
    }
    const { clock, own, log } = this.#deps;
    const onGone = ({ stream }: Attachment) => void this.#streams.delete(stream);
    const session = new LiveSession({ clock, manifest, args, end: opened.value, own, lane: this.#lane, onGone });
    this.#sessions.set(manifest.id, session);
    for (const stream of early) this.#attach(stream, manifest.id);
    const began = clock.monotonic();
    this.#audit(order, 'session.open', `${args.kind} on ${entry.name}`);
    try {
      const result = await session.run(signal);
      const said = toldOf(session, result, clock.monotonic() - began);
      this.#audit(order, 'session.close', `${args.kind} on ${entry.name}: ${said}`);
      return succeed({ ...result, detail: said });
    } finally {
      this.#sessions.delete(manifest.id);
      log.info({ manifest: manifest.id, kind: args.kind }, 'a session is over');
    }
  }

  /** A STREAM of the console: nothing in it is believed but that bytes came. */
  readonly take = (body: Stream): void => {
    switch (body.kind) {
      case 'open':
        this.#attach(body.stream, body.session);
        break;
      case 'data':
        this.#streams.get(body.stream)?.data(body.data);
        break;
      case 'credit':
        this.#streams.get(body.stream)?.credit(body.bytes);
        break;
      case 'close':
        this.#streams.get(body.stream)?.left();
        for (const early of this.#early.values()) early.delete(body.stream);
        break;
    }
  };

  /** There is room on the link. */
  readonly onRoom = (): void => this.#lane.pump();

  /** The link is over: every client is gone, and may come back over the next one. */
  readonly onDown = (): void => {
    for (const attachment of [...this.#streams.values()]) attachment.left();
    this.#streams.clear();
    for (const early of this.#early.values()) early.clear();
    this.#lane.pump();
  };

  #attach(stream: number, id: string): void {
    const session = this.#sessions.get(id);
    const early = this.#early.get(id);
    if (early !== undefined && early.size < MAX_EARLY) early.add(stream);
    else if (session === undefined || this.#streams.has(stream)) this.#refuse(stream);
    else this.#streams.set(stream, session.attach(stream));
  }

  #refuse(stream: number): void {
    this.#lane.tell({ kind: 'close', stream, reason: 'unknown' });
  }

  #open({ manifest, args, entry, device }: SessionOrder, signal: AbortSignal): Promise<Outcome<SessionEnd>> {
    const { kinds, charter } = this.#deps;
    const base = { manifest, entry, device, charter, signal };
    const none = async () => fail('unsupported', `${entry.name}: this relay opens no ${args.kind}`);
    switch (args.kind) {
      case 'terminal':
        return kinds.terminal?.open({ ...base, args } satisfies SessionRequest<'terminal'>) ?? none();
      case 'files':
        return kinds.files?.open({ ...base, args } satisfies SessionRequest<'files'>) ?? none();
      case 'tunnel':
        return kinds.tunnel?.open({ ...base, args } satisfies SessionRequest<'tunnel'>) ?? none();
    }
  }

  #audit({ manifest, entry }: SessionOrder, verb: string, detail: string): void {
    const at = this.#deps.clock.now();
    this.#deps.onAudit({
      type: 'audit',
      at,
      verb,
      device: entry.device,
      manifest: manifest.id,
      detail: detail.slice(0, 1_000),
    });
  }
}

function toldOf(session: LiveSession, { detail }: SessionResult, ms: number): string {
  const { in: came, out } = session.bytes;
  return `${detail}; ${Math.round(ms / 1_000)} s, ${came} bytes in, ${out} bytes out, attached ${session.attachments} times`;
}
