// The mailbox of sealed credentials on both engines: signed by a technician, newer than what is kept, for a relay that is there.
import { describe, expect, test } from 'vitest';
import { can } from '#console/access/can.ts';
import { Audit } from '#console/audit/audit.ts';
import { insertCharter } from '#console/trust/charter-repository.ts';
import { Credentials } from '#console/trust/credential-service.ts';
import { Variables } from '#console/trust/variable-service.ts';
import { RelayId } from '#shared/base/id.ts';
import type { BoxHeader, SealedSecret } from '#shared/model/credential.ts';
import type { RelayVault } from '#shared/model/relay-vault.ts';
import { signCharter } from '#shared/seal/charter-seal.ts';
import { revokeCredential, sealCredential } from '#shared/seal/credential-seal.ts';
import { draftDeletion, draftVariable, signVariable } from '#shared/seal/variable-seal.ts';
import { generateOpeningKey } from '#shared/seal/vault-box.ts';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import { keyOfWord, SAMPLE_RELAY, SAMPLE_SITE, SAMPLE_TIME, sampleCharter } from '#test/fixtures/sample-trust.ts';
import { freshStore, type TestEngine } from './test-engine.ts';

const permission = can({ kind: 'system', part: 'test' }, 'credential.read');
if (!permission.allowed) throw new Error('tests read everything');
const { scope } = permission;
const caller = { actor: { kind: 'system', part: 'test' } } as const;
const SECRET: SealedSecret = {
  user: 'ops',
  password: 'canary-tiger',
  binding: { purpose: 'monitor', ranges: ['10.0.0.0/8'], weakest: 'password' },
};

async function house(engine: TestEngine) {
  const store = await freshStore(engine);
  await store.db.insertInto('customer').values({ id: 'c', name: 'c', created_at: 1 }).execute();
  const site = { customer_id: 'c', time_zone: 'UTC', is_simulated: 0, created_at: 1 } as const;
  await store.db
    .insertInto('site')
    .values({ id: SAMPLE_SITE, name: 's', ...site })
    .execute();
  const relay = { hostname: 'h', version: '1', enrolled_at: 1, certificate_serial: 's', certificate_expires_at: 1 };
  const unseen = { revoked_at: null, last_seen_at: null, clock_skew_ms: null, epoch: null };
  const held = { roster_version: 0, held_roster_version: 0, held_charter_version: 0 };
  await store.db
    .insertInto('relay')
    .values({
      id: SAMPLE_RELAY,
      site_id: SAMPLE_SITE,
      name: 'r',
      kind: 'site',
      key_id: 'k',
      ...relay,
      ...unseen,
      ...held,
    })
    .execute();
  const owner = await keyOfWord('owner');
  const signer = await keyOfWord('technician');
  const signed = await signCharter(sampleCharter([owner], [signer]), [owner]);
  await store.transaction((tx) => insertCharter(tx, SAMPLE_SITE, { version: 1, signed }, SAMPLE_TIME));
  const clock = new FakeClock();
  const { key } = await generateOpeningKey();
  const seal = async (change: Partial<BoxHeader> = {}, by = signer) => {
    const header = { v: 1, site: SAMPLE_SITE, relay: SAMPLE_RELAY, name: 'lan', version: 1, slot: 'current' } as const;
    return sealCredential({ header: { ...header, ...change }, secret: SECRET, keys: [key.publicKey], issuedAt: 1 }, by);
  };
  const credentials = new Credentials({ store, audit: new Audit({ clock }), clock });
  const variables = new Variables({ store, audit: new Audit({ clock }), clock });
  return { store, credentials, variables, seal, signer, key };
}

const VARIABLE = { v: 1, kind: 'variable', site: SAMPLE_SITE, name: 'BACKUP_PASS' } as const;

