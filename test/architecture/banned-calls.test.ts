// Calls that turn text into code, statements, commands or weak keys: they stand nowhere but where their place is named here.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { PROJECT, sourceFiles } from './source-files.ts';

const product = sourceFiles().filter((file) => !file.startsWith('test/') && !/\.test\.tsx?$/.test(file));

const read = (file: string): string => readFileSync(path.join(PROJECT, file), 'utf8');
const filesWith = (pattern: RegExp): string[] => product.filter((file) => pattern.test(read(file)));

test('no SQL is put together from a text that comes from outside', () => {
  // Fixed statements of migrations, and the word that begins a transaction.
  const named = ['console/store/migrations/0014-person-grants.ts', 'console/store/migrations/statements.ts'];
  expect(filesWith(/\bsql\.(raw|lit)\(/).filter((file) => !named.includes(file))).toEqual([]);
  expect(filesWith(/CompiledQuery\.raw\((?!'begin immediate'\))/)).toEqual([]);
  expect(filesWith(/\.(prepare|exec)\(\s*`[^`]*\$\{/)).toEqual([]);
});

test('no text becomes code', () => {
  expect(filesWith(/\beval\(|new Function\(|from 'node:vm'|import\((?!['"]|\s*\/\*)[a-z]\w*\)/)).toEqual([]);
});

test('no command goes through a shell of this machine', () => {
  expect(filesWith(/\bshell: true/)).toEqual([]);
  expect(filesWith(/import [^;]*\bexec(Sync)?\b[^;]* from 'node:child_process'/)).toEqual([]);
});

test('no markup is set from a text', () => {
  expect(filesWith(/dangerouslySetInnerHTML|\.innerHTML =|insertAdjacentHTML|document\.write\(/)).toEqual([]);
});

test('nothing rests on a hash or a cipher that is broken', () => {
  // One names a key (RFC 5280), the other is what authenticator apps compute (RFC 6238): neither asks that nobody finds two alike.
  // The keys of NTLM (MS-NLMP 3.3.2) are made of MD5, and a Windows host that knows no Kerberos speaks nothing else (decision 0029).
  const named = ['shared/crypto/signed-certificate.ts', 'console/access/totp.ts', 'relay/transport/ntlm/keys.ts'];
  expect(
    filesWith(/create(Hash|Hmac)\('(md4|md5|sha1|ripemd\w*)'|'SHA-1'/).filter((file) => !named.includes(file)),
  ).toEqual([]);
  // AES-CMAC (RFC 4493) is made of AES in CBC; nothing is hidden by it there, a code over a message is computed.
  const codes = ['relay/transport/smb/cmac.ts'];
  const modes = /'(aes-\d+-(ecb|cbc|ctr)|des|des-\S+|des3|rc4|bf-\S+)'|AES-(CBC|CTR)|RSA_PKCS1_PADDING|RSAES-PKCS1/i;
  expect(filesWith(modes).filter((file) => !codes.includes(file))).toEqual([]);
});

test('fields for passwords hide what is typed, and nothing keeps from pasting', () => {
  const fields = filesWith(/autoComplete="(new|current)-password"/);
  const shown = fields.filter((file) => !/type=("password"|\{\w+ \? 'text' : 'password'\})/.test(read(file)));
  expect(fields.length).toBeGreaterThan(1);
  expect(shown).toEqual([]);
  // A terminal asks before several lines reach a shell, and then hands them on.
  expect(filesWith(/onPaste|addEventListener\('paste'/)).toEqual(['console/web/src/terminal/terminal-view.tsx']);
});
