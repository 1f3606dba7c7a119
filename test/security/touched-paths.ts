// Hears which paths this process gives to the file system, by standing in front of each of its functions.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import path from 'node:path';

const WATCHED = [
  ...['openSync', 'readFileSync', 'writeFileSync', 'appendFileSync', 'renameSync', 'rmSync', 'unlinkSync', 'linkSync'],
  ...['mkdirSync', 'mkdtempSync', 'statSync', 'lstatSync', 'readdirSync', 'existsSync', 'copyFileSync', 'chmodSync'],
  ...['accessSync', 'realpathSync', 'symlinkSync', 'readlinkSync', 'open', 'readFile', 'writeFile', 'createReadStream'],
] as const;

/** The others take bytes, flags or a callback behind their path. */
const TWO_PATHS: ReadonlySet<string> = new Set(['renameSync', 'linkSync', 'copyFileSync', 'symlinkSync']);

type Any = (...args: unknown[]) => unknown;

export interface TouchedPaths {
  /** Since the last call, absolute. */
  take: () => string[];
  stop: () => void;
}

export function hearPaths(): TouchedPaths {
  let touched: string[] = [];
  // The functions of the module under their names: each is put back as it was.
  const functions = fs as unknown as Record<string, Any>;
  const before = new Map<string, Any>();
  for (const name of WATCHED) {
    const own = functions[name];
    if (own === undefined) continue;
    before.set(name, own);
    functions[name] = Object.assign((...args: unknown[]) => {
      for (const place of args.slice(0, TWO_PATHS.has(name) ? 2 : 1))
        if (typeof place === 'string') touched.push(path.resolve(place));
      return own(...args);
    }, own);
  }
  syncBuiltinESMExports();
  return {
    take: () => {
      const taken = touched;
      touched = [];
      return taken;
    },
    stop: () => {
      for (const [name, own] of before) functions[name] = own;
      syncBuiltinESMExports();
    },
  };
}
