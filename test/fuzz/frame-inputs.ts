// The inputs of `fuzz frames`: the n-th input of a seed is always the same, so that any finding can be made again alone.
import { HOUR_MS } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import { DeltaDecoder } from '#shared/codec/delta-decoder.ts';
import { DeltaEncoder } from '#shared/codec/delta-encoder.ts';
import type { SpoolRecord } from '#shared/model/record.ts';
import { type Frame, MESSAGES } from '#shared/protocol/frame.ts';
import { decodeRecords, encodeRecords } from '#shared/protocol/record-codec.ts';
import { decodeFrame, encodeFrame } from '#shared/protocol/wire-codec.ts';
import { pollsOfMix } from '#test/fixtures/metric-mix.ts';
import { SAMPLE_FRAMES, SAMPLE_RECORDS } from '#test/fixtures/sample-frames.ts';
import { seededRandom, seedFrom } from '#test/fixtures/seeded-random.ts';
import { below, damage, noise, packAnything, pick, type Random, strangeMember, strangeValue } from './mutate.ts';

/** Decodes the n-th input; throws only what must not be thrown. */
export type Fuzz = (seed: number, n: number) => void;

const FRAMES: readonly Frame[] = Object.values(SAMPLE_FRAMES);
const RECORDS: readonly SpoolRecord[] = Object.values(SAMPLE_RECORDS);
const FRAME_BYTES = FRAMES.map(encodeFrame);
const RECORD_BYTES = [encodeRecords(RECORDS), ...RECORDS.map((record) => encodeRecords([record]))];
const TYPES = [...Object.keys(MESSAGES), 'PING', '__proto__', 'constructor'];
const HOUR = 490_000;
const CHAIN = makeChain();

/** Four batches of a few devices. */
function makeChain(): Uint8Array[] {
  const encoder = new DeltaEncoder(HOUR);
  const sweeps = pollsOfMix({ devices: 4, columns: 12, seed: 5, from: HOUR * HOUR_MS });
  return Array.from({ length: 4 }, () => {
    for (const record of sweeps.next().value ?? []) encoder.add(record);
    return encoder.take().data;
  });
}

/** Arrays of one and maps of one, each in the next. */
const NESTS = [[0x91], [0x81, 0xa1, 0x61]];
/** The smallest values there are. */
const SMALLEST = [0x01, 0x80, 0x90, 0xa0, 0xc0];

/** What stands before the body of a good frame, then the deepest or the widest value that the rule's size allows. */
function bomb(random: Random): Uint8Array {
  const { id, type } = pick(random, FRAMES);
  const empty = packAnything({ id, type, body: null });
  const head = empty.subarray(0, empty.length - 1);
  const size = below(random, MESSAGES[type].maxBytes - head.length - 5);
  const body = new Uint8Array(5 + size);
  if (random() < 0.5) {
    const unit = pick(random, NESTS);
    for (let i = 0; i < body.length; i += 1) body[i] = unit[i % unit.length] ?? 0;
  } else {
    body[0] = 0xdd; // an array with a count of four bytes
    new DataView(body.buffer).setUint32(1, size);
    body.fill(pick(random, SMALLEST), 5);
  }
  return Uint8Array.from([...head, ...body]);
}

function frameBytes(random: Random): Uint8Array {
  const chance = random();
  if (chance < 0.01) return bomb(random);
  if (chance < 0.15) return noise(random);
  if (chance < 0.5) return damage(pick(random, FRAME_BYTES), random);
  if (chance < 0.65) return packAnything({ id: 1, type: pick(random, TYPES), body: strangeValue(random) });
  const { id, type, body } = pick(random, FRAMES);
  return packAnything({ id, type, body: strangeMember(body, random) });
}

function recordBytes(random: Random): Uint8Array {
  const chance = random();
  if (chance < 0.15) return noise(random);
  if (chance < 0.5) return damage(pick(random, RECORD_BYTES), random);
  if (chance < 0.6) return packAnything(strangeValue(random));
  return packAnything([pick(random, RECORDS), strangeMember(pick(random, RECORDS), random)]);
}

function fuzzFrame(random: Random): void {
  const bytes = frameBytes(random);
  const from = random() < 0.5 ? 'relay' : 'console';
  const state = random() < 0.3 ? 'greeting' : 'open';
  const decoded = decodeFrame(bytes, { from, state });
  // What was taken must be a frame that we could have sent ourselves.
  if (decoded.ok && !decodeFrame(encodeFrame(decoded.frame), { from, state }).ok)
    throw new Error(`a ${decoded.frame.type} was taken and is refused when sent on`);
}

function fuzzRecords(random: Random): void {
  const decoded = decodeRecords(recordBytes(random));
  if (decoded.ok && !decodeRecords(encodeRecords(decoded.records)).ok)
    throw new Error('records were taken and are refused when sent on');
}

/** Some good batches, then a bad one, then whatever follows: the decoder must answer each. */
function fuzzDelta(random: Random): void {
  const decoder = new DeltaDecoder(HOUR);
  const good = below(random, CHAIN.length);
  for (let i = 0; i < good; i += 1) decoder.decode(CHAIN[i] ?? new Uint8Array());
  const next = CHAIN[good] ?? new Uint8Array();
  const bad =
    random() < 0.3
      ? Uint8Array.from([...next.subarray(0, 2 + below(random, 8)), ...noise(random)])
      : damage(next, random);
  for (const data of [bad, next]) {
    try {
      for (const { at } of decoder.decode(data))
        if (Math.floor(at / HOUR_MS) !== HOUR) throw new Error('a record outside its hour was taken');
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'frame-malformed') throw error;
    }
  }
}

export const fuzzInput: Fuzz = (seed, n) => {
  const random = seededRandom(seedFrom(seed, n));
  const chance = random();
  if (chance < 0.5) fuzzFrame(random);
  else if (chance < 0.7) fuzzRecords(random);
  else fuzzDelta(random);
};
