// `npm run chaos -- cancel`: cancelled, timed out, cut off by the death of the relay: how long what ran lives on, on a real sshd and a fake Windows host.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { systemClock } from '#shared/base/clock.ts';
import { ManifestId, newId } from '#shared/base/id.ts';
import type { DeviceIdentity } from '#shared/model/device-identity.ts';
import type { Manifest } from '#shared/model/manifest.ts';
import type { Command } from '#shared/protocol/downstream.ts';
import { generateSigningKey, type SigningKey } from '#shared/seal/key-pair.ts';
import { signBatch } from '#shared/seal/manifest-seal.ts';
import { deviceNo, relayNo, siteNo } from '#test/fixtures/stream-kit.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';
import { makeSshRelay } from '#test/peers/ssh-relay.ts';
import { startSshd } from '#test/peers/sshd.ts';
import { startWindowsHost } from '#test/peers/windows-host/windows-host.ts';
import { MONITOR, makeWinrmRelay } from '#test/peers/winrm-relay.ts';
import type { CancelPlan } from './cancel-child.ts';
import type { Chaos } from './chaos.ts';
import { charterFor } from './command.ts';
import { FrozenLine } from './frozen-line.ts';

const ROUNDS = { full: 10, quick: 1 };
/** The time-out of the order that takes too long. */
const TIMEOUT_MS = 500;
const PATIENCE_MS = 30_000;
const LOOK_MS = 10;

/** A device, what runs there, and how many processes or commands of it still do. */
interface Peer {
  kind: 'ssh' | 'winrm';
  entry: CancelPlan['entry'];
  login: Pick<CancelPlan, 'ssh' | 'winrm'>;
  identity: DeviceIdentity;
  script: string;
  running: () => number;
  /** The relay's machine loses its power: the device does not hear of it. */
  cutPower: () => void;
  stop: () => Promise<void>;
}

const isNap = (pid: string, nap: string): boolean => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1') === `sleep\0${nap}\0`;
  } catch {
    return false; // it ended while we looked
  }
};

async function sshPeer(folder: string): Promise<Peer> {
  const sshd = await startSshd();
  const line = await FrozenLine.to(sshd.port);
  const ssh = { user: sshd.user, privateKey: sshd.clientKeyPem };
  const known = makeSshRelay(path.join(folder, 'ssh-known'), ssh);
  const { identity } = await known.session(known.device(sshd.port));
  await known.pool.stop();
  const nap = `62${process.pid}`;
  return {
    ...{ kind: 'ssh', login: { ssh }, identity },
    entry: { ...known.device(line.port), device: deviceNo(1) },
    // Neither it nor its children heed a TERM.
    script: `trap '' TERM; sleep ${nap} & sleep ${nap}; wait`,
    running: () => readdirSync('/proc').filter((name) => /^\d+$/.test(name) && isNap(name, nap)).length,
    cutPower: () => line.freeze(),
    stop: async () => {
      await line.stop();
      await sshd.stop();
    },
  };
}

async function winrmPeer(folder: string): Promise<Peer> {
  const host = await startWindowsHost();
  const winrm = { user: host.user, password: host.password, tls: host.tlsPort, plain: host.port };
  const known = makeWinrmRelay(path.join(folder, 'winrm-known'), { ports: { tls: host.tlsPort, plain: host.port } });
  known.addLogin('main', { user: host.user, password: host.password, binding: MONITOR });
  const opened = await known.open(known.device());
  if (!opened.ok) throw new Error(opened.detail);
  const { identity } = opened.value;
  await known.stop();
  return {
    ...{ kind: 'winrm', login: { winrm }, identity },
    entry: { ...known.device(), device: deviceNo(1) },
    script: 'sim-hang',
    running: () => host.host.shells.running(),
    // A shell outlives its connection whatever happens to that.
    cutPower: () => undefined,
    stop: () => host.stop(),
  };
}

/** Throws when it does not come: then there is nothing to measure. */
async function until(isSo: () => boolean, what: string): Promise<void> {
  const deadline = systemClock.monotonic() + PATIENCE_MS;
  while (!isSo()) {
    if (systemClock.monotonic() > deadline) throw new Error(`${what} did not come within ${PATIENCE_MS} ms`);
    await systemClock.sleep(LOOK_MS);
  }
}

/** Milliseconds until nothing runs any more. */
async function goneAfter(peer: Peer): Promise<number> {
  const startedAt = systemClock.monotonic();
  await until(() => peer.running() === 0, `the end of what ran over ${peer.kind}`);
  return systemClock.monotonic() - startedAt;
}

