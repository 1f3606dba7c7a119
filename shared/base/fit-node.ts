// Which Node the programs may run on: the oldest one, and the releases of 24 that would abort them.

const OLDEST = { major: 20, minor: 19 };
/**
 * From 24.19 Node's headers make every object of better-sqlite3 12 take itself off a list that is gone when the program ends,
 * and Node aborts (nodejs/node issue 65446). The module of an installed tree is built against the Node that installs it.
 */
const ABORTING = { major: 24, from: 19, to: 21 };

/** What to do instead, in plain words; undefined: this Node will do. `version` as `process.version` says it: "v24.18.1". */
export function nodeAdvice(version: string): string | undefined {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  if (major < OLDEST.major || (major === OLDEST.major && minor < OLDEST.minor))
    return `install Node ${OLDEST.major}.${OLDEST.minor} or newer`;
  if (major === ABORTING.major && minor >= ABORTING.from && minor <= ABORTING.to)
    return `Node ${major}.${ABORTING.from} to ${major}.${ABORTING.to} abort programs with better-sqlite3: install Node ${major}.${ABORTING.from - 1}, and npm ci again`;
  return undefined;
}
