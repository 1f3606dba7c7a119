// What goes on the command line of PowerShell, and what goes to its stdin.
import { expect, test } from 'vitest';
import { POWERSHELL, POWERSHELL_LINE, powershellInput } from './powershell.ts';

test('the command line is always the same, short, and holds nothing that cmd.exe would read as its own', () => {
  const line = [POWERSHELL.program, ...POWERSHELL.args].join(' ');
  expect(line).not.toMatch(/[&|<>^%"]/);
  expect(line).not.toMatch(/encodedcommand/i);
  expect(line.length).toBeLessThan(400);
});

test('where the shell is not known the same words are one program for cmd.exe, and for PowerShell one that does nothing and the bootstrap', () => {
  expect(POWERSHELL_LINE).not.toMatch(/[&|<>^%"]|encodedcommand|\$input/i);
  const first = POWERSHELL_LINE.slice(0, POWERSHELL_LINE.indexOf(';'));
  expect(first).toMatch(/^powershell\.exe [A-Za-z -]+ -Command \[void\]0$/);
  expect(POWERSHELL_LINE.slice(first.length + 1)).toBe(POWERSHELL.args.at(-1));
});

test('a script stands on stdin as one literal, typographic quotes doubled too', () => {
  const text = powershellInput(`'a' ‘b’ ‚c‛\n"$x"`);
  expect(text).toContain(`Create('''a'' ‘‘b’’ ‚‚c‛‛\n"$x"'))`);
  expect(text.endsWith('\n#rmm:end')).toBe(true);
});

test('the values of variables stand in a line that never becomes a script block, and reach the environment before the script', () => {
  const value = "it's `$(x)\nä";
  const [line = '', ...rest] = powershellInput('body', new Map([['TOKEN', value]])).split('\n');
  const block = rest.join('\n');
  expect(line).toBe(`TOKEN:${Buffer.from(value).toString('base64')}`);
  expect(block).not.toContain(line.slice('TOKEN:'.length));
  expect(block.indexOf('SetEnvironmentVariable')).toBeLessThan(block.indexOf('body'));
  // The bootstrap makes a block of what follows the first line, and of nothing else.
  expect(POWERSHELL.args.at(-1)).toContain('Create($t.Substring($i+1))');
  expect(POWERSHELL.args.at(-1)?.match(/Create\(/g)).toHaveLength(1);
});

test('without variables the first line is empty', () => {
  expect(powershellInput('body').startsWith('\n$ProgressPreference')).toBe(true);
});

test('a variable whose name is none is refused', () => {
  expect(() => powershellInput('', new Map([["a';exit", 'x']]))).toThrow('not a name');
});
