// What a thread of our own runs: the bundle beside the program in a release, the source under tsx otherwise.
import { existsSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** A thread has no loader of its own: it registers the one the sources need, and goes on with them. */
function sourceProgram(file: string): URL {
  const folder = path.dirname(createRequire(import.meta.url).resolve('tsx/package.json'));
  const loader = pathToFileURL(path.join(folder, 'dist/esm/api/index.mjs')).href;
  const source = JSON.stringify(pathToFileURL(file).href);
  const text = `import { register } from ${JSON.stringify(loader)}; register(); await import(${source});`;
  return new URL(`data:text/javascript,${encodeURIComponent(text)}`);
}

/** Where the program's own files lie, also where it was begun by a link to it. */
export function programFolder(): string {
  const script = process.argv[1] ?? '';
  return path.dirname(existsSync(script) ? realpathSync(script) : script);
}

/** `bundle` is a file beside the program; `source` stands beside the module whose `import.meta.url` is `from`. */
export function threadProgram(bundle: string, source: string, from: string): string | URL {
  const beside = path.join(programFolder(), bundle);
  if (existsSync(beside)) return beside;
  return sourceProgram(path.join(path.dirname(fileURLToPath(from)), source));
}
