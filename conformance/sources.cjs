// Lets programs import `cdk8s-istio` and its subpaths from the sources, as tests do, so that nothing stale is judged.
const Module = require('node:module');
const { join } = require('node:path');

const resolve = Module._resolveFilename;
Module._resolveFilename = (request, ...rest) => {
  const [, subpath] = /^cdk8s-istio(?:\/([a-z]+))?$/.exec(request) ?? ['', null];
  return resolve.call(Module, subpath === null ? request : join(__dirname, '../src', subpath ?? '', 'index.ts'), ...rest);
};
