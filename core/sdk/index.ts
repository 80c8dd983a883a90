export * from './errors.ts';
export * from './form.ts';
export * from './http.ts';
export * from './manifest.ts';
export * from './plugin.ts';
export * from './sandbox.ts';
export * from './signature.ts';
