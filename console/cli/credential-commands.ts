// `rmm credential seal, list, show, approve, revoke, remove`: logins are sealed on this machine; the console carries what it cannot read.
import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { AppError } from '#shared/base/errors.ts';
import type { SiteId } from '#shared/base/id.ts';
import type { CredentialSummary } from '#shared/contract/credential-contract.ts';
import type { RelaySummary } from '#shared/contract/relay-contract.ts';
import {
  type BoxHeader,
  CredentialBinding,
  type CredentialSlot,
  SealedCredential,
  SealedSecret,
} from '#shared/model/credential.ts';
import { CredentialName } from '#shared/model/device.ts';
import { readInput } from '#shared/runtime/read-input.ts';
import { draftPromotion, revokeCredential, sealCredential, signCredential } from '#shared/seal/credential-seal.ts';
import type { SigningKey } from '#shared/seal/key-pair.ts';
import { addApproveCommand } from './approve-command.ts';
import type { Api } from './client.ts';
import { relayNamed } from './named.ts';
import { age, pairs, table } from './output.ts';
import { charterOfOwner, sealingKeysFor } from './sealing-keys.ts';
import { loadSigner } from './signer-key.ts';
import { act, look } from './verb.ts';

interface Placed {
  relay: string;
  next?: boolean;
}

interface SealOptions extends Placed {
  user?: string;
  hook?: string;
  passwordStdin?: boolean;
  keyFile?: string;
  purpose: string;
  ranges?: string[];
  device?: string[];
  transports?: string[];
  keyOnly?: boolean;
  ntlmOverHttp?: boolean;
  expires?: string;
  relayKey?: string;
  owner?: string;
  showUser?: boolean;
}

const slotOf = ({ next }: Placed): CredentialSlot => (next === true ? 'next' : 'current');

function issueText(error: { issues: ReadonlyArray<{ path: PropertyKey[]; message: string }> }): string {
  const [issue] = error.issues;
  return `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not right'}`;
}

function bindingOf(options: SealOptions): CredentialBinding {
  const { purpose, ranges, device, transports, keyOnly, ntlmOverHttp, expires } = options;
  const notAfter = expires === undefined ? undefined : Date.parse(expires);
  if (Number.isNaN(notAfter))
    throw new AppError('bad-request', `--expires ${expires}: expected a date such as 2027-03-31`);
  const devices = device?.map((text) => {
    const [id = '', ...hostKey] = text.split('=');
    return hostKey.length === 0 ? { device: id } : { device: id, hostKey: hostKey.join('=') };
  });
  const parsed = CredentialBinding.safeParse({
    purpose,
    weakest: keyOnly === true ? 'key' : 'password',
    ...(ranges === undefined ? {} : { ranges }),
    ...(devices === undefined ? {} : { devices }),
    ...(transports === undefined ? {} : { transports }),
    ...(ntlmOverHttp === true ? { ntlmOverHttp } : {}),
    ...(notAfter === undefined ? {} : { notAfter }),
  });
  if (parsed.success) return parsed.data;
  throw new AppError('bad-request', `what the login is for: ${issueText(parsed.error)}`);
}

/** Nobody types it, so nothing is read: a program at the relay gives user and secret. */
function fetchedBy(hook: string, options: SealOptions): SealedSecret {
  if (options.user !== undefined || options.keyFile !== undefined || options.passwordStdin === true)
    throw new AppError(
      'bad-request',
      '--hook: the hook gives user and secret; leave --user, --key-file and --password-stdin out',
    );
  const parsed = SealedSecret.safeParse({ source: { hook }, binding: bindingOf(options) });
  if (parsed.success) return parsed.data;
  throw new AppError('bad-request', issueText(parsed.error));
}

async function secretOf(options: SealOptions): Promise<SealedSecret> {
  const { user, keyFile, passwordStdin, hook } = options;
  if (hook !== undefined) return fetchedBy(hook, options);
  if (user === undefined)
    throw new AppError('bad-request', 'name the user with --user, or the --hook that fetches the login');
  const privateKey = keyFile === undefined ? undefined : await readFile(keyFile, 'utf8');
  if (privateKey !== undefined && /ENCRYPTED/.test(privateKey))
    throw new AppError(
      'bad-request',
      `${keyFile}: has a passphrase; take it off first (ssh-keygen -p), the seal protects the key`,
    );
  const password = passwordStdin === true ? await readInput() : undefined;
  const parsed = SealedSecret.safeParse({
    user,
    ...(password === undefined ? {} : { password }),
    ...(privateKey === undefined ? {} : { privateKey }),
    binding: bindingOf(options),
  });
  if (parsed.success) return parsed.data;
  throw new AppError('bad-request', issueText(parsed.error));
}

/** The header of the next version; a console that tells a low number gets it refused by the relay. */
async function nextHeader(api: Api, name: string, relay: RelaySummary, slot: CredentialSlot): Promise<BoxHeader> {
  const checked = CredentialName.safeParse(name);
  if (!checked.success) throw new AppError('bad-request', `credential "${name}": ${issueText(checked.error)}`);
  const { items } = await api.credentials.list();
  const known = items.find((one) => one.relayId === relay.id && one.name === name && one.slot === slot);
  return { v: 1, site: relay.siteId, relay: relay.id, name: checked.data, version: (known?.version ?? 0) + 1, slot };
}

