// `rmm file`: the files of a device from this machine, through console and relay, sealed in between.
import { open } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import { AppError } from '#shared/base/errors.ts';
import type { FileClient } from '#shared/remote/file-client.ts';
import type { FileEntry } from '#shared/remote/file-message.ts';
import type { CommandContext } from './command-context.ts';
import { openFiles, realmOf, splitPlace, targetOf, withFiles } from './files-session.ts';
import { download, sourceOf } from './local-file.ts';
import { table } from './output.ts';
import { progressBar } from './progress-bar.ts';
import { type SessionOptions, termsOf, withSessionOptions } from './session-options.ts';
import { act as addVerb } from './verb.ts';

/** An hour: a large file over a thin line. */
const withSession = (command: Command): Command => withSessionOptions(command, 60);

async function onDevice<T>(
  context: CommandContext,
  options: SessionOptions,
  { device, isReadOnly }: { device: string; isReadOnly: boolean },
  act: (client: FileClient) => Promise<T>,
): Promise<T> {
  const target = await targetOf(context, device);
  const session = await openFiles(context, { target, isReadOnly, ...termsOf(options) });
  return await withFiles(context, session, act);
}

const KIND_SIGNS: Readonly<Record<FileEntry['kind'], string>> = { file: '', folder: '/', link: '@', other: '*' };

function listing(entries: readonly FileEntry[]): string {
  if (entries.length === 0) return 'nothing';
  const rows = entries.map(({ name, kind, sizeBytes, changedAt, mode }) => [
    mode === undefined ? '' : mode.toString(8).padStart(4, '0'),
    kind === 'file' ? String(sizeBytes) : '',
    new Date(changedAt).toISOString().slice(0, 19),
    `${name}${KIND_SIGNS[kind]}`,
  ]);
  return table(['mode', 'bytes', 'changed (UTC)', 'name'], rows);
}

/** `put` of a folder's name puts the file inside it, as cp does. */
async function placeIn(client: FileClient, to: string, name: string): Promise<string> {
  if (to.endsWith('/')) return `${to}${name}`;
  const there = await client.stat(to).catch(() => undefined);
  return there?.kind === 'folder' ? `${to}/${name}` : to;
}

interface Put {
  device: string;
  path: string;
  sizeBytes: number;
  sha256: string;
}

async function put(
  context: CommandContext,
  options: SessionOptions,
  [local = '', ...places]: readonly string[],
): Promise<Put[]> {
  const file = await open(local, 'r').catch((error: unknown) => {
    throw new AppError('not-found', `${local}: cannot be read`, { cause: error });
  });
  try {
    context.progress(`${local}: hashing`);
    const source = await sourceOf(file, realmOf(context.data));
    const done: Put[] = [];
    // One after the other: what the first brought to its relay the next need not bring again.
    for (const { device, path: to } of places.map(splitPlace)) {
      const onNews = ({ stage, doneBytes, totalBytes }: { stage: string; doneBytes: number; totalBytes: number }) =>
        context.progress(`${device} ${stage} ${progressBar(doneBytes, totalBytes)}`);
      const sent = await onDevice(context, options, { device, isReadOnly: false }, async (client) => {
        const at = await placeIn(client, to, path.basename(local));
        return { path: at, ...(await client.upload(at, source, { onNews })) };
      });
      done.push({ device, path: sent.path, sizeBytes: source.sizeBytes, sha256: sent.sha256 ?? '' });
    }
    context.progress('');
    return done;
  } finally {
    await file.close();
  }
}

async function get(context: CommandContext, options: SessionOptions, [place = '', to]: readonly string[]) {
  const { device, path: from } = splitPlace(place);
  const local = to ?? path.basename(from);
  const onProgress = (doneBytes: number, totalBytes: number) =>
    context.progress(`${device} ${progressBar(doneBytes, totalBytes)}`);
  const got = await onDevice(context, options, { device, isReadOnly: true }, (client) =>
    download(client, from, local, onProgress),
  );
  context.progress('');
  return { local, ...got };
}

function addTransfers(file: Command): void {
  addVerb<Awaited<ReturnType<typeof get>>, SessionOptions>(file, 'get <place> [local]', {
    summary: 'copy a file of a device to this machine; goes on from what a broken copy left',
    examples: ['file get web-1:/var/log/syslog', "file get 'win-7:C:/Temp/report.csv' report.csv"],
    options: withSession,
    run: ({ context, options, args }) => get(context, options, args),
    text: ({ local, sizeBytes, sha256 }) => `${local}: ${sizeBytes} bytes, SHA-256 ${sha256}`,
  });
  addVerb<Put[], SessionOptions>(file, 'put <local> <places...>', {
    summary: 'copy a file of this machine to devices; what one of a site has got crosses the line to it once',
    examples: ['file put setup.msi win-7:C:/Temp/', 'file put agent.deb web-1:/tmp/ web-2:/tmp/'],
    options: withSession,
    run: ({ context, options, args }) => put(context, options, args),
    text: (done) =>
      done
        .map(({ device, path: at, sizeBytes, sha256 }) => `${device}:${at}: ${sizeBytes} bytes, SHA-256 ${sha256}`)
        .join('\n'),
  });
}

export function addFileCommands(program: Command): void {
  const file = program.command('file').description('files of devices: list, copy, make and remove');
  addVerb<FileEntry[], SessionOptions>(file, 'ls <place>', {
    summary: 'what lies in a folder of a device',
    examples: ['file ls web-1:/var/log', 'file ls win-7:C:/Users'],
    options: withSession,
    run: async ({ context, options, args }) => {
      const { device, path: at } = splitPlace(args[0] ?? '');
      return await onDevice(context, options, { device, isReadOnly: true }, async (client) => {
        const found: FileEntry[] = [];
        await client.list(at, (entries) => void found.push(...entries));
        return found.sort((a, b) => (a.name < b.name ? -1 : 1));
      });
    },
    text: listing,
  });
  addTransfers(file);
  const changing = (
    usage: string,
    summary: string,
    act: (client: FileClient, at: string) => Promise<void>,
    said: string,
  ) =>
    addVerb<{ place: string }, SessionOptions>(file, `${usage} <place>`, {
      summary,
      examples: [`file ${usage} web-1:/tmp/old`],
      options: withSession,
      run: async ({ context, options, args }) => {
        const { device, path: at } = splitPlace(args[0] ?? '');
        await onDevice(context, options, { device, isReadOnly: false }, (client) => act(client, at));
        return { place: args[0] ?? '' };
      },
      text: ({ place }) => `${place}: ${said}`,
    });
  changing('mkdir', 'make a folder', (client, at) => client.makeFolder(at), 'made');
  changing('rm', 'remove a file, a link or an empty folder', (client, at) => client.remove(at), 'removed');
}
