// Ways to alter the audit trail for whoever owns the console's disk, keys and process. Each says which row is the first bad one then.

import { newRelayKey, proveKey, spkiOf } from '#shared/crypto/identity-key.ts';
import { readPrivateFile } from '#shared/crypto/private-file.ts';
import { toBase64url } from '#shared/seal/base64url.ts';
import { generateSigningKey, importSigningKey } from '#shared/seal/key-pair.ts';
import type { Evidence, LogRow } from './trail-evidence.ts';

export interface Scene {
  evidence: Evidence;
  /** Where the console keeps its audit key: the thief reads it. */
  auditKey: string;
}

export interface Tamper {
  name: string;
  /** The first bad row afterwards. */
  alter: (scene: Scene) => number | Promise<number>;
  /** The console signs with another key from now on; its fingerprint. */
  withKey?: () => string | Promise<string>;
  /** The relays cannot be asked: what they counter-signed must do. */
  isAway?: boolean;
}

/** A row between the last two checkpoints, so that both ends of the span are others. */
const inside = ({ checkpoints }: Evidence): number => (checkpoints.at(-2) ?? 0) + 7;

const stolen = ({ auditKey }: Scene) => importSigningKey(readPrivateFile(auditKey) ?? '');

const set =
  (column: string, value: string | number | null) =>
  ({ evidence }: Scene): number => {
    evidence.run(`update audit_log set ${column} = ? where seq = ?`, value, inside(evidence));
    return inside(evidence);
  };

/** The whole chain anew over rows that were changed. */
function recompute(evidence: Evidence, change: (rows: LogRow[], at: number) => LogRow[]): number {
  const at = inside(evidence);
  evidence.rewrite(change(evidence.rows(), at));
  return at;
}

const edited = (rows: LogRow[], at: number): LogRow[] =>
  rows.map((row) => (row.seq === at ? { ...row, outcome: 'denied' } : row));

/** Everything after the row goes, the head with it. */
function cut(evidence: Evidence): number {
  const last = evidence.last - 5;
  evidence.rewrite(evidence.rows().slice(0, last));
  return last + 1;
}

const foreign = { id: '' };