const placed = (command: Command) =>
  command
    .requiredOption('--relay <relay>', 'id or name of the relay that shall hold it')
    .option('--next', 'in the slot beside the current one, while logins are being changed');

const sealOptions = (command: Command) =>
  placed(command)
    .option('--user <user>', 'login name on the devices; for Windows DOMAIN\\user, user@realm, or user of each machine')
    .option(
      '--hook <name>',
      'in place of user and secret: the program at the relay that fetches them when they are needed',
    )
    .option('--password-stdin', 'read a password from standard input')
    .option('--key-file <file>', 'private key without a passphrase, OpenSSH or PEM')
    .option('--purpose <purpose>', 'monitor, act or both', 'monitor')
    .option('--ranges <ranges...>', 'addresses it may go to, such as 10.0.0.0/8 or fd00::/8')
    .option('--device <ids...>', 'only these devices; with =SHA256:... their host key is vouched for')
    .option('--transports <names...>', 'only these transports: ssh, winrm, smb')
    .option('--show-user', 'the user’s name is no secret: lists and pages may show it')
    .option('--key-only', 'never offer a password')
    .option(
      '--ntlm-over-http',
      'with --purpose monitor: NTLM may be spoken over plain HTTP, where no machine proves itself',
    )
    .option('--expires <date>', 'offered nowhere from then on')
    .option('--relay-key <fingerprint>', 'as `rmm relay sealing-key` prints it at the relay; remembered')
    .option('--owner <fingerprint>', 'believe the keys that this owner signed into the charter, escrow included');

const told = (isTold: boolean) => (isTold ? 'sent to its relay' : 'its relay gets it when it connects');

const stateText = ({ state, needsSealing }: CredentialSummary) => (needsSealing ? `${state}, seal it again` : state);

function shownPairs({ shown }: CredentialSummary): Array<[string, string]> {
  if (shown === null) return [];
  return [
    ['purpose', shown.purpose],
    [
      'holds',
      shown.hook === undefined ? shown.holds.join(' and ') : `nothing: fetched by the relay's hook ${shown.hook}`,
    ],
    ['user', shown.user ?? (shown.hook === undefined ? 'not told' : 'the hook says it')],
    ['ranges', shown.ranges?.join(' ') ?? '-'],
    ['devices', shown.devices === undefined ? 'any in its ranges' : String(shown.devices)],
    ['transports', shown.transports?.join(' ') ?? 'any'],
    ['weakest', shown.weakest],
    ...(shown.ntlmOverHttp === true ? [['NTLM over HTTP', 'allowed'] as [string, string]] : []),
  ];
}

type Listed = CredentialSummary & { relayName: string };

function credentialTable(items: readonly Listed[], now: number): string {
  return table(
    ['NAME', 'RELAY', 'SLOT', 'VERSION', 'STATE', 'SEALED', 'ENDS'],
    items.map((one) => [
      one.name,
      one.relayName,
      one.slot,
      String(one.version),
      stateText(one),
      age(one.issuedAt, now),
      one.notAfter === null ? '-' : new Date(one.notAfter).toISOString().slice(0, 10),
    ]),
  );
}

function addSeal(credential: Command): void {
  act<Awaited<ReturnType<Api['credentials']['put']>>, SealOptions>(credential, 'seal <name>', {
    summary: 'seal a login for a relay, on this machine; the console carries it and cannot read it',
    examples: [
      'credential seal lan --relay fra --user monitor --password-stdin --ranges 10.0.0.0/8 --relay-key KEY < secret',
      "credential seal win --relay fra --user 'EXAMPLE\\monitor' --password-stdin --transports winrm --ranges 10.0.0.0/8 < secret",
    ],
    options: sealOptions,
    run: async ({ context: { api, data, clock }, args: [name = ''], options }) => {
      const relay = await relayNamed(api, options.relay);
      const { relayKey, owner } = options;
      const header = await nextHeader(api, name, relay, slotOf(options));
      const keys = await sealingKeysFor(api, { data, relay: relay.id, site: relay.siteId, relayKey, owner });
      const signer = await loadSigner(data);
      const secret = await secretOf(options);
      const sealed = await sealCredential(
        { header, secret, keys, issuedAt: clock.now(), isUserShown: options.showUser === true },
        signer,
      );
      return api.credentials.put({ sealed });
    },
    text: ({ name, version, isTold }) => `sealed ${name}, version ${version}; ${told(isTold)}\n`,
  });
}

function addRevoke(credential: Command): void {
  act<Awaited<ReturnType<Api['credentials']['put']>>, Placed>(credential, 'revoke <name>', {
    summary: 'sign that a relay shall forget a sealed login',
    examples: ['credential revoke lan --relay fra'],
    options: placed,
    run: async ({ context: { api, data, clock }, args: [name = ''], options }) => {
      const header = await nextHeader(api, name, await relayNamed(api, options.relay), slotOf(options));
      return api.credentials.put({ sealed: await revokeCredential(header, clock.now(), await loadSigner(data)) });
    },
    text: ({ name, isTold }) => `revoked ${name}; ${told(isTold)}\n`,
  });
}

