// The shape of the module that vite makes of the contract's operations, see contract-operations.ts beside the config.
declare module 'virtual:contract-operations' {
  interface Operation {
    summary: string;
    permission: string;
    isDangerous: boolean;
    input: readonly string[];
  }
  export const operations: Readonly<
    Record<import('#console/web/src/verbs/operation-name.ts').OperationName, Operation>
  >;
}
