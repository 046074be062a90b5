import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as ast from 'typescript/unstable/ast';
import { API } from 'typescript/unstable/sync';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Calls whose words are shown elsewhere, or to nobody. */
const WITHOUT_WORDS: ReadonlySet<string> = new Set([
  'Error',
  'describe',
  'setDescription',
  'setLabel',
  'setPlaceholder',
  'setTitle',
]);
const LOG_LEVELS: ReadonlySet<string> = new Set(['fatal', 'error', 'warn', 'info', 'debug', 'trace']);

/** A line of the log, with the values in it as `{name}`. */
export interface LogLine {
  readonly level: string;
  readonly text: string;
}

/** What one source file says. */
export interface SourceWords {
  /** From the top of the repository. */
  readonly file: string;
  /** Its texts of two words and more, from top to bottom, without those of the log. */
  readonly sentences: readonly string[];
  readonly logLines: readonly LogLine[];
  /** Exported functions with the types that they return, as written. */
  readonly functions: readonly { readonly name: string; readonly returns: string }[];
}

/** Reads the sources as TypeScript does. Nothing of them is run. */
export function readSourceWords(): SourceWords[] {
  const api = new API({ cwd: ROOT });
  try {
    const [project] = api.updateSnapshot({ openProject: `${ROOT}tsconfig.json` }).getProjects();
    return sourceFiles().map((file) => {
      const tree = project?.program.getSourceFile(`${ROOT}${file}`);
      if (!tree) throw new Error(`${file} is no part of tsconfig.json`);
      const text = readFileSync(`${ROOT}${file}`, 'utf8');
      return wordsOf(file, tree, text);
    });
  } finally {
    api.close();
  }
}

function sourceFiles(): string[] {
  return ['commands', 'src'].flatMap((folder) =>
    readdirSync(`${ROOT}${folder}`, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
      .sort(),
  );
}

function wordsOf(file: string, tree: ast.SourceFile, source: string): SourceWords {
  const sentences: string[] = [];
  const logLines: LogLine[] = [];
  const functions: { name: string; returns: string }[] = [];
  const visit = (node: ast.Node): undefined => {
    if (ast.isFunctionDeclaration(node) && node.name && node.modifiers?.some(ast.isExportKeyword)) {
      functions.push({ name: node.name.text, returns: node.type ? sourceOf(node.type, source) : '' });
    }
    if (ast.isImportDeclaration(node) || ast.isTypeAliasDeclaration(node) || ast.isInterfaceDeclaration(node)) return;
    const called = ast.isCallExpression(node) || ast.isNewExpression(node) ? nameOf(node.expression) : undefined;
    if (called && ast.isCallExpression(node) && LOG_LEVELS.has(called) && isLog(node.expression, source)) {
      for (const argument of node.arguments) {
        const text = textOf(argument, source);
        if (text !== undefined) logLines.push({ level: called, text });
      }
      return;
    }
    if (called && [...WITHOUT_WORDS].some((name) => called.endsWith(name))) return;
    // A name of a property is shown to nobody.
    if (ast.isPropertyAssignment(node)) return visit(node.initializer);
    const text = textOf(node, source);
    if (text !== undefined && isSentence(text)) sentences.push(text);
    // What stands in a template can have words of its own.
    node.forEachChild(visit);
  };
  tree.forEachChild(visit);
  return { file, sentences, logLines, functions };
}

function nameOf(called: ast.Node): string {
  if (ast.isPropertyAccessExpression(called)) return called.name.text;
  return ast.isIdentifier(called) ? called.text : '';
}

function isLog(called: ast.Node, source: string): boolean {
  return /(^|\.|#|\?\.)log\??\.\w+$/i.test(sourceOf(called, source));
}

/** The text of a literal; values in a template stand in braces. */
function textOf(node: ast.Node, source: string): string | undefined {
  if (ast.isStringLiteral(node) || ast.isNoSubstitutionTemplateLiteral(node)) return node.text;
  if (!ast.isTemplateExpression(node)) return undefined;
  const spans = node.templateSpans.map((span) => `{${valueName(span.expression, source)}}${span.literal.text}`);
  return `${node.head.text}${spans.join('')}`;
}

function valueName(value: ast.Node, source: string): string {
  const name = sourceOf(value, source).replace(/\s+/g, ' ');
  return /^[\w.?()#]+$/.test(name) ? name : '…';
}

function sourceOf(node: ast.Node, source: string): string {
  return source.slice(node.pos, node.end).trim();
}

/** SQL and the scripts of Redis. */
const STATEMENT = /^\W*(SELECT|INSERT|UPDATE|DELETE|CREATE|PRAGMA|BEGIN|FOR UPDATE|SQLite format)\b|redis\.call|<\?xml/;
const PICTOGRAM = /\p{Extended_Pictographic}/u;
/** Words by which answers of the helpdesk are told apart. */
const WORD_LIST = /^[a-z'’ -]{80,}$/;

/** At least two words, beside values that are filled in. */
function isSentence(text: string): boolean {
  if (STATEMENT.test(text) || WORD_LIST.test(text)) return false;
  const words = text.replaceAll(/\{[^}]*\}/g, '').match(/[\p{L}'’]{2,}/gu) ?? [];
  return / /.test(text) && (words.length > 1 || (words.length > 0 && PICTOGRAM.test(text)));
}
