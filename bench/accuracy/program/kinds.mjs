// Every way to block that the accuracy is measured on, by the name that ../kinds.ts knows it by.
import * as execSync from '../../../test/fixtures/blocks/exec-sync.mjs';
import * as jsonParse from '../../../test/fixtures/blocks/json-parse.mjs';
import * as pbkdf2Sync from '../../../test/fixtures/blocks/pbkdf2-sync.mjs';
import { kinds as interruptible } from '../../programs/blocking-kinds.mjs';
import { bigInteger, gcPressure, manyShort, stringBuilding, vmLoop, webAssembly } from './compute-kinds.mjs';
import { compile, fsLarge, fsSmall, jsonStringify, requireModule, zlibSync } from './native-kinds.mjs';

export const kinds = {
  ...interruptible,
  'string-building': stringBuilding,
  'big-integer': bigInteger,
  'many-short': manyShort,
  'vm-loop': vmLoop,
  'web-assembly': webAssembly,
  'gc-pressure': gcPressure,
  'json-parse': jsonParse,
  'json-stringify': jsonStringify,
  'pbkdf2-sync': pbkdf2Sync,
  'zlib-sync': zlibSync,
  'fs-large': fsLarge,
  'fs-small': fsSmall,
  'exec-sync': execSync,
  'require-module': requireModule,
  compile,
};
