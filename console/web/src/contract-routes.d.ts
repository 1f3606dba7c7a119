// The shape of the module that vite makes of the contract, see contract-routes.ts beside the config.
declare module 'virtual:contract-routes' {
  /** Methods and paths only; as a type the whole contract, so that the client is typed. */
  export const routes: typeof import('#shared/contract/contract.ts').contract;
  export const apiPrefix: string;
}
