// `rmm device import, export` and `rmm site import, export`: a file in, shown before anything changes; a file out.
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import { AppError } from '#shared/base/errors.ts';
import { FileFormat, type ImportKind, type ImportState, MAX_IMPORT_BYTES } from '#shared/contract/import-contract.ts';
import type { CommandContext } from './command-context.ts';
import { siteNamed } from './named.ts';
import { print, table } from './output.ts';
import { progressBar } from './progress-bar.ts';
import { act } from './verb.ts';

/** An import says how far it is this often. */
const POLL_MS = 200;
const SHOWN = 20;

function formatOf(file: string, given: string | undefined): FileFormat {
  const word = given ?? path.extname(file).slice(1).toLowerCase();
  const format = FileFormat.safeParse(word);
  if (format.success) return format.data;
  throw new AppError('bad-request', `${file}: say which format it has with --format csv, json or xlsx`);
}

async function contentOf(file: string): Promise<string> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new AppError('not-found', `${file} cannot be read`, { cause });
  });
  if (bytes.length > MAX_IMPORT_BYTES) throw new AppError('too-large', `${file}: at most ${MAX_IMPORT_BYTES} bytes`);
  return bytes.toString('base64');
}

interface ImportOptions {
  format?: string;
  site?: string;
  yes?: boolean;
}

async function runImport(
  context: CommandContext,
  kind: ImportKind,
  file: string,
  options: ImportOptions,
): Promise<ImportState> {
  const { api } = context;
  const planned = await api.imports.plan({
    kind,
    format: formatOf(file, options.format),
    content: await contentOf(file),
    ...(options.site === undefined ? {} : { siteId: (await siteNamed(api, options.site)).id }),
  });
  if (planned.state === 'faulty' || options.yes !== true) return planned;
  let state = await api.imports.apply({ id: planned.id });
  while (state.state === 'applying') {
    context.progress(progressBar(state.done, state.rows));
    await context.clock.sleep(POLL_MS);
    state = await api.imports.show({ id: planned.id });
  }
  context.progress('');
  return state;
}

function importText(state: ImportState): string {
  const counts = `${state.creates} new, ${state.updates} changed, ${state.same} as they are`;
  const sites = state.newSites.length === 0 ? '' : `\nmakes the sites ${state.newSites.join(', ')}`;
  if (state.state === 'faulty') return faultsText(state);
  if (state.state === 'done') return `done: ${counts}`;
  if (state.state === 'failed') return `failed, and nothing is changed: ${state.failure ?? ''}`;
  const items = state.items
    .slice(0, SHOWN)
    .map((item) => [
      String(item.row),
      item.change,
      item.site,
      item.name,
      item.fields.map(({ field, from, to }) => `${field}: ${from ?? '-'} -> ${to ?? '-'}`).join('; '),
    ]);
  return `${table(['ROW', 'CHANGE', 'SITE', 'NAME', 'WHAT'], items)}\n${counts}${sites}\nnothing is changed yet; do it with --yes`;
}

function faultsText({ faults, faultCount }: ImportState): string {
  const rows = faults.slice(0, SHOWN).map(({ row, column, message }) => [String(row), column ?? '', message]);
  return `${table(['ROW', 'COLUMN', 'FAULT'], rows)}\n${faultCount} faults; nothing is changed`;
}

const FAILED: ReadonlySet<ImportState['state']> = new Set(['faulty', 'failed']);

function addImport(noun: Command, kind: ImportKind): void {
  const one = kind === 'devices' ? 'device' : 'site';
  act<ImportState, ImportOptions>(noun, 'import <file>', {
    summary: `read ${kind} from a file: shows what would change, does it with --yes, all of it or nothing`,
    examples: [`${one} import ${kind}.csv`, `${one} import ${kind}.xlsx --yes`],
    options: (command) => {
      command.option('--format <format>', 'csv, json or xlsx; the file’s ending when absent').option('--yes', 'do it');
      return kind === 'devices'
        ? command.option('--site <site>', 'rows need not name a site: it is this one')
        : command;
    },
    run: async ({ context, args: [file = ''], options }) => {
      const state = await runImport(context, kind, file, options);
      // Programs read what was wrong; the exit code says that it was.
      if (FAILED.has(state.state)) {
        print(context.output, state, () => importText(state));
        throw new AppError('bad-request', `${file}: nothing is changed`);
      }
      return state;
    },
    text: importText,
  });
}

function addExport(noun: Command, kind: ImportKind): void {
  const one = kind === 'devices' ? 'device' : 'site';
  act<{ file: string; bytes: number }, { format?: string; filter?: string }>(noun, 'export <file>', {
    summary: `write ${kind} into a file that can be imported again`,
    examples: [`${one} export ${kind}.csv`, `${one} export ${kind}.xlsx`],
    options: (command) => {
      command.option('--format <format>', 'csv, json or xlsx; the file’s ending when absent');
      return kind === 'devices' ? command.option('--filter <filter>', 'devices that fit') : command;
    },
    run: async ({ context: { api }, args: [file = ''], options: { format, filter } }) => {
      const asked = { format: formatOf(file, format) };
      const made =
        kind === 'devices'
          ? await api.exports.devices({ ...asked, ...(filter === undefined ? {} : { q: filter }) })
          : await api.exports.sites(asked);
      const bytes = Buffer.from(await made.arrayBuffer());
      await writeFile(file, bytes, { flag: 'wx' }).catch((cause: unknown) => {
        throw new AppError('conflict', `${file} cannot be made; is it there already?`, { cause });
      });
      return { file, bytes: bytes.length };
    },
    text: ({ file, bytes }) => `wrote ${file}, ${bytes} bytes`,
  });
}

export function addTransferCommands(noun: Command, kind: ImportKind): void {
  addImport(noun, kind);
  addExport(noun, kind);
}
