// Opens a session on one device: a fresh key, an order that names it, signed here; then a socket whose bytes only the relay opens.
import { WebSocket } from 'ws';
import { AppError } from '#shared/base/errors.ts';
import { ManifestId } from '#shared/base/id.ts';
import { inert } from '#shared/base/inert-text.ts';
import { API_PREFIX } from '#shared/contract/contract.ts';
import type { DeviceTarget } from '#shared/contract/device-contract.ts';
import { SESSION_SUBPROTOCOL, STREAMS_PATH, TICKET_PREFIX } from '#shared/contract/session-door.ts';
import { FINAL_COMMAND_STATES } from '#shared/model/record.ts';
import type { SessionArguments } from '#shared/model/session.ts';
import {
  type AttachedSession,
  type AttachOptions,
  attachOver,
  type OpenSession,
} from '#shared/seal/attached-session.ts';
import { newSessionKey } from '#shared/seal/session-channel.ts';
import type { CommandContext } from './command-context.ts';
import { waitsText } from './give-order.ts';
import { sealingKeysFor } from './sealing-keys.ts';
import { signRun } from './sign-run.ts';

/** How long a relay that is away may still take it: a person waits at the screen. */
const VALID_MS = 60_000;
/** Of asking whether it stands by now. */
const ASK_MS = 100;

type WithoutKey<T> = T extends unknown ? Omit<T, 'key'> : never;

export interface SessionWish {
  target: DeviceTarget;
  /** All but the key, which is made here. */
  args: WithoutKey<SessionArguments>;
  timeoutMs: number;
  reason: string;
  keyFile?: string | undefined;
  /** Fingerprints by which the relay's key is believed. */
  relayKey?: string | undefined;
  owner?: string | undefined;
}

/** Signed, handed over, and open at the relay. Throws what the relay said where it opened none. */
export async function openSession(context: CommandContext, wish: SessionWish): Promise<OpenSession> {
  const { api, data, clock } = context;
  const { target, args, timeoutMs, reason, keyFile, relayKey, owner } = wish;
  const place = { data, relay: target.relayId, site: target.siteId, relayKey, owner };
  const [relay] = await sealingKeysFor(api, place);
  if (relay === undefined) throw new AppError('not-found', `relay ${target.relayId} has told no sealing key`);
  const own = await newSessionKey();
  let lacks: string | undefined;
  const order = {
    targets: [target],
    // The members of one kind and its key are the arguments of that kind; the compiler does not see through the spread.
    action: { name: 'session.open' as const, arguments: { ...args, key: own.publicKey } as SessionArguments },
    ...{ timeoutMs, outputBytes: 0, concurrency: 1, reason, validForMs: VALID_MS, keyFile },
    onDraft: (draft: { lacks: string | undefined }) => {
      lacks = draft.lacks;
    },
  };
  const { ids } = await api.actions.submit({ signed: await signRun(api, data, order, clock) });
  if (lacks !== undefined) process.stderr.write(`${waitsText(ids, lacks)}\n`);
  const id = ManifestId.parse(ids[0]);
  await untilOpen(context, id);
  return { id, own, relay };
}

async function untilOpen({ api, clock }: CommandContext, id: ManifestId): Promise<void> {
  for (;;) {
    const { outcomes } = await api.actions.show({ id });
    const outcome = outcomes[0];
    if (outcome?.state === 'started') return;
    if (outcome !== undefined && FINAL_COMMAND_STATES.has(outcome.state))
      throw new AppError('unavailable', `no session: ${outcome.state}, ${inert(outcome.detail ?? 'no reason given')}`);
    await clock.sleep(ASK_MS);
  }
}

/** Attaches to an open session; again after a cut, with the same key. */
export async function attachSession(
  { api, console }: Pick<CommandContext, 'api' | 'console'>,
  session: OpenSession,
  options: AttachOptions,
): Promise<AttachedSession> {
  const { ticket } = await api.actions.attach({ id: session.id });
  const url = `${console.url.replace(/\/$/, '').replace(/^http/, 'ws')}${API_PREFIX}${STREAMS_PATH}`;
  const socket = new WebSocket(url, [SESSION_SUBPROTOCOL, `${TICKET_PREFIX}${ticket}`], {
    perMessageDeflate: false,
    ...(console.authority === undefined ? {} : { ca: console.authority }),
  });
  const { client, closed, attached } = attachOver(session, options, {
    send: (bytes) => socket.send(bytes),
    close: () => socket.close(),
  });
  socket.on('message', (bytes: Buffer, isBinary) =>
    isBinary ? client.received(bytes) : client.receivedText(bytes.toString('utf8')),
  );
  socket.on('error', () => undefined); // 'close' follows
  socket.on('close', (_code, reason) => closed(reason.toString('utf8')));
  return attached;
}
