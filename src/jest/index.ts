// Includes the module in the program, so that its declarations can be extended.
import type {} from 'expect';
import type { TrafficMatchers } from './matchers';
import { matchers } from './matchers';

export * from '../simulator';
export type { Limits } from '../invariants/expectations';
export type { CallerFields, CallersFields, NeverFields, RequestMatch, RequestsFields, TargetFields } from '../invariants/invariant';
export { matchers } from './matchers';
export type { TrafficMatchers } from './matchers';

interface Expect {
  extend(matchers: object): void;
}

const { expect } = globalThis as unknown as { readonly expect?: Expect };
// Without globals, or in a test runner with an interface like Jest's, call `expect.extend(matchers)` yourself.
expect?.extend(matchers);

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace
  namespace jest {
    // eslint-disable-next-line @typescript-eslint/no-unused-vars
    interface Matchers<R, T = {}> extends TrafficMatchers<R> {}
  }
}

declare module 'expect' {
  // eslint-disable-next-line @typescript-eslint/no-unused-vars
  interface Matchers<R extends void | Promise<void>, T = unknown> extends TrafficMatchers<R> {}
}
