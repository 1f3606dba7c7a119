// WATCH, since protocol 9: what signers say of watching a site, and which devices it is for. The relay proves the first against its charter.
import { z } from 'zod';
import { textSize } from '#shared/base/text-size.ts';
import { MAX_ROSTER_DEVICES } from '#shared/model/device.ts';
import { SignedWatch, WatchMember } from '#shared/model/watch-policy.ts';

/** The first protocol whose relays know this message, and whose peers know findings. */
export const WATCH_PROTOCOL = 9;

/**
 * `document` is signed; a relay keeps the one of the highest version. `members` is not: devices `from` and on of a list of
 * `total`, which counts once its last part is there, and replaces the former list.
 */
export const WatchMessage = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('document'), signed: SignedWatch }),
  z.strictObject({
    kind: z.literal('members'),
    from: z.int().min(0).max(MAX_ROSTER_DEVICES),
    total: z.int().min(0).max(MAX_ROSTER_DEVICES),
    members: z.array(WatchMember).max(MAX_ROSTER_DEVICES),
  }),
]);
export type WatchMessage = z.infer<typeof WatchMessage>;

/** Of one part, so that its frame stays below half a megabyte whatever the members: one of 100 layers has 4 KB. */
const PART_CHARACTERS = 400_000;

/** The list as parts that fit a frame each; an empty list is one part, which says that nothing is chosen any more. */
export function memberParts(members: readonly WatchMember[]): WatchMessage[] {
  const parts: Array<{ from: number; members: WatchMember[]; size: number }> = [{ from: 0, members: [], size: 0 }];
  for (const [at, member] of members.entries()) {
    const size = textSize(member);
    const last = parts.at(-1);
    if (last === undefined || last.size + size > PART_CHARACTERS) parts.push({ from: at, members: [member], size });
    else {
      last.members.push(member);
      last.size += size;
    }
  }
  return parts.map((part) => ({
    kind: 'members',
    from: part.from,
    total: members.length,
    members: part.members,
  }));
}
