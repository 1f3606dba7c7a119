import { benchSeal } from './seal.ts';
console.log(JSON.stringify((await benchSeal({ isQuick: false, say: (l: string) => console.log(l) } as never)).figures));
