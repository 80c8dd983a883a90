// openapi-typescript writes by the compiler API of TypeScript 5, which the compiler of this package does not have.
import { registerHooks } from 'node:module';

const SOURCE = "import common from '@ts-morph/common'; export default common.ts;";

registerHooks({
  resolve: (name, context, next) =>
    name === 'typescript' ? { url: `${import.meta.url}?typescript`, format: 'module', shortCircuit: true } : next(name, context),
  load: (url, context, next) =>
    url.endsWith('?typescript') ? { format: 'module', source: SOURCE, shortCircuit: true } : next(url, context),
});
