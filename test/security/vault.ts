// A thief has everything of the console: folder, backup, log, the memory of its process. 500 sealed logins, none recovered.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import type { Api } from '#console/cli/client.ts';
import { enrolThisMachine } from '#relay/commands/enrol-this-machine.ts';
import { composeRelay } from '#relay/compose/compose-relay.ts';
import { RelayConfig } from '#relay/config/relay-config.ts';
import { openSealingKey } from '#relay/pin/sealing-key.ts';
import { CredentialGate } from '#relay/transport/credential-gate.ts';
import { Vault } from '#relay/transport/vault.ts';
import { systemClock } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import { DeviceId, newId, RelayId, type SiteId } from '#shared/base/id.ts';
import { signerFile } from '#shared/crypto/cli-files.ts';
import { readPrivateFile } from '#shared/crypto/private-file.ts';
import type { Charter, SealingKey } from '#shared/model/charter.ts';
import { SealedCredential } from '#shared/model/credential.ts';
import { silentLogger } from '#shared/runtime/logger.ts';
import { StopStack } from '#shared/runtime/stop-stack.ts';
import { draftNextCharter } from '#shared/seal/charter-draft.ts';
import { readCharter, signCharter } from '#shared/seal/charter-seal.ts';
import { credentialByPasskey, draftCredential, sealCredential, statementOf } from '#shared/seal/credential-seal.ts';
import { importSigningKey } from '#shared/seal/key-pair.ts';
import { ensureBundles } from '#test/chaos/bundles.ts';
import { apiOf, type ConsoleProgram, consoleProgram } from '#test/chaos/console-program.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';
import { assertWith, passkeyOfWord, passkeySigner } from '#test/fixtures/virtual-passkey.ts';
import type { Attack } from './security.ts';
import { filesWith, formsOf, memoryWith } from './traces.ts';

const RANGE = '10.0.0.0/8';

interface Place {
  site: SiteId;
  relay: RelayId;
}

interface House {
  folder: string;
  api: Api;
  console: ConsoleProgram;
  /** The bundle that a person would type at. */
  rmm: string;
  place: Place;
  relayData: string;
  /** Stands in every secret of this run, and nowhere else. */
  canary: string;
}

async function enrolRelay(api: Api, data: string): Promise<Place> {
  const { id: site } = await api.sites.create({ name: 'Vault', isSimulated: true });
  const made = await api.relays.createToken({ siteId: site });
  const { relay } = await enrolThisMachine({ data, token: made.token, owner: made.owner, kind: 'site' });
  return { site, relay };
}

/** As a person does it: the secret on standard input, the fingerprint as it was read at the relay. */
async function sealByHand({ console: { data }, rmm, place, canary }: House, key: SealingKey): Promise<void> {
  const placeFlags = ['--relay', place.relay, '--relay-key', key.id, '--ranges', RANGE];
  const args = [
    rmm,
    'credential',
    'seal',
    'login-0',
    '--data',
    data,
    '--user',
    'ops',
    '--password-stdin',
    ...placeFlags,
  ];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'ignore', 'inherit'] });
  child.stdin.end(`${canary}-0\n`);
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`rmm credential seal ended with ${code}`);
}

async function sealRest(house: House, key: SealingKey, count: number): Promise<void> {
  const { api, console: program, place, canary } = house;
  const signer = await importSigningKey(readPrivateFile(signerFile(program.data)) ?? '');
  for (let n = 1; n < count; n += 1) {
    const header = { v: 1, ...place, name: `login-${n}`, version: 1, slot: 'current' } as const;
    const binding = { purpose: 'monitor' as const, ranges: [RANGE], weakest: 'password' as const };
    const secret = { user: 'ops', password: `${canary}-${n}`, binding };
    const sealed = await sealCredential({ header, secret, keys: [key], issuedAt: systemClock.now() }, signer);
    await api.credentials.put({ sealed });
  }
}

