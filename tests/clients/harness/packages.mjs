// What tests beside this folder use of its packages.
export { default as addFormats } from 'ajv-formats';
export { Ajv2020 } from 'ajv/dist/2020.js';
export { parse } from 'yaml';
