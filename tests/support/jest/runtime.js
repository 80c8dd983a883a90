import { createRequire, isBuiltin } from 'node:module';
import { compileFunction, SyntheticModule } from 'node:vm';
import JestRuntime from 'jest-runtime';

/** What every test file gets anew: the hub's own modules. */
const OURS = /^(\.|\/|data:|patchbay($|\/)|@jest\/globals$)/;

/**
 * Has Node load the packages a test file imports, once a worker, where jest would evaluate them anew for every file; they
 * share the realm of the tests (`environment.js`). Packages cannot be mocked this way; no test does.
 */
export default class Runtime extends JestRuntime {
  constructor(...given) {
    super(...given);
    const { esmLoader: loader, executor } = this;
    const resolve = loader.resolveSpecifierForSyncGraph.bind(loader);
    loader.getContext = () => undefined;
    loader.resolveSpecifierForSyncGraph = (from, specifier, context, scratch, registry, ...rest) => {
      if (isBuiltin(specifier) || OURS.test(specifier)) return resolve(from, specifier, context, scratch, registry, ...rest);
      const load = createRequire(from);
      const cacheKey = `native:${load.resolve(specifier)}`;
      const module = registry.get(cacheKey) ?? wrapped(specifier, load(specifier));
      registry.set(cacheKey, module);
      scratch.set(cacheKey, { cacheKey, kind: 'prelinked', module });
      return { cacheKey, enqueue: null, modulePath: cacheKey };
    };
    executor.compile = (source, filename) =>
      compileFunction(source, executor.injectedModuleParameters, {
        filename,
        importModuleDynamically: (specifier, _, attributes) => executor.dynamicImport(specifier, filename, undefined, attributes),
      });
  }
}

/** As Node shows it to `import`. */
function wrapped(specifier, exports) {
  const isModule = exports[Symbol.toStringTag] === 'Module';
  const names = Object.keys(exports).filter((name) => name !== 'default' && name !== 'module.exports');
  const values = new Map(names.map((name) => [name, exports[name]]));
  values.set('default', isModule ? exports.default : exports);
  return new SyntheticModule(
    [...values.keys()],
    function () {
      for (const [name, value] of values) this.setExport(name, value);
    },
    { identifier: specifier },
  );
}
