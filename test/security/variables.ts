// A hundred variables are printed by commands in every way we know of: none is found in what console, relay and command line keep or say.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Api } from '#console/cli/client.ts';
import { followActions } from '#console/cli/follow-action.ts';
import { signRun } from '#console/cli/sign-run.ts';
import { enrolThisMachine } from '#relay/commands/enrol-this-machine.ts';
import { openSealingKey } from '#relay/pin/sealing-key.ts';
import { systemClock } from '#shared/base/clock.ts';
import type { RelayId, SiteId } from '#shared/base/id.ts';
import { signerFile } from '#shared/crypto/cli-files.ts';
import { readPrivateFile } from '#shared/crypto/private-file.ts';
import type { SealingKey } from '#shared/model/charter.ts';
import { MAX_VARIABLES_OF_ORDER } from '#shared/model/variable-name.ts';
import { sealCredential } from '#shared/seal/credential-seal.ts';
import { importSigningKey } from '#shared/seal/key-pair.ts';
import { draftVariable, signVariable } from '#shared/seal/variable-seal.ts';
import { type Bundles, ensureBundles } from '#test/chaos/bundles.ts';
import { apiOf, type ConsoleProgram, consoleProgram } from '#test/chaos/console-program.ts';
import { Program } from '#test/chaos/program.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';
import { type SshdPeer, startSshd } from '#test/peers/sshd.ts';
import type { Attack } from './security.ts';
import { filesWith, formsOf } from './traces.ts';

const COUNT = 100;
const names = Array.from({ length: COUNT }, (_, n) => `SECRET_${n}`);
const hex = () => randomBytes(10).toString('hex');

interface House {
  folder: string;
  bundles: Bundles;
  api: Api;
  console: ConsoleProgram;
  place: { site: SiteId; relay: RelayId };
  relayData: string;
  key: SealingKey;
  /** Each value begins with the one and ends with the other; between them it is random, and full of signs to be escaped. */
  marks: { head: string; tail: string };
  /** Printed like a value by the same commands, and no variable. */
  control: string;
  /** All that the command line printed. */
  printed: string[];
}

const newValue = ({ marks: { head, tail } }: House) => `${head} '"$&/+%\\${randomBytes(9).toString('base64')}${tail}`;

/** A verb of the released command line; what it prints is kept. */
async function rmm(house: House, verb: string, words: readonly string[], input = ''): Promise<void> {
  const { bundles, printed } = house;
  const child = spawn(process.execPath, [bundles.rmm, ...verb.split(' '), '--data', house.console.data, ...words]);
  for (const output of [child.stdout, child.stderr]) output.on('data', (part: Buffer) => printed.push(part.toString()));
  child.stdin.end(input);
  await once(child, 'close');
}

const signerOf = ({ console: { data } }: House) => importSigningKey(readPrivateFile(signerFile(data)) ?? '');

async function setAll(house: House): Promise<void> {
  const { api, place, key } = house;
  const [first = '', ...others] = names;
  // As a person does it, and once with a value that is refused.
  const set = [first, '--site', place.site, '--relay-key', key.id];
  await rmm(house, 'variable set', set, house.marks.head.slice(0, 7));
  await rmm(house, 'variable set', set, newValue(house));
  const signer = await signerOf(house);
  for (const name of others) {
    const header = { v: 1, kind: 'variable', site: place.site, name, version: 1 } as const;
    const secret = { value: newValue(house), actions: ['command.run' as const] };
    const draft = await draftVariable({ header, secret, keys: [key], issuedAt: systemClock.now() });
    await api.variables.put({ sealed: await signVariable(draft, signer) });
  }
}

