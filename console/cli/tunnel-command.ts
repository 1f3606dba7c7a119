// `rmm tunnel <device> <port>`: a port of a device, or of a host of its site, on this machine's own loopback.
import { createServer, type Server } from 'node:net';
import type { Command } from 'commander';
import { AppError, describeError } from '#shared/base/errors.ts';
import { SessionStream } from '#shared/remote/session-stream.ts';
import { TunnelMux } from '#shared/runtime/tunnel-mux.ts';
import type { OpenSession } from '#shared/seal/attached-session.ts';
import { type CommandContext, contextOf, withConnection } from './command-context.ts';
import { endText } from './end-text.ts';
import { MAX_SESSION_BYTES, targetOf } from './files-session.ts';
import { attachSession, openSession } from './open-session.ts';
import { type SessionOptions, termsOf, withIdleOption, withSessionOptions } from './session-options.ts';
import { wholeNumber } from './verb.ts';

interface TunnelOptions extends SessionOptions {
  local: number;
  host?: string;
  idle: number;
}

/** As long as a relay keeps a session that nobody is attached to. */
const COME_BACK_MS = 60_000;
const TRY_EVERY_MS = 500;

export interface RunningTunnel {
  /** Of this machine's loopback. */
  port: number;
  /** Why it ended, in words. */
  readonly over: Promise<string>;
  stop(): Promise<void>;
}

/** Listens on 127.0.0.1; connections of a cut line end with it, new ones go over the next. */
export async function startTunnel(
  context: Pick<CommandContext, 'api' | 'console' | 'clock'>,
  session: OpenSession,
  localPort: number,
): Promise<RunningTunnel> {
  let mux: TunnelMux | undefined;
  const stopping = new AbortController();
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket) => {
    if (mux === undefined) socket.resetAndDestroy();
    else mux.carry(socket);
  });
  const port = await listening(server, localPort);
  const over = keepAttached(context, session, stopping.signal, (next) => {
    mux = next;
  }).finally(() => server.close());
  return {
    port,
    over,
    stop: async () => {
      stopping.abort();
      await mux?.leave();
      await over;
    },
  };
}

async function keepAttached(
  context: Pick<CommandContext, 'api' | 'console' | 'clock'>,
  session: OpenSession,
  stopping: AbortSignal,
  onMux: (mux: TunnelMux | undefined) => void,
): Promise<string> {
  const { clock } = context;
  let lostAt: number | undefined;
  while (!stopping.aborted) {
    try {
      const stream = await SessionStream.attach((options) => attachSession(context, session, options));
      lostAt = undefined;
      const mux = new TunnelMux({ stream });
      onMux(mux);
      await mux.run().catch(() => undefined); // `ended` says why
      onMux(undefined);
      const why = await stream.ended;
      if (why !== undefined) return endText(why);
    } catch (error) {
      const { code, message } = describeError(error);
      if (code !== 'unavailable' && code !== 'internal') return message;
    }
    lostAt ??= clock.monotonic();
    if (clock.monotonic() - lostAt > COME_BACK_MS) return 'the line did not come back within a minute';
    await clock.sleep(TRY_EVERY_MS, stopping).catch(() => undefined); // stopped
  }
  return 'closed';
}

function listening(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) =>
      reject(new AppError('conflict', `port ${port} of this machine: ${error.message}`, { cause: error })),
    );
    server.listen(port, '127.0.0.1', () => {
      const bound = server.address();
      resolve(bound === null || typeof bound === 'string' ? 0 : bound.port);
    });
  });
}

async function tunnel(device: string, port: number, options: TunnelOptions, command: Command): Promise<void> {
  const context = await contextOf(command);
  const target = await targetOf(context, device);
  const host = options.host === undefined ? {} : { host: options.host };
  const session = await openSession(context, {
    target,
    args: { kind: 'tunnel', port, ...host, idleMs: options.idle * 1_000, maxBytes: MAX_SESSION_BYTES },
    ...termsOf(options),
  });
  const running = await startTunnel(context, session, options.local);
  context.output.write(
    `127.0.0.1:${running.port} leads to port ${port} of ${options.host ?? device}; Ctrl-C ends it\n`,
  );
  const stop = () => void running.stop();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  process.stderr.write(`${await running.over}\n`);
}

const EXAMPLES = `
Nothing is opened at the site: the relay connects, this machine listens on its own loopback.

Examples:
  rmm tunnel win-7 3389
  rmm tunnel web-1 5432 --local 15432
  rmm tunnel web-1 443 --host 10.1.0.20 --reason 'ticket 4711'`;

export function addTunnelCommand(program: Command): void {
  const command = program
    .command('tunnel')
    .argument('<device>', 'whose relay carries it')
    .argument('<port>', 'of the device, or of --host', wholeNumber(1, 65_535))
    .description('a port of a device, or of a host of its site, on this machine')
    .option('--local <port>', 'of 127.0.0.1; any free one when left out', wholeNumber(1, 65_535), 0)
    .option('--host <host>', "another host inside the networks of the site's charter");
  // Eight hours: a working day with a desktop behind it.
  withConnection(withSessionOptions(withIdleOption(command), 480).addHelpText('after', EXAMPLES)).action(tunnel);
}