/** As a page does it: signed by a technician's passkey, which the owner has taken into the charter. */
async function sealByPasskey({ api, console: program, place, canary }: House, key: SealingKey): Promise<void> {
  const passkey = await passkeyOfWord('technician');
  const charter = await readCharter((await api.sites.charter({ id: place.site })).signed);
  const owner = await importSigningKey(readPrivateFile(path.join(program.data, 'owner', 'owner.key')) ?? '');
  const signers = [...charter.signers, passkeySigner(passkey, 'page')];
  const next = draftNextCharter(charter, { signers }, systemClock.now());
  await api.sites.putCharter({ id: place.site, signed: await signCharter(next, [owner]) });
  const header = { v: 1, ...place, name: 'login-page', version: 1, slot: 'current' } as const;
  const binding = { purpose: 'monitor' as const, ranges: [RANGE], weakest: 'password' as const };
  const secret = { user: 'ops', password: `${canary}-page`, binding };
  const draft = await draftCredential({ header, secret, keys: [key], issuedAt: systemClock.now() });
  await api.credentials.put({ sealed: credentialByPasskey(draft, await assertWith(passkey, draft.text)) });
}

/** How many logins that a passkey signed are open at the relay. */
const openByPasskey = async (api: Api): Promise<number> =>
  (await api.credentials.list()).items.filter(({ name, state }) => name === 'login-page' && state === 'open').length;

async function openCount(api: Api): Promise<number> {
  return (await api.credentials.list()).items.filter(({ state }) => state === 'open').length;
}

async function untilOpen(api: Api, count: number): Promise<number> {
  const end = systemClock.monotonic() + 30_000;
  let open = await openCount(api);
  while (open < count && systemClock.monotonic() < end) {
    await systemClock.sleep(250);
    open = await openCount(api);
  }
  return open;
}

/** Everything a thief of the console has; gives how many places hold a secret, and how many hold what they should. */
async function search({ folder, console: program, canary }: House) {
  const db = new Database(program.file, { readonly: true });
  const backup = path.join(folder, 'backup.db');
  await db.backup(backup);
  db.close();
  const places = [program.data, backup, path.join(folder, 'console.log')];
  const pid = program.program.pid;
  if (pid === undefined) throw new Error('the console is not running');
  const secret = formsOf(canary);
  const memory = memoryWith(pid, secret);
  // The names of tables are no secret: a search that misses them would miss a secret too.
  const known = formsOf('sealed_credential');
  return {
    filesFound: filesWith(places, secret).length,
    memoryFound: memory.hits,
    memoryMb: Math.round(memory.bytes / 2 ** 20),
    controlFound: Math.min(memoryWith(pid, known).hits, filesWith([backup], known).length),
  };
}

const storedIn = (file: string): SealedCredential[] => {
  const db = new Database(file, { readonly: true });
  const rows = db.prepare<[], { sealed: string }>('select sealed from sealed_credential').all();
  db.close();
  return rows.map(({ sealed }) => SealedCredential.parse(JSON.parse(sealed)));
};

async function vaultOf(data: string, place: Place): Promise<Vault> {
  mkdirSync(path.join(data, 'identity'), { recursive: true, mode: 0o700 });
  const key = await openSealingKey(data);
  const onBadFile = () => undefined;
  return Vault.open({ folder: path.join(data, 'vault'), clock: systemClock, key, place, onBadFile });
}

/** Who takes the relay's place, with its name or with its very id: how many of the stored logins open there. */
async function replaced(house: House, stored: readonly SealedCredential[], charter: Charter): Promise<number> {
  let opened = 0;
  for (const relay of [house.place.relay, RelayId.parse(newId(systemClock.now()))]) {
    const vault = await vaultOf(path.join(house.folder, `other-${relay}`), { ...house.place, relay });
    for (const sealed of stored) {
      // Another relay refuses it, the same with another key cannot read it.
      const held = await vault.accept(sealed, charter).catch((error: unknown) => {
        if (error instanceof AppError) return undefined;
        throw error;
      });
      if (held?.state === 'open') opened += 1;
    }
  }
  return opened;
}

