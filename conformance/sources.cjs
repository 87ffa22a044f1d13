// Lets programs import `cdk8s-istio` from the sources, as tests do, so that nothing stale is judged.
const Module = require('node:module');
const { join } = require('node:path');

const resolve = Module._resolveFilename;
Module._resolveFilename = (request, ...rest) => resolve.call(Module, request === 'cdk8s-istio' ? join(__dirname, '../src/index.ts') : request, ...rest);
