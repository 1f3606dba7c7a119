// STREAM: reserved for terminals, files and tunnels. Its shape is fixed; no build opens one yet.
import { z } from 'zod';
import { Bytes } from '#shared/base/bytes.ts';
import { SignedManifest } from '#shared/model/manifest.ts';

const StreamId = z.int().min(1);

export const Stream = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('open'), stream: StreamId, signed: SignedManifest }),
  z.strictObject({ kind: z.literal('data'), stream: StreamId, data: Bytes }),
  z.strictObject({ kind: z.literal('credit'), stream: StreamId, bytes: z.int().min(1) }),
  z.strictObject({ kind: z.literal('close'), stream: StreamId, reason: z.string().max(200) }),
]);
export type Stream = z.infer<typeof Stream>;