export function defineCredentialTests(engine: TestEngine): void {
  describe(`sealed credentials on ${engine.name}`, () => {
    test('the newest version is kept, an older one and a stranger are refused, and no byte of it is readable', async () => {
      const { store, credentials, seal } = await house(engine);
      await credentials.put(caller, scope, await seal());
      await credentials.put(caller, scope, await seal({ version: 3 }));
      await expect(credentials.put(caller, scope, await seal({ version: 3 }))).rejects.toMatchObject({
        code: 'conflict',
      });
      await expect(credentials.put(caller, scope, await seal({ version: 2 }))).rejects.toMatchObject({
        code: 'conflict',
      });
      const stranger = await seal({ version: 4 }, await keyOfWord('stranger'));
      await expect(credentials.put(caller, scope, stranger)).rejects.toMatchObject({ code: 'signature-invalid' });
      const { rows } = await credentials.list(scope);
      expect(rows).toMatchObject([{ statement: { name: 'lan', version: 3 } }]);
      const stored = await store.db.selectFrom('sealed_credential').select('sealed').execute();
      expect(JSON.stringify(stored)).not.toMatch(/canary|tiger|10\.0\.0/);
    });

    test('only a relay of the site that is not revoked gets one', async () => {
      const { store, credentials, seal } = await house(engine);
      const other = RelayId.parse('0190a000-0000-7000-8002-000000000099');
      await expect(credentials.put(caller, scope, await seal({ relay: other }))).rejects.toMatchObject({
        code: 'not-found',
      });
      await store.db.updateTable('relay').set({ revoked_at: 5 }).execute();
      await expect(credentials.put(caller, scope, await seal())).rejects.toMatchObject({ code: 'not-found' });
    });

    test('a relay is given what it has not, and what it told is shown', async () => {
      const { credentials, seal, signer, key } = await house(engine);
      await credentials.put(caller, scope, await seal({ version: 2 }));
      await credentials.put(caller, scope, await seal({ name: 'wan', version: 7 }));
      const vault: RelayVault = {
        sealingKey: key.publicKey,
        held: [{ name: 'lan', slot: 'current', version: 2, state: 'open' }],
      };
      expect(await credentials.told(scope, SAMPLE_RELAY, vault)).toHaveLength(1);
      expect(await credentials.told(scope, SAMPLE_RELAY, { ...vault, held: [] })).toHaveLength(2);
      expect((await credentials.list(scope)).vaults).toMatchObject([{ relay: SAMPLE_RELAY, vault: { held: [] } }]);
      const header = {
        v: 1,
        site: SAMPLE_SITE,
        relay: SAMPLE_RELAY,
        name: 'lan',
        version: 3,
        slot: 'current',
      } as const;
      await credentials.put(caller, scope, await revokeCredential(header, 2, signer));
      expect(await credentials.told(scope, SAMPLE_RELAY, vault)).toHaveLength(2);
      const place = { relay: SAMPLE_RELAY, name: 'wan', slot: 'current' } as const;
      expect((await credentials.show(scope, place)).boxes).toHaveLength(1);
      await expect(credentials.show(scope, { ...place, slot: 'next' })).rejects.toMatchObject({ code: 'not-found' });
      await credentials.remove(caller, scope, place);
      await expect(credentials.remove(caller, scope, place)).rejects.toMatchObject({ code: 'not-found' });
    });

    test('a variable is kept in its newest version, given to relays that lack it, and deleted by a signature alone', async () => {
      const { store, variables, signer, key } = await house(engine);
      const secret = { value: 'canary-tiger', actions: ['command.run' as const] };
      const seal = async (version: number, by = signer) => {
        const header = { ...VARIABLE, version };
        return signVariable(await draftVariable({ header, secret, keys: [key.publicKey], issuedAt: 1 }), by);
      };
      await variables.put(caller, scope, await seal(2));
      await expect(variables.put(caller, scope, await seal(2))).rejects.toMatchObject({ code: 'conflict' });
      const stranger = await seal(3, await keyOfWord('stranger'));
      await expect(variables.put(caller, scope, stranger)).rejects.toMatchObject({ code: 'signature-invalid' });
      const stored = await store.db.selectFrom('sealed_variable').select('sealed').execute();
      expect(JSON.stringify(stored)).not.toMatch(/canary|tiger/);
      const told: RelayVault = { sealingKey: key.publicKey, held: [] };
      const holding = (version: number): RelayVault => ({
        ...told,
        variables: [{ name: 'BACKUP_PASS', version, state: 'open' }],
      });
      expect(await variables.missing(scope, SAMPLE_SITE, told)).toHaveLength(1);
      expect(await variables.missing(scope, SAMPLE_SITE, holding(2))).toEqual([]);
      const deletion = draftDeletion({ ...VARIABLE, version: 3 }, 2);
      await variables.put(caller, scope, await signVariable(deletion, signer));
      expect(await variables.missing(scope, SAMPLE_SITE, told)).toEqual([]);
      expect(await variables.missing(scope, SAMPLE_SITE, holding(2))).toHaveLength(1);
      const { rows, holders } = await variables.list(scope, SAMPLE_SITE);
      expect(rows).toMatchObject([{ statement: { version: 3, boxes: [] } }]);
      expect(holders).toMatchObject([{ relay: SAMPLE_RELAY, vault: undefined }]);
      const audit = await store.db.selectFrom('audit_log').select('verb').execute();
      expect(audit.map(({ verb }) => verb)).toEqual(['variable.set', 'variable.delete']);
    });
  });
}