export const TAMPERS: readonly Tamper[] = [
  { name: 'an outcome is edited', alter: set('outcome', 'denied') },
  { name: 'a detail is edited', alter: set('detail', '{"name.to":"innocent"}') },
  { name: 'an actor is edited', alter: set('actor', 'person:somebody-else') },
  { name: 'a time is edited', alter: set('at', 1) },
  { name: 'a row is given to another site', alter: set('site_id', '0190a000-0000-7000-8001-000000000009') },
  {
    name: 'a row is said to be of the older form, without its site',
    alter: ({ evidence }) => {
      evidence.run('update audit_log set v = 1, site_id = null where seq = ?', inside(evidence));
      return inside(evidence);
    },
  },
  {
    name: 'a row in the middle is deleted',
    alter: ({ evidence }) => {
      evidence.run('delete from audit_log where seq = ?', inside(evidence));
      return inside(evidence);
    },
  },
  {
    name: 'the first row is deleted',
    alter: ({ evidence }) => {
      evidence.run('delete from audit_log where seq = 1');
      return 1;
    },
  },
  {
    name: 'two rows change places',
    alter: ({ evidence }) => {
      const at = inside(evidence);
      evidence.run('update audit_log set seq = -1 where seq = ?', at);
      evidence.run('update audit_log set seq = ? where seq = ?', at, at + 2);
      evidence.run('update audit_log set seq = ? where seq = -1', at + 2);
      return at;
    },
  },
  {
    name: 'a row is put in between, and the later ones counted on',
    alter: ({ evidence }) => {
      const at = inside(evidence);
      const rows = evidence.rows();
      const forged = rows[at - 1];
      if (forged === undefined) throw new Error('no row to copy');
      evidence.rewrite([...rows.slice(0, at - 1), { ...forged, outcome: 'denied' }, ...rows.slice(at - 1)]);
      return at;
    },
  },
  {
    name: 'the tail is cut off',
    alter: ({ evidence }) => {
      evidence.run('delete from audit_log where seq > ?', evidence.last - 5);
      return evidence.last - 4;
    },
  },
  { name: 'the tail is cut off with the head', alter: ({ evidence }) => cut(evidence) },
  {
    name: 'the tail is cut off with the head and the checkpoints over it',
    alter: async (scene) => {
      const first = cut(scene.evidence);
      await scene.evidence.resign(await stolen(scene));
      scene.evidence.run('delete from audit_witness where seq >= ?', first);
      return first;
    },
  },
  {
    name: 'everything is deleted, with its checkpoints',
    alter: ({ evidence }) => {
      evidence.rewrite([]);
      evidence.run('delete from audit_checkpoint');
      evidence.run('delete from audit_witness');
      return 1;
    },
  },
  {
    name: 'the last row is edited, with its hash and the head',
    alter: ({ evidence }) => {
      const { last } = evidence;
      evidence.rewrite(evidence.rows().map((row) => (row.seq === last ? { ...row, outcome: 'denied' } : row)));
      return last;
    },
  },
  { name: 'a row is edited and the chain computed anew', alter: ({ evidence }) => recompute(evidence, edited) },
  {
    name: 'the same, with checkpoints signed by the stolen audit key',
    alter: async (scene) => {
      const at = recompute(scene.evidence, edited);
      await scene.evidence.resign(await stolen(scene));
      return at;
    },
  },
  {
    name: 'the same, with every counter-signature deleted',
    alter: async (scene) => {
      const at = recompute(scene.evidence, edited);
      await scene.evidence.resign(await stolen(scene));
      scene.evidence.run('delete from audit_witness');
      return at;
    },
  },
  {
    name: 'the same while the relays are away',
    isAway: true,
    alter: async (scene) => {
      recompute(scene.evidence, edited);
      await scene.evidence.resign(await stolen(scene));
      // A counter-signature knows the span, not the row.
      return (scene.evidence.checkpoints.at(-2) ?? 0) + 1;
    },
  },
  {
    name: 'a row is left out and the chain computed anew, checkpoints and all',
    alter: async (scene) => {
      const at = recompute(scene.evidence, (rows, row) => rows.filter(({ seq }) => seq !== row));
      await scene.evidence.resign(await stolen(scene));
      scene.evidence.run('delete from audit_witness');
      return at;
    },
  },
  {
    name: 'the audit key is replaced and every checkpoint signed by it',
    alter: async ({ evidence }) => {
      const key = await generateSigningKey();
      foreign.id = key.publicKey.id;
      await evidence.resign(key);
      evidence.run('delete from audit_witness');
      return evidence.last;
    },
    withKey: () => foreign.id,
  },
  {
    name: 'a counter-signature is forged',
    alter: ({ evidence }) => {
      const at = evidence.checkpoints.at(-1) ?? 0;
      evidence.run('update audit_witness set signature = ? where seq = ?', toBase64url(new Uint8Array(64).fill(9)), at);
      return at;
    },
  },
  {
    name: 'a counter-signature is made with a key of the thief',
    alter: ({ evidence }) => {
      const at = evidence.checkpoints.at(-1) ?? 0;
      const pem = newRelayKey();
      const said = {
        purpose: 'countersign-audit' as const,
        relay: 'x' as never,
        console: '',
        key: '',
        seq: at,
        hash: '',
        at,
      };
      const signature = toBase64url(proveKey(said, pem));
      evidence.run(
        'update audit_witness set spki = ?, signature = ? where seq = ?',
        toBase64url(spkiOf(pem)),
        signature,
        at,
      );
      return at;
    },
  },
  {
    name: "another console's trail stands in the place of this one",
    alter: async ({ evidence }) => {
      evidence.rewrite(evidence.rows().map((row) => ({ ...row, at: row.at + 1, actor: 'person:elsewhere' })));
      const key = await generateSigningKey();
      foreign.id = key.publicKey.id;
      await evidence.resign(key, { console: '0190a000-0000-7000-8009-000000000001' });
      evidence.run('delete from audit_witness');
      return 1;
    },
    withKey: () => foreign.id,
  },
];
