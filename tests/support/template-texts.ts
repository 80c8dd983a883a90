import Handlebars from 'handlebars';

/** A key as a template names it; one put together while the page is made is known by how it begins. */
export type UsedKey = { readonly key: string } | { readonly prefix: string };

type Call = hbs.AST.MustacheStatement | hbs.AST.SubExpression;

/** The texts a parsed template asks for. */
export function textsUsed(template: hbs.AST.Program): UsedKey[] {
  const used: UsedKey[] = [];
  const visitor = new Handlebars.Visitor();
  const { MustacheStatement, SubExpression } = Handlebars.Visitor.prototype;
  const note = (call: Call) => {
    if ((call.path as hbs.AST.PathExpression).original === 't') used.push(...keysOf(call.params[0]));
  };
  visitor.MustacheStatement = function (call) {
    note(call);
    MustacheStatement.call(this, call);
  };
  visitor.SubExpression = function (call) {
    note(call);
    SubExpression.call(this, call);
  };
  visitor.accept(template);
  return used;
}

function keysOf(first: hbs.AST.Expression | undefined): UsedKey[] {
  if (first?.type === 'StringLiteral') return [{ key: (first as hbs.AST.StringLiteral).value }];
  const call = first as hbs.AST.SubExpression | undefined;
  const begin = call?.type === 'SubExpression' ? call.params[0] : undefined;
  return begin?.type === 'StringLiteral' ? [{ prefix: (begin as hbs.AST.StringLiteral).value }] : [];
}
