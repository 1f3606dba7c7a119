// `npm run release -- <try|build|licences|sbom|keygen|sign|verify>`: builds with the Node they embed, what goes along, and the proof that a build is ours.
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { AppError, describeError } from '#shared/base/errors.ts';
import { createPrivateFile, readPrivateFile } from '#shared/crypto/private-file.ts';
import { licencePage } from './licences.ts';
import { readProject } from './lockfile.ts';
import { RELEASE_NODE, withOtherNode } from './other-node.ts';
import { newReleaseKey, signManifest, verifyRelease } from './release-manifest.ts';
import { writeSboms } from './sbom.ts';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const USAGE = `usage: npm run release -- try [--node ${RELEASE_NODE}]          what is committed, tested under that Node
       npm run release -- build [folder] [--node ${RELEASE_NODE}]  the same, built with it inside, into the folder (build)
       npm run release -- licences            writes docs/licences.md
       npm run release -- sbom [folder]       CycloneDX and SPDX into the folder (build)
       npm run release -- keygen <file>       a new release key: <file>, and <file>.pub for everybody
       npm run release -- sign --key <file> [folder]
       npm run release -- verify --key <file.pub> [folder]
`;

const say = (line: string) => void process.stdout.write(`${line}\n`);

/** Vectors, codecs, judging and trust; then what speaks to real peers. */
const TRIED = [
  ['--project', 'unit', '--project', 'architecture'],
  ['--project', 'e2e', 'relay/transport', 'test/e2e/main-job'],
];

interface Call {
  /** The verb's own argument: a folder, or a file. */
  place: string | undefined;
  key: string | undefined;
  node: string;
}

const folderOf = ({ place }: Call): string => path.resolve(place ?? path.join(ROOT, 'build'));

function keyFile({ key }: Call): string {
  if (key === undefined) throw new AppError('bad-request', '--key names the file of the release key');
  return path.resolve(key);
}

const VERBS: Readonly<Record<string, (call: Call) => Promise<void>>> = {
  try: ({ node }) =>
    withOtherNode(ROOT, node, async ({ run }) => {
      await run(['node', '--version']);
      for (const tests of TRIED) await run(['npx', 'vitest', 'run', ...tests]);
    }),
  build: (call) =>
    withOtherNode(ROOT, call.node, async ({ tree, run }) => {
      await run(['npm', 'run', 'build']);
      await cp(path.join(tree, 'build'), folderOf(call), { recursive: true });
    }),
  licences: () => writeFile(path.join(ROOT, 'docs/licences.md'), licencePage(readProject(ROOT))),
  sbom: async (call) => {
    await mkdir(folderOf(call), { recursive: true });
    for (const name of await writeSboms(ROOT, folderOf(call))) say(path.join(folderOf(call), name));
  },
  keygen: async ({ place }) => {
    if (place === undefined) throw new AppError('bad-request', 'keygen names the file of the new key');
    const { privateKey, publicKey } = newReleaseKey();
    createPrivateFile(path.resolve(place), privateKey);
    await writeFile(`${path.resolve(place)}.pub`, publicKey, { flag: 'wx' });
    say(`${place} signs releases and stays here; ${place}.pub is for everybody`);
  },
  sign: async (call) => {
    const key = readPrivateFile(keyFile(call));
    if (key === undefined) throw new AppError('not-found', `${keyFile(call)}: not there`);
    await signManifest(folderOf(call), key);
  },
  verify: async (call) => {
    const { name, version, platform, files } = await verifyRelease(
      folderOf(call),
      await readFile(keyFile(call), 'utf8'),
    );
    for (const file of files) say(`${file.sha256}  ${file.name}`);
    say(`${name} ${version} for ${platform}: signed by this key, ${files.length} of ${files.length} files as released`);
  },
};

async function main(args: string[]): Promise<boolean> {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { key: { type: 'string' }, node: { type: 'string', default: RELEASE_NODE } },
    });
    const [verb = '', place, ...more] = positionals;
    const act = Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined;
    if (act === undefined || more.length > 0) {
      process.stderr.write(USAGE);
      return false;
    }
    await act({ place, key: values.key, node: values.node });
    return true;
  } catch (error) {
    process.stderr.write(`${describeError(error).message}\n`);
    return false;
  }
}

process.exitCode = (await main(process.argv.slice(2))) ? 0 : 1;