/** Every way to print: whole, encoded, in parts, to the other output, by the shell's own tracing, with a bad end. */
const scriptOf = ({ control, folder }: House, vars: readonly string[], n: number) => `
x=$(printf '%s%s' '${control.slice(0, 9)}' '${control.slice(9)}')
show() {
  printf 'plain %s\\n' "$1"
  printf '%s' "$1" | base64
  printf 'user:%s' "$1" | base64 -w 20
  printf '%s' "$1" | od -An -v -tx1
  a=\${1%????????????????????????}; printf '%s' "$a"; sleep 0.01; printf '%s\\n' "\${1#"$a"}"
  printf 'cannot open %s\\n' "$1" >&2
  ( set -x; : "$1" )
}
for value in "$x" ${vars.map((name) => `"$${name}"`).join(' ')}; do show "$value"; done
sh -c 'cat /proc/[0-9]*/cmdline > "${path.join(folder, `ps-${n}`)}" 2>/dev/null' "$x"
exit ${n % 2}`;

/** Sixteen variables to an order; the last order goes by the command line. Gives how often something was hidden. */
async function runAll(house: House): Promise<number> {
  const { api, console: program } = house;
  const parts = Array.from({ length: Math.ceil(COUNT / MAX_VARIABLES_OF_ORDER) }, (_, n) =>
    names.slice(n * MAX_VARIABLES_OF_ORDER, (n + 1) * MAX_VARIABLES_OF_ORDER),
  );
  const { targets } = await api.devices.targets({ devices: ['peer'] });
  const ids = [];
  for (const [n, vars] of parts.slice(0, -1).entries()) {
    const action = { name: 'command.run' as const, arguments: { command: scriptOf(house, vars, n), vars } };
    const sizes = { timeoutMs: 20_000, outputBytes: 256 * 1_024, concurrency: 1, validForMs: 60_000 };
    const order = { targets, action, ...sizes, reason: '' };
    ids.push(...(await api.actions.submit({ signed: await signRun(api, program.data, order, systemClock) })).ids);
  }
  const last = parts.at(-1) ?? [];
  const named = last.flatMap((name) => ['--var', name]);
  const byHand = rmm(house, 'run', [...named, 'peer', '--', scriptOf(house, last, parts.length - 1)]);
  const signal = AbortSignal.timeout(30_000);
  const outcomes = await followActions(api, ids, { clock: systemClock, deadlineMs: 30_000, signal });
  await byHand;
  const [newest] = ids;
  if (newest !== undefined) await rmm(house, 'action show', [newest, '--json']);
  const texts = [...house.printed, ...outcomes.map(({ stdout, stderr }) => `${stdout}${stderr}`)];
  return texts.join('').split('***').length - 1;
}

/** Everything the API says of orders, variables and devices. */
async function answers({ api, place }: House): Promise<string> {
  const said: unknown[] = [await api.variables.list({}), await api.audit.list({ limit: 500 }), await api.relays.list()];
  const { items } = await api.devices.list({});
  for (const { id } of items) said.push(await api.devices.show({ id }), await api.devices.events({ id }));
  const actions = await api.actions.list({});
  for (const { id } of actions.items) said.push(await api.actions.show({ id }));
  said.push(await api.sites.show({ id: place.site }));
  return JSON.stringify(said);
}

const filesOf = ({ folder }: House) => ({
  console: [path.join(folder, 'console'), path.join(folder, 'console.log')],
  relay: [path.join(folder, 'relay', 'spool.db'), path.join(folder, 'relay', 'spool.db-wal')],
  rest: [path.join(folder, 'relay'), path.join(folder, 'relay.log')],
  processes: Array.from({ length: Math.ceil(COUNT / MAX_VARIABLES_OF_ORDER) }, (_, n) => path.join(folder, `ps-${n}`)),
});

/** In how many of the places a text is found. */
function placesWith(house: House, texts: readonly string[], said: string): number {
  const forms = texts.flatMap((text) => formsOf(text));
  const files = Object.values(filesOf(house)).filter((places) => filesWith(places, forms).length > 0).length;
  const spoken = [said, house.printed.join('')].map((text) => Buffer.from(text));
  return files + spoken.filter((text) => forms.some((form) => text.includes(form))).length;
}

