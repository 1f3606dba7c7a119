// Gives the browser the contract without its schemas: virtual modules, made at build time.
import { minifyContractRouter } from '@orpc/contract';
import type { Plugin } from 'vite';
import { API_PREFIX, contract } from '#shared/contract/contract.ts';
import { operationsOf } from './contract-operations.ts';

/** The schemas weigh more than the rest of the entry chunk, and the console checks every input anyway. */
const routesModule = (): string =>
  `export const routes = ${JSON.stringify(minifyContractRouter(contract))};
export const apiPrefix = ${JSON.stringify(API_PREFIX)};
`;

/** Apart from the routes: only what lists operations for people loads it. */
const operationsModule = (): string => `export const operations = ${JSON.stringify(operationsOf(contract))};\n`;

const MODULES: Readonly<Record<string, () => string>> = {
  'virtual:contract-routes': routesModule,
  'virtual:contract-operations': operationsModule,
};

export function contractRoutes(): Plugin {
  return {
    name: 'contract-routes',
    resolveId: (id) => (id in MODULES ? `\0${id}` : undefined),
    load: (id) => (id.startsWith('\0') ? MODULES[id.slice(1)]?.() : undefined),
  };
}
