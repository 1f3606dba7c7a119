// The development variant of the web console, built into a folder of its own and served with the real policy of the pages.
import { createServer } from 'node:http';
import path from 'node:path';
import { build } from 'vite';
import { SECURITY_HEADERS } from '#console/api/security-headers.ts';
import { findStatic, loadStaticFiles } from '#console/api/static-web.ts';
import { PROJECT } from '#test/architecture/source-files.ts';

export interface GallerySite {
  origin: string;
  stop: () => Promise<void>;
}

async function buildDevelopment(outDir: string): Promise<void> {
  const before = process.env['NODE_ENV'];
  // Vite takes "development" from here, not from its mode alone.
  process.env['NODE_ENV'] = 'development';
  try {
    await build({
      configFile: path.join(PROJECT, 'console/web/vite.config.ts'),
      mode: 'development',
      logLevel: 'error',
      build: { outDir, emptyOutDir: true },
    });
  } finally {
    if (before === undefined) delete process.env['NODE_ENV'];
    else process.env['NODE_ENV'] = before;
  }
}

/** Loopback, any free port. `folder` takes the build. */
export async function startGallery(folder: string): Promise<GallerySite> {
  await buildDevelopment(folder);
  const files = loadStaticFiles(folder);
  const server = createServer((request, response) => {
    const file = findStatic(files, new URL(request.url ?? '/', 'http://localhost').pathname);
    if (file === undefined) response.writeHead(404, SECURITY_HEADERS).end();
    else response.writeHead(200, { ...SECURITY_HEADERS, 'content-type': file.type }).end(file.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the gallery got no port');
  return {
    origin: `http://localhost:${address.port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
