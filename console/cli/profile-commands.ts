// `rmm profile list, add, use, remove`: several consoles known by name, and what one signs in with there.
import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { AppError } from '#shared/base/errors.ts';
import { readInput } from '#shared/runtime/read-input.ts';
import { print, table } from './output.ts';
import { addOwnFactorCommands } from './own-factor-commands.ts';
import { ProfileName, profileBookFile, profileOf, readProfileBook, writeProfileBook } from './profile-file.ts';

const outputOf = (options: { json?: boolean }) => ({
  isJson: options.json === true,
  write: (text: string) => process.stdout.write(text),
});

function nameOf(word: string): string {
  const name = ProfileName.safeParse(word);
  if (name.success) return name.data;
  throw new AppError('bad-request', `${word}: ${name.error.issues[0]?.message ?? 'no name'}`);
}

function addProfile(profile: Command): void {
  profile
    .command('add <name>')
    .description('know a console by a name; its API token comes from standard input, so that no process list shows it')
    .requiredOption('--url <url>', 'address of the console')
    .option('--authority <file>', 'PEM file of the authority that signed its certificate')
    .requiredOption('--token-stdin', 'read the token from standard input')
    .addHelpText(
      'after',
      '\nExamples:\n  rmm profile add north --url https://rmm.example.net:8443 --authority ca.pem --token-stdin',
    )
    .action(async (word: string, options: { url: string; authority?: string }) => {
      const file = profileBookFile(process.env);
      const book = readProfileBook(file);
      const name = nameOf(word);
      const authority = options.authority === undefined ? {} : { authority: await pemOf(options.authority) };
      const made = { url: options.url, token: await readInput(), ...authority };
      if (made.token.length < 20) throw new AppError('bad-request', 'standard input held no token');
      writeProfileBook(file, { current: book.current ?? name, profiles: { ...book.profiles, [name]: made } });
      process.stdout.write(`${name} is ${options.url}\n`);
    });
}

async function pemOf(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new AppError('not-found', `${file} cannot be read`, { cause });
  });
  if (!text.includes('-----BEGIN CERTIFICATE-----')) throw new AppError('bad-request', `${file} holds no certificate`);
  return text;
}

export function addProfileCommands(program: Command): void {
  const profile = program.command('profile').description('several consoles, known by name, and what you sign in with');
  profile
    .command('list')
    .description('list profiles; a star marks the one in use')
    .option('--json', 'print one JSON value')
    .action((options: { json?: boolean }) => {
      const { current, profiles } = readProfileBook(profileBookFile(process.env));
      // Tokens stay in the file.
      const items = Object.entries(profiles).map(([name, { url }]) => ({ name, url, isCurrent: name === current }));
      print(outputOf(options), items, () =>
        items.length === 0
          ? 'no profiles: rmm profile add <name> --url <url> --token-stdin'
          : table(
              ['', 'NAME', 'URL'],
              items.map((one) => [one.isCurrent ? '*' : '', one.name, one.url]),
            ),
      );
    });
  addProfile(profile);
  addOwnFactorCommands(profile);
  profile
    .command('use <name>')
    .description('use this console where nothing else is said')
    .action((word: string) => {
      const file = profileBookFile(process.env);
      const book = readProfileBook(file);
      profileOf(book, word, file);
      writeProfileBook(file, { ...book, current: word });
      process.stdout.write(`${word} is in use\n`);
    });
  profile
    .command('remove <name>')
    .description('forget a console; its token is removed from the file, not revoked')
    .action((word: string) => {
      const file = profileBookFile(process.env);
      const { current, profiles } = readProfileBook(file);
      profileOf({ profiles }, word, file);
      const { [word]: _gone, ...rest } = profiles;
      writeProfileBook(file, { ...(current === undefined || current === word ? {} : { current }), profiles: rest });
      process.stdout.write(`forgot ${word}\n`);
    });
}
