import { defineConfig } from "vitest/config";
import type { Reporter, TestModule } from "vitest/node";

/**
 * Says `N passed, N failed, N skipped` as the very last line, so that a reader and a pipeline find the
 * verdict in one place. A file that could not be loaded and an error outside any test count as failed.
 */
const closingLine: Reporter = {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]) {
    const count = { passed: 0, failed: unhandledErrors.length, skipped: 0, pending: 0 };
    for (const module of modules) {
      for (const test of module.children.allTests()) count[test.result().state]++;
      count.failed += module.errors().length;
    }
    const { passed, failed, skipped } = count;
    // At exit, because other reporters still write after this hook.
    process.once("exit", () => {
      process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`);
    });
  },
};

// Threads of the worker pool (piscina) do not see vitest's transform, so tests that use the pool start the
// built worker in dist/: `npm test` builds first; after editing, run `npm run build` before such a test alone.
export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "bench/**/*.test.ts"],
    setupFiles: [".vitest-setup.ts"],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ["default", closingLine],
    coverage: {
      provider: "v8",
      include: ["src/**/*.ts"],
      exclude: ["**/*.test.ts", "**/testdata/**"],
      reporter: ["text-summary", "html"],
    },
  },
});
