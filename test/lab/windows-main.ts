// A Windows lab in its own process, so that a relay's CPU is measured apart: says one line when it listens, obeys lines on stdin, ends with stdin.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import type { HostMode } from '#test/peers/windows-host/host-mode.ts';
import { startWindowsLab, type WindowsLab, type WindowsLabOptions } from './windows-lab.ts';
import { type WindowsLabReady, type WindowsLabReply, WindowsLabRequest } from './windows-lab-message.ts';

const print = (line: WindowsLabReady | WindowsLabReply) => process.stdout.write(`${JSON.stringify(line)}\n`);

/** Members a JSON line leaves out are absent, not undefined. */
const withoutAbsent = (change: { [K in keyof HostMode]?: HostMode[K] | undefined }): Partial<HostMode> =>
  // The filter removes exactly what the cast denies.
  Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as Partial<HostMode>;

async function obey(lab: WindowsLab, request: WindowsLabRequest): Promise<WindowsLabReply> {
  const { id } = request;
  switch (request.op) {
    case 'set':
      for (const index of request.devices) lab.set(index, withoutAbsent(request.change));
      return { id, ok: true };
    case 'password':
      for (const { index, user } of lab.devices) lab.host(index).accounts.setPassword(user, request.password);
      return { id, ok: true };
    case 'other-key':
      await lab.host(request.index).renewCertificate();
      return { id, ok: true };
    case 'counts':
      return { id, ok: true, value: lab.counts() };
  }
}

async function reply(lab: WindowsLab, line: string): Promise<WindowsLabReply> {
  let id = -1;
  try {
    const request = WindowsLabRequest.parse(JSON.parse(line));
    id = request.id;
    return await obey(lab, request);
  } catch (error) {
    return { id, ok: false, error: error instanceof Error ? error.message : String(error) };
  }
}

function whole(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new Error(`--${name} ${text}: not a whole number`);
  return value;
}

function options(): WindowsLabOptions {
  const { values } = parseArgs({
    options: {
      devices: { type: 'string', default: '25' },
      base: { type: 'string', default: '127.40.0.1' },
      port: { type: 'string', default: '0' },
      'tls-port': { type: 'string', default: '0' },
      seed: { type: 'string', default: '1' },
    },
  });
  return {
    devices: whole('devices', values.devices),
    base: values.base,
    port: whole('port', values.port),
    tlsPort: whole('tls-port', values['tls-port']),
    seed: whole('seed', values.seed),
  };
}

async function main(): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'rmm-windows-lab-'));
  try {
    await using lab = await startWindowsLab(options());
    const devicesFile = path.join(folder, 'devices.json');
    writeFileSync(devicesFile, JSON.stringify(lab.devices), { mode: 0o600 });
    const { port = 0, tlsPort = 0 } = lab.devices[0] ?? {};
    process.send?.({ kind: 'ready', port: tlsPort, devicesFile });
    const lines = createInterface({ input: process.stdin });
    // Whoever ends us alone gets the same orderly end.
    process.once('SIGTERM', () => lines.close());
    print({ ready: true, pid: process.pid, port, tlsPort, devicesFile });
    for await (const line of lines) print(await reply(lab, line));
    process.stdin.destroy();
  } finally {
    if (process.connected) process.disconnect();
    rmSync(folder, { recursive: true, force: true });
  }
}

// Ctrl-C reaches the whole group: the parent ends us by closing stdin, in its own order.
process.on('SIGINT', () => undefined);
await main();
