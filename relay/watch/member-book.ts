// Which signed layers each device is under and what it hangs on: the console's unsigned word, on disk for a site that is cut off.
import { z } from 'zod';
import type { DeviceId, LayerId } from '#shared/base/id.ts';
import { readPrivateFile, writePrivateFile } from '#shared/crypto/private-file.ts';
import { MAX_ROSTER_DEVICES } from '#shared/model/device.ts';
import { WatchMember } from '#shared/model/watch-policy.ts';

const MemberFile = z.array(WatchMember).max(MAX_ROSTER_DEVICES);

/** Part of a list, see WATCH. */
interface Part {
  from: number;
  total: number;
  members: readonly WatchMember[];
}

export class MemberBook {
  readonly #file: string;
  #members: ReadonlyMap<DeviceId, WatchMember>;
  #children: ReadonlyMap<DeviceId, DeviceId[]>;
  /** A list that is not whole yet. */
  #coming: WatchMember[] = [];

  /** A file that cannot be read is no list: the console sends it with its next greeting, and meanwhile signed defaults apply. */
  constructor(file: string) {
    this.#file = file;
    const parsed = MemberFile.safeParse(parseJson(readPrivateFile(file)));
    this.#members = index(parsed.success ? parsed.data : []);
    this.#children = childrenOf(this.#members);
  }

  /** True when the list was whole with this part and is another one than before; durable before it returns. */
  take({ from, total, members }: Part): boolean {
    if (from === 0) this.#coming = [];
    // A part whose former ones were lost belongs to no list.
    if (from !== this.#coming.length || from + members.length > total) {
      this.#coming = [];
      return false;
    }
    this.#coming.push(...members);
    if (this.#coming.length < total) return false;
    const whole = index(this.#coming);
    this.#coming = [];
    const text = JSON.stringify([...whole.values()]);
    if (text === JSON.stringify([...this.#members.values()])) return false;
    writePrivateFile(this.#file, text);
    this.#members = whole;
    this.#children = childrenOf(whole);
    return true;
  }

  layersOf(device: DeviceId): readonly LayerId[] {
    return this.#members.get(device)?.layers ?? [];
  }

  parentOf(device: DeviceId): DeviceId | undefined {
    const parent = this.#members.get(device)?.parent;
    return parent === device ? undefined : parent;
  }

  childrenOf(device: DeviceId): readonly DeviceId[] {
    return this.#children.get(device) ?? [];
  }
}

/** The last word on a device counts. */
const index = (members: readonly WatchMember[]) => new Map(members.map((member) => [member.device, member]));

function childrenOf(members: ReadonlyMap<DeviceId, WatchMember>): ReadonlyMap<DeviceId, DeviceId[]> {
  const children = new Map<DeviceId, DeviceId[]>();
  for (const { device, parent } of members.values()) {
    if (parent === undefined || parent === device) continue;
    const siblings = children.get(parent) ?? [];
    siblings.push(device);
    children.set(parent, siblings);
  }
  return children;
}

function parseJson(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined; // no JSON is no list
  }
}
