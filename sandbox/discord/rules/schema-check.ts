import type * as spec from 'discord-api-spec/zod';
import type { BodyErrors, BodyFault } from './api-error.ts';

type Schema = typeof spec.MessageCreateRequestSchema;
type Issue = Extract<ReturnType<Schema['safeParse']>, { success: false }>['error']['issues'][number];

/** Checks a body against one schema of Discord's own description, and writes each fault into `errors` at its place. */
export function checkSchema(schema: Schema, body: unknown, errors: BodyErrors, at: (string | number)[] = []): void {
  const parsed = schema.safeParse(body);
  if (parsed.success) return;
  for (const issue of parsed.error.issues) addIssue(issue, body, errors, at, []);
}

function addIssue(
  issue: Issue,
  body: unknown,
  errors: BodyErrors,
  at: (string | number)[],
  parent: (string | number)[],
) {
  const path = [...parent, ...issue.path];
  const value = valueAt(body, path);
  if (issue.code === 'invalid_union' && issue.errors) {
    const branch = branchThatWasMeant(issue.errors);
    if (branch && value !== null && typeof value === 'object') {
      for (const inner of branch) addIssue(inner, body, errors, at, path);
      return;
    }
    errors.add(
      [...at, ...unionPath(path, value)],
      'UNION_TYPE_CHOICES',
      'This value is not one of the accepted kinds.',
    );
    return;
  }
  const [code, message] = inDiscordsWords(issue, value);
  errors.add([...at, ...path], code, message);
}

/** A component says by its `type` which branch of the union it wants to be; the other branches' faults are noise. */
function branchThatWasMeant(branches: Issue[][]): Issue[] | undefined {
  return branches.find((issues) => issues.length > 0 && issues.every((issue) => issue.path[0] !== 'type'));
}

function unionPath(path: (string | number)[], value: unknown): (string | number)[] {
  return value !== null && typeof value === 'object' && 'type' in value ? [...path, 'type'] : path;
}

function valueAt(body: unknown, path: (string | number)[]): unknown {
  let value = body;
  for (const key of path) value = (value as Record<string | number, unknown> | null | undefined)?.[key];
  return value;
}

function inDiscordsWords(issue: Issue, value: unknown): [code: BodyFault, message: string] {
  if (value === undefined) return ['BASE_TYPE_REQUIRED', 'This field is required'];
  const isNumber = issue.origin === 'number' || issue.origin === 'int';
  switch (issue.code) {
    case 'too_big':
      return isNumber
        ? ['NUMBER_TYPE_MAX', `Value should be less than or equal to ${issue.maximum}.`]
        : ['BASE_TYPE_MAX_LENGTH', `Must be ${issue.maximum} or fewer in length.`];
    case 'too_small':
      return isNumber
        ? ['NUMBER_TYPE_MIN', `Value should be greater than or equal to ${issue.minimum}.`]
        : ['BASE_TYPE_MIN_LENGTH', `Must be ${issue.minimum} or more in length.`];
    case 'invalid_value':
      return ['BASE_TYPE_CHOICES', `Value must be one of (${issue.values?.join(', ')}).`];
    case 'invalid_format':
      return issue.format === 'url'
        ? ['URL_TYPE_INVALID_URL', 'Not a well formed URL.']
        : ['STRING_TYPE_REGEX', 'String value did not match validation regex.'];
    default:
      return ['BASE_TYPE_BAD_TYPE', issue.message];
  }
}
