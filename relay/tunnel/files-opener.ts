// Opens the files of a device for one signed session, and tells the audit trail what was done with them.
import type { ChunkCache } from '#relay/files/chunk-cache.ts';
import { type FileEvent, serveFiles } from '#relay/files/file-service.ts';
import { printable } from '#relay/transport/script-output.ts';
import { fail, type Outcome, succeed } from '#shared/base/outcome.ts';
import type { AuditRecord } from '#shared/model/record.ts';
import { ByteSession } from './byte-session.ts';
import type { SessionEnd, SessionKindOpener, SessionRequest } from './session-end.ts';

export interface FilesDeps {
  cache: ChunkCache;
  now: () => number;
  onAudit: (record: AuditRecord) => void;
}

// 1,000 changes of one session have a line each in the trail; what comes after them is counted.
const MAX_TOLD = 1_000;

export class FilesOpener implements SessionKindOpener<'files'> {
  readonly #deps: FilesDeps;

  constructor(deps: FilesDeps) {
    this.#deps = deps;
  }

  async open(request: SessionRequest<'files'>): Promise<Outcome<SessionEnd>> {
    const { device, entry, args, signal } = request;
    if (device.files === undefined) return fail('unsupported', `${entry.name}: its transport leads to no files`);
    await this.#deps.cache.sweep();
    const opened = await device.files(signal, () => undefined);
    if (!opened.ok) return opened;
    const files = opened.value;
    const counts = { read: 0, changed: 0, failed: 0 };
    const onEvent = (event: FileEvent) => this.#told(request, event, counts);
    const rights = { root: args.root ?? '/', isReadOnly: args.isReadOnly === true };
    return succeed(
      new ByteSession({
        serve: (stream, stop) => serveFiles({ stream, files, rights, cache: this.#deps.cache, onEvent }, stop),
        release: () => files.close(),
        summary: () => `${counts.changed} changes, ${counts.read} reads, ${counts.failed} failed`,
      }),
    );
  }

  /** Changes one by one, reading too; what is only looked at is counted. */
  #told(
    { manifest, entry }: SessionRequest<'files'>,
    event: FileEvent,
    counts: { read: number; changed: number; failed: number },
  ): void {
    const { verb, path, to, sizeBytes, sha256, failure } = event;
    if (failure !== undefined) counts.failed += 1;
    else if (verb === 'file.list' || verb === 'file.read') counts.read += 1;
    else counts.changed += 1;
    if (verb === 'file.list' || counts.read + counts.changed + counts.failed > MAX_TOLD) return;
    const said = [
      JSON.stringify(printable(path, 400)),
      ...(to === undefined ? [] : [`to ${JSON.stringify(printable(to, 400))}`]),
      ...(sizeBytes === undefined ? [] : [`${sizeBytes} bytes`]),
      ...(sha256 === undefined ? [] : [`SHA-256 ${sha256}`]),
      ...(failure === undefined ? [] : [`not done: ${failure}`]),
    ];
    const detail = said.join(', ').slice(0, 1_000);
    this.#deps.onAudit({
      type: 'audit',
      at: this.#deps.now(),
      verb,
      device: entry.device,
      manifest: manifest.id,
      detail,
    });
  }
}