/** A device on a real sshd, polled once: then orders can name it. Its login is sealed, and fetched by a program at the relay. */
async function addPeer(house: House, sshd: SshdPeer): Promise<void> {
  const { api, place, relayData, key } = house;
  const hooks = path.join(relayData, 'hooks');
  mkdirSync(hooks, { mode: 0o700 });
  const login = { user: sshd.user, privateKey: sshd.clientKeyPem, expiresAt: '2999-01-01T00:00:00Z' };
  writeFileSync(path.join(hooks, 'login.json'), JSON.stringify(login), { mode: 0o600 });
  writeFileSync(path.join(hooks, 'file'), '#!/bin/sh\nexec cat "$(dirname "$0")/login.json"\n', { mode: 0o700 });
  const header = { v: 1, ...place, name: 'peer', version: 1, slot: 'current' } as const;
  const binding = { purpose: 'both' as const, ranges: ['127.0.0.0/8'], weakest: 'key' as const };
  const secret = { source: { hook: 'file' }, binding };
  const signer = await signerOf(house);
  await api.credentials.put({ sealed: await sealCredential({ header, secret, keys: [key], issuedAt: 1 }, signer) });
  const at = { transport: 'ssh' as const, address: '127.0.0.1', port: sshd.port, intervalMs: 5_000 };
  await api.devices.create({ relayId: place.relay, name: 'peer', credential: 'peer', ...at });
}

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const end = systemClock.monotonic() + 30_000;
  while (!(await isSo())) {
    if (systemClock.monotonic() > end) throw new Error(`waited in vain: ${what}`);
    await systemClock.sleep(50);
  }
}

export const attackVariables: Attack = async ({ say }) => {
  await using folder = makeTempFolder('rmm-variables');
  const bundles = await ensureBundles(say);
  const startedAt = systemClock.monotonic();
  const program = await consoleProgram(folder.path, bundles);
  program.program.start();
  await using _console = program.program;
  const sshd = await startSshd();
  await using _sshd = { [Symbol.asyncDispose]: () => sshd.stop() };
  await program.program.ready();
  const api = await apiOf(program);
  const relayData = path.join(folder.path, 'relay');
  const { id: site } = await api.sites.create({ name: 'Variables', isSimulated: true });
  const { token, owner } = await api.relays.createToken({ siteId: site });
  const { relay } = await enrolThisMachine({ data: relayData, token, owner, kind: 'site' });
  const { publicKey: key } = await openSealingKey(relayData);
  const marks = { head: hex(), tail: hex() };
  const given = { folder: folder.path, bundles, api, console: program, place: { site, relay }, relayData, key, marks };
  const house: House = { ...given, control: hex(), printed: [] };
  await addPeer(house, sshd);
  const args = ['relay', 'run', '--data', relayData, '--log', 'debug'];
  const logFile = path.join(folder.path, 'relay.log');
  await using running = new Program({ name: 'relay', script: bundles.relay, args, logFile });
  running.start();
  await running.ready();
  await until('the relay tells its key', async () => (await api.credentials.list()).vaults.length > 0);
  await setAll(house);
  const open = async () =>
    (await api.variables.list({})).items.filter(({ relays }) => relays[0]?.state === 'open').length;
  await until('every variable is at the relay', async () => (await open()) === COUNT);
  await until('the device is up', async () => (await api.devices.list({ q: 'status:up' })).total > 0);
  say(`${await open()} variables are open at the relay`);
  const hidden = await runAll(house);
  const said = await answers(house);
  return {
    name: 'security variables',
    figures: {
      variables: await open(),
      hidden,
      places: Object.keys(filesOf(house)).length + 2,
      placesWithValue: placesWith(house, [marks.head, marks.tail], said),
      placesWithControl: placesWith(house, [house.control], said),
    },
    durationMs: systemClock.monotonic() - startedAt,
  };
};
