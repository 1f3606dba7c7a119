// A terminal through the whole house: a console, a relay and a real sshd, and a client that types and waits for what appears.
import path from 'node:path';
import { afterAll } from 'vitest';
import type { CommandContext } from '#console/cli/command-context.ts';
import { attachSession, openSession } from '#console/cli/open-session.ts';
import { loadProfile } from '#console/cli/profile.ts';
import { openSealingKey } from '#relay/pin/sealing-key.ts';
import { CredentialStore } from '#relay/transport/credentials.ts';
import { systemClock } from '#shared/base/clock.ts';
import type { DeviceTarget } from '#shared/contract/device-contract.ts';
import { readToClient, type ToClient, writeBegin, writeToRelay } from '#shared/model/terminal-message.ts';
import type { AttachedSession, OpenSession } from '#shared/seal/attached-session.ts';
import type { OnEnd } from '#test/fixtures/console-kit.ts';
import { type SshdPeer, startSshd } from '#test/peers/sshd.ts';
import {
  type EnrolledRelay,
  type Estate,
  enrolRelay,
  makeSite,
  type RunningRelay,
  runRelay,
  startEstate,
  untilKnown,
} from './composed-site.ts';

export interface TerminalHouse {
  estate: Estate;
  relay: RunningRelay;
  sshd: SshdPeer;
  target: DeviceTarget;
  /** Of the owner, by a token. */
  context: CommandContext;
  relayKey: string;
}

/** It stands until the tests of the file, or the command, have finished. `prepare` meets the relay before it runs. */
export async function terminalHouse(
  onEnd: OnEnd = afterAll,
  prepare: (relay: EnrolledRelay, estate: Estate) => Promise<void> = async () => undefined,
): Promise<TerminalHouse> {
  const sshd = await startSshd();
  onEnd(() => sshd.stop());
  const estate = await startEstate([], onEnd);
  const enrolled = await enrolRelay(estate, await makeSite(estate, 'Lab'));
  await prepare(enrolled, estate);
  const relay = await runRelay(enrolled, { onEnd });
  const { user, clientKeyPem } = sshd;
  new CredentialStore(path.join(relay.data, 'credentials')).add('main', {
    ...{ user, privateKey: clientKeyPem },
    binding: { purpose: 'both', ranges: ['127.0.0.0/8'], weakest: 'password' },
  });
  const at = { address: '127.0.0.1', port: sshd.port, transport: 'ssh' as const };
  const made = { relayId: relay.id, name: 'srv-1', credential: 'main', intervalMs: 5_000, ...at };
  const { ids } = await estate.api.devices.createMany({ devices: [made] });
  const [target] = await untilKnown(estate, ids);
  if (target === undefined) throw new Error('no device');
  const { publicKey } = await openSealingKey(relay.data);
  const profile = await loadProfile({ data: estate.data }, {});
  return { estate, relay, sshd, target, relayKey: publicKey.id, context: contextFor(estate, profile) };
}

const contextFor = (estate: Estate, console: CommandContext['console']): CommandContext => ({
  ...{ api: estate.api, console, data: estate.data, clock: systemClock },
  output: { isJson: false, write: () => true },
  progress: () => undefined,
});

export const SIZE = { cols: 80, rows: 24 };

export const openTerminal = (
  { context, target, relayKey }: Pick<TerminalHouse, 'context' | 'target' | 'relayKey'>,
  more: { idleMs?: number; timeoutMs?: number } = {},
): Promise<OpenSession> =>
  openSession(context, {
    ...{ target, relayKey, reason: 'test', timeoutMs: more.timeoutMs ?? 600_000 },
    args: { kind: 'terminal', ...SIZE, idleMs: more.idleMs ?? 600_000, maxBytes: 1024 ** 3 },
  });

/** Types, and waits for what appears. */
export class Screen {
  text = '';
  bytes = 0;
  from: number | undefined;
  end: Extract<ToClient, { type: 'end' }> | undefined;
  #attached: AttachedSession | undefined;
  #onNews: () => void = () => undefined;

  static async attach(house: Pick<TerminalHouse, 'context'>, session: OpenSession, have = 0): Promise<Screen> {
    const screen = new Screen();
    screen.#attached = await attachSession(house.context, session, {
      begin: writeBegin({ have, ...SIZE }),
      onMessage: (plain) => screen.#take(readToClient(plain)),
    });
    return screen;
  }

  get ended(): Promise<string> {
    return this.#attached?.ended ?? Promise.resolve('');
  }

  type(text: string): Promise<void> {
    const message = writeToRelay({ type: 'input', bytes: new TextEncoder().encode(text) });
    return this.#attached?.send(message) ?? Promise.resolve();
  }

  resize(size: { cols: number; rows: number }): Promise<void> {
    return this.#attached?.send(writeToRelay({ type: 'resize', size })) ?? Promise.resolve();
  }

  hangUp(): void {
    this.#attached?.close();
  }

  async until(pattern: RegExp, ms = 25_000): Promise<void> {
    const until = systemClock.monotonic() + ms;
    while (!pattern.test(this.text)) {
      if (systemClock.monotonic() > until) throw new Error(`no ${pattern} in ${JSON.stringify(this.text.slice(-500))}`);
      await Promise.race([this.news(), systemClock.sleep(200)]);
    }
  }

  /** Something appears. */
  news(): Promise<void> {
    return new Promise((resolve) => {
      this.#onNews = resolve;
    });
  }

  #take(message: ToClient): void {
    if (message.type === 'from') this.from = message.from;
    else if (message.type === 'end') this.end = message;
    else {
      this.bytes += message.bytes.length;
      // Of a flood its end is enough: text would be more memory than what is tried.
      const end = Buffer.from(message.bytes.subarray(-2_000)).toString('utf8');
      this.text = `${this.text}${end}`.slice(-10_000);
    }
    this.#onNews();
  }
}