interface PromoteOptions extends Placed {
  owner?: string;
}

/** Who may have sealed what is promoted: this machine's own key, or whom a charter names that an owner signed. The console's word is not enough. */
async function sealersFor(api: Api, site: SiteId, key: SigningKey, owner: string | undefined) {
  if (owner !== undefined) return charterOfOwner((await api.sites.charter({ id: site })).signed, owner);
  const own = { kind: 'cli-ed25519', key: key.publicKey, name: 'this machine', role: 'technician' } as const;
  return { version: 0, signers: [own] };
}

function addPromote(credential: Command): void {
  act<Awaited<ReturnType<Api['credentials']['put']>>, PromoteOptions>(credential, 'promote <name>', {
    summary: 'sign that the login in the next slot is the current one from now on; nobody needs its secret for that',
    examples: ['credential promote lan --relay fra', 'credential promote lan --relay fra --owner <fingerprint>'],
    options: (command) =>
      command
        .requiredOption('--relay <relay>', 'id or name of the relay that holds it')
        .option('--owner <fingerprint>', 'of an owner of the site: needed when another key than this one sealed it'),
    run: async ({ context: { api, data, clock }, args: [name = ''], options }) => {
      const relay = await relayNamed(api, options.relay);
      const signer = await loadSigner(data);
      const { version } = await nextHeader(api, name, relay, 'current');
      const { sealed: next } = await api.credentials.show({ relayId: relay.id, name, slot: 'next' });
      const draft = await draftPromotion(SealedCredential.parse(next), {
        place: { relay: relay.id, name },
        sealers: await sealersFor(api, relay.siteId, signer, options.owner),
        version,
        issuedAt: clock.now(),
      }).catch((cause: unknown) => {
        throw options.owner === undefined && cause instanceof AppError && cause.code === 'signature-invalid'
          ? new AppError(
              cause.code,
              `credential ${name}: this key did not seal what waits; name an owner with --owner`,
              {
                cause,
              },
            )
          : cause;
      });
      return api.credentials.put({ sealed: await signCredential(draft, signer) });
    },
    text: ({ name, version, isTold }) =>
      `${name}: the next login is version ${version} of the current one; ${told(isTold)}\n`,
  });
}

function addRemove(credential: Command): void {
  act<{ removed: true }, Placed>(credential, 'remove <name>', {
    summary: 'take a sealed login out of the console; a relay keeps what it holds until it is revoked',
    examples: ['credential remove lan --relay fra'],
    options: placed,
    run: async ({ context: { api }, args: [name = ''], options }) => {
      const relay = await relayNamed(api, options.relay);
      return api.credentials.remove({ relayId: relay.id, name: CredentialName.parse(name), slot: slotOf(options) });
    },
    text: (_done, { args: [name = ''] }) => `removed ${name}\n`,
  });
}

function addLooks(credential: Command): void {
  look(credential, 'list', {
    summary: 'sealed logins: where they are held, and which must be sealed again',
    examples: ['credential list'],
    run: async ({ context: { api } }) => {
      const [{ items }, relays] = await Promise.all([api.credentials.list(), api.relays.list()]);
      const nameOf = (id: string) => relays.items.find((relay) => relay.id === id)?.name ?? id;
      return items.map((one) => ({ ...one, relayName: nameOf(one.relayId) }));
    },
    text: (items, { now }) => credentialTable(items, now),
  });
  look<CredentialSummary, Placed>(credential, 'show <name>', {
    summary: 'what the console knows of a sealed login, which is not the login',
    examples: ['credential show lan --relay fra'],
    options: placed,
    run: async ({ context: { api }, args: [name = ''], options }) => {
      const relay = await relayNamed(api, options.relay);
      const slot = slotOf(options);
      const { items } = await api.credentials.list();
      const found = items.find((one) => one.relayId === relay.id && one.name === name && one.slot === slot);
      if (found === undefined)
        throw new AppError('not-found', `relay ${relay.name}: no sealed credential ${name} (${slot})`);
      return found;
    },
    text: (one) =>
      pairs([
        ['name', one.name],
        ['slot', one.slot],
        ['version', String(one.version)],
        ['state', stateText(one)],
        ['signed by', one.signer],
        ...shownPairs(one),
        ['sealed to', one.sealedTo.join(', ') || 'nobody: revoked'],
        ['ends', one.notAfter === null ? 'never' : new Date(one.notAfter).toISOString()],
      ]),
  });
}

export function addCredentialCommands(program: Command): void {
  const credential = program
    .command('credential')
    .description('logins sealed for relays; the console holds ciphertext');
  addSeal(credential);
  addLooks(credential);
  addApproveCommand(credential);
  addPromote(credential);
  addRevoke(credential);
  addRemove(credential);
}
