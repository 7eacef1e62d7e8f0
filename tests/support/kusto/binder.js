// Binds Kusto queries against a schema: one JSON object a line in, one a line out.
//
// The first line is the schema: {"tables": {"resources": "(id:string, ...)"}}. Each further line is
// {"query": "..."}; its answer is {"errors": [...], "reads": ["resources.properties.diskState", ...]}.
// `reads` are the tables' own columns that the query names or returns, with the members behind them.
//
// https://www.npmjs.com/package/@kusto/language-service-next
"use strict";

const fs = require("fs");
const path = require("path");
const readline = require("readline");
const vm = require("vm");

const folder = path.join(process.argv[2], "node_modules", "@kusto", "language-service-next");
for (const file of ["bridge.min.js", "Kusto.Language.Bridge.min.js"]) {
  vm.runInThisContext(fs.readFileSync(path.join(folder, file), "utf8"), { filename: file });
}
const { Symbols, Syntax, GlobalState, KustoCode } = globalThis.Kusto.Language;
const Bridge = globalThis.Bridge;

const schemas = new Map(); // table name in any casing -> columns
const tables = new Map();
const columns = new Map(); // column symbol -> table name
let state = null;

function addTable(name) {
  const table = new Symbols.TableSymbol.$ctor7(name, schemas.get(name.toLowerCase()));
  tables.set(name, table);
  for (let place = 0; place < table.Columns.Count; place += 1) {
    columns.set(table.Columns.getItem(place), name.toLowerCase());
  }
}

// Resource Graph's table names ignore case, Kusto's do not: each casing is a table of its own.
function knowSpellings(query) {
  const words = new Set(query.match(/[A-Za-z]+/g) || []);
  const unknown = [...words].filter((word) => schemas.has(word.toLowerCase()) && !tables.has(word));
  unknown.forEach(addTable);
  if (unknown.length || state === null) {
    state = GlobalState.Default.WithDatabase(new Symbols.DatabaseSymbol.ctor("graph", [...tables.values()]));
  }
}

function literal(node) {
  const value = Bridge.is(node, Syntax.LiteralExpression) ? node.LiteralValue : null;
  return value === null || value === undefined ? "*" : String(value);
}

// The members behind a column: `.name`, `["name"]` and `[0]`; `*` for one that the query computes.
function pathFrom(node) {
  const members = [];
  let inner = node;
  for (let outer = node.Parent; outer; inner = outer, outer = outer.Parent) {
    const isPath = Bridge.is(outer, Syntax.PathExpression) && outer.Expression === inner;
    const isElement = Bridge.is(outer, Syntax.ElementExpression) && outer.Expression === inner;
    if (isPath) {
      const isName = Bridge.is(outer.Selector, Syntax.NameReference);
      members.push(isName ? outer.Selector.SimpleName : literal(bracketed(outer.Selector)));
    } else if (isElement) {
      members.push(literal(bracketed(outer.Selector)));
    } else {
      return members;
    }
  }
  return members;
}

function bracketed(selector) {
  return Bridge.is(selector, Syntax.BracketedExpression) ? selector.Expression : selector;
}

function readsOf(code) {
  const found = new Set();
  Syntax.SyntaxElement.WalkNodes(code.Syntax, (node) => {
    const symbol = Bridge.is(node, Syntax.NameReference) ? node.ReferencedSymbol : null;
    if (columns.has(symbol)) {
      found.add([columns.get(symbol), symbol.Name, ...pathFrom(node)].join("."));
    }
  });
  const returned = code.ResultType && code.ResultType.Columns;
  for (let place = 0; returned && place < returned.Count; place += 1) {
    const symbol = returned.getItem(place);
    if (columns.has(symbol)) {
      found.add(`${columns.get(symbol)}.${symbol.Name}`);
    }
  }
  return [...found].sort();
}

function errorsOf(code) {
  const diagnostics = code.GetDiagnostics();
  const found = [];
  for (let place = 0; place < diagnostics.Count; place += 1) {
    const each = diagnostics.getItem(place);
    if (each.Severity === "Error") {
      found.push(`${each.Code} ${each.Message}`);
    }
  }
  return found;
}

function answer(asked) {
  if (asked.tables) {
    Object.entries(asked.tables).forEach(([name, written]) => schemas.set(name, written));
    [...schemas.keys()].forEach(addTable);
    return { tables: tables.size };
  }
  knowSpellings(asked.query);
  const code = KustoCode.ParseAndAnalyze(asked.query, state);
  return { errors: errorsOf(code), reads: readsOf(code) };
}

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  process.stdout.write(`${JSON.stringify(answer(JSON.parse(line)))}\n`);
});
