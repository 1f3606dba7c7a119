// Good signed texts and what chance makes of them: `jws` spellings of one signature, `manifest` whole orders as they come off the wire.
import type { Charter } from '#shared/model/charter.ts';
import { type Manifest, type Signature, SignedManifest } from '#shared/model/manifest.ts';
import { canonicalJson } from '#shared/seal/canonical.ts';
import type { SigningKey } from '#shared/seal/key-pair.ts';
import { draftBatch, sealBatch, signBatch, signStatement, verifySignedManifest } from '#shared/seal/manifest-seal.ts';
import { openStrict, signStrict } from '#shared/seal/strict-jws.ts';
import {
  keyOfWord,
  sampleCharter,
  sampleDevice,
  sampleManifest,
  sampleManifestId,
} from '#test/fixtures/sample-trust.ts';
import { assertWith, passkeyOfWord, passkeySigner } from '#test/fixtures/virtual-passkey.ts';
import { below, pick, type Random } from './mutate.ts';

/**
 * One mutated input. `formless`: refused by its outer form or the key it names, before any signature was looked at; `refused`: by
 * the proof; taken, it says what was signed (`same`) or something else (`different`).
 */
export type Verdict = 'formless' | 'refused' | 'same' | 'different';

export interface TrustCases {
  /** Runs the next mutation. Throws only when something other than a refusal came out. */
  next(random: Random): Promise<{ verdict: Verdict; input: string }>;
}

const SIGNS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=+/. \n\t\0"{}[]:,';

type Edit = (text: string, at: number, random: Random) => string;

const EDITS: readonly Edit[] = [
  (text, at, random) => text.slice(0, at) + pick(random, [...SIGNS]) + text.slice(at + 1),
  (text, at, random) => text.slice(0, at) + pick(random, [...SIGNS]) + text.slice(at),
  (text, at, random) => text.slice(0, at) + text.slice(at + 1 + below(random, 4)),
  (text, at) => text.slice(0, at),
  (text, at, random) => text.slice(0, at) + text.slice(at, at + 1 + below(random, 30)) + text.slice(at),
  (text, at) => text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ 1) + text.slice(at + 1),
  (text, at) => text.slice(0, at) + text.slice(at, at + 1).toUpperCase() + text.slice(at + 1),
  (text) => `${text}=`,
  (text) => ` ${text}`,
];

function mutated(text: string, random: Random): string {
  let changed = text;
  for (let n = 1 + below(random, 3); n > 0; n -= 1)
    changed = pick(random, EDITS)(changed, below(random, changed.length + 1), random);
  return changed;
}

/** Another part of two good texts between the dots: the classic of mixing headers, payloads and signatures. */
const spliced = (a: string, b: string, random: Random): string =>
  a
    .split('.')
    .map((part, i) => (random() < 0.5 ? part : (b.split('.')[i] ?? part)))
    .join('.');

/** Our own refusals have a code; anything else is a finding. */
const isRefusal = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  (error.code === 'signature-invalid' || error.code === 'manifest-invalid');

async function judged<T>(read: () => Promise<T | undefined>, isSame: (value: T) => boolean): Promise<Verdict> {
  try {
    const value = await read();
    if (value === undefined) return 'formless';
    return isSame(value) ? 'same' : 'different';
  } catch (error) {
    if (isRefusal(error)) return 'refused';
    throw error;
  }
}

