// Lets programs import `cdk8s-istio` and its subpaths from the sources, as a user's program imports the package. ts-node loads this file; the paths are those of its tsconfig.
const Module = require('node:module');
const { join } = require('node:path');
const { REGISTER_INSTANCE } = require('ts-node');

const { paths, pathsBasePath } = process[REGISTER_INSTANCE].config.options;
const resolve = Module._resolveFilename;
Module._resolveFilename = (request, ...rest) => resolve.call(Module, Object.hasOwn(paths, request) ? join(pathsBasePath, paths[request][0]) : request, ...rest);
