// Who a Windows machine is: by its CIM repository where the way leads there, by a script where it does not or where the firmware tells nothing.
import { type RandomBytes, systemRandom } from '#shared/base/id.ts';
import { fail, type Outcome, succeed } from '#shared/base/outcome.ts';
import { cleanIdentity } from '#shared/model/device-identity.ts';
import { allInstances, type CimProperties, type CimQuery, type CimSource } from './cim.ts';
import { type DeviceFacts, parseDeviceFacts } from './host-identity.ts';
import { printable } from './script-output.ts';
import { newNonce } from './script-wrap.ts';
import type { RunRequest, RunResult } from './transport.ts';
import { windowsIdentityScript } from './windows-identity-script.ts';

type Run = (request: RunRequest) => Promise<Outcome<RunResult>>;

const question = <const P extends CimProperties>(query: CimQuery<P>): CimQuery<P> => query;

/** Three answers of one row and the interfaces: five round trips at each login. */
export const WINDOWS_IDENTITY = {
  computer: question({ from: 'Win32_ComputerSystem', select: { Name: 'text', DNSHostName: 'text' } }),
  product: question({ from: 'Win32_ComputerSystemProduct', select: { UUID: 'text', IdentifyingNumber: 'text' } }),
  board: question({ from: 'Win32_BaseBoard', select: { SerialNumber: 'text' } }),
  adapters: question({
    from: 'Win32_NetworkAdapter',
    select: { MACAddress: 'text', PNPDeviceID: 'text' },
    where: 'PhysicalAdapter=TRUE',
  }),
} as const;

/** 128: a host of virtual machines has as many interfaces. */
const LIMITS = { timeoutMs: 10_000, maxInstances: 128, maxBytes: 262_144 };
/** PowerShell takes two seconds to begin on a busy machine. */
const SCRIPT_TIMEOUT_MS = 20_000;
const MAX_SCRIPT_BYTES = 16_384;

/** Made by software, whatever Windows calls physical: switches, tunnels, telephones. Their addresses move and repeat. */
const SOFTWARE_ADAPTER = /^(?:ROOT|SWD|BTH|\{)/i;

/**
 * Read before anything else of a session. A class that the machine lacks leaves its marks out; a login that may read none of it is
 * refused, because nobody could say whose machine this is. `hostKey` comes from the transport, never from the machine's text.
 */
export async function readWindowsFacts(
  cim: CimSource | undefined,
  run: Run,
  signal: AbortSignal,
  hostKey?: string,
  random: RandomBytes = systemRandom,
): Promise<Outcome<DeviceFacts>> {
  if (cim === undefined) return readByScript(run, random, hostKey);
  const facts = await readByCim(cim, signal, hostKey);
  if (!facts.ok || facts.value.identity.smbiosUuid !== undefined) return facts;
  // Firmware that tells nothing of its own: Windows' own id is worth a process on the machine, once a login.
  const script = await readByScript(run, random, hostKey);
  const machineId = script.ok ? script.value.identity.machineId : undefined;
  if (machineId === undefined) return facts;
  return succeed({ ...facts.value, identity: { ...facts.value.identity, machineId } });
}

async function readByCim(cim: CimSource, signal: AbortSignal, hostKey?: string): Promise<Outcome<DeviceFacts>> {
  const ask = <P extends CimProperties>(query: CimQuery<P>) => allInstances(cim, query, LIMITS, signal);
  const computer = await ask(WINDOWS_IDENTITY.computer);
  if (!computer.ok) return computer;
  const product = await ask(WINDOWS_IDENTITY.product);
  if (isFatal(product)) return product;
  const board = await ask(WINDOWS_IDENTITY.board);
  if (isFatal(board)) return board;
  const adapters = await ask(WINDOWS_IDENTITY.adapters);
  if (isFatal(adapters)) return adapters;
  const [machine] = rows(product);
  const read = (serial: string | undefined) =>
    cleanIdentity({
      // As Windows writes it, the first three fields turned round (SMBIOS 2.6, 7.2.1): Linux writes it the same since.
      smbiosUuid: machine?.UUID,
      serial,
      macs: rows(adapters)
        .filter(({ PNPDeviceID }) => !SOFTWARE_ADAPTER.test(PNPDeviceID ?? ''))
        .flatMap(({ MACAddress }) => MACAddress ?? []),
      hostKey,
    });
  const own = read(machine?.IdentifyingNumber);
  const [name] = computer.value;
  const hostname = printable(name?.DNSHostName || (name?.Name ?? ''), 253);
  return succeed({
    identity: own.serial === undefined ? read(rows(board)[0]?.SerialNumber) : own,
    system: 'windows',
    hostname: hostname === '' ? undefined : hostname,
    isGroupLeader: false,
    hasSetsid: false,
  });
}

/** Not there or not for this login is a mark less; anything else says nothing about the machine. */
const isFatal = <T>(outcome: Outcome<T>): outcome is Extract<Outcome<T>, { ok: false }> =>
  !outcome.ok && outcome.reason !== 'unsupported' && outcome.reason !== 'denied';

const rows = <T>(outcome: Outcome<T[]>): T[] => (outcome.ok ? outcome.value : []);

async function readByScript(run: Run, random: RandomBytes, hostKey?: string): Promise<Outcome<DeviceFacts>> {
  const nonce = newNonce(random);
  const request = {
    script: windowsIdentityScript(nonce),
    timeoutMs: SCRIPT_TIMEOUT_MS,
    maxOutputBytes: MAX_SCRIPT_BYTES,
  };
  const answer = await run(request);
  if (!answer.ok) return answer;
  const facts = parseDeviceFacts(Buffer.from(answer.value.stdout).toString('utf8'), nonce, hostKey);
  return facts === undefined ? fail('malformed', 'the answer to "who are you" is incomplete') : succeed(facts);
}
