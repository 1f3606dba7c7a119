// Who answers at the other end: runs the identity script and reads its answer, which is hostile until parsed.
import type { RandomBytes } from '#shared/base/id.ts';
import { fail, type Outcome, succeed } from '#shared/base/outcome.ts';
import type { DeviceSystem } from '#shared/model/device.ts';
import { cleanIdentity, type DeviceIdentity } from '#shared/model/device-identity.ts';
import { identityScript } from './host-identity-script.ts';
import { printable } from './script-output.ts';
import { newNonce } from './script-wrap.ts';
import type { RunRequest, RunResult } from './transport.ts';

export interface DeviceFacts {
  identity: DeviceIdentity;
  system: DeviceSystem;
  hostname: string | undefined;
  /** The shell we are given leads its process group. */
  isGroupLeader: boolean;
  hasSetsid: boolean;
}

// 10 s: Linux answers in milliseconds, macOS' networksetup in one or two seconds.
const IDENTITY_TIMEOUT_MS = 10_000;
// 16 KiB: a server with 32 interfaces prints 2.
const MAX_IDENTITY_BYTES = 16_384;

const SYSTEMS: Readonly<Record<string, DeviceSystem>> = {
  Linux: 'linux',
  FreeBSD: 'freebsd',
  Darwin: 'macos',
  Windows: 'windows',
};

/** Lines between the markers, by key; undefined when a marker is missing. Carriage returns at line ends are dropped. */
function factLines(text: string, nonce: string): Map<string, string[]> | undefined {
  const lines = text.split('\n').map((line) => line.replace(/\r+$/, ''));
  const begin = lines.indexOf(`${nonce} begin 1`);
  const end = lines.indexOf(`${nonce} end`, begin + 1);
  if (begin < 0 || end < 0) return undefined;
  const facts = new Map<string, string[]>();
  for (const line of lines.slice(begin + 1, end)) {
    const space = line.indexOf(' ');
    if (space <= 0) continue;
    const key = line.slice(0, space);
    facts.set(key, [...(facts.get(key) ?? []), line.slice(space + 1)]);
  }
  return facts;
}

/** Pure: what the script printed, as facts; `hostKey` comes from the transport, never from the text. */
export function parseDeviceFacts(text: string, nonce: string, hostKey?: string): DeviceFacts | undefined {
  const lines = factLines(text, nonce);
  if (lines === undefined) return undefined;
  const first = (key: string) => lines.get(key)?.[0];
  // Device trees end their strings with NUL; cleaning refuses what is not printable.
  const plain = (key: string) => first(key)?.replaceAll('\0', '');
  const read = (serial: string | undefined) =>
    cleanIdentity({
      smbiosUuid: plain('smbios-uuid'),
      serial,
      machineId: plain('machine-id'),
      macs: lines.get('mac'),
      hostKey,
    });
  const product = read(plain('serial'));
  const hostname = printable(first('hostname') ?? '', 253);
  return {
    // A board's serial speaks for machines whose maker left the product's empty.
    identity: product.serial === undefined ? read(plain('board-serial')) : product,
    system: SYSTEMS[first('system') ?? ''] ?? 'unknown',
    hostname: hostname === '' ? undefined : hostname,
    isGroupLeader: first('leader') === '1',
    hasSetsid: first('setsid') === '1',
  };
}

/** Asks the machine behind `run` who it is. */
export async function readDeviceFacts(
  run: (request: RunRequest) => Promise<Outcome<RunResult>>,
  random: RandomBytes,
  options: { hostKey?: string | undefined },
): Promise<Outcome<DeviceFacts>> {
  const nonce = newNonce(random);
  const script = identityScript(nonce);
  const answer = await run({ script, timeoutMs: IDENTITY_TIMEOUT_MS, maxOutputBytes: MAX_IDENTITY_BYTES });
  if (!answer.ok) return answer;
  const facts = parseDeviceFacts(Buffer.from(answer.value.stdout).toString('utf8'), nonce, options.hostKey);
  return facts === undefined ? fail('malformed', 'the answer to "who are you" is incomplete') : succeed(facts);
}
