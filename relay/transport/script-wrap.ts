// Puts a script into the one shell text that every transport sends on stdin, and finds its marker in what comes back.
import type { RandomBytes } from '#shared/base/id.ts';

/** A marker nobody can guess, so that text printed by a login profile is never taken for output of the script. */
export function newNonce(random: RandomBytes): string {
  const bytes = random(new Uint8Array(12));
  return `rmm-${Buffer.from(bytes).toString('hex')}`;
}

/** One word of shell text that stands for exactly `text`. */
export const quoteForShell = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/** Values by name. */
export type Variables = ReadonlyMap<string, string>;

/** Set in the script's own subshell: neither an argument nor the environment of what was started before it. */
const exportsOf = (variables: Variables) =>
  [...variables].map(([name, value]) => `${name}=${quoteForShell(value)}\nexport ${name}\n`).join('');

/**
 * The text for `/bin/sh -s`. It is one compound command, so every shell parses all of it before it runs any of it, and stdin is
 * free to be the lifeline: when it ends (connection lost, relay killed, we close it) a watchdog ends the whole process group.
 * The script runs in a subshell, so its plain `wait` does not wait for the watchdog; the outer shell reaps both, because a container
 * whose first process reaps nobody would otherwise keep a zombie per poll. The watchdog holds neither output.
 * `kill -0 -$$` tells without a fork whether this shell leads its group; 0 is announced where it does not.
 * What its shell was started with besides is for finding it again, and no argument of the script.
 * Runs alike under dash, bash, busybox sh and mksh.
 */
export function wrapScript(script: string, nonce: string, variables: Variables = new Map()): string {
  return `{
set --
if kill -0 -$$ 2>/dev/null; then rmm_group=$$; else rmm_group=0; fi
exec 3<&0 </dev/null
( while read -r _ <&3; do :; done
trap '' HUP INT TERM
if [ $rmm_group = 0 ]; then kill -0 $$ || exit 0; rmm_group=$$; else rmm_group=-$$; fi
kill -TERM $rmm_group; sleep 1; kill -KILL $rmm_group
) >/dev/null 2>&1 &
rmm_watchdog=$!
exec 3<&-
printf '%s %s\\n' ${nonce} $rmm_group
printf '%s %s\\n' ${nonce} $rmm_group >&2
( unset rmm_group rmm_watchdog
${exportsOf(variables)}eval ${quoteForShell(script)} )
rmm_code=$?
{ kill -KILL $rmm_watchdog; wait $rmm_watchdog; } 2>/dev/null
exit $rmm_code
}
`;
}

// 64 KiB: a message of the day is a few; more before the script begins is a flood, not a greeting.
const MAX_NOISE_BYTES = 65_536;

/** Passes what follows the marker line and drops what came before it. */
export class MarkerGate {
  readonly #marker: Buffer;
  #before: Buffer | undefined = Buffer.alloc(0);
  #group: number | undefined;

  constructor(nonce: string) {
    this.#marker = Buffer.from(`${nonce} `);
  }

  get isOpen(): boolean {
    return this.#before === undefined;
  }

  /** The process group the script leads; undefined where it leads none or has not begun. */
  get group(): number | undefined {
    return this.#group;
  }

  /** What stood before the marker so far, for the error that says no shell answered. */
  get noise(): Uint8Array {
    return this.#before ?? new Uint8Array(0);
  }

  /** The bytes of the script in this chunk; undefined once more came before the marker than any greeting needs. */
  push(bytes: Uint8Array): Uint8Array | undefined {
    if (this.#before === undefined) return bytes;
    const all = Buffer.concat([this.#before, bytes]);
    const start = all.indexOf(this.#marker);
    const end = start < 0 ? -1 : all.indexOf(0x0a, start);
    if (end < 0) {
      this.#before = all;
      return all.length > MAX_NOISE_BYTES ? undefined : new Uint8Array(0);
    }
    const group = Number(all.toString('latin1', start + this.#marker.length, end).trim());
    // Group 1 would be init and -1 everybody: never a target.
    if (Number.isSafeInteger(group) && group > 1) this.#group = group;
    this.#before = undefined;
    return all.subarray(end + 1);
  }
}
