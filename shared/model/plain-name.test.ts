// Which texts are names: everything that people write, and nothing that steers a terminal.
import { expect, test } from 'vitest';
import { GroupName } from './group.ts';
import { CustomerName, SiteName } from './site.ts';

const NAMES = { SiteName, CustomerName, GroupName };

test.each(Object.entries(NAMES))('%s is one line of text', (_kind, name) => {
  expect(name.parse(' Müller & Söhne, Łódź 東京 \n')).toBe('Müller & Söhne, Łódź 東京');
  for (const text of ['a\nb', 'a\tb', 'a\u0000b', '\u001b[31mred', 'a\u0085b', 'a\u007fb']) {
    const issues = name.safeParse(text).error?.issues.map(({ message }) => message);
    expect(issues, JSON.stringify(text)).toEqual(['a name holds no control characters, such as a line break or a tab']);
  }
  expect(name.safeParse(' \n').success).toBe(false);
});
