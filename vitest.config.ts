import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

/** What is long by nature, or needs something that is not everywhere. Each has a command of its own, `npm run test:…`. */
const BROWSER = ['sandbox/page/test/**/*.test.ts'];
const STORES = ['test/storage/{servers,redis,postgres,store-moves,every-store,lost-server}.test.ts'];
const OPERATIONS = ['test/operations/*.test.ts'];
const CHAOS = ['test/chaos/chaos.test.ts', 'test/load-test/**/*.test.ts', 'test/storage/kill.test.ts'];

function project(name: string, test: TestProjectInlineConfiguration['test']): TestProjectInlineConfiguration {
  return { extends: true, test: { name, ...test } };
}

export default defineConfig({
  test: {
    // A wait in a test ends by itself and says what it waited for. These are for one that forgot to.
    testTimeout: 900_000,
    hookTimeout: 900_000,
    // Tests wait for processes and sockets for half of their time: four workers keep two cores busy.
    maxWorkers: 4,
    // No module of ours has a state, so each worker loads them once and not once for each file. That is a minute of two cores.
    isolate: false,
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts', 'commands/**/*.ts'],
      reporter: ['text-summary'],
      // What was measured when this was written, without the bots that are processes of their own. It may rise, not fall.
      thresholds: { lines: 94, functions: 93.5, branches: 88.5, statements: 93 },
    },
    projects: [
      project('main', { include: ['test/**/*.test.ts'], exclude: [...BROWSER, ...STORES, ...OPERATIONS, ...CHAOS] }),
      project('browser', { include: BROWSER, globalSetup: ['sandbox/page/test/build-page.ts'] }),
      project('stores', { include: STORES }),
      project('operations', { include: OPERATIONS }),
      project('chaos', { include: CHAOS, globalSetup: ['test/support/build-for-chaos.ts'] }),
    ],
  },
});
