// STAND-IN for a Windows machine's OpenSSH: a real sshd with the name Microsoft's has, a model of its default shells, no PowerShell.
import { once } from 'node:events';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SSHD, type SshdPeer, startSshd } from './sshd.ts';
import { runPowerShell } from './windows-host/powershell.ts';
import type { OutputStream } from './windows-host/program.ts';
import type { WindowsMachine } from './windows-host/windows-machine.ts';

const GREETING = 'OpenSSH_for_Windows_9.5';

/** What sshd starts for each command: it carries bytes between sshd and this process, and nothing else. */
const CARRIER = path.join(import.meta.dirname, 'windows-carrier.py');

export type DefaultShell = 'cmd' | 'powershell';

export interface WindowsSshd {
  sshd: SshdPeer;
  /** Which shell its sshd starts, from the next command on. */
  defaultShell: DefaultShell;
  /** Command lines as they came. */
  lines: string[];
  /** Of programs that run now. */
  running(): number[];
  stop(): Promise<void>;
}

/** How each default shell reads a command line: the text that a PowerShell then runs, or undefined where it would be read as something else. */
function textFor(shell: DefaultShell, line: string): string | undefined {
  const start = /^powershell\.exe -NoLogo -NoProfile -NonInteractive -InputFormat None -Command /.exec(line)?.[0];
  if (start === undefined || line.includes('"')) return undefined;
  if (shell === 'cmd') return /[&|<>^%]/.test(line) ? undefined : line.slice(start.length);
  // Two statements: words that PowerShell hands to a program as they are, then what it runs itself.
  const end = line.indexOf(';');
  const isPlain = end > 0 && !/[$(){}'@,#`|&]/.test(line.slice(0, end));
  return isPlain && line.slice(start.length, end) === '[void]0' ? line.slice(end + 1) : undefined;
}

const frame = (kind: number, body: Buffer): Buffer => {
  const head = Buffer.alloc(5);
  head[0] = kind;
  head.writeUInt32BE(body.length, 1);
  return Buffer.concat([head, body]);
};

class Host {
  readonly lines: string[] = [];
  readonly running = new Map<number, AbortController>();
  readonly #machine: WindowsMachine;
  defaultShell: DefaultShell = 'cmd';

  constructor(machine: WindowsMachine) {
    this.#machine = machine;
  }

  async serve(socket: Socket): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of socket.iterator({ destroyOnReturn: false })) parts.push(part);
    const all = Buffer.concat(parts);
    const cut = all.indexOf(10);
    // What our own carrier wrote a moment ago.
    const { pid, line } = JSON.parse(all.toString('utf8', 0, cut)) as { pid: number; line: string };
    this.lines.push(line);
    const write = (stream: OutputStream, content: string | Uint8Array) => {
      if (socket.writable) socket.write(frame(stream === 'stdout' ? 1 : 2, Buffer.from(content)));
    };
    const code = await this.#run(pid, line, all.subarray(cut + 1), write);
    const body = Buffer.alloc(4);
    body.writeUInt32BE(code);
    if (socket.writable) socket.end(frame(3, body));
  }

  async #run(
    pid: number,
    line: string,
    stdin: Buffer,
    write: (stream: OutputStream, content: string | Uint8Array) => void,
  ): Promise<number> {
    const text = textFor(this.defaultShell, line);
    if (text === undefined) {
      write('stderr', `'${line.split(' ')[0]}' is not recognized as an internal or external command\r\n`);
      return 1;
    }
    const given = stdin.toString('utf8');
    const ended = /taskkill\.exe" \/PID (\d+) /.exec(given)?.[1];
    if (ended !== undefined) return this.#kill(Number(ended));
    const nonce = /Out\.Write\("(rmm-[0-9a-f]+) \$PID\n"\)/.exec(given)?.[1];
    for (const stream of ['stdout', 'stderr'] as const)
      if (nonce !== undefined) write(stream, `a greeting of a profile\r\n${nonce} ${pid}\n`);
    const over = new AbortController();
    this.running.set(pid, over);
    let rest: Buffer | undefined = stdin;
    try {
      return await runPowerShell(
        text,
        {
          commandLine: line,
          environment: new Map(),
          write: async (stream, content) => write(stream, content),
          read: async () => {
            const part = rest;
            rest = undefined;
            return part;
          },
          sleep: (ms) => sleep(ms, undefined, { signal: over.signal }),
          signal: over.signal,
        },
        this.#machine,
      );
    } catch {
      return 1; // ended by taskkill
    } finally {
      this.running.delete(pid);
    }
  }

  #kill(pid: number): number {
    this.running.get(pid)?.abort();
    return 0;
  }
}

/** The same program under the other name: sshd says it to whoever connects, and it is part of what the host key signs. */
function renamed(folder: string): string {
  const program = readFileSync(SSHD);
  const own = /OpenSSH_[0-9.]+p[0-9]+ Debian-[!-~]+/.exec(program.toString('latin1'));
  if (own === null || own[0].length < GREETING.length) throw new Error('sshd says its version in another way');
  program.write(GREETING.padEnd(own[0].length, '\0'), own.index, 'latin1');
  const file = path.join(folder, 'sshd');
  writeFileSync(file, program);
  chmodSync(file, 0o755);
  return file;
}

export async function startWindowsSshd(machine: WindowsMachine): Promise<WindowsSshd> {
  const host = new Host(machine);
  const sockets = new Set<Socket>();
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    host.serve(socket).catch(() => socket.destroy());
  });
  let door = '';
  const sshd = await startSshd({
    program: renamed,
    config: (folder) => {
      door = path.join(folder, 'door');
      return [`ForceCommand exec /usr/bin/python3 -S ${CARRIER} ${door}`];
    },
  });
  server.listen(door);
  await once(server, 'listening');
  return {
    sshd,
    get defaultShell() {
      return host.defaultShell;
    },
    set defaultShell(shell) {
      host.defaultShell = shell;
    },
    lines: host.lines,
    running: () => [...host.running.keys()],
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await sshd.stop();
    },
  };
}
