export default {
  testEnvironment: '<rootDir>/tests/support/jest/environment.js',
  runtime: '<rootDir>/tests/support/jest/runtime.js',
  testSequencer: '<rootDir>/tests/support/jest/sequencer.js',
  extensionsToTreatAsEsm: ['.ts'],
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/data/', '/__fixtures__/'],
  modulePathIgnorePatterns: ['/dist/', '/data/', '/__fixtures__/'],
  watchPathIgnorePatterns: ['/data/', '/dist/'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, useDefineForClassFields: false },
          target: 'es2023',
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  moduleNameMapper: {
    '^patchbay$': '<rootDir>/core/sdk/index.ts',
    '^patchbay/simulator$': '<rootDir>/core/sdk/simulator/index.ts',
    '^patchbay/testing$': '<rootDir>/core/sdk/testing/index.ts',
  },
  globalSetup: '<rootDir>/tests/support/global-setup.ts',
  globalTeardown: '<rootDir>/tests/support/global-teardown.ts',
  testTimeout: 180_000,
  maxWorkers: 2,
  workerIdleMemoryLimit: '1GB',
  // With nothing left open a worker of 750 MB takes most of a second to be gone on a busy machine; jest waits for half of one.
  workerGracefulExitTimeout: 10_000,
};
