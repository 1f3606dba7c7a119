// Reads who may log in, from a passwd file: the same on every Unix.
import type { Fact } from './collector.ts';
import { byKey, factInteger, factText } from './fact-text.ts';

const MAX_USERS = 1_000;
const NO_LOGIN = /\/(?:nologin|false|sync|shutdown|halt)$/;

/** "root:x:0:0:root:/root:/bin/bash"; users whose shell lets them in. */
export function usersFact(lines: readonly string[] | undefined): Fact | undefined {
  if (lines === undefined) return undefined;
  const users = lines
    .flatMap((line) => {
      const [name, , uid, gid, , home, shell = '', ...more] = line.split(':');
      const known = factText(name);
      if (known === null || gid === undefined || more.length > 0 || NO_LOGIN.test(shell)) return [];
      // An empty shell is /bin/sh, says passwd(5).
      const login = factText(shell) ?? '/bin/sh';
      return [{ name: known, uid: factInteger(uid), gid: factInteger(gid), home: factText(home), shell: login }];
    })
    .sort(byKey(({ name }) => name))
    .slice(0, MAX_USERS);
  return { kind: 'users', body: { users } };
}
