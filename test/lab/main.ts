// A lab in its own process, so that a relay's CPU is measured apart: says one line when it listens, obeys lines on stdin, ends with stdin.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { type Lab, type LabOptions, startLab } from './lab.ts';
import { type LabReady, type LabReply, LabRequest } from './lab-message.ts';

const print = (line: LabReady | LabReply) => process.stdout.write(`${JSON.stringify(line)}\n`);

function obey(lab: Lab, request: LabRequest): LabReply {
  const { id } = request;
  switch (request.op) {
    case 'set':
      lab.set(request.index, withoutAbsent(request.change));
      return { id, ok: true };
    case 'heal':
      lab.heal(request.index);
      return { id, ok: true };
    case 'reboot':
      lab.reboot(request.index);
      return { id, ok: true };
    case 'swap':
      lab.swap(request.first, request.second);
      return { id, ok: true };
    case 'counts':
      return { id, ok: true, value: lab.counts() };
    case 'file':
      return { id, ok: true, value: lab.file(request.index, request.path) };
  }
}

/** Members a JSON line leaves out are absent, not undefined. */
const withoutAbsent = <T extends object>(change: { [K in keyof T]?: T[K] | undefined }): Partial<T> =>
  // The filter removes exactly what the cast denies.
  Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as Partial<T>;

function reply(lab: Lab, line: string): LabReply {
  let id = -1;
  try {
    const request = LabRequest.parse(JSON.parse(line));
    id = request.id;
    return obey(lab, request);
  } catch (error) {
    return { id, ok: false, error: error instanceof Error ? error.message : String(error) };
  }
}

function whole(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new Error(`--${name} ${text}: not a whole number`);
  return value;
}

function options(): LabOptions {
  const { values } = parseArgs({
    options: {
      devices: { type: 'string', default: '25' },
      base: { type: 'string', default: '127.20.0.1' },
      port: { type: 'string', default: '0' },
      seed: { type: 'string', default: '1' },
      audit: { type: 'boolean', default: false },
      sandbox: { type: 'string' },
    },
  });
  const { devices, base, port, seed, audit, sandbox } = values;
  return {
    devices: whole('devices', devices),
    base,
    port: whole('port', port),
    seed: whole('seed', seed),
    isAudit: audit,
    ...(sandbox === undefined ? {} : { sandbox }),
  };
}

async function main(): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'rmm-lab-'));
  try {
    await using lab = await startLab(options());
    const devicesFile = path.join(folder, 'devices.json');
    writeFileSync(devicesFile, JSON.stringify(lab.devices), { mode: 0o600 });
    process.send?.({ kind: 'ready', port: lab.port, devicesFile });
    // Whoever started it may also ask it to end by signal; the folder is removed either way.
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => process.stdin.destroy());
    const lines = createInterface({ input: process.stdin });
    // Whoever ends us alone gets the same orderly end.
    process.once('SIGTERM', () => lines.close());
    print({ ready: true, pid: process.pid, port: lab.port, devicesFile });
    for await (const line of lines) print(reply(lab, line));
    process.stdin.destroy();
  } finally {
    if (process.connected) process.disconnect();
    rmSync(folder, { recursive: true, force: true });
  }
}

// Ctrl-C reaches the whole group: the parent ends us by closing stdin, in its own order.
process.on('SIGINT', () => undefined);
await main();
