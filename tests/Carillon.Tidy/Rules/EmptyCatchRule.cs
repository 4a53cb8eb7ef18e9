using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Carillon.Tidy;

/// <summary>
/// No exception is swallowed without a word: a catch block without a statement names the one exception that it expects and says in a
/// comment why there is nothing to do.
/// </summary>
public sealed class EmptyCatchRule : IRule
{
    public IEnumerable<Violation> Check(SourceTree tree) =>
        from file in tree.CSharp()
        from clause in file.Syntax.DescendantNodes().OfType<CatchClauseSyntax>()
        where clause.Block.Statements.Count == 0 && !(IsNarrow(clause) && SaysWhy(clause))
        select file.Violation(this, clause, "an exception is swallowed: handle it, or catch the one that is expected and say why nothing is to be done");

    private static bool IsNarrow(CatchClauseSyntax clause) =>
        clause.Filter is not null || clause.Declaration?.Type.ToString().Split('.')[^1] is not (null or "Exception");

    private static bool SaysWhy(CatchClauseSyntax clause) =>
        clause.Block.DescendantTrivia().Any(trivia => trivia.IsKind(SyntaxKind.SingleLineCommentTrivia) || trivia.IsKind(SyntaxKind.MultiLineCommentTrivia));
}
