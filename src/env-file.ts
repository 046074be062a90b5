import { accessSync, constants } from 'node:fs';
import { ConfigError } from './config.ts';

/** Says first that the file with the settings could not be read, where it is there: Node takes one that it may not read for none. */
export function explainEnvFile(error: ConfigError, file = '.env'): ConfigError {
  if (mayBeRead(file)) return error;
  const remedy =
    'is there, but this user may not read it, so nothing of it counts. Give it to the user that runs this (chown).';
  return new ConfigError([{ variable: file, remedy }, ...error.problems]);
}

function mayBeRead(file: string): boolean {
  try {
    accessSync(file, constants.R_OK);
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'EACCES');
  }
}