class RelayLives {
  readonly #peer: Peer;
  readonly #planFile: string;
  readonly #signer: SigningKey;
  #child: ChildProcess | undefined;

  constructor(peer: Peer, folder: string, signer: SigningKey) {
    this.#peer = peer;
    this.#signer = signer;
    this.#planFile = path.join(folder, `${peer.kind}.json`);
    const { entry, login } = peer;
    const plan: CancelPlan = { folder: path.join(folder, peer.kind), charter: charterFor(signer), entry, ...login };
    writeFileSync(this.#planFile, JSON.stringify(plan), { mode: 0o600 });
  }

  async begin(): Promise<void> {
    const child = fork('test/chaos/cancel-child.ts', [this.#planFile], { execArgv: ['--import', 'tsx'] });
    this.#child = child;
    await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(() => Promise.reject(new Error('the relay ended by itself'))),
    ]);
  }

  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  tell(command: Command): void {
    this.#child?.send(command);
  }

  /** The id of an order whose command runs by now. */
  async run(timeoutMs: number): Promise<ManifestId> {
    const now = systemClock.now();
    const { identity, script, running, kind } = this.#peer;
    const id = ManifestId.parse(newId(now));
    const manifest: Manifest = {
      ...{ v: 1, id, site: siteNo(1), relay: relayNo(1), charterVersion: 1, reason: '' },
      targets: [{ device: deviceNo(1), identity }],
      action: { name: 'command.run', arguments: { command: script } },
      ...{ nbf: now - 1_000, exp: now + 600_000 },
      caps: { timeoutMs, outputBytes: 1_024, concurrency: 1 },
    };
    const [signed] = await signBatch([manifest], this.#signer);
    if (signed === undefined) throw new Error('nothing was signed');
    this.tell({ kind: 'run', signed });
    await until(() => running() > 0, `the command over ${kind}`);
    return id;
  }
}

interface Times {
  cancelMs: number;
  timeoutMs: number;
  returnMs: number;
  /** Ran on after the relay was dead, so that its return had something to end. */
  outlived: number;
}

async function round(peer: Peer, relay: RelayLives): Promise<Times> {
  const manifest = await relay.run(60_000);
  relay.tell({ kind: 'cancel', manifest });
  const cancelMs = await goneAfter(peer);
  await relay.run(TIMEOUT_MS);
  const timeoutMs = Math.max(0, (await goneAfter(peer)) - TIMEOUT_MS);
  await relay.run(60_000);
  peer.cutPower();
  await relay.kill();
  await systemClock.sleep(300);
  const outlived = Number(peer.running() > 0);
  await relay.begin();
  return { cancelMs, timeoutMs, returnMs: await goneAfter(peer), outlived };
}

async function trial(make: (folder: string) => Promise<Peer>, folder: string, rounds: number): Promise<Times> {
  const peer = await make(folder);
  const relay = new RelayLives(peer, folder, await generateSigningKey());
  const worst: Times = { cancelMs: 0, timeoutMs: 0, returnMs: 0, outlived: 0 };
  try {
    await relay.begin();
    for (let n = 0; n < rounds; n += 1) {
      const { cancelMs, timeoutMs, returnMs, outlived } = await round(peer, relay);
      worst.cancelMs = Math.max(worst.cancelMs, Math.round(cancelMs));
      worst.timeoutMs = Math.max(worst.timeoutMs, Math.round(timeoutMs));
      worst.returnMs = Math.max(worst.returnMs, Math.round(returnMs));
      worst.outlived += outlived;
    }
    return worst;
  } finally {
    await relay.kill();
    await peer.stop();
  }
}

export const cancel: Chaos = async ({ isQuick, seed }) => {
  const startedAt = systemClock.monotonic();
  await using folder = makeTempFolder('rmm-cancel');
  const rounds = ROUNDS[isQuick ? 'quick' : 'full'];
  const [ssh, winrm] = await Promise.all([trial(sshPeer, folder.path, rounds), trial(winrmPeer, folder.path, rounds)]);
  const named = (prefix: string, { cancelMs, timeoutMs, returnMs, outlived }: Times) => ({
    [`${prefix}CancelMs`]: cancelMs,
    [`${prefix}TimeoutMs`]: timeoutMs,
    [`${prefix}ReturnMs`]: returnMs,
    [`${prefix}OutlivedRatio`]: outlived / rounds,
  });
  const figures = { rounds, ...named('ssh', ssh), ...named('winrm', winrm) };
  return { name: 'chaos cancel', figures, durationMs: systemClock.monotonic() - startedAt, details: { seed } };
};
