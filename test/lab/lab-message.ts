// What a lab's own process is told and answers: one JSON object per line on stdin and stdout.
import { z } from 'zod';
import { Behaviour } from './behaviour.ts';
import type { MachineCounts } from './machine.ts';

const index = z.int().nonnegative();
const Id = { id: z.int().nonnegative() };

export const LabRequest = z.discriminatedUnion('op', [
  z.strictObject({ ...Id, op: z.literal('set'), index, change: Behaviour.partial() }),
  z.strictObject({ ...Id, op: z.literal('heal'), index }),
  z.strictObject({ ...Id, op: z.literal('reboot'), index }),
  z.strictObject({ ...Id, op: z.literal('swap'), first: index, second: index }),
  z.strictObject({ ...Id, op: z.literal('counts') }),
  z.strictObject({ ...Id, op: z.literal('file'), index, path: z.string() }),
]);
export type LabRequest = z.infer<typeof LabRequest>;

/** The first line: the lab listens. */
export interface LabReady {
  ready: true;
  pid: number;
  port: number;
  /** JSON of LabDevice[], mode 0600: it holds the lab's key. */
  devicesFile: string;
}

export type LabReply =
  | { id: number; ok: true; value?: MachineCounts[] | string | undefined }
  | { id: number; ok: false; error: string };
