// The imports of source files, read from their syntax trees.
import { posix } from 'node:path';
import { parseSync } from 'rolldown/utils';

export interface ModuleImport {
  readonly specifier: string;
  /** Whether it is gone when the types are: `import type`, `export type … from`, `import('…').T`. */
  readonly kind: 'value' | 'type';
  /** The file that a relative specifier means; undefined for a package or a module of Node. */
  readonly target: string | undefined;
}

/** File paths, with `/` and relative to the root, and what each imports. */
export type ModuleGraph = ReadonlyMap<string, readonly ModuleImport[]>;

/** Reads a graph from source texts by path. */
export function readModuleGraph(sources: ReadonlyMap<string, string>): ModuleGraph {
  const graph = new Map<string, readonly ModuleImport[]>();
  for (const [file, text] of sources) {
    const { program, errors } = parseSync(file, text);
    if (errors.length > 0) {
      throw new SyntaxError(`${file}: ${errors[0]?.message}`);
    }
    const imports: ModuleImport[] = [];
    collectImports(program, (specifier, kind) => {
      const relative = specifier.startsWith('.');
      const target = relative ? posix.join(posix.dirname(file), specifier) : undefined;
      imports.push({ specifier, kind, target });
    });
    graph.set(file, imports);
  }
  return graph;
}

interface SyntaxNode {
  readonly type: string;
  readonly [property: string]: unknown;
}

type Found = (specifier: string, kind: ModuleImport['kind']) => void;

/** Stands for the specifier of an import that is computed, which no rule allows. */
export const computedSpecifier = '<computed>';

function collectImports(value: unknown, found: Found): void {
  if (Array.isArray(value)) {
    for (const each of value) {
      collectImports(each, found);
    }
  } else if (isNode(value)) {
    report(value, found);
    for (const child of Object.values(value)) {
      collectImports(child, found);
    }
  }
}

function report(node: SyntaxNode, found: Found): void {
  switch (node.type) {
    case 'ImportDeclaration':
      found(literal(node['source']), node['importKind'] === 'type' ? 'type' : 'value');
      break;
    case 'ExportAllDeclaration':
    case 'ExportNamedDeclaration':
      if (isNode(node['source'])) {
        found(literal(node['source']), node['exportKind'] === 'type' ? 'type' : 'value');
      }
      break;
    case 'ImportExpression':
      found(literal(node['source']), 'value');
      break;
    case 'TSImportType':
      found(literal(node['source'] ?? node['argument']), 'type');
      break;
    case 'TSExternalModuleReference':
      found(literal(node['expression']), 'value');
      break;
    case 'CallExpression':
      if (isNode(node['callee']) && node['callee']['name'] === 'require') {
        found(literal((node['arguments'] as readonly unknown[])[0]), 'value');
      }
      break;
    default:
  }
}

function literal(node: unknown): string {
  const value = isNode(node) && node.type === 'TSLiteralType' ? node['literal'] : node;
  return isNode(value) && typeof value['value'] === 'string' ? value['value'] : computedSpecifier;
}

function isNode(value: unknown): value is SyntaxNode {
  return (
    typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string'
  );
}
