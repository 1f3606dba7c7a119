// Where a name that somebody gives leads to a file: each place with its own folder, beyond which no text may lead it.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { findStatic, loadStaticFiles } from '#console/api/static-web.ts';
import { ProfileName, profileOf, readProfileBook, writeProfileBook } from '#console/cli/profile-file.ts';
import { readCsv } from '#console/devices/transfer/csv.ts';
import { readJson } from '#console/devices/transfer/json-rows.ts';
import { openSealingKey } from '#relay/pin/sealing-key.ts';
import { CredentialStore } from '#relay/transport/credentials.ts';
import { LoginHooks } from '#relay/transport/login-hooks.ts';
import { Vault } from '#relay/transport/vault.ts';
import { systemClock } from '#shared/base/clock.ts';
import { DeviceId, newId } from '#shared/base/id.ts';
import { HookName } from '#shared/model/fetched-login.ts';
import { VariableName } from '#shared/model/variable-name.ts';
import { sealCredential } from '#shared/seal/credential-seal.ts';
import { keyOfWord, SAMPLE_RELAY, SAMPLE_SITE, sampleCharter } from '#test/fixtures/sample-trust.ts';

export interface Door {
  name: string;
  /** What it may touch. */
  folder: string;
  /** Says what came out of it, for the search for what is outside; a refusal is thrown. */
  open: (text: string) => unknown;
}

const LOGIN = { user: 'ops', password: 'tiger' };

function laid(folder: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

function webDoors(root: string): Door[] {
  const folder = laid(path.join(root, 'web'));
  writeFileSync(path.join(folder, 'index.html'), 'the page');
  const files = loadStaticFiles(folder);
  // Nothing is read any more when a request comes: what it gets is one of these or nothing.
  const body = (url: string) => Buffer.from(findStatic(files, url)?.body ?? new Uint8Array()).toString();
  return [
    { name: 'web', folder, open: (text) => body(`/${text}`) },
    { name: 'web, as it is', folder, open: (text) => body(text) },
  ];
}

function relayDoors(root: string): Door[] {
  const folder = laid(path.join(root, 'credentials'));
  const store = () => new CredentialStore(folder);
  const hooks = laid(path.join(root, 'hooks'));
  const device = { id: DeviceId.parse(newId(1)), name: 'web-1', transport: 'ssh', address: '10.0.0.1', hostKey: 'x' };
  return [
    { name: 'login, stored', folder, open: (text) => store().add(text, LOGIN) },
    { name: 'login of a roster', folder, open: (text) => store().get(text) },
    { name: 'login, removed', folder, open: (text) => store().remove(text) },
    {
      name: 'hook',
      folder: hooks,
      open: async (text) => {
        const asked = { credential: 'lan', purpose: 'monitor', device } as const;
        const uid = process.getuid?.() ?? 0;
        return await new LoginHooks({ clock: systemClock, folder: hooks, uid }).fetch({
          hook: HookName.parse(text),
          ...asked,
        });
      },
    },
    {
      name: 'variable',
      folder: laid(path.join(root, 'variables')),
      // As the vault names its files: a name that is none never comes so far.
      open: (text) => writeFileSync(path.join(root, 'variables', `${VariableName.parse(text)}.json`), '{}'),
    },
  ];
}

async function vaultDoor(root: string): Promise<Door> {
  laid(path.join(root, 'relay', 'identity'));
  const key = await openSealingKey(path.join(root, 'relay'));
  const folder = path.join(root, 'relay', 'vault');
  const place = { site: SAMPLE_SITE, relay: SAMPLE_RELAY };
  const vault = await Vault.open({ folder, clock: systemClock, key, place, onBadFile: () => undefined });
  const technician = await keyOfWord('technician');
  const charter = sampleCharter([await keyOfWord('owner')], [technician]);
  const header = { v: 1, site: SAMPLE_SITE, relay: SAMPLE_RELAY, version: 1, slot: 'current' } as const;
  const binding = { purpose: 'monitor' as const, ranges: ['10.0.0.0/8'], weakest: 'password' as const };
  const good = await sealCredential(
    { header: { ...header, name: 'lan' }, secret: { ...LOGIN, binding }, keys: [key.publicKey], issuedAt: 1 },
    technician,
  );
  const open = async (text: string) => {
    // Signed under another name by who may sign, and the good one with its name changed on the way.
    const other = {
      header: { ...header, name: text },
      secret: { ...LOGIN, binding },
      keys: [key.publicKey],
      issuedAt: 1,
    };
    const signed = await sealCredential(other, technician).catch(() => undefined);
    if (signed !== undefined) await vault.accept(signed, charter);
    const changed: typeof good = JSON.parse(JSON.stringify(good).replaceAll('lan', JSON.stringify(text).slice(1, -1)));
    return await vault.accept(changed, charter);
  };
  return { name: 'sealed login', folder, open };
}

function consoleDoors(root: string): Door[] {
  const folder = laid(path.join(root, 'profiles'));
  const file = path.join(folder, 'profiles.json');
  const profile = { url: 'http://localhost:1', token: 'x'.repeat(20) };
  return [
    {
      name: 'profile',
      folder,
      open: (text) => {
        writeProfileBook(file, { profiles: { [ProfileName.parse(text)]: profile } });
        return profileOf(readProfileBook(file), text, file);
      },
    },
    {
      name: 'import of a table',
      folder,
      open: (text) => readCsv(Buffer.from(`name,address\n"${text.replaceAll('"', '""')}",${text}\n`), 10),
    },
    {
      name: 'import of JSON',
      folder,
      open: (text) => readJson(Buffer.from(JSON.stringify([{ name: text, [text]: text }])), 10),
    },
  ];
}

export const openDoors = async (root: string): Promise<Door[]> => [
  ...webDoors(root),
  ...relayDoors(root),
  await vaultDoor(root),
  ...consoleDoors(root),
];
