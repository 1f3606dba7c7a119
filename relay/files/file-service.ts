// Serves the files of one device on one stream: reads requests, acts within what was signed, answers each to its id.
import { createHash } from 'node:crypto';
import type { RemoteFiles } from '#relay/transport/remote-files.ts';
import type { ByteStream } from '#shared/remote/byte-stream.ts';
import { FileError } from '#shared/remote/file-error.ts';
import {
  ENTRIES_PER_ANSWER,
  type FileAnswer,
  FileRequest,
  MAX_ENTRIES,
  MAX_OPEN_REQUESTS,
} from '#shared/remote/file-message.ts';
import { encodeMessage, MAX_BODY_BYTES, type Message, MessageReader } from '#shared/remote/message-stream.ts';
import type { ChunkCache } from './chunk-cache.ts';
import { type FileRights, FileScope } from './file-scope.ts';
import { UploadDesk } from './upload-desk.ts';

/** What was done, for the audit trail; a path is the device's own. */
export interface FileEvent {
  verb: 'file.list' | 'file.read' | 'file.write' | 'file.make-folder' | 'file.rename' | 'file.remove';
  path: string;
  to?: string;
  sizeBytes?: number | undefined;
  sha256?: string | undefined;
  /** Absent where it was done. */
  failure?: string;
}

export interface FileServiceDeps {
  stream: ByteStream;
  files: RemoteFiles;
  rights: FileRights;
  cache: ChunkCache;
  onEvent: (event: FileEvent) => void;
}

type Asked<D extends FileRequest['do']> = Extract<FileRequest, { do: D }>;
type Changing = Asked<'begin' | 'chunk' | 'commit' | 'make-folder' | 'rename' | 'remove'>;
type Done = Omit<Extract<FileAnswer, { is: 'done' }>, 'id' | 'is'>;

// 4 MiB: a line of news a second on a slow site, 25 on a fast one.
const PROGRESS_EVERY_BYTES = 4_194_304;

/** Resolves when the stream is over, with true when it said that nobody comes back; nothing that was begun goes on after it. */
export async function serveFiles(deps: FileServiceDeps, signal: AbortSignal): Promise<boolean> {
  const service = new FileService(deps);
  try {
    return await service.run(signal);
  } finally {
    await service.stop();
  }
}

class FileService {
  readonly #deps: FileServiceDeps;
  readonly #scope: FileScope;
  readonly #uploads: UploadDesk;
  readonly #underWay = new Map<number, { stop: AbortController; ended: Promise<void> }>();
  readonly #over = new AbortController();

  constructor(deps: FileServiceDeps) {
    this.#deps = deps;
    this.#scope = new FileScope(deps.files, deps.rights.root);
    this.#uploads = new UploadDesk(deps.cache);
  }

