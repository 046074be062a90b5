/** What there is to know about a field of the ticket. Whatever reads fields reads it here. */
interface FieldDefinition {
  /** A noun, before its value where staff read it. The form may ask a question instead. */
  readonly label: string;
  /** In the middle of a sentence. */
  readonly name: string;
  /** UTF-16 units, as Discord counts. */
  readonly maxLength: number;
  readonly isRequired: boolean;
  readonly isOneLine: boolean;
  /** Whether another value makes another ticket of it: otherwise the same subject and body are a duplicate. */
  readonly isPartOfDedupKey: boolean;
  /** Whether the helpdesk takes it by itself; otherwise the staff read it as a line above the body. */
  readonly isOfHelpdesk: boolean;
}

/**
 * The fields of a ticket, in the order of the form. To add one, write it here; the compiler then asks for its input in
 * src/discord/forms/ticket-modal.ts, and CONTRIBUTING.md has the rest. A stored text without it has an empty one.
 * 4,000 characters are Discord's limit for one text input; the others are ours.
 */
export const TICKET_FIELDS = {
  subject: {
    label: 'Subject',
    name: 'subject',
    maxLength: 150,
    isRequired: true,
    isOneLine: true,
    isPartOfDedupKey: true,
    isOfHelpdesk: true,
  },
  product: {
    label: 'Product',
    name: 'product',
    maxLength: 100,
    isRequired: false,
    isOneLine: true,
    isPartOfDedupKey: false,
    isOfHelpdesk: true,
  },
  body: {
    label: 'Text',
    name: 'description',
    maxLength: 4000,
    isRequired: true,
    isOneLine: false,
    isPartOfDedupKey: true,
    isOfHelpdesk: true,
  },
} as const satisfies Record<string, FieldDefinition>;

export type FieldName = keyof typeof TICKET_FIELDS;
/** The fields of the ticket modal, as they were typed; empty where nothing was given. */
export type TicketFields = Readonly<Record<FieldName, string>>;

export const FIELD_NAMES = Object.keys(TICKET_FIELDS) as [FieldName, ...FieldName[]];

const definitionOf = (field: FieldName): FieldDefinition => TICKET_FIELDS[field];

/** Each field with what this makes of it. */
export function mapFields<Value>(make: (field: FieldName) => Value): Record<FieldName, Value> {
  return Object.fromEntries(FIELD_NAMES.map((field) => [field, make(field)])) as Record<FieldName, Value>;
}

export const EMPTY_FIELDS: TicketFields = mapFields(() => '');
export const FIELD_LIMITS = mapFields((field) => TICKET_FIELDS[field].maxLength);

export interface FieldIssue {
  readonly field: FieldName;
  readonly problem: 'blank' | 'too-long' | 'line-break';
}

/** What keeps these fields from being a ticket; empty when nothing does. */
export function fieldIssues(fields: TicketFields): FieldIssue[] {
  return issuesOf(fields, FIELD_NAMES);
}

/** The same for an answer, which is its body alone. The helpdesk takes "0" for nothing. */
export function answerIssues(fields: TicketFields): FieldIssue[] {
  if (fields.body.trim() === '0') return [{ field: 'body', problem: 'blank' }];
  return issuesOf(fields, ['body']);
}

function issuesOf(fields: TicketFields, names: readonly FieldName[]): FieldIssue[] {
  const issues: FieldIssue[] = [];
  for (const field of names) {
    const text = fields[field];
    const { isRequired, isOneLine, maxLength } = definitionOf(field);
    if (isRequired && isBlank(text)) issues.push({ field, problem: 'blank' });
    else if (text.length > maxLength) issues.push({ field, problem: 'too-long' });
    else if (isOneLine && /[\r\n]/.test(text)) issues.push({ field, problem: 'line-break' });
  }
  return issues;
}

/** Nothing that a reader would see: white space, and the invisible characters that pass for text (\u2800 is blank braille). */
export function isBlank(text: string): boolean {
  return /^[\s\p{Cf}\p{Cc}\p{Default_Ignorable_Code_Point}\u2800]*$/u.test(text);
}

export function hasSameText(one: TicketFields, other: TicketFields): boolean {
  return FIELD_NAMES.every((field) => one[field] === other[field]);
}

/** What makes two submits the same ticket. Subject and body stand first, as in digests that are stored already. */
export function dedupParts({ subject, body, ...others }: TicketFields): unknown[] {
  const more = (Object.entries(others) as [Exclude<FieldName, 'subject' | 'body'>, string][]).filter(
    ([field, value]) => definitionOf(field).isPartOfDedupKey && value !== '',
  );
  return [subject, body, ...more];
}

/** The body with what the helpdesk has no place of its own for, above it. */
export function bodyForStaff(fields: TicketFields): string {
  const lines = FIELD_NAMES.filter((field) => !definitionOf(field).isOfHelpdesk && !isBlank(fields[field])).map(
    (field) => `${definitionOf(field).label}: ${fields[field]}`,
  );
  return [...(lines.length > 0 ? [lines.join('\n'), ''] : []), fields.body].join('\n');
}

/** All of it as one text, for whoever wrote it: what stands by itself in the first lines, then the body. */
export function readableText(fields: TicketFields): string {
  const { subject, product } = fields;
  return [subject, ...(product ? [product] : []), '', bodyForStaff(fields)].join('\n');
}
