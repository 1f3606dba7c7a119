// `bench -- tunnel`: a tunnel through console and relay beside `ssh -L`, in turns, through the same sshd's machine to the same port.
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import path from 'node:path';
import { openSession } from '#console/cli/open-session.ts';
import { type RunningTunnel, startTunnel } from '#console/cli/tunnel-command.ts';
import { systemClock } from '#shared/base/clock.ts';
import { silentLogger } from '#shared/runtime/logger.ts';
import { StopStack } from '#shared/runtime/stop-stack.ts';
import { PROJECT } from '#test/architecture/source-files.ts';
import { startProxy } from '#test/chaos/proxy.ts';
import { type TerminalHouse, terminalHouse } from '#test/e2e/terminal-rig.ts';
import type { Bench } from './bench.ts';
import { median, rounded } from './statistics.ts';
import type { TunnelNews, TunnelTask, TunnelWay } from './tunnel-peer-message.ts';

const MB = 1_000_000;
/** Each way. */
const DELAY_MS = 10;

class TunnelPeer {
  readonly #child: ChildProcess;
  readonly port: number;
  isWhole = true;

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.port = port;
  }

  static async start(): Promise<TunnelPeer> {
    const child = fork(path.join(PROJECT, 'test/bench/tunnel-child.ts'), { execArgv: ['--import', 'tsx'] });
    const [news] = (await once(child, 'message')) as [TunnelNews]; // of our own child
    return new TunnelPeer(child, 'port' in news ? news.port : 0);
  }

  /** MB a second through a port of loopback that leads to this peer. */
  async rate(port: number, way: TunnelWay, bytes: number): Promise<number> {
    const over = new AbortController();
    const onExit = () => over.abort(new Error('the peer of the tunnels has ended'));
    this.#child.once('exit', onExit);
    const answer = once(this.#child, 'message', { signal: over.signal }) as Promise<[TunnelNews]>;
    this.#child.send({ port, way, bytes } satisfies TunnelTask);
    const [news] = await answer.finally(() => this.#child.off('exit', onExit));
    if (!('ms' in news)) throw new Error('the peer said its port twice');
    this.isWhole &&= news.isWhole;
    return news.isWhole ? bytes / MB / (news.ms / 1_000) : 0;
  }

  stop(): void {
    this.#child.kill();
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  server.close();
  await once(server, 'close');
  return bound === null || typeof bound === 'string' ? 0 : bound.port;
}

/** OpenSSH's own, with its defaults. */
async function startSsh({ sshd }: TerminalHouse, target: number): Promise<{ port: number; stop: () => void }> {
  const port = await freePort();
  const trust = ['-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null', '-o', 'LogLevel=ERROR'];
  const where = ['-i', path.join(sshd.folder, 'client_key'), '-p', `${sshd.port}`, `${sshd.user}@127.0.0.1`];
  const only = ['-F', 'none', '-N', '-o', 'ExitOnForwardFailure=yes', '-o', 'IdentitiesOnly=yes'];
  const child = spawn('ssh', [...only, ...trust, '-L', `127.0.0.1:${port}:127.0.0.1:${target}`, ...where], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return { port, stop: () => void child.kill() };
}

async function openTunnel(house: TerminalHouse, url: string, target: number): Promise<RunningTunnel> {
  const context = { ...house.context, console: { ...house.context.console, url } };
  const session = await openSession(context, {
    ...{ target: house.target, relayKey: house.relayKey, reason: 'bench', timeoutMs: 600_000 },
    args: { kind: 'tunnel', port: target, idleMs: 600_000, maxBytes: 1024 ** 4 },
  });
  return await startTunnel(context, session, 0);
}

/** Until it carries: both listen, or attach, a moment after they were begun. */
async function warm(peer: TunnelPeer, port: number, bytes: number): Promise<void> {
  const until = performance.now() + 20_000;
  while (!((await peer.rate(port, 'down', bytes)) > 0)) {
    if (performance.now() > until) throw new Error('a tunnel carries nothing');
    peer.isWhole = true;
    await systemClock.sleep(50);
  }
  await peer.rate(port, 'up', bytes);
}

interface Rates {
  up: number[];
  down: number[];
}

/** In turns, and who begins changes: what else the machine does meets both. */
async function compared(
  peer: TunnelPeer,
  ports: readonly [number, number],
  bytes: number,
  say: (line: string) => void,
) {
  const rates: readonly [Rates, Rates] = [
    { up: [], down: [] },
    { up: [], down: [] },
  ];
  for (let round = 0; round < 3; round += 1)
    for (const way of ['down', 'up'] as const) {
      for (const at of round % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const))
        rates[at][way].push(await peer.rate(ports[at], way, bytes));
      const [ours = 0, theirs = 0] = rates.map((one) => one[way].at(-1));
      say(`round ${round + 1} ${way}: ours ${rounded(ours)} MB/s, ssh -L ${rounded(theirs)} MB/s`);
    }
  return rates;
}

async function measured(house: TerminalHouse, isQuick: boolean, say: (line: string) => void, onEnd: OnStop) {
  const peer = await TunnelPeer.start();
  onEnd(() => peer.stop());
  const bytes = (isQuick ? 8 : 200) * MB;
  const ssh = await startSsh(house, peer.port);
  onEnd(ssh.stop);
  const tunnel = await openTunnel(house, house.estate.url, peer.port);
  onEnd(() => tunnel.stop());
  for (const port of [tunnel.port, ssh.port]) await warm(peer, port, 2 * MB);
  const [ours, theirs] = await compared(peer, [tunnel.port, ssh.port], bytes, say);
  const proxy = await startProxy({
    target: { host: '127.0.0.1', port: Number(new URL(house.estate.url).port) },
    random: () => 0.5,
  });
  onEnd(() => proxy.stop());
  proxy.set({ delayMs: DELAY_MS });
  const far = await openTunnel(house, `http://localhost:${proxy.port}`, peer.port);
  onEnd(() => far.stop());
  await warm(peer, far.port, MB);
  const farBytes = (isQuick ? 4 : 100) * MB;
  const farDown = await peer.rate(far.port, 'down', farBytes);
  const farUp = await peer.rate(far.port, 'up', farBytes);
  say(`over 20 ms: down ${rounded(farDown)}, up ${rounded(farUp)} MB/s`);
  return {
    downMbs: rounded(median(ours.down)),
    upMbs: rounded(median(ours.up)),
    sshDownMbs: rounded(median(theirs.down)),
    sshUpMbs: rounded(median(theirs.up)),
    downRatio: rounded(median(ours.down) / median(theirs.down)),
    upRatio: rounded(median(ours.up) / median(theirs.up)),
    farDownMbs: rounded(farDown),
    farUpMbs: rounded(farUp),
    wholes: peer.isWhole ? 1 : 0,
  };
}

type OnStop = (stop: () => unknown) => void;

export const benchTunnel: Bench = async ({ isQuick, say }) => {
  const started = performance.now();
  const ends = new StopStack({ clock: systemClock, log: silentLogger });
  const onEnd: OnStop = (stop) => ends.add('part', async () => void (await stop()));
  try {
    const house = await terminalHouse(onEnd);
    const figures = await measured(house, isQuick, say, onEnd);
    return { name: 'bench tunnel', figures, durationMs: performance.now() - started };
  } finally {
    await ends.stop(5_000);
  }
};