export async function jwsCases(): Promise<TrustCases> {
  const [key, other] = [await keyOfWord('technician'), await keyOfWord('approver')];
  const payloads = ['{"kind":"batch","total":1}', '{"kind":"batch","total":50}', ''];
  const good: Array<{ jws: string; payload: string; typ: string; by: SigningKey }> = [];
  for (const by of [key, other])
    for (const typ of ['rmm-batch', 'rmm-charter'])
      for (const payload of payloads) good.push({ jws: await signStrict(payload, typ, by), payload, typ, by });
  return {
    next: async (random) => {
      const { jws, payload, by } = pick(random, good);
      const input = random() < 0.2 ? spliced(jws, pick(random, good).jws, random) : mutated(jws, random);
      const read = () => openStrict(input, 'rmm-batch', [key.publicKey, other.publicKey]);
      const known = good.find((one) => one.jws === input);
      // A mutation that gives a good text again is no forgery; every other text must be refused.
      const isSame = (opened: { payload: string; signer: { id: string } }) =>
        known !== undefined
          ? opened.payload === known.payload && opened.signer.id === known.by.publicKey.id
          : opened.payload === payload && opened.signer.id === by.publicKey.id && input === jws;
      return { verdict: await judged(read, isSame), input };
    },
  };
}

async function goodOrders(): Promise<{ orders: SignedManifest[]; charter: Charter }> {
  const [ann, bob, owner] = [await keyOfWord('ann'), await keyOfWord('bob'), await keyOfWord('owner')];
  const tap = await passkeyOfWord('ann');
  const charter = sampleCharter([owner], [ann, bob]);
  charter.signers.push(passkeySigner(tap, 'tap'));
  const of = (n: number, devices: number): Manifest =>
    sampleManifest({
      id: sampleManifestId(n),
      targets: Array.from({ length: devices }, (_, i) => ({
        device: sampleDevice(10 * n + i),
        identity: { macs: [] },
      })),
    });
  const two = await draftBatch([of(1, 1), of(2, 3), of(3, 2)]);
  const signatures: [Signature, ...Signature[]] = [
    await signStatement(two.statement, ann),
    await assertWith(tap, two.statement),
  ];
  const tapped = await draftBatch([of(5, 2), of(6, 2)]);
  return {
    charter,
    orders: [
      ...(await signBatch([of(4, 2)], bob)),
      ...sealBatch(two.parts, signatures),
      ...sealBatch(tapped.parts, [await assertWith(tap, tapped.statement)]),
    ],
  };
}

/** Some member of `a` as it stands in `b`. */
function crossed(a: SignedManifest, b: SignedManifest, random: Random): unknown {
  const way = below(random, 6);
  if (way === 0) return { ...a, manifest: b.manifest };
  if (way === 1) return { ...a, signature: b.signature };
  if (way === 2) return { ...a, batch: b.batch };
  if (way === 3) return { ...a, batch: { ...a.batch, path: b.batch.path, sums: b.batch.sums ?? [1] } };
  if (way === 4) return { ...a, countersignatures: [b.signature] };
  return { ...a, batch: { ...a.batch, total: a.batch.total + below(random, 5) - 2, index: below(random, 4) } };
}

export async function manifestCases(): Promise<TrustCases> {
  const { orders, charter } = await goodOrders();
  const texts = new Set(orders.map(({ manifest }) => manifest));
  return {
    next: async (random) => {
      const order = pick(random, orders);
      const way = random();
      const input =
        way < 0.3
          ? canonicalJson(JSON.parse(JSON.stringify(crossed(order, pick(random, orders), random))))
          : way < 0.6
            ? canonicalJson({ ...order, manifest: mutated(order.manifest, random) })
            : mutated(canonicalJson(order), random);
      const read = async () => {
        const parsed = SignedManifest.safeParse(parseLoosely(input));
        return parsed.success
          ? { parsed: parsed.data, verified: await verifySignedManifest(parsed.data, charter) }
          : undefined;
      };
      // Taken means: word for word one of the manifests that were signed, under its own total.
      const isSame = ({
        parsed,
        verified,
      }: {
        parsed: SignedManifest;
        verified: { manifest: Manifest; total: number };
      }) => {
        const original = orders.find(({ manifest }) => manifest === parsed.manifest);
        return texts.has(parsed.manifest) && original?.batch.total === verified.total;
      };
      return { verdict: await judged(read, isSame), input };
    },
  };
}

/** As the wire would: no JSON is no order. */
function parseLoosely(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
