// What one commit takes, and what waits for the next.
import { expect, test } from 'vitest';
import { linkNo, recordsBatch } from '#test/fixtures/stream-kit.ts';
import { IngestQueue, type Job } from './ingest-queue.ts';

const KIB = 1_024;

function job(relay: number, seq: number, kib: number): Job {
  const batch = { ...recordsBatch(1, seq, []), data: new Uint8Array(kib * KIB) };
  return { link: linkNo(relay), work: { kind: 'batch', batch }, resolve: () => undefined, reject: () => undefined };
}

const sizes = (queue: IngestQueue) => {
  const taken: number[] = [];
  for (let group = queue.take(); group.length > 0; group = queue.take()) taken.push(group.length);
  return taken;
};

test('a commit takes batches of 64 KiB together at most, and one that is larger by itself', () => {
  const queue = new IngestQueue();
  for (const [seq, kib] of [29, 29, 29, 64, 1, 1].entries()) queue.push(job(1, seq + 1, kib));
  expect(sizes(queue)).toEqual([2, 1, 1, 2]);
});

test('small ones share a commit, 64 at a time', () => {
  const queue = new IngestQueue();
  for (let seq = 1; seq <= 100; seq += 1) queue.push(job(1, seq, 0));
  expect(sizes(queue)).toEqual([64, 36]);
});
