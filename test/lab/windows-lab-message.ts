// What the process of a Windows lab is told and answers: one JSON object per line on stdin and stdout.
import { z } from 'zod';
import type { HostCounts } from '#test/peers/windows-host/host-counts.ts';
import { HostMode } from '#test/peers/windows-host/host-mode.ts';

const index = z.int().nonnegative();
const Id = { id: z.int().nonnegative() };

export const WindowsLabRequest = z.discriminatedUnion('op', [
  /** All of these devices get the same change. */
  z.strictObject({ ...Id, op: z.literal('set'), devices: z.array(index).max(2_000), change: HostMode.partial() }),
  /** Every machine's account has another password from now on. */
  z.strictObject({ ...Id, op: z.literal('password'), password: z.string() }),
  /** Its HTTPS listener shows a stranger's key from now on. */
  z.strictObject({ ...Id, op: z.literal('other-key'), index }),
  z.strictObject({ ...Id, op: z.literal('counts') }),
]);
export type WindowsLabRequest = z.infer<typeof WindowsLabRequest>;

/** The first line: the lab listens. */
export interface WindowsLabReady {
  ready: true;
  pid: number;
  port: number;
  tlsPort: number;
  /** JSON of WindowsLabDevice[], mode 0600: it holds the lab's password. */
  devicesFile: string;
}

export type WindowsLabReply =
  | { id: number; ok: true; value?: HostCounts[] | undefined }
  | { id: number; ok: false; error: string };