  async run(signal: AbortSignal): Promise<boolean> {
    const { stream } = this.#deps;
    const onAbort = () => stream.close('stopped');
    signal.addEventListener('abort', onAbort, { once: true });
    const reader = new MessageReader();
    try {
      for await (const bytes of stream.incoming)
        for (const message of reader.push(bytes)) if (!(await this.#take(message))) return true;
      return false;
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  async stop(): Promise<void> {
    this.#over.abort();
    await Promise.allSettled([...this.#underWay.values()].map(({ ended }) => ended));
    this.#uploads.close();
    this.#deps.stream.close('done');
  }

  /** False when it was the last. */
  async #take({ head, body }: Message): Promise<boolean> {
    const parsed = FileRequest.safeParse(head);
    // Who speaks another language on this stream is not answered: the stream ends.
    if (!parsed.success) throw new FileError('bad-request', 'no request of files');
    const request = parsed.data;
    if (request.do === 'leave') return false;
    if (request.do === 'stop') {
      this.#underWay.get(request.of)?.stop.abort();
      return true;
    }
    if (this.#underWay.size >= MAX_OPEN_REQUESTS || this.#underWay.has(request.id)) {
      await this.#answer({ id: request.id, is: 'failed', code: 'busy', detail: 'too many requests at once' });
      return true;
    }
    const stop = new AbortController();
    const ended = this.#serve(request, body, AbortSignal.any([stop.signal, this.#over.signal])).finally(() =>
      this.#underWay.delete(request.id),
    );
    this.#underWay.set(request.id, { stop, ended });
    return true;
  }

  /** Never rejects: what goes wrong is the answer, and a stream that is over has nobody to tell. */
  async #serve(request: FileRequest, body: Uint8Array, signal: AbortSignal): Promise<void> {
    try {
      const done = await this.#act(request, body, signal);
      await this.#answer({ id: request.id, is: 'done', ...done });
    } catch (error) {
      const { code, message } =
        error instanceof FileError ? error : new FileError('failed', 'the relay could not do it');
      const detail = message.slice(0, 1_000);
      await this.#answer({ id: request.id, is: 'failed', code, detail }).catch(() => undefined);
    }
  }

  async #act(request: FileRequest, body: Uint8Array, signal: AbortSignal): Promise<Done> {
    switch (request.do) {
      case 'list':
        return await this.#list(request, signal);
      case 'stat':
        return await this.#stat(request, signal);
      case 'read':
      case 'hash':
        return await this.#read(request, signal);
      case 'stop':
      case 'leave':
        return {};
      default:
        if (this.#deps.rights.isReadOnly) throw new FileError('read-only', 'this session was signed for reading');
        return await this.#change(request, body, signal);
    }
  }

  async #change(request: Changing, body: Uint8Array, signal: AbortSignal): Promise<Done> {
    const { files } = this.#deps;
    switch (request.do) {
      case 'begin':
        return await this.#begin(request, body, signal);
      case 'chunk':
        await this.#uploads.chunk(request.upload, request.index, body);
        return {};
      case 'commit':
        return await this.#commit(request, signal);
      case 'make-folder': {
        const path = await this.#scope.place(request.path, 'names', signal);
        return await this.#told({ verb: 'file.make-folder', path }, () => files.makeFolder(path, signal));
      }
      case 'rename': {
        const path = await this.#scope.place(request.path, 'names', signal);
        const to = await this.#scope.place(request.to, 'names', signal);
        const event = { verb: 'file.rename', path, to } as const;
        return await this.#told(event, () => files.rename(path, to, request.isReplacing, signal));
      }
      case 'remove': {
        const path = await this.#scope.place(request.path, 'names', signal);
        return await this.#told({ verb: 'file.remove', path }, () => files.remove(path, signal));
      }
    }
  }

  async #list({ id, path: asked }: Asked<'list'>, signal: AbortSignal): Promise<Done> {
    const path = await this.#scope.place(asked, 'follows', signal);
    return await this.#told({ verb: 'file.list', path }, async () => {
      let count = 0;
      for await (const page of this.#deps.files.list(path, signal)) {
        count += page.length;
        if (count > MAX_ENTRIES) throw new FileError('too-large', `more than ${MAX_ENTRIES} entries`);
        for (let at = 0; at < page.length; at += ENTRIES_PER_ANSWER)
          await this.#answer({ id, is: 'entries', entries: page.slice(at, at + ENTRIES_PER_ANSWER) });
      }
    });
  }

  async #stat({ id, path: asked }: Asked<'stat'>, signal: AbortSignal): Promise<Done> {
    // Of a link itself, so the folder it stands in counts; the session's own folder has none in bounds.
    const isRoot = asked.split('/').every((part) => part === '');
    const path = await this.#scope.place(asked, isRoot ? 'follows' : 'names', signal);
    await this.#answer({ id, is: 'entry', entry: await this.#deps.files.stat(path, signal) });
    return {};
  }

  async #read(request: Asked<'read' | 'hash'>, signal: AbortSignal): Promise<Done> {
    const { id, path: asked } = request;
    const path = await this.#scope.place(asked, 'follows', signal);
    const { offset, length } = request.do === 'read' ? request : { offset: 0, length: undefined };
    const isWhole = offset === 0 && length === undefined;
    const hash = createHash('sha256');
    let at = offset;
    const sink = async (chunk: Uint8Array): Promise<void> => {
      if (isWhole) hash.update(chunk);
      for (let from = 0; request.do === 'read' && from < chunk.length; from += MAX_BODY_BYTES)
        await this.#answer({ id, is: 'data', offset: at + from }, chunk.subarray(from, from + MAX_BODY_BYTES));
      at += chunk.length;
    };
    const result = (): Done => (isWhole ? { sizeBytes: at, sha256: hash.digest('hex') } : { sizeBytes: at });
    const act = () => this.#deps.files.read(path, { offset, length }, sink, signal);
    return await this.#told({ verb: 'file.read', path }, act, result);
  }

  async #begin(request: Asked<'begin'>, hashes: Uint8Array, signal: AbortSignal): Promise<Done> {
    const path = await this.#scope.place(request.path, 'names', signal);
    const { id, sizeBytes, sha256, realm } = request;
    const { upload, missing } = await this.#uploads.begin({ path, sizeBytes, sha256, realm, hashes });
    await this.#answer({ id, is: 'begun', upload }, missing);
    return {};
  }

  async #commit({ id, upload }: Asked<'commit'>, signal: AbortSignal): Promise<Done> {
    let told = 0;
    const onProgress = (doneBytes: number) => {
      if (doneBytes - told < PROGRESS_EVERY_BYTES) return;
      told = doneBytes;
      this.#answer({ id, is: 'progress', doneBytes }).catch(() => undefined);
    };
    const event: FileEvent = { verb: 'file.write', path: this.#uploads.pathOf(upload) };
    let done: Done = {};
    const act = async () => {
      done = await this.#uploads.commit(upload, this.#deps.files, onProgress, signal);
    };
    return await this.#told(event, act, () => done);
  }

  /** What was tried is told as much as what was done. */
  async #told(event: FileEvent, act: () => Promise<unknown>, result: () => Done = () => ({})): Promise<Done> {
    try {
      await act();
      const done = result();
      this.#deps.onEvent({ ...event, ...done });
      return done;
    } catch (error) {
      this.#deps.onEvent({ ...event, failure: error instanceof FileError ? error.code : 'failed' });
      throw error;
    }
  }

  #answer(answer: FileAnswer, body?: Uint8Array): Promise<void> {
    return this.#deps.stream.write(encodeMessage(answer, body));
  }
}
