// The web console's build: one page, hashed assets, nothing from elsewhere.
import path from 'node:path';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { pagesAhead } from './ahead.ts';
import { assetName, chunkGroups, chunkName } from './chunks.ts';
import { compileHint } from './compile-hint.ts';
import { contractRoutes } from './contract-routes.ts';
import { slimSchemas } from './slim-schemas.ts';

const project = path.resolve(import.meta.dirname, '..', '..');

export default defineConfig({
  root: import.meta.dirname,
  plugins: [
    contractRoutes(),
    slimSchemas(),
    react(),
    tailwindcss(),
    pagesAhead(path.join(import.meta.dirname, 'src')),
    compileHint(),
  ],
  resolve: { alias: [{ find: /^#(shared|console)\//, replacement: `${project}/$1/` }] },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    // The policy of the pages allows files of this origin only, and a font or script in a data URL is none.
    assetsInlineLimit: 0,
    manifest: true,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        codeSplitting: chunkGroups(path.join(import.meta.dirname, 'src/main.tsx')),
        chunkFileNames: chunkName,
        assetFileNames: assetName,
      },
    },
  },
});