/** Sealed again to the new machine's key, it opens there. */
async function resealed(house: House, charter: Charter): Promise<number> {
  const data = path.join(house.folder, `other-${house.place.relay}`);
  const vault = await vaultOf(data, house.place);
  const { publicKey } = await openSealingKey(data);
  const signer = await importSigningKey(readPrivateFile(signerFile(house.console.data)) ?? '');
  const header = { v: 1, ...house.place, name: 'login-1', version: 2, slot: 'current' } as const;
  const binding = { purpose: 'monitor' as const, ranges: [RANGE], weakest: 'password' as const };
  const secret = { user: 'ops', password: `${house.canary}-new`, binding };
  const sealed = await sealCredential({ header, secret, keys: [publicKey], issuedAt: systemClock.now() }, signer);
  return (await vault.accept(sealed, charter))?.state === 'open' ? 1 : 0;
}

/** Asks the relay's gate for each login, to monitor and to act. */
async function purposes(house: House, stored: readonly SealedCredential[]): Promise<{ monitor: number; act: number }> {
  const vault = await vaultOf(house.relayData, house.place);
  const gate = new CredentialGate({
    clock: systemClock,
    credentials: {
      get: (name) => vault.get(name) ?? { ok: false, reason: 'credential-missing', detail: name },
      list: () => vault.list(),
    },
    pins: { hostKeyPin: () => ({ by: 'signer', key: 'SHA256:any' }) },
    site: () => ({ networks: [], isFirstUseAllowed: true }),
  });
  const device = DeviceId.parse(newId(systemClock.now()));
  const allowed = (purpose: 'monitor' | 'act') =>
    stored.filter((sealed) => {
      const credential = statementOf(sealed).name;
      const entry = {
        device,
        name: 'web-1',
        transport: 'ssh',
        address: '10.0.0.5',
        credential,
        intervalMs: 60_000,
      } as const;
      return gate.offer(entry, { purpose, address: '10.0.0.5' }).ok;
    }).length;
  return { monitor: allowed('monitor'), act: allowed('act') };
}

export const attackVault: Attack = async ({ isQuick, say }) => {
  const startedAt = systemClock.monotonic();
  const count = isQuick ? 50 : 500;
  await using folder = makeTempFolder('rmm-vault');
  const bundles = await ensureBundles(say);
  const program = await consoleProgram(folder.path, bundles);
  program.program.start();
  await using _console = program.program;
  await program.program.ready();
  const api = await apiOf(program);
  const relayData = path.join(folder.path, 'relay');
  const place = await enrolRelay(api, relayData);
  const canary = `canary-${randomBytes(9).toString('hex')}`;
  const house: House = { folder: folder.path, api, console: program, rmm: bundles.rmm, place, relayData, canary };
  const stack = new StopStack({ clock: systemClock, log: silentLogger });
  try {
    const deps = { clock: systemClock, log: silentLogger, stack };
    await composeRelay(RelayConfig.parse({ data: relayData }), deps);
    const { publicKey } = await openSealingKey(relayData);
    await untilTold(api);
    await sealByHand(house, publicKey);
    await sealRest(house, publicKey, count - 1);
    await sealByPasskey(house, publicKey);
    const opened = await untilOpen(api, count);
    say(`${opened} of ${count} logins are open at the relay`);
    // Asked before the search, which reads for seconds without a pause: by then the console has closed what was idle.
    const charter = await readCharter((await api.sites.charter({ id: place.site })).signed);
    const openedByPasskey = await openByPasskey(api);
    const found = await search(house);
    say(`${found.memoryMb} MB of the console's memory searched`);
    const stored = storedIn(program.file);
    const used = await purposes(house, stored);
    return {
      name: 'security vault',
      figures: {
        sealed: stored.length,
        opened,
        openedByPasskey,
        recovered: found.filesFound + found.memoryFound,
        memoryMb: found.memoryMb,
        controlFound: found.controlFound,
        openedByReplaced: await replaced(house, stored, charter),
        resealed: await resealed(house, charter),
        offeredToMonitor: used.monitor,
        offeredToAct: used.act,
      },
      durationMs: systemClock.monotonic() - startedAt,
    };
  } finally {
    await stack.stop(3_000);
  }
};

/** The relay's key has reached the console. */
async function untilTold(api: Api): Promise<void> {
  const end = systemClock.monotonic() + 15_000;
  while ((await api.credentials.list()).vaults.length === 0) {
    if (systemClock.monotonic() > end) throw new Error('the relay told no sealing key');
    await systemClock.sleep(100);
  }
}
