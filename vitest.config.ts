import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    include: ['packages/*/test/**/*.test.ts', 'tools/test/*.test.ts'],
    setupFiles: ['tools/fast-check-seed.ts'],
    testTimeout: 120_000,
    maxWorkers: 2,
  },
})
