// What goes on the command line of PowerShell, and what goes to its stdin.
import { expect, test } from 'vitest';
import { POWERSHELL, powershellInput } from './powershell.ts';

test('the command line is always the same, short, and holds nothing that cmd.exe would read as its own', () => {
  const line = [POWERSHELL.program, ...POWERSHELL.args].join(' ');
  expect(line).not.toMatch(/[&|<>^%"]/);
  expect(line).not.toMatch(/encodedcommand/i);
  expect(line.length).toBeLessThan(400);
});

test('a script stands on stdin as one literal, typographic quotes doubled too', () => {
  const text = powershellInput(`'a' ‘b’ ‚c‛\n"$x"`);
  expect(text).toContain(`Create('''a'' ‘‘b’’ ‚‚c‛‛\n"$x"'))`);
  expect(text.endsWith('\n#rmm:end')).toBe(true);
});

test('variables become the environment of the script before it begins', () => {
  const text = powershellInput('body', new Map([['TOKEN', "it's `$(x)"]]));
  expect(text).toContain("$env:TOKEN='it''s `$(x)'\n");
  expect(text.indexOf('TOKEN')).toBeLessThan(text.indexOf('body'));
});

test('a variable whose name is none is refused', () => {
  expect(() => powershellInput('', new Map([["a';exit", 'x']]))).toThrow('not a name');
});
