// Gives the browser the routes of the contract without its schemas: a virtual module, made at build time.
import { minifyContractRouter } from '@orpc/contract';
import type { Plugin } from 'vite';
import { API_PREFIX, contract } from '#shared/contract/contract.ts';

const NAME = 'virtual:contract-routes';
const RESOLVED = `\0${NAME}`;

/** The schemas weigh more than the rest of the entry chunk, and the console checks every input anyway. */
export function contractRoutes(): Plugin {
  return {
    name: 'contract-routes',
    resolveId: (id) => (id === NAME ? RESOLVED : undefined),
    load: (id) => {
      if (id !== RESOLVED) return undefined;
      const routes = JSON.stringify(minifyContractRouter(contract));
      return `export const routes = ${routes};\nexport const apiPrefix = ${JSON.stringify(API_PREFIX)};\n`;
    },
  };
}
