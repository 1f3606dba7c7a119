// The library of scripts: versions as people signed them. A change is a new version; a review is one more signature on one.
import { z } from 'zod';
import { ScriptId } from '#shared/base/id.ts';
import { MAX_SIGNATURES, Signature } from '#shared/model/manifest.ts';
import { SCRIPT_SHELLS } from '#shared/model/script-facts.ts';
import { endangers, operation, reads, writes } from './meta.ts';

const ScriptSigner = z.object({
  key: z.string(),
  /** As a charter names them now; null for a key that none names any more: its signature counts for nothing. */
  name: z.string().nullable(),
});

const ScriptHead = z.object({
  id: ScriptId,
  name: z.string(),
  version: z.int(),
  shell: z.enum(SCRIPT_SHELLS),
  description: z.string(),
  /** SHA-256 of the signed text. */
  hash: z.string(),
  signers: z.array(ScriptSigner),
  /** Repository, commit and file, with spaces between; "" for what a person handed over. */
  origin: z.string(),
  createdAt: z.int(),
  createdBy: z.string(),
});
export type ScriptHead = z.infer<typeof ScriptHead>;

const ShownVersion = ScriptHead.extend({
  /** The canonical JSON that was signed: read it, and nothing else of it. */
  text: z.string(),
  signatures: z.array(Signature),
});
export type ShownVersion = z.infer<typeof ShownVersion>;

const ScriptSource = z.object({
  name: z.string(),
  url: z.string(),
  branch: z.string(),
  folder: z.string(),
});
export type ScriptSource = z.infer<typeof ScriptSource>;

const Synced = z.object({
  source: z.string(),
  commit: z.string(),
  scripts: z.array(
    z.object({
      path: z.string(),
      name: z.string(),
      /** `gone`: the library has it and the repository does not any more; people take it out. */
      state: z.enum(['added', 'changed', 'same', 'refused', 'gone']),
      /** Of what was refused. */
      why: z.string().nullable(),
    }),
  ),
});
export type Synced = z.infer<typeof Synced>;

/** Two hooks and a rollback of 16 KiB beside 64 KiB of script, escaped. */
const MAX_TEXT = 256 * 1024;

const tags = ['Scripts'];

export const scriptContract = {
  list: operation
    .meta(reads('script.read'))
    .route({ method: 'GET', path: '/scripts', summary: 'List scripts with their newest versions, by name', tags })
    .output(z.object({ items: z.array(ScriptHead) })),
  show: operation
    .meta(reads('script.read'))
    .route({ method: 'GET', path: '/scripts/{id}', summary: 'One version of a script, and which ones there are', tags })
    .input(z.object({ id: ScriptId, version: z.coerce.number().int().min(1).max(9_999).optional() }))
    .output(z.object({ shown: ShownVersion, versions: z.array(ScriptHead) })),
  put: operation
    .meta({ ...writes('script.write'), maxBodyBytes: 600_000 })
    .route({
      method: 'POST',
      path: '/scripts',
      summary: 'Add a script, the next version of one, or signatures to a version that is there',
      successStatus: 201,
      tags,
    })
    .input(z.object({ text: z.string().max(MAX_TEXT), signatures: z.array(Signature).max(MAX_SIGNATURES) }))
    .output(z.object({ id: ScriptId, version: z.int(), hash: z.string() })),
  sources: operation
    .meta(reads('script.read'))
    .route({ method: 'GET', path: '/script-sources', summary: 'Repositories that the configuration names', tags })
    .output(z.object({ items: z.array(ScriptSource) })),
  sync: operation
    .meta(writes('script.write'))
    .route({
      method: 'POST',
      path: '/script-sources/{name}/sync',
      summary: 'Take what is new in a repository into the library, unreviewed',
      tags,
    })
    .input(z.object({ name: z.string().min(1).max(40) }))
    .output(Synced),
  remove: operation
    .meta(endangers('script.remove'))
    .route({ method: 'DELETE', path: '/scripts/{id}', summary: 'Take a script out of the library', tags })
    .input(z.object({ id: ScriptId }))
    .output(z.object({ removed: z.literal(true) })),
};
