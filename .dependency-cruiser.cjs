// Who may import whom: an allow-list. What no line allows is an error.

const index = name => `^packages/${name}/src/index\\.ts$`
const own = name => ({ from: { path: `^packages/${name}/src/` }, to: { path: `^packages/${name}/src/` } })
const types = { dependencyTypes: ['type-only'] }

/** The slow reference must not lean on what it checks. */
const REFERENCE = '^packages/testkit/src/reference/'
const TESTKIT = { path: '^packages/testkit/src/', pathNot: REFERENCE }
/** What has no package of its own: doors, benches, tests. */
const OUTSIDE = ['^tools/', '^bench/', '^packages/[^/]+/test/', '^vitest\\.config\\.ts$']

module.exports = {
  allowedSeverity: 'error',
  allowed: [
    own('engine'),

    own('source'),
    { from: { path: '^packages/source/src/' }, to: { path: index('engine'), ...types } },

    own('data-ec2'),
    { from: { path: '^packages/data-ec2/src/' }, to: { path: index('engine'), ...types } },

    own('demo'),
    { from: { path: '^packages/demo/src/' }, to: { path: index('engine'), ...types } },

    own('cli'),
    {
      from: { path: '^packages/cli/src/' },
      to: {
        path: [index('engine'), index('source'), index('demo'), index('data-ec2'), '^packages/cli/package\\.json$'],
      },
    },
    { from: { path: '^packages/cli/src/' }, to: { path: '^node_modules/(commander|yaml)/' } },
    { from: { path: '^packages/cli/src/' }, to: { dependencyTypes: ['core'] } },

    { from: TESTKIT, to: TESTKIT },
    { from: TESTKIT, to: { path: [index('engine'), index('source'), index('data-ec2')] } },
    { from: TESTKIT, to: { dependencyTypes: ['core'] } },
    { from: TESTKIT, to: { path: '^node_modules/fast-check/' } },
    { from: { path: REFERENCE }, to: { path: REFERENCE } },
    { from: { path: REFERENCE }, to: { path: index('engine'), ...types } },

    {
      from: { path: OUTSIDE },
      to: {
        path: [
          '^packages/[^/]+/src/',
          '^packages/[^/]+/test/',
          '^tools/',
          '^bench/',
          '^docs/',
          '^packages/[^/]+/schema/',
        ],
      },
    },
    { from: { path: OUTSIDE }, to: { dependencyTypes: ['core'] } },
    {
      from: { path: OUTSIDE },
      to: { path: '^node_modules/(ajv|dependency-cruiser|esbuild|fast-check|playwright-core|vitest)/' },
    },
    { from: { path: '^packages/cli/bin/' }, to: { path: '^tools/bundle\\.mjs$' } },
    { from: { path: '^packages/cli/bin/' }, to: { dependencyTypes: ['core'] } },
  ],
  forbidden: [
    {
      name: 'unresolvable',
      severity: 'error',
      from: { pathNot: '^packages/cli/bin/' },
      to: { couldNotResolve: true },
    },
    {
      name: 'ring',
      comment:
        'Modules that import each other in a ring can only be understood together; types may refer to each other.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
  ],
  options: {
    // Imports of types count, although nothing is left of them at run time.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['^packages/[^/]+/dist/', 'dist/everynode\\.mjs$', '^build/'] },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'node', 'default'],
      extensions: ['.ts', '.mjs', '.js', '.json'],
    },
  },
}
