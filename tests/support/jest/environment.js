import { TestEnvironment } from 'jest-environment-node';

/**
 * Tests run in the realm of Node itself, as the hub does, and not in a context of their own: packages are then loaded once a
 * worker by Node (`runtime.js`) instead of once a file, and an Error is an Error to all of them.
 */
export default class extends TestEnvironment {
  #env = { ...process.env };
  #exit = process.exit;

  constructor(config, context) {
    super(config, context);
    const { projectConfig } = config;
    this.global = globalThis;
    this.moduleMocker = new this.moduleMocker.constructor(globalThis);
    this.fakeTimersModern = new this.fakeTimersModern.constructor({ config: projectConfig, global: globalThis });
    Object.assign(globalThis, projectConfig.globals);
    // Every file brings its own classes: what the last one's decorators said of theirs is of no use any more.
    delete globalThis.typeormMetadataArgsStorage;
    delete globalThis.classValidatorMetadataStorage;
  }

  async teardown() {
    await super.teardown();
    process.exit = this.#exit;
    for (const name of Object.keys(process.env)) if (!(name in this.#env)) delete process.env[name];
    Object.assign(process.env, this.#env);
  }
}
