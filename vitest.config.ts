import { defineConfig } from 'vitest/config';

/** Kinds of tests that are long by nature or need something that is not there everywhere; each has a command of its own. */
const SLOW = {
  browser: ['test/page/**/*.test.ts'],
  stores: ['test/storage/servers.test.ts'],
  chaos: ['test/torture/torture.test.ts', 'test/raid/**/*.test.ts', 'test/storage/kill.test.ts'],
} as const;

export default defineConfig({
  test: {
    // A wait in a test ends by itself, and says what it waited for. This is only for one that forgot to.
    testTimeout: 900_000,
    hookTimeout: 900_000,
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: { name: 'main', include: ['test/**/*.test.ts'], exclude: Object.values(SLOW).flat() },
      },
      ...Object.entries(SLOW).map(([name, include]) => ({
        extends: true as const,
        test: { name, include: [...include] },
      })),
    ],
  },
});
